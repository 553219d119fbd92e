package ocapi_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/binding/facetest"
)

const auth = base + "/customers/auth"

func claimsOf(t *testing.T, header string) map[string]any {
	t.Helper()
	parts := strings.Split(strings.TrimPrefix(header, "Bearer "), ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no JWT", header)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{}
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestGuestGetsATokenAndACustomer(t *testing.T) {
	t.Parallel()
	s := open(t)
	w := s.send(http.MethodPost, auth, `{"type":"guest"}`, "x-dw-client-id", client)
	doc := s.document(w)
	id, _ := doc["customer_id"].(string)
	if doc["auth_type"] != "guest" || doc["_v"] != "23.2" || len(id) != 26 {
		t.Errorf("%v", doc)
	}
	claims := claimsOf(t, w.Header().Get("Authorization"))
	want := map[string]any{
		"_v": "1", "iss": client, "sub": `{"_v":"1","customer_info":{"customer_id":"` + id + `","guest":true}}`,
		"iat": float64(facetest.Monday().Unix()), "exp": float64(facetest.Monday().Add(30 * time.Minute).Unix()),
	}
	equal(t, want, claims)
}

func TestCredentialsGetTheTokenOfTheCustomer(t *testing.T) {
	t.Parallel()
	s := open(t)
	w := s.send(http.MethodPost, auth, `{"type":"credentials"}`, "x-dw-client-id", client, "Authorization", basic(t, "ada@somsim.test", "somsim"))
	want := map[string]any{
		"_v": "23.2", "_type": "customer", "auth_type": "registered", "customer_id": "ada", "customer_no": "no-ada", "login": "ada@somsim.test",
		"email": "ada@somsim.test", "first_name": "ada", "last_name": "X", "preferred_locale": "default", "creation_date": "2026-06-01T08:00:00.000Z",
	}
	equal(t, want, s.document(w))
}

func TestRefreshWorksWhileTheTokenLives(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.login("ada")
	if _, err := s.World.Advance(t.Context(), 29*time.Minute); err != nil {
		t.Fatal(err)
	}
	w := s.send(http.MethodPost, auth, `{"type":"refresh"}`, ada...)
	if got := s.document(w)["customer_id"]; got != "ada" {
		t.Errorf("customer %v", got)
	}
	if got := claimsOf(t, w.Header().Get("Authorization"))["exp"]; got != float64(facetest.Monday().Add(59*time.Minute).Unix()) {
		t.Errorf("exp %v", got)
	}
	if _, err := s.World.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	s.refused(s.send(http.MethodPost, auth, `{"type":"refresh"}`, ada...), 401, "ExpiredTokenException", "b2c.token.lifetime")
	s.refused(s.send(http.MethodGet, order, "", ada...), 401, "ExpiredTokenException", "b2c.token.lifetime")
}

func TestEqualRunsGiveEqualTokens(t *testing.T) {
	t.Parallel()
	equal(t, open(t).login("ada"), open(t).login("ada"))
	equal(t, open(t).system(), open(t).system())
}

func TestAuthRefusals(t *testing.T) {
	t.Parallel()
	id := []string{"x-dw-client-id", client}
	with := func(name, value string) []string { return append([]string{name, value}, id...) }
	cases := []struct {
		name, path, body string
		header           []string
		status           int
		kind, rule       string
	}{
		{"no client id", auth, `{"type":"guest"}`, nil, 400, "MissingClientIdException", "b2c.client.given"},
		{"a malformed client id", auth, `{"type":"guest"}`, []string{"x-dw-client-id", "short"}, 400, "InvalidClientIdException", "b2c.client.well-formed"},
		{"an unknown client id", auth, `{"type":"guest"}`, []string{"x-dw-client-id", strings.Repeat("c", 30)}, 401, "UnknownClientIdException", "b2c.client.known"},
		{"an unknown site", "/s/Nowhere/dw/shop/v23_2/customers/auth", `{"type":"guest"}`, id, 404, "UnknownSiteException", "b2c.site.known"},
		{"a version too old", "/s/RefArch/dw/shop/v20_1/customers/auth", `{"type":"guest"}`, id, 404, "VersionNotFoundException", "b2c.version.known"},
		{"a version never published", "/s/RefArch/dw/shop/v23_3/customers/auth", `{"type":"guest"}`, id, 404, "VersionNotFoundException", "b2c.version.known"},
		{"a version too new", "/s/RefArch/dw/shop/v24_6/customers/auth", `{"type":"guest"}`, id, 404, "VersionNotFoundException", "b2c.version.known"},
		{"a version that is none", "/s/RefArch/dw/shop/latest/customers/auth", `{"type":"guest"}`, id, 404, "VersionNotFoundException", "b2c.version.known"},
		{"a wrong password", auth, `{"type":"credentials"}`, with("Authorization", basic(t, "ada@somsim.test", "x")), 401, "AuthenticationFailedException", "b2c.customer.credentials"},
		{"an unknown login", auth, `{"type":"credentials"}`, with("Authorization", basic(t, "eve@somsim.test", "somsim")), 401, "AuthenticationFailedException", "b2c.customer.credentials"},
		{"no login", auth, `{"type":"credentials"}`, id, 401, "AuthorizationHeaderMissingException", "b2c.authorization.given"},
		{"a bearer for a login", auth, `{"type":"credentials"}`, with("Authorization", "Bearer x"), 401, "InvalidAuthorizationHeaderException", "b2c.authorization.well-formed"},
		{"a refresh of nothing", auth, `{"type":"refresh"}`, id, 401, "AuthorizationHeaderMissingException", "b2c.authorization.given"},
		{"a refresh of no token", auth, `{"type":"refresh"}`, with("Authorization", "Bearer x"), 401, "InvalidAccessTokenException", "b2c.token.issued"},
		{"a session of nothing", auth, `{"type":"session"}`, id, 401, "AuthenticationFailedException", "b2c.session.known"},
		{"a type that is none", auth, `{"type":"magic"}`, id, 400, "EnumConstraintViolationException", ""},
		{"no type", auth, `{}`, id, 400, "PropertyConstraintViolationException", ""},
		{"a version of another type", auth, `{"type":"guest","_v":1}`, id, 400, "TypeDecodingException", ""},
		{"an unknown property", auth, `{"type":"guest","x":1}`, id, 400, "UnknownPropertyException", ""},
		{"bad JSON", auth, `{"type"`, id, 400, "BodyDecodingException", ""},
		{"no body", auth, ``, id, 400, "BodyDecodingException", ""},
		{"another media type", auth, `type=guest`, with("Content-Type", "text/plain"), 415, "UnsupportedContentTypeException", ""},
		{"a path that is none", base + "/nothing", `{}`, id, 404, "ResourcePathNotFoundException", ""},
		{"a sandbox that is none", auth, `{"type":"guest"}`, []string{"x-dw-client-id", client + "~nowhere"}, 400, "SandboxException", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.refused(s.send(http.MethodPost, tc.path, tc.body, tc.header...), tc.status, tc.kind, tc.rule)
		})
	}
}

func TestAccountManagerRefusals(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	cases := []struct {
		name, body, authorization string
		status                    int
		code, rule                string
	}{
		{"no client", "grant_type=client_credentials", "", 401, "invalid_client", "b2c.client.secret"},
		{"a wrong secret", "grant_type=client_credentials", basic(t, client, "x"), 401, "invalid_client", "b2c.client.secret"},
		{"another grant", "grant_type=password", basic(t, client, "somsim"), 400, "unsupported_grant_type", "b2c.client.grant"},
		{"no grant", "x=y", basic(t, client, "somsim"), 400, "invalid_request", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			w := s.send(http.MethodPost, "/dwsso/oauth2/access_token", tc.body, "Content-Type", form, "Authorization", tc.authorization)
			var got struct {
				Error       string `json:"error"`
				Description string `json:"error_description"`
			}
			err := json.Unmarshal(w.Body.Bytes(), &got)
			if e := s.Last(); err != nil || w.Code != tc.status || got.Error != tc.code || got.Description == "" || e.Rule != tc.rule {
				t.Errorf("%d %s, rule %q", w.Code, w.Body, e.Rule)
			}
		})
	}
}

func TestTokensWorkInTheirOwnSandboxAndForTheirClientOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	w := s.send(http.MethodPost, auth, `{"type":"credentials"}`,
		"x-dw-client-id", client+"~other", "Authorization", basic(t, "ada@somsim.test", "somsim"))
	token := w.Header().Get("Authorization")
	equal(t, any(client+"~other"), claimsOf(t, token)["iss"])

	if w := s.send(http.MethodGet, order, "", "x-dw-client-id", client, "Authorization", token); w.Code != 200 {
		t.Errorf("the token alone names its sandbox: %d %s", w.Code, w.Body)
	}
	if len(s.Last().Changes) != 0 || s.Last().Operation != "" {
		t.Errorf("the default sandbox saw the call: %+v", s.Last())
	}
	ada := s.login("ada")
	if w := s.send(http.MethodGet, order, "", append(ada, "X-Sandbox", "other")...); w.Code != 400 || !strings.Contains(w.Body.String(), "two sandboxes") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.send(http.MethodGet, order, "", "x-dw-client-id", client+"~other", "Authorization", ada[3]); w.Code != 401 {
		t.Errorf("a token of the default sandbox in another: %d %s", w.Code, w.Body)
	}
	s.refused(s.send(http.MethodGet, order, "", "x-dw-client-id", strings.Repeat("b", 30), "Authorization", ada[3]),
		401, "InvalidAccessTokenException", "b2c.token.issued")
}

func TestFaultsAboutABodyNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := open(t)
	for body, want := range map[string]map[string]string{
		`{"type":"magic"}`:       {"document": "auth_request", "enumValue": "magic"},
		`{"type":"guest","x":1}`: {"document": "auth_request", "property": "x"},
		`{}`:                     {"document": "auth_request", "path": "$.type"},
		`{"type"`:                {"body": `{"type"`},
	} {
		var got struct {
			Fault struct{ Arguments map[string]string }
		}
		w := s.send(http.MethodPost, auth, body, "x-dw-client-id", client)
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		equal(t, want, got.Fault.Arguments)
	}
}
