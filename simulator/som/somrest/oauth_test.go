package somrest_test

import (
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const redirectURI = "http://localhost:3000/callback?from=org"

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// post sends a form to the authorization server.
func (s *server) post(path string, values ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	return s.do("POST", "/services/oauth2/"+path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Authorization", "")
}

// browser opens the page of an authorization request, fills its form as a user would, and returns what comes of it.
func (s *server) browser(request url.Values, username, password, decision string) *httptest.ResponseRecorder {
	s.t.Helper()
	w := s.do("GET", "/services/oauth2/authorize?"+request.Encode(), "", "Authorization", "")
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		return w
	}
	page := w.Body.String()
	form := []string{"username", username, "password", password, "decision", decision}
	for _, field := range regexp.MustCompile(`<input type="hidden" name="(.*?)" value="(.*?)">`).FindAllStringSubmatch(page, -1) {
		form = append(form, field[1], html.UnescapeString(field[2]))
	}
	action := regexp.MustCompile(`<form method="post" action="(.*?)">`).FindStringSubmatch(page)
	if len(action) != 2 || !strings.HasSuffix(action[1], "/services/oauth2/authorize") {
		s.t.Fatalf("no form in %s", page)
	}
	return s.post("authorize", form...)
}

func authorization(values ...string) url.Values {
	form := url.Values{"response_type": {"code"}, "client_id": {"somsim"}, "redirect_uri": {redirectURI}, "state": {`a&b="c"`}}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	return form
}

// sentBack reads the answer out of a redirect to the app.
func (s *server) sentBack(w *httptest.ResponseRecorder) url.Values {
	s.t.Helper()
	target, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusFound || !strings.HasPrefix(target.String(), "http://localhost:3000/callback?") {
		s.t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	answer := target.Query()
	if answer.Get("state") != `a&b="c"` || answer.Get("from") != "org" {
		s.t.Errorf("sent back with %v", answer)
	}
	return answer
}

type tokens struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	Scope, ID    string
	Signature    string
	IssuedAt     string `json:"issued_at"`
	InstanceURL  string `json:"instance_url"`
}

func (s *server) tokens(w *httptest.ResponseRecorder) tokens {
	s.t.Helper()
	var out tokens
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		s.t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	return out
}

func TestAuthorizationCodeWithProof(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const verifier = "somewhat-random-and-at-least-43-characters-long"
	answer := s.sentBack(s.browser(authorization("code_challenge", challenge(verifier), "code_challenge_method", "S256"), "dev@somsim.test", "somsim", "allow"))
	exchange := func(verifier string) *httptest.ResponseRecorder {
		return s.post("token", "grant_type", "authorization_code", "code", answer.Get("code"), "redirect_uri", redirectURI,
			"client_id", "somsim", "client_secret", "somsim", "code_verifier", verifier)
	}
	s.want(exchange("another"), 400, `{"error":"invalid_grant","error_description":"invalid code verifier"}`)
	got := s.tokens(exchange(verifier))
	if got.ID != "http://example.com/id/00D5i0000000001EAA/"+devID || got.RefreshToken == "" || got.Scope != "api id web openid profile email refresh_token" {
		t.Errorf("%+v", got)
	}
	s.want(exchange(verifier), 400, `{"error":"invalid_grant","error_description":"expired authorization code"}`)
	if w := s.do("GET", base, "", "Authorization", "Bearer "+got.AccessToken); w.Code != http.StatusOK {
		t.Errorf("the session: %d %s", w.Code, w.Body)
	}
	mac := hmac.New(sha256.New, []byte("somsim"))
	mac.Write([]byte(got.ID + got.IssuedAt))
	if got.Signature != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Errorf("signature %s", got.Signature)
	}
	s.identified(got.IDToken)

	again := s.tokens(s.post("token", "grant_type", "refresh_token", "refresh_token", got.RefreshToken, "client_id", "somsim", "client_secret", "somsim"))
	if again.AccessToken == got.AccessToken || again.RefreshToken != "" || again.IDToken != "" || again.ID != got.ID {
		t.Errorf("refreshed: %+v", again)
	}
}

// identified checks a token of OpenID Connect with the keys that the org publishes.
func (s *server) identified(token string) {
	s.t.Helper()
	var keys struct {
		Keys []struct{ Kid, N, E string }
	}
	w := s.do("GET", "/id/keys", "", "Authorization", "")
	if err := json.Unmarshal(w.Body.Bytes(), &keys); err != nil || len(keys.Keys) != 1 {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	number := func(text string) *big.Int {
		b, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			s.t.Fatal(err)
		}
		return new(big.Int).SetBytes(b)
	}
	noon := func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	parsed, err := jwt.Parse(token, func(t *jwt.Token) (any, error) {
		if t.Header["kid"] != keys.Keys[0].Kid {
			s.t.Errorf("kid %v", t.Header["kid"])
		}
		return &rsa.PublicKey{N: number(keys.Keys[0].N), E: int(number(keys.Keys[0].E).Int64())}, nil
	}, jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(noon), jwt.WithIssuer("http://example.com"), jwt.WithAudience("somsim"))
	if err != nil {
		s.t.Fatalf("id_token: %v", err)
	}
	if sub, _ := parsed.Claims.GetSubject(); sub != "http://example.com/id/00D5i0000000001EAA/"+devID {
		s.t.Errorf("sub %s", sub)
	}
}

func TestAUserMaySayNo(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	answer := s.sentBack(s.browser(authorization(), "", "", "deny"))
	if answer.Get("error") != "access_denied" || answer.Get("error_description") != "end-user denied authorization" || answer.Has("code") {
		t.Errorf("sent back with %v", answer)
	}
	if rule := s.lastRule(); rule != "som.oauth.denied" {
		t.Errorf("rule %q", rule)
	}
	w := s.browser(authorization("login_hint", "<dev>"), "dev@somsim.test", "wrong", "allow")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "check your username and password") || !strings.Contains(w.Body.String(), `value="dev@somsim.test"`) {
		t.Errorf("a wrong password: %d %s", w.Code, w.Body)
	}
	if strings.Contains(w.Body.String(), "wrong") {
		t.Errorf("the page repeats the password: %s", w.Body)
	}
	if rule := s.lastRule(); rule != "som.login.password" {
		t.Errorf("rule %q", rule)
	}
}

// OAuth lets an app send the request as a form: the user is asked all the same.
func TestARequestSentAsAFormIsNoConsent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	form := authorization()
	var fields []string
	for name := range form {
		fields = append(fields, name, form.Get(name))
	}
	w := s.post("authorize", append(fields, "username", "dev@somsim.test", "password", "somsim")...)
	if w.Code != http.StatusOK || w.Header().Get("Location") != "" || !strings.Contains(w.Body.String(), `name="decision" value="allow"`) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if strings.Contains(w.Body.String(), `value="somsim" autocomplete`) || w.Header().Get("X-Frame-Options") != "DENY" {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
}

func TestAuthorizationRefusalsReachTheApp(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, tc := range []struct{ name, field, value, code string }{
		{"the user agent flow", "response_type", "token", "unsupported_response_type"},
		{"a scope the app does not have", "scope", "api full", "invalid_scope"},
		{"a plain challenge", "code_challenge_method", "plain", "invalid_request"},
		{"a challenge that is none", "code_challenge", "short", "invalid_request"},
		{"a public app without a challenge", "client_id", "somsim-public", "invalid_request"},
	} {
		form := authorization(tc.field, tc.value)
		if answer := s.sentBack(s.browser(form, "", "", "")); answer.Get("error") != tc.code || answer.Get("error_description") == "" {
			t.Errorf("%s: sent back with %v", tc.name, answer)
		}
		// Nobody gets round the checks by leaving the page out.
		var fields []string
		for name := range form {
			fields = append(fields, name, form.Get(name))
		}
		w := s.post("authorize", append(fields, "username", "dev@somsim.test", "password", "somsim", "decision", "allow")...)
		if answer := s.sentBack(w); answer.Get("error") != tc.code {
			t.Errorf("%s, without the page: sent back with %v", tc.name, answer)
		}
	}
}

func TestAuthorizationRefusalsThatOnlyTheUserSees(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, tc := range []struct{ name, field, value, code string }{
		{"an unknown app", "client_id", "nobody", "invalid_client_id"},
		{"a place the app did not register", "redirect_uri", "https://example.com/", "redirect_uri_mismatch"},
		{"no place", "redirect_uri", "", "redirect_uri_mismatch"},
		{"a script", "redirect_uri", "javascript:alert(1)", "redirect_uri_mismatch"},
	} {
		w := s.browser(authorization(tc.field, tc.value), "", "", "")
		if w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" || !strings.Contains(w.Body.String(), "error="+tc.code) {
			t.Errorf("%s: %d %v %s", tc.name, w.Code, w.Header(), w.Body)
		}
	}
	w := s.browser(authorization("client_id", "somsim~other", "login_hint", "x"), "dev~default@somsim.test", "somsim", "allow")
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "SOMSIM_SANDBOX") {
		t.Errorf("two sandboxes: %d %s", w.Code, w.Body)
	}
}

func TestAPublicAppNeedsNoSecretButItsProof(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const verifier = "somewhat-random-and-at-least-43-characters-long"
	answer := s.sentBack(s.browser(authorization("client_id", "somsim-public~other", "code_challenge", challenge(verifier), "scope", "api refresh_token"),
		"dev@somsim.test", "somsim", "allow"))
	got := s.tokens(s.post("token", "grant_type", "authorization_code", "code", answer.Get("code"), "redirect_uri", redirectURI,
		"client_id", "somsim-public", "code_verifier", verifier))
	if !strings.Contains(got.AccessToken, "!AQ.other.") || got.Scope != "api refresh_token" || got.IDToken != "" {
		t.Errorf("%+v", got)
	}
	again := s.tokens(s.post("token", "grant_type", "refresh_token", "refresh_token", got.RefreshToken, "client_id", "somsim-public"))
	if !strings.Contains(again.AccessToken, "!AQ.other.") {
		t.Errorf("%+v", again)
	}
	if w := s.do("GET", base, "", "Authorization", "Bearer "+again.AccessToken); w.Code != http.StatusOK {
		t.Errorf("the session: %d %s", w.Code, w.Body)
	}
}

func TestASessionReachesWhatItsScopeHas(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	answer := s.sentBack(s.browser(authorization("scope", "id"), "dev@somsim.test", "somsim", "allow"))
	got := s.tokens(s.post("token", "grant_type", "authorization_code", "code", answer.Get("code"), "redirect_uri", redirectURI,
		"client_id", "somsim", "client_secret", "somsim"))
	w := s.do("GET", base, "", "Authorization", "Bearer "+got.AccessToken)
	s.wantError(w, http.StatusUnauthorized, "INVALID_SESSION_ID", "This session is not valid for use with the REST API")
	if w := s.do("GET", "/services/oauth2/userinfo", "", "Authorization", "Bearer "+got.AccessToken); w.Code != http.StatusOK {
		t.Errorf("who is logged in: %d %s", w.Code, w.Body)
	}
}

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
