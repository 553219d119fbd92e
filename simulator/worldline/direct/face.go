// Package direct is the Worldline Direct face of the payment platform: signed requests, idempotence keys and the
// documents of specs/worldline/openapi.yaml over package worldline.
package direct

import (
	"fmt"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
	"github.com/somsim/somsim/specs"
)

// API answers the operations of the face.
type API struct{ domain *worldline.Worldline }

// New returns the face over a domain.
func New(d *worldline.Worldline) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("worldline/openapi.yaml")
	if err != nil {
		return nil, fmt.Errorf("worldline: %w", err)
	}
	rules, err := gcs.Rules()
	if err != nil {
		return nil, err
	}
	a := &API{domain: d}
	return &binding.Face{
		System: "worldline", Name: "worldline/direct", Spec: spec, SpecFile: "worldline/openapi.yaml", Operations: a.routes(),
		Schemes: map[string]binding.Authenticator{"GCS": gcs.Authenticator(d, gcs.WritesTyped)},
		Sandbox: gcs.Sandbox, Claim: gcs.Claim, Errors: answerError, Rules: rules,
	}, nil
}
