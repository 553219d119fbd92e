package ocapi_test

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/sandbox"
)

// provoked is a fault and what brings it about: a call below the basket of Ada, which is ready to be submitted.
type provoked struct {
	name   string
	status int
	rule   string
	// call is "METHOD path", body its body. {item}, {basket} and {mug} stand for the ids of the basket's line and basket.
	call, body string
	// arguments are "name=value", in any order; values may hold the same placeholders.
	arguments string
	// as is the caller: ada, system, or nobody.
	as string
	// before changes the shop first.
	before func(tx *sandbox.Tx, d *b2c.B2C) error
}

func basketFaults() []provoked {
	return []provoked{
		// POST /baskets
		{name: "CustomerBasketsQuotaExceeded", rule: "b2c.basket.quota", call: "POST ..", arguments: "basketIds={basket}"},
		{name: "InvalidCustomer", rule: "b2c.basket.customer", call: "POST ..", as: "system", body: `{"customer_info":{"customer_id":"nobody"}}`, arguments: "customerId=nobody"},
		{name: "InvalidCustomer", rule: "b2c.basket.customer", call: "PUT /customer", body: `{"customer_id":"bob"}`, arguments: "customerId=bob"},
		{name: "InvalidCustomer", rule: "b2c.basket.customer", call: "PUT /agent", arguments: "customerId=ada"},
		{name: "UnsupportedCurrency", rule: "b2c.basket.currency", call: "POST ..?currency=GBP", as: "system", arguments: "currency=GBP"},
		{name: "UnsupportedCurrency", rule: "b2c.basket.currency", call: "PATCH ", body: `{"currency":"GBP"}`, arguments: "currency=GBP"},
		{name: "BasketNotFound", status: 404, rule: "b2c.basket.own", call: "GET ../none", arguments: "basketId=none"},
		{name: "BasketNotFound", status: 404, rule: "b2c.basket.own", call: "GET ", as: "bob", arguments: "basketId={basket}"},
		{name: "CustomerNotFound", status: 404, rule: "b2c.customer.own", call: "GET ../../customers/bob/baskets", arguments: "customerId=bob"},
		// PATCH
		{name: "SourceCodeNotFound", rule: "b2c.basket.source-code", call: "PATCH ", body: `{"source_code":"none"}`, arguments: "sourceCode=none"},
		{name: "SourceCodeInactive", rule: "b2c.basket.source-code", call: "PATCH ", body: `{"source_code":"past"}`, arguments: "sourceCode=past"},
		{name: "UnknownProperty", rule: "b2c.basket.known-properties", call: "PATCH ", body: `{"colour":1}`, arguments: "property=colour document=basket"},
		{name: "InvalidCustomProperty", rule: "b2c.order.custom-value", call: "PATCH ", body: `{"c_a":{"b":1}}`, arguments: "property=c_a document=basket"},
		{name: "UnknownProperty", rule: "b2c.basket.known-properties", call: "POST /items", body: `[{"product_id":"mug","colour":1}]`, arguments: "property=colour document=product_item"},
		{name: "UnknownProperty", rule: "b2c.basket.known-properties", call: "POST ..", as: "system", body: `{"colour":1}`, arguments: "property=colour document=basket"},
		{name: "ShippingItemNotFound", status: 404, rule: "b2c.shipment.item-known", call: "PATCH ", body: `{"shipping_items":[{"item_id":"none"}]}`, arguments: "itemId=none"},
		{name: "ResourceStateConflict", status: 409, rule: "b2c.order.resource-state", call: "PATCH ", body: `{"_resource_state":"` + zeros + `"}`, arguments: "client=" + zeros + " server={state}"},
		{name: "Validation", rule: "b2c.basket.price-book", call: "PUT /price_books", body: `["none"]`},
		{name: "Validation", rule: "b2c.basket.reservation", call: "POST /reservation", body: `{"reservation_duration_in_minutes":241}`},
		{name: "NoteNotFound", status: 404, rule: "b2c.basket.notes", call: "DELETE /notes/none", arguments: "noteId=none"},
		// items
		{name: "InvalidProductId", rule: "b2c.item.product", call: "POST /items", body: `[{"quantity":1}]`, arguments: "productId="},
		{name: "InvalidProductId", rule: "b2c.item.product", call: "POST /items", body: `[{"product_id":"off"}]`, arguments: "productId=off"},
		{name: "ProductNotFound", status: 404, rule: "b2c.product.known", call: "POST /items", body: `[{"product_id":"none"}]`, arguments: "productId=none"},
		{name: "InvalidProductType", rule: "b2c.item.product-type", call: "POST /items", body: `[{"product_id":"hat"}]`, arguments: "productId=hat"},
		{name: "InvalidProductItemQuantity", rule: "b2c.item.quantity", call: "POST /items", body: `[{"product_id":"hat-s","quantity":0}]`, arguments: "quantity=-1"},
		{name: "InvalidProductItemQuantity", rule: "b2c.item.quantity", call: "POST /items", body: `[{"product_id":"hat-s","quantity":1.5}]`, arguments: "quantity=1.5"},
		{name: "InvalidProductItemQuantity", rule: "b2c.item.quantity", call: "PATCH /items/{item}", body: `{"quantity":1000}`, arguments: "quantity=1000"},
		{name: "ProductItemNotAvailable", rule: "b2c.item.in-stock", call: "PATCH /items/{item}", body: `{"quantity":11}`, arguments: "productId=mug"},
		{name: "InvalidProductOptionItem", rule: "b2c.item.option", call: "POST /items", body: `[{"product_id":"ring","option_items":[{"option_id":"x","option_value_id":"y"}]}]`, arguments: "optionId=x"},
		{name: "InvalidProductOptionValueItem", rule: "b2c.item.option-value", call: "POST /items", body: `[{"product_id":"ring","option_items":[{"option_id":"engraving","option_value_id":"y"}]}]`, arguments: "optionValueId=y"},
		{name: "BonusDiscountLineItemNotFound", status: 404, rule: "b2c.item.bonus-choice", call: "POST /items", body: `[{"product_id":"mug","bonus_discount_line_item_id":"none"}]`, arguments: "itemId=none"},
		{name: "ProductItemNotFound", status: 404, rule: "b2c.item.known", call: "PATCH /items/none", body: `{"quantity":1}`, arguments: "itemId=none"},
		{name: "ProductItemNotFound", status: 404, rule: "b2c.item.known", call: "DELETE /items/none", arguments: "itemId=none"},
		{name: "ProductItemNotFound", status: 404, rule: "b2c.item.known", call: "DELETE /gift_certificate_items/none", arguments: "itemId=none"},
		{name: "ShipmentNotFound", status: 404, rule: "b2c.shipment.known", call: "POST /items", body: `[{"product_id":"mug","shipment_id":"none"}]`, arguments: "shipmentId=none"},
		// coupons
		{name: "MissingCouponCode", rule: "b2c.coupon.given", call: "POST /coupons", body: `{}`},
		{name: "InvalidCouponCode", rule: "b2c.coupon.redeemable", call: "POST /coupons", body: `{"code":"NONE"}`, arguments: "couponCode=NONE"},
		{name: "InvalidCouponCode", rule: "b2c.coupon.redeemable", call: "POST /coupons", body: `{"code":"ten"}`, arguments: "couponCode=ten"},
		{name: "CouponItemNotFound", status: 404, rule: "b2c.coupon.known", call: "DELETE /coupons/none", arguments: "couponItemId=none"},
		// shipments
		{name: "DuplicateShipmentId", rule: "b2c.shipment.id-unique", call: "POST /shipments", body: `{"shipment_id":"me"}`, arguments: "shipmentId=me"},
		{name: "DuplicateShipmentNo", rule: "b2c.shipment.no-unique", call: "POST ..", as: "system", body: `{"shipments":[{"id":"a","shipment_no":"1"},{"id":"b","shipment_no":"1"}]}`, arguments: "shipmentNo=1"},
		{name: "InvalidShipmentId", rule: "b2c.shipment.default", call: "DELETE /shipments/me", arguments: "shipmentId=me"},
		{name: "InvalidShippingMethodId", rule: "b2c.shipment.method", call: "PUT /shipments/me/shipping_method", body: `{"id":"none"}`, arguments: "shippingMethodId=none"},
		{name: "MissingShippingMethodId", rule: "b2c.shipment.method-given", call: "PUT /shipments/me/shipping_method", body: `{}`},
		{name: "ShipmentNotFound", status: 404, rule: "b2c.shipment.known", call: "PATCH /shipments/none", body: `{"gift":true}`, arguments: "shipmentId=none"},
		{name: "ShipmentNotFound", status: 404, rule: "b2c.shipment.known", call: "GET /shipments/none/shipping_methods", arguments: "shipmentId=none"},
		// payments
		{name: "InvalidPaymentMethodId", rule: "b2c.payment.method", call: "POST /payment_instruments", body: `{"payment_method_id":"CASH"}`, arguments: "paymentMethodId=CASH"},
		{name: "InvalidPaymentMethodId", rule: "b2c.payment.method", call: "POST /payment_instruments", body: `{"payment_method_id":"CREDIT_CARD","payment_card":{"card_type":"Amex"}}`, arguments: "paymentMethodId=CREDIT_CARD"},
		{name: "InvalidPaymentMethod", rule: "b2c.payment.gift-certificate", call: "POST /payment_instruments", body: `{"payment_method_id":"GIFT_CERTIFICATE","gift_certificate_code":"NONE"}`, arguments: "paymentMethodId=GIFT_CERTIFICATE"},
		{name: "PaymentInstrumentNotFound", status: 404, rule: "b2c.payment.known", call: "DELETE /payment_instruments/none", arguments: "paymentInstrumentId=none"},
		// price adjustments
		{name: "PropertyNotPermitted", rule: "b2c.adjustment.agents", call: "POST /price_adjustments", body: `{"level":"order"}`, arguments: "property=order_price_adjustments document=basket"},
		{name: "InvalidPriceAdjustmentLevel", rule: "b2c.adjustment.level", call: "POST /price_adjustments", as: "system", body: `{"level":"moon"}`, arguments: "level=moon"},
		{name: "SystemPromotionId", rule: "b2c.adjustment.system-promotion", call: "POST /price_adjustments", as: "system", body: `{"level":"order","promotion_id":"much"}`, arguments: "promotionId=much"},
		{name: "InvalidPromotionId", rule: "b2c.adjustment.known", call: "DELETE /price_adjustments/none", as: "system", arguments: "promotionId=none"},
		{name: "ShippingItemNotFound", status: 404, rule: "b2c.shipment.item-known", call: "POST /price_adjustments", as: "system", body: `{"level":"shipping","item_id":"none"}`, arguments: "itemId=none"},
		// POST /orders
		{name: "InvalidBasketId", rule: "b2c.submit.basket-given", call: "POST ../../orders", body: `{}`, arguments: "basketId="},
		{name: "BasketNotFound", status: 404, rule: "b2c.basket.own", call: "POST ../../orders", body: `{"basket_id":"none"}`, arguments: "basketId=none"},
		{name: "OrderAlreadyExists", rule: "b2c.submit.number-free", call: "PUT ../../orders/O-1", body: `{"basket_id":"{basket}"}`, arguments: "orderNo=O-1"},
		{name: "Validation", rule: "b2c.submit.complete", call: "POST ../../orders", body: `{"basket_id":"{basket}"}`, before: func(tx *sandbox.Tx, d *b2c.B2C) error {
			return d.AddShippingMethod(tx, b2c.ShippingOffer{ShippingMethod: b2c.ShippingMethod{ID: "ground"}, Offline: true, Prices: map[string][]b2c.ShippingPrice{"EUR": {{}}}})
		}},
		{name: "InvalidProductItem", rule: "b2c.submit.products", call: "POST ../../orders", body: `{"basket_id":"{basket}"}`, arguments: "productId=mug", before: func(tx *sandbox.Tx, d *b2c.B2C) error {
			return d.ChangeProduct(tx, "mug", func(p *b2c.Product) { p.Offline = true })
		}},
		{name: "ProductItemNotAvailable", rule: "b2c.item.in-stock", call: "POST ../../orders", body: `{"basket_id":"{basket}"}`, arguments: "productId=mug", before: func(tx *sandbox.Tx, d *b2c.B2C) error {
			return d.SetInventory(tx, b2c.InventoryRecord{ListID: "stock", ProductID: "mug", Allocation: dec("1")})
		}},
		{name: "InvalidCouponCode", rule: "b2c.coupon.redeemable", call: "POST ../../orders", body: `{"basket_id":"{basket}"}`, arguments: "couponCode=TEN", before: func(tx *sandbox.Tx, d *b2c.B2C) error {
			return d.AddCoupon(tx, b2c.Coupon{ID: "ten", Codes: []string{"TEN"}, Disabled: true})
		}},
		{name: "InvalidPaymentMethod", rule: "b2c.submit.payment", call: "POST ../../orders", body: `{"basket_id":"{basket}"}`, arguments: "paymentMethodId=CREDIT_CARD", before: func(tx *sandbox.Tx, d *b2c.B2C) error {
			return d.AddPaymentMethod(tx, b2c.PaymentMethod{ID: "CREDIT_CARD", Disabled: true})
		}},
		// what any resource can say
		{name: "BodyDecoding", call: "POST /items", body: `[`, arguments: "body=["},
		{name: "TypeDecoding", call: "POST /items", body: `[{"product_id":5}]`, arguments: "path=$.0.product_id expectedTypes=string actualType="},
		{name: "NullConstraintViolation", call: "POST /items", body: `[{"product_id":null}]`, arguments: "path=$.0.product_id document=product_item"},
		{name: "PropertyConstraintViolation", call: "POST /gift_certificate_items", body: `{"amount":1}`, arguments: "document=gift_certificate_item path=$.recipient_email"},
		{name: "ValueConstraintViolation", call: "POST /gift_certificate_items", body: `{"amount":0,"recipient_email":"x"}`, arguments: "document=gift_certificate_item path=$.amount"},
		{name: "EnumConstraintViolation", call: "POST /price_adjustments", as: "system", body: `{"level":"order","discount":{"type":"gift","value":1}}`, arguments: "document=price_adjustment_request enumValue=gift"},
		{name: "MalformedParameter", call: "POST ..?temporary=maybe", arguments: "parameter=temporary value=maybe"},
		{name: "MalformedSelector", rule: "b2c.selector.well-formed", call: "GET ?select=(", arguments: "selector=("},
		{name: "MalformedLocale", rule: "b2c.locale.well-formed", call: "GET ?locale=e", arguments: "locale=e"},
		{name: "UnknownLocale", rule: "b2c.locale.known", call: "GET ?locale=zz-ZZ", arguments: "locale=zz-ZZ"},
		{name: "UnsupportedLocale", rule: "b2c.locale.supported", call: "GET ?locale=fr-FR", arguments: "locale=fr-FR"},
		{name: "UnsupportedContentType", status: 415, call: "POST /items", as: "text", body: `x`, arguments: "contentType=text/plain"},
		{name: "MethodNotAllowed", status: 405, call: "PUT /items", body: `[]`, arguments: "method=PUT"},
		{name: "AuthorizationHeaderMissing", status: 401, rule: "b2c.authorization.given", call: "GET ", as: "nobody"},
		{name: "UnknownSite", status: 404, rule: "b2c.site.known", call: "GET ../../../../../../None/dw/shop/v23_2/baskets/x", arguments: "siteId=None"},
		{name: "VersionNotFound", status: 404, rule: "b2c.version.known", call: "GET ../../../v9_9/baskets/x", arguments: "version=v9_9"},
		// products
		{name: "InvalidExpandValue", rule: "b2c.expand.known", call: "GET ../../products/mug?expand=prices,smell", arguments: "expandValue=smell"},
		{name: "ProductNotFound", status: 404, rule: "b2c.product.known", call: "GET ../../products/none", arguments: "productId=none"},
		{name: "ProductNotFound", status: 404, rule: "b2c.product.known", call: "GET ../../products/off", arguments: "productId=off"},
		{name: "UnsupportedCurrency", rule: "b2c.basket.currency", call: "GET ../../products/mug?currency=GBP", arguments: "currency=GBP"},
		{name: "MalformedParameter", rule: "b2c.product.ids", call: "GET ../../products/(" + strings.Repeat("a,", 24) + "a)", arguments: "parameter=ids value=" + strings.Repeat("a,", 24) + "a"},
	}
}

var zeros = strings.Repeat("0", 64)

// Every fault that a call about baskets and products can answer is provoked, with its status, its arguments and the rule
// behind it; and refusing changes nothing, so that one shop does for all that need no change of it first.
func TestEveryFaultOfBasketsIsProvoked(t *testing.T) {
	t.Parallel()
	shared := ready(market(t))
	for _, p := range basketFaults() {
		t.Run(p.name+" "+p.call, func(t *testing.T) {
			b := shared.in(t)
			if p.before != nil {
				b = ready(market(t))
				b.tx(func(tx *sandbox.Tx) error { return p.before(tx, b.domain) })
			}
			b.provoke(p)
		})
	}
}

// ready opens a basket for Ada that nothing keeps from being submitted.
func ready(s *shop) *shopping {
	b := s.basket(s.login("ada"))
	b.do(http.MethodPost, "/coupons", `{"code":"TEN"}`)
	b.readyToGo()
	return b
}

// in reports to another test.
func (b *shopping) in(t *testing.T) *shopping {
	t.Helper()
	bench := *b.Bench
	bench.T = t
	return &shopping{&shop{&bench, b.domain}, b.header, b.id}
}

func (b *shopping) provoke(p provoked) {
	b.T.Helper()
	doc := b.do(http.MethodGet, "", "")
	fill := strings.NewReplacer("{basket}", b.id, "{item}", part(b.T, doc, "product_items", 0)["item_id"].(string), "{state}", doc["_resource_state"].(string))
	verb, below, _ := strings.Cut(p.call, " ")
	w := b.send(verb, resolve(baskets+"/"+b.id, fill.Replace(below)), fill.Replace(p.body), b.as(p.as)...)
	got := b.refused(w, cmp.Or(p.status, http.StatusBadRequest), p.name+"Exception", p.rule)
	want := map[string]string{}
	for _, pair := range strings.Fields(fill.Replace(p.arguments)) {
		name, value, _ := strings.Cut(pair, "=")
		want[name] = value
	}
	equal(b.T, want, got)
}

// as is the header of another caller, or of another media type.
func (b *shopping) as(who string) []string {
	switch who {
	case "bob":
		return b.login("bob")
	case "system":
		return b.system()
	case "nobody":
		return []string{"x-dw-client-id", client}
	case "text":
		return append(slices.Clone(b.header), "Content-Type", "text/plain")
	}
	return b.header
}

// resolve goes up from a path for every ".." that another begins with.
func resolve(from, to string) string {
	for strings.HasPrefix(to, "..") {
		from, to = from[:strings.LastIndex(from, "/")], strings.TrimPrefix(strings.TrimPrefix(to, ".."), "/")
		if to != "" && !strings.HasPrefix(to, "..") && !strings.HasPrefix(to, "?") {
			to = "/" + to
		}
	}
	return from + to
}

// The faults of the table that name parts of baskets are all provoked: here, or where it takes more than a call.
func TestNoFaultOfBasketsIsLeftOut(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, p := range basketFaults() {
		known[p.name] = true
	}
	for _, f := range strings.Fields("CustomerTemporaryBasketsQuotaExceeded TooManyPromotions BasketQuotaExceeded QuotaExceeded InvalidBonusProduct GiftCertificateCreation") {
		known[f] = true // see the tests below
	}
	for _, f := range strings.Fields("StatusTransitionNotPossible InvalidOrderStatus InvalidPaymentInstrument OrderNotFound CustomerNotFound") {
		known[f] = true // of orders
	}
	for _, f := range ocapi.FaultTypes() {
		if f.Status == http.StatusBadRequest || f.Status == http.StatusNotFound {
			if strings.ContainsAny(f.Name, " ") || known[f.Name] || !aboutBaskets(f.Name) {
				continue
			}
			t.Errorf("nothing provokes %s", f.Name)
		}
	}
}

func aboutBaskets(name string) bool {
	for _, part := range strings.Fields("Basket Shipment Shipping Coupon Product Payment Promotion Bonus GiftCertificate SourceCode PriceAdjustment Validation Option") {
		if strings.Contains(name, part) && !strings.Contains(name, "Constraint") && !strings.Contains(name, "Inventory") {
			return true
		}
	}
	return false
}

func TestFaultsOfLimits(t *testing.T) {
	t.Parallel()
	s := market(t)
	ada := s.login("ada")
	var ids []string
	for range 4 {
		ids = append(ids, s.document(s.send(http.MethodPost, baskets+"?temporary=true", "", ada...))["basket_id"].(string))
	}
	got := s.refused(s.send(http.MethodPost, baskets+"?temporary=true", "", ada...), 400, "CustomerTemporaryBasketsQuotaExceededException", "b2c.basket.quota")
	slices.Sort(ids) // all of one instant
	equal(t, map[string]string{"basketIds": strings.Join(ids, ", ")}, got)

	b := s.basket(ada)
	var items []string
	for i := range 401 {
		items = append(items, fmt.Sprintf(`{"product_id":"hat-s","c_no":%d}`, i))
	}
	s.refused(s.send(http.MethodPost, baskets+"/"+b.id+"/items", "["+strings.Join(items, ",")+"]", ada...), 400, "BasketQuotaExceededException", "b2c.basket.lines")

	system := s.system()
	for i := range 50 {
		w := s.send(http.MethodPost, baskets+"/"+b.id+"/price_adjustments", fmt.Sprintf(`{"level":"order","promotion_id":"p%d","discount":{"type":"amount","value":1}}`, i), system...)
		s.document(w)
	}
	s.refused(s.send(http.MethodPost, baskets+"/"+b.id+"/price_adjustments", `{"level":"order"}`, system...), 400, "TooManyPromotionsException", "b2c.adjustment.limit")
	s.refused(s.send(http.MethodPost, baskets+"/"+b.id+"/price_adjustments", `{"level":"order","promotion_id":"p1"}`, system...), 400, "InvalidPromotionIdException", "b2c.adjustment.promotion-id")

	s.tx(func(tx *sandbox.Tx) error {
		who := b2c.Editor{Reader: b2c.Reader{SiteID: "RefArch", CustomerID: "ada"}}
		_, err := s.domain.EditBasket(tx, who, b2c.BasketRef{ID: b.id}, func(e *b2c.BasketEdit) error {
			for range 1000 {
				if err := e.AddNote("n", ""); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	})
	got = s.refused(s.send(http.MethodPost, baskets+"/"+b.id+"/notes", `{"subject":"one more"}`, ada...), 400, "QuotaExceededException", "b2c.basket.notes")
	equal(t, map[string]string{"msg": "notes"}, got)
}

func TestFaultsOfBonusProductsAndGiftCertificates(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	doc := b.do(http.MethodPost, "/items", `[{"product_id":"ring"}]`)
	choice := part(t, doc, "bonus_discount_line_items", 0)["id"].(string)
	got := s.refused(s.send(http.MethodPost, baskets+"/"+b.id+"/items", `[{"product_id":"hat-s","bonus_discount_line_item_id":"`+choice+`"}]`, b.header...),
		400, "InvalidBonusProductException", "b2c.item.bonus")
	equal(t, map[string]string{"productId": "hat-s"}, got)
	doc = b.do(http.MethodPost, "/items", `[{"product_id":"mug","bonus_discount_line_item_id":"`+choice+`"}]`)
	equal(t, any(true), part(t, doc, "product_items", 1)["bonus_product_line_item"])
	equal(t, any(100.0), doc["product_total"])

	b.do(http.MethodPost, "/gift_certificate_items", `{"amount":20,"recipient_email":"bob@somsim.test"}`)
	b.do(http.MethodPut, "/billing_address?use_as_shipping=true", town)
	b.do(http.MethodPut, "/shipments/me/shipping_method", `{"id":"ground"}`)
	b.do(http.MethodPost, "/payment_instruments", `{"payment_method_id":"CREDIT_CARD"}`)
	s.tx(func(tx *sandbox.Tx) error {
		site, err := s.domain.Site(tx, "RefArch")
		if err != nil {
			return err
		}
		site.NoGiftCertificates = true
		return s.domain.AddSite(tx, site)
	})
	s.refused(s.send(http.MethodPost, base+"/orders", `{"basket_id":"`+b.id+`"}`, b.header...), 400, "GiftCertificateCreationException", "b2c.submit.gift-certificates")
}
