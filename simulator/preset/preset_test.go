package preset_test

import (
	"fmt"
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
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/store"
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

func TestOmnichannelTellsManyStories(t *testing.T) {
	t.Parallel()
	s := open(t, "omnichannel", monday())
	seen := map[string]int{}
	for _, summary := range s.summaries() {
		order, err := s.B2C.Order(s.tx, b2c.Reader{}, summary.Text("OrderNumber"))
		if err != nil {
			t.Fatal(err)
		}
		if order.OrderSummaryID != summary.ID || order.ExportStatus != b2c.Exported {
			t.Errorf("commerce knows the order summary of %s as %q", order.OrderNo, order.OrderSummaryID)
		}
		seen["orders"]++
		seen["commerce "+string(order.Status)]++
		seen["shipping "+string(order.ShippingStatus)]++
		seen[fmt.Sprintf("%d shipments", len(order.Shipments))]++
		seen[fmt.Sprintf("%d cards", len(order.PaymentInstruments))]++
		for _, item := range s.SOM.Rows(s.tx).Lookup("OrderItemSummary", "OrderSummaryId", summary.ID) {
			seen["item "+item.Text("Status")]++
		}
	}
	for what, least := range map[string]int{
		"orders": 40, "commerce cancelled": 4, "shipping shipped": 7, "shipping part_shipped": 3, "2 shipments": 3, "2 cards": 3,
		"item ORDERED": 10, "item ALLOCATED": 10, "item PARTIALLYALLOCATED": 3, "item FULFILLED": 8, "item PARTIALLYFULFILLED": 1, "item CANCELED": 6,
	} {
		if seen[what] < least {
			t.Errorf("%d of %q, want at least %d; there are %v", seen[what], what, least, seen)
		}
	}
}

// What a shopper was shown to pay is what order management was told, coupons and their odd cents included, and what cards
// and gift certificates pay.
func TestCommerceAndOrderManagementAgreeOnWhatAnOrderCost(t *testing.T) {
	t.Parallel()
	s := open(t, "omnichannel", monday())
	coupons, gifts, returned := 0, 0, 0
	for _, summary := range s.summaries() {
		order, err := s.B2C.Order(s.tx, b2c.Reader{}, summary.Text("OrderNumber"))
		if err != nil {
			t.Fatal(err)
		}
		coupons += len(order.Coupons)
		original := s.SOM.Rows(s.tx).Lookup("Order", "OrderReferenceNumber", order.OrderNo)
		if len(original) == 0 {
			t.Fatalf("order management has no order %s", order.OrderNo)
		}
		if told := original[0].Decimal("TotalAmount").Add(original[0].Decimal("TotalTaxAmount")); !told.Equal(order.Totals.OrderTotal) {
			t.Errorf("order %s costs %s, order management was told %s", order.OrderNo, order.Totals.OrderTotal, told)
		}
		paid := decimal.Zero
		for _, payment := range s.SOM.Rows(s.tx).Lookup("OrderPaymentSummary", "OrderSummaryId", summary.ID) {
			if payment.Text("Type") == "Gift Certificate" {
				gifts++
				paid = paid.Add(payment.Decimal("CapturedAmount"))
				continue
			}
			paid = paid.Add(payment.Decimal("AuthorizationAmount"))
		}
		if !paid.Equal(order.Totals.OrderTotal) {
			t.Errorf("order %s costs %s, its payments come to %s", order.OrderNo, order.Totals.OrderTotal, paid)
		}
		for _, item := range s.SOM.Rows(s.tx).Lookup("OrderItemSummary", "OrderSummaryId", summary.ID) {
			returned += int(item.Decimal("QuantityReturned").IntPart())
		}
	}
	if coupons < 2 || gifts < 2 || returned < 1 {
		t.Errorf("%d coupons, %d gift certificates and %d returned units", coupons, gifts, returned)
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
