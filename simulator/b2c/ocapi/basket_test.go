package ocapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestAGuestBuysTwoMugs(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login(""))
	doc := b.do(http.MethodGet, "", "")
	equal(t, []string{"ProductItemsRequired", "PaymentMethodRequired", "BillingAddressRequired", "ShippingAddressRequired", "ShippingMethodRequired"}, flashTypes(doc))
	doc = b.readyToGo()
	for name, want := range map[string]any{
		"_type": "basket", "_v": "23.2", "basket_id": b.id, "agent_basket": false, "channel_type": "storefront", "currency": "EUR", "taxation": "gross",
		"product_total": 23.8, "shipping_total": 4.9, "tax_total": 4.58, "order_total": 28.7,
	} {
		equal(t, want, doc[name])
	}
	equal(t, []string(nil), flashTypes(doc))
	equal(t, any("blue"), part(t, doc, "product_items", 0)["c_note"])
	card := part(t, doc, "payment_instruments", 0)["payment_card"].(map[string]any)
	equal(t, any("************1111"), card["masked_number"])
	if strings.Contains(asJSON(t, doc), "4111") {
		t.Error("the basket shows the number of the card")
	}
	order := s.document(s.send(http.MethodPost, base+"/orders", `{"basket_id":"`+b.id+`"}`, b.header...))
	for name, want := range map[string]any{"_type": "order", "status": "created", "order_total": 28.7, "guest": true, "confirmation_status": "not_confirmed"} {
		equal(t, want, order[name])
	}
	equal(t, any(28.7), part(t, order, "payment_instruments", 0)["amount"])
	s.refused(s.send(http.MethodGet, baskets+"/"+b.id, "", b.header...), 404, "BasketNotFoundException", "b2c.basket.own")
	read := s.document(s.send(http.MethodGet, base+"/orders/"+order["order_no"].(string), "", b.header...))
	equal(t, order["_resource_state"], read["_resource_state"])
	stock := s.document(s.send(http.MethodGet, base+"/products/mug/availability", "", "x-dw-client-id", client))["inventory"].(map[string]any)
	equal(t, any(8.0), stock["ats"])
}

func TestABasketIsMadeInOneCall(t *testing.T) {
	t.Parallel()
	s := market(t)
	body := `{"customer_info":{"email":"ada@somsim.test"},"billing_address":` + town + `,"c_gate":"north","order_total":1,
		"shipments":[{"shipment_id":"me","shipping_address":` + town + `,"shipping_method":{"id":"express"}},{"shipment_id":"two","c_hour":9}],
		"product_items":[{"product_id":"mug","quantity":1},{"product_id":"hat-s","shipment_id":"two"},
			{"product_id":"ring","option_items":[{"option_id":"engraving","option_value_id":"name"}]}],
		"coupon_items":[{"code":"TEN"},{"code":"NONE"}],"gift_certificate_items":[{"amount":20,"recipient_email":"bob@somsim.test"}],
		"payment_instruments":[{"payment_method_id":"CREDIT_CARD","amount":10.5}]}`
	doc := s.document(s.send(http.MethodPost, baskets, body, s.login("ada")...))
	equal(t, any("north"), doc["c_gate"])
	equal(t, any(139.9-13.99), doc["product_total"])
	equal(t, 1, len(doc["coupon_items"].([]any)))
	equal(t, any("applied"), part(t, doc, "coupon_items", 0)["status_code"])
	equal(t, any(9.0), part(t, doc, "shipments", 1)["c_hour"])
	option := part(t, part(t, doc, "product_items", 2), "option_items", 0)
	equal(t, any("Engraving: a name"), option["item_text"])
	equal(t, any(8.0), option["price"])
	adjustment := part(t, doc, "order_price_adjustments", 0)
	equal(t, any("TEN"), adjustment["coupon_code"])
	equal(t, any(map[string]any{"type": "percentage", "percentage": 10.0}), adjustment["applied_discount"])
	// 125.91 of products, 9.90 and nothing of delivery, 20.00 of gift certificates
	equal(t, any(155.81), doc["order_total"])
	equal(t, []string{"ShippingAddressRequired", "ShippingMethodRequired"}, flashTypes(doc))
}

func TestAmountsHaveTheDecimalsOfTheirCurrency(t *testing.T) {
	t.Parallel()
	cases := []struct{ currency, want string }{
		{"EUR", `"price":23.80,`}, {"JPY", `"price":2000,`}, {"KWD", `"price":2.468,`},
	}
	for _, tc := range cases {
		t.Run(tc.currency, func(t *testing.T) {
			t.Parallel()
			s := market(t)
			b := s.basket(s.login("ada"))
			b.do(http.MethodPatch, "", `{"currency":"`+tc.currency+`"}`)
			body := s.send(http.MethodPost, baskets+"/"+b.id+"/items", `[{"product_id":"mug","quantity":2}]`, b.header...).Body.String()
			if !strings.Contains(body, tc.want) {
				t.Errorf("%s is not in %s", tc.want, body)
			}
		})
	}
}

func TestWhatAPatchOfABasketConsiders(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	shipping := part(t, b.do(http.MethodGet, "", ""), "shipping_items", 0)["item_id"].(string)
	doc := b.do(http.MethodPatch, "", `{"source_code":"mail","c_a":"x","c_n":null,"order_total":1,"shipping_items":[{"item_id":"`+shipping+`","c_floor":3}]}`)
	equal(t, any("mail"), doc["source_code"])
	equal(t, any("x"), doc["c_a"])
	equal(t, any(0.0), doc["order_total"])
	equal(t, any(3.0), part(t, doc, "shipping_items", 0)["c_floor"])
}

func TestLinesAreChangedAndRemoved(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	doc := b.do(http.MethodPost, "/items", `[{"product_id":"mug"},{"product_id":"mug","quantity":2}]`)
	item := part(t, doc, "product_items", 0)
	equal(t, any(3.0), item["quantity"])
	b.do(http.MethodPost, "/shipments", `{"shipment_id":"two","shipment_no":"S-2"}`)
	doc = b.do(http.MethodPatch, "/items/"+item["item_id"].(string), `{"quantity":1,"shipment_id":"two","gift":true,"gift_message":"Hi","c_ribbon":"red"}`)
	item = part(t, doc, "product_items", 0)
	for name, want := range map[string]any{"quantity": 1.0, "shipment_id": "two", "gift": true, "gift_message": "Hi", "c_ribbon": "red"} {
		equal(t, want, item[name])
	}
	equal(t, any("S-2"), part(t, doc, "shipments", 1)["shipment_no"])
	doc = b.do(http.MethodPatch, "/items/"+item["item_id"].(string), `{"quantity":0}`)
	equal(t, nil, doc["product_items"])
	b.do(http.MethodPost, "/items", `[{"product_id":"mug","shipment_id":"two"}]`)
	doc = b.do(http.MethodDelete, "/shipments/two", "")
	equal(t, nil, doc["product_items"])
	doc = b.do(http.MethodPost, "/items", `[{"product_id":"mug"}]`)
	doc = b.do(http.MethodDelete, "/items/"+part(t, doc, "product_items", 0)["item_id"].(string), "")
	equal(t, nil, doc["product_items"])
}

func TestPaymentsCouponsAndGiftCertificatesComeAndGo(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	b.readyToGo()
	doc := b.do(http.MethodPost, "/payment_instruments", `{"payment_method_id":"GIFT_CERTIFICATE","gift_certificate_code":"GIFT-1"}`)
	gift := part(t, doc, "payment_instruments", 1)
	equal(t, any(5.0), gift["amount"])
	equal(t, any("**FT-1"), gift["masked_gift_certificate_code"])
	doc = b.do(http.MethodDelete, "/payment_instruments/"+gift["payment_instrument_id"].(string), "")
	card := part(t, doc, "payment_instruments", 0)["payment_instrument_id"].(string)
	doc = b.do(http.MethodPatch, "/payment_instruments/"+card, `{"amount":12.34,"c_token":"t"}`)
	equal(t, any(12.34), part(t, doc, "payment_instruments", 0)["amount"])
	doc = b.do(http.MethodPost, "/coupons", `{"code":"IDLE"}`)
	idle := part(t, doc, "coupon_items", 0)
	equal(t, any("no_active_promotion"), idle["status_code"])
	equal(t, any(false), idle["valid"])
	doc = b.do(http.MethodDelete, "/coupons/"+idle["coupon_item_id"].(string), "")
	equal(t, nil, doc["coupon_items"])
	doc = b.do(http.MethodPost, "/gift_certificate_items", `{"amount":20,"recipient_email":"bob@somsim.test","c_motif":"sun"}`)
	id := part(t, doc, "gift_certificate_items", 0)["gift_certificate_item_id"].(string)
	doc = b.do(http.MethodPatch, "/gift_certificate_items/"+id, `{"amount":25,"recipient_email":"bob@somsim.test"}`)
	equal(t, any(28.7+25), doc["order_total"])
	doc = b.do(http.MethodDelete, "/gift_certificate_items/"+id, "")
	equal(t, any(28.7), doc["order_total"])
}

func TestWhatABasketCanHave(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	b.readyToGo()
	methods := b.do(http.MethodGet, "/shipments/me/shipping_methods", "")
	equal(t, any("ground"), methods["default_shipping_method_id"])
	equal(t, any(9.9), part(t, methods, "applicable_shipping_methods", 0)["price"])
	payments := b.do(http.MethodGet, "/payment_methods", "")
	equal(t, any("Visa"), part(t, part(t, payments, "applicable_payment_methods", 0), "cards", 0)["card_type"])
	near := part(t, b.do(http.MethodGet, "/approaching_discounts", ""), "data", 0)
	equal(t, any("much"), near["promotion_id"])
	equal(t, any(476.2), near["distance_from_condition_threshold"])
	b.do(http.MethodPut, "/shipments/me/shipping_address", strings.Replace(town, "DE", "FR", 1))
	equal(t, 1, len(b.do(http.MethodGet, "/shipments/me/shipping_methods", "")["applicable_shipping_methods"].([]any)))
}

func TestNotes(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	link := b.do(http.MethodPost, "/notes", `{"subject":"Call","text":"before noon"}`)["notes"].(map[string]any)["link"].(string)
	if !strings.HasSuffix(link, "/baskets/"+b.id+"/notes") {
		t.Errorf("notes are at %s", link)
	}
	note := part(t, b.do(http.MethodGet, "/notes", ""), "data", 0)
	equal(t, any("before noon"), note["text"])
	if w := s.send(http.MethodDelete, baskets+"/"+b.id+"/notes/"+note["id"].(string), "", b.header...); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	equal(t, any(0.0), b.do(http.MethodGet, "/notes", "")["count"])
}

func TestAnAgentAdjustsPricesAndHandsTheBasketOver(t *testing.T) {
	t.Parallel()
	s := market(t)
	own := s.basket(s.login("ada"))
	doc := s.document(s.send(http.MethodPost, baskets, `{"customer_info":{"customer_id":"ada"},"product_items":[{"product_id":"mug"}]}`, s.system()...))
	b := &shopping{s, s.system(), doc["basket_id"].(string)}
	equal(t, any(true), doc["agent_basket"])
	item := part(t, doc, "product_items", 0)["item_id"].(string)
	doc = b.do(http.MethodPost, "/price_adjustments", `{"level":"product","item_id":"`+item+`","item_text":"Sorry","reason_code":"DENT","discount":{"type":"amount","value":1.9}}`)
	adjustment := part(t, part(t, doc, "product_items", 0), "price_adjustments", 0)
	for name, want := range map[string]any{"price": -1.9, "manual": true, "reason_code": "DENT", "item_text": "Sorry"} {
		equal(t, want, adjustment[name])
	}
	id := adjustment["price_adjustment_id"].(string)
	doc = b.do(http.MethodPatch, "/price_adjustments/"+id, `{"discount":{"type":"fixed_price","value":10}}`)
	equal(t, any(10.0), doc["product_total"])
	doc = b.do(http.MethodDelete, "/price_adjustments/"+id, "")
	equal(t, any(11.9), doc["product_total"])

	s.refused(s.send(http.MethodPut, baskets+"/"+b.id+"/storefront", "", b.header...), 400, "CustomerBasketsQuotaExceededException", "b2c.basket.quota")
	doc = b.do(http.MethodPut, "/storefront?exchange=true", "")
	equal(t, any(false), doc["agent_basket"])
	equal(t, any(true), own.do(http.MethodGet, "", "")["agent_basket"])
	doc = b.do(http.MethodPut, "/agent", "")
	equal(t, any("callcenter"), doc["channel_type"])
	equal(t, any(2.0), s.document(s.send(http.MethodGet, base+"/customers/ada/baskets", "", s.login("ada")...))["total"])
	doc = b.do(http.MethodPut, "/customer", `{"customer_id":"bob","email":"b@somsim.test"}`)
	equal(t, any(map[string]any{"_type": "customer_info", "customer_id": "bob", "customer_no": "no-bob", "customer_name": "bob X", "email": "b@somsim.test"}), doc["customer_info"])
}

func TestAnAnonymousBasketIsCopied(t *testing.T) {
	t.Parallel()
	s := market(t)
	guest := s.basket(s.login(""))
	doc := guest.readyToGo()
	guest.do(http.MethodPost, "/coupons", `{"code":"TEN"}`)
	customer := doc["customer_info"].(map[string]any)["customer_id"].(string)
	ada := s.login("ada")
	s.refused(s.send(http.MethodPost, baskets+"/reference", `{"basket_id":"`+guest.id+`","customer_id":"bob"}`, ada...), 404, "BasketNotFoundException", "b2c.basket.own")
	copied := s.document(s.send(http.MethodPost, baskets+"/reference", `{"basket_id":"`+guest.id+`","customer_id":"`+customer+`"}`, ada...))
	equal(t, any(28.7), copied["order_total"])
	equal(t, nil, copied["payment_instruments"])
	equal(t, nil, copied["coupon_items"])
	if copied["basket_id"] == any(guest.id) || part(t, copied, "product_items", 0)["item_id"] == part(t, doc, "product_items", 0)["item_id"] {
		t.Error("the copy has the ids of what was copied")
	}
	s.refused(s.send(http.MethodPost, baskets+"/reference", `{"basket_id":"`+guest.id+`","customer_id":"`+customer+`"}`, ada...),
		400, "CustomerBasketsQuotaExceededException", "b2c.basket.quota")
}

func TestAStateThatIsSentIsChecked(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	old := b.do(http.MethodGet, "", "")["_resource_state"].(string)
	now := b.do(http.MethodPost, "/items", `[{"product_id":"mug"}]`)["_resource_state"].(string)
	if old == now {
		t.Error("the state is the same after a write")
	}
	for name, w := range map[string]int{
		"in the body":   s.send(http.MethodPatch, baskets+"/"+b.id, `{"_resource_state":"`+old+`","c_a":"x"}`, b.header...).Code,
		"in the header": s.send(http.MethodDelete, baskets+"/"+b.id, "", append(b.header, "x-dw-resource-state", old)...).Code,
		"of an order":   s.send(http.MethodPost, base+"/orders", `{"basket_id":"`+b.id+`","_resource_state":"`+old+`"}`, b.header...).Code,
	} {
		if w != http.StatusConflict {
			t.Errorf("%s: %d", name, w)
		}
	}
	got := s.refused(s.send(http.MethodPut, baskets+"/"+b.id+"/billing_address", `{"_resource_state":"`+old+`"}`, b.header...),
		409, "ResourceStateConflictException", "b2c.order.resource-state")
	equal(t, map[string]string{"client": old, "server": now}, got)
	b.do(http.MethodPatch, "", `{"_resource_state":"`+now+`","c_a":"x"}`)
}

func TestABasketIsCutToWhatIsSelected(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	b.readyToGo()
	doc := b.do(http.MethodGet, "?select=(order_total,product_items.(product_id))", "")
	equal(t, any(28.7), doc["order_total"])
	equal(t, any("mug"), part(t, doc, "product_items", 0)["product_id"])
	if _, there := doc["shipments"]; there {
		t.Errorf("not cut: %v", doc)
	}
}

func TestStockIsReservedForMinutes(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	b.do(http.MethodPost, "/items", `[{"product_id":"mug","quantity":9}]`)
	doc := b.do(http.MethodPost, "/reservation", `{"reservation_duration_in_minutes":30}`)
	equal(t, any("2026-06-01T08:30:00.000Z"), doc["inventory_reservation_expiry"])
	other := s.basket(s.login("bob"))
	got := s.refused(s.send(http.MethodPost, baskets+"/"+other.id+"/items", `[{"product_id":"mug","quantity":2}]`, other.header...),
		400, "ProductItemNotAvailableException", "b2c.item.in-stock")
	equal(t, map[string]string{"productId": "mug"}, got)
	b.do(http.MethodPatch, "/items/"+part(t, doc, "product_items", 0)["item_id"].(string), `{"quantity":10}`) // its own reservation counts
	s.advance(31 * time.Minute)
	other = s.basket(s.login(""))
	other.do(http.MethodPost, "/items", `[{"product_id":"mug","quantity":2}]`)
}

func TestAnOrderNumberOfOnesOwn(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	b.readyToGo()
	doc := s.document(s.send(http.MethodPost, base+"/orders/W-1?method=PUT", `{"basket_id":"`+b.id+`"}`, b.header...))
	equal(t, any("W-1"), doc["order_no"])
	equal(t, any("no-ada"), doc["customer_info"].(map[string]any)["customer_no"])
}

func TestProducts(t *testing.T) {
	t.Parallel()
	s := market(t)
	get := func(path string) map[string]any {
		return s.document(s.send(http.MethodGet, base+"/products/"+path, "", "x-dw-client-id", client))
	}
	mug := get("mug")
	for name, want := range map[string]any{"id": "mug", "name": "Mug", "currency": "EUR", "primary_category_id": "kitchen", "c_dishwasher": true, "price": nil, "inventory": nil} {
		equal(t, want, mug[name])
	}
	mug = get("mug?expand=prices,availability,images&inventory_ids=(stock)")
	equal(t, any(11.9), mug["price"])
	equal(t, any(map[string]any{"list-EUR": 11.9}), mug["prices"])
	equal(t, any(10.0), mug["inventory"].(map[string]any)["ats"])
	equal(t, any("stock"), part(t, mug, "inventories", 0)["id"])
	equal(t, any(1000.0), get("mug/prices?currency=JPY")["price"])
	hat := get("hat?expand=variations,prices")
	equal(t, any(20.0), hat["price"])
	equal(t, any("hat-s"), part(t, hat, "variants", 0)["product_id"])
	sizes := part(t, hat, "variation_attributes", 0)
	equal(t, any(true), part(t, sizes, "values", 0)["orderable"])
	equal(t, any(false), part(t, sizes, "values", 1)["orderable"])
	equal(t, any("hat"), get("hat-s")["master"].(map[string]any)["master_id"])
	equal(t, any(8.0), part(t, part(t, get("ring/options"), "options", 0), "values", 1)["price"])
	list := get("(mug,none,hat-s)?select=(count,data.(id))")
	equal(t, any(2.0), list["count"])
	equal(t, any("hat-s"), part(t, list, "data", 1)["id"])
}

func TestAProductThatGoesOfflineKeepsItsBasketFromBeingSubmitted(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	b.readyToGo()
	s.tx(func(tx *sandbox.Tx) error {
		return s.domain.ChangeProduct(tx, "mug", func(p *b2c.Product) { p.Offline = true })
	})
	got := s.refused(s.send(http.MethodPost, base+"/orders", `{"basket_id":"`+b.id+`"}`, b.header...), 400, "InvalidProductItemException", "b2c.submit.products")
	equal(t, map[string]string{"productId": "mug"}, got)
	equal(t, []string{"InvalidProductItem"}, flashTypes(b.do(http.MethodGet, "", "")))
	equal(t, any("InvalidProductItem"), part(t, part(t, s.document(s.send(http.MethodGet, base+"/customers/ada/baskets", "", b.header...)), "baskets", 0), "_flash", 0)["type"])
}

func TestTheJournalKnowsNoCardAndNoGiftCertificate(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	for secret, body := range map[string]string{
		"4111 1111 1111 1111": `{"payment_method_id":"CREDIT_CARD","payment_card":{"card_type":"Visa","number":"4111 1111 1111 1111","security_code":"737"}}`,
		"5555555555554444":    `{"payment_method_id":"CREDIT_CARD","payment_card":{"card_type":"Visa","number":"5555555555554444"}}`,
		"737":                 `{"payment_method_id":"CREDIT_CARD","payment_card":{"card_type":"Visa","security_code":"737"}}`,
		"GIFT-1":              `{"payment_method_id":"GIFT_CERTIFICATE","gift_certificate_code":"GIFT-1","amount":1}`,
	} {
		b.do(http.MethodPost, "/payment_instruments", body)
		if entry := asJSON(t, s.Last()); strings.Contains(entry, secret) {
			t.Errorf("the journal shows %s in %s", secret, entry)
		}
	}
}
