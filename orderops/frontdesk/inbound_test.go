package frontdesk

import (
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/identity"
	"github.com/somsim/somsim/orderops/remote"
)

// tokenOf is an unsigned JWT with issuer and subject.
func tokenOf(t *testing.T, issuer, subject string) string {
	t.Helper()
	payload, err := json.Marshal(map[string]string{"iss": issuer, "sub": subject})
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer e30." + base64.RawURLEncoding.EncodeToString(payload) + ".c2ln"
}

func TestSandboxOfARequest(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		header  map[string]string
		want    string
		refused bool
	}{
		{"none", nil, "default", false},
		{"header", map[string]string{"X-Sandbox": "a"}, "a", false},
		{"baggage among others, with properties", map[string]string{"baggage": "k=v, sandbox=a;p=1, z=1"}, "a", false},
		{"percent-encoded baggage", map[string]string{"baggage": "sandbox=run%2D7"}, "run-7", false},
		{"client id of the token", map[string]string{"Authorization": tokenOf(t, "client~a", "{}")}, "a", false},
		{"all agree", map[string]string{"X-Sandbox": "a", "baggage": "sandbox=a", "Authorization": tokenOf(t, "client~a", "{}")}, "a", false},
		{"header and baggage differ", map[string]string{"X-Sandbox": "a", "baggage": "sandbox=b"}, "a", true},
		{"baggage and token differ", map[string]string{"baggage": "sandbox=b", "Authorization": tokenOf(t, "client~a", "{}")}, "b", true},
		{"no name", map[string]string{"X-Sandbox": "a b"}, "default", true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/", nil)
			for name, value := range tc.header {
				r.Header.Set(name, value)
			}
			scope, err := (&Gate{Simulation: true}).Scope(r)
			if scope.Sandbox != tc.want || (err != nil) != tc.refused {
				t.Errorf("sandbox %q and %v, want %q and refused %t", scope.Sandbox, err, tc.want, tc.refused)
			}
			if real, err := (&Gate{}).Scope(r); real.Sandbox != remote.DefaultSandbox || real.Forward || err != nil {
				t.Errorf("production reads %+v, %v", real, err)
			}
		})
	}
}

func TestCorrelationIDThatWouldSpoilALogIsReplaced(t *testing.T) {
	t.Parallel()
	for id, kept := range map[string]bool{"abc-1:2.3_4": true, "": false, "a b": false, "a\tb": false, string(make([]byte, 200)): false} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Correlation-Id"] = []string{id}
		scope, err := (&Gate{}).Scope(r)
		if err != nil || (scope.CorrelationID == id) != kept || scope.CorrelationID == "" {
			t.Errorf("%q became %q, %v", id, scope.CorrelationID, err)
		}
	}
}

// A shopper is asked for by its own token; whoever is not a shopper of commerce, by the service.
func TestHowCommerceIsAskedForACaller(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		who  identity.Identity
		sent string
		want Caller
	}{
		{"a shopper", identity.Identity{Kind: identity.Registered, CustomerID: "x", ClientID: "c1", Token: "t"}, "", Caller{Caller: b2cclient.Caller{Token: "t", ClientID: "c1"}, CustomerID: "x"}},
		{"a shopper whose client says so itself", identity.Identity{Kind: identity.Guest, ClientID: "c1", Token: "t"}, "c2", Caller{Caller: b2cclient.Caller{Token: "t", ClientID: "c2"}}},
		{"a token of commerce", identity.Identity{Kind: identity.Opaque, Token: "t"}, "", Caller{Caller: b2cclient.Caller{Token: "t", ClientID: "fallback"}}},
		{"nobody", identity.Identity{Kind: identity.Anonymous}, "", Caller{Caller: b2cclient.Caller{ClientID: "fallback"}}},
		{"an agent", identity.Identity{Kind: identity.Agent, UserID: "005", Token: "t"}, "c2", Caller{Caller: b2cclient.Caller{Service: true}}},
		{"a guest of one order", identity.Identity{Kind: identity.Guest, OrderNo: "1", Token: "t"}, "", Caller{Caller: b2cclient.Caller{Service: true}}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("x-dw-client-id", tc.sent)
			tc.want.Who = tc.who
			got := (&Gate{ClientID: "fallback"}).Caller(r.WithContext(withIdentity(r.Context(), tc.who)))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatCallersMay(t *testing.T) {
	t.Parallel()
	shopper := Caller{Caller: b2cclient.Caller{Token: "t"}}
	agent := Caller{Caller: b2cclient.Caller{Service: true}, Who: identity.Identity{Kind: identity.Agent}}
	guest := Caller{Caller: b2cclient.Caller{Service: true}, Who: identity.Identity{Kind: identity.Guest, OrderNo: "1", Site: "A"}}
	here := b2cclient.Shop{Site: "A"}
	cases := []struct {
		name string
		err  error
		want orderops.Code
	}{
		{"nobody sees an order", Caller{}.may(here, "1"), orderops.Unauthenticated},
		{"commerce decides for a shopper", shopper.may(here, "2"), ""},
		{"an agent sees every order", agent.may(here, "2"), ""},
		{"a guest sees the one order", guest.may(here, "1"), ""},
		{"a guest sees no other order", guest.may(here, "2"), orderops.OrderNotFound},
		{"a guest sees no order of another site", guest.may(b2cclient.Shop{Site: "B"}, "1"), orderops.OrderNotFound},
		{"a guest sees no history", guest.may(here, ""), orderops.OrderNotFound},
		{"a shopper changes its own order in commerce", shopper.Own(), ""},
		{"an agent does not", agent.Own(), orderops.Forbidden},
		{"a guest of one order does not", guest.Own(), orderops.Forbidden},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			refusal, refused := orderops.AsRefusal(tc.err)
			if refused != (tc.want != "") || refused && refusal.Code != tc.want {
				t.Errorf("got %v, want %q", tc.err, tc.want)
			}
		})
	}
}
