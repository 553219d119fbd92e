package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// modifying is the modification of a whole order.
func modifying() workflow {
	about := authorised()
	return workflow{
		name: "modify", way: simple, soon: "5m", calls: []parked{
			{"som", "composite", 1, about},
			{"slots", "listBookings", 1, about},
			{"b2c", "getCustomerBaskets", 1, about},
			{"b2c", "getProducts", 1, about},
			{"b2c", "createBasket", 1, about},
			{"slots", "holdSuccessor", 1, about},
			{"som", "updateRow", 1, about},
			{"som", "composite", 2, about},
			{"b2c", "setBasketStorefront", 1, about},
		},
		ask: (*stage).modify,
		done: func(s *stage, answer []byte) {
			s.opened(answer)
			s.changed(map[string]int{"createBasket": 1, "deleteBasket": 0, "submitCancel": 0})
		},
		after:   (*stage).openedAndGivenUp,
		nothing: (*stage).notOpened,
	}
}

// takingOver is the modification of an order whose last unit goes over to the follow-up basket. The calls are those of the
// way from the order to the basket.
func takingOver() workflow {
	about, w := unallocated(), modifying()
	w.name, w.ready, w.calls = "take-over", (*stage).sellOut, []parked{
		{"oci", "getReservations", 1, about},
		{"som", "updateRow", 1, about},
		{"oci", "releaseReservation", 1, about},
		{"b2c", "createBasket", 1, about},
		{"b2c", "reserveBasket", 1, about},
		{"slots", "holdSuccessor", 1, about},
		{"b2c", "setBasketStorefront", 1, about},
	}
	w.done = func(s *stage, answer []byte) {
		s.opened(answer)
		s.changed(map[string]int{"createBasket": 1, "deleteBasket": 0, "submitCancel": 0, "releaseReservation": 1})
	}
	return w
}

// lastGoods is what only the order has a unit of.
const lastGoods = "SCARF"

// sellOut has somebody else reserve what can be had of some goods.
func (s *stage) sellOut() {
	s.t.Helper()
	var p struct {
		Inventory struct {
			Available json.Number `json:"ats"`
		}
	}
	if err := json.Unmarshal(s.shop(http.MethodGet, "/products/"+lastGoods+"?expand=availability", nil), &p); err != nil {
		s.t.Fatal(err)
	}
	s.must(http.MethodPost, s.api+"/inventory/reservation/v1/organizations/f_ecom_zzte_053/reservation-documents", map[string]string{"Authorization": "Bearer somsim~" + s.name}, map[string]any{
		"actionRequestId": "7d9b4c1e-5a60-4f0e-9d2b-3c8a1e6f7b20", "expirationSeconds": 14400,
		"createRecords": []any{map[string]any{"stockKeepingUnit": lastGoods, "quantity": p.Inventory.Available, "locationGroupIdentifier": "ALL-LOCATIONS"}},
	})
}

// confirming is the confirmation with a basket that can be paid. Processes are killed elsewhere in most of the cancel inside.
func confirming() workflow {
	about := authorised()
	return workflow{
		name: "confirm", way: simple, soon: "5m", calls: []parked{
			{"b2c", "getBasket", 1, about},
			{"slots", "holdSuccessor", 1, about},
			{"b2c", "submitBasket", 1, about},
			{"b2c", "patchOrderPaymentInstrument", 1, about},
			{"som", "submitCancel", 1, about},
			{"slots", "confirmHold", 1, about},
			{"b2c", "patchOrder", 2, about},
			{"b2c", "patchOrder", 3, about},
			{"som", "updateRow", 1, about},
			{"tracking", "collectEvents", 2, about},
		},
		ready: (*stage).edit,
		ask: func(s *stage) (int, []byte, error) {
			return s.ask("confirmations", map[string]string{"basket_id": s.basket})
		},
		done: func(s *stage, answer []byte) { s.confirmed(answer, 1) },
		after: func(s *stage, answer []byte) { // an order that could not be paid has failed, and its basket was opened again
			s.confirmed(answer, 1+s.happened()["setOrderStatus"])
		},
		nothing: func(s *stage, _ []byte) { s.changed(map[string]int{"submitCancel": 0, "confirmHold": 0}) },
	}
}

func (s *stage) modify() (int, []byte, error) { return s.ask("modifications", struct{}{}) }

// edit modifies the order and puts a card into the basket.
func (s *stage) edit() {
	s.t.Helper()
	s.editWith("4111111111111111")
}

// editWith is edit with a card of that number.
func (s *stage) editWith(card string) {
	s.t.Helper()
	status, answer, err := modifying().until(s)
	if err != nil || status != http.StatusOK {
		s.t.Fatalf("the modification answers %d %s %v", status, answer, err)
	}
	s.opened(answer)
	s.putCard(s.basket, card)
}

// putCard puts a card into a basket.
func (s *stage) putCard(basket, number string) {
	s.t.Helper()
	s.shop(http.MethodPost, "/baskets/"+basket+"/payment_instruments", map[string]any{
		"payment_method_id": "CREDIT_CARD",
		"payment_card":      map[string]any{"card_type": "Visa", "holder": "Ada", "number": number, "expiration_month": 12, "expiration_year": 2031},
	})
}

// shop sends a request of the shopper's to commerce.
func (s *stage) shop(method, path string, body any) []byte {
	s.t.Helper()
	header := map[string]string{"Authorization": s.token, "x-dw-client-id": strings.Repeat("a", 30) + "~" + s.name}
	return s.must(method, s.api+"/s/RefArch/dw/shop/v23_2"+path, header, body)
}

// opened reads the answer of a modification and asserts that the shopper has the basket.
func (s *stage) opened(answer []byte) {
	s.t.Helper()
	var op struct {
		State        string
		Modification struct {
			BasketID string `json:"basket_id"`
		}
	}
	if err := json.Unmarshal(answer, &op); err != nil || op.State != "editing" || op.Modification.BasketID == "" {
		s.t.Fatalf("the modification ended as %s", answer)
	}
	s.basket = op.Modification.BasketID
	if b := s.shop(http.MethodGet, "/baskets/"+s.basket, nil); !bytes.Contains(b, []byte(`"c_modifiesOrderNo":"`+s.order+`"`)) {
		s.t.Errorf("the shopper has the basket %s", b)
	}
}

// notOpened asserts that what was made of a basket was thrown away again, or that the answer says so of what is still to be.
func (s *stage) notOpened(answer []byte) {
	s.t.Helper()
	happened := s.happened()
	if made, gone := happened["createBasket"], happened["deleteBasket"]; made != gone && !bytes.Contains(answer, []byte(`"state":"pending"`)) || happened["submitCancel"] != 0 {
		s.t.Errorf("answered %s, but %v happened", answer, happened)
	}
}

// openedAndGivenUp asserts that the shopper has one follow-up basket, whatever was made and thrown away before, and that
// giving it up leaves the order as it was.
func (s *stage) openedAndGivenUp(answer []byte) {
	s.t.Helper()
	s.opened(answer)
	happened := s.happened()
	if made, gone := happened["createBasket"], happened["deleteBasket"]; made != gone+1 || happened["submitCancel"] != 0 {
		s.t.Errorf("%d baskets were made and %d thrown away: %v", made, gone, happened)
	}
	s.pass("2h")
	s.token = s.login()
	happened = s.happened()
	if made, gone := happened["createBasket"], happened["deleteBasket"]; made != gone {
		s.t.Errorf("%d baskets were made and %d thrown away by the time nobody edits any more", made, gone)
	}
	header := map[string]string{"Authorization": s.token, "X-Sandbox": s.name}
	doc := s.must(http.MethodGet, s.ops.addresses["orderops"]+"/order-ops/v1/orders/"+s.order, header, nil)
	if !bytes.Contains(doc, []byte(`"status":"confirmed"`)) || bytes.Contains(doc, []byte("On Hold")) {
		s.t.Errorf("given up, the order is shown as %s", doc)
	}
	s.hold()
}

// confirmed asserts that the new order has taken the place of the old one, with every effect once, and how often the basket was
// ordered for that.
func (s *stage) confirmed(answer []byte, submits int) {
	s.t.Helper()
	if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) || bytes.Contains(answer, []byte(`"state":"pending"`)) {
		s.t.Fatalf("the confirmation ended as %s", answer)
	}
	s.changed(map[string]int{"submitBasket": submits, "patchOrderPaymentInstrument": 1, "submitCancel": 1, "confirmHold": 1, "releaseBooking": 0, "cancelPayment": 1})
	s.hold()
}
