package features_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/report"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/simtest"
)

// A run of which nobody wants a report keeps what happened where a scenario failed, as whole as any run, and nowhere else.
func TestALeanRunKeepsWhatFailed(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	orderOps, operator := startOrderOps(t, sim, &kept{})
	const text = `Feature: Two
  Scenario: holds
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels the order in the app
    Then the shopper is told that the order is cancelled
  Scenario: fails
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels the order in the app
    Then the shop shows the order as open
`
	for _, lean := range []bool{true, false} {
		run, err := features.Run(t.Context(), features.Options{
			API: sim.URL, Control: sim.ControlURL, OrderOps: orderOps, Operator: operator, Now: clock.Real{}.Now, Patience: busy, Lean: lean,
			Faces: []features.Face{features.OCAPI, features.REST}, Sandbox: features.ByBaggage, Features: fstest.MapFS{"two.feature": {Data: []byte(text)}},
		})
		if !errors.Is(err, features.ErrFailed) || len(run.Scenarios) != 2 {
			t.Fatalf("%d scenarios ran: %v", len(run.Scenarios), err)
		}
		if held := run.Scenarios[0]; held.Status != report.Passed || (len(held.Journal) == 0) != lean {
			t.Errorf("lean %t: the one that holds %s and has %d exchanges", lean, held.Status, len(held.Journal))
		}
		bodies, fields := detail(run.Scenarios[1].Journal)
		if failed := run.Scenarios[1]; failed.Status != report.Failed || bodies == 0 || fields == 0 || len(failed.Later) == 0 {
			t.Errorf("lean %t: the other one %s, with %d bodies, %d fields that changed, and %d changes beside the exchanges", lean, failed.Status, bodies, fields, len(failed.Later))
		}
	}
}

// detail counts the bodies and the fields that changed.
func detail(list []report.Exchange) (bodies, fields int) {
	for _, e := range list {
		if e.Response.Body != "" {
			bodies++
		}
		for _, c := range e.Changes {
			fields += len(c.Fields)
		}
	}
	return bodies, fields
}
