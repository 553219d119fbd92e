package features_test

import (
	"testing"
	"time"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/internal/spare"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/simtest"
)

// promised is how long the whole catalogue may take on two cores.
const promised = 30 * time.Second

// BenchmarkCatalogue runs every scenario, eight at a time.
func BenchmarkCatalogue(b *testing.B) {
	unset := func(string) (string, bool) { return "", false }
	b.Cleanup(spare.Heap(unset)) // as the main of somsim does
	sim := simtest.Start(b)
	orderOps, operator := startOrderOps(b, sim, &kept{})
	for b.Loop() {
		run, err := features.Run(b.Context(), features.Options{
			API: sim.URL, Control: sim.ControlURL, OrderOps: orderOps, Operator: operator, Concurrency: 8, Seed: 1, Lean: true, Now: clock.Real{}.Now,
			Faces: []features.Face{features.OCAPI, features.REST}, Sandbox: features.ByBaggage,
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(run.Scenarios)), "scenarios")
		if run.Took > promised {
			b.Logf("%d scenarios took %s, more than the %s promised on two cores that do nothing else", len(run.Scenarios), run.Took, promised)
		}
	}
}
