package somrest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// oauthForm is what a caller sends to the authorization server, in the body or, to be asked for consent, in the query.
type oauthForm struct{ url.Values }

// readForm reads the form; client id and secret may be in the header instead (HTTP Basic).
func readForm(r *binding.Request) oauthForm {
	encoded := string(r.Body)
	if r.Method == http.MethodGet {
		encoded = r.HTTP().URL.RawQuery
	}
	values, err := url.ParseQuery(encoded)
	if err != nil {
		values = url.Values{}
	}
	form := oauthForm{values}
	if encoded, ok := credential(r, "Basic"); ok {
		if plain, err := base64.StdEncoding.DecodeString(encoded); err == nil {
			id, secret, _ := strings.Cut(string(plain), ":")
			form.Set("client_id", id)
			form.Set("client_secret", secret)
		}
	}
	return form
}

// client is the connected app that the form speaks for.
func (f oauthForm) client() som.Client {
	id, _ := som.SplitCredential(f.Get("client_id"))
	return som.Client{ID: id, Secret: f.Get("client_secret")}
}

// namedSandbox is a field of a form with the sandbox it tells.
type namedSandbox struct{ field, sandbox string }

// sandboxes lists the fields that tell a sandbox: credentials with its name in them, and what was issued in it.
func (f oauthForm) sandboxes() []namedSandbox {
	var found []namedSandbox
	add := func(field, name string) {
		if name != "" {
			found = append(found, namedSandbox{field, name})
		}
	}
	for _, field := range []string{"client_id", "username"} {
		_, name := som.SplitCredential(f.Get(field))
		add(field, name)
	}
	for _, field := range []string{"code", "refresh_token", "token"} {
		add(field, som.SandboxOfToken(f.Get(field)))
	}
	claims := jwt.RegisteredClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(f.Get("assertion"), &claims); err == nil {
		for _, claim := range []string{claims.Issuer, claims.Subject} {
			_, name := som.SplitCredential(claim)
			add("assertion", name)
		}
	}
	return found
}

// agreesOnSandbox refuses a form that names two sandboxes.
func (f oauthForm) agreesOnSandbox() error {
	found := f.sandboxes()
	for _, other := range found {
		if first := found[0]; other.sandbox != first.sandbox {
			return &binding.SandboxError{
				Reason: fmt.Sprintf("the request names two sandboxes: %q in %s and %q in %s", first.sandbox, first.field, other.sandbox, other.field),
			}
		}
	}
	return nil
}
