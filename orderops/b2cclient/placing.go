package b2cclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops/remote"
)

// OrderAsService reads an order as the service itself, which sees every customer's.
func (c *Client) OrderAsService(ctx context.Context, shop Shop, orderNo string) (Document, error) {
	return own[Document](ctx, c, remote.Call{Operation: "getOrder", Method: http.MethodGet, Path: shop.path("/orders/%s", orderNo)})
}

// newestOrders is how many of a customer's orders are looked through for one that was placed a moment ago.
const newestOrders = "25"

// NewestOrders lists the newest orders of a customer, as the service itself.
func (c *Client) NewestOrders(ctx context.Context, shop Shop, customerID string) ([]Order, error) {
	return c.newest(ctx, shop, customerID, url.Values{"start": {"0"}, "count": {newestOrders}})
}

// NewestAnywhere lists the newest orders of a customer on whatever site they were placed, as the service itself.
func (c *Client) NewestAnywhere(ctx context.Context, shop Shop, customerID string) ([]Order, error) {
	return c.newest(ctx, shop, customerID, url.Values{"start": {"0"}, "count": {newestOrders}, "cross_sites": {"true"}})
}

func (c *Client) newest(ctx context.Context, shop Shop, customerID string, query url.Values) ([]Order, error) {
	list, err := own[struct {
		Data []Document `json:"data"`
	}](ctx, c, remote.Call{
		Operation: "getCustomerOrders", Method: http.MethodGet, Path: shop.path("/customers/%s/orders", customerID), Query: query,
	})
	orders := make([]Order, len(list.Data))
	for i, d := range list.Data {
		orders[i] = d.Order
	}
	return orders, err
}

// Submit makes an order of a basket. There is no idempotency key for it: after an ambiguous answer look for the order by
// the custom attributes that it has from its basket.
func (c *Client) Submit(ctx context.Context, shop Shop, basketID string) (Order, error) {
	body, err := json.Marshal(struct {
		BasketID string `json:"basket_id"`
	}{basketID})
	if err != nil {
		return Order{}, fmt.Errorf("encode submission: %w", err)
	}
	doc, err := own[Document](ctx, c, remote.Call{Operation: "submitBasket", Method: http.MethodPost, Path: shop.path("/orders"), Body: body})
	return doc.Order, err
}

// Authorize has a payment of an order authorised that was just submitted; once all of the order is, it is placed. A
// decline is a HookStatusException. Repeating it for an order that is placed is refused.
func (c *Client) Authorize(ctx context.Context, shop Shop, orderNo string, p PaymentInstrument) (Order, error) {
	body, err := json.Marshal(struct {
		PaymentMethodID string `json:"payment_method_id"`
	}{p.PaymentMethodID})
	if err != nil {
		return Order{}, fmt.Errorf("encode payment: %w", err)
	}
	doc, err := own[Document](ctx, c, remote.Call{
		Operation: "patchOrderPaymentInstrument", Method: http.MethodPatch, Path: shop.path("/orders/%s/payment_instruments/%s", orderNo, p.ID), Body: body,
	})
	return doc.Order, err
}

// Fail gives up an order that was submitted and never placed, and opens its basket again where the customer has no other.
// Doing it twice is harmless: the second answers a conflict.
func (c *Client) Fail(ctx context.Context, shop Shop, orderNo string) error {
	body, err := json.Marshal(struct {
		Status string `json:"status"`
	}{"failed_with_reopen"})
	if err != nil {
		return fmt.Errorf("encode status: %w", err)
	}
	return c.write(ctx, remote.Call{
		Operation: "setOrderStatus", Method: http.MethodPut, Body: body, Repeatable: true,
		Path: "/s/-/dw/data/" + dataVersion + "/sites/" + url.PathEscape(shop.Site) + "/orders/" + url.PathEscape(orderNo) + "/status",
	})
}

// dataVersion is the version of the Data API.
const dataVersion = "v25_6"

// Annotate sets custom attributes of an order that are texts, as the service itself. Doing it twice is harmless.
func (c *Client) Annotate(ctx context.Context, shop Shop, orderNo string, attributes map[string]string) error {
	body, err := json.Marshal(attributes)
	if err != nil {
		return fmt.Errorf("encode attributes: %w", err)
	}
	_, err = own[Document](ctx, c, remote.Call{
		Operation: "patchOrder", Method: http.MethodPatch, Path: shop.path("/orders/%s", orderNo), Body: body, Repeatable: true,
	})
	return err
}
