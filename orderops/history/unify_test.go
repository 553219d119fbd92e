package history

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// counts are the quantities of an order's only product line.
type counts struct{ ordered, canceled, fulfilled, returning, returned int64 }

func summaryOf(c counts, arrived bool) somclient.OrderSummary {
	d := decimal.NewFromInt
	var s somclient.OrderSummary
	s.Items.Records = []somclient.OrderItemSummary{
		{
			TypeCode: "Product", QuantityOrdered: d(c.ordered), QuantityCanceled: d(c.canceled), QuantityFulfilled: d(c.fulfilled),
			QuantityReturnInitiated: d(c.returning), QuantityReturned: d(c.returned),
		},
		{TypeCode: "Charge", QuantityOrdered: d(1)},
	}
	var f somclient.FulfillmentOrder
	p := somclient.Shipment{Status: "Shipped"}
	if arrived {
		p.ActualDeliveryDate = somclient.Time{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	}
	f.Shipments.Records = []somclient.Shipment{p, {Status: "Voided"}}
	s.FulfillmentOrders.Records = []somclient.FulfillmentOrder{f}
	return s
}

func TestUnifiedStatusFollowsTheQuantities(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		counts  counts
		arrived bool
		want    orderops.Status
		partly  bool
		cancel  bool
	}{
		{"nothing happened yet", counts{ordered: 3}, false, orderops.StatusConfirmed, false, true},
		{"some cancelled", counts{ordered: 3, canceled: 1}, false, orderops.StatusConfirmed, true, true},
		{"all cancelled", counts{ordered: 3, canceled: 3}, false, orderops.StatusCancelled, false, false},
		{"some shipped", counts{ordered: 3, fulfilled: 1}, false, orderops.StatusPartiallyShipped, false, true},
		{"rest cancelled after a shipment", counts{ordered: 3, canceled: 2, fulfilled: 1}, false, orderops.StatusShipped, true, false},
		{"all shipped", counts{ordered: 3, fulfilled: 3}, false, orderops.StatusShipped, false, false},
		{"all arrived", counts{ordered: 3, fulfilled: 3}, true, orderops.StatusDelivered, false, false},
		{"return announced", counts{ordered: 3, fulfilled: 3, returning: 1}, true, orderops.StatusReturnRequested, false, false},
		{"some returned", counts{ordered: 3, fulfilled: 3, returning: 1, returned: 1}, true, orderops.StatusPartiallyReturned, false, false},
		{"all returned", counts{ordered: 3, fulfilled: 3, returning: 3, returned: 3}, true, orderops.StatusReturned, false, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := view{
				summary: summaryOf(tc.counts, tc.arrived), commerce: b2cclient.Order{Status: "open"}, offered: []orderops.Action{orderops.ActionCancel},
			}.describe(time.Time{})
			if got.UnifiedStatus != tc.want || got.PartlyCancelled != tc.partly || (len(got.AllowedActions) == 1) != tc.cancel {
				t.Errorf("%s, partly %t, actions %v; want %s, %t, cancel %t", got.UnifiedStatus, got.PartlyCancelled, got.AllowedActions, tc.want, tc.partly, tc.cancel)
			}
		})
	}
}

func TestWithoutOrderManagementCommerceHasToDo(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]orderops.Status{
		"created": orderops.StatusPending, "failed": orderops.StatusFailed, "replaced": orderops.StatusReplaced,
		"cancelled": orderops.StatusCancelled, "new": orderops.StatusConfirmed, "open": orderops.StatusConfirmed,
	} {
		if got := unify(b2cclient.Order{Status: status}, nil); got != want {
			t.Errorf("%s is %s, want %s", status, got, want)
		}
	}
	if got := unify(b2cclient.Order{Status: "open", ShippingStatus: "part_shipped"}, nil); got != orderops.StatusPartiallyShipped {
		t.Errorf("part_shipped is %s", got)
	}
	// What only commerce knows wins over order management.
	if got := unify(b2cclient.Order{Status: "replaced"}, &SOMOrder{UnifiedStatus: orderops.StatusCancelled}); got != orderops.StatusReplaced {
		t.Errorf("replaced and cancelled is %s, want replaced", got)
	}
}
