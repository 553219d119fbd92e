// Package history answers what a shopper's orders are like now: the commerce document, which commerce alone decides who
// may see, enriched with what order management knows. A page of up to 50 orders costs one call to each. When order
// management cannot be asked, the commerce document is the answer, with the reason beside it.
package history

import (
	"context"
	"net/url"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
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

// History is the use case.
type History struct {
	Commerce Commerce
	SOM      SOM
	Clock    Clock
}

// Entry is one order as the faces show it.
type Entry struct {
	Document b2cclient.Document
	Status   orderops.Status
	// SOMOrder is nil when order management was not reached, or has no such order.
	SOMOrder *SOMOrder
	// SOMError says why SOMOrder is missing though it might exist.
	SOMError *SOMError
	// Errors name the parts of SOMOrder that could not be read and are null for that reason.
	Errors []PartError
}

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
		entries[i] = Entry{Document: doc, Status: unify(doc.Order, nil)}
		if len(numbers) < somclient.MaxOrders {
			numbers = append(numbers, doc.Order.OrderNo)
		}
	}
	page, failed := h.read(ctx, numbers)
	asOf := h.Clock.Now(ctx).Truncate(time.Millisecond)
	for i := range entries {
		e := &entries[i]
		e.SOMError = failed
		e.Errors = partErrors(page)
		if i >= somclient.MaxOrders {
			e.SOMError = &SOMError{Code: orderops.InvalidRequest}
		}
		if summary, ok := page.Find(e.Document.Order.OrderNo); ok {
			e.SOMOrder = describe(summary, page, e.Document.Order, asOf)
			e.Status = unify(e.Document.Order, e.SOMOrder)
		}
	}
	return entries
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

func partErrors(page somclient.Page) []PartError {
	var list []PartError
	for _, f := range page.Failed {
		list = append(list, PartError{f.ReferenceID, f.Code, f.Status})
	}
	return list
}
