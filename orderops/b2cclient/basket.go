package b2cclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// The custom attributes by which a follow-up basket, and the order that comes of it, say what they follow up: the order
// that they are to take the place of, and the operation that made the basket.
const (
	ModifiesAttribute     = "c_modifiesOrderNo"
	ModificationAttribute = "c_modificationId"
)

// The custom attributes that link an order with the one that took its place.
const (
	CurrentOrderAttribute  = "c_currentOrderNo"
	ReplacedOrderAttribute = "c_replacedOrderNo"
)

// The faults about baskets that order-ops reacts to by name.
const (
	BasketsQuotaExceeded = "CustomerBasketsQuotaExceededException"
	ItemNotAvailable     = "ProductItemNotAvailableException"
	HookStatus           = "HookStatusException"
)

// Basket is the part of a basket document that order-ops reads. It holds no names and no addresses.
type Basket struct {
	BasketID     string `json:"basket_id"`
	Currency     string `json:"currency"`
	CustomerInfo struct {
		CustomerID string `json:"customer_id"`
	} `json:"customer_info"`
	// AgentBasket is one that the storefront does not show, TemporaryBasket one that lives for minutes.
	AgentBasket        bool                `json:"agent_basket"`
	TemporaryBasket    bool                `json:"temporary_basket"`
	Taxation           string              `json:"taxation"` // gross where prices hold their tax, net
	OrderTotal         decimal.Decimal     `json:"order_total"`
	ProductItems       []BasketItem        `json:"product_items"`
	CouponItems        []CouponItem        `json:"coupon_items"`
	PaymentInstruments []PaymentInstrument `json:"payment_instruments"`
	ModifiesOrderNo    string              `json:"c_modifiesOrderNo"`
	ModificationID     string              `json:"c_modificationId"`
	// KeptUntil is until when the stock of the lines is kept for the basket; zero where it is not.
	KeptUntil time.Time `json:"inventory_reservation_expiry"`
}

// BasketItem is a line of a basket.
type BasketItem struct {
	ItemID    string          `json:"item_id"`
	ProductID string          `json:"product_id"`
	Quantity  decimal.Decimal `json:"quantity"`
	// Price is that of the line, after all discounts, Full that before any; TaxRate is that of the tax on it.
	Price   decimal.Decimal `json:"price_after_order_discount"`
	Full    decimal.Decimal `json:"price"`
	TaxRate decimal.Decimal `json:"tax_rate"`
	Bonus   bool            `json:"bonus_product_line_item"`
	Options []Option        `json:"option_items"`
}

// CouponUsed is the status of a code that works once and has been used.
const CouponUsed = "coupon_code_already_redeemed"

// CouponRefused is the code of a refusal to order a basket with a code that cannot be used any more.
const CouponRefused = "InvalidCouponCodeException"

// CouponItem is a code in a basket with what has become of it.
type CouponItem struct {
	Code       string `json:"code"`
	Valid      bool   `json:"valid"`
	StatusCode string `json:"status_code"`
}

// PaymentInstrument is a payment of a basket or an order, without anything of a card.
type PaymentInstrument struct {
	ID              string          `json:"payment_instrument_id"`
	PaymentMethodID string          `json:"payment_method_id"`
	Amount          decimal.Decimal `json:"amount"`
}

// CustomerBaskets lists the open baskets of a customer, as the service itself.
func (c *Client) CustomerBaskets(ctx context.Context, shop Shop, customerID string) ([]Basket, error) {
	out, err := own[struct {
		Baskets []Basket `json:"baskets"`
	}](ctx, c, remote.Call{Operation: "getCustomerBaskets", Method: http.MethodGet, Path: shop.path("/customers/%s/baskets", customerID)})
	return out.Baskets, err
}

// Basket reads a basket as the service itself.
func (c *Client) Basket(ctx context.Context, shop Shop, basketID string) (Basket, error) {
	return own[Basket](ctx, c, remote.Call{Operation: "getBasket", Method: http.MethodGet, Path: shop.path("/baskets/%s", basketID)})
}

// CreateBasket makes a basket for a customer. It is not shown in the storefront before ShowBasket. There is no idempotency
// key for it: after an ambiguous answer look for it by its custom attributes.
func (c *Client) CreateBasket(ctx context.Context, shop Shop, n NewBasket) (Basket, error) {
	body, err := json.Marshal(n)
	if err != nil {
		return Basket{}, fmt.Errorf("encode basket: %w", err)
	}
	call := remote.Call{Operation: "createBasket", Method: http.MethodPost, Path: shop.path("/baskets"), Body: body}
	if n.Temporary {
		call.Query = map[string][]string{"temporary": {"true"}}
	}
	return own[Basket](ctx, c, call)
}

// ShowBasket makes a basket the one that its customer has in the storefront. One that is there already is a refusal of
// the class Rejected, or, with exchange, is set aside: it stays as a basket of the service. Doing it twice is harmless.
func (c *Client) ShowBasket(ctx context.Context, shop Shop, basketID string, exchange bool) error {
	call := remote.Call{
		Operation: "setBasketStorefront", Method: http.MethodPut, Path: shop.path("/baskets/%s/storefront", basketID), Repeatable: true,
	}
	if exchange {
		call.Query = map[string][]string{"exchange": {"true"}}
	}
	_, err := own[Basket](ctx, c, call)
	return err
}

// MaxReserved is for how long commerce keeps the stock of a basket at most.
const MaxReserved = 240 * time.Minute

// ReserveBasket keeps everything that a basket holds for it for some time, in whole minutes and at most [MaxReserved]. It
// takes the place of what was kept before, so that doing it twice is harmless. What cannot be had is of the class Rejected.
func (c *Client) ReserveBasket(ctx context.Context, shop Shop, basketID string, length time.Duration) error {
	body, err := json.Marshal(struct {
		Minutes int `json:"reservation_duration_in_minutes"`
	}{int(min(length, MaxReserved) / time.Minute)})
	if err != nil {
		return fmt.Errorf("encode reservation of a basket: %w", err)
	}
	_, err = own[Basket](ctx, c, remote.Call{
		Operation: "reserveBasket", Method: http.MethodPost, Path: shop.path("/baskets/%s/reservation", basketID), Body: body, Repeatable: true,
	})
	return err
}

// Reduction is an amount that the service takes off a line of a basket.
type Reduction struct {
	// ID names it for good: a second one of the same id is refused as InvalidPromotion, so that repeating it is harmless.
	ID, ItemID string
	Amount     decimal.Decimal
	// Reason is a reason code of the shop's, Text what the shopper reads.
	Reason, Text string
}

// InvalidPromotion is the fault of a reduction whose id is used already.
const InvalidPromotion = "InvalidPromotionIdException"

// Reduce takes an amount off a line, by a manual price adjustment.
func (c *Client) Reduce(ctx context.Context, shop Shop, basketID string, r Reduction) (Basket, error) {
	type discount struct {
		Type  string          `json:"type"`
		Value json.RawMessage `json:"value"`
	}
	body, err := json.Marshal(struct {
		PromotionID string   `json:"promotion_id"`
		Level       string   `json:"level"`
		ItemID      string   `json:"item_id"`
		Text        string   `json:"item_text"`
		Reason      string   `json:"reason_code"`
		Discount    discount `json:"discount"`
	}{r.ID, "product", r.ItemID, r.Text, r.Reason, discount{"amount", json.RawMessage(r.Amount.String())}})
	if err != nil {
		return Basket{}, fmt.Errorf("encode price adjustment: %w", err)
	}
	return own[Basket](ctx, c, remote.Call{
		Operation: "addBasketPriceAdjustment", Method: http.MethodPost, Path: shop.path("/baskets/%s/price_adjustments", basketID), Body: body, Repeatable: true,
	})
}

// DeleteBasket deletes a basket. One that is gone is of the class NotFound.
func (c *Client) DeleteBasket(ctx context.Context, shop Shop, basketID string) error {
	return c.write(ctx, remote.Call{
		Operation: "deleteBasket", Method: http.MethodDelete, Path: shop.path("/baskets/%s", basketID), Repeatable: true,
	})
}

// Product is what of a product decides whether it can be bought again.
type Product struct {
	ID   string `json:"id"`
	Type struct {
		Master bool `json:"master"`
	} `json:"type"`
	MinOrderQuantity decimal.Decimal  `json:"min_order_quantity"`
	StepQuantity     decimal.Decimal  `json:"step_quantity"`
	Price            *decimal.Decimal `json:"price"`
	Inventory        *struct {
		// Available is how many units can be promised now.
		Available decimal.Decimal `json:"ats"`
		Orderable bool            `json:"orderable"`
	} `json:"inventory"`
	Options []struct {
		ID     string `json:"id"`
		Values []struct {
			ID string `json:"id"`
		} `json:"values"`
	} `json:"options"`
}

// maxProducts is how many products OCAPI answers at once.
const maxProducts = 24

// Products reads products as the service itself. Those that do not exist, or are offline, are left out.
func (c *Client) Products(ctx context.Context, shop Shop, currency string, ids []string) ([]Product, error) {
	var all []Product
	for len(ids) > 0 {
		n := min(maxProducts, len(ids))
		out, err := own[struct {
			Data []Product `json:"data"`
		}](ctx, c, remote.Call{
			Operation: "getProducts", Method: http.MethodGet, Path: shop.path("/products/") + "(" + joined(ids[:n]) + ")",
			Query: map[string][]string{"expand": {"availability,prices,options"}, "currency": {currency}},
		})
		if err != nil {
			return nil, err
		}
		all, ids = append(all, out.Data...), ids[n:]
	}
	return all, nil
}

// joined writes ids as a path segment in parentheses wants them.
func joined(ids []string) string {
	escaped := make([]string, len(ids))
	for i, id := range ids {
		escaped[i] = url.PathEscape(id)
	}
	return strings.Join(escaped, ",")
}

// self is the header of a call of the service itself.
func (c *Client) self(ctx context.Context, token remote.Token) http.Header {
	self := Caller{Token: token.Value}
	if c.clientID != "" {
		self.ClientID = remote.ScopeOf(ctx).Credential(c.clientID)
	}
	return self.header()
}

// own sends a call as the service itself and decodes the answer.
func own[T any](ctx context.Context, c *Client, call remote.Call) (T, error) {
	if len(call.Body) > 0 {
		call.ContentType = "application/json"
	}
	return remote.Authorized(ctx, c.tokens, func(token remote.Token) (T, error) {
		call.Header = c.self(ctx, token)
		return exchange[T](ctx, c, call)
	})
}

// write sends a call as the service itself whose answer has no body.
func (c *Client) write(ctx context.Context, call remote.Call) error {
	if len(call.Body) > 0 {
		call.ContentType = "application/json"
	}
	_, err := remote.Authorized(ctx, c.tokens, func(token remote.Token) (*remote.Reply, error) {
		call.Header = c.self(ctx, token)
		return c.caller.Do(ctx, call)
	})
	return err
}
