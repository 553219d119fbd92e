package b2cclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// Order is the part of an order document that order-ops reads.
type Order struct {
	OrderNo        string          `json:"order_no"`
	Status         string          `json:"status"`
	ExportStatus   string          `json:"export_status"`
	ShippingStatus string          `json:"shipping_status"`
	PaymentStatus  string          `json:"payment_status"`
	CreationDate   time.Time       `json:"creation_date"`
	Currency       string          `json:"currency"`
	OrderTotal     decimal.Decimal `json:"order_total"`
	SiteID         string          `json:"site_id"`
	ProductItems   []ProductItem   `json:"product_items"`
	// Taxation says whether prices hold their tax: gross or net.
	Taxation string `json:"taxation"`
	// SOMOrderSummaryID is set by the export to order management.
	SOMOrderSummaryID string `json:"c_somOrderSummaryId"`
	// CurrentOrderNo is the order that took the place of a replaced one, where the shop's hook says so.
	CurrentOrderNo string `json:"c_currentOrderNo"`
	CustomerInfo   struct {
		CustomerID string `json:"customer_id"`
	} `json:"customer_info"`
	// GiftCertificateItems are those that the order buys; of them only the number matters.
	GiftCertificateItems []struct{}          `json:"gift_certificate_items"`
	PaymentInstruments   []PaymentInstrument `json:"payment_instruments"`
	// CouponItems are the codes that it was placed with.
	CouponItems []CouponItem `json:"coupon_items"`
	// ModifiesOrderNo and ModificationID are those of the follow-up basket that the order came of.
	ModifiesOrderNo string `json:"c_modifiesOrderNo"`
	ModificationID  string `json:"c_modificationId"`
	// ChannelType is how the order was placed, such as storefront or callcenter.
	ChannelType   string `json:"channel_type"`
	ResourceState string `json:"_resource_state"`
}

// ProductItem is a line of the order.
type ProductItem struct {
	ItemID    string `json:"item_id"`
	ProductID string `json:"product_id"`
	// ProductName is what people call the product.
	ProductName string          `json:"product_name"`
	Quantity    decimal.Decimal `json:"quantity"`
	// Price is that of the line, after all discounts, Full that before any; TaxRate is that of the tax on it.
	Price   decimal.Decimal `json:"price_after_order_discount"`
	Full    decimal.Decimal `json:"price"`
	TaxRate decimal.Decimal `json:"tax_rate"`
	// Bonus says that it was given for the purchase of another line.
	Bonus bool `json:"bonus_product_line_item"`
	// OptionItems are what was chosen with the product, BundledItems what is in a bundle.
	OptionItems  []OptionItem  `json:"option_items"`
	BundledItems []BundledItem `json:"bundled_product_items"`
}

// OptionItem is what was chosen with a product.
type OptionItem struct {
	ItemID        string `json:"item_id"`
	OptionID      string `json:"option_id"`
	OptionValueID string `json:"option_value_id"`
}

// BundledItem is what is in a bundle.
type BundledItem struct {
	ItemID    string `json:"item_id"`
	ProductID string `json:"product_id"`
}

// The order statuses that decide something here.
const (
	StatusCreated   = "created"
	StatusFailed    = "failed"
	StatusCancelled = "cancelled"
	StatusReplaced  = "replaced"
)

// Document is an order as commerce answered it, whole, with the part that is read.
type Document struct {
	Raw   json.RawMessage
	Order Order
}

// UnmarshalJSON keeps the document and reads the order out of it.
func (d *Document) UnmarshalJSON(raw []byte) error {
	d.Raw = append(json.RawMessage(nil), raw...)
	return remote.Read(raw, &d.Order)
}

// UnmarshalJSONFrom is UnmarshalJSON for remote.Read.
func (d *Document) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	raw, err := from.ReadValue()
	if err != nil {
		return err
	}
	return d.UnmarshalJSON(raw)
}

// MarshalJSON writes the document as it came.
func (d Document) MarshalJSON() ([]byte, error) { return d.Raw, nil }

// OrderList is a page of a customer's orders, with the envelope as it came.
type OrderList struct {
	Envelope json.RawMessage `json:"-"`
	Data     []Document      `json:"data"`
	Start    int             `json:"start"`
	Count    int             `json:"count"`
	Total    int             `json:"total"`
}

// as runs a call as the caller: the service's own token takes the place of the caller's where it asks as itself.
func as[T any](ctx context.Context, c *Client, caller Caller, f func(Caller) (T, error)) (T, error) {
	if !caller.Service {
		return f(caller)
	}
	return remote.Authorized(ctx, c.tokens, func(token remote.Token) (T, error) { return f(Caller{Token: token.Value}) })
}

// Order reads an order as the caller. An order of somebody else is not found.
func (c *Client) Order(ctx context.Context, shop Shop, caller Caller, orderNo string) (Document, error) {
	return as(ctx, c, caller, func(caller Caller) (Document, error) {
		return exchange[Document](ctx, c, remote.Call{
			Operation: "getOrder", Method: http.MethodGet, Path: shop.path("/orders/%s", orderNo), Header: caller.header(),
		})
	})
}

// CustomerOrders reads a page of a customer's orders as the caller.
func (c *Client) CustomerOrders(ctx context.Context, shop Shop, caller Caller, customerID string, query url.Values) (OrderList, error) {
	return as(ctx, c, caller, func(caller Caller) (OrderList, error) {
		return c.customerOrders(ctx, shop, caller, customerID, query)
	})
}

func (c *Client) customerOrders(ctx context.Context, shop Shop, caller Caller, customerID string, query url.Values) (OrderList, error) {
	call := remote.Call{
		Operation: "getCustomerOrders", Method: http.MethodGet, Query: query, Header: caller.header(),
		Path: shop.path("/customers/%s/orders", customerID),
	}
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return OrderList{}, err
	}
	list, err := readList(reply.Body)
	if err != nil {
		return OrderList{}, c.caller.Unreadable(call, err)
	}
	return list, nil
}

// readList reads a page. Its documents are long and many, so what is read of them is read on every processor there is.
func readList(body []byte) (OrderList, error) {
	var page struct {
		Data  []json.RawMessage `json:"data"`
		Start int               `json:"start"`
		Count int               `json:"count"`
		Total int               `json:"total"`
	}
	if err := remote.Read(body, &page); err != nil {
		return OrderList{}, err
	}
	list := OrderList{Envelope: body, Data: make([]Document, len(page.Data)), Start: page.Start, Count: page.Count, Total: page.Total}
	workers := min(runtime.GOMAXPROCS(0), len(page.Data))
	errs := make([]error, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(page.Data) && errs[w] == nil; i += workers {
				list.Data[i].Raw = page.Data[i]
				errs[w] = remote.Read(page.Data[i], &list.Data[i].Order)
			}
		})
	}
	all.Wait()
	return list, errors.Join(errs...)
}

// Patch passes a caller's own PATCH of an order on to commerce.
func (c *Client) Patch(ctx context.Context, shop Shop, caller Caller, orderNo string, body json.RawMessage) (Document, error) {
	return as(ctx, c, caller, func(caller Caller) (Document, error) {
		return exchange[Document](ctx, c, remote.Call{
			Operation: "patchOrder", Method: http.MethodPatch, Path: shop.path("/orders/%s", orderNo), Header: caller.header(),
			ContentType: "application/json", Body: body,
		})
	})
}

// SetStatus mirrors a status to commerce as the service itself. Setting the same status twice is harmless.
func (c *Client) SetStatus(ctx context.Context, shop Shop, orderNo, status string) error {
	body, err := json.Marshal(struct {
		Status string `json:"status"`
	}{status})
	if err != nil {
		return fmt.Errorf("encode status: %w", err)
	}
	_, err = remote.Authorized(ctx, c.tokens, func(token remote.Token) (Document, error) {
		return exchange[Document](ctx, c, remote.Call{
			Operation: "patchOrder", Method: http.MethodPatch, Path: shop.path("/orders/%s", orderNo), Repeatable: true,
			Header: Caller{Token: token.Value}.header(), ContentType: "application/json", Body: body,
		})
	})
	return err
}

// Status reads an order's status as the service itself.
func (c *Client) Status(ctx context.Context, shop Shop, orderNo string) (string, error) {
	doc, err := c.Order(ctx, shop, Caller{Service: true}, orderNo)
	return doc.Order.Status, err
}

func exchange[T any](ctx context.Context, c *Client, call remote.Call) (T, error) {
	var out T
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return out, err
	}
	if err := remote.Read(reply.Body, &out); err != nil {
		return out, c.caller.Unreadable(call, err)
	}
	return out, nil
}
