package gigya_test

import (
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // the vendor's
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/cdc"
	"github.com/somsim/somsim/simulator/cdc/gigya"
	"github.com/somsim/somsim/simulator/sandbox"
)

// cloud is the face over two equal sandboxes with the account ada on the site somsim, and the site careful, which wants
// email addresses verified.
type cloud struct {
	*facetest.Bench
	domain *cdc.CDC
}

func start(t *testing.T) *cloud {
	t.Helper()
	bench, domain := facetest.Start(t, cdc.Declare, gigya.New, fill)
	return &cloud{bench, domain}
}

func fill(tx *sandbox.Tx, d *cdc.CDC) error {
	d.AddSite(tx, cdc.Site{APIKey: "somsim", UserKey: "somsim", Secret: "c29tc2lt"})
	d.AddSite(tx, cdc.Site{APIKey: "careful", UserKey: "somsim", Secret: "c29tc2lt", Verify: true})
	a, err := d.AddAccount(tx, cdc.NewAccount{
		UID: "uid-ada", Email: "ada@somsim.test", Password: "somsim", Profile: cdc.Document{"firstName": `"Ada"`}, Data: cdc.Document{"tier": `"gold"`, "visits": "3"},
	})
	if err != nil {
		return err
	}
	return d.Complete(tx, a.UID)
}

type form map[string]string

func (s *cloud) send(method string, f form, header ...string) *httptest.ResponseRecorder {
	s.T.Helper()
	values := url.Values{"apiKey": {"somsim"}}
	for name, value := range f {
		values.Set(name, value)
	}
	r := httptest.NewRequestWithContext(s.T.Context(), http.MethodPost, "/accounts."+method, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return s.Serve(r)
}

// call sends a method and reads its answer, whose HTTP status has to be 200.
func (s *cloud) call(method string, f form, header ...string) map[string]any {
	s.T.Helper()
	w := s.send(method, f, header...)
	got := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		s.T.Fatalf("%d %s", w.Code, w.Body)
	}
	return got
}

// fails checks the outcome of a call.
func (s *cloud) fails(got map[string]any, code cdc.Code, rule string) {
	s.T.Helper()
	if got["errorCode"] != float64(code) || got["statusCode"] != float64(int(code)/1000) || got["errorMessage"] == "" || s.Last().Rule != rule {
		s.T.Errorf("want %d by %q, got %v by %q", code, rule, got, s.Last().Rule)
	}
}

func (s *cloud) login() (session string) {
	s.T.Helper()
	info, _ := s.call("login", form{"loginID": "ada@somsim.test", "password": "somsim"})["sessionInfo"].(map[string]any)
	session, _ = info["cookieValue"].(string)
	if session == "" {
		s.T.Fatal("no session")
	}
	return session
}

func server(f form) form {
	out := form{"userKey": "somsim", "secret": "c29tc2lt"}
	for name, value := range f {
		out[name] = value
	}
	return out
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.call("login", form{"loginID": "ADA@somsim.test", "password": "somsim", "include": "profile,data,emails,loginIDs", "targetEnv": "mobile"})
	mac := hmac.New(sha1.New, []byte("somsim"))
	mac.Write([]byte(got["signatureTimestamp"].(string) + "_uid-ada"))
	if got["UIDSignature"] != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Error("the signature of the UID is not the vendor's")
	}
	info, _ := got["sessionInfo"].(map[string]any)
	if info["sessionToken"] == "" || info["sessionSecret"] == "" || info["cookieName"] != nil {
		t.Errorf("%v", info)
	}
	for _, varies := range []string{"callId", "UIDSignature", "sessionInfo"} {
		delete(got, varies)
	}
	const now, ms = "2026-06-01T08:00:00.000Z", 1780300800000.0
	want := map[string]any{
		"apiVersion": 2.0, "errorCode": 0.0, "statusCode": 200.0, "statusReason": "OK", "time": now, "UID": "uid-ada", "signatureTimestamp": "1780300800",
		"created": now, "createdTimestamp": ms, "lastLogin": now, "lastLoginTimestamp": ms, "lastUpdated": now, "lastUpdatedTimestamp": ms,
		"registered": now, "isActive": true, "isRegistered": true, "isVerified": false, "loginProvider": "site",
		"profile": map[string]any{"firstName": "Ada", "email": "ada@somsim.test"}, "data": map[string]any{"tier": "gold", "visits": 3.0},
		"emails":   map[string]any{"verified": []any{}, "unverified": []any{"ada@somsim.test"}},
		"loginIDs": map[string]any{"emails": []any{}, "unverifiedEmails": []any{"ada@somsim.test"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, method string
		form         form
		code         cdc.Code
		rule         string
	}{
		{"no site", "login", form{"apiKey": ""}, cdc.MissingParameter, "cdc.site.key-given"},
		{"a site that is none", "login", form{"apiKey": "x"}, cdc.InvalidAPIKey, "cdc.site.key"},
		{"a wrong secret", "getAccountInfo", form{"UID": "uid-ada", "secret": "x"}, cdc.UnauthorizedUser, "cdc.auth.secret"},
		{"a wrong user key", "getAccountInfo", server(form{"UID": "uid-ada", "userKey": "x"}), cdc.UnauthorizedUser, "cdc.auth.secret"},
		{"a UID from a browser", "getAccountInfo", form{"UID": "uid-ada"}, cdc.UnauthorizedUser, "cdc.auth.caller"},
		{"no session", "getAccountInfo", form{}, cdc.UnauthorizedUser, "cdc.auth.caller"},
		{"a UID that is none", "getAccountInfo", server(form{"UID": "x"}), cdc.UnknownUser, "cdc.account.known"},
		{"no password", "login", form{"loginID": "ada@somsim.test"}, cdc.MissingParameter, "cdc.request.required"},
		{"an unknown login", "login", form{"loginID": "x", "password": "somsim"}, cdc.InvalidLogin, "cdc.login.password"},
		{"a session that is no number", "login", form{"loginID": "x", "password": "y", "sessionExpiration": "soon"}, cdc.InvalidParameter, "cdc.request.parameter"},
		{"a profile that is no JSON", "setAccountInfo", server(form{"UID": "uid-ada", "profile": "x"}), cdc.InvalidParameter, "cdc.request.parameter"},
		{"a flag that is none", "setAccountInfo", server(form{"UID": "uid-ada", "isActive": "maybe"}), cdc.InvalidParameter, "cdc.request.parameter"},
		{"a short password", "setAccountInfo", server(form{"UID": "uid-ada", "newPassword": "x"}), cdc.ValidationError, "cdc.account.password"},
		{"a registration of nothing", "register", form{"regToken": "x", "password": "somsim", "email": "b@x"}, cdc.InvalidParameter, "cdc.registration.token"},
		{"a registration without a token", "finalizeRegistration", form{}, cdc.MissingParameter, "cdc.request.required"},
		{"a JWT that lives for ever", "getJWT", server(form{"targetUID": "uid-ada", "expiration": "90000"}), cdc.InvalidParameter, "cdc.request.parameter"},
		{"a sandbox that is none", "login", form{"apiKey": "somsim~nowhere"}, cdc.InvalidAPIKey, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.fails(s.call(tc.method, tc.form), tc.code, tc.rule)
		})
	}
	s := start(t)
	if w := s.send("login", form{"apiKey": "x", "httpStatusCodes": "true"}); w.Code != http.StatusBadRequest {
		t.Errorf("HTTP statuses were wanted: %d", w.Code)
	}
	s.fails(s.call("nothing", nil), cdc.NotFound, "")
}

func TestFiveWrongPasswordsLockAnAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	try := func(password string) map[string]any {
		return s.call("login", form{"loginID": "ada@somsim.test", "password": password})
	}
	for range 4 {
		s.fails(try("wrong"), cdc.InvalidLogin, "")
	}
	s.login() // which forgives
	for range 5 {
		s.fails(try("wrong"), cdc.InvalidLogin, "")
	}
	s.fails(try("somsim"), cdc.LockedOut, "cdc.login.lock")
	if _, err := s.World.Advance(t.Context(), 5*time.Minute); err != nil {
		t.Fatal(err)
	}
	s.login()
}

func TestASessionIsItsAccountsUntilItEnds(t *testing.T) {
	t.Parallel()
	s := start(t)
	one, two := s.login(), s.login()
	if got := s.call("getAccountInfo", form{"login_token": one}); got["UID"] != "uid-ada" {
		t.Errorf("%v", got)
	}
	if got := s.call("getAccountInfo", nil, "Cookie", "glt_somsim="+two); got["UID"] != "uid-ada" {
		t.Errorf("%v", got)
	}
	if got := s.call("logout", form{"login_token": one}); got["errorCode"] != 0.0 {
		t.Errorf("%v", got)
	}
	s.fails(s.call("getAccountInfo", form{"login_token": two}), cdc.UnauthorizedUser, "cdc.auth.caller")
	three := s.login()
	if _, err := s.World.Advance(t.Context(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	s.fails(s.call("getAccountInfo", form{"login_token": three}), cdc.UnauthorizedUser, "cdc.auth.caller")
}

func TestAnAccountIsChanged(t *testing.T) {
	t.Parallel()
	s := start(t)
	session := s.login()
	if got := s.call("setAccountInfo", form{"login_token": session, "profile": `{"firstName":"Augusta","zip":"10115"}`, "data": `{"tier":null,"vip":true}`}); got["errorCode"] != 0.0 {
		t.Fatalf("%v", got)
	}
	got := s.call("getAccountInfo", server(form{"UID": "uid-ada"}))
	if diff := cmp.Diff(map[string]any{"firstName": "Augusta", "zip": "10115", "email": "ada@somsim.test"}, got["profile"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"vip": true, "visits": 3.0}, got["data"]); diff != "" {
		t.Error(diff)
	}
	s.fails(s.call("setAccountInfo", form{"login_token": session, "isVerified": "true"}), cdc.PermissionDenied, "cdc.account.server")
	s.fails(s.call("setAccountInfo", form{"login_token": session, "newPassword": "longer", "password": "wrong"}), cdc.InvalidLogin, "cdc.login.password")
	s.call("setAccountInfo", form{"login_token": session, "newPassword": "longer", "password": "somsim"})
	s.fails(s.call("login", form{"loginID": "ada@somsim.test", "password": "somsim"}), cdc.InvalidLogin, "")
	s.call("setAccountInfo", server(form{"UID": "uid-ada", "isActive": "false"}))
	s.fails(s.call("login", form{"loginID": "ada@somsim.test", "password": "longer"}), cdc.AccountDisabled, "cdc.account.active")
	s.fails(s.call("verifyLogin", server(form{"UID": "uid-ada"})), cdc.AccountDisabled, "cdc.account.active")
}

func TestARegistrationGoesThroughItsStates(t *testing.T) {
	t.Parallel()
	s := start(t)
	begin := func(site string) string {
		token, _ := s.call("initRegistration", form{"apiKey": site})["regToken"].(string)
		return token
	}
	token := begin("careful")
	asked := form{"apiKey": "careful", "regToken": token, "email": "bob@somsim.test", "password": "somsim", "profile": `{"firstName":"Bob"}`}
	pending := s.call("register", asked)
	s.fails(pending, cdc.PendingRegistration, "")
	s.fails(s.call("register", asked), cdc.InvalidParameter, "cdc.registration.token")
	again := s.call("login", form{"apiKey": "careful", "loginID": "bob@somsim.test", "password": "somsim"})
	s.fails(again, cdc.PendingRegistration, "cdc.registration.final")
	if again["regToken"] != pending["regToken"] || pending["UID"] == nil {
		t.Errorf("%v %v", again, pending)
	}
	next := form{"apiKey": "careful", "regToken": pending["regToken"].(string)}
	if got := s.call("setAccountInfo", form{"apiKey": "careful", "regToken": pending["regToken"].(string), "data": `{"terms":true}`}); got["errorCode"] != 0.0 {
		t.Errorf("%v", got)
	}
	s.fails(s.call("finalizeRegistration", next), cdc.PendingVerification, "")
	s.fails(s.call("login", form{"apiKey": "careful", "loginID": "bob@somsim.test", "password": "somsim"}), cdc.PendingVerification, "cdc.registration.verified")
	s.call("setAccountInfo", server(form{"apiKey": "careful", "UID": pending["UID"].(string), "isVerified": "true"}))
	done := s.call("finalizeRegistration", next)
	if done["errorCode"] != 0.0 || done["newUser"] != true || done["isVerified"] != true || done["sessionInfo"] == nil {
		t.Errorf("%v", done)
	}
	at := s.call("register", form{"regToken": begin("somsim"), "email": "eve@somsim.test", "password": "somsim", "finalizeRegistration": "true"})
	if at["errorCode"] != 0.0 || at["isRegistered"] != true {
		t.Errorf("%v", at)
	}
	s.fails(s.call("register", form{"regToken": begin("somsim"), "profile": `{"email":"EVE@somsim.test"}`, "password": "somsim"}), cdc.LoginIDExists, "cdc.account.login-free")
	s.fails(s.call("register", form{"regToken": begin("somsim"), "password": "somsim"}), cdc.MissingParameter, "cdc.account.login")
	late := begin("somsim")
	if _, err := s.World.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	s.fails(s.call("register", form{"regToken": late, "email": "x@y", "password": "somsim"}), cdc.InvalidParameter, "cdc.registration.token")
}

func TestAJWTVouchesForAnAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	token, _ := s.call("getJWT", server(form{"targetUID": "uid-ada", "fields": "profile.firstName,email,data.tier,none", "audience": "shop"}))["id_token"].(string)
	keys, _ := s.call("getJWTPublicKey", form{"V2": "true"})["keys"].([]any)
	if len(keys) != 1 {
		t.Fatal(keys)
	}
	key, _ := keys[0].(map[string]any)
	if alone := s.call("getJWTPublicKey", nil); alone["n"] != key["n"] || alone["keys"] != nil {
		t.Errorf("%v", alone)
	}
	number := func(name string) *big.Int {
		b, err := base64.RawURLEncoding.DecodeString(key[name].(string))
		if err != nil {
			t.Fatal(err)
		}
		return new(big.Int).SetBytes(b)
	}
	claims := jwt.MapClaims{}
	parsed, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) {
		return &rsa.PublicKey{N: number("n"), E: int(number("e").Int64())}, nil
	}, jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(facetest.Monday))
	if err != nil || parsed.Header["kid"] != key["kid"] {
		t.Fatal(err, parsed.Header)
	}
	now := float64(facetest.Monday().Unix())
	want := jwt.MapClaims{
		"iss": "https://fidm.gigya.com/jwt/somsim/", "apiKey": "somsim", "sub": "uid-ada", "iat": now, "exp": now + 300, "aud": "shop",
		"firstName": "Ada", "email": "ada@somsim.test", "tier": "gold",
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Error(diff)
	}
	if own, _ := s.call("getJWT", form{"login_token": s.login(), "expiration": "60"})["id_token"].(string); own == "" {
		t.Error("a session got none")
	}
}

func TestASandboxIsNamedByTheKeyOfTheSite(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.call("setAccountInfo", server(form{"apiKey": "somsim~other", "UID": "uid-ada", "isActive": "false"}))
	s.login()
	s.call("login", form{"apiKey": "somsim~other", "loginID": "ada@somsim.test", "password": "somsim"})
	if got := s.call("login", form{"apiKey": "somsim~other", "loginID": "ada@somsim.test", "password": "somsim"}); got["errorCode"] != float64(cdc.AccountDisabled) {
		t.Errorf("%v", got)
	}
}
