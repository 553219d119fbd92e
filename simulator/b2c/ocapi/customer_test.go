package ocapi_test

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// cookies are the cookies of an answer by their names, cut at a dash that tells sites apart.
func cookies(w *httptest.ResponseRecorder) map[string]*http.Cookie {
	found := map[string]*http.Cookie{}
	for _, c := range w.Result().Cookies() {
		name, _, _ := strings.Cut(c.Name, "_")
		found[name] = c
	}
	return found
}

// session opens a storefront session for a token and returns the header Cookie of its next calls.
func (s *shop) session(header ...string) string {
	s.T.Helper()
	w := s.send(http.MethodPost, base+"/sessions", "", header...)
	if w.Code != http.StatusNoContent || w.Body.Len() != 0 {
		s.T.Fatalf("%d %s", w.Code, w.Body)
	}
	jar := cookies(w)
	return jar["dwsid"].Name + "=" + jar["dwsid"].Value + "; " + jar["dwsecuretoken"].Name + "=" + jar["dwsecuretoken"].Value
}

func TestASessionIsBridgedFromATokenAndBack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ada", ""} {
		s := open(t)
		header := s.login(name)
		cookie := s.session(header...)
		again := s.session(header...)
		if cookie == again {
			t.Error("two calls gave the same session")
		}
		for _, c := range []string{cookie, again} {
			w := s.send(http.MethodPost, auth, `{"type":"session"}`, "x-dw-client-id", client, "Cookie", c)
			s.document(w)
			equal(t, claimsOf(t, header[3])["sub"], claimsOf(t, w.Header().Get("Authorization"))["sub"])
		}
	}
}

func TestASessionNeedsItsSecureTokenAndEnds(t *testing.T) {
	t.Parallel()
	s := open(t)
	cookie := s.session(s.login("ada")...)
	alone, _, _ := strings.Cut(cookie, ";")
	ask := func(cookie string) *httptest.ResponseRecorder {
		return s.send(http.MethodPost, auth, `{"type":"session"}`, "x-dw-client-id", client, "Cookie", cookie)
	}
	s.refused(ask(alone), 401, "InvalidSecureTokenException", "b2c.session.secure-token")
	s.refused(ask(alone+"; dwsecuretoken_x=wrong"), 401, "InvalidSecureTokenException", "b2c.session.secure-token")
	s.refused(ask("dwsid=none"), 401, "AuthenticationFailedException", "b2c.session.known")
	if _, err := s.World.Advance(t.Context(), 29*time.Minute); err != nil {
		t.Fatal(err)
	}
	s.document(ask(cookie)) // which keeps it alive
	if _, err := s.World.Advance(t.Context(), 29*time.Minute); err != nil {
		t.Fatal(err)
	}
	s.document(ask(cookie))
	if _, err := s.World.Advance(t.Context(), 31*time.Minute); err != nil {
		t.Fatal(err)
	}
	s.refused(ask(cookie), 401, "AuthenticationFailedException", "b2c.session.known")
}

func TestATokenThatWasGivenBackIsNoLongerGood(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.login("ada")
	if w := s.send(http.MethodDelete, auth, "", ada...); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.refused(s.send(http.MethodGet, order, "", ada...), 401, "InvalidAccessTokenException", "b2c.token.issued")
	s.refused(s.send(http.MethodPost, auth, `{"type":"refresh"}`, ada...), 401, "InvalidAccessTokenException", "b2c.token.issued")
	s.refused(s.send(http.MethodDelete, auth, "", s.system()...), 403, "AccessWithoutUserForbiddenException", "b2c.token.shopper")
}

func TestATrustedSystemGetsTheTokenOfACustomer(t *testing.T) {
	t.Parallel()
	s := open(t)
	const path = base + "/customers/auth/trustedsystem"
	w := s.send(http.MethodPost, path, `{"login":"ada@somsim.test","client_id":"`+client+`"}`, s.system()...)
	equal(t, any("ada"), s.document(w)["customer_id"])
	s.document(s.send(http.MethodGet, order, "", "x-dw-client-id", client, "Authorization", w.Header().Get("Authorization")))

	s.refused(s.send(http.MethodPost, path, `{"login":"eve","client_id":"`+client+`"}`, s.system()...), 401, "AuthenticationFailedException", "b2c.customer.credentials")
	s.refused(s.send(http.MethodPost, path, `{"login":"ada@somsim.test","client_id":"nobody"}`, s.system()...), 401, "UnknownClientIdException", "b2c.client.known")
	s.refused(s.send(http.MethodPost, path, `{"login":"ada@somsim.test"}`, s.system()...), 400, "PropertyConstraintViolationException", "")
	s.refused(s.send(http.MethodPost, path, `{"login":"ada@somsim.test","client_id":"x"}`, s.login("ada")...), 401, "InvalidAccessTokenException", "b2c.token.issued")
	s.refused(s.send(http.MethodPost, path, `{"login":"ada@somsim.test","client_id":"x"}`), 401, "AuthorizationHeaderMissingException", "b2c.authorization.given")
}

func TestThePublishedKeyVerifiesTokens(t *testing.T) {
	t.Parallel()
	s := open(t)
	var set struct {
		Keys []struct{ Kid, N, E string }
	}
	if err := json.Unmarshal(s.send(http.MethodGet, "/dw/oauth2/jwks", "").Body.Bytes(), &set); err != nil || len(set.Keys) != 1 {
		t.Fatal(err, set)
	}
	number := func(text string) *big.Int {
		b, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return new(big.Int).SetBytes(b)
	}
	key := &rsa.PublicKey{N: number(set.Keys[0].N), E: int(number(set.Keys[0].E).Int64())}
	token := strings.TrimPrefix(s.login("ada")[3], "Bearer ")
	_, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(func() time.Time {
		return s.World.Now()
	}))
	if err != nil {
		t.Error(err)
	}
}

const registration = `{"password":"correct horse","customer":{"login":"eve","email":"eve@somsim.test","last_name":"Adams","c_tier":"gold"}}`

func TestAGuestRegistersAndLogsIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	guest := s.login("")
	doc := s.document(s.send(http.MethodPost, base+"/customers", registration, guest...))
	if doc["auth_type"] != "registered" || doc["last_name"] != "Adams" || doc["c_tier"] != "gold" || doc["customer_no"] == "" {
		t.Errorf("%v", doc)
	}
	s.document(s.send(http.MethodPost, auth, `{"type":"credentials"}`, "x-dw-client-id", client, "Authorization", basic(t, "EVE", "correct horse")))
	s.refused(s.send(http.MethodPost, base+"/customers", registration, guest...), 400, "LoginAlreadyInUseException", "b2c.customer.login-free")
	s.refused(s.send(http.MethodPost, base+"/customers", strings.Replace(registration, "correct horse", "short", 1), guest...), 400, "LoginAlreadyInUseException", "b2c.customer.login-free")
	other := strings.NewReplacer("correct horse", "short", `"eve"`, `"fay"`).Replace(registration)
	s.refused(s.send(http.MethodPost, base+"/customers", other, guest...), 400, "InvalidPasswordException", "b2c.customer.password")
	s.refused(s.send(http.MethodPost, base+"/customers", strings.Replace(registration, "c_tier", "tier", 1), guest...), 400, "UnknownPropertyException", "b2c.customer.known-properties")
	s.refused(s.send(http.MethodPost, base+"/customers", `{"password":"correct horse","customer":{"login":"x"}}`, guest...), 400, "PropertyConstraintViolationException", "")
}

func TestACustomerReadsAndChangesTheOwnProfileOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.login("ada")
	const own = base + "/customers/ada"
	equal(t, any("ada"), s.document(s.send(http.MethodGet, own, "", ada...))["customer_id"])
	doc := s.document(s.send(http.MethodPatch, own, `{"first_name":"Augusta","birthday":"1815-12-10","c_tier":"gold","customer_no":"x"}`, ada...))
	if doc["first_name"] != "Augusta" || doc["birthday"] != "1815-12-10" || doc["c_tier"] != "gold" || doc["customer_no"] != "no-ada" {
		t.Errorf("%v", doc)
	}
	equal(t, doc, s.document(s.send(http.MethodGet, own, "", s.system()...)))
	s.refused(s.send(http.MethodGet, base+"/customers/bob", "", ada...), 404, "CustomerNotFoundException", "b2c.customer.own")
	s.refused(s.send(http.MethodPatch, base+"/customers/bob", `{"first_name":"x"}`, ada...), 404, "CustomerNotFoundException", "b2c.customer.own")
	s.refused(s.send(http.MethodPatch, own, `{"login":"bob@somsim.test"}`, ada...), 400, "LoginAlreadyInUseException", "b2c.customer.login-free")
	s.refused(s.send(http.MethodPatch, own, `{"birthday":"yesterday"}`, ada...), 400, "TypeDecodingException", "")
}

func TestAPasswordIsReplacedByWhoKnowsIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.login("ada")
	const path = base + "/customers/ada/password"
	s.refused(s.send(http.MethodPut, path, `{"current_password":"x","password":"long enough"}`, ada...), 400, "InvalidPasswordException", "b2c.customer.password-known")
	s.refused(s.send(http.MethodPut, path, `{"current_password":"somsim","password":"short"}`, ada...), 400, "InvalidPasswordException", "b2c.customer.password")
	if w := s.send(http.MethodPut, path, `{"current_password":"somsim","password":"long enough"}`, ada...); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.refused(s.send(http.MethodPost, auth, `{"type":"credentials"}`, "x-dw-client-id", client, "Authorization", basic(t, "ada@somsim.test", "somsim")), 401, "AuthenticationFailedException", "b2c.customer.credentials")
	s.document(s.send(http.MethodPost, auth, `{"type":"credentials"}`, "x-dw-client-id", client, "Authorization", basic(t, "ada@somsim.test", "long enough")))
}

func TestAnAddressBook(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.login("ada")
	const book = base + "/customers/ada/addresses"
	s.document(s.send(http.MethodPost, book, `{"address_id":"home","last_name":"X","country_code":"DE","preferred":true}`, ada...))
	doc := s.document(s.send(http.MethodPatch, book+"/home", `{"address_id":"flat","city":"Berlin"}`, ada...))
	if doc["address_id"] != "flat" || doc["city"] != "Berlin" || doc["preferred"] != true || doc["last_name"] != "X" {
		t.Errorf("%v", doc)
	}
	s.document(s.send(http.MethodPost, book, `{"address_id":"work","last_name":"X","country_code":"DE"}`, ada...))
	s.refused(s.send(http.MethodPost, book, `{"address_id":"work","last_name":"X","country_code":"DE"}`, ada...), 400, "CustomerAddressNameAlreadyInUseException", "b2c.customer.address-free")
	s.refused(s.send(http.MethodPatch, book+"/flat", `{"address_id":"work"}`, ada...), 400, "CustomerAddressNameAlreadyInUseException", "b2c.customer.address-free")
	s.refused(s.send(http.MethodGet, book+"/home", "", ada...), 404, "CustomerAddressNotFoundException", "b2c.customer.address")
	s.refused(s.send(http.MethodGet, base+"/customers/bob/addresses", "", ada...), 404, "CustomerNotFoundException", "b2c.customer.own")
	if w := s.send(http.MethodDelete, book+"/flat", "", ada...); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	equal(t, any(1.0), s.document(s.send(http.MethodGet, book, "", ada...))["total"])
}
