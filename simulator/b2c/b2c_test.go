package b2c_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

func monday() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

// world is a sandbox with a gross and a net site, the customer Ada, a guest, and an API client.
type world struct {
	*sandbox.World
	*b2c.B2C
	ada, guest b2c.Customer
	t          testing.TB
}

func newWorld(t testing.TB) *world {
	t.Helper()
	schema := store.NewSchema()
	w := &world{t: t}
	tables := sandbox.Declare(schema)
	w.B2C = b2c.Declare(schema)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(monday()), Presets: map[string]sandbox.Preset{"small": w.build}, Runners: w.Runners(),
	})
	var err error
	if w.World, err = worlds.Create("default", sandbox.Options{From: "small", Mode: clock.ModeManual, At: monday()}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) build(tx *sandbox.Tx) (err error) {
	w.AddClient(tx, b2c.APIClient{ID: b2c.DefaultClientID, Secret: b2c.DefaultClientSecret})
	for _, s := range []b2c.Site{{ID: "gross", Currency: "EUR", TimeZone: "UTC"}, {ID: "net", Currency: "USD", Taxation: b2c.Net, TimeZone: "UTC"}} {
		if err := w.AddSite(tx, s); err != nil {
			return err
		}
	}
	w.guest = w.AddGuest(tx)
	w.ada, err = w.AddCustomer(tx, b2c.NewCustomer{Email: "ada@somsim.test", Password: "somsim", FirstName: "Ada", LastName: "Nolan"})
	return err
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// twoShirts is an order of two shirts and an odd candle, delivered for 4.99, all at 19 per cent.
func (w *world) twoShirts(site string) b2c.NewOrder {
	return b2c.NewOrder{
		SiteID: site, CustomerID: w.ada.CustomerID,
		Items: []b2c.NewItem{
			{
				ProductID: "shirt", Quantity: dec("2"), BasePrice: dec("50.00"), TaxRate: dec("0.19"),
				Adjustments: []b2c.PriceAdjustment{{PromotionID: "ten", Amount: dec("-10.00")}},
			},
			{ProductID: "candle", Quantity: dec("1"), BasePrice: dec("9.99"), TaxRate: dec("0.19")},
		},
		Shipments: []b2c.NewShipment{{Price: dec("4.99"), TaxRate: dec("0.19")}},
		Payments:  []b2c.NewPaymentInstrument{{PaymentMethodID: "CREDIT_CARD"}},
	}
}

func (w *world) place(n b2c.NewOrder) b2c.Order {
	w.t.Helper()
	var o b2c.Order
	w.do(func(tx *sandbox.Tx) (err error) { o, err = w.PlaceOrder(tx, n); return err })
	return o
}

func (w *world) do(work func(tx *sandbox.Tx) error) {
	w.t.Helper()
	if err := w.Update(work); err != nil {
		w.t.Fatal(err)
	}
}

// refused runs work that has to be refused with a code, drops what it did and returns the refusal's arguments.
func (w *world) refused(want b2c.Code, work func(tx *sandbox.Tx) error) map[string]string {
	w.t.Helper()
	var got *b2c.Error
	if err := w.Update(work); !errors.As(err, &got) || got.Code != want || got.Rule == "" {
		w.t.Fatalf("want a refusal %s with its rule, got %v", want, err)
	}
	return got.Arguments
}

func (w *world) read(orderNo string) b2c.Order {
	w.t.Helper()
	tx := w.Read()
	defer tx.Abort()
	o, err := w.Order(tx, b2c.Reader{}, orderNo)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func TestPlaceOrderAddsUp(t *testing.T) {
	t.Parallel()
	cases := []struct {
		site                                        string
		productTotal, shipping, tax, shipTax, total string
	}{
		// gross: 90 − 90/1.19 = 14.37, 9.99 − 9.99/1.19 = 1.60 (1.595), 4.99 − 4.99/1.19 = 0.80 (0.797)
		{"gross", "99.99", "4.99", "16.77", "0.80", "104.98"},
		// net: 90 × 0.19 = 17.10, 9.99 × 0.19 = 1.90 (1.898), 4.99 × 0.19 = 0.95 (0.948)
		{"net", "99.99", "4.99", "19.95", "0.95", "124.93"},
	}
	for _, tc := range cases {
		t.Run(tc.site, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.place(w.twoShirts(tc.site))
			got := o.Totals
			for name, pair := range map[string][2]string{
				"product total":   {got.ProductTotal.StringFixed(2), tc.productTotal},
				"shipping total":  {got.ShippingTotal.StringFixed(2), tc.shipping},
				"tax total":       {got.TaxTotal.StringFixed(2), tc.tax},
				"shipping tax":    {got.ShippingTax.StringFixed(2), tc.shipTax},
				"order total":     {got.OrderTotal.StringFixed(2), tc.total},
				"payment":         {o.PaymentInstruments[0].Amount.StringFixed(2), tc.total},
				"shipment total":  {o.Shipments[0].Totals.OrderTotal.StringFixed(2), tc.total},
				"line":            {o.ProductItems[0].Price.StringFixed(2), "100.00"},
				"discounted line": {o.ProductItems[0].PriceAfterItemDiscount.StringFixed(2), "90.00"},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s is %s, want %s", name, pair[0], pair[1])
				}
			}
		})
	}
}

func TestPlaceOrderOfSeveralShipmentsAddsUpEach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.twoShirts("gross")
	n.Shipments = []b2c.NewShipment{{ShipmentID: "home", Price: dec("4.99")}, {ShipmentID: "store"}}
	n.Items[1].ShipmentID = "store"
	o := w.place(n)
	home, store := o.Shipments[0].Totals.OrderTotal, o.Shipments[1].Totals.OrderTotal
	if !home.Equal(dec("94.99")) || !store.Equal(dec("9.99")) || !home.Add(store).Equal(o.Totals.OrderTotal) {
		t.Errorf("home %s, store %s, order %s", home, store, o.Totals.OrderTotal)
	}
}

func TestPlaceOrderRefusesImpossibleOrders(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		spoil func(*b2c.NewOrder)
		want  b2c.Code
	}{
		{"an unknown site", func(n *b2c.NewOrder) { n.SiteID = "none" }, b2c.UnknownSite},
		{"an unknown customer", func(n *b2c.NewOrder) { n.CustomerID = "none" }, b2c.CustomerNotFound},
		{"no line", func(n *b2c.NewOrder) { n.Items = nil }, b2c.InvalidOrder},
		{"no shipment", func(n *b2c.NewOrder) { n.Shipments = nil }, b2c.InvalidOrder},
		{"two shipments of one name", func(n *b2c.NewOrder) { n.Shipments = make([]b2c.NewShipment, 2) }, b2c.InvalidOrder},
		{"a line of another shipment", func(n *b2c.NewOrder) { n.Items[0].ShipmentID = "none" }, b2c.InvalidOrder},
		{"a line of nothing", func(n *b2c.NewOrder) { n.Items[0].Quantity = decimal.Zero }, b2c.InvalidOrder},
		{"too little paid", func(n *b2c.NewOrder) { n.Payments[0].Amount = dec("1") }, b2c.InvalidOrder},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			n := w.twoShirts("gross")
			tc.spoil(&n)
			w.refused(tc.want, func(tx *sandbox.Tx) error { _, err := w.PlaceOrder(tx, n); return err })
		})
	}
	t.Run("a number that is taken", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		n := w.twoShirts("gross")
		n.OrderNo = "O-1"
		w.place(n)
		w.refused(b2c.InvalidOrder, func(tx *sandbox.Tx) error { _, err := w.PlaceOrder(tx, n); return err })
	})
}

// allowed is the matrix of specs/b2c/SOURCES.md, written down a second time.
func allowed() map[b2c.Status]string {
	return map[b2c.Status]string{
		b2c.Created: "failed", b2c.New: "open completed cancelled", b2c.Open: "new completed cancelled",
		b2c.Completed: "open cancelled", b2c.Cancelled: "new open completed",
	}
}

func TestEveryPairOfStatuses(t *testing.T) {
	t.Parallel()
	for _, from := range b2c.Statuses() {
		for _, to := range b2c.Statuses() {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				n := w.twoShirts("gross")
				n.Status = from
				o := w.place(n)
				patch := func(tx *sandbox.Tx) error {
					_, err := w.ChangeOrder(tx, b2c.Reader{SiteID: "gross"}, o.OrderNo, b2c.Change{Status: to})
					return err
				}
				if from == to || slices.Contains(strings.Fields(allowed()[from]), string(to)) {
					w.do(patch)
					if got := w.read(o.OrderNo).Status; got != to {
						t.Errorf("status %s", got)
					}
					return
				}
				args := w.refused(b2c.StatusTransitionNotPossible, patch)
				if diff := cmp.Diff(map[string]string{"statusFrom": string(from), "statusTo": string(to)}, args); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(o, w.read(o.OrderNo)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func state(t *testing.T, o b2c.Order) string {
	t.Helper()
	if len(o.ResourceState) != 64 {
		t.Fatalf("the resource state is %q", o.ResourceState)
	}
	return o.ResourceState
}

func TestResourceStateChangesWithEveryWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(w.twoShirts("gross"))
	seen := map[string]bool{state(t, o): true}
	for i, write := range []func(tx *sandbox.Tx) error{
		func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, b2c.Open) },
		func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, b2c.New) },
		func(tx *sandbox.Tx) error { return w.MarkExported(tx, o.OrderNo, "1Os1") },
		func(tx *sandbox.Tx) error {
			return w.RecordProgress(tx, o.OrderNo, b2c.Progress{Shipping: b2c.Shipped, Payment: b2c.Paid, ShipmentID: "me", TrackingNumber: "T"})
		},
	} {
		w.do(write)
		now := state(t, w.read(o.OrderNo))
		if seen[now] || len(now) != 64 {
			t.Errorf("write %d left the state %s", i, now)
		}
		seen[now] = true
	}
	got := w.read(o.OrderNo)
	if got.ExportStatus != b2c.Exported || got.OrderSummaryID != "1Os1" || got.ShippingStatus != b2c.Shipped || got.PaymentStatus != b2c.Paid ||
		got.Shipments[0].ShippingStatus != b2c.Shipped || got.Shipments[0].TrackingNumber != "T" {
		t.Errorf("%+v", got)
	}
}

func TestChangeOrderChecksTheState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(w.twoShirts("gross"))
	change := b2c.Change{ResourceState: state(t, o), Custom: b2c.Attributes{"gift": b2c.Flag(true)}}
	patch := func(tx *sandbox.Tx) error {
		_, err := w.ChangeOrder(tx, b2c.Reader{SiteID: "gross"}, o.OrderNo, change)
		return err
	}
	w.do(patch)
	before := w.read(o.OrderNo)
	args := w.refused(b2c.ResourceStateConflict, patch)
	want := map[string]string{"client": change.ResourceState, "server": state(t, before)}
	if diff := cmp.Diff(want, args); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, w.read(o.OrderNo)); diff != "" {
		t.Error(diff)
	}
}

func TestShopperWritesAttributesButNoStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(w.twoShirts("gross"))
	ada := b2c.Reader{SiteID: "gross", CustomerID: w.ada.CustomerID}
	patch := func(r b2c.Reader, c b2c.Change) func(tx *sandbox.Tx) error {
		return func(tx *sandbox.Tx) error { _, err := w.ChangeOrder(tx, r, o.OrderNo, c); return err }
	}
	w.do(patch(ada, b2c.Change{Status: b2c.New, Custom: b2c.Attributes{"note": b2c.Text("ring"), "count": b2c.Number(dec("2"))}}))
	w.do(patch(ada, b2c.Change{Unset: []string{"count"}}))
	if diff := cmp.Diff(b2c.Attributes{"note": b2c.Text("ring")}, w.read(o.OrderNo).Custom); diff != "" {
		t.Error(diff)
	}
	w.refused(b2c.PropertyNotPermitted, patch(ada, b2c.Change{Status: b2c.Cancelled}))
	w.refused(b2c.PropertyNotPermitted, patch(ada, b2c.Change{Custom: b2c.Attributes{b2c.SummaryAttribute: b2c.Text("1Os9")}}))
	w.refused(b2c.PropertyNotPermitted, patch(ada, b2c.Change{Unset: []string{b2c.SummaryAttribute}}))
	w.refused(b2c.PropertyNotPermitted, patch(ada, b2c.Change{Custom: b2c.Attributes{b2c.CurrentOrderAttribute: b2c.Text("1")}}))
	w.refused(b2c.OrderNotFound, patch(b2c.Reader{SiteID: "gross", CustomerID: w.guest.CustomerID}, b2c.Change{}))
}

func TestAChangeOfNothingLeavesTheOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(w.twoShirts("gross"))
	w.do(func(tx *sandbox.Tx) error {
		_, err := w.ChangeOrder(tx, b2c.Reader{}, o.OrderNo, b2c.Change{})
		return err
	})
	if diff := cmp.Diff(o, w.read(o.OrderNo)); diff != "" {
		t.Error(diff)
	}
}
