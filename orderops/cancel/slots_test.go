package cancel

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// mixed is an order with a lamp that is delivered and a vase that is collected, each with a slot of its own.
type mixed struct {
	*world
	released []string
	bookings []slotsclient.Booking
}

const (
	lampID = "10u000000000002AAA"
	vaseID = "10u000000000003AAA"
)

func newMixed() *mixed {
	m := &mixed{world: newWorld()}
	for _, kind := range []string{slotsclient.Delivery, slotsclient.Pickup} {
		m.bookings = append(m.bookings, slotsclient.Booking{
			BookingID: "bk-" + kind, Status: slotsclient.Booked, Slot: slotsclient.Slot{Type: kind, End: start.Add(24 * time.Hour)},
		})
	}
	return m
}

func (m *mixed) Orders(ctx context.Context, numbers []string) (somclient.Page, error) {
	page, err := m.world.Orders(ctx, numbers)
	if err != nil {
		return page, err
	}
	d := decimal.NewFromInt
	o := &page.Orders[0]
	o.FulfillmentOrders.Records, o.GrandTotalAmount = nil, d(30)
	o.Items.Records = nil
	for id, group := range map[string]string{lampID: "0agD", vaseID: "0agP"} {
		o.Items.Records = append(o.Items.Records, somclient.OrderItemSummary{
			ID: id, ProductCode: id, TypeCode: "Product", OrderDeliveryGroupSummaryID: group, Quantity: d(1), QuantityOrdered: d(1),
			QuantityAvailableToCancel: d(1), TotalAmtWithTax: d(10),
		})
	}
	page.DeliveryMethods = map[string]string{"0agD": "Home delivery", "0agP": "Store Pickup"}
	return page, nil
}

func (m *mixed) SubmitCancel(context.Context, string, []somclient.ChangeItem) (somclient.Change, error) {
	return somclient.Change{ChangeOrderID: "801C", GrandTotalAmount: decimal.NewFromInt(10)}, nil
}

func (m *mixed) PreviewCancel(context.Context, string, []somclient.ChangeItem) (somclient.Change, error) {
	return somclient.Change{GrandTotalAmount: decimal.NewFromInt(10)}, nil
}

func (m *mixed) Bookings(context.Context, string) ([]slotsclient.Booking, error) {
	return slices.Clone(m.bookings), m.call("slots.read", nil)
}

func (m *mixed) Release(_ context.Context, id string) error {
	m.released = append(m.released, id)
	return nil
}

// TestMixedOrderReleasesTheSlotOfItsGroup cancels one group, or all, of an order that is delivered and collected.
func TestMixedOrderReleasesTheSlotOfItsGroup(t *testing.T) {
	t.Parallel()
	past := start.Add(-time.Hour)
	cases := []struct {
		name    string
		request orderops.CancelRequest
		world   func(m *mixed)
		want    []string
		refused orderops.Code
	}{
		{"the delivered one", orderops.CancelRequest{Items: items(lampID, "1")}, nil, []string{"bk-delivery"}, ""},
		{"the collected one", orderops.CancelRequest{Items: items(vaseID, "1")}, nil, []string{"bk-pickup"}, ""},
		{"both", orderops.CancelRequest{}, nil, []string{"bk-delivery", "bk-pickup"}, ""},
		{"the cut-off of the other group does not matter", orderops.CancelRequest{Items: items(lampID, "1")}, func(m *mixed) {
			m.bookings[1].Slot.CutoffAt = &past
		}, []string{"bk-delivery"}, ""},
		{"its own cut-off does", orderops.CancelRequest{Items: items(vaseID, "1")}, func(m *mixed) {
			m.bookings[1].Slot.CutoffAt = &past
		}, nil, orderops.CutoffPassed},
		{"the bookings could not be read at first", orderops.CancelRequest{Items: items(vaseID, "1")}, func(m *mixed) {
			m.faults["slots.read#1"] = fault{class: remote.Unavailable}
		}, []string{"bk-pickup"}, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := newMixed()
			if tc.world != nil {
				tc.world(m)
			}
			c, row := m.cancels(), rowOf(t, tc.request)
			c.SOM, c.Systems.Slots = m, m
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			commandtest.Settle(t, c, row, &result, nil)
			if diff := cmp.Diff(tc.want, m.released); diff != "" {
				t.Errorf("released (-want +got):\n%s%s", diff, outcome(result))
			}
			if refusal := result.Answer.Refusal; tc.refused != "" && (refusal == nil || refusal.Code != tc.refused) {
				t.Errorf("ended %s, want %s", outcome(result), tc.refused)
			}
		})
	}
}
