//go:build full

package mutation

import (
	"testing"

	"github.com/somsim/somsim/features"
)

// The clean run happens at such a place as well, so that a scenario which the switches alone break is seen.
func TestScenariosTurnRedWhenARuleOrACallIsSwitchedOff(t *testing.T) {
	t.Parallel()
	clean, err := build(t, "../..").start(t).run(t, features.Options{Concurrency: 8, Out: t.Output()})
	if err != nil {
		t.Fatalf("with nothing switched off: %v", err)
	}
	TurnRed(t, "../..", &clean, 0)
}
