package features

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// returnAnswerSteps are about what a shopper is told of a return.
func (w *world) returnAnswerSteps() []step {
	return []step{
		{then, `^the shopper is told that "([\d.]+)" comes? back for the goods$`, w.toldRefund},
		{then, `^the shopper is told that "([\d.]+)" comes? back and "([\d.]+)" (?:is|are) kept$`, w.toldRefundAndFee},
		{then, `^the shopper is told that it would be "([\d.]+)", and not "([\d.]+)"$`, w.toldOtherAmount},
		{then, `^the shopper is told to send the goods back, for "([\d.]+)"$`, w.toldToSend},
		{then, `^the shopper is told that the time for returning ended at "([^"]+)"$`, w.toldWindowClosed},
		{then, `^the shopper is told that the time for returning ended at "([^"]+)" in "([^"]+)"$`, w.toldWindowClosedIn},
		{then, `^the shopper is told that "([^"]+)" is not taken back, and why$`, w.toldNotTakenBack},
		{then, `^the shopper is told that "([^"]+)" was left out$`, w.toldLeftOut},
		{then, `^the shopper is told that so many units of "([^"]+)" cannot be returned$`, w.toldTooManyBack},
		{then, `^the shopper is told that cancelling was possible until "([^"]+)"$`, w.toldCutoffAt},
		{then, `^the shopper is told that the order is still on its way, and to try again$`, w.toldOnItsWay},
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

// returnRefused is the latest answer, if it is a refusal with the code.
func (w *world) returnRefused(code string) (answer, error) {
	got, err := w.latest()
	if err == nil && got.code != code {
		err = fmt.Errorf("told %s", got)
	}
	return got, err
}

func (w *world) toldWindowClosed(_ context.Context, until string) error {
	got, err := w.returnRefused("RETURN_WINDOW_CLOSED")
	if err == nil && got.refused.ReturnBy != until {
		err = fmt.Errorf("told until %s", got.refused.ReturnBy)
	}
	return err
}

// toldWindowClosedIn compares the instant, and that it is told by the clocks of the city.
func (w *world) toldWindowClosedIn(_ context.Context, text, city string) error {
	want, err := shownAt(text, city)
	if err != nil {
		return err
	}
	got, err := w.returnRefused("RETURN_WINDOW_CLOSED")
	if err != nil {
		return err
	}
	told, err := time.Parse(time.RFC3339, got.refused.ReturnBy)
	if err == nil && told.Format(time.RFC3339Nano) != want.Format(time.RFC3339Nano) {
		err = fmt.Errorf("told until %s", got.refused.ReturnBy)
	}
	return err
}

// toldOtherAmount is about a refund that the shopper expected otherwise.
func (w *world) toldOtherAmount(_ context.Context, actual, expected string) error {
	got, err := w.returnRefused("AMOUNT_CHANGED")
	if err != nil {
		return err
	}
	if r := got.refused; !r.ActualRefund.Equal(decimal.RequireFromString(actual)) || !r.ExpectedRefund.Equal(decimal.RequireFromString(expected)) {
		err = fmt.Errorf("told of %s instead of %s", r.ActualRefund, r.ExpectedRefund)
	}
	return err
}

// seesNotTakenBack is about a line that may never come back, however many units were handed over.
func (w *world) seesNotTakenBack(ctx context.Context, where, product string) error {
	shown, err := w.returnsOf(ctx, where, product)
	if err == nil && (shown.Returnable || shown.Why != "not_returnable" || shown.Reason != madeToOrder || !shown.Quantity.IsZero() || shown.By != nil) {
		err = fmt.Errorf("shown is %+v", shown)
	}
	return err
}

func (w *world) toldCutoffAt(_ context.Context, until string) error {
	got, err := w.returnRefused("CUTOFF_PASSED")
	if err == nil && got.refused.CutoffAt != until {
		err = fmt.Errorf("told until %s", got.refused.CutoffAt)
	}
	return err
}

func (w *world) toldOnItsWay(context.Context) error {
	got, err := w.returnRefused("ORDER_NOT_YET_IN_OMS")
	if err == nil && !got.retriable {
		err = fmt.Errorf("told %s", got)
	}
	return err
}

// madeToOrder is why policies.yaml has goods that nobody takes back.
const madeToOrder = "Made to order"

func (w *world) toldNotTakenBack(_ context.Context, product string) error {
	got, err := w.returnRefused("NOT_RETURNABLE")
	if err != nil {
		return err
	}
	for _, l := range got.refused.NotReturned {
		if l.ProductCode == product && l.Why == "not_returnable" && l.Reason == madeToOrder {
			return nil
		}
	}
	return fmt.Errorf("told %s", got)
}

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

func (w *world) toldTooManyBack(_ context.Context, product string) error {
	got, err := w.returnRefused("RETURN_QUANTITY_EXCEEDED")
	if err != nil {
		return err
	}
	for _, l := range w.before.summary.products() {
		if l.ProductCode == product && strings.Join(got.refused.Items, "") == l.ID {
			return nil
		}
	}
	return fmt.Errorf("told of %v", got.refused.Items)
}
