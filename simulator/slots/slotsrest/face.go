// Package slotsrest is the REST face of the slot service: it turns calls of specs/slots/openapi.yaml into calls of
// package slots and shapes the answers.
package slotsrest

import (
	"fmt"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/specs"
)

// Key is the API key that every sandbox takes, so that a client can be pointed at the simulator without reading anything.
const Key = "somsim"

// API answers the operations of the face.
type API struct{ domain *slots.Slots }

// New returns the face over a domain; callers authenticate with [Key].
func New(d *slots.Slots) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("slots/openapi.yaml")
	if err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	listed, err := specs.FS.ReadFile("slots/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("slots/rules.yaml: %w", err)
	}
	a := &API{domain: d}
	return &binding.Face{
		System: "slots", Name: "slots/slotsrest", Spec: spec, SpecFile: "slots/openapi.yaml", Operations: a.routes(),
		Schemes: map[string]binding.Authenticator{"ApiKey": a.authenticate},
		Sandbox: sandboxOf, Errors: answerError, Rules: rules,
	}, nil
}

// authenticate checks the API key.
func (a *API) authenticate(c *binding.Call) (binding.Principal, error) {
	key, _ := bearer(c.Request)
	if key != Key {
		return binding.Principal{}, &refusal{
			status: 401, code: "UNAUTHENTICATED", rule: "slots.auth.key",
			message: "the call needs the API key as a bearer token",
		}
	}
	return binding.Principal{Kind: "client", Client: key}, nil
}

// bearer splits the token of a call into API key and sandbox.
func bearer(r *binding.Request) (key, sandbox string) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", ""
	}
	key, sandbox, _ = strings.Cut(strings.TrimSpace(token), "~")
	return key, sandbox
}

func sandboxOf(r *binding.Request) string {
	_, sandbox := bearer(r)
	return sandbox
}
