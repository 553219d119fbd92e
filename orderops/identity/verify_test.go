package identity

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/lestrrat-go/jwx/v3/jwk"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// testClock stands still; looking at it anew shows later, when there is one.
type testClock struct{ now, later time.Time }

func (c *testClock) Now(context.Context) time.Time { return c.now }

func (c *testClock) Refresh(context.Context) {
	if !c.later.IsZero() {
		c.now = c.later
	}
}

func noon() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }

// signer is a party that signs tokens and publishes its keys.
type signer struct {
	private crypto.Signer
	method  jwt.SigningMethod
	id      string
	asked   int
	broken  error
}

func commerce(t *testing.T) *signer {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{private: private, method: jwt.SigningMethodRS256, id: "rsa-1"}
}

func slas(t *testing.T) *signer {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{private: private, method: jwt.SigningMethodES256, id: "ec-1"}
}

func (s *signer) publish(context.Context) ([]byte, error) {
	s.asked++
	if s.broken != nil {
		return nil, s.broken
	}
	key, err := jwk.Import(s.private.Public())
	if err != nil {
		return nil, err
	}
	if err := key.Set(jwk.KeyIDKey, s.id); err != nil {
		return nil, err
	}
	set := jwk.NewSet()
	if err := set.AddKey(key); err != nil {
		return nil, err
	}
	return json.Marshal(set)
}

func (s *signer) sign(t *testing.T, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(s.method, claims)
	token.Header["kid"] = s.id
	text, err := token.SignedString(s.private)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func ocapiClaims(change map[string]any) jwt.MapClaims {
	c := jwt.MapClaims{
		"iss": "shop", "sub": `{"_v":"1","customer_info":{"customer_id":"c1","guest":false}}`, "exp": noon().Add(time.Minute).Unix(),
	}
	for name, value := range change {
		c[name] = value
	}
	return c
}

func slasClaims(change map[string]any) jwt.MapClaims {
	c := jwt.MapClaims{
		"iss": "slas/prod/abcd_prd", "aud": "commercecloud/prod/abcd_prd", "sub": "cc-slas::abcd_prd::scid:pwa::usid:u1",
		"isb": "uido:ecom::upn:a@example.test::uidn:A::gcid:g1::rcid:c2::chid:RefArch", "nbf": noon().Add(-time.Second).Unix(),
		"exp": noon().Add(time.Minute).Unix(),
	}
	for name, value := range change {
		c[name] = value
	}
	return c
}

func TestWhoATokenIsOf(t *testing.T) {
	t.Parallel()
	shop, log, other := commerce(t), slas(t), slas(t)
	forged := commerce(t)
	v := &Verifier{
		Clock: &testClock{now: noon()}, Tenant: "abcd_prd", Clients: map[string]string{"shop": "storefront", "pwa": "pwa"},
	}
	v.OCAPI, v.SLAS = NewKeys(v.Clock, shop.publish), NewKeys(v.Clock, log.publish)
	none := Identity{}
	cases := []struct {
		name  string
		token string
		want  Identity
	}{
		{"nobody", "", Identity{Kind: Anonymous}},
		{"a token that only commerce can read", "opaque-token", Identity{Kind: Opaque}},
		{"a registered shopper of OCAPI", shop.sign(t, ocapiClaims(nil)), Identity{Kind: Registered, CustomerID: "c1", ClientID: "shop", Channel: "storefront"}},
		{"a guest of OCAPI", shop.sign(t, ocapiClaims(map[string]any{"sub": `{"customer_info":{"customer_id":"g","guest":true}}`})), Identity{Kind: Guest, CustomerID: "g", ClientID: "shop", Channel: "storefront"}},
		{"a registered shopper of SLAS", log.sign(t, slasClaims(nil)), Identity{Kind: Registered, CustomerID: "c2", ClientID: "pwa", Site: "RefArch", SessionID: "u1", Channel: "pwa"}},
		{"a guest of SLAS", log.sign(t, slasClaims(map[string]any{"isb": "uido:slas::gcid:g1::chid:RefArch"})), Identity{Kind: Guest, CustomerID: "g1", ClientID: "pwa", Site: "RefArch", SessionID: "u1", Channel: "pwa"}},
		{"an expired token", shop.sign(t, ocapiClaims(map[string]any{"exp": noon().Unix()})), none},
		{"a token without end", shop.sign(t, ocapiClaims(map[string]any{"exp": nil})), none},
		{"a token of later", log.sign(t, slasClaims(map[string]any{"nbf": noon().Add(time.Second).Unix()})), none},
		{"another issuer", log.sign(t, slasClaims(map[string]any{"iss": "slas/prod/other"})), none},
		{"another audience", log.sign(t, slasClaims(map[string]any{"aud": "elsewhere"})), none},
		{"another client", shop.sign(t, ocapiClaims(map[string]any{"iss": "stranger"})), none},
		{"another's key under the same id", forged.sign(t, ocapiClaims(nil)), none},
		{"an unknown key", (&signer{private: other.private, method: other.method, id: "x"}).sign(t, slasClaims(nil)), none},
		{"no signature", unsigned(t, ocapiClaims(nil)), none},
		{"the public key taken for a secret", confused(t, shop, ocapiClaims(nil)), none},
		{"a changed claim", tampered(shop.sign(t, ocapiClaims(nil)), shop.sign(t, ocapiClaims(map[string]any{"iss": "pwa"}))), none},
		{"a session of an org, where there are no agents", "00D1!abc", none},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := v.Identify(t.Context(), tc.token)
			refusal, _ := orderops.AsRefusal(err)
			if tc.want.Kind == "" {
				if refusal == nil || refusal.Code != orderops.Unauthenticated {
					t.Errorf("got %+v, %v, want it refused", got, err)
				}
				return
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(Identity{}, "Token")); diff != "" || err != nil || got.Token != tc.token {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

func unsigned(t *testing.T, claims jwt.MapClaims) string {
	t.Helper()
	text, err := jwt.NewWithClaims(jwt.SigningMethodNone, claims).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// confused signs with what everybody knows, the public key, as if it were a shared secret.
func confused(t *testing.T, s *signer, claims jwt.MapClaims) string {
	t.Helper()
	set, err := s.publish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	token.Header["kid"] = s.id
	text, err := token.SignedString(set)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// tampered has the claims of one token and the signature of the other.
func tampered(signed, claims string) string {
	a, b := strings.Split(signed, "."), strings.Split(claims, ".")
	return a[0] + "." + b[1] + "." + a[2]
}

// In simulation mode the id of a client carries the sandbox, and only that of the request.
func TestClientOfASandbox(t *testing.T) {
	t.Parallel()
	shop := commerce(t)
	v := &Verifier{Clock: &testClock{now: noon()}, Clients: map[string]string{"shop": "storefront"}}
	v.OCAPI = NewKeys(v.Clock, shop.publish)
	token := shop.sign(t, ocapiClaims(map[string]any{"iss": "shop~blue"}))
	for sandbox, wanted := range map[string]bool{"blue": true, "green": false} {
		ctx := remote.WithScope(t.Context(), remote.Scope{Sandbox: sandbox, Forward: true})
		if got, err := v.Identify(ctx, token); (err == nil) != wanted {
			t.Errorf("in sandbox %s: %+v, %v", sandbox, got, err)
		}
	}
	if _, err := v.Identify(t.Context(), token); err == nil {
		t.Error("production takes the client of a sandbox for its own")
	}
	if got := SandboxOf(token); got != "blue" {
		t.Errorf("the token is said to be of sandbox %q", got)
	}
}

// A clock that was read before the sandbox's was advanced is looked at again before a token is refused.
func TestOldClockIsReadAgain(t *testing.T) {
	t.Parallel()
	log := slas(t)
	v := &Verifier{Clock: &testClock{now: noon(), later: noon().Add(time.Hour)}, Tenant: "abcd_prd"}
	v.SLAS = NewKeys(v.Clock, log.publish)
	token := log.sign(t, slasClaims(map[string]any{"nbf": noon().Add(time.Minute).Unix(), "exp": noon().Add(2 * time.Hour).Unix()}))
	if got, err := v.Identify(t.Context(), token); err != nil || got.Kind != Registered {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestKeysAreKeptAndFetchedAnew(t *testing.T) {
	t.Parallel()
	shop := commerce(t)
	clock := &testClock{now: noon()}
	v := &Verifier{Clock: clock}
	v.OCAPI = NewKeys(clock, shop.publish)
	life := map[string]any{"exp": noon().Add(100 * time.Hour).Unix()}
	token := shop.sign(t, ocapiClaims(life))
	identify := func(token string) error { _, err := v.Identify(t.Context(), token); return err }
	expect := func(what string, err error, fails bool, asked int) {
		t.Helper()
		if (err != nil) != fails || shop.asked != asked {
			t.Errorf("%s: %v after %d fetches, want failure %t after %d", what, err, shop.asked, fails, asked)
		}
	}
	expect("first", identify(token), false, 1)
	expect("again", identify(token), false, 1)
	shop.id = "rsa-2" // rotated
	rotated := shop.sign(t, ocapiClaims(life))
	expect("an unknown key at once", identify(rotated), true, 1)
	clock.now = clock.now.Add(keysPause)
	expect("an unknown key later", identify(rotated), false, 2)
	made := &signer{private: shop.private, method: shop.method, id: "made-up"}
	for range 20 {
		_ = identify(made.sign(t, ocapiClaims(life))) // refused; what matters is that it costs no fetch
	}
	expect("made-up keys", identify(rotated), false, 2)
	shop.broken = &remote.Error{System: "b2c", Class: remote.Unavailable}
	clock.now = clock.now.Add(2 * time.Hour)
	expect("stale keys while the signer is away", identify(rotated), false, 3)
	clock.now = clock.now.Add(keysLife)
	if err := identify(rotated); remote.ClassOf(err) != remote.Unavailable {
		t.Errorf("keys that are too old: %v, want that the signer is away", err)
	}
	other := remote.WithScope(t.Context(), remote.Scope{Sandbox: "other"})
	if _, err := v.Identify(other, rotated); remote.ClassOf(err) != remote.Unavailable {
		t.Errorf("another sandbox has keys of its own: %v", err)
	}
}

func TestAgents(t *testing.T) {
	t.Parallel()
	users := map[string]User{
		"00D1!ada":   {ID: "005A", Username: "ada@org", Type: standardUser, Active: true},
		"00D1!left":  {ID: "005B", Username: "left@org", Type: standardUser},
		"00D1!guest": {ID: "005C", Username: "guest@org", Type: "CSP_LITE_PORTAL", Active: true},
		"00D1!other": {ID: "005D", Username: "other@org", Type: standardUser, Active: true},
	}
	asked := 0
	clock := &testClock{now: noon()}
	agents, err := NewAgents(clock, func(_ context.Context, session string) (User, error) {
		asked++
		user, ok := users[session]
		if !ok {
			return User{}, &remote.Error{Class: remote.Unauthorized}
		}
		return user, nil
	}, []string{"ada@org", "left@org", "guest@org"})
	if err != nil {
		t.Fatal(err)
	}
	v := &Verifier{Clock: clock, Agents: agents}
	for session, want := range map[string]orderops.Code{
		"00D1!ada": "", "00D1!left": orderops.Forbidden, "00D1!guest": orderops.Forbidden, "00D1!other": orderops.Forbidden, "00D1!none": orderops.Unauthenticated,
	} {
		id, err := v.Identify(t.Context(), session)
		refusal, refused := orderops.AsRefusal(err)
		if refused != (want != "") || refused && refusal.Code != want || !refused && id.Actor() != "agent:005A" {
			t.Errorf("%s: %+v, %v, want %q", session, id, err, want)
		}
	}
	before := asked
	if _, err := v.Identify(t.Context(), "00D1!ada"); err != nil || asked != before {
		t.Errorf("a session that is known costs %d questions, %v", asked-before, err)
	}
	delete(users, "00D1!ada")
	clock.now = clock.now.Add(agentLife)
	if _, err := v.Identify(t.Context(), "00D1!ada"); err == nil {
		t.Error("a session that was ended still counts after a minute")
	}
}

// The audit log tells the actions of one shopper apart from another's, and nobody's name, id or token.
func TestActorsAreNamedWithoutSayingWho(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, id := range []Identity{
		{Kind: Registered, CustomerID: "c1", Token: "t1"},
		{Kind: Registered, CustomerID: "c2"},
		{Kind: Guest, CustomerID: "c1"},
		{Kind: Opaque, Token: "secret"},
		{Kind: Agent, UserID: "005A"},
		{Kind: Anonymous},
	} {
		actor := id.Actor()
		if seen[actor] || strings.HasSuffix(actor, ":c1") || strings.HasSuffix(actor, ":c2") || strings.Contains(actor, "secret") {
			t.Errorf("%+v is named %s", id, actor)
		}
		seen[actor] = true
	}
	first, again := Identity{Kind: Registered, CustomerID: "c1", Token: "a"}, Identity{Kind: Registered, CustomerID: "c1", Token: "b"}
	if first.Actor() != again.Actor() {
		t.Error("the same shopper has two names")
	}
}
