package ocapi_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// market is the shop with goods to buy: mugs (11.90, ten of them; 1.234 KWD, 1000 JPY), hats (a master of hat-s) and rings that can be
// engraved; the coupon TEN (works once), the gift certificate GIFT-1 of 5.00, ground and express delivery, cards and gift
// certificates to pay with. Everything is taxed at 19 per cent, which is in the prices.
func market(t *testing.T) *shop {
	t.Helper()
	bench, domain := facetest.Start(t, b2c.Declare, ocapi.New, stocked, ocapi.NewBaskets)
	bench.Watch = answered.note
	return &shop{bench, domain}
}

func stocked(tx *sandbox.Tx, d *b2c.B2C) error {
	for _, fill := range []func(*sandbox.Tx, *b2c.B2C) error{small, goods, offers} {
		if err := fill(tx, d); err != nil {
			return err
		}
	}
	return nil
}

func goods(tx *sandbox.Tx, d *b2c.B2C) error {
	err := d.AddSite(tx, b2c.Site{ID: "RefArch", Currency: "EUR", TimeZone: "UTC", Locale: "en_US", Currencies: []string{"JPY", "KWD"}, InventoryListID: "stock"})
	if err != nil {
		return err
	}
	d.SetTaxRate(tx, b2c.TaxRate{SiteID: "RefArch", Rate: dec("0.19")})
	if err := d.AddInventoryList(tx, b2c.InventoryList{ID: "stock", DefaultInStock: true}); err != nil {
		return err
	}
	for _, currency := range []string{"EUR", "JPY", "KWD"} {
		if err := d.AddPriceBook(tx, b2c.PriceBook{ID: "list-" + currency, Currency: currency}); err != nil {
			return err
		}
	}
	for _, p := range []b2c.Product{
		{ID: "mug", Name: "Mug", Categories: []string{"kitchen"}, Custom: b2c.Attributes{"dishwasher": b2c.Flag(true)}},
		{ID: "off", Offline: true},
		{ID: "hat", Name: "Hat", Type: b2c.ProductIsMaster, VariationAttributes: []b2c.VariationAttribute{{ID: "size", Name: "Size", Values: []string{"s", "l"}}}},
		{ID: "hat-s", Name: "Hat, S", MasterID: "hat", Variation: map[string]string{"size": "s"}},
		{ID: "ring", Name: "Ring", Options: []b2c.ProductOption{{ID: "engraving", Name: "Engraving", Values: []b2c.OptionValue{
			{ID: "none", Name: "none"}, {ID: "name", Name: "a name", Prices: map[string]decimal.Decimal{"EUR": dec("8.00")}},
		}}}},
		{ID: "tea", Name: "Tea for two", Bundled: []b2c.BundledProduct{{ProductID: "mug", Quantity: dec("2")}, {ProductID: "hat-s", Quantity: dec("1")}}},
	} {
		if err := d.AddProduct(tx, p); err != nil {
			return err
		}
	}
	for _, p := range []b2c.ProductPrice{
		{PriceBookID: "list-EUR", ProductID: "mug", Unit: dec("11.90")},
		{PriceBookID: "list-JPY", ProductID: "mug", Unit: dec("1000")},
		{PriceBookID: "list-KWD", ProductID: "mug", Unit: dec("1.234")},
		{PriceBookID: "list-EUR", ProductID: "hat-s", Unit: dec("20")},
		{PriceBookID: "list-EUR", ProductID: "ring", Unit: dec("100")},
		{PriceBookID: "list-EUR", ProductID: "tea", Unit: dec("30")},
	} {
		if err := d.SetPrice(tx, p); err != nil {
			return err
		}
	}
	return d.SetInventory(tx, b2c.InventoryRecord{ListID: "stock", ProductID: "mug", Allocation: dec("10")})
}

func offers(tx *sandbox.Tx, d *b2c.B2C) error {
	for _, c := range []b2c.Coupon{{ID: "ten", Codes: []string{"TEN"}, PerCode: 1}, {ID: "idle", Codes: []string{"IDLE"}}} {
		if err := d.AddCoupon(tx, c); err != nil {
			return err
		}
	}
	orderOff := func(id, threshold, value string, coupons ...string) b2c.Promotion {
		return b2c.Promotion{CouponIDs: coupons, Promotion: price.Promotion{ID: id, Class: price.ClassOrder, Tiers: []price.Tier{{
			MinAmount: dec(threshold), Discount: price.Discount{Type: price.Percentage, Value: dec(value)},
		}}}}
	}
	choice := b2c.Promotion{Promotion: price.Promotion{ID: "choice", Class: price.ClassProduct, Qualifying: price.Products{IDs: []string{"ring"}}, Tiers: []price.Tier{{
		Discount: price.Discount{Type: price.BonusChoice, Value: dec("1"), Products: []string{"mug"}},
	}}}}
	for _, p := range []b2c.Promotion{orderOff("ten-off", "0", "10", "ten"), orderOff("much", "500", "20"), choice} {
		if err := d.AddPromotion(tx, p); err != nil {
			return err
		}
	}
	for id, cost := range map[string]string{"ground": "4.90", "express": "9.90"} {
		offer := b2c.ShippingOffer{ShippingMethod: b2c.ShippingMethod{ID: id, Name: id}, Default: id == "ground", Prices: map[string][]b2c.ShippingPrice{
			"EUR": {{Price: dec(cost)}}, "JPY": {{Price: dec("500")}}, "KWD": {{Price: dec("0.5")}},
		}}
		if id == "express" {
			offer.Countries = []string{"DE"}
		}
		if err := d.AddShippingMethod(tx, offer); err != nil {
			return err
		}
	}
	for _, m := range []b2c.PaymentMethod{{ID: "CREDIT_CARD", Name: "Card", Cards: []string{"Visa"}}, {ID: b2c.GiftCertificateMethod}} {
		if err := d.AddPaymentMethod(tx, m); err != nil {
			return err
		}
	}
	d.AddSourceCode(tx, b2c.SourceCode{Code: "mail"})
	d.AddSourceCode(tx, b2c.SourceCode{Code: "past", Inactive: true})
	_, err := d.AddGiftCertificate(tx, b2c.GiftCertificate{Code: "GIFT-1", Currency: "EUR", Amount: dec("5.00")})
	return err
}

const (
	baskets = base + "/baskets"
	town    = `{"first_name":"Ada","last_name":"X","address1":"Way 1","city":"Town","postal_code":"12345","country_code":"DE"}`
)

// shopping is a caller with a basket.
type shopping struct {
	*shop
	header []string
	id     string
}

// basket opens a basket for the caller.
func (s *shop) basket(header []string) *shopping {
	s.T.Helper()
	doc := s.document(s.send(http.MethodPost, baskets, "", header...))
	return &shopping{s, header, doc["basket_id"].(string)}
}

// do calls below the basket and returns the document; the method and the path come in one text.
func (b *shopping) do(method, below, body string) map[string]any {
	b.T.Helper()
	return b.document(b.send(method, baskets+"/"+b.id+below, body, b.header...))
}

// readyToGo fills the basket with two mugs, so that nothing keeps it from being submitted.
func (b *shopping) readyToGo() map[string]any {
	b.T.Helper()
	b.do(http.MethodPost, "/items", `[{"product_id":"mug","quantity":2,"c_note":"blue"}]`)
	b.do(http.MethodPut, "/billing_address?use_as_shipping=true", town)
	b.do(http.MethodPut, "/shipments/me/shipping_method", `{"id":"ground"}`)
	return b.do(http.MethodPost, "/payment_instruments", `{"payment_method_id":"CREDIT_CARD","payment_card":{"card_type":"Visa","number":"4111 1111 1111 1111","expiration_month":12,"expiration_year":2029}}`)
}

func part(t *testing.T, doc map[string]any, list string, i int) map[string]any {
	t.Helper()
	items, _ := doc[list].([]any)
	if i >= len(items) {
		t.Fatalf("%s has %d elements in %v", list, len(items), doc)
	}
	return items[i].(map[string]any)
}

func (s *shop) tx(work func(tx *sandbox.Tx) error) {
	s.T.Helper()
	if err := s.World.Update(work); err != nil {
		s.T.Fatal(err)
	}
}

func (s *shop) advance(d time.Duration) {
	s.T.Helper()
	if _, err := s.World.Advance(s.T.Context(), d); err != nil {
		s.T.Fatal(err)
	}
}

func flashTypes(doc map[string]any) []string {
	var out []string
	list, _ := doc["_flash"].([]any)
	for _, f := range list {
		out = append(out, f.(map[string]any)["type"].(string))
	}
	return out
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
