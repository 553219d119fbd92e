package preset_test

import (
	"io/fs"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/specs"
)

type shop struct {
	preset.Domains
	tx *sandbox.Tx
}

func open(t *testing.T, name string, at time.Time) shop {
	t.Helper()
	objects, err := fs.Sub(specs.FS, "som/sobjects")
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := sobject.Load(objects)
	if err != nil {
		t.Fatal(err)
	}
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	d := preset.Declare(schema, catalog)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(at), Log: slog.New(slog.DiscardHandler), Redactor: journal.NewRedactor(), Presets: preset.All(d),
	})
	w, err := worlds.Create("test", sandbox.Options{From: name, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	tx := w.Read()
	t.Cleanup(tx.Abort)
	return shop{d, tx}
}

func monday() time.Time { return time.Date(2026, 6, 1, 13, 0, 0, 0, time.UTC) }

func (s shop) summaries() []*sobject.Record {
	var all []*sobject.Record
	s.SOM.Rows(s.tx).Scan("OrderSummary", func(r *sobject.Record) bool {
		all = append(all, r)
		return true
	})
	return all
}

func TestOmnichannelAgreesInEverySystem(t *testing.T) {
	t.Parallel()
	s := open(t, "omnichannel", monday())
	summaries := s.summaries()
	if len(summaries) < 12 {
		t.Fatalf("%d orders", len(summaries))
	}
	for _, summary := range summaries {
		number := summary.Text("OrderNumber")
		t.Run(number, func(t *testing.T) {
			order, err := s.B2C.Order(s.tx, b2c.Reader{SiteID: "RefArch"}, number)
			if err != nil {
				t.Fatal(err)
			}
			if order.OrderSummaryID != summary.ID || order.ExportStatus != b2c.Exported {
				t.Errorf("commerce knows the order summary as %q", order.OrderSummaryID)
			}
			s.checkMoney(t, order, summary)
			s.checkBookings(t, order)
			s.checkQuantities(t, summary)
		})
	}
}

// checkMoney compares what the order is worth in commerce and order management with what the payment platform holds.
func (s shop) checkMoney(t *testing.T, order b2c.Order, summary *sobject.Record) {
	t.Helper()
	worth := s.number(summary, "GrandTotalAmount")
	if order.Status == b2c.Cancelled {
		if !worth.IsZero() {
			t.Errorf("a cancelled order is worth %s", worth)
		}
	} else if !worth.Equal(order.Totals.OrderTotal) {
		t.Errorf("order management says %s, commerce %s", worth, order.Totals.OrderTotal)
	}
	payment, err := s.Worldline.Payment(s.tx, worldline.DefaultMerchant, s.gatewayReference(t, summary))
	if err != nil {
		t.Fatal(err)
	}
	held := decimal.Zero
	for _, op := range s.Worldline.Operations(s.tx, payment) {
		amount := decimal.New(op.Amount, -2)
		switch op.Kind {
		case worldline.Authorization:
			held = held.Add(amount)
		case worldline.Cancellation, worldline.Refund:
			held = held.Sub(amount)
		}
	}
	if !held.Equal(worth) {
		t.Errorf("the payment platform holds %s for an order worth %s", held, worth)
	}
}

// gatewayReference is the payment that order management knows the order's authorisation by.
func (s shop) gatewayReference(t *testing.T, summary *sobject.Record) string {
	t.Helper()
	rows := s.SOM.Rows(s.tx)
	for _, payment := range rows.Lookup(sobject.IndexKey("OrderPaymentSummary", "OrderSummaryId", summary.ID)) {
		for _, authorization := range rows.Lookup(sobject.IndexKey("PaymentAuthorization", "OrderPaymentSummaryId", payment.ID)) {
			return authorization.Text("GatewayRefNumber")
		}
	}
	t.Fatal("order management knows no authorisation")
	return ""
}

// number reads a field that may be a formula.
func (s shop) number(r *sobject.Record, name string) decimal.Decimal {
	object, _ := s.SOM.Catalog().Object(r.Object)
	field, ok := object.Field(name)
	if !ok {
		return decimal.Decimal{}
	}
	n, _ := s.SOM.Catalog().Value(r, field).(decimal.Decimal)
	return n
}

func (s shop) checkBookings(t *testing.T, order b2c.Order) {
	t.Helper()
	for _, booking := range s.Slots.Bookings(s.tx, order.OrderNo) {
		if (booking.Status == slots.Released) != (order.Status == b2c.Cancelled) {
			t.Errorf("an order that is %s has a booking that is %s", order.Status, booking.Status)
		}
	}
}

func (s shop) checkQuantities(t *testing.T, summary *sobject.Record) {
	t.Helper()
	for _, item := range s.SOM.Rows(s.tx).Lookup(sobject.IndexKey("OrderItemSummary", "OrderSummaryId", summary.ID)) {
		for _, name := range []string{"Quantity", "QuantityAvailableToCancel", "QuantityAvailableToReturn"} {
			if n := s.number(item, name); n.IsNegative() {
				t.Errorf("%s of %s is %s", name, item.ID, n)
			}
		}
	}
}

func TestPresetsAreTheSameEveryTime(t *testing.T) {
	t.Parallel()
	ids := func(s shop) []string {
		var all []string
		for _, summary := range s.summaries() {
			all = append(all, summary.ID+" "+summary.Text("OrderNumber"))
		}
		return all
	}
	if diff := cmp.Diff(ids(open(t, "omnichannel", monday())), ids(open(t, "omnichannel", monday()))); diff != "" {
		t.Error(diff)
	}
}

func TestOmnichannelCanBeBuiltAtAnyTime(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"2024-02-28T23:59:59Z", "2026-03-08T06:59:00Z", "2026-11-01T05:30:00Z", "2027-12-31T23:59:59Z"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			when, err := time.Parse(time.RFC3339, at)
			if err != nil {
				t.Fatal(err)
			}
			open(t, "omnichannel", when)
		})
	}
}

func TestEmptyHasAShopWithoutOrders(t *testing.T) {
	t.Parallel()
	s := open(t, "empty", monday())
	if n := len(s.summaries()); n != 0 {
		t.Errorf("%d orders", n)
	}
	if _, err := s.B2C.Login(s.tx, "shopper-1@somsim.test", "somsim"); err != nil {
		t.Error(err)
	}
}
