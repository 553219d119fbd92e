// Package history answers what a shopper's orders are like now: the commerce document, which commerce alone decides who
// may see, enriched with what order management knows. A page of up to 50 orders costs one call to each. When order
// management cannot be asked, the commerce document is the answer, with the reason beside it.
package history

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/window"
)

// Commerce is what the history needs of B2C Commerce.
type Commerce interface {
	Order(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, orderNo string) (b2cclient.Document, error)
	CustomerOrders(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, customerID string, query url.Values) (b2cclient.OrderList, error)
}

// SOM is what the history needs of order management.
type SOM interface {
	Orders(ctx context.Context, numbers []string) (somclient.Page, error)
}

// Clock tells the time of the answer.
type Clock interface {
	Now(ctx context.Context) time.Time
}

// Windows tells until when the lines of orders may be given back, by OrderItemSummary id.
type Windows interface {
	Decide(ctx context.Context, orders []window.Order, now time.Time) (map[string]returnby.Decision, error)
	Explain(ctx context.Context, order window.Order, now time.Time) (window.Explanation, error)
}

// History is the use case.
type History struct {
	Commerce Commerce
	SOM      SOM
	Clock    Clock
	Windows  Windows
	// Offered are the actions that the service can do; what an order allows is taken from them.
	Offered []orderops.Action
	Links   TrackingLinks
	Log     *slog.Logger
}

// Entry is one order as the faces show it.
type Entry struct {
	Document b2cclient.Document
	Status   orderops.Status
	// Source says who was asked last: order management, or commerce alone.
	Source Source
	// SOMOrder is nil when order management was not reached, or has no such order.
	SOMOrder *SOMOrder
	// SOMError says why SOMOrder is missing though it might exist.
	SOMError *SOMError
	// Errors name the parts of SOMOrder that could not be read and are null for that reason.
	Errors []PartError
}

// Source is where an answer comes from.
type Source string

// The sources.
const (
	FromSOM      Source = "som"
	FromCommerce Source = "commerce"
)

// SOMError is why order management had no answer.
type SOMError struct {
	Code      orderops.Code `json:"code"`
	Retriable bool          `json:"retriable"`
}

// PartError names a part of the answer that is missing.
type PartError struct {
	ReferenceID string `json:"reference_id"`
	Code        string `json:"code"`
	HTTPStatus  int    `json:"http_status"`
	// CausedBy names the part whose failure is the reason, when it is another's.
	CausedBy string `json:"caused_by,omitempty"`
}

// Page is a page of a customer's orders.
type Page struct {
	List    b2cclient.OrderList
	Entries []Entry
}

// Order shows one order to a caller. The error is a refusal or commerce's own.
func (h *History) Order(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, orderNo string) (Entry, error) {
	doc, err := h.Commerce.Order(ctx, shop, caller, orderNo)
	if err != nil {
		return Entry{}, err
	}
	return h.Enrich(ctx, []b2cclient.Document{doc})[0], nil
}

// Orders shows a page of a customer's orders to a caller.
func (h *History) Orders(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, customerID string, query url.Values) (Page, error) {
	list, err := h.Commerce.CustomerOrders(ctx, shop, caller, customerID, query)
	if err != nil {
		return Page{}, err
	}
	return Page{List: list, Entries: h.Enrich(ctx, list.Data)}, nil
}

// Enrich adds what order management knows to commerce documents, in one call.
func (h *History) Enrich(ctx context.Context, docs []b2cclient.Document) []Entry {
	entries := make([]Entry, len(docs))
	var numbers []string
	for i, doc := range docs {
		entries[i] = Entry{Document: doc, Status: unify(doc.Order, nil), Source: FromCommerce}
		if len(numbers) < somclient.MaxOrders {
			numbers = append(numbers, doc.Order.OrderNo)
		}
	}
	page, failed := h.read(ctx, numbers)
	failures := causes(page.Failed)
	now := h.Clock.Now(ctx)
	windows, err := h.windows(ctx, docs, page, now)
	if err != nil {
		h.Log.WarnContext(ctx, "return windows not known", "error", err.Error())
		failures = append(failures, PartError{ReferenceID: partReturnWindows, Code: string(orderops.InternalError), HTTPStatus: 500})
	}
	for i := range entries {
		e := &entries[i]
		e.SOMError, e.Errors = failed, failures
		if i >= somclient.MaxOrders {
			e.SOMError = &SOMError{Code: orderops.InvalidRequest}
		}
		if summary, ok := page.Find(e.Document.Order.OrderNo); ok {
			v := view{summary: summary, page: page, commerce: e.Document.Order, windows: windows, offered: h.Offered, links: h.Links}
			e.SOMOrder, e.Source = v.describe(now.Truncate(time.Millisecond)), FromSOM
			e.Status = unify(e.Document.Order, e.SOMOrder)
		}
	}
	return entries
}

// partReturnWindows names, in errors, the part of an answer that no other system is asked for.
const partReturnWindows = "returnWindows"

// windows asks until when the lines of a page may be given back.
func (h *History) windows(ctx context.Context, docs []b2cclient.Document, page somclient.Page, now time.Time) (map[string]returnby.Decision, error) {
	var orders []window.Order
	for _, doc := range docs {
		if summary, ok := page.Find(doc.Order.OrderNo); ok {
			orders = append(orders, window.Order{Site: doc.Order.SiteID, Summary: summary, Methods: page.DeliveryMethods})
		}
	}
	if len(orders) == 0 {
		return nil, nil
	}
	return h.Windows.Decide(ctx, orders, now)
}

// read asks order management and turns a failure into the note that stands beside the commerce document.
func (h *History) read(ctx context.Context, numbers []string) (somclient.Page, *SOMError) {
	page, err := h.SOM.Orders(ctx, numbers)
	if err != nil {
		class := remote.ClassOf(err)
		return somclient.Page{}, &SOMError{Code: orderops.OMSUnavailable, Retriable: class == "" || class.Passing()}
	}
	if failed := page.Failure(somclient.PartOrders); failed != nil {
		return page, &SOMError{Code: orderops.OMSUnavailable, Retriable: failed.Status >= 500}
	}
	return page, nil
}

// halted is the vendor's word for a part that was not tried because another had failed.
const halted = "PROCESSING_HALTED"

// causes names the parts that failed. One that was halted is told with the first error that is one of its own, which is why.
func causes(failed []somclient.PartError) []PartError {
	var list []PartError
	first := PartError{}
	for _, f := range failed {
		if f.Code != halted {
			first = PartError{f.ReferenceID, f.Code, f.Status, ""}
			break
		}
	}
	for _, f := range failed {
		e := PartError{f.ReferenceID, f.Code, f.Status, ""}
		if f.Code == halted && first.Code != "" {
			e.Code, e.HTTPStatus, e.CausedBy = first.Code, first.HTTPStatus, first.ReferenceID
		}
		list = append(list, e)
	}
	return list
}
