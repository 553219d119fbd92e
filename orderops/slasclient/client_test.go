package slasclient

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/somsim/somsim/orderops/remote"
)

func TestKeysByTheirOutcome(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		status int
		body   string
		class  remote.Class
		code   string
	}{
		{"keys", 200, `{"keys":[{"kty":"EC"}]}`, "", ""},
		{"no keys", 200, `{"keys":[]}`, remote.Unavailable, "malformed_answer"},
		{"no JSON", 200, `<html>`, remote.Unavailable, "malformed_answer"},
		{"unknown organization", 400, `{"error":"invalid_request","error_description":"no such tenant"}`, remote.Rejected, "invalid_request"},
		{"too many requests", 429, ``, remote.Throttled, ""},
		{"down", 503, `{"title":"gateway_server_error"}`, remote.Unavailable, "gateway_server_error"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/jwks" {
					t.Errorf("asked for %s", r.URL.Path)
				}
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
			}))
			t.Cleanup(server.Close)
			keys, err := New(remote.Caller{BaseURL: server.URL}, "f_ecom_zzte_053").Keys(t.Context())
			failure, failed := remote.AsError(err)
			switch {
			case failed != (tc.class != "") || tc.class == "" && string(keys) != tc.body:
				t.Errorf("got %s, %v", keys, err)
			case failed && (failure.Class != tc.class || failure.VendorCode != tc.code || failure.System != System):
				t.Errorf("got %+v, want %s %s", failure, tc.class, tc.code)
			}
		})
	}
}
