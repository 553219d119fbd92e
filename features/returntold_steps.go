package features

import (
	"fmt"
)

// returnAnswerSteps are about what a shopper is told of a return.
func (w *world) returnAnswerSteps() []step {
	return []step{}
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

// notTakenBack is about a line that may never come back, however many units were handed over.
func notTakenBack(shown returnBy) error {
	if shown.Returnable || shown.Why != "not_returnable" || shown.Reason != madeToOrder || !shown.Quantity.IsZero() || shown.By != nil {
		return fmt.Errorf("shown is %+v", shown)
	}
	return nil
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
