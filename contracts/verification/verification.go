// Package verification has a provider's side of pacts verified, by the official
// verifier where it is installed and by replay otherwise, and reports what came
// of each interaction in one form.
package verification

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/replay"
)

// Report is what came of verifying a provider.
type Report struct {
	Provider string `json:"provider"`
	// Verifier is who verified: "pact" or "replay".
	Verifier string       `json:"verifier"`
	Pacts    []PactReport `json:"pacts"`
}

// PactReport is what came of one consumer's pact.
type PactReport struct {
	Consumer string `json:"consumer"`
	// SHA256 is of the pact file that was verified.
	SHA256       string              `json:"sha256"`
	Interactions []InteractionReport `json:"interactions"`
}

// InteractionReport is what came of one interaction; without problems it holds.
type InteractionReport struct {
	Description string   `json:"description"`
	Problems    []string `json:"problems,omitempty"`
}

// Failures are the interactions that do not hold, each with its consumer and
// first problem.
func (r Report) Failures() (all []string) {
	for _, p := range r.Pacts {
		for _, i := range p.Interactions {
			if len(i.Problems) > 0 {
				all = append(all, fmt.Sprintf("%s → %s: %s: %s", p.Consumer, r.Provider, i.Description, i.Problems[0]))
			}
		}
	}
	return all
}

// Count is the number of interactions.
func (r Report) Count() (n int) {
	for _, p := range r.Pacts {
		n += len(p.Interactions)
	}
	return n
}

// Sum is the checksum by which a report tells which pact it is about.
func Sum(p pactfile.Pact) string {
	sum := sha256.Sum256(p.Source)
	return hex.EncodeToString(sum[:])
}

// With are the pacts that a provider has.
func With(provider string, pacts []pactfile.Pact) (own []pactfile.Pact) {
	for _, p := range pacts {
		if p.Provider.Name == provider {
			own = append(own, p)
		}
	}
	return own
}

// ByReplay verifies a provider's pacts in plain Go, messages included.
func ByReplay(ctx context.Context, provider replay.Provider, pacts []pactfile.Pact) Report {
	report := Report{Provider: provider.Name, Verifier: "replay"}
	for _, p := range pacts {
		one := PactReport{Consumer: p.Consumer.Name, SHA256: Sum(p)}
		for _, i := range p.Interactions {
			result, came := provider.Verify(ctx, i), InteractionReport{Description: i.Description}
			if result.Err != nil {
				came.Problems = append(came.Problems, result.Err.Error())
			}
			for _, m := range result.Mismatches {
				came.Problems = append(came.Problems, m.String())
			}
			one.Interactions = append(one.Interactions, came)
		}
		report.Pacts = append(report.Pacts, one)
	}
	return report
}
