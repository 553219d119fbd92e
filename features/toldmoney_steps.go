package features

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"
)

// terms are on what terms an amount comes back, by the words of scenarios.
func terms() map[string]func(answer) bool {
	return map[string]func(answer) bool{
		"once the goods have arrived": func(got answer) bool {
			return got.returned != nil && got.returned.Mode == "rma" && len(got.effects) == 1 && got.effects[0].State == "pending"
		},
		"and that what stays keeps its price": func(got answer) bool {
			return got.cancellation != nil && len(got.cancellation.Warnings) == 1 && got.cancellation.Warnings[0].Code == "PRICE_KEPT"
		},
	}
}

// toldComesBack makes sure of what comes back for cancelled or returned units, of what is kept of it and of what comes back
// beside it that was kept before.
func (w *world) toldComesBack(_ context.Context, amount, kept, before, on string) error {
	got, err := w.latest()
	if err != nil {
		return err
	}
	if on != "" && !terms()[on](got) {
		return fmt.Errorf("it comes back on other terms: %s, %+v, %+v", got, got.returned, got.cancellation)
	}
	refund := decimal.RequireFromString(amount)
	switch {
	case got.returned != nil:
		return got.returned.comesTo(refund, kept, before)
	case got.cancellation != nil:
		return got.cancellation.comesTo(refund, kept, before)
	default:
		return fmt.Errorf("the answer is %s", got)
	}
}

// part is an amount that a sentence may leave out.
func part(amount string) decimal.Decimal {
	if amount == "" {
		return decimal.Zero
	}
	return decimal.RequireFromString(amount)
}

func (r returned) comesTo(refund decimal.Decimal, fee, before string) error {
	if !r.Refund.Equal(refund) || !r.Fee.Equal(part(fee)) || before != "" {
		return fmt.Errorf("told of %s and a fee of %s", r.Refund, r.Fee)
	}
	return nil
}

// comesTo compares what is done about lost promotions too: nothing is said of it where nothing is.
func (c cancellation) comesTo(refund decimal.Decimal, kept, before string) error {
	if !c.Refund.Equal(refund) || (c.Repriced != nil) != (kept != "" || before != "") {
		return fmt.Errorf("told of %s and of %+v", c.Refund, c.Repriced)
	}
	want := repricing{refund.Add(part(kept)).Sub(part(before)), part(kept), part(before)}
	if got := c.Repriced; got != nil && (!got.Worth.Equal(want.Worth) || !got.Kept.Equal(want.Kept) || !got.GivenBack.Equal(want.GivenBack)) {
		return fmt.Errorf("told of %s and of %+v", c.Refund, *got)
	}
	return nil
}
