package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/history"
	"github.com/somsim/somsim/orderops/somclient"
)

// order is an order in the service's own words, with order management's view inside.
type order struct {
	OrderNo        string              `json:"order_no"`
	Status         orderops.Status     `json:"status"`
	CreationDate   time.Time           `json:"creation_date"`
	Currency       string              `json:"currency"`
	OrderTotal     orderops.Amount     `json:"order_total"`
	CommerceStatus string              `json:"commerce_status"`
	ExportStatus   string              `json:"export_status"`
	AllowedActions []orderops.Action   `json:"allowed_actions"`
	SOMOrder       *history.SOMOrder   `json:"som_order"`
	SOMError       *history.SOMError   `json:"som_error"`
	Errors         []history.PartError `json:"errors"`
}

// orderList is a page of orders.
type orderList struct {
	Orders []order `json:"orders"`
	Offset int     `json:"offset"`
	Limit  int     `json:"limit"`
	Total  int     `json:"total"`
}

func orderOf(e history.Entry) order {
	o := order{
		OrderNo: e.Document.Order.OrderNo, Status: e.Status, CreationDate: e.Document.Order.CreationDate.UTC(),
		Currency: e.Document.Order.Currency, OrderTotal: orderops.NewAmount(e.Document.Order.OrderTotal),
		CommerceStatus: e.Document.Order.Status, ExportStatus: e.Document.Order.ExportStatus,
		AllowedActions: []orderops.Action{}, SOMOrder: e.SOMOrder, SOMError: e.SOMError, Errors: e.Errors,
	}
	if e.SOMOrder != nil {
		o.AllowedActions = e.SOMOrder.AllowedActions
	}
	if o.Errors == nil {
		o.Errors = []history.PartError{}
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

func (a *API) listOrders(ctx context.Context, r *http.Request) (answer, error) {
	caller := a.Gate.Caller(r)
	if caller.Token != "" && caller.CustomerID == "" {
		return answer{}, orderops.Refuse(orderops.Unauthenticated, "the token names no customer")
	}
	offset, err := number(r, "offset", 0, 1<<30)
	if err != nil {
		return answer{}, err
	}
	limit, err := number(r, "limit", 10, somclient.MaxOrders)
	if err != nil {
		return answer{}, err
	}
	query := url.Values{"start": {strconv.Itoa(offset)}, "count": {strconv.Itoa(limit)}}
	page, err := a.Desk.Orders(ctx, a.shop(r), caller, caller.CustomerID, query)
	if err != nil {
		return answer{}, err
	}
	list := orderList{Orders: []order{}, Offset: offset, Limit: limit, Total: page.List.Total}
	for _, e := range page.Entries {
		list.Orders = append(list.Orders, orderOf(e))
	}
	return answer{Status: http.StatusOK, Body: list}, nil
}

// number reads a whole number of the query between zero and most.
func number(r *http.Request, name string, fallback, most int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		return 0, orderops.Refuse(orderops.InvalidRequest, "%s must be a whole number from 0 to %d", name, most)
	}
	return n, nil
}
