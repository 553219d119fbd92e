package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/shopspring/decimal"
)

// changeWish is what a shopper asks for with a modification or its confirmation. Asking twice with the same change is one wish.
type changeWish struct {
	channel channel
	orderNo string
	// action is modify or confirm, as the storefront calls it.
	action string
	key    string
	// wants are further words of the request, under the names that the app has for them.
	wants map[string]any
}

// storefrontNames are what the storefront calls the words of a change.
func storefrontNames() map[string]string {
	return map[string]string{
		"on_existing_basket": "c_onExistingBasket", "slot_id": "c_slotId", "items": "c_items", "new_order_no": "c_newOrderNo",
		"basket_id": "c_basketUUID", "expected_total": "c_expectedTotal", "channel": "c_channel", "_resource_state": "_resource_state",
	}
}

// changeResources are where the app asks for a change.
func changeResources() map[string]string {
	return map[string]string{"modify": "modifications", "confirm": "confirmations"}
}

// change asks order-ops for a change.
func (s *shopper) change(ctx context.Context, c changeWish) answer {
	got := s.tellChange(ctx, c)
	got.again = func(ctx context.Context) answer { return s.tellChange(ctx, c) }
	return got
}

func (s *shopper) tellChange(ctx context.Context, c changeWish) answer {
	header := s.header()
	if c.channel == storefront {
		body := map[string]any{"c_action": c.action, "c_actionRequestId": c.key}
		for name, value := range c.wants {
			body[storefrontNames()[name]] = value
		}
		return s.ask(ctx, storefront, request{http.MethodPatch, s.orderOps + shopPath(s.site) + "/orders/" + url.PathEscape(c.orderNo), header, body})
	}
	header["Idempotency-Key"] = c.key
	body := map[string]any{}
	for name, value := range c.wants {
		body[name] = value
	}
	path := changeResources()[c.action]
	target := s.orderOps + orderOpsPath + "/orders/" + url.PathEscape(c.orderNo) + "/" + path + "?site=" + url.QueryEscape(s.site)
	return s.ask(ctx, app, request{http.MethodPost, target, header, body})
}

// modification and confirmation are what order-ops answers.
type modification struct {
	Policy      string          `json:"policy"`
	State       string          `json:"state"`
	Resumed     bool            `json:"resumed"`
	BasketID    string          `json:"basket_id"`
	Before      decimal.Decimal `json:"total_before"`
	After       decimal.Decimal `json:"total_after"`
	Difference  decimal.Decimal `json:"price_difference"`
	ExpiresAt   time.Time       `json:"expires_at"`
	PriceDeltas []struct {
		ProductID string          `json:"product_id"`
		Before    decimal.Decimal `json:"before"`
		After     decimal.Decimal `json:"after"`
	} `json:"price_deltas"`
	Unavailable []struct {
		ProductID string          `json:"product_id"`
		Quantity  decimal.Decimal `json:"quantity"`
		Reason    string          `json:"reason"`
	} `json:"unavailable_lines"`
	Coupons []struct {
		Code   string `json:"code"`
		Valid  bool   `json:"valid"`
		Status string `json:"status"`
	} `json:"coupons"`
	Slots []struct {
		BookingID string `json:"booking_id"`
		HoldID    string `json:"hold_id"`
		// Code is why the window could not be kept.
		Code string `json:"code"`
	} `json:"slots"`
	SetAside string    `json:"set_aside_basket_id"`
	Redirect *redirect `json:"redirect"`
	Warnings []struct {
		Code string `json:"code"`
	} `json:"warnings"`
	Effects []effect `json:"effects"`
}

type confirmation struct {
	NewOrderNo       string          `json:"new_order_no"`
	AlreadyConfirmed bool            `json:"already_confirmed"`
	Before           decimal.Decimal `json:"total_before"`
	After            decimal.Decimal `json:"total_after"`
	Difference       decimal.Decimal `json:"price_difference"`
	Bookings         []string        `json:"booking_ids"`
	Cancellation     *struct {
		Whole bool `json:"whole"`
	} `json:"cancellation"`
	Effects []effect `json:"effects"`
}

// basket is a basket as the shop shows it to its shopper.
type basket struct {
	ID       string          `json:"basket_id"`
	Total    decimal.Decimal `json:"order_total"`
	Modifies string          `json:"c_modifiesOrderNo"`
	Items    []struct {
		ItemID    string          `json:"item_id"`
		ProductID string          `json:"product_id"`
		Quantity  decimal.Decimal `json:"quantity"`
		// Price is that of the line after all discounts; Bonus says that it is given for another.
		Price decimal.Decimal `json:"price_after_order_discount"`
		Bonus bool            `json:"bonus_product_line_item"`
	} `json:"product_items"`
	Payments []struct {
		ID string `json:"payment_instrument_id"`
	} `json:"payment_instruments"`
	Shipments []struct {
		Address json.RawMessage `json:"shipping_address"`
	} `json:"shipments"`
}

// shopOrderDocument is an order as checkout gets it.
type shopOrderDocument struct {
	OrderNo  string `json:"order_no"`
	Status   string `json:"status"`
	Current  string `json:"c_currentOrderNo"`
	Replaced string `json:"c_replacedOrderNo"`
	Payments []struct {
		ID     string `json:"payment_instrument_id"`
		Method string `json:"payment_method_id"`
	} `json:"payment_instruments"`
	Address json.RawMessage `json:"billing_address"`
}

// inShop sends a request of the shopper's to the shop itself.
func (s *shopper) inShop(ctx context.Context, method, path string, body, into any) error {
	header := s.header()
	header["x-dw-client-id"] = clientID + "~" + s.sandbox
	return s.call(ctx, request{method, s.api + shopPath(s.site) + path, header, body}, into)
}

// customer is whose token the shopper has.
func (s *shopper) customer(ctx context.Context, orderNo string) (string, error) {
	var o struct {
		Info struct {
			ID string `json:"customer_id"`
		} `json:"customer_info"`
	}
	err := s.inShop(ctx, http.MethodGet, "/orders/"+orderNo, nil, &o)
	return o.Info.ID, err
}

// current is the basket that the shopper has in the shop; empty when there is none.
func (s *shopper) current(ctx context.Context, orderNo string) (basket, error) {
	id, err := s.customer(ctx, orderNo)
	if err != nil {
		return basket{}, err
	}
	var list struct {
		Baskets []struct {
			basket
			Agent bool `json:"agent_basket"`
		} `json:"baskets"`
	}
	if err := s.inShop(ctx, http.MethodGet, "/customers/"+id+"/baskets", nil, &list); err != nil {
		return basket{}, err
	}
	for _, b := range list.Baskets {
		if !b.Agent {
			return b.basket, nil
		}
	}
	return basket{}, nil
}

// The cards that shoppers pay with: one that pays, and one that the bank declines.
const (
	goodCard = "4111111111111111"
	badCard  = "4000000000000002"
	// giftCode is the gift certificate of the starting world.
	giftCode = "GIFT-SOMSIM-0001"
)

func card(number string) map[string]any {
	return map[string]any{
		"payment_method_id": "CREDIT_CARD",
		"payment_card":      map[string]any{"card_type": "Visa", "holder": "A Shopper", "number": number, "expiration_month": 12, "expiration_year": 2031},
	}
}

// pay puts a card into a basket.
func (s *shopper) pay(ctx context.Context, basketID, number string) error {
	if s.certificate != "" {
		gift := map[string]any{"payment_method_id": "GIFT_CERTIFICATE", "gift_certificate_code": giftCode, "amount": s.certificate}
		if err := s.inShop(ctx, http.MethodPost, "/baskets/"+basketID+"/payment_instruments", gift, nil); err != nil {
			return err
		}
	}
	return s.inShop(ctx, http.MethodPost, "/baskets/"+basketID+"/payment_instruments", card(number), nil)
}

// takeOut takes what a basket is to be paid with out of it again.
func (s *shopper) takeOut(ctx context.Context, basketID string) error {
	var b basket
	err := s.inShop(ctx, http.MethodGet, "/baskets/"+basketID, nil, &b)
	for _, p := range b.Payments {
		err = errors.Join(err, s.inShop(ctx, http.MethodDelete, "/baskets/"+basketID+"/payment_instruments/"+p.ID, nil, nil))
	}
	return err
}

// submit makes an order of a basket with a card in it, which is not paid yet.
func (s *shopper) submit(ctx context.Context, basketID, card string) (o shopOrderDocument, err error) {
	if err = s.pay(ctx, basketID, card); err == nil {
		err = s.inShop(ctx, http.MethodPost, "/orders", map[string]string{"basket_id": basketID}, &o)
	}
	return o, err
}

// checkOut orders a basket in the shop and pays for it.
func (s *shopper) checkOut(ctx context.Context, basketID string) (shopOrderDocument, error) {
	o, err := s.submit(ctx, basketID, goodCard)
	if err != nil {
		return o, err
	}
	for _, p := range o.Payments {
		if err == nil {
			err = s.inShop(ctx, http.MethodPatch, "/orders/"+o.OrderNo+"/payment_instruments/"+p.ID, map[string]string{"payment_method_id": p.Method}, &o)
		}
	}
	if err == nil && o.Status != "new" {
		err = fmt.Errorf("order %s is %s after checkout", o.OrderNo, o.Status)
	}
	return o, err
}

// follow is what a scenario remembers of a modification.
type followUp struct {
	change   changeWish
	changes  int
	basketID string
	total    decimal.Decimal
	newOrder string
	before   basket       // that the shopper had
	asked    <-chan error // a modification that is under way
	told     modification // that a modification would come to
	taken    string       // what somebody else has reserved
}
