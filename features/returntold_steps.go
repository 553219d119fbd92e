package features

import (
	"context"
	"fmt"
)

// returnAnswerSteps are about what a shopper is told of a return.
func (w *world) returnAnswerSteps() []step {
	return []step{
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

func (w *world) toldLeftOut(product string) error {
	got, err := w.theReturn()
	if err != nil {
		return err
	}
	if len(got.LeftOut) != 1 || got.LeftOut[0].ProductCode != product {
		return fmt.Errorf("left out are %+v", got.LeftOut)
	}
	return nil
}
