package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/history"
)

// order is an order in the service's own words, with order management's view inside.
type order struct {
	OrderNo string `json:"order_no"`
	Site    string `json:"site"`
	Channel string `json:"channel"`
	// Source is som, or commerce for an order that order management does not have yet, or did not tell of.
	Source history.Source `json:"source"`
	// CurrentOrderNo is the newest order of the chain that this one began, Replaces the earlier ones of the one it ends.
	CurrentOrderNo string            `json:"current_order_no,omitempty"`
	Replaces       []string          `json:"replaces,omitempty"`
	Status         orderops.Status   `json:"status"`
	CreationDate   time.Time         `json:"creation_date"`
	Currency       string            `json:"currency"`
	OrderTotal     orderops.Amount   `json:"order_total"`
	CommerceStatus string            `json:"commerce_status"`
	ExportStatus   string            `json:"export_status"`
	AllowedActions []orderops.Action `json:"allowed_actions"`
	// Custom are the custom attributes of the order; null when they could not be read.
	Custom   history.Custom      `json:"custom"`
	SOMOrder *history.SOMOrder   `json:"som_order"`
	SOMError *history.SOMError   `json:"som_error"`
	Errors   []history.PartError `json:"errors"`
	// CommerceItems are the lines of an order that only commerce has told of.
	CommerceItems []commerceItem `json:"commerce_items,omitempty"`
}

// commerceItem is a line as commerce has it.
type commerceItem struct {
	ItemID    string          `json:"item_id"`
	ProductID string          `json:"product_id"`
	Name      string          `json:"name"`
	Quantity  orderops.Amount `json:"quantity"`
	Price     orderops.Amount `json:"price"`
}

func orderOf(e history.Entry) order {
	c := e.Document.Order
	o := order{
		OrderNo: c.OrderNo, Site: c.SiteID, Channel: c.ChannelType, Source: e.Source, CurrentOrderNo: e.CurrentOrderNo, Replaces: e.Replaces,
		Status: e.Status, CreationDate: c.CreationDate.UTC(), Currency: c.Currency, OrderTotal: orderops.NewAmount(c.OrderTotal),
		CommerceStatus: c.Status, ExportStatus: c.ExportStatus,
		AllowedActions: []orderops.Action{}, Custom: e.Custom, SOMOrder: e.SOMOrder, SOMError: e.SOMError, Errors: e.Errors,
	}
	if o.Errors == nil {
		o.Errors = []history.PartError{}
	}
	if e.SOMOrder != nil {
		o.AllowedActions = e.SOMOrder.AllowedActions
		return o
	}
	for _, i := range c.ProductItems {
		o.CommerceItems = append(o.CommerceItems, commerceItem{
			i.ItemID, i.ProductID, i.ProductName, orderops.NewAmount(i.Quantity), orderops.NewAmount(i.Price),
		})
	}
	return o
}

func (a *API) getOrder(ctx context.Context, r *http.Request) (answer, error) {
	entry, err := a.Desk.Order(ctx, a.shop(r), a.Gate.Caller(r), r.PathValue("order_no"))
	if err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusOK, Body: orderOf(entry)}, nil
}
