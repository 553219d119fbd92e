// Package operatorapi is the face for the people who run the service: work items and instances, in plain JSON, on a
// listener of its own. It only translates; the decisions are package command's. Its document is specs/orderops/operator.yaml.
package operatorapi

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/somsim/somsim/orderops/command"
)

// Attention is what the face needs of the engine.
type Attention interface {
	Items(ctx context.Context, q command.ItemQuery) ([]command.StoredWorkItem, error)
	Item(ctx context.Context, id int64) (command.StoredWorkItem, error)
	Operation(ctx context.Context, id string) (command.Row, error)
	Retry(ctx context.Context, id int64, by string) (command.StoredWorkItem, error)
	Resolve(ctx context.Context, id int64, by, note string) (command.StoredWorkItem, error)
	Instances(ctx context.Context) ([]command.InstanceStatus, error)
}

// Adopter takes over what an instance left.
type Adopter interface {
	Adopt(ctx context.Context, name, by string) (command.Adopted, error)
}

// API is the operators' face.
type API struct {
	Attention Attention
	Adopter   Adopter
	Switches  Switchboard
	Returns   Returns
	// Site is the commerce site of requests that name none; Simulation lets them name a sandbox.
	Site       string
	Simulation bool
	// Token is the bearer token that every request has to show; empty lets in what comes from this machine's own programs.
	Token string
	Log   *slog.Logger
}

const prefix = "/operator/v1"

// Handler serves the face.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET " + prefix + "/work-items":                      a.listWorkItems,
		"GET " + prefix + "/work-items/{id}":                 a.showWorkItem,
		"POST " + prefix + "/work-items/{id}/retry":          a.retryWorkItem,
		"POST " + prefix + "/work-items/{id}/resolve":        a.resolveWorkItem,
		"GET " + prefix + "/instances":                       a.listInstances,
		"POST " + prefix + "/instances/{name}/adopt":         a.adoptInstance,
		"GET " + prefix + "/orders/{order_no}/return-policy": a.showReturnPolicy,
		"GET " + prefix + "/switches":                        a.showSwitches,
		"POST " + prefix + "/switches/reload":                a.reloadSwitches,
		"/":                                                  unknownRoute,
	} {
		mux.Handle(pattern, a.serve(h))
	}
	return mux
}

// handler is one operation: it returns what is answered with 200, or an error.
type handler func(r *http.Request) (any, error)

// maxRequest bounds a request body.
const maxRequest = 1 << 16

// serve is what every operation has in common.
func (a *API) serve(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
		var body any
		err := a.admit(r)
		if err == nil {
			body, err = h(r)
		}
		status, contentType := http.StatusOK, "application/json"
		if err != nil {
			p := a.problem(r, err)
			body, status, contentType = p, p.Status, "application/problem+json"
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(body); err != nil {
			a.Log.WarnContext(r.Context(), "answer not sent", "error", err.Error())
		}
		a.Log.InfoContext(r.Context(), "operator request", "method", r.Method, "route", r.Pattern, "status", status)
	})
}

// admit lets in whoever shows the token. Without one it lets in programs of this machine, but no web page that a browser
// was made to send here, be it under a name that only resolves to this machine.
func (a *API) admit(r *http.Request) error {
	if a.Token != "" {
		shown, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(shown), []byte(a.Token)) != 1 {
			return refuse(unauthorized, "a bearer token is required")
		}
		return nil
	}
	if r.Header.Get("Origin") != "" {
		return refuse(forbidden, "requests of web pages are refused")
	}
	if !Loopback(r.Host) {
		return refuse(forbidden, "the host %s is not this machine", r.Host)
	}
	return nil
}

// Loopback says that an address, with or without a port, is this machine's own and no other machine's.
func Loopback(address string) bool {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

func unknownRoute(r *http.Request) (any, error) {
	return nil, refuse(routeNotFound, "%s %s", r.Method, r.URL.Path)
}

// decode reads a JSON body strictly.
func decode(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one JSON document")
		}
	}
	if err != nil {
		return refuse(invalidRequest, "%s", err)
	}
	return nil
}
