package features_test

import (
	"os"
	"testing"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/simtest"
)

// TestSentencesCombine runs scenarios that no other team of scenarios has: which system, what it is asked for and what happens
// then can be put together at will, and so can what people do.
func TestSentencesCombine(t *testing.T) {
	t.Parallel()
	sim, left := simtest.Start(t), &kept{}
	orderOps, operator := startOrderOps(t, sim, left)
	_, err := features.Run(t.Context(), features.Options{
		Features: os.DirFS("testdata"), Faces: []features.Face{features.OCAPI, features.REST}, Sandbox: features.ByBaggage,
		API: sim.URL, Control: sim.ControlURL, OrderOps: orderOps, Operator: operator, Seed: -1, Now: clock.Real{}.Now,
		Patience: busy, Out: t.Output(), TestingT: t,
	})
	if err != nil {
		t.Error(err)
	}
}
