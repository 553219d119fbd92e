package frontdesk

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/identity"
	"github.com/somsim/somsim/orderops/remote"
)

// Guard holds exchanges against the service's document.
type Guard interface {
	// Operation is the name of a route's operation, "" for routes that are not documented.
	Operation(pattern string) string
	// Request refuses a request that is not as documented.
	Request(r *http.Request, body []byte) error
	// Answer is an error when an answer is not as documented.
	Answer(r *http.Request, status int, header http.Header, body []byte) error
}

// Watch sees requests come and go.
type Watch interface {
	Inbound(ctx context.Context, operation, traceParent string) (context.Context, func(status int))
	TraceParent(ctx context.Context) string
	OffSpec(operation string)
}

// Gate is what every request goes through, whatever the face. It is used by pointer.
type Gate struct {
	// Simulation lets callers name a sandbox. Without it whatever names one is not even read.
	Simulation bool
	// ClientID is the OCAPI client id used for callers that do not send one.
	ClientID string
	// Site is the commerce site of requests that name none.
	Site string
	// Identifier proves who asks.
	Identifier Identifier
	Guard      Guard
	Watch      Watch
	// Strict keeps back answers that are not as documented; otherwise they are sent, and told.
	Strict bool
}

var (
	correlationPattern = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,128}$`)
	traceParentPattern = regexp.MustCompile(`^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)
	sandboxPattern     = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
)

// Scope is the scope of a request: its correlation id (made up when there is none, or one that would spoil a log) and, in
// simulation mode, its sandbox. The scope is usable even when the error is not nil.
func (g *Gate) Scope(r *http.Request) (remote.Scope, error) {
	changes := r.Method != http.MethodGet && r.Method != http.MethodHead
	scope := remote.Scope{Sandbox: remote.DefaultSandbox, Forward: g.Simulation, Patient: changes}
	if scope.CorrelationID = r.Header.Get("correlation-id"); !correlationPattern.MatchString(scope.CorrelationID) {
		scope.CorrelationID = uuid.NewString()
	}
	if t := r.Header.Get("traceparent"); traceParentPattern.MatchString(t) {
		scope.TraceParent = t
	}
	if !g.Simulation {
		return scope, nil
	}
	sandbox, err := sandboxOf(r)
	if sandbox != "" {
		scope.Sandbox = sandbox
	}
	return scope, err
}

// sandboxOf finds the sandbox in the baggage, the X-Sandbox header and the token's client id; they must agree.
func sandboxOf(r *http.Request) (string, error) {
	found := ""
	for _, name := range []string{r.Header.Get("X-Sandbox"), baggage(r.Header.Get("baggage")), identity.SandboxOf(bearer(r))} {
		switch {
		case name == "" || name == found:
		case !sandboxPattern.MatchString(name):
			return found, orderops.Refuse(orderops.SandboxConflict, "not a sandbox name")
		case found == "":
			found = name
		default:
			return found, orderops.Refuse(orderops.SandboxConflict, "the request names sandbox %s and sandbox %s", found, name)
		}
	}
	return found, nil
}

// baggage reads the member `sandbox` of a W3C baggage header.
func baggage(header string) string {
	for _, member := range strings.Split(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(strings.SplitN(member, ";", 2)[0]), "=")
		if strings.TrimSpace(name) == "sandbox" {
			if plain, err := url.QueryUnescape(strings.TrimSpace(value)); err == nil {
				return plain
			}
		}
	}
	return ""
}

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
