package states

import (
	"fmt"
	"net/http"
)

// inBasket sends a request about baskets as the caller that inPact stands for.
func (s *Stage) inBasket(inPact, method, path string, body, into any) error {
	return s.exchange(method, s.api+shopPath+path, s.commerceCaller(inPact), body, into)
}

// basketOf makes a basket of one mug as that caller; of a system, it is not
// shown to its shopper.
func (s *Stage) basketOf(inPact, customer string) (string, error) {
	id, _, err := s.basketWithLine(inPact, customer)
	return id, err
}

// basketWithLine is a basket of that kind together with its one line.
func (s *Stage) basketWithLine(inPact, customer string) (basketID, itemID string, err error) {
	var basket struct {
		ID    string `json:"basket_id"`
		Items []struct {
			ID string `json:"item_id"`
		} `json:"product_items"`
	}
	body := map[string]any{"product_items": []any{map[string]any{"product_id": "MUG", "quantity": 1}}}
	if customer != "" {
		body["customer_info"] = map[string]string{"customer_id": customer}
	}
	if err := s.inBasket(inPact, http.MethodPost, "/baskets", body, &basket); err != nil {
		return "", "", err
	}
	return basket.ID, basket.Items[0].ID, nil
}

func (s *Stage) withBasket(string) (Values, error) {
	id, err := s.basketOf(pactShopper, "")
	return Values{"basketId": id}, err
}

func (s *Stage) withHiddenBasket(string) (Values, error) {
	customer, err := s.shopper()
	if err != nil {
		return nil, err
	}
	id, item, err := s.basketWithLine(pactSystem, customer)
	return Values{"basketId": id, "itemId": item}, err
}

// withKeptBasket has commerce keep for a while what the shopper's basket holds.
func (s *Stage) withKeptBasket(number string) (Values, error) {
	found, err := s.withBasket(number)
	if err != nil {
		return nil, err
	}
	path := fmt.Sprintf("/baskets/%s/reservation", found["basketId"])
	return found, s.inBasket(pactSystem, http.MethodPost, path, map[string]int{"reservation_duration_in_minutes": 45}, nil)
}

// withTakenBasket has somebody else reserve what is left of what the basket holds.
func (s *Stage) withTakenBasket(number string) (Values, error) {
	found, err := s.withHiddenBasket(number)
	if err != nil {
		return nil, err
	}
	return found, s.reserveRest("MUG")
}

// withLowered has the price of the basket's line lowered already, under the name that pacts use.
func (s *Stage) withLowered(number string) (Values, error) {
	found, err := s.withHiddenBasket(number)
	if err != nil {
		return nil, err
	}
	lower := map[string]any{
		"promotion_id": "keep-1", "level": "product", "item_id": found["itemId"], "item_text": "As before", "reason_code": "keep_original_price",
		"discount": map[string]any{"type": "amount", "value": 1},
	}
	return found, s.inBasket(pactSystem, http.MethodPost, fmt.Sprintf("/baskets/%s/price_adjustments", found["basketId"]), lower, nil)
}

func (s *Stage) withBothBaskets(number string) (Values, error) {
	if _, err := s.withBasket(number); err != nil {
		return nil, err
	}
	return s.withHiddenBasket(number)
}

// withFullBasket puts in what an order takes.
func (s *Stage) withFullBasket(string) (Values, error) { return s.fullBasket("4111111111111111") }

func (s *Stage) fullBasket(card string) (Values, error) {
	id, err := s.basketOf(pactShopper, "")
	if err != nil {
		return nil, err
	}
	address := map[string]string{"first_name": "Ada", "last_name": "Nolan", "address1": "1 Main St", "city": "New York", "postal_code": "10001", "country_code": "US"}
	payment := map[string]any{"payment_method_id": "CREDIT_CARD", "payment_card": map[string]any{
		"card_type": "Visa", "holder": "Ada Nolan", "number": card, "expiration_month": 12, "expiration_year": 2031,
	}}
	for _, part := range []struct {
		method, path string
		body         any
	}{
		{http.MethodPut, "/billing_address", address},
		{http.MethodPut, "/shipments/me/shipping_address", address},
		{http.MethodPut, "/shipments/me/shipping_method", map[string]string{"id": "delivery"}},
		{http.MethodPost, "/payment_instruments", payment},
	} {
		if err := s.inBasket(pactShopper, part.method, "/baskets/"+id+part.path, part.body, nil); err != nil {
			return nil, err
		}
	}
	return Values{"basketId": id}, nil
}

// waitingFor is an order that was submitted and is to be paid by a card.
func waitingFor(card string) prepare {
	return func(s *Stage, _ string) (Values, error) {
		found, err := s.fullBasket(card)
		if err != nil {
			return nil, err
		}
		var order struct {
			Number   string `json:"order_no"`
			Payments []struct {
				ID string `json:"payment_instrument_id"`
			} `json:"payment_instruments"`
		}
		if err := s.inBasket(pactShopper, http.MethodPost, "/orders", map[string]any{"basket_id": found["basketId"]}, &order); err != nil {
			return nil, err
		}
		return Values{"orderNo": order.Number, "paymentId": order.Payments[0].ID}, nil
	}
}
