// Package square is the face of the loyalty service: it turns calls of specs/loyalty/openapi.yaml, which is shaped like
// Square's Loyalty API, into calls of package loyalty and shapes the answers.
package square

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/specs"
)

// Token is the access token that every sandbox takes, so that a client can be pointed at the simulator without reading
// anything.
const Token = "somsim"

// API answers the operations of the face.
type API struct{ domain *loyalty.Loyalty }

// New returns the face over a domain; callers authenticate with [Token].
func New(d *loyalty.Loyalty) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("loyalty/openapi.yaml")
	if err != nil {
		return nil, fmt.Errorf("loyalty: %w", err)
	}
	listed, err := specs.FS.ReadFile("loyalty/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("loyalty: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("loyalty/rules.yaml: %w", err)
	}
	a := &API{domain: d}
	return &binding.Face{
		System: "loyalty", Name: "loyalty/square", Spec: spec, SpecFile: "loyalty/openapi.yaml", Operations: a.routes(),
		Schemes: map[string]binding.Authenticator{"AccessToken": a.authenticate},
		Sandbox: sandboxOf, Errors: answerError, Rules: rules,
	}, nil
}

// authenticate checks the access token.
func (a *API) authenticate(c *binding.Call) (binding.Principal, error) {
	token, _ := bearer(c.Request)
	if token != Token {
		return binding.Principal{}, &refusal{
			status: http.StatusUnauthorized, rule: "loyalty.auth.token",
			apiError: apiError{authenticationError, "UNAUTHORIZED", "This request could not be authorized.", ""},
		}
	}
	return binding.Principal{Kind: "client", Client: token}, nil
}

// bearer splits the token of a call into the token itself and the sandbox.
func bearer(r *binding.Request) (token, sandbox string) {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", ""
	}
	token, sandbox, _ = strings.Cut(strings.TrimSpace(value), "~")
	return token, sandbox
}

func sandboxOf(r *binding.Request) string {
	_, sandbox := bearer(r)
	return sandbox
}
