// Package contracts holds what order-ops and the systems around it have agreed
// on, and checks it from three sides:
//
//   - consumer/ writes pacts/*.json by exercising the clients of order-ops, and
//     a small storefront that is a client of order-ops;
//   - provider/ replays them against the simulator, and against order-ops
//     running beside it, in the states that states/ brings about;
//   - the tests of this package hold each interaction against the documents in
//     specs/, and the calls and refusals of order-ops against the pacts, with
//     nothing but Go.
//
// consumer/ and provider/ link a native library and therefore have the build
// tag pact. foreign/ runs vendors' own clients and has the tag foreign. See the
// Makefile for how each is run, and docs/contracts.md for how one is added.
//
// The other packages are those of `somsim contracts`, which a team runs without
// a checkout: this one embeds what they need of it.
package contracts

import "embed"

// Pacts are the pact files, in folder pacts, those about messages below it.
//
//go:embed pacts/*.json pacts/messages/*.json
var Pacts embed.FS

// Calls is calls.yaml: the operations that the clients of order-ops call.
//
//go:embed calls.yaml
var Calls []byte
