package features

import (
	_ "embed" // for the policies
)

//go:embed returns/policies.yaml
var returnPolicies []byte

// ReturnPolicies is the file of return policies that the scenarios expect of an order-ops.
func ReturnPolicies() []byte { return returnPolicies }
