package som

import (
	"crypto/sha256"
	"encoding/base64"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

const verifier = "a-verifier-of-at-least-forty-three-characters-0123456789"

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// wish is an authorization request that the app somsim may make, changed by the case.
func wish(change func(a *Authorization)) Authorization {
	a := Authorization{ClientID: "somsim", RedirectURI: "http://localhost:3000/done", ResponseType: "code"}
	if change != nil {
		change(&a)
	}
	return a
}

// code asks the developer, who agrees.
func (o *testOrg) code(a Authorization) string {
	o.t.Helper()
	var code string
	o.write(func(tx *sandbox.Tx) (err error) {
		code, err = o.Approve(tx, a, "dev@somsim.test", "somsim")
		return err
	})
	return code
}

func (o *testOrg) exchanged(a Authorization, verifier string) Session {
	o.t.Helper()
	code, s := o.code(a), Session{}
	o.write(func(tx *sandbox.Tx) (err error) {
		s, err = o.ExchangeCode(tx, Client{a.ClientID, map[string]string{"somsim": "somsim"}[a.ClientID]}, code, a.RedirectURI, verifier)
		return err
	})
	return s
}

func TestAuthorizationRequests(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	cases := []struct {
		name, rule string
		change     func(a *Authorization)
	}{
		{"any port of this machine", "", nil},
		{"an address of this machine", "", func(a *Authorization) { a.RedirectURI = "http://127.0.0.1:9/x?y=z" }},
		{"the vendor's success page", "", func(a *Authorization) { a.RedirectURI = "https://login.salesforce.com/services/oauth2/success" }},
		{"a challenge", "", func(a *Authorization) { a.Challenge, a.Method = challengeOf(verifier), "S256" }},
		{"some of the scopes", "", func(a *Authorization) { a.Scope = "api refresh_token" }},
		{"an unknown app", "som.oauth.client-id", func(a *Authorization) { a.ClientID = "nobody" }},
		{"no redirect URI", "som.oauth.redirect-uri", func(a *Authorization) { a.RedirectURI = "" }},
		{"another machine", "som.oauth.redirect-uri", func(a *Authorization) { a.RedirectURI = "http://example.com/done" }},
		{"a host that only looks like this machine", "som.oauth.redirect-uri", func(a *Authorization) { a.RedirectURI = "http://localhost.example.com/" }},
		{"a user in front of another machine", "som.oauth.redirect-uri", func(a *Authorization) { a.RedirectURI = "http://localhost@example.com/" }},
		{"almost the success page", "som.oauth.redirect-uri", func(a *Authorization) { a.RedirectURI = "https://login.salesforce.com/services/oauth2/success/" }},
		{"a script", "som.oauth.redirect-uri", func(a *Authorization) { a.RedirectURI = "javascript://localhost/%0aalert(1)" }},
		{"the user agent flow", "som.oauth.response-type", func(a *Authorization) { a.ResponseType = "token" }},
		{"no response type", "som.oauth.response-type", func(a *Authorization) { a.ResponseType = "" }},
		{"a scope the app does not have", "som.oauth.scope", func(a *Authorization) { a.Scope = "api full" }},
		{"a plain challenge", "som.oauth.proof-method", func(a *Authorization) { a.Challenge, a.Method = verifier, "plain" }},
		{"a challenge that is no SHA-256", "som.oauth.proof-method", func(a *Authorization) { a.Challenge = "short" }},
		{"a public app without a challenge", "som.oauth.proof-required", func(a *Authorization) { a.ClientID = "somsim-public" }},
		{"a public app with one", "", func(a *Authorization) { a.ClientID, a.Challenge = "somsim-public", challengeOf(verifier) }},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			rule := o.try(func(tx *sandbox.Tx) error {
				a := wish(tc.change)
				if err := o.CheckClient(tx, a); err != nil {
					return err
				}
				_, err := o.CheckAuthorization(tx, a)
				return err
			})
			if rule != tc.rule {
				t.Errorf("rule %q, want %q", rule, tc.rule)
			}
		})
	}
	rule := o.try(func(tx *sandbox.Tx) error {
		_, err := o.Approve(tx, wish(nil), "dev@somsim.test", "wrong")
		return err
	})
	if rule != "som.login.password" {
		t.Errorf("a wrong password: rule %q", rule)
	}
}

func TestAuthorizationCodes(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	proven := func(a *Authorization) { a.Challenge = challengeOf(verifier) }
	public := func(a *Authorization) { a.ClientID, a.Challenge = "somsim-public", challengeOf(verifier) }
	cases := []struct {
		name, rule string
		wish       func(a *Authorization)
		client     Client
		redirect   string
		verifier   string
		wait       time.Duration
	}{
		{"a code", "", nil, Client{"somsim", "somsim"}, "", "", 0},
		{"with a proof", "", proven, Client{"somsim", "somsim"}, "", verifier, 14 * time.Minute},
		{"a public app with its proof", "", public, Client{"somsim-public", ""}, "", verifier, 0},
		{"a wrong secret", "som.oauth.client-secret", nil, Client{"somsim", "x"}, "", "", 0},
		{"no secret", "som.oauth.client-secret", nil, Client{"somsim", ""}, "", "", 0},
		{"a public app that sends a secret", "som.oauth.client-secret", public, Client{"somsim-public", "x"}, "", verifier, 0},
		{"another app's code", "som.oauth.code-client", nil, Client{"somsim-public", ""}, "", "", 0},
		{"another redirect URI", "som.oauth.redirect-uri", nil, Client{"somsim", "somsim"}, "http://localhost:3000/other", "", 0},
		{"a wrong verifier", "som.oauth.proof", proven, Client{"somsim", "somsim"}, "", verifier + "x", 0},
		{"no verifier", "som.oauth.proof", proven, Client{"somsim", "somsim"}, "", "", 0},
		{"the challenge in place of the verifier", "som.oauth.proof", proven, Client{"somsim", "somsim"}, "", challengeOf(verifier), 0},
		{"a verifier without a challenge", "som.oauth.proof", nil, Client{"somsim", "somsim"}, "", verifier, 0},
		{"a code that is too old", "som.oauth.code", nil, Client{"somsim", "somsim"}, "", "", 15 * time.Minute},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			o := org.fork(t)
			a := wish(tc.wish)
			code := o.code(a)
			if SandboxOfToken(code) != o.world.Name() {
				t.Errorf("code %s of sandbox %s", code, o.world.Name())
			}
			if err := o.world.MoveTo(o.world.Now().Add(tc.wait)); err != nil {
				t.Fatal(err)
			}
			if tc.redirect != "" {
				a.RedirectURI = tc.redirect
			}
			exchange := func() (string, Session) {
				var s Session
				return o.try(func(tx *sandbox.Tx) (err error) {
					s, err = o.ExchangeCode(tx, tc.client, code, a.RedirectURI, tc.verifier)
					return err
				}), s
			}
			rule, s := exchange()
			if rule != tc.rule || rule == "" && (s.Username != "dev@somsim.test" || s.Refresh == "" || s.Scope != "api id web openid profile email refresh_token") {
				t.Errorf("rule %q, want %q; session %+v", rule, tc.rule, s)
			}
			if again, _ := exchange(); tc.rule == "" && again != "som.oauth.code" {
				t.Errorf("the second time: rule %q", again)
			}
		})
	}
}

func TestRefreshTokens(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	cases := []struct {
		name, rule string
		scope      string // of the authorization
		client     Client
		narrowed   string
		spoil      func(o *testOrg, s Session)
		want       string
	}{
		{"another session", "", "", Client{"somsim", "somsim"}, "", nil, "api id web openid profile email refresh_token"},
		{"of a narrower scope", "", "", Client{"somsim", "somsim"}, "api", nil, "api"},
		{"of a wider scope", "som.oauth.scope", "api refresh_token", Client{"somsim", "somsim"}, "api id", nil, ""},
		{"long after the session", "", "", Client{"somsim", "somsim"}, "", func(o *testOrg, _ Session) {
			if err := o.world.MoveTo(o.world.Now().AddDate(0, 3, 0)); err != nil {
				o.t.Fatal(err)
			}
		}, "api id web openid profile email refresh_token"},
		{"of another app", "som.oauth.refresh-token", "", Client{"somsim-public", ""}, "", nil, ""},
		{"without the secret", "som.oauth.client-secret", "", Client{"somsim", ""}, "", nil, ""},
		{"that was revoked", "som.oauth.refresh-token", "", Client{"somsim", "somsim"}, "", func(o *testOrg, s Session) {
			o.write(func(tx *sandbox.Tx) error { return o.Revoke(tx, s.Refresh) })
		}, ""},
		{"of a user who is gone", "som.oauth.user-active", "", Client{"somsim", "somsim"}, "", func(o *testOrg, s Session) { o.deactivate(s.UserID) }, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			o := org.fork(t)
			first := o.exchanged(wish(func(a *Authorization) { a.Scope = tc.scope }), "")
			if tc.spoil != nil {
				tc.spoil(o, first)
			}
			var s Session
			rule := o.try(func(tx *sandbox.Tx) (err error) {
				s, err = o.Refresh(tx, tc.client, first.Refresh, tc.narrowed)
				return err
			})
			if rule != tc.rule || s.Scope != tc.want || s.Refresh != "" || rule == "" && s.Token == first.Token {
				t.Errorf("rule %q, want %q; session %+v", rule, tc.rule, s)
			}
		})
	}
	if s := org.exchanged(wish(func(a *Authorization) { a.Scope = "api id" }), ""); s.Refresh != "" {
		t.Errorf("a refresh token that nobody asked for: %+v", s)
	}
}

func (o *testOrg) deactivate(userID string) {
	o.t.Helper()
	o.write(func(tx *sandbox.Tx) error {
		u, _ := o.find(tx, objUser, userID)
		r := tracked(u)
		r.put("IsActive", nil)
		o.save(tx, "", r)
		return nil
	})
}

func TestRevocation(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	first := o.exchanged(wish(nil), "")
	var second Session
	o.write(func(tx *sandbox.Tx) (err error) {
		second, err = o.Refresh(tx, Client{"somsim", "somsim"}, first.Refresh, "")
		return err
	})
	alive := func(token string) bool {
		return o.try(func(tx *sandbox.Tx) error {
			_, err := o.Authenticate(tx, token)
			return err
		}) == ""
	}
	revoke := func(token string) string {
		return o.try(func(tx *sandbox.Tx) error { return o.Revoke(tx, token) })
	}
	third := o.exchanged(wish(nil), "")
	if rule := revoke(second.Token); rule != "" || alive(second.Token) || !alive(first.Token) {
		t.Errorf("an access token: rule %q; it lives %v, the other %v", rule, alive(second.Token), alive(first.Token))
	}
	if rule := revoke(first.Refresh); rule != "" || alive(first.Token) || !alive(third.Token) {
		t.Errorf("a refresh token: rule %q; its session lives %v, another's %v", rule, alive(first.Token), alive(third.Token))
	}
	for _, token := range []string{first.Refresh, second.Token, "x", ""} {
		if rule := revoke(token); rule != "som.oauth.token-type" {
			t.Errorf("token %q: rule %q", token, rule)
		}
	}
}

func TestIntrospection(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	s := o.exchanged(wish(nil), "")
	ask := func(c Client, token string) (Introspection, string) {
		var in Introspection
		rule := o.try(func(tx *sandbox.Tx) (err error) {
			in, err = o.Introspect(tx, c, token)
			return err
		})
		return in, rule
	}
	mine := Client{"somsim", "somsim"}
	if in, rule := ask(mine, s.Token); rule != "" || !in.Active || in.Refresh || in.Username != "dev@somsim.test" || in.ExpiresAt.Sub(in.IssuedAt) != o.decided.sessionLife {
		t.Errorf("an access token: rule %q, %+v", rule, in)
	}
	if in, rule := ask(mine, s.Refresh); rule != "" || !in.Active || !in.Refresh || !in.ExpiresAt.IsZero() {
		t.Errorf("a refresh token: rule %q, %+v", rule, in)
	}
	for name, c := range map[string]Client{"another app": {"somsim-public", ""}} {
		if in, rule := ask(c, s.Token); rule != "" || in != (Introspection{}) {
			t.Errorf("%s: rule %q, %+v", name, rule, in)
		}
	}
	if in, rule := ask(mine, "x"); rule != "" || in.Active {
		t.Errorf("an unknown token: rule %q, %+v", rule, in)
	}
	if _, rule := ask(Client{"somsim", "x"}, s.Token); rule != "som.oauth.client-secret" {
		t.Errorf("a wrong secret: rule %q", rule)
	}
	if err := o.world.MoveTo(o.world.Now().Add(o.decided.sessionLife)); err != nil {
		t.Fatal(err)
	}
	if in, _ := ask(mine, s.Token); in.Active {
		t.Errorf("a token that is over: %+v", in)
	}
}

func TestAssertions(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	noon := org.world.Now()
	good := Assertion{Issuer: "somsim", Subject: "dev@somsim.test", Audience: []string{productionLogin}, ExpiresAt: noon.Add(3 * time.Minute)}
	cases := []struct {
		name, rule string
		change     func(a *Assertion)
	}{
		{"production", "", func(*Assertion) {}},
		{"a sandbox", "", func(a *Assertion) { a.Audience = []string{"x", sandboxLogin} }},
		{"the org", "", func(a *Assertion) { a.Audience = []string{"https://org"} }},
		{"the org's token endpoint", "", func(a *Assertion) { a.Audience = []string{"https://org/services/oauth2/token"} }},
		{"an unknown app", "som.oauth.client-id", func(a *Assertion) { a.Issuer = "x" }},
		{"another host", "som.oauth.audience", func(a *Assertion) { a.Audience = []string{"https://example.com"} }},
		{"nobody", "som.oauth.audience", func(a *Assertion) { a.Audience = nil }},
		{"a user who does not exist", "som.oauth.approved", func(a *Assertion) { a.Subject = "x@somsim.test" }},
		{"over", "som.oauth.assertion-time", func(a *Assertion) { a.ExpiresAt = noon }},
		{"without an end", "som.oauth.assertion-time", func(a *Assertion) { a.ExpiresAt = time.Time{} }},
		{"a year ahead", "", func(a *Assertion) { a.ExpiresAt = noon.AddDate(1, 0, 0) }},
		{"an app that no administrator allowed", "som.oauth.approved", func(a *Assertion) { a.Issuer = "somsim-public" }},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			o, a := org.fork(t), good
			tc.change(&a)
			var s Session
			rule := o.try(func(tx *sandbox.Tx) (err error) {
				s, err = o.JWTBearer(tx, a, "https://org")
				return err
			})
			if rule != tc.rule || rule == "" && (s.Username != "dev@somsim.test" || s.Refresh != "" || s.Scope != "api id web openid profile email") {
				t.Errorf("rule %q, want %q; session %+v", rule, tc.rule, s)
			}
		})
	}
	t.Run("an app that the user allowed before", func(t *testing.T) {
		o, a := org.fork(t), good
		o.exchanged(wish(func(a *Authorization) { a.ClientID, a.Challenge = "somsim-public", challengeOf(verifier) }), verifier)
		a.Issuer = "somsim-public"
		rule := o.try(func(tx *sandbox.Tx) error {
			_, err := o.JWTBearer(tx, a, "https://org")
			return err
		})
		if rule != "" {
			t.Errorf("rule %q", rule)
		}
	})
}

func TestInactiveUsersStayOutside(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	s := o.exchanged(wish(nil), "")
	o.deactivate(s.UserID)
	o.deactivate(IntegrationUserID())
	for name, tc := range map[string]struct {
		rule string
		open func(tx *sandbox.Tx) error
	}{
		"a session": {"som.session.valid", func(tx *sandbox.Tx) error { _, err := o.Authenticate(tx, s.Token); return err }},
		"a password": {"som.oauth.password", func(tx *sandbox.Tx) error {
			_, err := o.PasswordGrant(tx, Client{"somsim", "somsim"}, "dev@somsim.test", "somsim")
			return err
		}},
		"SOAP":               {"som.login.password", func(tx *sandbox.Tx) error { _, err := o.Login(tx, "dev@somsim.test", "somsim"); return err }},
		"client credentials": {"som.oauth.user-active", func(tx *sandbox.Tx) error { _, err := o.ClientCredentials(tx, Client{"somsim", "somsim"}); return err }},
	} {
		if rule := o.try(tc.open); rule != tc.rule {
			t.Errorf("%s: rule %q, want %q", name, rule, tc.rule)
		}
	}
	rule := o.try(func(tx *sandbox.Tx) error {
		o.ConnectedApp(tx, NewConnectedApp{ClientID: "bare", Secret: "x"})
		_, err := o.ClientCredentials(tx, Client{"bare", "x"})
		return err
	})
	if rule != "som.oauth.run-as" {
		t.Errorf("an app without a user: rule %q", rule)
	}
}

func TestSessionsThatAreOverDoNotGather(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	for range 50 {
		o.write(func(tx *sandbox.Tx) error {
			_, err := o.Login(tx, "dev@somsim.test", "somsim")
			return err
		})
		if err := o.world.MoveTo(o.world.Now().Add(o.decided.sessionLife)); err != nil {
			t.Fatal(err)
		}
		o.code(wish(nil))
	}
	tx := o.world.Read()
	defer tx.Abort()
	sessions, codes := o.sessions.Range(tx.Tx, "", "", "", 0), o.codes.Range(tx.Tx, "", "", "", 0)
	if len(sessions) > 2 || len(codes) > 1 {
		t.Errorf("%d sessions and %d codes are kept", len(sessions), len(codes))
	}
}
