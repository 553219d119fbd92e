package b2c_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
)

// stocked is a world whose site "net" sells: shirts (50.00), candles (9.99, three in stock), mugs (12.50), caps in two
// sizes (24.90), and engraved rings (100.00, the engraving 8.00). Coupons ONCE (works once, ten per cent off the order), OLD (its
// promotion is over), OFF (disabled), MINE (once a customer). Gift certificate GIFT-1 of 30.00.
func stocked(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	w.do(func(tx *sandbox.Tx) error {
		for _, step := range []func(*sandbox.Tx) error{w.shopWindow, w.discounts, w.checkout} {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func (w *world) shopWindow(tx *sandbox.Tx) error {
	site := b2c.Site{ID: "net", Currency: "USD", Taxation: b2c.Net, TimeZone: "UTC", InventoryListID: "main", Currencies: []string{"JPY"}}
	if err := w.AddSite(tx, site); err != nil {
		return err
	}
	w.SetTaxRate(tx, b2c.TaxRate{SiteID: "net", Rate: dec("0.10")})
	w.SetTaxRate(tx, b2c.TaxRate{SiteID: "net", Country: "US", State: "OR", Rate: dec("0")})
	if err := w.AddInventoryList(tx, b2c.InventoryList{ID: "main"}); err != nil {
		return err
	}
	for _, book := range []b2c.PriceBook{{ID: "usd", Currency: "USD"}, {ID: "usd-sale", Currency: "USD"}, {ID: "jpy", Currency: "JPY"}} {
		if err := w.AddPriceBook(tx, book); err != nil {
			return err
		}
	}
	goods := []b2c.Product{
		{ID: "shirt", Name: "Shirt", Categories: []string{"clothes"}},
		{ID: "candle", Name: "Candle"},
		{ID: "mug", Name: "Mug"},
		{ID: "cap", Name: "Cap", Type: b2c.ProductIsMaster, VariationAttributes: []b2c.VariationAttribute{{ID: "size", Name: "Size", Values: []string{"s", "l"}}}},
		{ID: "cap-s", Name: "Cap, S", MasterID: "cap", Variation: map[string]string{"size": "s"}},
		{ID: "ring", Name: "Ring", Options: []b2c.ProductOption{{ID: "engraving", Name: "Engraving", Values: []b2c.OptionValue{
			{ID: "none", Name: "none"}, {ID: "name", Name: "a name", Prices: map[string]decimal.Decimal{"USD": dec("8.00")}},
		}}}},
		{ID: "rope", Name: "Rope", MinQuantity: dec("0.5"), Step: dec("0.25")},
		{ID: "gone", Name: "Gone", Offline: true},
	}
	units := map[string]string{"shirt": "50.00", "candle": "9.99", "mug": "12.50", "cap-s": "24.90", "ring": "100.00", "rope": "3.33", "gone": "1.00"}
	for _, p := range goods {
		if err := w.AddProduct(tx, p); err != nil {
			return err
		}
		if units[p.ID] == "" {
			continue
		}
		if err := w.SetPrice(tx, b2c.ProductPrice{PriceBookID: "usd", ProductID: p.ID, Unit: dec(units[p.ID])}); err != nil {
			return err
		}
		stock := "100"
		if p.ID == "candle" {
			stock = "3"
		}
		if err := w.SetInventory(tx, b2c.InventoryRecord{ListID: "main", ProductID: p.ID, Allocation: dec(stock)}); err != nil {
			return err
		}
	}
	return w.SetPrice(tx, b2c.ProductPrice{PriceBookID: "jpy", ProductID: "shirt", Unit: dec("5001")})
}

func (w *world) discounts(tx *sandbox.Tx) error {
	for _, c := range []b2c.Coupon{
		{ID: "once", Codes: []string{"ONCE"}, PerCode: 1},
		{ID: "old", Codes: []string{"OLD"}},
		{ID: "off", Codes: []string{"OFF"}, Disabled: true},
		{ID: "mine", Codes: []string{"MINE"}, PerCustomer: 1},
		{ID: "lately", Codes: []string{"LATELY"}, PerTimeFrame: 1, TimeFrame: 30},
		{ID: "thrice", Codes: []string{"THRICE"}, PerCode: 3},
		{ID: "rich", Codes: []string{"RICH"}},
		{ID: "both", Codes: []string{"BOTH-1", "BOTH-2"}},
	} {
		if err := w.AddCoupon(tx, c); err != nil {
			return err
		}
	}
	offOrder := func(id, kind, value, threshold string, coupons ...string) b2c.Promotion {
		return b2c.Promotion{CouponIDs: coupons, Promotion: price.Promotion{ID: id, Class: price.ClassOrder, Tiers: []price.Tier{{
			MinAmount: dec(threshold), Discount: price.Discount{Type: price.DiscountType(kind), Value: dec(value)},
		}}}}
	}
	old := offOrder("over", "amount", "5", "0", "old")
	old.Until = monday().AddDate(0, 0, -1)
	for _, p := range []b2c.Promotion{
		offOrder("ten", "percentage", "10", "0", "once", "mine", "lately", "thrice", "both"), offOrder("rich-only", "amount", "50", "1000", "rich"), old,
	} {
		if err := w.AddPromotion(tx, p); err != nil {
			return err
		}
	}
	_, err := w.AddGiftCertificate(tx, b2c.GiftCertificate{Code: "GIFT-1", Currency: "USD", Amount: dec("30.00")})
	return err
}

func (w *world) checkout(tx *sandbox.Tx) error {
	for _, o := range []b2c.ShippingOffer{
		{ShippingMethod: b2c.ShippingMethod{ID: "ground", Name: "Ground"}, Prices: map[string][]b2c.ShippingPrice{
			"USD": {{Price: dec("5.99")}, {From: dec("200"), Price: dec("0")}}, "JPY": {{Price: dec("600")}},
		}},
		{ShippingMethod: b2c.ShippingMethod{ID: "express"}, Prices: map[string][]b2c.ShippingPrice{"USD": {{Price: dec("15.00")}}}, Countries: []string{"US"}},
	} {
		if err := w.AddShippingMethod(tx, o); err != nil {
			return err
		}
	}
	for _, m := range []b2c.PaymentMethod{
		{ID: "CREDIT_CARD", Cards: []string{"Visa"}}, {ID: b2c.GiftCertificateMethod}, {ID: "INVOICE", Max: dec("100")}, {ID: "OLD", Disabled: true},
	} {
		if err := w.AddPaymentMethod(tx, m); err != nil {
			return err
		}
	}
	w.AddSourceCode(tx, b2c.SourceCode{Code: "mail"})
	w.AddSourceCode(tx, b2c.SourceCode{Code: "past", Inactive: true})
	return nil
}

// shopper is Ada, working on her own baskets; agent somebody who works on everybody's.
func (w *world) shopper() b2c.Editor {
	return b2c.Editor{Reader: b2c.Reader{SiteID: "net", CustomerID: w.ada.CustomerID}, Name: "ada"}
}

func (w *world) agent() b2c.Editor {
	return b2c.Editor{Reader: b2c.Reader{SiteID: "net"}, Agent: true, Name: "agent"}
}

func home() b2c.OrderAddress {
	return b2c.OrderAddress{FirstName: "Ada", LastName: "Nolan", Address1: "Elm 1", City: "Boston", StateCode: "MA", CountryCode: "US"}
}

// open gives Ada a basket and lets work fill it.
func (w *world) open(work ...func(*b2c.BasketEdit) error) b2c.Basket {
	w.t.Helper()
	var basket b2c.Basket
	w.do(func(tx *sandbox.Tx) (err error) {
		basket, err = w.OpenBasket(tx, w.shopper(), b2c.NewBasket{})
		return err
	})
	for _, each := range work {
		basket = w.edit(basket, each)
	}
	return basket
}

func (w *world) edit(basket b2c.Basket, work func(*b2c.BasketEdit) error) b2c.Basket {
	w.t.Helper()
	return w.editAs(w.shopper(), basket, work)
}

func (w *world) editAs(who b2c.Editor, basket b2c.Basket, work func(*b2c.BasketEdit) error) b2c.Basket {
	w.t.Helper()
	w.do(func(tx *sandbox.Tx) (err error) {
		basket, err = w.EditBasket(tx, who, b2c.BasketRef{ID: basket.BasketID}, work)
		return err
	})
	return basket
}

func put(productID, quantity string) func(*b2c.BasketEdit) error {
	return func(e *b2c.BasketEdit) error {
		return e.AddItems([]b2c.NewBasketItem{{ProductID: productID, Quantity: dec(quantity)}})
	}
}

func coupon(code string) func(*b2c.BasketEdit) error {
	return func(e *b2c.BasketEdit) error { return e.AddCoupon(code) }
}

// ready says where the basket goes, how, and who pays it.
func ready(e *b2c.BasketEdit) error {
	e.SetBillingAddress(home(), true)
	if err := e.SetShippingMethod(b2c.DefaultShipment, "ground"); err != nil {
		return err
	}
	return e.AddPayment(b2c.NewBasketPayment{PaymentMethodID: "CREDIT_CARD", Card: b2c.PaymentCard{CardType: "Visa", MaskedNumber: "************1111"}})
}

func (w *world) submit(basket b2c.Basket) b2c.Order {
	w.t.Helper()
	var o b2c.Order
	w.do(func(tx *sandbox.Tx) (err error) {
		o, err = w.SubmitBasket(tx, w.shopper(), b2c.Submission{BasketRef: b2c.BasketRef{ID: basket.BasketID}})
		return err
	})
	return o
}

func (w *world) refusesEdit(want b2c.Code, basket b2c.Basket, work func(*b2c.BasketEdit) error) map[string]string {
	w.t.Helper()
	return w.refused(want, func(tx *sandbox.Tx) error {
		_, err := w.EditBasket(tx, w.shopper(), b2c.BasketRef{ID: basket.BasketID}, work)
		return err
	})
}

func (w *world) refusesSubmit(want b2c.Code, basket b2c.Basket) map[string]string {
	w.t.Helper()
	return w.refused(want, func(tx *sandbox.Tx) error {
		_, err := w.SubmitBasket(tx, w.shopper(), b2c.Submission{BasketRef: b2c.BasketRef{ID: basket.BasketID}})
		return err
	})
}

func (w *world) stock(productID string) b2c.InventoryRecord {
	w.t.Helper()
	tx := w.Read()
	defer tx.Abort()
	r, ok := w.InventoryRecord(tx, "main", productID)
	if !ok {
		w.t.Fatalf("no record of %s", productID)
	}
	return r
}

// look reads something in a transaction of its own.
func look[T any](w *world, read func(tx *sandbox.Tx) T) T {
	tx := w.Read()
	defer tx.Abort()
	return read(tx)
}
