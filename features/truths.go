package features

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
)

// truth is what must hold of every order between the systems once nothing is owed any more, whatever a scenario was
// about. It returns what contradicts it.
type truth struct {
	about string
	// excused names the effect that may still be pending while the truth does not hold yet.
	excused string
	check   func(s snapshot) error
}

func truths() []truth {
	return []truth{
		{"quantities of a line add up", "", quantitiesAddUp},
		{"cancelled units are on record", "", cancelsOnRecord},
		{"the shopper's money is what the order is worth", "worldline", moneyFits},
		{"a booking stands exactly as long as its order", "slots", bookingFits},
		{"shop and order management agree on what is cancelled", "b2c", shopAgrees},
	}
}

// checkTruths holds every order of the sandbox against every truth, and every answer against what came after it.
func (w *world) checkTruths(ctx context.Context) error {
	excused, problems := w.promises(ctx)
	all, err := w.auditor.orders(ctx, "")
	if err != nil {
		return err
	}
	for _, s := range all {
		for _, t := range truths() {
			if s.summary.OrderNumber == w.orderNo && excused[t.excused] {
				continue
			}
			if err := t.check(s); err != nil {
				problems = append(problems, fmt.Errorf("order %s: %s: %w", s.summary.OrderNumber, t.about, err))
			}
		}
	}
	happened, err := w.control.journal(ctx, 0)
	problems = append(problems, err)
	for _, e := range happened {
		if e.Bug != "" {
			problems = append(problems, fmt.Errorf("the simulator was wrong in %s: %s", e.Operation, e.Bug))
		}
	}
	return errors.Join(problems...)
}

// promises asks again about everything that the shopper was told: what was done stays done and what was promised stays
// promised. It returns the systems in which an effect is still owed, or was given up, and the shopper knows.
func (w *world) promises(ctx context.Context) (excused map[string]bool, problems []error) {
	excused = map[string]bool{}
	for _, told := range w.answers {
		if told.operationID == "" {
			continue
		}
		final := w.shopper.follow(ctx, told.operationID)
		if !final.settled() {
			problems = append(problems, fmt.Errorf("what the shopper asked for is still not settled: %s", final))
		}
		problems = append(problems, contradiction(told, final))
		for _, e := range final.effects {
			if e.State == "pending" || e.State == "failed" {
				excused[e.System] = true
			}
		}
	}
	return excused, problems
}

func contradiction(told, final answer) error {
	if !told.done() {
		return nil
	}
	if !final.done() || !final.cancellation.Refund.Equal(told.cancellation.Refund) || len(final.cancellation.Items) != len(told.cancellation.Items) {
		return fmt.Errorf("the shopper was told %s and later %s", told, final)
	}
	for i, e := range told.effects {
		if e.State != "pending" && (i >= len(final.effects) || final.effects[i].State != e.State) {
			return fmt.Errorf("the shopper was told %q and later %q", effectLines(told.effects), effectLines(final.effects))
		}
	}
	return nil
}

// quantitiesAddUp: no counter is negative, and none is larger than the one it is a part of.
func quantitiesAddUp(s snapshot) error {
	for _, l := range s.summary.Lines.Records {
		parts := []decimal.Decimal{
			l.Canceled, l.Returned, l.ReturnInitiated.Sub(l.Returned), l.Fulfilled.Sub(l.ReturnInitiated), l.Allocated.Sub(l.Fulfilled),
			l.Ordered.Sub(l.Canceled).Sub(l.Allocated),
		}
		for _, part := range parts {
			if part.IsNegative() {
				return fmt.Errorf("line %s: %+v", l.ID, l)
			}
		}
		if !l.Ordered.Equal(l.Canceled.Add(l.Net)) || !l.Free.Equal(l.Ordered.Sub(l.Canceled).Sub(l.Allocated)) {
			return fmt.Errorf("line %s: %+v", l.ID, l)
		}
		if held := s.summary.atWarehouse()[l.ID]; !held.Equal(l.Allocated) {
			return fmt.Errorf("line %s: %s units are allocated, warehouses have %s", l.ID, l.Allocated, held)
		}
	}
	return nil
}

// cancelsOnRecord: the change records of a line add up to what was cancelled of it.
func cancelsOnRecord(s snapshot) error {
	records := s.summary.cancelRecords(orderSummary{})
	for _, l := range s.summary.products() {
		sum := decimal.Zero
		for _, c := range records[l.ID] {
			sum = sum.Add(c.Item.Quantity.Abs())
		}
		if !sum.Equal(l.Canceled) {
			return fmt.Errorf("line %s: %s units are cancelled, %s are on record", l.ID, l.Canceled, sum)
		}
	}
	return nil
}

// moneyFits: what is authorised and open, and what was taken and kept, is what the order is worth.
func moneyFits(s snapshot) error {
	var money int64
	for _, p := range s.payments {
		money += p.open() + p.kept()
	}
	if worth := cents(s.summary.Grand); money != worth {
		return fmt.Errorf("%d are authorised or kept, the order is worth %d", money, worth)
	}
	return nil
}

func bookingFits(s snapshot) error {
	for _, b := range s.bookings {
		if b.released() != s.summary.cancelled() {
			return fmt.Errorf("booking %s is %s", b.ID, b.Status)
		}
	}
	return nil
}

func shopAgrees(s snapshot) error {
	if (s.shop.Status == shopCancelled) != s.summary.cancelled() {
		return fmt.Errorf("the shop says %s", s.shop.Status)
	}
	return nil
}
