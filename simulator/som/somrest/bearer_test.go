package somrest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestJWTBearer(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	text, err := os.ReadFile("../simulation_only_app.key")
	if err != nil {
		t.Fatal(err)
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM(text)
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	claims := func(change func(jwt.MapClaims)) jwt.MapClaims {
		c := jwt.MapClaims{"iss": "somsim", "sub": "dev@somsim.test", "aud": "https://login.salesforce.com", "exp": noon.Add(3 * time.Minute).Unix()}
		if change != nil {
			change(c)
		}
		return c
	}
	signed := func(method jwt.SigningMethod, c jwt.Claims, key any) string {
		text, err := jwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	rs256 := func(change func(jwt.MapClaims)) string { return signed(jwt.SigningMethodRS256, claims(change), key) }
	bearer := func(assertion string) *httptest.ResponseRecorder {
		return s.post("token", "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", assertion)
	}
	got := s.tokens(bearer(rs256(nil)))
	if got.ID != "http://example.com/id/00D5i0000000001EAA/"+devID || got.RefreshToken != "" {
		t.Errorf("%+v", got)
	}
	// The command line of Salesforce counts in milliseconds.
	s.tokens(bearer(rs256(func(c jwt.MapClaims) { c["exp"] = noon.UnixMilli() + 300 })))
	got = s.tokens(bearer(rs256(func(c jwt.MapClaims) { c["iss"], c["aud"] = "somsim~other", []string{"http://example.com"} })))
	if !strings.Contains(got.AccessToken, "!AQ.other.") {
		t.Errorf("another sandbox: %+v", got)
	}
	good := rs256(nil)
	for _, tc := range []struct{ name, assertion, code, description string }{
		{"nothing", "", "invalid_grant", "invalid assertion"},
		{"no token", "x.y.z", "invalid_grant", "invalid assertion"},
		{"another signature", good[:len(good)-8] + "AAAAAAAA", "invalid_grant", "invalid assertion"},
		{"RS384", signed(jwt.SigningMethodRS384, claims(nil), key), "invalid_grant", "invalid assertion"},
		{"the certificate as a secret", signed(jwt.SigningMethodHS256, claims(nil), []byte("somsim")), "invalid_grant", "invalid assertion"},
		{"no signature at all", signed(jwt.SigningMethodNone, claims(nil), jwt.UnsafeAllowNoneSignatureType), "invalid_grant", "invalid assertion"},
		{"an unknown app", rs256(func(c jwt.MapClaims) { c["iss"] = "nobody" }), "invalid_client_id", "client identifier invalid"},
		{"an app without a certificate", rs256(func(c jwt.MapClaims) { c["iss"] = "somsim-public" }), "invalid_grant", "invalid assertion"},
		{"another audience", rs256(func(c jwt.MapClaims) { c["aud"] = "https://example.org" }), "invalid_grant", "audience is invalid"},
		{"an unknown user", rs256(func(c jwt.MapClaims) { c["sub"] = "x" }), "invalid_grant", "user hasn't approved this consumer"},
		{"over", rs256(func(c jwt.MapClaims) { c["exp"] = noon.Unix() }), "invalid_grant", "expired authorization code"},
		{"without an end", rs256(func(c jwt.MapClaims) { delete(c, "exp") }), "invalid_grant", "expired authorization code"},
	} {
		t.Run(tc.name, func(*testing.T) {
			s.want(bearer(tc.assertion), http.StatusBadRequest, `{"error":"`+tc.code+`","error_description":"`+tc.description+`"}`)
		})
	}
}

func TestRevokeAndIntrospect(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ask := func() *httptest.ResponseRecorder {
		return s.post("introspect", "token", s.token, "client_id", "somsim", "client_secret", "somsim", "token_type_hint", "access_token")
	}
	s.want(ask(), http.StatusOK, `{"active":true,"scope":"api id web openid profile email","client_id":"somsim","username":"integration@somsim.test",
		"sub":"http://example.com/id/00D5i0000000001EAA/`+robotID+`","token_type":"access_token","exp":1772409600,"iat":1772366400,"nbf":1772366400}`)
	s.want(s.post("introspect", "token", s.token, "client_id", "somsim", "client_secret", "x"), http.StatusBadRequest,
		`{"error":"invalid_client","error_description":"invalid client credentials"}`)
	if w := s.post("revoke", "token", s.token); w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Errorf("revoke: %d %s", w.Code, w.Body)
	}
	s.want(ask(), http.StatusOK, `{"active":false}`)
	s.wantError(s.do("GET", base, ""), http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
	w := s.post("revoke", "token", s.token)
	if form, err := url.ParseQuery(w.Body.String()); w.Code != http.StatusBadRequest || err != nil || form.Get("error") != "unsupported_token_type" {
		t.Errorf("revoke again: %d %s", w.Code, w.Body)
	}
	if w := s.do("POST", "/services/oauth2/revoke", "", "Authorization", ""); w.Code != http.StatusBadRequest || !strings.HasPrefix(w.Body.String(), "error=invalid_request") {
		t.Errorf("revoke nothing: %d %s", w.Code, w.Body)
	}
}

func TestSOAPLogout(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	call := func(header, body string) *httptest.ResponseRecorder {
		return s.do("POST", "/services/Soap/u/60.0", `<se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/"><se:Header>`+header+
			`</se:Header><se:Body>`+body+`</se:Body></se:Envelope>`, "Content-Type", "text/xml", "Authorization", "")
	}
	session := `<SessionHeader xmlns="urn:partner.soap.sforce.com"><sessionId>` + s.token + `</sessionId></SessionHeader>`
	if w := call(session, `<logout xmlns="urn:partner.soap.sforce.com"/>`); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<logoutResponse/>") {
		t.Errorf("logout: %d %s", w.Code, w.Body)
	}
	s.wantError(s.do("GET", base, ""), http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
	if w := call(session, `<logout xmlns="urn:partner.soap.sforce.com"/>`); w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "INVALID_SESSION_ID") {
		t.Errorf("logout again: %d %s", w.Code, w.Body)
	}
	if w := call(session, `<query xmlns="urn:partner.soap.sforce.com"/>`); w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "No operation available") {
		t.Errorf("another call: %d %s", w.Code, w.Body)
	}
}

func TestWhoIsLoggedIn(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var who map[string]any
	w := s.do("GET", "/id/00D5i0000000001/"+robotID[:15]+"?format=json&version=latest&oauth_token="+url.QueryEscape(s.token), "", "Authorization", "")
	if err := json.Unmarshal(w.Body.Bytes(), &who); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if who["utcOffset"] != 3600000.0 || who["last_modified_date"] != "2026-03-01T12:00:00Z" || who["display_name"] != "Order Integration" ||
		who["urls"].(map[string]any)["rest"] != "http://example.com/services/data/v67.0/" {
		t.Errorf("%v", who)
	}
	for path, want := range map[string]struct {
		status int
		word   string
	}{
		"/id/00D5i0000000002/" + robotID:      {403, "Wrong_Org"},
		"/id/x/" + robotID:                    {403, "Wrong_Org"},
		"/id/00D5i0000000001EAA/x":            {404, "Bad_Id"},
		"/id/00D5i0000000001EAA/" + accountID: {404, "Bad_Id"},
		"/id/00D5i0000000001EAA/" + devID:     {403, "No_Access"},
	} {
		if w := s.do("GET", path, ""); w.Code != want.status || w.Body.String() != want.word {
			t.Errorf("%s: %d %s, want %d %s", path, w.Code, w.Body, want.status, want.word)
		}
	}
	for _, path := range []string{"/services/oauth2/userinfo", "/id/00D5i0000000001EAA/" + robotID} {
		if w := s.do("GET", path, "", "Authorization", ""); w.Code != http.StatusForbidden || w.Body.String() != "Missing_OAuth_Token" {
			t.Errorf("%s without a token: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestTheJournalKeepsNoTokens(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.do("GET", "/id/00D5i0000000001/"+robotID+"?oauth_token="+url.QueryEscape(s.token), "", "Authorization", "")
	s.post("introspect", "token", s.token, "client_id", "somsim", "client_secret", "somsim")
	s.browser(authorization(), "dev@somsim.test", "somsim-is-wrong", "allow")
	const verifier = "somewhat-random-and-at-least-43-characters-long"
	code := s.sentBack(s.browser(authorization("code_challenge", challenge(verifier)), "dev@somsim.test", "somsim", "allow")).Get("code")
	got := s.tokens(s.post("token", "grant_type", "authorization_code", "code", code, "redirect_uri", redirectURI,
		"client_id", "somsim", "client_secret", "somsim", "code_verifier", verifier))
	s.tokens(s.post("token", "grant_type", "refresh_token", "refresh_token", got.RefreshToken, "client_id", "somsim", "client_secret", "somsim"))
	const assertion = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJzb21zaW0ifQ.c2lnbmVk"
	s.post("token", "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", assertion)
	s.do("GET", base+"/limits", "", "Referer", "https://idp.example/sso?SAMLResponse=PHNhbWxwPg&code=abc-one-time")
	s.post("revoke", "token", got.RefreshToken)
	for _, e := range s.journal() {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{
			s.token, url.QueryEscape(s.token), "somsim-is-wrong", code, got.RefreshToken, got.AccessToken, got.IDToken, verifier, assertion, "PHNhbWxwPg", "abc-one-time",
		} {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s %s tells %s: %s", e.Method, e.Path, secret, text)
			}
		}
	}
}

func TestBrowsersMayReadWhatTheAnswerTells(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for line, header := range map[string]string{
		"GET " + base + "/limits":                        "Sforce-Limit-Info",
		"GET " + base + "/sobjects":                      "Last-Modified",
		"GET " + base + "/sobjects/Account/" + accountID: "ETag",
		"POST " + base + "/sobjects/Account":             "Location",
		"GET " + base + "/query?q=SELECT":                "Sforce-Limit-Info",
	} {
		method, path, _ := strings.Cut(line, " ")
		body := ""
		if method == "POST" {
			body = `{"Name":"x"}`
		}
		w := s.do(method, path, body, "Origin", "http://localhost:3000")
		exposed := strings.Split(w.Header().Get("Access-Control-Expose-Headers"), ", ")
		if w.Header().Get(header) == "" || !slices.ContainsFunc(exposed, func(name string) bool { return strings.EqualFold(name, header) }) {
			t.Errorf("%s: %s is %q, exposed are %q", line, header, w.Header().Get(header), exposed)
		}
	}
}
