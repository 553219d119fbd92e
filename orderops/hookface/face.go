// Package hookface serves the hooks that commerce calls in the middle of its own requests, so that storefronts and apps go on
// talking to commerce: what a PATCH of an order asks for by `c_action` is done there as at the OCAPI face, and the documents
// that commerce answers with get the same attributes. Whoever calls proves it by a signature; who the shopper is commerce has
// proved. The simulated commerce calls by itself, an instance by a cartridge (docs/hooks.md).
package hookface

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/frontdesk"
	"github.com/somsim/somsim/orderops/identity"
	"github.com/somsim/somsim/orderops/inbound"
	"github.com/somsim/somsim/orderops/ocapiface"
	"github.com/somsim/somsim/orderops/remote"
)

// Path is where commerce calls, at every extension point.
const Path = "/order-ops/v1/hooks"

// Face is the face of hooks.
type Face struct {
	Gate *frontdesk.Gate
	// Shop does what a PATCH of the OCAPI face does.
	Shop *ocapiface.Face
	// Proof is shared with who calls. Without a secret nobody is believed.
	Proof inbound.Proof
	// Clients names the API clients of the channels, each with its channel. ServiceClient is the service's own, whose calls
	// need nothing of the service.
	Clients       map[string]string
	ServiceClient string
	Log           *slog.Logger
}

// Register adds the route of the face.
func (f *Face) Register(mux *http.ServeMux) {
	face := frontdesk.Face{Gate: f.Gate, Log: f.Log, ContentType: "application/json;charset=UTF-8", Refused: f.refused}
	mux.Handle("POST "+Path, face.Serve(f.take))
}

// call is what commerce tells a hook.
type call struct {
	Hook     string                     `json:"hook"`
	API      string                     `json:"api"`
	SiteID   string                     `json:"site_id"`
	Version  string                     `json:"version"`
	ClientID string                     `json:"client_id"`
	Caller   caller                     `json:"caller"`
	Resource map[string]string          `json:"resource"`
	Input    json.RawMessage            `json:"input"`
	Document json.RawMessage            `json:"document"`
	Custom   map[string]json.RawMessage `json:"custom"`
}

type caller struct {
	Type       string `json:"type"`
	CustomerID string `json:"customer_id"`
}

// The kinds of caller, as commerce calls them.
const (
	callerGuest      = "guest"
	callerRegistered = "registered"
	callerSystem     = "system"
)

// status is what a hook answers.
type status struct {
	Status   string                     `json:"status"`
	Code     orderops.Code              `json:"code,omitempty"`
	Message  string                     `json:"message,omitempty"`
	Details  json.RawMessage            `json:"details,omitempty"`
	Changes  map[string]json.RawMessage `json:"changes,omitempty"`
	Custom   map[string]json.RawMessage `json:"custom,omitempty"`
	Document json.RawMessage            `json:"document,omitempty"`
}

const (
	statusOK    = "OK"
	statusError = "ERROR"
)

// The extension points at which there is something to do. At all others all is well.
const (
	beforePatch      = "dw.ocapi.shop.order.beforePATCH"
	afterPatch       = "dw.ocapi.shop.order.afterPATCH"
	modifyPatch      = "dw.ocapi.shop.order.modifyPATCHResponse"
	modifyGet        = "dw.ocapi.shop.order.modifyGETResponse"
	modifyOrdersList = "dw.ocapi.shop.customer.orders.modifyGETResponse_v2"
)

// Points are the extension points that this face is to be called at.
func Points() []string {
	return []string{beforePatch, afterPatch, modifyPatch, modifyGet, modifyOrdersList}
}

// take is one call of commerce. The signature comes first: whoever cannot sign learns nothing.
func (f *Face) take(ctx context.Context, r *http.Request) (frontdesk.Answer, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return frontdesk.Answer{}, orderops.Refuse(orderops.InvalidRequest, "the body cannot be read")
	}
	if f.Proof.Secret == "" {
		return frontdesk.Answer{}, orderops.Refuse(orderops.InvalidSignature, "this service has no secret to check hooks with")
	}
	if err := f.Proof.Check(ctx, r.Header.Get(inbound.SignatureHeader), body); err != nil {
		return frontdesk.Answer{}, orderops.Refuse(orderops.InvalidSignature, "%s", err)
	}
	var in call
	if err := json.Unmarshal(body, &in); err != nil {
		return frontdesk.Answer{}, orderops.Refuse(orderops.InvalidRequest, "%s", err)
	}
	return f.answer(frontdesk.WithIdentity(ctx, f.identity(in)), in)
}

// answer is what the hook of a point has to say. A refusal is a status too, and no failure of the hook.
func (f *Face) answer(ctx context.Context, in call) (frontdesk.Answer, error) {
	out := status{Status: statusOK}
	var err error
	switch {
	case in.Caller.Type == callerSystem && plain(in.ClientID) == f.ServiceClient:
		// What the service itself reads and writes at commerce is not its own business once more.
	case in.Hook == beforePatch:
		out, err = f.before(ctx, in)
	case in.Hook == afterPatch:
		out, err = f.act(ctx, in)
	case in.Hook == modifyPatch, in.Hook == modifyGet:
		out, err = f.show(ctx, in)
	case in.Hook == modifyOrdersList:
		out, err = f.showList(ctx, in)
	}
	if refusal, ok := orderops.AsRefusal(err); ok {
		return hookRefusal(ctx, in.Resource["order_no"], refusal)
	}
	return frontdesk.Answer{Status: http.StatusOK, Body: out}, err
}

// identity is who the shopper is, in commerce's words.
func (f *Face) identity(in call) identity.Identity {
	id := identity.Identity{CustomerID: in.Caller.CustomerID, ClientID: in.ClientID, Channel: f.Clients[plain(in.ClientID)]}
	if in.API == "scapi" {
		id.Site = in.SiteID // so its tokens are those of SLAS
	}
	switch in.Caller.Type {
	case callerRegistered:
		id.Kind = identity.Registered
	case callerGuest:
		id.Kind = identity.Guest
	default:
		id.Kind, id.Token = identity.Opaque, "hook "+in.ClientID
	}
	return id
}

// plain is the id of an API client without the sandbox that may stand behind it.
func plain(client string) string {
	name, _, _ := strings.Cut(client, "~")
	return name
}

// refused answers a call that is no call of a hook, or on which the service broke.
func (f *Face) refused(ctx context.Context, r *http.Request, err error) frontdesk.Answer {
	refusal, ok := orderops.AsRefusal(err)
	if !ok {
		f.Log.ErrorContext(ctx, "request failed", "route", r.Pattern, "error", err.Error(), "correlation_id", remote.ScopeOf(ctx).CorrelationID)
		refusal = orderops.Refuse(orderops.InternalError, "")
	}
	return frontdesk.Answer{
		Status: refusal.Code.HTTPStatus(), Body: status{Status: statusError, Code: refusal.Code, Message: refusal.Error()},
	}
}

// hookRefusal is the status that has commerce refuse the request.
func hookRefusal(ctx context.Context, orderNo string, refusal *orderops.Refusal) (frontdesk.Answer, error) {
	words, err := ocapiface.HookStatusOf(ctx, orderNo, refusal)
	return frontdesk.Answer{
		Status: words.HTTP, RetryAfter: words.RetryAfter,
		Body: status{Status: statusError, Code: words.Code, Message: words.Message, Details: words.Details},
	}, err
}
