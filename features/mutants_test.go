//go:build !full && !race

package features_test

import (
	"testing"

	"github.com/somsim/somsim/features/mutation"
	"github.com/somsim/somsim/features/report"
)

// sampled is how many mutants the scenarios have to notice here. The full tests try them all.
const sampled = 40

// noticed has the scenarios of a run prove that they can fail.
func noticed(t *testing.T, run *report.Run) {
	t.Helper()
	t.Run("TurnRedWhenARuleOrACallIsSwitchedOff", func(t *testing.T) { mutation.TurnRed(t, "..", run, sampled) })
}
