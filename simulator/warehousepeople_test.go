package simulator

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/warehouse"
)

func TestWhatPeopleHaveMovedIsLeftToThem(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.advance(time.Hour)
	m.patch(m.of("00000102", "FulfillmentOrder")[0], "Status", "Waiting Pickpack")
	m.patch(m.of("00000104", "Shipment")[0], "Status", "Voided")
	for range 4 {
		m.advance(day)
	}
	if diff := cmp.Diff([]string{"Waiting Pickpack"}, m.statuses("00000102", "FulfillmentOrder")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Voided"}, m.statuses("00000104", "Shipment")); diff != "" {
		t.Error(diff)
	}
	var why []string
	for _, l := range m.report().Left {
		why = append(why, l.OrderNumber+": "+l.Why)
	}
	slices.Sort(why)
	want := []string{
		"00000102: its status is Waiting Pickpack, the warehouse had left it at Assigned",
		"00000104: its status is Voided, the warehouse had left it at Shipped",
	}
	if diff := cmp.Diff(want, why); diff != "" {
		t.Error(diff)
	}
	m.switchTo() // on again: what was left stays left
	m.advance(2 * day)
	if diff := cmp.Diff([]string{"Waiting Pickpack"}, m.statuses("00000102", "FulfillmentOrder")); diff != "" {
		t.Error(diff)
	}
}

func TestStockThatPeopleTookStopsAParcel(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.do(func(tx *sandbox.Tx) error {
		return m.domains.OCI.Cancel(tx, m.domains.OCI.Reservations(tx, "00000141")[0].ID)
	})
	if _, err := m.world.Advance(t.Context(), 5*day); err != nil {
		t.Fatal(err)
	}
	left := m.report().Left
	if len(left) != 1 || left[0].OrderNumber != "00000141" || !strings.Contains(left[0].Why, "lacks 1 of UMBRELLA at WH-EAST") {
		t.Errorf("left %+v", left)
	}
	if diff := cmp.Diff([]string{"Pack Complete"}, m.statuses("00000141", "FulfillmentOrder")); diff != "" {
		t.Error(diff)
	}
}

func TestPeoplesFulfillmentOrdersAreWorkedOn(t *testing.T) {
	t.Parallel()
	m := newMill(t, func(s *warehouse.Settings) { s.Backordered = 100 })
	m.advance(time.Hour)
	m.do(func(tx *sandbox.Tx) error {
		location, _ := m.domains.SOM.LocationByReference(tx, "WH-WEST")
		item := m.item(tx, "00000112", "SOAP")
		_, err := m.domains.SOM.CreateFulfillmentOrders(tx, "", som.Allocation{
			OrderSummaryID: item.Text("OrderSummaryId"), OrderDeliveryGroupSummaryID: item.Text("OrderDeliveryGroupSummaryId"),
			Groups: []som.AllocatedGroup{{LocationID: location, Type: "warehouse", Items: []som.AllocatedItem{{OrderItemSummaryID: item.ID, Quantity: item.Decimal("QuantityOrdered")}}}},
		})
		return err
	})
	m.do(func(tx *sandbox.Tx) error { return m.toLocation(tx, "00000112", "SOAP", "WH-WEST") })
	m.advance(4 * day)
	if diff := cmp.Diff([]string{"Fulfilled", "Fulfilled"}, m.statuses("00000112", "FulfillmentOrder")); diff != "" {
		t.Error(diff)
	}
}

// item is the order item summary of a SKU of an order.
func (m *mill) item(tx *sandbox.Tx, number, sku string) *sobject.Record {
	m.t.Helper()
	for _, i := range m.domains.SOM.Rows(tx).Lookup("OrderItemSummary", "OrderSummaryId", m.summary(number).ID) {
		if i.Text("StockKeepingUnit") == sku {
			return i
		}
	}
	m.t.Fatalf("order %s has no %s", number, sku)
	return nil
}

func TestPeopleWorkInOpeningHours(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	m := newMill(t, func(s *warehouse.Settings) {
		s.Hours = &warehouse.Hours{From: 9 * time.Hour, Until: 17 * time.Hour, Days: []time.Weekday{time.Monday, time.Tuesday, time.Thursday}, Zone: zone.String()}
	})
	m.advance(15 * day)
	m.allArrived()
	for _, fo := range m.rows("FulfillmentOrder") {
		closed, ok := fo.Get("ClosedDate").(time.Time)
		local := closed.In(zone)
		if !ok || closed.Equal(time.Date(2026, 6, 1, 13, 0, 0, 0, time.UTC)) {
			continue // it was shipped before
		}
		if local.Hour() < 9 || local.Hour() >= 17 || local.Weekday() == time.Wednesday || local.Weekday() > time.Thursday || local.Weekday() == time.Sunday {
			t.Errorf("fulfillment order %s was closed on %s", fo.ID, local.Format(time.RFC1123))
		}
	}
}

func TestTheSameSeedMovesTheSameGoods(t *testing.T) {
	t.Parallel()
	chance := func(s *warehouse.Settings) { s.ShortPicked, s.Backordered = 30, 10 }
	steps := [][]time.Duration{{6 * day}, slices.Repeat([]time.Duration{12 * time.Hour}, 12), {2 * day, time.Hour, 4*day - time.Hour}}
	var first string
	for i, way := range steps {
		m := newMill(t, chance)
		for _, d := range way {
			if _, err := m.world.Advance(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		var text strings.Builder
		for _, object := range []string{"OrderItemSummary", "FulfillmentOrder", "FulfillmentOrderLineItem", "Shipment", "Invoice", "Payment"} {
			for _, r := range m.rows(object) {
				fmt.Fprintln(&text, r.ID, r.Fields)
			}
		}
		if i == 0 {
			first = text.String()
		}
		if diff := cmp.Diff(first, text.String()); diff != "" {
			t.Fatalf("way %d leads elsewhere: %.2000s", i, diff)
		}
	}
}

func TestACopyOfASandboxMovesByItself(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.advance(5 * time.Hour)
	world, err := m.worlds.Create("copy", sandbox.Options{From: "mill"})
	if err != nil {
		t.Fatal(err)
	}
	before := len(m.rows("Shipment"))
	other := *m
	other.world = world
	other.advance(6 * day)
	other.allArrived()
	if after := len(m.rows("Shipment")); after != before {
		t.Errorf("%d shipments in the first sandbox, there were %d", after, before)
	}
}

func TestAWarehouseThatIsOffStandsStill(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.advance(3 * time.Hour)
	m.switchTo(func(s *warehouse.Settings) { s.On = false })
	before := m.statuses("00000101", "FulfillmentOrder")
	m.advance(5 * day)
	if diff := cmp.Diff(before, m.statuses("00000101", "FulfillmentOrder")); diff != "" {
		t.Error(diff)
	}
	if r := m.report(); len(r.Waiting) != 0 || !r.Next.IsZero() {
		t.Errorf("it has to do %+v", r)
	}
	m.switchTo()
	m.advance(5 * day)
	m.allArrived()
}
