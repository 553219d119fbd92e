package features_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/report"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/simtest"
)

// A run that is told the seed of another one begins the same scenarios in the same order, and in each of them the same
// things happen: the same exchanges in the same order, of rows with the same ids and with the same contents.
func TestTheSeedReproducesARun(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	orderOps, operator := startOrderOps(t, sim, &kept{})
	of := func(seed int64) (order, happened []string) {
		var out strings.Builder
		run, err := features.Run(t.Context(), features.Options{
			Faces: []features.Face{features.OCAPI, features.REST}, Sandbox: features.ByBaggage, Tags: "@case-35", Concurrency: 1,
			API: sim.URL, Control: sim.ControlURL, OrderOps: orderOps, Operator: operator, Seed: seed, Now: clock.Real{}.Now, Patience: busy, Out: &out,
		})
		if err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		for _, line := range strings.Split(out.String(), "\n") {
			if name, held := strings.CutPrefix(line, "ok "); held {
				order = append(order, strings.TrimSpace(name[:strings.LastIndex(name, " (")]))
			}
		}
		for _, s := range run.Scenarios {
			happened = append(happened, history(s)...)
		}
		return order, happened
	}
	order, happened := of(7)
	again, alike := of(7)
	if diff := cmp.Diff(order, again); diff != "" || len(order) < 3 {
		t.Errorf("%d scenarios, in another order (-first +second):\n%s", len(order), diff)
	}
	if diff := cmp.Diff(happened, alike); diff != "" || len(happened) < 50 {
		t.Errorf("%d lines of journals, and others (-first +second):\n%s", len(happened), diff)
	}
	other, elsewise := of(8)
	if cmp.Equal(order, other) || cmp.Equal(happened, elsewise) {
		t.Error("another seed makes no difference")
	}
}

var hash = regexp.MustCompile(`\b[0-9a-f]{32,64}\b`)

// history is what happened in a scenario, a line each, without what no seed of a simulator can decide: the name of the
// sandbox and the ids that order-ops gives to its operations, nor what is a hash of them: idempotency keys, the client of a
// tracking event, and commerce's tags of states.
func history(s report.Scenario) []string {
	lines := []string{s.Place() + " " + s.Name}
	changes := func(indent string, list []report.Change) {
		for _, c := range list {
			fields := slices.DeleteFunc(slices.Clone(c.Fields), func(f report.Field) bool { return f.Name == "ClientID" })
			lines = append(lines, fmt.Sprintf("%s  %s %s %v", indent, c.Entity, c.Key, fields))
		}
	}
	var walk func(indent string, list []report.Exchange)
	walk = func(indent string, list []report.Exchange) {
		for _, e := range list {
			lines = append(lines, fmt.Sprintf("%s%d %s %s %s %s %s %d %v %s", indent, e.Seq, e.At, e.System, e.Operation, e.Method, e.Path, e.Status, e.Fault, e.Rule))
			changes(indent, e.Changes)
			walk(indent+"    ", e.Children)
		}
	}
	walk("", s.Journal)
	changes("later", s.Later)
	names := []string{s.Sandbox, "SANDBOX"}
	for _, c := range s.Later {
		if c.Entity == "orderops.Command" {
			names = append(names, c.Key, fmt.Sprintf("OPERATION-%d", len(names)/2))
		}
	}
	for i, line := range lines {
		lines[i] = hash.ReplaceAllString(strings.NewReplacer(names...).Replace(line), "HASH")
	}
	return lines
}
