// Package ga4 is the Measurement Protocol face of the collector: it reads the payloads of specs/tracking/openapi.yaml
// leniently, as the vendor does, and hands them to package tracking.
package ga4

import (
	"fmt"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/tracking"
	"github.com/somsim/somsim/specs"
)

// API answers the operations of the face.
type API struct{ domain *tracking.Tracking }

// New returns the face over a domain.
func New(d *tracking.Tracking) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("tracking/openapi.yaml")
	if err != nil {
		return nil, fmt.Errorf("tracking: %w", err)
	}
	listed, err := specs.FS.ReadFile("tracking/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("tracking: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("tracking/rules.yaml: %w", err)
	}
	a := &API{domain: d}
	return &binding.Face{
		System: "tracking", Name: "tracking/ga4", Spec: spec, SpecFile: "tracking/openapi.yaml", Operations: a.routes(),
		Sandbox: sandboxOf, Errors: answerError, Rules: rules,
	}, nil
}

// secret splits the API secret of a call into the secret itself and the sandbox.
func secret(r *binding.Request) (secret, sandbox string) {
	secret, sandbox, _ = strings.Cut(r.Query("api_secret"), "~")
	return secret, sandbox
}

func sandboxOf(r *binding.Request) string {
	_, sandbox := secret(r)
	return sandbox
}
