// Package globalcollect is the Connect face of the payment platform, the generation before Direct (GlobalCollect): the same
// payments by other paths, names and statuses. Money is taken by an approval, once, unless a payment is a pre-authorisation.
package globalcollect

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
	spec, err := specs.FS.ReadFile("worldline/connect.yaml")
	if err != nil {
		return nil, fmt.Errorf("worldline: %w", err)
	}
	rules, err := gcs.Rules()
	if err != nil {
		return nil, err
	}
	a := &API{domain: d}
	return &binding.Face{
		System: "worldline", Name: "worldline/connect", Spec: spec, SpecFile: "worldline/connect.yaml", Operations: a.routes(),
		Schemes: map[string]binding.Authenticator{"GCS": gcs.Authenticator(d, gcs.AllTyped)},
		Sandbox: gcs.Sandbox, Claim: gcs.Claim, Errors: answerError, Rules: rules,
	}, nil
}
