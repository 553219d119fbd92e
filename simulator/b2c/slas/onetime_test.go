package slas_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
)

// code is what an address was mailed last.
func (s *service) mailed(to string) string {
	s.T.Helper()
	mails := s.domain.Mailbox(s.World.Read(), to)
	if len(mails) == 0 {
		return ""
	}
	return mails[0].Code
}

func (s *service) done(w *httptest.ResponseRecorder) {
	s.T.Helper()
	if w.Code != http.StatusOK || w.Body.Len() > 0 {
		s.T.Fatalf("%d %s", w.Code, w.Body)
	}
}

func private() []string { return []string{"Authorization", basic(client, "somsim")} }

func TestAShopperLogsInWithoutAPassword(t *testing.T) {
	t.Parallel()
	s := start(t)
	asked := form{"user_id": "ada@somsim.test", "mode": "email", "channel_id": "RefArch", "locale": "en-US"}
	token := func(code string) *httptest.ResponseRecorder {
		return s.post("/passwordless/token", form{"grant_type": "client_credentials", "hint": "pwdless_login", "pwdless_login_token": code, "code_verifier": verifier}, private()...)
	}
	guest := s.guest(nil)
	s.done(s.post("/passwordless/login", asked.with(form{"usid": guest.USID}), private()...))
	first := s.mailed("ada@somsim.test")
	s.done(s.post("/passwordless/login", asked.with(form{"usid": guest.USID}), private()...))
	second := s.mailed("ada@somsim.test")
	if first == second || len(second) != 8 {
		t.Errorf("%q and %q", first, second)
	}
	s.refused(token(first), 400, "invalid_grant", "b2c.slas.one-time-code")
	ada := s.tokens(token(second))
	if ada.CustomerID != "ada" || ada.USID != guest.USID {
		t.Errorf("%+v", ada)
	}
	s.refused(token(second), 400, "invalid_grant", "b2c.slas.one-time-code")
	s.done(s.post("/passwordless/login", asked, private()...))
	if _, err := s.World.Advance(t.Context(), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	s.refused(token(s.mailed("ada@somsim.test")), 400, "invalid_grant", "b2c.slas.one-time-code")

	eve := asked.with(form{"user_id": "eve@somsim.test", "last_name": "Eve"})
	s.refused(s.post("/passwordless/login", eve, private()...), 404, "not_found", "b2c.slas.code-shopper")
	s.refused(s.post("/passwordless/login", eve.with(form{"client_id": client})), 401, "invalid_client", "b2c.client.secret")
	s.done(s.post("/passwordless/login?register_customer=true", eve, private()...))
	made := s.tokens(token(s.mailed("eve@somsim.test")))
	s.done(s.post("/passwordless/login", eve, private()...))
	if again := s.tokens(token(s.mailed("eve@somsim.test"))); again.CustomerID != made.CustomerID {
		t.Error("she was registered twice")
	}
	s.refused(s.post("/passwordless/login?register_customer=true", eve.with(form{"user_id": "nobody"}), private()...), 400, "invalid_request", "b2c.slas.registration")
}

func TestWhereCodesGo(t *testing.T) {
	t.Parallel()
	s := start(t)
	asked := form{"user_id": "ada@somsim.test", "channel_id": "RefArch", "client_id": client}
	for name, tc := range map[string]struct {
		with form
		to   string
	}{
		"a call back": {form{"mode": "callback", "callback_uri": "https://shop.test/mail"}, "https://shop.test/mail"},
		"a message":   {form{"mode": "sms", "phone_number": "+49 1"}, "+49 1"},
		"a mail":      {form{"mode": "email", "email": "ADA@somsim.test"}, "ada@somsim.test"},
	} {
		s.done(s.post("/otp/request", asked.with(tc.with)))
		if s.mailed(tc.to) == "" {
			t.Errorf("%s brought nothing to %s", name, tc.to)
		}
	}
	for _, with := range []form{{"mode": "callback"}, {"mode": "sms"}, {"mode": "email"}, {"mode": "email", "email": "eve@somsim.test"}} {
		s.refused(s.post("/otp/request", asked.with(with)), 400, "invalid_request", "b2c.slas.delivery")
	}
	s.refused(s.post("/otp/request", asked.with(form{"mode": "pigeon"})), 400, "invalid_request", "")
}

func TestAOneTimePasswordIsTakenOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	asked := form{"user_id": "ada@somsim.test", "channel_id": "RefArch", "client_id": client, "mode": "email", "email": "ada@somsim.test"}
	verify := func(user, code, by string) *httptest.ResponseRecorder {
		return s.post("/otp/verify", form{"user_id": user, "pwd_action_token": code, "client_id": by, "channel_id": "RefArch"})
	}
	s.done(s.post("/otp/request", asked))
	code := s.mailed("ada@somsim.test")
	s.refused(verify("bob@somsim.test", code, client), 400, "invalid_grant", "b2c.slas.one-time-code")
	s.refused(verify("ada@somsim.test", code, strict), 400, "invalid_grant", "b2c.slas.one-time-code")
	s.refused(verify("ada@somsim.test", "00", client), 400, "invalid_grant", "b2c.slas.one-time-code")
	s.done(verify("ada@somsim.test", code, client))
	s.refused(verify("ada@somsim.test", code, client), 400, "invalid_grant", "b2c.slas.one-time-code")

	tx := s.World.Write()
	s.domain.Arm(tx, b2c.CodeSpacing, true)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		s.done(s.post("/otp/request", asked))
	}
	s.refused(s.post("/otp/request", asked), 429, "too_many_requests", "b2c.slas.code-spacing")
	if _, err := s.World.Advance(t.Context(), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	s.done(s.post("/otp/request", asked))
}

func TestAPasswordIsSetByAMailedCode(t *testing.T) {
	t.Parallel()
	s := start(t)
	asked := form{"user_id": "ada@somsim.test", "channel_id": "RefArch", "client_id": client, "mode": "email", "code_challenge": challenge()}
	set := func(f form) *httptest.ResponseRecorder {
		return s.post("/password/action", form{
			"client_id": client, "channel_id": "RefArch", "pwd_action_token": s.mailed("ada@somsim.test"), "new_password": "new-password", "code_verifier": verifier,
		}.with(f))
	}
	s.refused(s.post("/password/reset", asked.with(form{"code_challenge": "short"})), 400, "invalid_request", "b2c.slas.challenge")
	s.done(s.post("/password/reset", asked))
	s.refused(set(form{"code_verifier": strings.Repeat("x", 50)}), 400, "invalid_grant", "b2c.slas.pkce")
	s.refused(set(form{"new_password": "short"}), 400, "invalid_request", "b2c.customer.password")
	s.done(set(nil))
	if w := s.post("/login", asking(), "Authorization", basic("ada@somsim.test", "new-password")); w.Code != http.StatusSeeOther {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	s.refused(set(nil), 400, "invalid_grant", "b2c.slas.one-time-code")
	s.done(s.post("/password/reset", asked.with(form{"hint": "cross_device", "code_challenge": ""})))
	s.done(set(form{"hint": "cross_device", "code_verifier": "", "user_id": "ada@somsim.test"}))
}

func TestAnAgentActsForAShopper(t *testing.T) {
	t.Parallel()
	s := start(t)
	of := form{"client_id": client, "channel_id": "RefArch", "login_id": "ada@somsim.test", "idp_origin": "ecom"}
	code := func(f form) string {
		w := s.get("/trusted-agent/authorize", of.with(form{"redirect_uri": callback, "response_type": "code", "code_challenge": challenge(), "state": "taob.1"}).with(f))
		to, err := url.Parse(w.Header().Get("Location"))
		if err != nil || w.Code != http.StatusSeeOther || to.Query().Get("state") != "taob.1" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return to.Query().Get("code")
	}
	token := func(shown string, f form, header ...string) *httptest.ResponseRecorder {
		return s.post("/trusted-agent/token", of.with(form{"grant_type": "client_credentials", "code_verifier": verifier}).with(f), append(header, "Authorization", "Bearer "+shown)...)
	}
	first := code(nil)
	s.refused(token(first, form{"code_verifier": strings.Repeat("x", 50)}), 400, "invalid_grant", "b2c.slas.pkce")
	s.refused(token(first, form{"agent_id": "somebody"}), 400, "invalid_request", "b2c.slas.agent")
	ada := s.tokens(token(first, form{"agent_id": b2c.DefaultUser}))
	isb, _ := claims(t, ada.AccessToken)["isb"].(string)
	if ada.CustomerID != "ada" || ada.ExpiresIn != 900 || !strings.Contains(isb, "::taob:"+client+"::agent:"+b2c.DefaultUser) || claims(t, ada.AccessToken)["dnt"] != "1" {
		t.Errorf("%+v %s", ada, isb)
	}
	s.refused(token(first, nil), 400, "invalid_grant", "b2c.slas.agent")
	s.refused(token("nonsense", nil), 400, "invalid_grant", "b2c.slas.agent")
	s.refused(s.post("/token", exchanging(code(nil))), 400, "invalid_grant", "b2c.slas.code") // an agent's code is no shopper's

	guest := s.tokens(token(code(form{"login_id": "Guest", "idp_origin": "slas"}), form{"login_id": "Guest", "idp_origin": "slas"}))
	if isb, _ := claims(t, guest.AccessToken)["isb"].(string); !strings.HasPrefix(isb, "uido:slas::upn:Guest") {
		t.Error(isb)
	}
	s.refused(token(code(nil), form{"login_id": "Guest"}), 400, "invalid_request", "b2c.slas.agent-guest")
	s.refused(token(code(nil), form{"idp_origin": "slas"}), 400, "invalid_request", "b2c.slas.agent-guest")
	s.refused(token(code(nil), form{"login_id": "eve@somsim.test"}), 404, "not_found", "b2c.slas.trusted-shopper")

	tx := s.World.Write()
	user := s.domain.IssueUserToken(tx, client, b2c.User{Login: "jo@somsim.test"})
	system := s.domain.IssueSystemToken(tx, client)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	shown := base64.StdEncoding.EncodeToString([]byte(client + ":somsim"))
	for _, header := range []string{shown, "Basic " + shown} {
		got := s.tokens(token(user.Token, form{"client_id": "", "code_verifier": ""}, "_sfdc_client_auth", header))
		if isb, _ := claims(t, got.AccessToken)["isb"].(string); !strings.Contains(isb, "::agent:jo@somsim.test") {
			t.Error(isb)
		}
	}
	wrong := base64.StdEncoding.EncodeToString([]byte(client + ":x"))
	s.refused(token(user.Token, form{"client_id": ""}, "_sfdc_client_auth", wrong), 401, "invalid_client", "b2c.client.secret")
	s.refused(token(system.Token, nil), 400, "invalid_grant", "b2c.slas.agent") // a system is no agent
}
