package som

import (
	"testing"
)

func TestStatusFollowsTheFirstRuleThatHolds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name                                        string
		ord, canc, alloc, ful, retInit, ret, reship string
		want                                        OrderItemSummaryStatus
	}{
		{"rule 1 all fulfilled units are on their way back", "2", "0", "2", "2", "2", "0", "0", ItemReturnInitiated},
		{"rule 1 some of the returned ones have arrived", "2", "0", "2", "2", "2", "1", "0", ItemReturnInitiated},
		{"rule 1 does not fire when nothing was ever fulfilled", "2", "0", "0", "0", "0", "0", "0", ItemOrdered},
		{"rule 2 everything was sent again", "2", "0", "2", "2", "0", "0", "2", ItemReshipped},
		{"rule 3 everything came back", "2", "0", "2", "2", "2", "2", "0", ItemReturned},
		{"rule 3 wins over 4 when the rest was cancelled", "3", "1", "2", "2", "2", "2", "0", ItemReturned},
		{"rule 4 everything was cancelled", "2", "2", "0", "0", "0", "0", "0", ItemCanceled},
		{"rule 5 everything was fulfilled", "2", "0", "2", "2", "0", "0", "0", ItemFulfilled},
		{"rule 5 the rest was cancelled", "3", "1", "2", "2", "0", "0", "0", ItemFulfilled},
		{"rule 5 one of two was returned", "2", "0", "2", "2", "1", "1", "0", ItemFulfilled},
		{"rule 6 some were fulfilled", "3", "0", "3", "1", "0", "0", "0", ItemPartiallyFulfilled},
		{"rule 7 all are allocated", "2", "0", "2", "0", "0", "0", "0", ItemAllocated},
		{"rule 7 all that were not cancelled are allocated", "3", "1", "2", "0", "0", "0", "0", ItemAllocated},
		{"rule 8 some are allocated", "3", "0", "1", "0", "0", "0", "0", ItemPartiallyAllocated},
		{"rule 9 otherwise", "3", "1", "0", "0", "0", "0", "0", ItemOrdered},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			q := quantities{dec(tc.ord), dec(tc.canc), dec(tc.alloc), dec(tc.ful), dec(tc.retInit), dec(tc.ret), dec(tc.reship)}
			if got := q.status(); got != tc.want {
				t.Errorf("status %s, want %s", got, tc.want)
			}
		})
	}
}

func TestEveryStatusIsInThePicklist(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	for _, rule := range statusRules() {
		if _, ok := o.picklistValue(objOrderItemSummary, "Status", string(rule.status)); !ok {
			t.Errorf("%s is not in the picklist", rule.status)
		}
	}
}
