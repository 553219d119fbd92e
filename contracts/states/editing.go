package states

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"
)

// act has the shopper ask order-ops for an action.
func (s *Stage) act(number string, wish map[string]string, into any) error {
	return s.exchange(http.MethodPatch, s.orderOps+shopPath+"/orders/"+url.PathEscape(number), s.commerceCaller(pactShopper), wish, into)
}

// edited has the shopper modify the order, under the first request id of the
// pacts.
func (s *Stage) edited(number string) (Values, error) {
	var answer struct {
		Basket string `json:"c_newBasketUUID"`
		Result struct {
			Modification struct {
				Slots []struct {
					Hold    string `json:"hold_id"`
					Booking string `json:"booking_id"`
				} `json:"slots"`
			} `json:"modification"`
		} `json:"c_actionResult"`
	}
	if err := s.act(number, map[string]string{"c_action": "modify", "c_actionRequestId": "tap-1"}, &answer); err != nil {
		return nil, err
	}
	slots := answer.Result.Modification.Slots
	if answer.Basket == "" || len(slots) == 0 {
		return nil, errors.New("the order is not being edited")
	}
	return Values{"basketId": answer.Basket, "holdId": slots[0].Hold, "bookingId": slots[0].Booking}, nil
}

func (s *Stage) withBasketToo(number string) (Values, error) {
	if _, err := s.cancellable(number); err != nil {
		return nil, err
	}
	return s.withBasket(number)
}

// payable puts a card into the follow-up basket.
func payable(card string) prepare {
	return func(s *Stage, number string) (Values, error) {
		found, err := s.edited(number)
		if err != nil {
			return nil, err
		}
		payment := map[string]any{"payment_method_id": "CREDIT_CARD", "payment_card": map[string]any{
			"card_type": "Visa", "holder": "Ada Nolan", "number": card, "expiration_month": 12, "expiration_year": 2031,
		}}
		id, _ := found["basketId"].(string)
		return found, s.inBasket(pactShopper, http.MethodPost, "/baskets/"+id+"/payment_instruments", payment, nil)
	}
}

// slotLost has somebody else wait for the booking of an order that is being
// edited.
func (s *Stage) slotLost(number string) (Values, error) {
	found, err := payable("4111111111111111")(s, number)
	if err != nil {
		return nil, err
	}
	hold, _ := found["holdId"].(string)
	booking, _ := found["bookingId"].(string)
	header := as(s.real(pactSlotsKey))
	if err := s.exchange(http.MethodDelete, s.api+"/slots/v1/holds/"+hold, header, nil, nil); err != nil {
		return nil, err
	}
	other := map[string]any{"holder_ref": "somebody", "ttl_seconds": 600}
	return found, s.exchange(http.MethodPost, s.api+"/slots/v1/bookings/"+booking+"/successor", header, other, nil)
}

// followedUp has the shopper order the follow-up basket in checkout, and pay.
func (s *Stage) followedUp(number string) (Values, error) {
	found, payment, err := s.placedFollowUp(number)
	if err != nil {
		return nil, err
	}
	newNo, _ := found["orderNo"].(string)
	pay := map[string]string{"payment_method_id": "CREDIT_CARD"}
	return found, s.inBasket(pactShopper, http.MethodPatch, "/orders/"+newNo+"/payment_instruments/"+payment, pay, nil)
}

// unpaidFollowUp has the shopper order the follow-up basket, and be at the bank
// still.
func (s *Stage) unpaidFollowUp(number string) (Values, error) {
	found, _, err := s.placedFollowUp(number)
	return found, err
}

func (s *Stage) placedFollowUp(number string) (found Values, payment string, err error) {
	if found, err = payable("4111111111111111")(s, number); err != nil {
		return nil, "", err
	}
	var order struct {
		Number   string `json:"order_no"`
		Payments []struct {
			ID string `json:"payment_instrument_id"`
		} `json:"payment_instruments"`
	}
	if err := s.inBasket(pactShopper, http.MethodPost, "/orders", map[string]any{"basket_id": found["basketId"]}, &order); err != nil {
		return nil, "", err
	}
	found["orderNo"] = order.Number
	return found, order.Payments[0].ID, nil
}

// editedWithoutSOM has order management go down while a shopper fills the
// follow-up basket.
func (s *Stage) editedWithoutSOM(number string) (Values, error) {
	found, err := payable("4111111111111111")(s, number)
	if err != nil {
		return nil, err
	}
	_, err = s.withoutSOM(number)
	return found, err
}

// editedWithFullSlot has others take what room another slot has meanwhile.
func (s *Stage) editedWithFullSlot(number string) (Values, error) {
	found, err := payable("4111111111111111")(s, number)
	if err != nil {
		return nil, err
	}
	full, err := s.fullSlot(number)
	found["slotId"] = full["slotId"]
	return found, err
}

// cancelledInSOM has somebody at order management cancel the order meanwhile.
func (s *Stage) cancelledInSOM(number string) (Values, error) {
	found, err := payable("4111111111111111")(s, number)
	if err != nil {
		return nil, err
	}
	_, err = withSession((*Stage).cancelInSOM)(s, number)
	return found, err
}

func (s *Stage) cancelInSOM(number string) (Values, error) {
	items, err := s.query(`SELECT Id, OrderSummaryId, QuantityAvailableToCancel FROM OrderItemSummary WHERE OrderSummary.OrderNumber = '` + number +
		`' AND TypeCode = 'Product' AND QuantityAvailableToCancel > 0`)
	if err != nil {
		return nil, err
	}
	var changes []map[string]any
	for _, item := range items {
		changes = append(changes, map[string]any{
			"orderItemSummaryId": item["Id"], "quantity": item["QuantityAvailableToCancel"], "reason": "Unknown", "shippingReductionFlag": true,
		})
	}
	path := fmt.Sprintf("/services/data/v60.0/commerce/order-management/order-summaries/%s/actions/submit-cancel", items[0]["OrderSummaryId"])
	return nil, s.exchange(http.MethodPost, s.api+path, as(s.real(pactSession)), map[string]any{"changeItems": changes}, nil)
}

// confirmed has the shopper confirm the new order, under the second request id
// of the pacts.
func (s *Stage) confirmed(number string) (Values, error) {
	found, err := s.followedUp(number)
	if err != nil {
		return nil, err
	}
	newNo, _ := found["orderNo"].(string)
	return found, s.act(number, map[string]string{"c_action": "confirm", "c_actionRequestId": "tap-2", "c_newOrderNo": newNo}, nil)
}

// soldOut has somebody else reserve what inventory could still promise of an
// order's products, and the order has nothing to give up. It is the fifth
// shopper's.
func (s *Stage) soldOut(number string) (Values, error) {
	if _, err := s.logIn(5); err != nil {
		return nil, err
	}
	var order struct {
		Items []struct {
			Product string `json:"product_id"`
		} `json:"product_items"`
	}
	if err := s.inBasket(pactShopper, http.MethodGet, "/orders/"+number, nil, &order); err != nil {
		return nil, err
	}
	own, err := s.reservations(number)
	if err != nil {
		return nil, err
	}
	for _, r := range own {
		if err := s.exchange(http.MethodDelete, s.api+inventoryPath+"/reservation-documents/"+r.ReservationID, s.tenant(), nil, nil); err != nil {
			return nil, err
		}
	}
	for _, item := range order.Items {
		if err := s.reserveRest(item.Product); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// reserveRest has somebody reserve what is left of a product: one request to inventory for each product, since a second one
// under the same id answers what the first did and reserves nothing.
func (s *Stage) reserveRest(product string) error {
	var products struct {
		Inventory struct {
			Left json.Number `json:"ats"`
		} `json:"inventory"`
	}
	err := s.inBasket(pactShopper, http.MethodGet, "/products/"+product+"?expand=availability", nil, &products)
	if left, bad := products.Inventory.Left.Float64(); err != nil || bad == nil && left <= 0 {
		return err // two lines of an order may be of one product
	}
	const path = "/inventory/reservation/v1/organizations/f_ecom_zzte_053/reservation-documents"
	return s.exchange(http.MethodPost, s.api+path, as("Bearer somsim~"+s.sandbox()), map[string]any{
		"actionRequestId": uuid.NewSHA1(uuid.NameSpaceOID, []byte(product)), "expirationSeconds": 14400,
		"createRecords": []any{map[string]any{"stockKeepingUnit": product, "quantity": products.Inventory.Left, "locationGroupIdentifier": "ALL-LOCATIONS"}},
	}, nil)
}
