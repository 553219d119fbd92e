package features

import (
	"context"
	"fmt"
	"reflect"

	"github.com/shopspring/decimal"
)

func (w *world) repriceSteps() []step {
	return []step{}
}

// lostProduct is what order-ops books on in order management what it keeps for lost promotions.
const lostProduct = "LOST-PROMOTION"

// repricing is what a cancel does about promotions that what stays loses.
type repricing struct {
	Worth     decimal.Decimal `json:"worth"`
	Kept      decimal.Decimal `json:"kept"`
	GivenBack decimal.Decimal `json:"given_back"`
}

// onlyPriced lets temporary baskets pass: two for each time that something was priced, each made and deleted.
func (w *world) onlyPriced(ctx context.Context) error {
	happened, err := w.since(ctx)
	if err != nil {
		return err
	}
	made := map[string]int{}
	for _, e := range happened.effective() {
		if made[e.Operation]++; e.Operation != "createBasket" && e.Operation != "deleteBasket" {
			return fmt.Errorf("changed since:\n%s", journal{e})
		}
	}
	if made["createBasket"] == 0 || made["createBasket"] != made["deleteBasket"] {
		return fmt.Errorf("baskets were made and deleted: %v", made)
	}
	now, err := w.now(ctx)
	if err == nil && !reflect.DeepEqual(w.before, now) {
		err = fmt.Errorf("the order was\n%+v\nand is\n%+v", w.before, now)
	}
	return err
}
