package frontdesk

import (
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/somsim/somsim/orderops/remote"
)

// tokenOf is an unsigned JWT with issuer and subject.
func tokenOf(t *testing.T, issuer, subject string) string {
	t.Helper()
	payload, err := json.Marshal(claims{Issuer: issuer, Subject: subject})
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
			scope, err := Gate{Simulation: true}.Scope(r)
			if scope.Sandbox != tc.want || (err != nil) != tc.refused {
				t.Errorf("sandbox %q and %v, want %q and refused %t", scope.Sandbox, err, tc.want, tc.refused)
			}
			if real, err := (Gate{}).Scope(r); real.Sandbox != remote.DefaultSandbox || real.Forward || err != nil {
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
		scope, err := Gate{}.Scope(r)
		if err != nil || (scope.CorrelationID == id) != kept || scope.CorrelationID == "" {
			t.Errorf("%q became %q, %v", id, scope.CorrelationID, err)
		}
	}
}

func TestCallerIsReadFromTheToken(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, header, customer, client string }{
		{"nested subject", tokenOf(t, "c1", `{"_v":"1","customer_info":{"customer_id":"x"}}`), "x", "c1"},
		{"flat subject", tokenOf(t, "c1", `{"customer_id":"x"}`), "x", "c1"},
		{"no subject", tokenOf(t, "", ""), "", "fallback"},
		{"no JWT", "Bearer opaque", "", "fallback"},
		{"another scheme", "Basic eA==", "", "fallback"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Authorization", tc.header)
			got := Gate{ClientID: "fallback"}.Caller(r)
			if got.CustomerID != tc.customer || got.ClientID != tc.client {
				t.Errorf("customer %q of client %q, want %q of %q", got.CustomerID, got.ClientID, tc.customer, tc.client)
			}
		})
	}
}
