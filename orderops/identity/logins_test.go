package identity

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// accounts stands for Customer Data Cloud with the shop that knows its people.
type accounts struct {
	*signer
	standing            Standing
	standingErr, exErr  error
	questions, exchange int
	site                string
	token               string
}

func (a *accounts) system(clock Clock) LoginSystem {
	return LoginSystem{
		APIKey: "site", Audience: "shop", Keys: NewKeys(clock, a.publish),
		Standing: func(context.Context, string) (Standing, error) {
			a.questions++
			return a.standing, a.standingErr
		},
		Exchange: func(_ context.Context, site, uid string) (string, error) {
			a.exchange++
			if a.site = site; uid != "uid-1" {
				return "", &remote.Error{System: "slas", Class: remote.NotFound}
			}
			return a.token, a.exErr
		},
	}
}

func cdcClaims(change map[string]any) jwt.MapClaims {
	c := jwt.MapClaims{"iss": cdcIssuer + "site/", "aud": "shop", "sub": "uid-1", "exp": noon().Add(5 * time.Minute).Unix()}
	for name, value := range change {
		c[name] = value
	}
	return c
}

// vouching is a verifier with a log-in system in which all is well.
func vouching(t *testing.T) (*Verifier, *accounts, *testClock) {
	t.Helper()
	clock := &testClock{now: noon()}
	a := &accounts{signer: commerce(t), standing: Standing{Active: true, Complete: true}, token: slas(t).sign(t, slasClaims(nil))}
	logins, err := NewLogins(a.system(clock))
	if err != nil {
		t.Fatal(err)
	}
	return &Verifier{Clock: clock, Tenant: "abcd_prd", Clients: map[string]string{"site": "app"}, Logins: logins}, a, clock
}

func TestALogInAtCustomerDataCloudIsACustomerOfTheShop(t *testing.T) {
	t.Parallel()
	v, a, clock := vouching(t)
	ctx := WithSite(t.Context(), "RefArch")
	token := a.sign(t, cdcClaims(nil))
	want := Identity{Kind: Registered, CustomerID: "c2", ClientID: "pwa", Site: "RefArch", Channel: "app", Token: a.token}
	for range 3 {
		got, err := v.Identify(ctx, token)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("%v %s", err, diff)
		}
	}
	if a.questions != 1 || a.exchange != 1 || a.asked != 1 || a.site != "RefArch" {
		t.Errorf("three requests came to %d questions, %d exchanges for %q and %d fetches of keys", a.questions, a.exchange, a.site, a.asked)
	}
	if _, err := v.Identify(WithSite(t.Context(), "Other"), token); err != nil || a.exchange != 2 || a.site != "Other" {
		t.Errorf("another site: %v after %d exchanges", err, a.exchange)
	}
	a.standing.Active = false
	clock.now = clock.now.Add(loginLife)
	if _, err := v.Identify(ctx, token); !isRefused(err, orderops.Forbidden) {
		t.Errorf("an account that was switched off a minute ago: %v", err)
	}
}

func isRefused(err error, code orderops.Code) bool {
	refusal, ok := orderops.AsRefusal(err)
	return ok && refusal.Code == code
}

func TestWhatCustomerDataCloudDidNotVouchForIsRefused(t *testing.T) {
	t.Parallel()
	v, a, _ := vouching(t)
	forged := commerce(t)
	none := &Verifier{Clock: v.Clock}
	cases := []struct {
		name  string
		v     *Verifier
		token string
		want  orderops.Code
	}{
		{"an expired token", v, a.sign(t, cdcClaims(map[string]any{"exp": noon().Unix()})), orderops.IDPSessionExpired},
		{"a token without end", v, a.sign(t, cdcClaims(map[string]any{"exp": nil})), orderops.Unauthenticated},
		{"another site", v, a.sign(t, cdcClaims(map[string]any{"iss": cdcIssuer + "other/"})), orderops.Unauthenticated},
		{"an issuer that begins as ours", v, a.sign(t, cdcClaims(map[string]any{"iss": cdcIssuer + "site/x"})), orderops.Unauthenticated},
		{"another audience", v, a.sign(t, cdcClaims(map[string]any{"aud": "elsewhere"})), orderops.Unauthenticated},
		{"no audience", v, a.sign(t, cdcClaims(map[string]any{"aud": nil})), orderops.Unauthenticated},
		{"another site, and expired", v, a.sign(t, cdcClaims(map[string]any{"iss": cdcIssuer + "other/", "exp": noon().Unix()})), orderops.Unauthenticated},
		{"nobody", v, a.sign(t, cdcClaims(map[string]any{"sub": ""})), orderops.Unauthenticated},
		{"another's key under the same id", v, forged.sign(t, cdcClaims(nil)), orderops.Unauthenticated},
		{"forged, and expired", v, forged.sign(t, cdcClaims(map[string]any{"exp": noon().Unix()})), orderops.Unauthenticated},
		{"no signature", v, unsigned(t, cdcClaims(nil)), orderops.Unauthenticated},
		{"the public key taken for a secret", v, confused(t, a.signer, cdcClaims(nil)), orderops.Unauthenticated},
		{"a changed claim", v, tampered(a.sign(t, cdcClaims(nil)), a.sign(t, cdcClaims(map[string]any{"sub": "uid-2"}))), orderops.Unauthenticated},
		{"somebody whom the shop does not know", v, a.sign(t, cdcClaims(map[string]any{"sub": "uid-2"})), orderops.Forbidden},
		{"where nobody comes from there", none, a.sign(t, cdcClaims(nil)), orderops.Unauthenticated},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got, err := tc.v.Identify(t.Context(), tc.token); !isRefused(err, tc.want) {
				t.Errorf("got %+v, %v, want %s", got, err, tc.want)
			}
		})
	}
}

func TestWhatBecomesOfALogInThatCannotBeFollowed(t *testing.T) {
	t.Parallel()
	away := func(class remote.Class) error { return &remote.Error{System: "sap-cdc", Class: class} }
	cases := []struct {
		name  string
		spoil func(a *accounts)
		want  orderops.Code
		class remote.Class
	}{
		{"an account that is gone", func(a *accounts) { a.standingErr = away(remote.NotFound) }, orderops.Unauthenticated, ""},
		{"a registration that is pending", func(a *accounts) { a.standing = Standing{} }, orderops.ProfileIncomplete, ""},
		{"our own key is not accepted", func(a *accounts) { a.standingErr = away(remote.Unauthorized) }, orderops.UpstreamError, ""},
		{"accounts are asked too often", func(a *accounts) { a.standingErr = away(remote.Throttled) }, "", remote.Throttled},
		{"accounts are away", func(a *accounts) { a.standingErr = away(remote.Unavailable) }, "", remote.Unavailable},
		{"keys are away", func(a *accounts) { a.broken = away(remote.Unavailable) }, "", remote.Unavailable},
		{"keys are not for us", func(a *accounts) { a.broken = away(remote.Unauthorized) }, orderops.UpstreamError, ""},
		{"SLAS does not accept us", func(a *accounts) { a.exErr = away(remote.Unauthorized) }, orderops.UpstreamError, ""},
		{"SLAS is away", func(a *accounts) { a.exErr = away(remote.Unavailable) }, "", remote.Unavailable},
		{"SLAS gives something else", func(a *accounts) { a.token = "opaque" }, orderops.UpstreamError, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v, a, _ := vouching(t)
			tc.spoil(a)
			for range 2 { // a failure is not remembered
				got, err := v.Identify(t.Context(), a.sign(t, cdcClaims(nil)))
				if tc.want != "" && !isRefused(err, tc.want) || remote.ClassOf(err) != tc.class {
					t.Fatalf("got %+v, %v, want %s%s", got, err, tc.want, tc.class)
				}
			}
		})
	}
}

// A token is good in the sandbox that it was made in.
func TestALogInOfASandbox(t *testing.T) {
	t.Parallel()
	v, a, _ := vouching(t)
	token := a.sign(t, cdcClaims(map[string]any{"iss": cdcIssuer + "site~blue/"}))
	for sandbox, wanted := range map[string]bool{"blue": true, "green": false, "default": false} {
		ctx := remote.WithScope(t.Context(), remote.Scope{Sandbox: sandbox, Forward: true})
		if got, err := v.Identify(ctx, token); (err == nil) != wanted {
			t.Errorf("in sandbox %s: %+v, %v", sandbox, got, err)
		}
	}
	if got := SandboxOf(token); got != "blue" {
		t.Errorf("the token is said to be of sandbox %q", got)
	}
}

// A sandbox that is made anew under its name begins at the same instant: the token that it gives is the old one's to the
// letter, and what that was exchanged for is worth nothing.
func TestAWorldThatWasMadeAnewIsAskedAnew(t *testing.T) {
	t.Parallel()
	v, a, _ := vouching(t)
	sessions := 0
	agents, err := NewAgents(v.Clock, func(context.Context, string) (User, error) {
		sessions++
		return User{ID: "005A", Username: "ada", Type: standardUser, Active: true}, nil
	}, []string{Everybody})
	if err != nil {
		t.Fatal(err)
	}
	v.Agents = agents
	token := a.sign(t, cdcClaims(nil))
	in := func(sandbox string) context.Context {
		return remote.WithScope(WithSite(t.Context(), "RefArch"), remote.Scope{Sandbox: sandbox})
	}
	look := func() {
		t.Helper()
		for _, sandbox := range []string{"blue", "green"} {
			_, ofShopper := v.Identify(in(sandbox), token)
			_, ofAgent := v.Identify(in(sandbox), "00D1!ada")
			if err := errors.Join(ofShopper, ofAgent); err != nil {
				t.Fatalf("in %s: %v", sandbox, err)
			}
		}
	}
	look()
	v.ForgetSandbox("blue")
	look()
	if a.exchange != 3 || a.asked != 3 || sessions != 3 {
		t.Errorf("two sandboxes of which one was made anew came to %d exchanges, %d fetches of keys and %d questions about the session, want 3 each", a.exchange, a.asked, sessions)
	}
}
