package features

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"
)

// returnAnswerSteps are about what a shopper is told of a return.
func (w *world) returnAnswerSteps() []step {
	return []step{
		{then, `^the shopper is told that "([\d.]+)" comes? back for the goods$`, w.toldRefund},
		{then, `^the shopper is told that "([\d.]+)" comes? back and "([\d.]+)" (?:is|are) kept$`, w.toldRefundAndFee},
		{then, `^the shopper is told to send the goods back, for "([\d.]+)"$`, w.toldToSend},
		{then, `^the shopper is told that "([^"]+)" was left out$`, w.toldLeftOut},
		{then, `^the shopper sees in the (storefront|app|web app) that "([^"]+)" is not taken back, and why$`, w.seesNotTakenBack},
	}
}

// theReturn is the latest answer, if it is one about a return.
func (w *world) theReturn() (*returned, error) {
	got, err := w.latest()
	if err != nil {
		return nil, err
	}
	if got.returned == nil {
		return nil, fmt.Errorf("no return: %s", got)
	}
	return got.returned, nil
}

func (w *world) toldRefund(_ context.Context, refund string) error {
	return w.toldRefundAndFee(context.Background(), refund, "0")
}

func (w *world) toldRefundAndFee(_ context.Context, refund, fee string) error {
	got, err := w.theReturn()
	if err != nil {
		return err
	}
	if got.Refund.String() != decimal.RequireFromString(refund).String() || !got.Fee.Equal(decimal.RequireFromString(fee)) {
		return fmt.Errorf("told of %s and a fee of %s", got.Refund, got.Fee)
	}
	return nil
}

func (w *world) toldToSend(ctx context.Context, refund string) error {
	got, err := w.theReturn()
	if err != nil {
		return err
	}
	if got.Mode != "rma" || len(got.Effects) != 1 || got.Effects[0].State != "pending" {
		return fmt.Errorf("told of a return %s with %v", got.Mode, got.Effects)
	}
	return w.toldRefund(ctx, refund)
}

// seesNotTakenBack is about a line that may never come back, however many units were handed over.
func (w *world) seesNotTakenBack(ctx context.Context, where, product string) error {
	shown, err := w.returnsOf(ctx, where, product)
	if err == nil && (shown.Returnable || shown.Why != "not_returnable" || shown.Reason != madeToOrder || !shown.Quantity.IsZero() || shown.By != nil) {
		err = fmt.Errorf("shown is %+v", shown)
	}
	return err
}

// madeToOrder is why policies.yaml has goods that nobody takes back.
const madeToOrder = "Made to order"

func (w *world) toldLeftOut(_ context.Context, product string) error {
	got, err := w.theReturn()
	if err != nil {
		return err
	}
	if len(got.LeftOut) != 1 || got.LeftOut[0].ProductCode != product {
		return fmt.Errorf("left out are %+v", got.LeftOut)
	}
	return nil
}
