package readback

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// The change orders of a change whose answer was lost are told apart from that of the fee for it, and from what others did.
func TestChangeOrdersOfAChange(t *testing.T) {
	t.Parallel()
	const me, somebody = "005me", "005other"
	asked := Asked{Units: map[string]decimal.Decimal{"shirt": decimal.NewFromInt(1)}, Me: me}
	before := []Change{{ID: "1", LineID: "shirt", By: me, OrderID: "801old"}}
	for name, tc := range map[string]struct {
		now           []Change
		changes, fees []string
	}{
		"the units alone":                  {now: []Change{{ID: "2", LineID: "shirt", By: me, OrderID: "801"}}, changes: []string{"801"}},
		"with a fee":                       {now: []Change{{ID: "2", LineID: "shirt", By: me, OrderID: "801"}, {ID: "3", LineID: "fee", By: me, OrderID: "802"}}, changes: []string{"801"}, fees: []string{"802"}},
		"with the delivery, read first":    {now: []Change{{ID: "3", LineID: "delivery", By: me, OrderID: "801"}, {ID: "2", LineID: "shirt", By: me, OrderID: "801"}}, changes: []string{"801"}},
		"with the delivery and a fee":      {now: []Change{{ID: "2", LineID: "shirt", By: me, OrderID: "801"}, {ID: "3", LineID: "delivery", By: me, OrderID: "801"}, {ID: "4", LineID: "fee", By: me, OrderID: "802"}}, changes: []string{"801"}, fees: []string{"802"}},
		"what somebody else did meanwhile": {now: []Change{{ID: "2", LineID: "shirt", By: somebody, OrderID: "803"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changes, fees := asked.Orders(before, append(before, tc.now...))
			if diff := cmp.Diff([][]string{tc.changes, tc.fees}, [][]string{changes, fees}); diff != "" {
				t.Error(diff)
			}
		})
	}
}
