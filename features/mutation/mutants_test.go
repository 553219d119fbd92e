package mutation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/report"
)

// sample is how many mutants run where not all do, and seed which ones.
const (
	sample = 40
	seed   = 1
)

// leastKilled is how many of a hundred mutants have to turn a scenario red.
const leastKilled = 95

// mutant is one thing switched off.
type mutant struct {
	// name is the id of a rule, or the call of a client.
	name string
	// spots are the scenarios that came by it when nothing was switched off.
	spots []features.Spot
}

// calls are the calls by which order-ops changes something elsewhere, with the operations that they are.
func calls() map[string][]report.Operation {
	return map[string][]report.Operation{
		"som.SubmitCancel":               {{System: "som", Operation: "submitCancel"}},
		"som.CancelFulfillmentOrderItem": {{System: "som", Operation: "cancelFulfillmentOrderItem"}},
		"som.CreateFulfillmentOrder":     {{System: "som", Operation: "createFulfillmentOrders"}},
		"som.RecordReversal":             {{System: "worldline", Operation: "cancelPayment"}},
		"som.RecordRefund":               {{System: "worldline", Operation: "refundPayment"}},
		"slots.Release":                  {{System: "slots", Operation: "releaseBooking"}},
		"oci.Release":                    {{System: "oci", Operation: "releaseReservation"}},
		"loyalty.Adjust":                 {{System: "loyalty", Operation: "adjustLoyaltyPoints"}},
		"loyalty.DeleteReward":           {{System: "loyalty", Operation: "deleteLoyaltyReward"}},
		"worldline.Void":                 {{System: "worldline", Operation: "cancelPayment"}},
		"worldline.Refund":               {{System: "worldline", Operation: "refundPayment"}},
		"b2c.SetStatus":                  {{System: "b2c", Operation: "patchOrder"}},
		"tracking.Refund":                {{System: "tracking", Operation: "collectEvents"}},
	}
}

func TestScenariosTurnRedWhenARuleOrACallIsSwitchedOff(t *testing.T) {
	t.Parallel()
	bin := build(t)
	clean := runAll(t, bin)
	mutants := mutantsOf(t, &clean)
	total := len(mutants)
	if !all {
		pick := rand.New(rand.NewPCG(seed, 0)) // a choice, no secret
		pick.Shuffle(total, func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
		mutants = mutants[:min(sample, total)]
	}
	reasons := equivalents(t)
	killed, run := 0, 0
	for _, m := range mutants {
		red, struck := bin.red(t, m)
		if !struck {
			t.Logf("no switch: what %s refuses is not refused by an if alone", m.name)
			continue
		}
		run++
		reason, excused := reasons[m.name]
		switch {
		case red && excused:
			t.Errorf("%s is listed as equivalent (%s), and a scenario tells it apart", m.name, reason)
		case red || excused:
			killed++
		default:
			t.Logf("survived: %s, by which %d scenarios came", m.name, len(m.spots))
		}
	}
	t.Logf("%d of %d mutants turned a scenario red or are equivalent; %d there are, switches or not", killed, run, total)
	if run == 0 || killed*100 < leastKilled*run {
		t.Errorf("%d of %d mutants are noticed, which is less than %d %%", killed, run, leastKilled)
	}
}

// mutantsOf are those that the scenarios of a run came by, in the order of their names.
func mutantsOf(t *testing.T, run *report.Run) []mutant {
	t.Helper()
	by := map[string][]report.Scenario{}
	for _, s := range run.Scenarios {
		reached := report.Reach(nil, s)
		for rule := range reached.Rules {
			by[rule] = append(by[rule], s)
		}
		for name, operations := range calls() {
			if slices.ContainsFunc(operations, func(o report.Operation) bool { return reached.Operations[o] > 0 }) {
				by[name] = append(by[name], s)
			}
		}
	}
	var list []mutant
	for name, scenarios := range by {
		list = append(list, mutant{name, features.Spots(scenarios)})
	}
	slices.SortFunc(list, func(a, b mutant) int { return strings.Compare(a.name, b.name) })
	for name := range calls() {
		if by[name] == nil {
			t.Logf("no scenario comes by %s", name)
		}
	}
	return list
}

// binary is somsim with switches in it.
type binary string

// build makes it, with the go command that runs the tests.
func build(t *testing.T) binary {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	name, err := overlay(root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(t.TempDir(), "somsim")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-overlay", name, "-o", bin, "./cmd/somsim")
	cmd.Dir, cmd.Env = root, append(cmd.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build with switches: %v\n%s", err, text)
	}
	return binary(bin)
}

// scenarios runs the command and returns what it printed; ok is false when a scenario failed.
func (b binary) scenarios(ctx context.Context, off string, args ...string) (text string, ok bool, err error) {
	cmd := exec.CommandContext(ctx, string(b), append([]string{"scenarios", "--seed", fmt.Sprint(seed)}, args...)...)
	cmd.Env = append(cmd.Environ(), "SOMSIM_MUTANT="+off)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		return out.String(), false, nil
	}
	return out.String(), err == nil, err
}

// runAll runs every scenario with nothing switched off.
func runAll(t *testing.T, b binary) report.Run {
	t.Helper()
	folder := t.TempDir()
	text, ok, err := b.scenarios(t.Context(), "", "--report", folder)
	if err != nil || !ok {
		t.Fatalf("with nothing switched off: %v\n%s", err, text)
	}
	run, err := report.Folder{Dir: folder}.Last()
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// red says that a scenario fails with the mutant's switch, and that the switch was come by.
func (b binary) red(t *testing.T, m mutant) (red, struck bool) {
	t.Helper()
	var only []string
	for _, s := range m.spots {
		only = append(only, s.String())
	}
	text, ok, err := b.scenarios(t.Context(), m.name, "--stop-at-first", "--only", strings.Join(only, ","))
	if err != nil {
		t.Fatalf("with %s switched off: %v\n%s", m.name, err, text)
	}
	return !ok, strings.Contains(text, switchMark)
}

// equivalents are the mutants that no scenario can tell from the original, with the reasons.
func equivalents(t *testing.T) map[string]string {
	t.Helper()
	raw, err := os.ReadFile("equivalent.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var list map[string]string
	if err := yaml.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	return list
}
