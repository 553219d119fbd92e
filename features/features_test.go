package features_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/simulator/clock"
)

// busy is the patience that scenarios have here: machines of tests do much at a time, under the race detector ten times
// slower. What never happens the time limit of the tests ends.
const busy = 10 * time.Minute

// TestFeatures runs every scenario in random order against a simulator and an order-ops: separate processes, as other
// people's are, or, among the full tests and under the race detector, both in this one.
func TestFeatures(t *testing.T) {
	t.Parallel()
	left := &kept{}
	o := somewhere(t, left)
	o.Faces, o.Sandbox, o.Seed, o.Now = []features.Face{features.OCAPI, features.REST}, features.ByBaggage, -1, clock.Real{}.Now
	o.Patience = busy
	o.Out, o.TestingT, o.Control = t.Output(), t, left.journalsOf(t, o.Control)
	run, err := features.Run(t.Context(), o)
	if err != nil {
		t.Error(err)
	}
	bundle, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	left.holdsNobody(t, bundle)
	if strange := run.Undeclared(); len(strange) > 0 {
		t.Errorf("no life cycle in specs/*/states.yaml has these transitions:\n%s", strings.Join(strange, "\n"))
	}
	noticed(t, &run)
}
