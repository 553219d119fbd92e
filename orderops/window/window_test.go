package window_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/window"
)

func store(t *testing.T) *command.Store {
	t.Helper()
	db, err := command.OpenDatabase(t.Context(), command.DatabaseConfig{Location: filepath.Join(t.TempDir(), "orderops.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s, err := command.OpenStore(t.Context(), db, "test")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func windows(t *testing.T, s *command.Store, file string) *window.Windows {
	t.Helper()
	policies, err := returnby.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return &window.Windows{Policies: policies, Store: s, Pickup: func(method string) bool { return strings.Contains(method, "Pickup") }}
}

func at(day, hour int) time.Time { return time.Date(2026, time.March, day, hour, 0, 0, 0, time.UTC) }

func sometime(t time.Time) somclient.Time { return somclient.Time{Time: t} }

// parcel is a shipment with the lines inside.
func parcel(left, arrived time.Time, lines ...string) somclient.Shipment {
	s := somclient.Shipment{Status: "Shipped", CreatedDate: sometime(left), ActualDeliveryDate: sometime(arrived)}
	for _, id := range lines {
		s.Items.Records = append(s.Items.Records, somclient.ShipmentItem{OrderItemSummaryID: id, Quantity: decimal.New(1, 0)})
	}
	return s
}

// handled is a fulfillment order of some lines that is closed.
func handled(kind string, lines []string, parcels ...somclient.Shipment) somclient.FulfillmentOrder {
	f := somclient.FulfillmentOrder{Type: kind, StatusCategory: somclient.CategoryClosed, ClosedDate: sometime(at(3, 8))}
	for _, id := range lines {
		f.Lines.Records = append(f.Lines.Records, somclient.FulfillmentOrderLineItem{OrderItemSummaryID: id, Quantity: decimal.New(1, 0)})
	}
	f.Shipments.Records = parcels
	return f
}

func orderOf(fulfilled ...somclient.FulfillmentOrder) window.Order {
	o := somclient.OrderSummary{OrderNumber: "1", OrderedDate: sometime(at(1, 12))}
	for _, id := range []string{"a", "b"} {
		o.Items.Records = append(o.Items.Records, somclient.OrderItemSummary{
			ID: id, ProductCode: "SKU-" + id, TypeCode: somclient.TypeCodeProduct, OrderDeliveryGroupSummaryID: "g", QuantityAvailableToReturn: decimal.New(1, 0),
		})
	}
	o.Items.Records = append(o.Items.Records, somclient.OrderItemSummary{ID: "c", TypeCode: "Charge"})
	o.FulfillmentOrders.Records = fulfilled
	return window.Order{Site: "RefArch", Summary: o}
}

// Each line counts from its own parcels, and charges cannot be given back.
func TestLinesCountFromTheirOwnParcels(t *testing.T) {
	t.Parallel()
	both := []string{"a", "b"}
	voided := parcel(at(2, 8), at(20, 9), "a")
	voided.Status = somclient.StatusVoided
	cancelled := handled("Warehouse", both, parcel(at(2, 8), at(25, 9)))
	cancelled.StatusCategory, cancelled.Shipments.Records = "CANCELLED", nil
	cases := []struct {
		name  string
		order window.Order
		want  string
	}{
		{"one parcel with both", orderOf(handled("Warehouse", both, parcel(at(2, 8), at(4, 9), "a", "b"))), "a delivered 4th, b delivered 4th"},
		{"a parcel each", orderOf(handled("Warehouse", both, parcel(at(2, 8), at(4, 9), "a"), parcel(at(2, 8), at(6, 9), "b"))), "a delivered 4th, b delivered 6th"},
		{"a parcel that does not say what is inside", orderOf(handled("Warehouse", []string{"a"}, parcel(at(2, 8), at(4, 9)))), "a delivered 4th, b delivered never"},
		{"a voided parcel", orderOf(handled("Warehouse", both, voided, parcel(at(2, 8), at(4, 9)))), "a delivered 4th, b delivered 4th"},
		{"a carrier that says nothing", orderOf(handled("Warehouse", both, parcel(at(2, 8), time.Time{}))), "a delivered 7th?, b delivered 7th?"},
		{"put aside in the store", orderOf(somclient.FulfillmentOrder{Type: somclient.TypePickup, StatusCategory: somclient.CategoryFulfilling}), "a delivered never, b delivered never"},
		{"collected, which nobody made a parcel of", orderOf(handled(somclient.TypePickup, both)), "a collected 3rd, b collected 3rd"},
		{"sent without a parcel", orderOf(handled("Warehouse", both)), "a delivered 8th?, b delivered 8th?"},
		{"taken back from a location", orderOf(cancelled), "a delivered never, b delivered never"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := windows(t, store(t), "")
			got, err := w.Decide(t.Context(), []window.Order{tc.order}, at(10, 0))
			if err != nil || len(got) != 2 {
				t.Fatalf("%d lines, %v", len(got), err)
			}
			if said := said("a", got["a"]) + ", " + said("b", got["b"]); said != tc.want {
				t.Errorf("got %s, want %s", said, tc.want)
			}
		})
	}
}

func said(line string, d returnby.Decision) string {
	text := line + " " + string(d.Anchor) + " "
	if d.AnchorAt.IsZero() {
		return text + "never"
	}
	text += d.AnchorAt.Format("2") + map[string]string{"3": "rd"}[d.AnchorAt.Format("2")]
	if !strings.HasSuffix(text, "rd") {
		text += "th"
	}
	if d.Provisional {
		text += "?"
	}
	return text
}

// The delivery method tells what is collected before any location has heard of it.
func TestDeliveryMethodsTellWhatIsCollected(t *testing.T) {
	t.Parallel()
	w := windows(t, store(t), "policies: [{id: store, version: 1, applies_to: {fulfilment: pickup}}]")
	for method, want := range map[string]string{"Pickup in store": "store", "Standard": "default", "": "default"} {
		o := orderOf()
		o.Summary.OrderNumber, o.Methods = "1"+method, map[string]string{"g": method}
		for i := range o.Summary.Items.Records {
			o.Summary.Items.Records[i].ID += method
		}
		got, err := w.Decide(t.Context(), []window.Order{o}, at(10, 0))
		if err != nil || got["a"+method].PolicyID != want {
			t.Errorf("%q is under %s, %v, want %s", method, got["a"+method].PolicyID, err, want)
		}
	}
}

// Case 76 and 66: what was captured outlives a changed file and a corrected date; a date may only move on.
func TestPolicyAndAnchorAreCapturedOnce(t *testing.T) {
	t.Parallel()
	s := store(t)
	delivered := func(day int) []window.Order {
		return []window.Order{orderOf(handled("Warehouse", []string{"a"}, parcel(at(2, 8), at(day, 9), "a")))}
	}
	steps := []struct {
		name, file string
		day        int
		want       string
	}{
		{"first seen", "policies: [{id: shop, version: 1, days: 14}]", 4, "shop@1 until 18"},
		{"the file is edited", "policies: [{id: shop, version: 1, days: 3}]", 4, "shop@1 until 18"},
		{"a new version", "policies: [{id: shop, version: 2, days: 30}]", 4, "shop@1 until 18"},
		{"the carrier says earlier", "policies: [{id: shop, version: 2}]", 3, "shop@1 until 18"},
		{"the carrier says later", "", 6, "shop@1 until 20"},
		{"and earlier again", "", 4, "shop@1 until 20"},
	}
	for _, step := range steps {
		got, err := windows(t, s, step.file).Decide(t.Context(), delivered(step.day), at(10, 0))
		d := got["a"]
		if err != nil || d.PolicyID+"@1 until "+d.By.Format("2") != step.want || d.Version != 1 {
			t.Errorf("%s: %s@%d until %s, %v, want %s", step.name, d.PolicyID, d.Version, d.By.Format("2"), err, step.want)
		}
	}
}

// A sandbox that was taken back in time does not remember its future.
func TestWhatWasCapturedInTheFutureIsForgotten(t *testing.T) {
	t.Parallel()
	s := store(t)
	decide := func(file string, now time.Time) returnby.Decision {
		got, err := windows(t, s, file).Decide(t.Context(), []window.Order{orderOf(handled("Warehouse", []string{"a"}, parcel(at(2, 8), at(4, 9), "a")))}, now)
		if err != nil {
			t.Fatal(err)
		}
		return got["a"]
	}
	decide("policies: [{id: late, version: 1, days: 30}]", at(20, 0))
	if d := decide("policies: [{id: early, version: 1}]", at(10, 0)); d.PolicyID != "early" || d.By.Day() != 18 {
		t.Errorf("under %s until %s", d.PolicyID, d.By)
	}
	if d := decide("", at(11, 0)); d.PolicyID != "early" {
		t.Errorf("under %s: what was captured anew is not kept", d.PolicyID)
	}
}

// Instances that get here in another order than they decided do not take a date back.
func TestCapturedDatesOnlyMoveOn(t *testing.T) {
	t.Parallel()
	s := store(t)
	row := func(anchor, by int, provisional bool) command.ReturnWindow {
		return command.ReturnWindow{OrderNo: "1", LineID: "a", Terms: "terms", AnchorAt: at(anchor, 0), By: at(by, 0), Provisional: provisional}
	}
	for _, w := range []command.ReturnWindow{row(4, 18, true), row(6, 20, true), row(5, 19, false), row(6, 20, false)} {
		if err := s.KeepReturnWindows(t.Context(), "s", []command.ReturnWindow{w}, at(8, 0)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.ReturnWindows(t.Context(), "s", []string{"1", "2"}, at(8, 0))
	if diff := cmp.Diff([]command.ReturnWindow{row(6, 20, false)}, got); diff != "" || err != nil {
		t.Errorf("kept (-want +got), %v:\n%s", err, diff)
	}
	if other, err := s.ReturnWindows(t.Context(), "another sandbox", []string{"1"}, at(8, 0)); err != nil || len(other) != 0 {
		t.Errorf("another sandbox has %+v, %v", other, err)
	}
}
