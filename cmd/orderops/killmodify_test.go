package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// modifying is the modification of an order, and its confirmation with a basket that can be paid.
type modifying struct {
	*stage
	basket string
}

// ask asks for an action on the order under the same key each time.
func (m *modifying) ask(action, key string, body any) (int, []byte, error) {
	header := map[string]string{"Authorization": m.token, "Idempotency-Key": key, "X-Sandbox": m.name}
	return m.call(http.MethodPost, m.ops.addresses["orderops"]+"/order-ops/v1/orders/"+m.order+"/"+action, header, body)
}

func (m *modifying) modify() (int, []byte, error) {
	return m.ask("modifications", "kill-modify", struct{}{})
}

func (m *modifying) confirm() (int, []byte, error) {
	return m.ask("confirmations", "kill-confirm", map[string]string{"basket_id": m.basket})
}

// edit modifies the order and puts a card into the basket.
func (m *modifying) edit() {
	m.t.Helper()
	status, answer, err := m.modify()
	if err != nil || status != http.StatusOK {
		m.t.Fatalf("the modification answers %d %s %v", status, answer, err)
	}
	m.opened(answer)
	m.shop(http.MethodPost, "/baskets/"+m.basket+"/payment_instruments", map[string]any{
		"payment_method_id": "CREDIT_CARD",
		"payment_card":      map[string]any{"card_type": "Visa", "holder": "Ada", "number": "4111111111111111", "expiration_month": 12, "expiration_year": 2031},
	})
}

// shop sends a request of the shopper's to commerce.
func (m *modifying) shop(method, path string, body any) []byte {
	m.t.Helper()
	header := map[string]string{"Authorization": m.token, "x-dw-client-id": strings.Repeat("a", 30) + "~" + m.name}
	return m.must(method, m.api+"/s/RefArch/dw/shop/v23_2"+path, header, body)
}

// opened reads the answer of a modification and asserts that there is one basket, one hold and an order that is held back.
func (m *modifying) opened(answer []byte) {
	m.t.Helper()
	var op struct {
		State        string
		Modification struct {
			BasketID string `json:"basket_id"`
		}
	}
	if err := json.Unmarshal(answer, &op); err != nil || op.State != "editing" || op.Modification.BasketID == "" {
		m.t.Fatalf("the modification ended as %s", answer)
	}
	m.basket = op.Modification.BasketID
	if b := m.shop(http.MethodGet, "/baskets/"+m.basket, nil); !bytes.Contains(b, []byte(`"c_modifiesOrderNo":"`+m.order+`"`)) {
		m.t.Errorf("the shopper has the basket %s", b)
	}
	happened := m.happened()
	for operation, want := range map[string]int{"createBasket": 1, "deleteBasket": 0, "submitCancel": 0} {
		if happened[operation] != want {
			m.t.Errorf("%s changed something %d times, want %d", operation, happened[operation], want)
		}
	}
}

// confirmed asserts that the new order has taken the place of the old one, with every effect once.
func (m *modifying) confirmed(answer []byte) {
	m.t.Helper()
	if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) || bytes.Contains(answer, []byte(`"state":"pending"`)) {
		m.t.Fatalf("the confirmation ended as %s", answer)
	}
	happened := m.happened()
	for operation, want := range map[string]int{"submitBasket": 1, "patchOrderPaymentInstrument": 1, "submitCancel": 1, "confirmHold": 1, "releaseBooking": 0, "cancelPayment": 1} {
		if happened[operation] != want {
			m.t.Errorf("%s changed something %d times, want %d", operation, happened[operation], want)
		}
	}
	if found := m.must(http.MethodGet, m.sandbox("/invariants"), nil, nil); !bytes.Contains(found, []byte(`"holds":true`)) {
		m.t.Errorf("the systems do not agree: %s", found)
	}
}

func modifyCalls() []parked {
	about := authorised()
	return []parked{
		{"som", "composite", 1, about},
		{"slots", "listBookings", 1, about},
		{"b2c", "getCustomerBaskets", 1, about},
		{"b2c", "getProducts", 1, about},
		{"b2c", "createBasket", 1, about},
		{"slots", "holdSuccessor", 1, about},
		{"som", "updateRow", 1, about},
		{"som", "composite", 2, about},
		{"b2c", "setBasketStorefront", 1, about},
	}
}

// confirmCalls are those of a confirmation, but for most of the cancel inside, at which processes are killed elsewhere.
func confirmCalls() []parked {
	about := authorised()
	return []parked{
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
	}
}

// TestModifyingKilledAtEveryCall parks each call of a modification and of its confirmation, before or after the simulator
// has committed it, kills the process with signal 9 and starts it again on the same database.
func TestModifyingKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	simulator := launch(t, built.somsim, 2, "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0")
	for action, calls := range map[string][]parked{"modify": modifyCalls(), "confirm": confirmCalls()} {
		for i, at := range calls {
			for _, phase := range []string{"before", "after"} {
				t.Run(fmt.Sprintf("%s %s %s %s %d", action, phase, at.system, at.operation, at.nth), func(t *testing.T) {
					t.Parallel()
					m := &modifying{stage: newStage(t, simulator, fmt.Sprintf("%s-%d-%s", action, i, phase), at.about)}
					m.killedIn(action, at, phase)
				})
			}
		}
	}
}

func (m *modifying) killedIn(action string, at parked, phase string) {
	m.t.Helper()
	ask, look := m.modify, m.opened
	if action == "confirm" {
		m.edit()
		ask, look = m.confirm, m.confirmed
	}
	ended := m.park(at, phase, func() { _, _, _ = ask() })
	m.ops.kill()
	<-ended
	m.letGo()
	m.start()
	status, answer, err := ask()
	if err != nil || status != http.StatusOK {
		m.t.Fatalf("after the restart the %s answers %d %s %v", action, status, answer, err)
	}
	look(answer)
}
