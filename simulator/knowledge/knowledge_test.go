package knowledge_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/knowledge"
	"github.com/somsim/somsim/specs"
)

// The table that the simulated commerce goes by and the one that its users read are the same.
func TestOrdersOfCommerceLiveAsTheirDocumentSays(t *testing.T) {
	t.Parallel()
	_, machines, err := knowledge.Load(specs.FS, "b2c")
	if err != nil {
		t.Fatal(err)
	}
	var want []knowledge.Transition
	for _, one := range b2c.Transitions() {
		want = append(want, knowledge.Transition{From: string(one.From), To: string(one.To)})
	}
	if diff := cmp.Diff(want, machines[0].Transitions); diff != "" {
		t.Errorf("specs/b2c/states.yaml (-simulator +document):\n%s", diff)
	}
}

func TestDocumentsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ document, want string }{
		"three words":   {"- {id: a, entity: b, field: c, transitions: [[x, y, z]]}", "not 3 words"},
		"twice":         {"- {id: a, entity: b, field: c, transitions: [[x, y], [x, y]]}", "twice"},
		"in place":      {"- {id: a, entity: b, field: c, transitions: [[x, x]]}", "in place"},
		"no field":      {"- {id: a, entity: b, transitions: [[x, y]]}", "lacks"},
		"unknown words": {"- {id: a, colour: red}", "colour"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := knowledge.Load(fstest.MapFS{"x/states.yaml": {Data: []byte(tc.document)}}, "x")
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one with %q", err, tc.want)
			}
		})
	}
}
