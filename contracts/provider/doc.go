// Package provider holds the tests that replay the pacts against the simulator
// and order-ops by the official verifier. They have the build tag pact, since
// they link a native library; there is no code here to import.
package provider
