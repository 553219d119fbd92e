package slasclient

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/somsim/somsim/orderops/remote"
)

func TestAShopperIsVouchedForByTheIDOfTheProviderAlone(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		status int
		body   string
		class  remote.Class
	}{
		{"known", 200, `{"access_token":"t"}`, ""},
		{"no token", 200, `{}`, remote.Ambiguous},
		{"unknown", 404, `{"error":"not_found"}`, remote.NotFound},
		{"a wrong secret", 401, `{"error":"invalid_client"}`, remote.Unauthorized},
		{"too many requests", 429, `{"error":"too_many_requests"}`, remote.Throttled},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				user, secret, _ := r.BasicAuth()
				const form = "channel_id=RefArch&grant_type=client_credentials&hint=ts_ext_on_behalf_of&idp_origin=gigya&login_id=u"
				if err := r.ParseForm(); err != nil || user != "client" || secret != "s" || r.PostForm.Encode() != form ||
					r.URL.Path != "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/trusted-system/token" {
					t.Errorf("%s asks %s for %s", user, r.URL, r.PostForm.Encode())
				}
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
			}))
			t.Cleanup(server.Close)
			token, err := New(remote.Caller{BaseURL: server.URL}, "f_ecom_zzte_053").
				VouchedToken(t.Context(), Credentials{"client", "s"}, Vouched{Site: "RefArch", Provider: "gigya", ID: "u"})
			if remote.ClassOf(err) != tc.class || (err == nil) != (token == "t") {
				t.Errorf("got %q, %v", token, err)
			}
		})
	}
}
