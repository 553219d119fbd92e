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
	"regexp"
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
