package slas_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/b2c/slas"
	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
)

const (
	base     = "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2"
	shop     = "/s/RefArch/dw/shop/v23_2"
	client   = b2c.DefaultClientID
	callback = "http://localhost:3000/callback"
	verifier = "a-verifier-of-more-than-forty-three-characters-in-all"
)

// service is SLAS and OCAPI over two equal sandboxes with the customers ada and bob, the client of all presets, which is
// public or private as it likes, and the client strict, whose one redirect address is registered.
type service struct {
	*facetest.Bench
	domain *b2c.B2C
}

func start(t *testing.T) *service {
	t.Helper()
	bench, domain := facetest.Start(t, b2c.Declare, slas.New, fill, ocapi.New, ocapi.NewCustomers, ocapi.NewBaskets)
	return &service{bench, domain}
}

const strict = "ssssssssssssssssssssssssssssss"

func fill(tx *sandbox.Tx, d *b2c.B2C) error {
	d.AddClient(tx, b2c.APIClient{ID: client, Secret: "somsim"})
	d.AddClient(tx, b2c.APIClient{ID: strict, RedirectURIs: []string{callback}, Scopes: []string{"sfcc.shopper-baskets-orders"}})
	for _, id := range []string{"RefArch", "Outlet"} {
		if err := d.AddSite(tx, b2c.Site{ID: id, Currency: "EUR", TimeZone: "UTC"}); err != nil {
			return err
		}
	}
	for _, name := range []string{"ada", "bob"} {
		_, err := d.AddCustomer(tx, b2c.NewCustomer{
			CustomerID: name, Email: name + "@somsim.test", Password: "somsim", FirstName: name, LastName: "X",
			ExternalProvider: "gigya", ExternalID: "uid-" + name,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// form are the parameters of a call; those with an empty value are left out.
type form map[string]string

func (f form) encode() string {
	values := url.Values{}
	for name, value := range f {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}

// with is the form with other values.
func (f form) with(over form) form {
	out := maps.Clone(f)
	maps.Copy(out, over)
	return out
}

func (s *service) get(path string, f form, header ...string) *httptest.ResponseRecorder {
	return s.request(http.MethodGet, base+path+"?"+f.encode(), "", header...)
}

func (s *service) post(path string, f form, header ...string) *httptest.ResponseRecorder {
	return s.request(http.MethodPost, base+path, f.encode(), append(header, "Content-Type", "application/x-www-form-urlencoded")...)
}

func (s *service) request(method, path, body string, header ...string) *httptest.ResponseRecorder {
	s.T.Helper()
	r := httptest.NewRequestWithContext(s.T.Context(), method, path, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return s.Serve(r)
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// refused checks a refusal: status, error and rule.
func (s *service) refused(w *httptest.ResponseRecorder, status int, code, rule string) {
	s.T.Helper()
	var got struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	err := json.Unmarshal(w.Body.Bytes(), &got)
	if e := s.Last(); err != nil || w.Code != status || got.Error != code || got.Description == "" || e.Rule != rule {
		s.T.Errorf("want %d %s by %q, got %d %s by %q", status, code, rule, w.Code, w.Body, e.Rule)
	}
	if media := w.Header().Get("Content-Type"); media != "application/problem+json" {
		s.T.Errorf("the error is %s", media)
	}
}

type tokens struct {
	AccessToken    string `json:"access_token"`
	IDToken        string `json:"id_token"`
	RefreshToken   string `json:"refresh_token"`
	ExpiresIn      int    `json:"expires_in"`
	RefreshExpires int    `json:"refresh_token_expires_in"`
	USID           string `json:"usid"`
	CustomerID     string `json:"customer_id"`
	EncUserID      string `json:"enc_user_id"`
}

func (s *service) tokens(w *httptest.ResponseRecorder) tokens {
	s.T.Helper()
	var got tokens
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		s.T.Fatalf("%d %s", w.Code, w.Body)
	}
	return got
}

// code follows the redirect that a log-in answers with.
func (s *service) code(w *httptest.ResponseRecorder) (code, usid string) {
	s.T.Helper()
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther || !strings.HasPrefix(to.String(), callback+"?") {
		s.T.Fatalf("%d %s %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	return to.Query().Get("code"), to.Query().Get("usid")
}

func asking() form {
	return form{"response_type": "code", "client_id": client, "channel_id": "RefArch", "redirect_uri": callback, "code_challenge": challenge(), "hint": "guest"}
}

func exchanging(code string) form {
	return form{
		"grant_type": "authorization_code_pkce", "client_id": client, "channel_id": "RefArch", "code": code, "redirect_uri": callback,
		"code_verifier": verifier,
	}
}

func (s *service) guest(over form) tokens {
	s.T.Helper()
	code, _ := s.code(s.get("/authorize", asking().with(over)))
	return s.tokens(s.post("/token", exchanging(code)))
}

func (s *service) login(name, usid string) tokens {
	s.T.Helper()
	f := asking().with(form{"usid": usid, "hint": "", "response_type": ""})
	code, _ := s.code(s.post("/login", f, "Authorization", basic(name+"@somsim.test", "somsim")))
	return s.tokens(s.post("/token", exchanging(code)))
}

func claims(t *testing.T, token string) map[string]any {
	t.Helper()
	out := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAGuestLogsIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.guest(nil)
	want := tokens{
		AccessToken: got.AccessToken, IDToken: got.IDToken, RefreshToken: got.RefreshToken, USID: got.USID, CustomerID: got.CustomerID,
		EncUserID: got.EncUserID, ExpiresIn: 1800, RefreshExpires: 30 * 24 * 3600,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !regexp.MustCompile(`^[0-9A-F]{32}$`).MatchString(got.EncUserID) || got.RefreshToken == "" || len(got.CustomerID) != 26 {
		t.Errorf("%+v", got)
	}
	c := claims(t, got.AccessToken)
	delete(c, "jti")
	delete(c, "somsim_grant")
	now := float64(facetest.Monday().Unix())
	wanted := map[string]any{
		"iss": "slas/prod/zzte_053", "aud": []any{"commercecloud/prod/zzte_053"}, "sub": "cc-slas::zzte_053::scid:" + client + "::usid:" + got.USID,
		"isb": "uido:slas::upn:Guest::uidn:Guest::gcid:" + got.CustomerID + "::chid:RefArch", "aut": "GUID", "ctx": "slas", "sty": "User",
		"ist": 1.0, "dnt": "0", "iat": now, "nbf": now - 30, "exp": now + 1800, "scp": strings.Join(b2c.ShopperScopes(), " "),
	}
	if diff := cmp.Diff(wanted, c); diff != "" {
		t.Error(diff)
	}
}

func TestARegisteredShopperLogsInWithTheVisitOfTheGuest(t *testing.T) {
	t.Parallel()
	s := start(t)
	guest := s.guest(nil)
	ada := s.login("ada", guest.USID)
	if ada.USID != guest.USID || ada.CustomerID != "ada" || ada.RefreshExpires != 90*24*3600 {
		t.Errorf("%+v", ada)
	}
	want := "uido:ecom::upn:ada@somsim.test::uidn:ada X::gcid:" + guest.CustomerID + "::rcid:ada::chid:RefArch"
	if got := claims(t, ada.AccessToken)["isb"]; got != want {
		t.Errorf("%v, want %s", got, want)
	}
	if again := s.guest(form{"usid": guest.USID}); again.CustomerID != guest.CustomerID {
		t.Error("the same usid is another guest")
	}
}

func TestTheSameRequestsGiveTheSameTokensThatThePublishedKeyVerifies(t *testing.T) {
	t.Parallel()
	s := start(t)
	one := s.login("ada", "")
	if two := start(t).login("ada", ""); one != two {
		t.Error("equal runs differ")
	}
	var set struct {
		Keys []struct{ Kid, X, Y string }
	}
	if err := json.Unmarshal(s.get("/jwks", nil).Body.Bytes(), &set); err != nil || len(set.Keys) != 1 {
		t.Fatal(err, set)
	}
	point := []byte{4}
	for _, text := range []string{set.Keys[0].X, set.Keys[0].Y} {
		half, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		point = append(point, half...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{one.AccessToken, one.IDToken} {
		_, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"ES256"}), jwt.WithTimeFunc(facetest.Monday))
		if err != nil {
			t.Error(err)
		}
	}
	var found struct {
		Keys   string `json:"jwks_uri"`
		Issuer string
	}
	if err := json.Unmarshal(s.get("/.well-known/openid-configuration", nil).Body.Bytes(), &found); err != nil || found.Keys != "http://example.com"+base+"/jwks" {
		t.Error(err, found)
	}
}

func TestAPublicClientsRefreshTokenWorksOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	first := s.login("ada", "")
	ask := func(token string) *httptest.ResponseRecorder {
		return s.post("/token", form{"grant_type": "refresh_token", "refresh_token": token, "client_id": client, "channel_id": "RefArch"})
	}
	second := s.tokens(ask(first.RefreshToken))
	if second.RefreshToken == first.RefreshToken || second.USID != first.USID || second.CustomerID != "ada" {
		t.Errorf("%+v", second)
	}
	s.refused(ask(first.RefreshToken), 400, "invalid_grant", "b2c.slas.refresh-once")
	s.tokens(ask(second.RefreshToken))
	s.refused(ask("nonsense"), 400, "invalid_grant", "b2c.slas.refresh-known")
	s.refused(s.post("/token", form{"grant_type": "refresh_token", "refresh_token": second.RefreshToken, "channel_id": "RefArch"}, "Authorization", basic(client, "wrong")),
		401, "invalid_client", "b2c.client.secret")
}

func TestAPrivateClientsRefreshTokenWorksUntilItsLifeEnds(t *testing.T) {
	t.Parallel()
	s := start(t)
	ask := func(f form) *httptest.ResponseRecorder {
		return s.post("/token", f.with(form{"channel_id": "RefArch"}), "Authorization", basic(client, "somsim"))
	}
	guest := s.tokens(ask(form{"grant_type": "client_credentials"}))
	for range 2 {
		if again := s.tokens(ask(form{"grant_type": "refresh_token", "refresh_token": guest.RefreshToken})); again.RefreshToken != guest.RefreshToken {
			t.Error("it was rotated")
		}
	}
	if _, err := s.World.Advance(t.Context(), 30*24*time.Hour-time.Second); err != nil {
		t.Fatal(err)
	}
	s.tokens(ask(form{"grant_type": "refresh_token", "refresh_token": guest.RefreshToken}))
	if _, err := s.World.Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	s.refused(ask(form{"grant_type": "refresh_token", "refresh_token": guest.RefreshToken}), 400, "invalid_grant", "b2c.slas.refresh-lifetime")
	s.refused(s.post("/token", form{"grant_type": "client_credentials", "client_id": client, "channel_id": "RefArch"}), 401, "invalid_client", "b2c.client.secret")
}

func TestACodeIsRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		over   form
		status int
		code   string
		rule   string
	}{
		{"that is none", form{"code": "none"}, 400, "invalid_grant", "b2c.slas.code"},
		{"with another verifier", form{"code_verifier": strings.Repeat("x", 50)}, 400, "invalid_grant", "b2c.slas.pkce"},
		{"without a verifier", form{"code_verifier": ""}, 400, "invalid_grant", "b2c.slas.pkce"},
		{"for another address", form{"redirect_uri": "http://localhost/other"}, 400, "invalid_grant", "b2c.slas.code-redirect"},
		{"for another client", form{"client_id": strict}, 400, "invalid_grant", "b2c.slas.code"},
		{"for another channel", form{"channel_id": "Outlet"}, 400, "invalid_grant", "b2c.slas.code"},
		{"for another visit", form{"usid": "other"}, 400, "invalid_grant", "b2c.slas.code"},
		{"without a channel", form{"channel_id": ""}, 400, "invalid_request", "b2c.slas.channel"},
		{"without a client", form{"client_id": ""}, 400, "invalid_request", "b2c.slas.client"},
		{"for an unknown client", form{"client_id": "nobody"}, 400, "invalid_request", "b2c.slas.client"},
		{"by a grant that is none", form{"grant_type": "password"}, 400, "invalid_request", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			code, _ := s.code(s.get("/authorize", asking()))
			s.refused(s.post("/token", exchanging(code).with(tc.over)), tc.status, tc.code, tc.rule)
			s.tokens(s.post("/token", exchanging(code))) // the refusal has not spent it
			s.refused(s.post("/token", exchanging(code)), 400, "invalid_grant", "b2c.slas.code")
		})
	}
}

func TestACodeLivesFiveMinutes(t *testing.T) {
	t.Parallel()
	s := start(t)
	code, _ := s.code(s.get("/authorize", asking()))
	if _, err := s.World.Advance(t.Context(), 5*time.Minute); err != nil {
		t.Fatal(err)
	}
	s.refused(s.post("/token", exchanging(code)), 400, "invalid_grant", "b2c.slas.code")
}

func TestAnAuthorizationIsRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, rule string
		over       form
	}{
		{"to an address that is none", "b2c.slas.redirect", form{"redirect_uri": "callback"}},
		{"to an address that is not the client's", "b2c.slas.redirect", form{"client_id": strict, "redirect_uri": callback + "/else"}},
		{"with a short challenge", "b2c.slas.challenge", form{"code_challenge": "short"}},
		{"for a site that is none", "b2c.slas.channel", form{"channel_id": "Nowhere"}},
		{"by a hint that is not simulated", "b2c.slas.hint", form{"hint": "okta"}},
		{"for another response", "", form{"response_type": "token"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.refused(s.get("/authorize", asking().with(tc.over)), 400, "invalid_request", tc.rule)
		})
	}
	s := start(t)
	s.refused(s.request(http.MethodGet, strings.Replace(base, "053", "001", 1)+"/authorize?"+asking().encode(), ""), 400, "invalid_request", "b2c.slas.organization")
}

func TestALogInIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	f := asking()
	s.refused(s.post("/login", f, "Authorization", basic("ada@somsim.test", "wrong")), 401, "invalid_client", "b2c.customer.credentials")
	s.refused(s.post("/login", f, "Authorization", basic("eve@somsim.test", "somsim")), 401, "invalid_client", "b2c.customer.credentials")
	s.refused(s.post("/login", f), 401, "invalid_client", "b2c.authorization.given")
}
