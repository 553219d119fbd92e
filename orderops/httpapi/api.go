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
	"strconv"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/frontdesk"
	"github.com/somsim/somsim/orderops/remote"
)

// API is the REST face.
type API struct {
	Desk *frontdesk.Desk
	Gate frontdesk.Gate
	// Site is the commerce site of requests that name none.
	Site string
	Log  *slog.Logger
}

const prefix = "/order-ops/v1"

// Register adds the routes of the face.
func (a *API) Register(mux *http.ServeMux) {
	routes := map[string]handler{
		"GET " + prefix + "/orders":                                   a.listOrders,
		"GET " + prefix + "/orders/{order_no}":                        a.getOrder,
		"POST " + prefix + "/orders/{order_no}/cancellations":         a.cancelOrder,
		"POST " + prefix + "/orders/{order_no}/cancellations/preview": a.previewCancellation,
		"GET " + prefix + "/operations/{operation_id}":                a.getOperation,
		"POST " + prefix + "/orders/{order_no}/modifications":         notAvailable(orderops.ActionModify),
		"POST " + prefix + "/orders/{order_no}/modifications/preview": notAvailable(orderops.ActionModify),
		"POST " + prefix + "/orders/{order_no}/confirmations":         notAvailable(orderops.ActionConfirm),
		"POST " + prefix + "/orders/{order_no}/confirmations/preview": notAvailable(orderops.ActionConfirm),
		"POST " + prefix + "/orders/{order_no}/returns":               notAvailable(orderops.ActionReturn),
		"POST " + prefix + "/orders/{order_no}/returns/preview":       notAvailable(orderops.ActionReturn),
		prefix + "/": unknownRoute,
	}
	for pattern, h := range routes {
		mux.Handle(pattern, a.serve(h))
	}
}

// answer is what a handler comes to.
type answer struct {
	status   int
	body     any
	location string
	// retryAfter is in seconds; zero announces none.
	retryAfter int
}

// handler is one operation of the face. It returns an answer or a refusal; only serve writes.
type handler func(ctx context.Context, r *http.Request) (answer, error)

// maxRequest bounds a request body.
const maxRequest = 1 << 20

// serve is what every operation has in common.
func (a *API) serve(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scope, err := a.Gate.Scope(r)
		ctx := remote.WithScope(r.Context(), scope)
		w.Header().Set("correlation-id", scope.CorrelationID)
		r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
		var out answer
		if err == nil {
			out, err = h(ctx, r.WithContext(ctx))
		}
		if err != nil {
			out = a.problem(ctx, r, err)
		}
		a.write(ctx, w, out)
		a.Log.InfoContext(ctx, "request", "method", r.Method, "route", r.Pattern, "status", out.status,
			"correlation_id", scope.CorrelationID, "sandbox", scope.Sandbox)
	})
}

func (a *API) write(ctx context.Context, w http.ResponseWriter, out answer) {
	contentType := "application/json"
	if _, ok := out.body.(problem); ok {
		contentType = "application/problem+json"
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	if out.location != "" {
		w.Header().Set("Location", out.location)
	}
	if out.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(out.retryAfter))
	}
	w.WriteHeader(out.status)
	if err := json.NewEncoder(w).Encode(out.body); err != nil {
		a.Log.WarnContext(ctx, "answer not sent", "error", err.Error())
	}
}

// shop is the commerce site a request is about.
func (a *API) shop(r *http.Request) b2cclient.Shop {
	site := r.URL.Query().Get("site")
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

// notAvailable is the operation of an action that this release does not have.
func notAvailable(action orderops.Action) handler {
	return func(context.Context, *http.Request) (answer, error) {
		return answer{}, orderops.Refuse(orderops.ActionNotAvailable, "%s is not available in this release", action)
	}
}

func unknownRoute(_ context.Context, r *http.Request) (answer, error) {
	return answer{}, orderops.Refuse(orderops.RouteNotFound, "%s %s", r.Method, r.URL.Path)
}
