package slas_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding/facetest"
)

func TestTheSameLoginTwiceWithinASecondWhereThatIsArmed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.login("ada", "")
	s.login("ada", "") // the clock is manual, nothing is armed
	tx := s.World.Write()
	s.domain.Arm(tx, b2c.LoginSpacing, true)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	s.refused(s.post("/login", asking(), "Authorization", basic("ada@somsim.test", "somsim")), 409, "conflict", "b2c.slas.login-spacing")
	s.login("bob", "")
	if _, err := s.World.Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	s.login("ada", "")
}

func TestOneVisitGoesOnBetweenStorefrontAndTokens(t *testing.T) {
	t.Parallel()
	s := start(t)
	guest := s.guest(nil)
	basket := func(token string) string {
		w := s.request(http.MethodGet, shop+"/customers/"+guest.CustomerID+"/baskets", "", "Authorization", "Bearer "+token, "x-dw-client-id", client)
		var list struct {
			Baskets []struct {
				ID string `json:"basket_id"`
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list.Baskets) != 1 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return list.Baskets[0].ID
	}
	if w := s.request(http.MethodPost, shop+"/baskets", "", "Authorization", "Bearer "+guest.AccessToken); w.Code != http.StatusOK {
		t.Fatalf("a token of SLAS at OCAPI: %d %s", w.Code, w.Body)
	}
	signed := s.storefront(guest.AccessToken)["dwsgst"]
	bridged := form{"client_id": client, "channel_id": "RefArch", "login_id": "guest", "dwsgst": signed, "grant_type": "session_bridge"}
	again := s.tokens(s.post("/session-bridge/token", bridged))
	if again.USID != guest.USID || again.CustomerID != guest.CustomerID || basket(again.AccessToken) != basket(guest.AccessToken) {
		t.Errorf("%+v is not %+v", again, guest)
	}
	if isb, _ := claims(t, again.AccessToken)["isb"].(string); !strings.HasSuffix(isb, "::sesb:G") {
		t.Error(isb)
	}
	for _, hint := range []string{"sb-guest", "sb-user"} {
		code, _ := s.code(s.get("/authorize", asking().with(form{"hint": hint, "usid": guest.USID})))
		s.refused(s.post("/token", exchanging(code)), 400, "invalid_grant", "b2c.slas.code") // it is good for a bridge alone
		with := bridged.with(form{"code": code, "code_verifier": verifier})
		s.refused(s.post("/session-bridge/token", with.with(form{"code_verifier": strings.Repeat("x", 50)})), 400, "invalid_grant", "b2c.slas.pkce")
		if got := s.tokens(s.post("/session-bridge/token", with)); got.CustomerID != guest.CustomerID {
			t.Errorf("%s: %+v", hint, got)
		}
		s.refused(s.post("/session-bridge/token", with), 400, "invalid_grant", "b2c.slas.code")
	}
	s.refused(s.post("/session-bridge/token", bridged.with(form{"login_id": "ada@somsim.test"})), 401, "invalid_client", "b2c.slas.bridge")
	s.refused(s.post("/session-bridge/token", bridged.with(form{"dwsgst": guest.AccessToken})), 401, "invalid_client", "b2c.slas.bridge")
	s.refused(s.post("/session-bridge/token", bridged.with(form{"usid": "other"})), 401, "invalid_client", "b2c.slas.bridge")

	ada := s.login("ada", guest.USID) // in the app; the storefront session goes on as ada
	s.refused(s.post("/session-bridge/token", bridged), 401, "invalid_client", "b2c.slas.bridge")
	cookie := s.storefront(ada.AccessToken)
	registered := bridged.with(form{"login_id": "ada@somsim.test", "dwsgst": "", "dwsrst": cookie["dwsrst"]})
	if got := s.tokens(s.post("/session-bridge/token", registered)); got.CustomerID != "ada" || got.USID != guest.USID {
		t.Errorf("%+v", got)
	}
	if got := s.tokens(s.post("/token", registered.with(form{"dwsrst": "", "dwsid": cookie["dwsid"]}))); got.CustomerID != "ada" {
		t.Errorf("%+v", got)
	}
}

// storefront opens a storefront session for a token and returns its cookies.
func (s *service) storefront(token string) map[string]string {
	s.T.Helper()
	w := s.request(http.MethodPost, shop+"/sessions", "", "Authorization", "Bearer "+token, "x-dw-client-id", client)
	jar := map[string]string{}
	for _, c := range w.Result().Cookies() {
		jar[c.Name] = c.Value
	}
	if w.Code != http.StatusNoContent || jar["dwsid"] == "" {
		s.T.Fatalf("%d %s", w.Code, w.Body)
	}
	return jar
}

func TestATrustedSystemVouchesForAShopper(t *testing.T) {
	t.Parallel()
	s := start(t)
	asked := form{"grant_type": "client_credentials", "hint": "ts_ext_on_behalf_of", "channel_id": "RefArch", "client_id": client}
	ask := func(f form) *httptest.ResponseRecorder {
		return s.post("/trusted-system/token", asked.with(f), "Authorization", basic(client, "somsim"))
	}
	ada := s.tokens(ask(form{"login_id": "ada@somsim.test", "idp_origin": "ecom"}))
	if ada.CustomerID != "ada" || ada.ExpiresIn != 900 {
		t.Errorf("%+v", ada)
	}
	linked := s.tokens(ask(form{"login_id": "uid-bob", "idp_origin": "gigya"}))
	if isb, _ := claims(t, linked.AccessToken)["isb"].(string); linked.CustomerID != "bob" || !strings.HasPrefix(isb, "uido:gigya::upn:uid-bob::") || !strings.Contains(isb, "::tsob:"+client) {
		t.Errorf("%+v %s", linked, isb)
	}
	made := s.tokens(ask(form{"login_id": "uid-new", "idp_origin": "gigya", "email_id": "new@somsim.test"}))
	if again := s.tokens(ask(form{"login_id": "uid-new", "idp_origin": "gigya"})); again.CustomerID != made.CustomerID {
		t.Error("the shopper was made twice")
	}
	if guest := s.tokens(ask(form{"login_id": "guest", "idp_origin": "ecom"})); guest.RefreshExpires != 30*24*3600 {
		t.Errorf("%+v", guest)
	}
	s.refused(ask(form{"login_id": "eve@somsim.test", "idp_origin": "ecom"}), 404, "not_found", "b2c.slas.trusted-shopper")
	s.refused(ask(form{"login_id": "uid-eve", "idp_origin": "gigya"}), 404, "not_found", "b2c.slas.trusted-shopper")
	s.refused(ask(form{"login_id": "x", "idp_origin": "nowhere"}), 400, "invalid_request", "")
	s.refused(s.post("/trusted-system/token", asked.with(form{"login_id": "x", "idp_origin": "ecom"})), 401, "invalid_client", "b2c.client.secret")
}

func TestTheEndOfALogIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := func(token string) *httptest.ResponseRecorder {
		return s.get("/userinfo", form{"channel_id": "RefArch"}, "Authorization", "Bearer "+token)
	}
	one, two := s.login("ada", ""), s.login("ada", "")
	if w := info(one.AccessToken); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"email":"ada@somsim.test"`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	logout := func(of tokens, hint string) *httptest.ResponseRecorder {
		return s.get("/logout", form{"channel_id": "RefArch", "client_id": client, "hint": hint, "refresh_token": of.RefreshToken}, "Authorization", "Bearer "+of.AccessToken)
	}
	if got := s.tokens(logout(one, "")); got.AccessToken != "" || got.USID != "null" {
		t.Errorf("%+v", got)
	}
	s.refused(info(one.AccessToken), 401, "invalid_token", "b2c.slas.access-live")
	s.refused(logout(one, ""), 401, "invalid_token", "b2c.slas.access-live")
	if w := s.request(http.MethodGet, shop+"/customers/ada", "", "Authorization", "Bearer "+one.AccessToken); w.Code != http.StatusUnauthorized {
		t.Errorf("OCAPI took it: %d %s", w.Code, w.Body)
	}
	three := s.login("ada", "")
	s.tokens(logout(two, "all-sessions"))
	s.refused(info(three.AccessToken), 401, "invalid_token", "b2c.slas.access-live")
	s.refused(s.post("/token", form{"grant_type": "refresh_token", "refresh_token": three.RefreshToken, "client_id": client, "channel_id": "RefArch"}),
		400, "invalid_grant", "b2c.slas.refresh-lifetime")
	s.refused(info(""), 401, "invalid_token", "b2c.slas.access-given")
	four := s.login("ada", "")
	if _, err := s.World.Advance(t.Context(), 30*time.Minute); err != nil {
		t.Fatal(err)
	}
	s.refused(info(four.AccessToken), 401, "invalid_token", "b2c.token.lifetime")
}

func TestRevokeAndIntrospect(t *testing.T) {
	t.Parallel()
	s := start(t)
	ada := s.login("ada", "")
	look := func(token string) map[string]any {
		got := map[string]any{}
		if err := json.Unmarshal(s.post("/introspect", form{"token": token, "client_id": client}).Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := look(ada.AccessToken); got["active"] != true || got["token_type"] != "access_token" || got["exp"] != float64(facetest.Monday().Add(30*time.Minute).Unix()) {
		t.Errorf("%v", got)
	}
	if got := look(ada.RefreshToken); got["active"] != true || got["token_type"] != "refresh_token" || got["sub"] != "usid:"+ada.USID {
		t.Errorf("%v", got)
	}
	s.refused(s.post("/revoke", form{"token": ada.RefreshToken, "client_id": strict}), 400, "invalid_request", "b2c.slas.refresh-known")
	s.tokens(s.post("/revoke", form{"token": ada.RefreshToken, "client_id": client}))
	for _, token := range []string{ada.AccessToken, ada.RefreshToken, "nonsense"} {
		if diff := cmp.Diff(map[string]any{"active": false}, look(token)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTokensAndCodesWorkInTheirOwnSandboxOnly(t *testing.T) {
	t.Parallel()
	s := start(t)
	other := form{"client_id": client + "~other"}
	code, _ := s.code(s.get("/authorize", asking().with(other)))
	got := s.tokens(s.post("/token", exchanging(code).with(other)))
	if sub, _ := claims(t, got.AccessToken)["sub"].(string); !strings.Contains(sub, "scid:"+client+"~other::") || !strings.HasPrefix(code, "other~") {
		t.Errorf("%s %s", sub, code)
	}
	if w := s.get("/userinfo", form{"channel_id": "RefArch"}, "Authorization", "Bearer "+got.AccessToken); w.Code != http.StatusOK {
		t.Errorf("the token alone names its sandbox: %d %s", w.Code, w.Body)
	}
	if w := s.get("/userinfo", form{"channel_id": "RefArch"}, "Authorization", "Bearer "+got.AccessToken, "X-Sandbox", "default"); w.Code != http.StatusBadRequest {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.request(http.MethodGet, shop+"/customers/"+got.CustomerID, "", "Authorization", "Bearer "+got.AccessToken); w.Code != http.StatusOK {
		t.Errorf("at OCAPI: %d %s", w.Code, w.Body)
	}
}

func TestScopesAreTheClients(t *testing.T) {
	t.Parallel()
	s := start(t)
	code, _ := s.code(s.get("/authorize", asking().with(form{"client_id": strict})))
	got := s.tokens(s.post("/token", exchanging(code).with(form{"client_id": strict})))
	if scope := claims(t, got.AccessToken)["scp"]; scope != "sfcc.shopper-baskets-orders" {
		t.Error(scope)
	}
}

func TestPathsVerbsAndBodiesThatAreNone(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.refused(s.request(http.MethodGet, base+"/nothing", ""), 404, "not_found", "")
	s.refused(s.request(http.MethodPut, base+"/token", ""), 405, "invalid_request", "")
	s.refused(s.request(http.MethodPost, base+"/token?client_id="+client, `{}`, "Content-Type", "text/plain"), 415, "invalid_request", "")
	s.refused(s.get("/authorize", asking().with(form{"client_id": client + "~nowhere"})), 400, "invalid_request", "")
}
