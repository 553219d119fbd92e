package ocapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
)

// office is the market with customers and the user of Business Manager.
func office(t *testing.T) *shop {
	t.Helper()
	fill := func(tx *sandbox.Tx, d *b2c.B2C) error {
		d.AddUser(tx, b2c.DefaultUser, "somsim")
		return stocked(tx, d)
	}
	bench, domain := facetest.Start(t, b2c.Declare, ocapi.New, fill, ocapi.NewBaskets, ocapi.NewCustomers)
	bench.Watch = answered.note
	return &shop{bench, domain}
}

const userGrant = "grant_type=urn%3Ademandware%3Aparams%3Aoauth%3Agrant-type%3Aclient-id%3Adwsid%3Adwsecuretoken"

func (s *shop) userToken(user, password, form string) *httptest.ResponseRecorder {
	s.T.Helper()
	return s.send(http.MethodPost, "/dw/oauth2/access_token?client_id="+client, form, "Content-Type", "application/x-www-form-urlencoded", "Authorization", basic(s.T, user, password))
}

// agent is the header of calls of the user.
func (s *shop) agent() []string {
	s.T.Helper()
	doc := s.document(s.userToken(b2c.DefaultUser, "somsim:somsim", userGrant))
	if doc["expires_in"] != 899.0 || doc["token_type"] != "Bearer" {
		s.T.Errorf("%v", doc)
	}
	return []string{"Authorization", "Bearer " + doc["access_token"].(string)}
}

func TestAUserOfBusinessManagerGetsATokenAndActsForShoppers(t *testing.T) {
	t.Parallel()
	s := office(t)
	agent := s.agent()
	w := s.send(http.MethodPost, base+"/customers/ada/auth", "", agent...)
	if doc := s.document(w); doc["customer_id"] != "ada" {
		t.Errorf("%v", doc)
	}
	ada := []string{"x-dw-client-id", client, "Authorization", w.Header().Get("Authorization")}
	if doc := s.document(s.send(http.MethodGet, base+"/customers/ada", "", ada...)); doc["login"] != "ada@somsim.test" {
		t.Errorf("%v", doc)
	}
	b := s.basket(agent)
	b.do(http.MethodPost, "/items", `[{"product_id":"mug","quantity":2}]`)
	doc := b.do(http.MethodPost, "/price_adjustments", `{"level":"order","discount":{"type":"amount","value":1}}`)
	if made := part(t, doc, "order_price_adjustments", 0)["created_by"]; made != b2c.DefaultUser {
		t.Errorf("the adjustment was made by %v", made)
	}
	s.refused(s.send(http.MethodPost, base+"/customers/none/auth", "", agent...), 404, "CustomerNotFoundException", "b2c.customer.own")
	s.refused(s.send(http.MethodPost, base+"/customers/ada/auth", "", s.system()...), 403, "AccessWithoutUserForbiddenException", "b2c.token.user")
	s.advance(900 * time.Second)
	s.refused(s.send(http.MethodPost, base+"/customers/ada/auth", "", agent...), 401, "ExpiredTokenException", "b2c.token.lifetime")
}

func TestAUsersTokenIsRefusedAsOAuthDoes(t *testing.T) {
	t.Parallel()
	s := office(t)
	for name, tc := range map[string]struct {
		user, password, form string
		status               int
		code, rule           string
	}{
		"a wrong password": {b2c.DefaultUser, "x:somsim", userGrant, 401, "invalid_client", "b2c.user.password"},
		"nobody":           {"eve@somsim.test", "somsim:somsim", userGrant, 401, "invalid_client", "b2c.user.password"},
		"a wrong secret":   {b2c.DefaultUser, "somsim:x", userGrant, 401, "invalid_client", "b2c.client.secret"},
		"no secret":        {b2c.DefaultUser, "somsim", userGrant, 401, "invalid_client", "b2c.client.secret"},
		"another grant":    {b2c.DefaultUser, "somsim:somsim", "grant_type=client_credentials", 400, "unsupported_grant_type", "b2c.client.grant"},
	} {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // one sandbox, whose last journal entry is looked at
			w := s.userToken(tc.user, tc.password, tc.form)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.code) || s.Last().Rule != tc.rule {
				t.Errorf("%d %s by %s", w.Code, w.Body, s.Last().Rule)
			}
		})
	}
}

func TestACustomerStoresPaymentsAndPaysByThem(t *testing.T) {
	t.Parallel()
	s := office(t)
	ada := s.login("ada")
	const book = base + "/customers/ada/payment_instruments"
	card := `{"payment_method_id":"CREDIT_CARD","default":true,"c_label":"mine","payment_card":{"card_type":"Visa","holder":"Ada","masked_number":"************1111","expiration_month":12,"expiration_year":2030}}`
	first := s.document(s.send(http.MethodPost, book, card, ada...))
	shown := first["payment_card"].(map[string]any)
	if shown["number_last_digits"] != "1111" || shown["masked_number"] != "************1111" || first["c_label"] != "mine" || first["default"] != true {
		t.Errorf("%v", first)
	}
	second := s.document(s.send(http.MethodPost, book, card, ada...))
	list := s.document(s.send(http.MethodGet, book, "", ada...))
	if list["total"] != 2.0 || part(t, list, "data", 0)["default"] != false || part(t, list, "data", 1)["default"] != true {
		t.Errorf("%v", list)
	}
	at := book + "/" + first["payment_instrument_id"].(string)
	changed := s.document(s.send(http.MethodPatch, at, `{"payment_card":{"card_type":"Visa","masked_number":"****2222"},"c_label":null}`, ada...))
	if changed["c_label"] != nil || changed["payment_card"].(map[string]any)["number_last_digits"] != "2222" {
		t.Errorf("%v", changed)
	}
	b := s.basket(ada)
	b.do(http.MethodPost, "/items", `[{"product_id":"mug","quantity":1}]`)
	paid := part(t, b.do(http.MethodPost, "/payment_instruments", `{"customer_payment_instrument_id":"`+first["payment_instrument_id"].(string)+`"}`), "payment_instruments", 0)
	if paid["payment_method_id"] != "CREDIT_CARD" || paid["payment_card"].(map[string]any)["number_last_digits"] != "2222" {
		t.Errorf("%v", paid)
	}
	w := s.send(http.MethodPost, baskets+"/"+b.id+"/payment_instruments", `{"customer_payment_instrument_id":"none"}`, ada...)
	s.refused(w, 404, "PaymentInstrumentNotFoundException", "b2c.customer.payment-known")
	if w := s.send(http.MethodDelete, at, "", ada...); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	s.refused(s.send(http.MethodGet, at, "", ada...), 404, "PaymentInstrumentNotFoundException", "b2c.customer.payment-known")
	s.refused(s.send(http.MethodDelete, at, "", ada...), 404, "PaymentInstrumentNotFoundException", "b2c.customer.payment-known")
	s.refused(s.send(http.MethodPost, book, `{"payment_method_id":"BEANS"}`, ada...), 400, "InvalidPaymentMethodIdException", "b2c.payment.method")
	s.refused(s.send(http.MethodGet, strings.Replace(book, "ada", "bob", 1), "", ada...), 404, "CustomerNotFoundException", "b2c.customer.own")
	if left := s.document(s.send(http.MethodGet, book+"/"+second["payment_instrument_id"].(string), "", ada...)); left["default"] != true {
		t.Errorf("%v", left)
	}
}

func TestAPasswordIsResetByATokenOnce(t *testing.T) {
	t.Parallel()
	s := office(t)
	guest := s.login("")
	const actions = base + "/customers/password/actions"
	ask := func(login string, header ...string) *httptest.ResponseRecorder {
		return s.send(http.MethodPost, actions+"/create_reset_token", `{"login":"`+login+`"}`, header...)
	}
	reset := func(login, token, password string) *httptest.ResponseRecorder {
		return s.send(http.MethodPost, actions+"/reset", `{"login":"`+login+`","reset_token":"`+token+`","new_password":"`+password+`"}`, guest...)
	}
	doc := s.document(ask("ada@somsim.test", s.system()...))
	token, _ := doc["reset_token"].(string)
	if doc["email"] != "ada@somsim.test" || doc["expires_in_minutes"] != 30.0 || token == "" {
		t.Fatalf("%v", doc)
	}
	s.refused(reset("bob@somsim.test", token, "new-password"), 400, "InvalidPasswordResetTokenException", "b2c.customer.reset-token")
	s.refused(reset("ada@somsim.test", token, "short"), 400, "InvalidPasswordException", "b2c.customer.password")
	if w := reset("ada@somsim.test", token, "new-password"); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.document(s.send(http.MethodPost, auth, `{"type":"credentials"}`, "x-dw-client-id", client, "Authorization", basic(t, "ada@somsim.test", "new-password")))
	s.refused(reset("ada@somsim.test", token, "new-password"), 400, "InvalidPasswordResetTokenException", "b2c.customer.reset-token")
	late, _ := s.document(ask("ada@somsim.test", s.system()...))["reset_token"].(string)
	s.advance(30 * time.Minute)
	guest = s.login("")
	s.refused(reset("ada@somsim.test", late, "new-password"), 400, "InvalidPasswordResetTokenException", "b2c.customer.reset-token")
	s.refused(ask("eve@somsim.test", s.system()...), 404, "CustomerNotFoundException", "b2c.customer.own")
	s.refused(ask("ada@somsim.test", s.login("bob")...), 401, "InvalidAccessTokenException", "b2c.token.issued")
}
