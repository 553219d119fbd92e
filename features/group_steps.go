package features

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"
)

func (w *world) groupSteps() []step {
	return []step{
		{then, `^the delivery fee comes back$`, w.feeComesBack},
		{then, `^the delivery fee is still to be paid$`, w.feeStays},
		{then, `^order management has noted that the delivery fee was given back$`, w.feeNoted},
		{then, `^the shopper sees in the (storefront|app) that the order is (confirmed|partly shipped|cancelled), and (a part of it|nothing else) was cancelled$`, w.seesStatus},
	}
}

// fees is what the charges of an order come to.
func (s orderSummary) fees() decimal.Decimal {
	sum := decimal.Zero
	for _, l := range s.Lines.Records {
		if l.TypeCode != "Product" {
			sum = sum.Add(l.Total)
		}
	}
	return sum
}

func (w *world) feeComesBack(ctx context.Context) error {
	now, err := w.now(ctx)
	if err == nil && (!w.before.summary.fees().IsPositive() || !now.summary.fees().IsZero()) {
		err = fmt.Errorf("the fee was %s and is %s", w.before.summary.fees(), now.summary.fees())
	}
	return err
}

func (w *world) feeStays(ctx context.Context) error {
	now, err := w.now(ctx)
	if err == nil && (!w.before.summary.fees().IsPositive() || !now.summary.fees().Equal(w.before.summary.fees())) {
		err = fmt.Errorf("the fee was %s and is %s", w.before.summary.fees(), now.summary.fees())
	}
	return err
}

// feeNoted finds the change record of the fee: a change of its price, of no units.
func (w *world) feeNoted(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	noted := 0
	for _, c := range now.summary.Changes.Records {
		if c.ChangeType == "DeliveryChargeAdjustment" && c.Item.Quantity.IsZero() {
			noted++
		}
	}
	if noted != 1 {
		return fmt.Errorf("order management has %d records of it among %+v", noted, now.summary.Changes.Records)
	}
	return nil
}

// seesStatus reads the order in a channel. The app says the status itself; both say it within what order management knows.
func (w *world) seesStatus(ctx context.Context, where, status, what string) error {
	got := w.shopper.look(ctx, channelOf(where), w.orderNo)
	if got.lost != nil || got.status != http.StatusOK {
		return fmt.Errorf("the order is not shown: %s", got)
	}
	type order struct {
		Status  string `json:"unifiedStatus"`
		Partial bool   `json:"partiallyCancelled"`
	}
	var document struct {
		App        order `json:"som_order"`
		Storefront order `json:"c_somOrder"`
	}
	if err := json.Unmarshal(got.body, &document); err != nil {
		return err
	}
	shown := document.App
	if channelOf(where) == storefront {
		shown = document.Storefront
	}
	want := map[string]string{"confirmed": "confirmed", "partly shipped": "partially_shipped", "cancelled": "cancelled"}[status]
	if shown.Status != want || shown.Partial != (what == "a part of it") {
		return fmt.Errorf("the order is shown as %+v", shown)
	}
	return nil
}
