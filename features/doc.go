// Package features holds the scenarios: what must come of a cancel, a modification or a return, in the words of the
// people who decide about it, with the steps that carry the words out.
//
// A scenario is a guest. It talks HTTP and nothing else: as a shopper with order-ops, as the warehouse and the back
// office with order management, as an auditor with every system, and with the control plane for time, faults and the
// journal. So the same scenarios run in `go test`, in `somsim scenarios`, and against processes that somebody else
// started. Each has a sandbox of its own, with a clock that stands still until a step moves it, and nothing is shared
// between scenarios: they run side by side and in any order.
//
// Where to look:
//
//   - */*.feature: the scenarios, by area; a tag names the case that a scenario proves
//   - *_steps.go: what the sentences mean, by noun
//   - world.go: what one scenario remembers; hooks.go: how it begins and ends
//   - shopper.go, orguser.go, inventory.go, auditor.go, operators.go, control.go: who the scenario acts as
//   - truths.go: what must hold after every scenario, whatever it was about: every invariant of the simulator, or an open
//     work item of order-ops names the deviation; and whatever the shopper was told
package features
