package main

import (
	"encoding/json"
	"net/http"
)

// codeBulk takes something off an order from some amount on.
const codeBulk = "BULK20"

// cancellingRepriced is the cancel of one of two shirts, of which the other one stays at another price.
func cancellingRepriced() workflow {
	about := subject{order: "", shopper: "shopper-1"}
	done := func(s *stage, answer []byte) {
		s.cancelledWith(answer, map[string]int{"submitCancel": 1, "cancelPayment": 1})
		var told struct {
			Cancellation struct {
				Repriced struct{ Worth, Kept float64 }
			}
		}
		if err := json.Unmarshal(answer, &told); err != nil || told.Cancellation.Repriced.Worth != 44 || told.Cancellation.Repriced.Kept != 11 {
			s.t.Errorf("told of %+v: %s", told, answer)
		}
	}
	return workflow{
		name: "cancel-repriced", way: first, passes: true, soon: "1h", calls: []parked{
			{"b2c", "createBasket", 1, about},
			{"b2c", "deleteBasket", 2, about},
			{"som", "composite", 2, about}, // what the fee is booked on
			{"som", "previewCancel", 1, about},
			{"som", "submitCancel", 1, about},
			{"worldline", "cancelPayment", 1, about},
		},
		ready: func(s *stage) {
			s.order = s.checkOut(s.fill(), codeBulk)
			s.pass("15m")
			s.token = s.login()
		},
		ask:   (*stage).cancelOne,
		done:  done,
		after: done,
		nothing: func(s *stage, _ []byte) {
			s.changed(map[string]int{"submitCancel": 0, "cancelPayment": 0})
		},
	}
}

// cancelOne asks for the cancel of one unit of the first line, and expects what comes back then.
func (s *stage) cancelOne() (int, []byte, error) {
	var o struct {
		Items []struct {
			ID string `json:"item_id"`
		} `json:"product_items"`
	}
	if err := json.Unmarshal(s.shop(http.MethodGet, "/orders/"+s.order, nil), &o); err != nil {
		return 0, nil, err
	}
	return s.ask("cancellations", map[string]any{
		"items": []any{map[string]any{"item_id": o.Items[0].ID, "quantity": 1}}, "expected_refund": json.Number("33.00"),
	})
}
