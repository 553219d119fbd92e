// Package ocapiface is the OCAPI-shaped face of the service, for storefronts and apps that speak OCAPI already: the
// ordinary order documents enriched with `c_somOrder`, and actions as a PATCH with `c_action`. It only translates; the
// use cases are the front desk's. Refusals are fault documents.
package ocapiface

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/frontdesk"
	"github.com/somsim/somsim/orderops/history"
)

// Commerce is what the face needs of B2C Commerce beyond the use cases: passing an ordinary PATCH on.
type Commerce interface {
	Patch(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, orderNo string, body json.RawMessage) (b2cclient.Document, error)
}

// Face is the OCAPI face.
type Face struct {
	Desk     *frontdesk.Desk
	Gate     *frontdesk.Gate
	Commerce Commerce
	Log      *slog.Logger
}

// patchPattern is the route of actions.
const patchPattern = "PATCH /s/{site}/dw/shop/{version}/orders/{order_no}"

// Register adds the routes of the face.
func (f *Face) Register(mux *http.ServeMux) {
	routes := map[string]handler{
		"GET /s/{site}/dw/shop/{version}/orders/{order_no}":              f.getOrder,
		"GET /s/{site}/dw/shop/{version}/customers/{customer_id}/orders": f.getCustomerOrders,
		patchPattern: f.patchOrder,
		"/s/":        unknownPath,
	}
	face := frontdesk.Face{Gate: f.Gate, Log: f.Log, ContentType: "application/json;charset=UTF-8", Refused: f.fault}
	for pattern, h := range routes {
		mux.Handle(pattern, face.Serve(h))
	}
}

type (
	answer  = frontdesk.Answer
	handler = frontdesk.Operation
)

func shopOf(r *http.Request) b2cclient.Shop {
	return b2cclient.Shop{Site: r.PathValue("site"), Version: r.PathValue("version")}
}

func (f *Face) getOrder(ctx context.Context, r *http.Request) (answer, error) {
	entry, err := f.Desk.Order(ctx, shopOf(r), f.Gate.Caller(r), r.PathValue("order_no"))
	if err != nil {
		return answer{}, err
	}
	doc, err := enriched(entry)
	return answer{Status: http.StatusOK, Body: doc}, err
}

func (f *Face) getCustomerOrders(ctx context.Context, r *http.Request) (answer, error) {
	page, err := f.Desk.Orders(ctx, shopOf(r), f.Gate.Caller(r), r.PathValue("customer_id"), r.URL.Query())
	if err != nil {
		return answer{}, err
	}
	var envelope map[string]json.RawMessage
	if err := json.Unmarshal(page.List.Envelope, &envelope); err != nil {
		return answer{}, err
	}
	docs := []document{}
	for _, entry := range page.Entries {
		doc, err := enriched(entry)
		if err != nil {
			return answer{}, err
		}
		docs = append(docs, doc)
	}
	if envelope["data"], err = json.Marshal(docs); err != nil {
		return answer{}, err
	}
	if envelope["count"], err = json.Marshal(len(docs)); err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusOK, Body: envelope}, nil
}

// document is an order document with our custom attributes added.
type document map[string]json.RawMessage

// enriched adds what order management knows to the document as commerce sent it.
func enriched(entry history.Entry) (document, error) {
	doc := document{}
	if err := json.Unmarshal(entry.Document.Raw, &doc); err != nil {
		return nil, err
	}
	err := errors.Join(doc.set("c_somOrder", entry.SOMOrder), doc.set("c_somSource", entry.Source))
	if entry.SOMError != nil {
		err = errors.Join(err, doc.set("c_somError", entry.SOMError))
	}
	if len(entry.Errors) > 0 {
		err = errors.Join(err, doc.set("c_somPartErrors", entry.Errors))
	}
	return doc, err
}

func (d document) set(name string, value any) error {
	raw, err := json.Marshal(value)
	d[name] = raw
	return err
}

func unknownPath(_ context.Context, r *http.Request) (answer, error) {
	return answer{}, orderops.Refuse(orderops.RouteNotFound, "%s", r.URL.Path)
}

func readBody(r *http.Request) (json.RawMessage, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil || !json.Valid(raw) {
		return nil, orderops.Refuse(orderops.InvalidRequest, "the body is not a JSON document")
	}
	return raw, nil
}
