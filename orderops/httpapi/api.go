// Package httpapi is the service's own REST face: orders, cancellations and operations in plain JSON, errors as problem
// documents. It only translates; the use cases are the front desk's. Its document is specs/orderops/openapi.yaml.
package httpapi

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
	"github.com/somsim/somsim/orderops/inbound"
)

// API is the REST face.
type API struct {
	Desk *frontdesk.Desk
	Gate *frontdesk.Gate
	// Site is the commerce site of requests that name none.
	Site string
	// Inbox takes in events.
	Inbox *inbound.Inbox
	// Webhooks takes in what the payment provider tells.
	Webhooks *inbound.Webhooks
	Log      *slog.Logger
}

const prefix = "/order-ops/v1"

// Register adds the routes of the face.
func (a *API) Register(mux *http.ServeMux) {
	routes := map[string]handler{
		"GET " + prefix + "/orders":                                   a.listOrders,
		"GET " + prefix + "/orders/{order_no}":                        a.getOrder,
		"GET " + prefix + "/orders/{order_no}/return-policy":          a.getReturnPolicy,
		"POST " + prefix + "/orders/{order_no}/cancellations":         a.cancelOrder,
		"POST " + prefix + "/orders/{order_no}/cancellations/preview": a.previewCancellation,
		"GET " + prefix + "/operations/{operation_id}":                a.getOperation,
		"POST " + prefix + "/orders/{order_no}/access-code":           a.requestCode,
		"POST " + prefix + "/orders/{order_no}/access":                a.openOrder,
		"POST " + prefix + "/events/som":                              a.takeEvent,
		"POST " + prefix + "/events/worldline":                        a.takeWebhook,
		"POST " + prefix + "/orders/{order_no}/modifications":         a.modifyOrder,
		"POST " + prefix + "/orders/{order_no}/modifications/preview": a.previewModification,
		"POST " + prefix + "/orders/{order_no}/confirmations":         a.confirmOrder,
		"POST " + prefix + "/orders/{order_no}/confirmations/preview": a.previewConfirmation,
		"POST " + prefix + "/orders/{order_no}/returns":               a.returnOrder,
		"POST " + prefix + "/orders/{order_no}/returns/preview":       a.previewReturn,
		prefix + "/": unknownRoute,
	}
	mux.HandleFunc("GET "+prefix+"/events/worldline", verifyEndpoint)
	face := frontdesk.Face{Gate: a.Gate, Log: a.Log, ContentType: "application/json", Refused: a.problem}
	for pattern, h := range routes {
		mux.Handle(pattern, face.Serve(h))
	}
}

type (
	answer  = frontdesk.Answer
	handler = frontdesk.Operation
)

// shop is the commerce site a request is about.
func (a *API) shop(r *http.Request) b2cclient.Shop {
	site := r.URL.Query().Get("site")
	if site == "" {
		site = frontdesk.IdentityOf(r.Context()).Site // of a token for one site
	}
	if site == "" {
		site = a.Site
	}
	return b2cclient.Shop{Site: site, Version: b2cclient.DefaultVersion}
}

// decode reads a JSON body strictly; an empty body is the zero value.
func decode(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil && decoder.More() {
		err = errors.New("more than one JSON document")
	}
	if err != nil {
		return orderops.Refuse(orderops.InvalidRequest, "%s", err)
	}
	return nil
}

func unknownRoute(_ context.Context, r *http.Request) (answer, error) {
	return answer{}, orderops.Refuse(orderops.RouteNotFound, "%s %s", r.Method, r.URL.Path)
}
