package simulator

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/invariant"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/worldline"
)

// till is the empty shop with all systems behind it, in which customer one orders.
type till struct {
	*sandbox.World
	preset.Domains
	t *testing.T
}

func openTill(t *testing.T) *till {
	t.Helper()
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	all, err := build(schema, Org{})
	if err != nil {
		t.Fatal(err)
	}
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), Log: slog.New(slog.DiscardHandler),
		Redactor: journal.NewRedactor(), Presets: preset.All(all.domains), Runners: all.runners,
	})
	w, err := worlds.Create("till", sandbox.Options{From: "empty", Mode: clock.ModeManual})
	if err != nil {
		t.Fatal(err)
	}
	tl := &till{w, all.domains, t}
	tl.do(func(tx *sandbox.Tx) error {
		return tl.B2C.AddSite(tx, b2c.Site{ID: "Gross", Currency: "EUR", Taxation: b2c.Gross, TimeZone: "Europe/Berlin"})
	})
	return tl
}

func (tl *till) do(work func(tx *sandbox.Tx) error) {
	tl.t.Helper()
	if err := tl.Update(work); err != nil {
		tl.t.Fatal(err)
	}
}

func num(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// basket is an order with every kind of discount, to two places.
func basket(site string) b2c.NewOrder {
	home := b2c.OrderAddress{FirstName: "Ada", LastName: "Nolan", Address1: "Way 1", City: "Boston", PostalCode: "02110", StateCode: "MA", CountryCode: "US", Phone: "1"}
	return b2c.NewOrder{
		OrderNo: "H-" + site, SiteID: site, CustomerID: "abcustomer000000000000000001", Status: b2c.Created, BillingAddress: home,
		Items: []b2c.NewItem{
			{ProductID: "SHIRT-M", Quantity: num("3"), BasePrice: num("33.33"), TaxRate: num("0.19"), Adjustments: []b2c.PriceAdjustment{
				{PromotionID: "ten", ItemText: "Ten off", Amount: num("-10.00")}, {PromotionID: "one", ItemText: "One off", Amount: num("-1.01")},
			}},
			{ProductID: "MUG", Quantity: num("7"), BasePrice: num("1.99"), TaxRate: num("0.07"), ShipmentID: "store"},
		},
		Shipments: []b2c.NewShipment{
			{
				ShipmentID: "me", Method: b2c.ShippingMethod{ID: "delivery", Name: "Home delivery"}, Address: home, Price: num("5.99"), TaxRate: num("0.19"),
				Adjustments: []b2c.PriceAdjustment{{PromotionID: "freight", ItemText: "Half freight", Amount: num("-3.00")}},
			},
			{ShipmentID: "store", Method: b2c.ShippingMethod{ID: "click", Name: "Click and collect"}, Address: home},
		},
		Adjustments: []b2c.PriceAdjustment{{PromotionID: "welcome", ItemText: "Welcome", CouponCode: "HELLO", Amount: num("-7.77")}},
		Coupons:     []string{"HELLO"}, Payments: []b2c.NewPaymentInstrument{{PaymentMethodID: "CREDIT_CARD", Card: b2c.PaymentCard{CardType: "Visa", LastDigits: "1111"}}},
	}
}

// submit stores an order and has the payment platform hold its price.
func (tl *till) submit(n b2c.NewOrder) b2c.Order {
	tl.t.Helper()
	var o b2c.Order
	tl.do(func(tx *sandbox.Tx) error {
		site, err := tl.B2C.Site(tx, n.SiteID)
		if err != nil {
			return err
		}
		p, err := tl.Worldline.Authorize(tx, worldline.NewPayment{MerchantReference: n.OrderNo, Amount: 1, Currency: site.Currency})
		if err != nil {
			return err
		}
		n.Payments[0].TransactionID = p.ID
		o, err = tl.B2C.PlaceOrder(tx, n)
		return err
	})
	return o
}

func (tl *till) summary(orderNo string) *sobject.Record {
	tl.t.Helper()
	tx := tl.Read()
	defer tx.Abort()
	found := tl.SOM.Rows(tx).Lookup("OrderSummary", "OrderNumber", orderNo)
	if len(found) > 1 {
		tl.t.Fatalf("order %s is there %d times", orderNo, len(found))
	}
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// value reads a field of a row, formulas included.
func (tl *till) value(r *sobject.Record, name string) string {
	object, _ := tl.SOM.Catalog().Object(r.Object)
	field, ok := object.Field(name)
	if !ok {
		tl.t.Fatalf("%s has no %s", r.Object, name)
	}
	switch v := tl.SOM.Catalog().Value(r, field).(type) {
	case decimal.Decimal:
		return v.StringFixed(2)
	case string:
		return v
	}
	return ""
}

func TestAPlacedOrderArrivesInOrderManagementToTheCent(t *testing.T) {
	t.Parallel()
	for site, locale := range map[string]string{"RefArch": "Net", "Gross": "Gross"} {
		t.Run(site, func(t *testing.T) {
			t.Parallel()
			tl := openTill(t)
			o := tl.submit(basket(site))
			tl.do(func(tx *sandbox.Tx) error { return tl.B2C.Place(tx, o.OrderNo) })
			if tl.summary(o.OrderNo) != nil {
				t.Fatal("it is there at once")
			}
			if _, err := tl.Advance(t.Context(), b2c.DefaultDelay); err != nil {
				t.Fatal(err)
			}
			s := tl.summary(o.OrderNo)
			if s == nil {
				t.Fatalf("it never arrived: %+v", tl.order(o.OrderNo))
			}
			got := map[string]string{}
			for _, field := range []string{"GrandTotalAmount", "TotalTaxAmount", "TaxLocaleType", "CurrencyIsoCode", "ExternalReferenceIdentifier", "Status", "BillingCity", "OrderProductLineCount"} {
				got[field] = tl.value(s, field)
			}
			want := map[string]string{
				"GrandTotalAmount": o.Totals.OrderTotal.StringFixed(2), "TotalTaxAmount": o.Totals.TaxTotal.StringFixed(2), "TaxLocaleType": locale,
				"CurrencyIsoCode": o.Currency, "ExternalReferenceIdentifier": "zzte_053@" + site + "@" + o.OrderNo, "Status": "Created", "BillingCity": "Boston",
				"OrderProductLineCount": "2.00",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if stored := tl.order(o.OrderNo); stored.ExportStatus != b2c.Exported || stored.OrderSummaryID != s.ID {
				t.Errorf("%s %s", stored.ExportStatus, stored.OrderSummaryID)
			}
			tl.lines(s, o)
		})
	}
}

func (tl *till) order(no string) b2c.Order {
	tl.t.Helper()
	tx := tl.Read()
	defer tx.Abort()
	o, err := tl.B2C.Order(tx, b2c.Reader{}, no)
	if err != nil {
		tl.t.Fatal(err)
	}
	return o
}

// lines holds every line against the one that commerce has, with its tax, and the groups against the shipments.
func (tl *till) lines(s *sobject.Record, o b2c.Order) {
	tl.t.Helper()
	tx := tl.Read()
	defer tx.Abort()
	got, want := map[string]string{}, map[string]string{}
	for _, item := range tl.SOM.Rows(tx).Lookup("OrderItemSummary", "OrderSummaryId", s.ID) {
		if item.Text("TypeCode") == "Product" {
			got[item.Text("ProductCode")] = tl.value(item, "TotalAmtWithTax") + " with " + tl.value(item, "Quantity")
		} else {
			got["delivery"] = num(orZero(got["delivery"])).Add(num(tl.value(item, "TotalAmtWithTax"))).StringFixed(2)
		}
	}
	withTax := func(price, tax decimal.Decimal) decimal.Decimal {
		if o.Taxation == b2c.Gross {
			return price
		}
		return price.Add(tax)
	}
	delivery := decimal.Zero
	for _, i := range o.ProductItems {
		want[i.ProductID] = withTax(i.PriceAfterOrderDiscount, i.AdjustedTax).StringFixed(2) + " with " + i.Quantity.StringFixed(2)
	}
	for _, i := range o.ShippingItems {
		delivery = delivery.Add(withTax(i.PriceAfterItemDiscount, i.AdjustedTax))
	}
	want["delivery"] = delivery.StringFixed(2)
	if diff := cmp.Diff(want, got); diff != "" {
		tl.t.Error(diff)
	}
	if groups := tl.SOM.Rows(tx).Lookup("OrderDeliveryGroupSummary", "OrderSummaryId", s.ID); len(groups) != len(o.Shipments) {
		tl.t.Errorf("%d groups of %d shipments", len(groups), len(o.Shipments))
	}
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

func TestAnOrderIsTakenOverOnce(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	o := tl.submit(basket("RefArch"))
	tl.do(func(tx *sandbox.Tx) error { return tl.B2C.Place(tx, o.OrderNo) })
	if _, err := tl.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	first := tl.summary(o.OrderNo)
	for range 2 {
		tl.do(func(tx *sandbox.Tx) error {
			return tl.B2C.UpdateOrder(tx, b2c.Reader{}, o.OrderNo, b2c.OrderUpdate{Export: b2c.NotExported})
		})
		tl.do(func(tx *sandbox.Tx) error {
			return tl.B2C.UpdateOrder(tx, b2c.Reader{}, o.OrderNo, b2c.OrderUpdate{Export: b2c.Ready})
		})
		if _, err := tl.Advance(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if again := tl.summary(o.OrderNo); again.ID != first.ID || tl.order(o.OrderNo).OrderSummaryID != first.ID {
		t.Errorf("taken over as %s and %s", first.ID, again.ID)
	}
}

func TestAnOrderOfAnUnknownProductIsRefusedAndCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	n := basket("RefArch")
	n.Items[1].ProductID = "UNICORN"
	o := tl.submit(n)
	tl.do(func(tx *sandbox.Tx) error { return tl.B2C.Place(tx, o.OrderNo) })
	if _, err := tl.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	got := tl.order(o.OrderNo)
	if got.ExportStatus != b2c.ExportFailed || !strings.Contains(got.ExportProblem, `no product "UNICORN"`) || tl.summary(o.OrderNo) != nil {
		t.Errorf("%s, %q, %v", got.ExportStatus, got.ExportProblem, tl.summary(o.OrderNo))
	}
}

// What is taken over must be as consistent as what presets build: with the price held, nothing contradicts an invariant.
func TestATakenOverOrderContradictsNoInvariant(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	n := basket("RefArch")
	tl.do(func(tx *sandbox.Tx) error {
		priced, err := tl.B2C.PlaceOrder(tx, n)
		if err != nil {
			return err
		}
		p, err := tl.Worldline.Authorize(tx, worldline.NewPayment{
			MerchantReference: n.OrderNo, Amount: priced.Totals.OrderTotal.Shift(2).IntPart(), Currency: priced.Currency,
		})
		if err != nil {
			return err
		}
		n.OrderNo, n.Payments[0].TransactionID = "H-2", p.ID
		_, err = tl.B2C.PlaceOrder(tx, n)
		if err == nil {
			err = tl.B2C.Place(tx, "H-2")
		}
		return err
	})
	if _, err := tl.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	tx := tl.Read()
	defer tx.Abort()
	if tl.summary("H-2") == nil {
		t.Fatal("it never arrived")
	}
	for _, v := range invariant.Check(tl.Domains, tx) {
		t.Errorf("%+v", v)
	}
}
