package confirm

import (
	"slices"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
)

// A code that the old order has used up is freed right before the new order is placed, and used by the old order again
// where there is none.
func TestTheCodesOfTheOldOrder(t *testing.T) {
	t.Parallel()
	down := fault{class: remote.Unavailable, code: "DOWN", status: 503}
	for name, tc := range map[string]struct {
		codes   []string
		arrange func(w *world)
		in      Input
		inShop  string
		ends    orderops.Code
		calls   int
		due     int
		items   int
	}{
		"go over": {codes: []string{"ONCE"}, in: byBasket(), inShop: "cancelled", calls: 1},
		"go over from a basket that was ordered in vain": {
			codes: []string{"ONCE"}, in: byBasket(), arrange: func(w *world) { w.stale = true }, inShop: "cancelled", calls: 1,
		},
		"the basket was ordered in vain, and the payment is declined again": {
			codes: []string{"ONCE"}, in: byBasket(), arrange: func(w *world) { w.stale, w.declined = true, true }, inShop: "open", ends: orderops.PaymentDeclined, calls: 2,
		},
		"there are none":                       {in: byBasket(), inShop: ""},
		"the new order was placed in checkout": {codes: []string{"ONCE"}, in: byOrder(), arrange: func(w *world) { w.order("new") }, inShop: ""},
		"the payment is declined": {
			codes: []string{"ONCE"}, in: byBasket(), arrange: func(w *world) { w.declined = true }, inShop: "open", ends: orderops.PaymentDeclined, calls: 2,
		},
		"commerce refuses the basket": {
			codes: []string{"ONCE"}, in: byBasket(), inShop: "open", ends: orderops.BasketIncomplete, calls: 2,
			arrange: func(w *world) { w.faults["b2c.submit"] = fault{class: remote.Rejected, code: "NO", status: 400} },
		},
		"the old order cannot be brought back now": {
			codes: []string{"ONCE"}, in: byBasket(), inShop: "cancelled", ends: orderops.PaymentDeclined, calls: 2, due: 1,
			arrange: func(w *world) { w.declined = true; w.faults["b2c.setStatus#2"] = down },
		},
		"the old order cannot be brought back at all": {
			codes: []string{"ONCE"}, in: byBasket(), inShop: "cancelled", ends: orderops.PaymentDeclined, calls: 2, items: 1,
			arrange: func(w *world) {
				w.declined = true
				w.faults["b2c.setStatus#2"] = fault{class: remote.Rejected, code: b2cclient.CouponRefused, status: 400}
			},
		},
		"the new order still has them, and cannot be failed now": {
			codes: []string{"ONCE"}, in: byBasket(), inShop: "cancelled", ends: orderops.PaymentDeclined, calls: 2, due: 1,
			arrange: func(w *world) {
				w.declined, w.faults["b2c.fail"] = true, down
				w.faults["b2c.setStatus#2"] = fault{class: remote.Rejected, code: b2cclient.CouponRefused, status: 400}
			},
		},
		"commerce is away": {
			codes: []string{"ONCE"}, in: byBasket(), inShop: "", ends: orderops.UpstreamError, calls: 1,
			arrange: func(w *world) { w.faults["b2c.setStatus"] = down },
		},
		"commerce does not say": {
			codes: []string{"ONCE"}, in: byBasket(), inShop: "open", ends: orderops.UpstreamTimeout, calls: 2,
			arrange: func(w *world) { w.faults["b2c.setStatus#1"] = fault{class: remote.Ambiguous, happened: true} },
		},
		"commerce keeps them with the old order": {
			codes: []string{"ONCE"}, in: byBasket(), inShop: "", calls: 1,
			arrange: func(w *world) { w.faults["b2c.setStatus"] = fault{class: remote.Rejected, code: "NO", status: 400} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.codes = tc.codes
			if tc.arrange != nil {
				tc.arrange(w)
			}
			_, result := w.confirm(t, tc.in)
			var code orderops.Code
			if result.Answer.Refusal != nil {
				code = result.Answer.Refusal.Code
			}
			if code != tc.ends || w.inShop != tc.inShop || w.counts["b2c.setStatus"] != tc.calls {
				t.Errorf("ended %q, the old order %q in commerce after %d calls (%v)", code, w.inShop, w.counts["b2c.setStatus"], w.calls)
			}
			if len(result.WorkItems) != tc.items || tc.due != len(slices.DeleteFunc(result.Due, func(d command.Due) bool { return d.Kind != kindCodes })) {
				t.Errorf("owed %+v, to look after %+v", result.Due, result.WorkItems)
			}
		})
	}
}
