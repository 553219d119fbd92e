package simulator

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/invariant"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/warehouse"
)

const day = 24 * time.Hour

// mill is a sandbox of the preset omnichannel whose warehouse moves.
type mill struct {
	parts
	t      testing.TB
	worlds *sandbox.Worlds
	world  *sandbox.World
}

func newMill(t testing.TB, change ...func(*warehouse.Settings)) *mill {
	t.Helper()
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	all, err := build(schema, Org{})
	if err != nil {
		t.Fatal(err)
	}
	m := &mill{parts: all, t: t}
	m.worlds = sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(time.Date(2026, 6, 1, 13, 0, 0, 0, time.UTC)), Log: slog.New(slog.DiscardHandler),
		Redactor: journal.NewRedactor(), Presets: all.presets(false), Runners: all.runners,
	})
	if m.world, err = m.worlds.Create("mill", sandbox.Options{From: "omnichannel", Seed: 1, Mode: clock.ModeManual}); err != nil {
		t.Fatal(err)
	}
	m.switchTo(change...)
	return m
}

// switchTo switches the warehouse on, with changes to its defaults.
func (m *mill) switchTo(change ...func(*warehouse.Settings)) {
	m.t.Helper()
	s := warehouse.Defaults()
	s.ShortPicked, s.Backordered = 0, 0
	for _, c := range change {
		c(&s)
	}
	m.do(func(tx *sandbox.Tx) error { return m.goods.Switch(tx, s) })
}

func (m *mill) do(work func(tx *sandbox.Tx) error) {
	m.t.Helper()
	if err := m.world.Update(work); err != nil {
		m.t.Fatal(err)
	}
}

// advance moves the clock and checks that nothing contradicts an invariant then.
func (m *mill) advance(d time.Duration) {
	m.t.Helper()
	if _, err := m.world.Advance(m.t.Context(), d); err != nil {
		m.t.Fatal(err)
	}
	m.holds()
}

func (m *mill) holds() {
	m.t.Helper()
	tx := m.world.Read()
	defer tx.Abort()
	for _, v := range invariant.Check(m.domains, tx) {
		m.t.Errorf("at %s: %s of %s: %s", tx.Now().Format(time.DateTime), v.Invariant, v.Entity, v.Detail)
	}
}

func (m *mill) report() warehouse.Report {
	tx := m.world.Read()
	defer tx.Abort()
	return m.goods.Report(tx)
}

// rows are copies of the rows of an object, by id.
func (m *mill) rows(object string) []*sobject.Record {
	tx := m.world.Read()
	defer tx.Abort()
	var all []*sobject.Record
	m.domains.SOM.Rows(tx).Scan(object, func(r *sobject.Record) bool {
		clone := r.Clone()
		all = append(all, &clone)
		return true
	})
	return all
}

// of are the rows of an object that belong to an order.
func (m *mill) of(number, object string) []*sobject.Record {
	m.t.Helper()
	summary := m.summary(number)
	return slices.DeleteFunc(m.rows(object), func(r *sobject.Record) bool { return r.Text("OrderSummaryId") != summary.ID })
}

func (m *mill) summary(number string) *sobject.Record {
	m.t.Helper()
	for _, r := range m.rows("OrderSummary") {
		if r.Text("OrderNumber") == number {
			return r
		}
	}
	m.t.Fatalf("there is no order %s", number)
	return nil
}

// statuses are those of the rows of an order, in the order of their ids.
func (m *mill) statuses(number, object string) []string {
	m.t.Helper()
	var found []string
	for _, r := range m.of(number, object) {
		found = append(found, r.Text("Status"))
	}
	return found
}

// patch changes a row as a person would through the data API.
func (m *mill) patch(r *sobject.Record, field string, value sobject.Value) {
	m.t.Helper()
	m.do(func(tx *sandbox.Tx) error {
		return m.domains.SOM.Update(tx, som.IntegrationUserID(), r.Object, r.ID, []sobject.FieldValue{{Name: field, Value: value}})
	})
}

// allArrived checks that of every order all that was not cancelled has arrived and is paid for.
func (m *mill) allArrived() {
	m.t.Helper()
	if r := m.report(); len(r.Waiting) > 0 || len(r.Left) > 0 {
		m.t.Errorf("still waiting %v, left %v", r.Waiting, r.Left)
	}
	for _, i := range m.rows("OrderItemSummary") {
		if net := i.Decimal("QuantityOrdered").Sub(i.Decimal("QuantityCanceled")); i.Text("TypeCode") == "Product" && !net.Equal(i.Decimal("QuantityFulfilled")) {
			m.t.Errorf("%s of order item %s are wanted, %s have left", net, i.ID, i.Decimal("QuantityFulfilled"))
		}
	}
	tracking := map[string]bool{}
	for _, s := range m.rows("Shipment") {
		number := s.Text("TrackingNumber")
		if s.Text("Status") != "Delivered" || s.Get("ActualDeliveryDate") == nil || number != "" && tracking[number] {
			m.t.Errorf("shipment %s is %s with tracking number %q", s.ID, s.Text("Status"), number)
		}
		tracking[number] = true
	}
	for _, op := range m.rows("BackgroundOperation") {
		if op.Text("Status") != "Complete" {
			m.t.Errorf("%s is %s: %s", op.Text("Name"), op.Text("Status"), op.Text("Error"))
		}
	}
}

func TestGoodsMoveDayByDay(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	for range 6 {
		m.advance(day)
	}
	m.allArrived()
	for _, s := range m.rows("OrderSummary") {
		tx := m.world.Read()
		order, err := m.domains.B2C.Order(tx, b2c.Reader{}, s.Text("OrderNumber"))
		tx.Abort()
		if err != nil || order.Status != b2c.Cancelled && order.ShippingStatus != b2c.Shipped {
			t.Errorf("commerce shows order %s as %s and %s, %v", order.OrderNo, order.Status, order.ShippingStatus, err)
		}
	}
}

func TestAnOrderGoesThroughEveryStage(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	seen := map[string][]string{}
	for range 60 * 4 {
		if _, err := m.world.Advance(t.Context(), 15*time.Minute); err != nil {
			t.Fatal(err)
		}
		for _, number := range []string{"00000101", "00000107"} {
			for _, object := range []string{"FulfillmentOrder", "Shipment"} {
				now := strings.Join(m.statuses(number, object), "+")
				key := number + " " + object
				if n := len(seen[key]); now != "" && (n == 0 || seen[key][n-1] != now) {
					seen[key] = append(seen[key], now)
				}
			}
		}
	}
	want := map[string][]string{
		"00000101 FulfillmentOrder": {"Allocated", "Assigned", "Pickpack", "Pack Complete", "Fulfilled+Fulfilled"}, // the second is the delivery charge
		"00000101 Shipment":         {"Shipped", "In Transit", "Delivered"},
		"00000107 FulfillmentOrder": {"Allocated", "Assigned", "Pickpack", "Ready for Pickup", "Fulfilled"},
		"00000107 Shipment":         {"Delivered"},
	}
	for key, statuses := range want {
		got := seen[key]
		if key == "00000107 FulfillmentOrder" && len(got) > 0 && got[len(got)-1] == "Fulfilled+Fulfilled" {
			got[len(got)-1] = "Fulfilled" // with a delivery charge
		}
		if diff := cmp.Diff(statuses, got); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
	sent := m.of("00000101", "Shipment")[0]
	if sent.Text("Provider") != "UPS" || len(sent.Text("TrackingNumber")) != 18 || !strings.HasSuffix(sent.Text("TrackingUrl"), sent.Text("TrackingNumber")) {
		t.Errorf("the parcel is %v", sent.Fields)
	}
	if fo := m.of("00000107", "FulfillmentOrder")[0]; fo.Text("Type") != "In Store Pickup" {
		t.Errorf("what is collected is of type %s", fo.Text("Type"))
	}
}

func TestUnitsThatAreNotThereComeLater(t *testing.T) {
	t.Parallel()
	m := newMill(t, func(s *warehouse.Settings) { s.ShortPicked, s.Backorder = 60, 2*time.Hour })
	for range 7 {
		m.advance(day)
	}
	m.allArrived()
	cancelled := 0
	for _, fo := range m.rows("FulfillmentOrder") {
		if fo.Text("Status") == "Cancelled" {
			cancelled++
		}
	}
	if cancelled == 0 {
		t.Error("no fulfillment order has lost its only unit")
	}
}

func TestBackorderedOrdersStay(t *testing.T) {
	t.Parallel()
	m := newMill(t, func(s *warehouse.Settings) { s.Backordered = 100 })
	m.advance(10 * day)
	if got := m.of("00000101", "FulfillmentOrder"); len(got) != 0 {
		t.Errorf("order 00000101 has %d fulfillment orders", len(got))
	}
	if r := m.report(); !slices.Contains(r.Backordered, "00000101") || slices.Contains(r.Backordered, "00000102") || len(r.Waiting) != 0 {
		t.Errorf("the report is %+v", r)
	}
	if diff := cmp.Diff([]string{"Fulfilled", "Fulfilled"}, m.statuses("00000102", "FulfillmentOrder")); diff != "" {
		t.Error(diff)
	}
}

func TestMoneyThatHasLapsedIsNoReasonToStop(t *testing.T) {
	t.Parallel()
	m := newMill(t, func(s *warehouse.Settings) { s.Allocate = 12 * day })
	for range 20 {
		m.advance(day)
	}
	if r := m.report(); len(r.Waiting) > 0 || len(r.Left) > 0 {
		t.Errorf("still waiting %v, left %v", r.Waiting, r.Left)
	}
	failed := 0
	for _, log := range m.rows("PaymentGatewayLog") {
		if log.Text("InteractionType") == "Capture" && log.Text("InteractionStatus") == "Failed" {
			failed++
		}
	}
	if failed == 0 {
		t.Error("order management has not been told that money is missing")
	}
}

func TestNothingMovesWhileAnOrderIsOnHold(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	held := []string{"00000101", "00000102"}
	for _, number := range held {
		m.patch(m.summary(number), "Status", "On Hold")
	}
	m.advance(5 * day)
	if got := m.statuses("00000101", "FulfillmentOrder"); got != nil {
		t.Errorf("the first has fulfillment orders %v", got)
	}
	if diff := cmp.Diff([]string{"Allocated"}, m.statuses("00000102", "FulfillmentOrder")); diff != "" {
		t.Error(diff)
	}
	for _, number := range held {
		m.patch(m.summary(number), "Status", "Created")
	}
	m.advance(5 * day)
	m.allArrived()
}
