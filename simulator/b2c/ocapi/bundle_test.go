package ocapi_test

import (
	"net/http"
	"testing"
)

func TestABundleBringsItsPartsAndTheirStock(t *testing.T) {
	t.Parallel()
	s := market(t)
	b := s.basket(s.login("ada"))
	doc := b.do(http.MethodPost, "/items", `[{"product_id":"tea","quantity":2}]`)
	equal(t, 1, len(doc["product_items"].([]any)))
	item := part(t, doc, "product_items", 0)
	equal(t, any(60.0), item["price"])
	equal(t, 2, len(item["bundled_product_items"].([]any)))
	mugs := part(t, item, "bundled_product_items", 0)
	for name, want := range map[string]any{"product_id": "mug", "quantity": 4.0, "price": 0.0, "item_text": "Mug", "shipment_id": "me"} {
		equal(t, want, mugs[name])
	}
	equal(t, any(60.0), doc["product_total"])

	id := item["item_id"].(string)
	doc = b.do(http.MethodPatch, "/items/"+id, `{"quantity":5}`)
	equal(t, any(10.0), part(t, part(t, doc, "product_items", 0), "bundled_product_items", 0)["quantity"])
	s.refused(s.send(http.MethodPatch, baskets+"/"+b.id+"/items/"+id, `{"quantity":6}`, b.header...), 400, "ProductItemNotAvailableException", "b2c.item.in-stock")
	s.refused(s.send(http.MethodPost, baskets+"/"+b.id+"/items", `[{"product_id":"mug"}]`, b.header...), 400, "ProductItemNotAvailableException", "b2c.item.in-stock")
	partID := mugs["item_id"].(string)
	s.refused(s.send(http.MethodDelete, baskets+"/"+b.id+"/items/"+partID, "", b.header...), 404, "ProductItemNotFoundException", "b2c.item.known")
	doc = b.do(http.MethodDelete, "/items/"+id, "")
	equal(t, nil, doc["product_items"])
}

func TestABundleTellsWhatIsInIt(t *testing.T) {
	t.Parallel()
	s := market(t)
	doc := s.document(s.send(http.MethodGet, base+"/products/tea/bundled_products", "", "x-dw-client-id", client))
	equal(t, any(true), doc["type"].(map[string]any)["bundle"])
	mugs := part(t, doc, "bundled_products", 0)
	equal(t, any("mug"), mugs["id"])
	equal(t, any(2.0), mugs["quantity"])
}
