// Package ocijson is what the faces of Omnichannel Inventory have in common: the bodies of Connect REST in JSON, and the
// calls of package oci that they stand for. Envelopes, paths and credentials are the faces' own business.
package ocijson

import "github.com/somsim/somsim/simulator/oci"

// Bodies answers the operations that every face has.
type Bodies struct {
	Domain *oci.OCI
	// NullErrors writes null where there are no errors, instead of an empty list.
	NullErrors bool
}

// Refusal is a request that cannot be understood although it fits its specification.
type Refusal struct {
	// Rule is the id of the rule in specs/oci/rules.yaml.
	Rule, Detail string
}

func (e *Refusal) Error() string { return e.Detail }

// RuleID returns the id of the rule behind the refusal.
func (e *Refusal) RuleID() string { return e.Rule }

// none is an empty list of errors.
func none[T any](b Bodies) []T {
	if b.NullErrors {
		return nil
	}
	return []T{}
}
