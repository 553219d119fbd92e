package cancel

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/settle"
)

// What becomes of codes: they come back with the whole order, stay used with a part of it, and are a person's business where
// the site, or the reason, has them stay used all the same.
func TestTheCodesOfAnOrder(t *testing.T) {
	t.Parallel()
	burn := func(p *Policy) {
		p.Coupons = settle.BySite[orderops.CouponPolicy]{settle.AllSites: orderops.BurnCoupons}
	}
	for _, tc := range []struct {
		name    string
		policy  func(p *Policy)
		in      Input
		outcome string
		items   int
	}{
		{"the whole order", nil, Input{}, orderops.CouponRestored, 0},
		{"a part of it", nil, Input{Request: orderops.CancelRequest{Items: items(lineID, "1")}}, orderops.CouponKept, 0},
		{"another order takes its place", nil, Input{KeepSlots: true}, orderops.CouponKept, 0},
		{"the site burns codes", burn, Input{}, orderops.CouponBurned, 2},
		{"the site burns codes, a part", burn, Input{Request: orderops.CancelRequest{Items: items(lineID, "1")}}, orderops.CouponKept, 0},
		{
			"the reason burns codes", func(p *Policy) { p.BurnFor = []string{"duplicate_order"} },
			Input{Request: orderops.CancelRequest{ReasonCode: "duplicate_order"}},
			orderops.CouponBurned, 2,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			c := w.cancels()
			if tc.policy != nil {
				tc.policy(&c.Policy)
			}
			tc.in.Coupons, tc.in.Currency, tc.in.CommerceStatus = []string{"ONCE", "TWICE"}, "EUR", "open"
			result := runInput(t, c, tc.in)
			if result.State != command.Succeeded {
				t.Fatalf("ended %s %v", result.State, result.Answer.Refusal)
			}
			want := []orderops.CouponOutcome{{Code: "ONCE", Outcome: tc.outcome}, {Code: "TWICE", Outcome: tc.outcome}}
			if diff := cmp.Diff(want, result.Answer.Cancellation.Coupons); diff != "" {
				t.Error(diff)
			}
			burned := 0
			for _, item := range result.WorkItems {
				if item.Entity == "b2c:burn_coupon:ONCE" || item.Entity == "b2c:burn_coupon:TWICE" {
					burned++
				}
			}
			if burned != tc.items {
				t.Errorf("a person gets %+v", result.WorkItems)
			}
		})
	}
}
