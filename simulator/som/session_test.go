package som

import (
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

func TestSessionsLetTheRightOnesIn(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	cases := []struct {
		name, rule string
		open       func(tx *sandbox.Tx) (Session, error)
		username   string
	}{
		{"client credentials run as the app's user", "", func(tx *sandbox.Tx) (Session, error) { return o.ClientCredentials(tx, Client{"somsim", "somsim"}) }, "integration@somsim.test"},
		{"a password logs its user in", "", func(tx *sandbox.Tx) (Session, error) {
			return o.PasswordGrant(tx, Client{"somsim", "somsim"}, "dev@somsim.test", "somsim")
		}, "dev@somsim.test"},
		{"a SOAP login needs no app", "", func(tx *sandbox.Tx) (Session, error) { return o.Login(tx, "dev@somsim.test", "somsim") }, "dev@somsim.test"},
		{"an unknown client", "som.oauth.client-id", func(tx *sandbox.Tx) (Session, error) { return o.ClientCredentials(tx, Client{"x", "somsim"}) }, ""},
		{"a wrong secret", "som.oauth.client-secret", func(tx *sandbox.Tx) (Session, error) { return o.ClientCredentials(tx, Client{"somsim", "x"}) }, ""},
		{"a wrong password", "som.oauth.password", func(tx *sandbox.Tx) (Session, error) {
			return o.PasswordGrant(tx, Client{"somsim", "somsim"}, "dev@somsim.test", "x")
		}, ""},
		{"a wrong password at SOAP", "som.login.password", func(tx *sandbox.Tx) (Session, error) { return o.Login(tx, "nobody@somsim.test", "somsim") }, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			var s Session
			rule := o.try(func(tx *sandbox.Tx) (err error) {
				s, err = tc.open(tx)
				return err
			})
			if rule != tc.rule || s.Username != tc.username {
				t.Errorf("rule %q, user %q", rule, s.Username)
			}
			if rule == "" && (!strings.HasPrefix(s.Token, OrganizationID()[:15]+"!") || SandboxOfToken(s.Token) != "default") {
				t.Errorf("token %s", s.Token)
			}
		})
	}
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	var s Session
	o.write(func(tx *sandbox.Tx) (err error) {
		s, err = o.ClientCredentials(tx, Client{"somsim", "somsim"})
		return err
	})
	check := func() string {
		return o.try(func(tx *sandbox.Tx) error {
			_, err := o.Authenticate(tx, s.Token)
			return err
		})
	}
	if rule := check(); rule != "" {
		t.Errorf("fresh: rule %q", rule)
	}
	if err := o.world.MoveTo(o.world.Now().Add(12 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	if rule := check(); rule != "som.session.valid" {
		t.Errorf("after 12 hours: rule %q", rule)
	}
}

func TestCredentialsCarryASandbox(t *testing.T) {
	t.Parallel()
	for credential, want := range map[string][2]string{
		"somsim": {"somsim", ""}, "somsim~one": {"somsim", "one"}, "dev@somsim.test": {"dev@somsim.test", ""},
		"dev~one@somsim.test": {"dev@somsim.test", "one"},
	} {
		if plain, name := SplitCredential(credential); plain != want[0] || name != want[1] {
			t.Errorf("%s: %q in %q", credential, plain, name)
		}
	}
	for token, want := range map[string]string{tokenPrefix() + "AQ.one.abc": "one", tokenPrefix() + "other": "", "": ""} {
		if got := SandboxOfToken(token); got != want {
			t.Errorf("%s: %q", token, got)
		}
	}
}

func TestUsersAndLocationsAreUnique(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	rule := o.try(func(tx *sandbox.Tx) error {
		_, err := o.User(tx, NewUser{Username: "dev@somsim.test"})
		return err
	})
	if rule != "som.user.unique" {
		t.Errorf("rule %q", rule)
	}
	rule = o.try(func(tx *sandbox.Tx) error {
		_, err := o.Location(tx, NewLocation{Name: "again", ExternalReference: "WH-1"})
		return err
	})
	if rule != "som.location.unique" {
		t.Errorf("rule %q", rule)
	}
}
