// Package mutation proves that the scenarios can fail. It builds the simulator and order-ops once with switches in
// them, which are in no source file: one for each named rule of the simulator, which then no longer refuses, and one for
// each call of order-ops that changes something elsewhere, which then is not made and claims to be. Each mutant has the
// scenarios to itself that came by its rule or its call when nothing was switched off, and one of them has to turn red.
//
// equivalent.yaml lists the mutants that no scenario can tell from the original, each with the reason.
package mutation
