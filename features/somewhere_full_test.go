//go:build full || race

package features_test

import (
	"testing"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/simulator/simtest"
)

// somewhere is this process, with eight scenarios at a time.
func somewhere(t *testing.T, left *kept) features.Options {
	t.Helper()
	sim := simtest.Start(t)
	orderOps, operator := startOrderOps(t, sim, left)
	return features.Options{API: sim.URL, Control: sim.ControlURL, OrderOps: orderOps, Operator: operator, Concurrency: 8}
}
