// Package history answers what a shopper's orders are like now: the commerce document, which commerce alone decides who
// may see, enriched with what order management knows. A page of up to 50 orders costs one call to each. When order
// management cannot be asked, the commerce document is the answer, with the reason beside it.
package history

import (
	"context"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/mapping"
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
	Recall(ctx context.Context, orderNumbers []string, now time.Time) (window.Recalled, error)
	DecideBy(ctx context.Context, kept window.Recalled, orders []window.Order, now time.Time) (map[string]returnby.Decision, error)
	Explain(ctx context.Context, order window.Order, now time.Time) (window.Explanation, error)
}

// History is the use case.
type History struct {
	Commerce Commerce
	SOM      SOM
	Clock    Clock
	Windows  Windows
	// Mapping is the table of custom fields alone.
	Mapping *mapping.Table
	// Offered are the actions that the service can do; what an order allows is taken from them.
	Offered []orderops.Action
	Links   TrackingLinks
	Log     *slog.Logger
	// Permit says whether an action that is possible may be offered; nil offers all.
	Permit func(ctx context.Context, order b2cclient.Order, action orderops.Action) bool
	// Snapshots keep what order management said, for when it is away; nil keeps nothing.
	Snapshots Snapshots
}

// Entry is one order as the faces show it.
type Entry struct {
	Document b2cclient.Document
	Status   orderops.Status
	// Source says who was asked last: order management, or commerce alone.
	Source Source
	// CurrentOrderNo is the newest order of the chain that this one began; empty unless it was replaced. Replaces are the
	// earlier orders of the chain that this one ends, as far as a page of history knows them.
	CurrentOrderNo string
	Replaces       []string
	// Custom are the custom attributes of the order; nil when they are not known.
	Custom Custom
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

// everyStatusButReplaced is a filter of commerce.
const everyStatusButReplaced = "created,new,open,completed,cancelled,failed"

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
	entry := h.Enrich(ctx, []b2cclient.Document{doc})[0]
	entry.CurrentOrderNo = h.newest(ctx, shop, caller, doc.Order)
	return entry, nil
}

// maxChain bounds how many replacements are followed.
const maxChain = 20

// newest follows the orders that took each other's place. An order that the caller may not see, or that commerce does not
// tell of, ends the chain.
func (h *History) newest(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, o b2cclient.Order) string {
	no := o.CurrentOrderNo
	for range maxChain {
		if no == "" {
			break
		}
		next, err := h.Commerce.Order(ctx, shop, caller, no)
		if err != nil || next.Order.CurrentOrderNo == "" || next.Order.CurrentOrderNo == o.OrderNo {
			break
		}
		no = next.Order.CurrentOrderNo
	}
	return no
}

// Orders shows a page of a customer's orders to a caller, as commerce pages them. Orders that others took the place of are
// folded unless the query asks for statuses.
func (h *History) Orders(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, customerID string, query url.Values) (Page, error) {
	fold := query.Get("status") == ""
	if fold {
		query = maps.Clone(query)
		query.Set("status", everyStatusButReplaced)
	}
	list, err := h.Commerce.CustomerOrders(ctx, shop, caller, customerID, query)
	if err != nil {
		return Page{}, err
	}
	if fold { // those that were modified are cancelled in commerce, and name their successor
		list.Data = slices.DeleteFunc(list.Data, func(d b2cclient.Document) bool { return replaced(d.Order) })
	}
	return Page{List: list, Entries: h.Enrich(ctx, list.Data)}, nil
}

// Enrich adds what order management knows to commerce documents, in one call.
func (h *History) Enrich(ctx context.Context, docs []b2cclient.Document) []Entry {
	entries := make([]Entry, len(docs))
	var numbers []string
	for i, doc := range docs {
		entries[i] = Entry{Document: doc, Status: unify(doc.Order, nil), Source: FromCommerce, CurrentOrderNo: doc.Order.CurrentOrderNo}
		if len(numbers) < somclient.MaxOrders {
			numbers = append(numbers, doc.Order.OrderNo)
		}
	}
	recalled := h.recall(ctx, numbers)
	page, failed := h.read(ctx, numbers)
	failures := causes(page.Failed)
	now := h.Clock.Now(ctx)
	windows, err := h.windows(ctx, docs, page, recalled, now)
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
		summary, ok := page.Find(e.Document.Order.OrderNo)
		if !ok {
			e.Custom = h.customOf(e.Document)
			continue
		}
		custom, err := h.custom(page, e.Document.Order.OrderNo)
		if err != nil {
			h.Log.WarnContext(ctx, "custom fields not understood", "error", err.Error())
			e.Errors = append(slices.Clone(e.Errors), PartError{ReferenceID: somclient.PartCustomFields, Code: string(orderops.InternalError), HTTPStatus: 500})
		}
		if custom != nil {
			e.Custom = custom.order
		}
		v := view{summary: summary, page: page, commerce: e.Document.Order, windows: windows, custom: custom, offered: h.Offered, links: h.Links}
		e.SOMOrder, e.Source = v.describe(now.Truncate(time.Millisecond)), FromSOM
		e.SOMOrder.AllowedActions = h.permitted(ctx, e.Document.Order, e.SOMOrder.AllowedActions)
		e.Status = unify(e.Document.Order, e.SOMOrder)
	}
	h.snapshots(ctx, entries, failed != nil, now)
	return entries
}

// permitted leaves out the actions that are not to be offered.
func (h *History) permitted(ctx context.Context, order b2cclient.Order, actions []orderops.Action) []orderops.Action {
	if h.Permit == nil {
		return actions
	}
	kept := []orderops.Action{}
	for _, action := range actions {
		if h.Permit(ctx, order, action) {
			kept = append(kept, action)
		}
	}
	return kept
}

// partReturnWindows names, in errors, the part of an answer that no other system is asked for.
const partReturnWindows = "returnWindows"

// recall reads what was captured about return windows while order management is asked: neither needs the other. The result
// waits for it.
func (h *History) recall(ctx context.Context, numbers []string) func() (window.Recalled, error) {
	if len(numbers) == 0 {
		return func() (window.Recalled, error) { return nil, nil }
	}
	var kept window.Recalled
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		kept, err = h.Windows.Recall(ctx, numbers, h.Clock.Now(ctx))
	}()
	return func() (window.Recalled, error) {
		<-done
		return kept, err
	}
}

// windows asks until when the lines of a page may be given back.
func (h *History) windows(
	ctx context.Context, docs []b2cclient.Document, page somclient.Page, recalled func() (window.Recalled, error), now time.Time,
) (map[string]returnby.Decision, error) {
	kept, err := recalled()
	if err != nil {
		return nil, err
	}
	var orders []window.Order
	for _, doc := range docs {
		if summary, ok := page.Find(doc.Order.OrderNo); ok {
			orders = append(orders, window.Order{Site: doc.Order.SiteID, Summary: summary, Methods: page.DeliveryMethods})
		}
	}
	if len(orders) == 0 {
		return nil, nil
	}
	return h.Windows.DecideBy(ctx, kept, orders, now)
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
