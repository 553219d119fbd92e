package mutation

import (
	_ "embed" // equivalent.yaml
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/report"
)

// Seed decides which mutants a sample holds.
const Seed = 1

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
	list := map[string][]report.Operation{}
	for name, operation := range map[string]string{
		"som.SubmitCancel": "submitCancel", "som.SubmitReturn": "submitReturn", "som.CancelFulfillmentOrderItem": "cancelFulfillmentOrderItem",
		"som.CreateFulfillmentOrder": "createFulfillmentOrders", "som.CreateReturnOrder": "createReturnOrder", "som.ChargeFee": "submitChange",
		"som.SetStatus": "updateRow", "som.SetDesiredDelivery": "updateRow", "som.RenameRefund": "updateRow",
		"slots.Release": "releaseBooking", "slots.Confirm": "confirmHold", "slots.Succeed": "holdSuccessor", "slots.ReleaseHold": "releaseHold",
		"slots.Move": "moveBooking", "oci.Release": "releaseReservation",
		"loyalty.Adjust": "adjustLoyaltyPoints", "loyalty.DeleteReward": "deleteLoyaltyReward",
		"worldline.Void": "cancelPayment", "worldline.Refund": "refundPayment",
		"b2c.SetStatus": "patchOrder", "b2c.Patch": "patchOrder", "b2c.Annotate": "patchOrder", "b2c.CreateBasket": "createBasket", "b2c.DeleteBasket": "deleteBasket",
		"b2c.ShowBasket": "setBasketStorefront", "b2c.Submit": "submitBasket", "b2c.Authorize": "patchOrderPaymentInstrument", "b2c.Fail": "setOrderStatus",
		"scapi.RequestAccessCode": "requestOrderAccessCode", "tracking.Refund": "collectEvents", "tracking.Purchase": "collectEvents",
	} {
		system, _, _ := strings.Cut(name, ".")
		list[name] = []report.Operation{{System: strings.Replace(system, "scapi", "b2c", 1), Operation: operation}}
	}
	// What order-ops notes in order management about money is known by the money that moved.
	list["som.RecordReversal"] = list["worldline.Void"]
	list["som.RecordRefund"] = list["worldline.Refund"]
	return list
}

// TurnRed has the scenarios of a run in which nothing was switched off, and which came by a rule or a call, run again with
// that off, and fails the test when too few mutants turn one of them red. root is the folder of the module. It tries sample
// of the mutants, or all when that is 0.
func TurnRed(t *testing.T, root string, clean *report.Run, sample int) {
	t.Helper()
	bin := build(t, root)
	mutants := mutantsOf(t, clean)
	total := len(mutants)
	if sample > 0 {
		pick := rand.New(rand.NewPCG(Seed, 0)) // a choice, no secret
		pick.Shuffle(total, func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
		mutants = mutants[:min(sample, total)]
	}
	var found tally
	found.reasons = equivalents(t)
	queue := make(chan mutant, len(mutants))
	for _, m := range mutants {
		queue <- m
	}
	close(queue)
	var done sync.WaitGroup
	for _, p := range []*place{bin.start(t), bin.start(t), bin.start(t)} {
		done.Go(func() {
			for m := range queue {
				found.add(t, m, p.tryOut(t, m))
			}
		})
	}
	done.Wait()
	found.judge(t, total)
}

// outcome is what came of a mutant.
type outcome struct{ red, struck bool }

// tally counts what came of the mutants.
type tally struct {
	mu          sync.Mutex
	reasons     map[string]string
	killed, run int
}

func (a *tally) add(t *testing.T, m mutant, o outcome) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if !o.struck && !o.red {
		t.Logf("no switch: what %s refuses is not refused by an if alone", m.name)
		return
	}
	a.run++
	reason, excused := a.reasons[m.name]
	switch {
	case o.red && excused:
		t.Errorf("%s is listed as equivalent (%s), and a scenario tells it apart", m.name, reason)
	case o.red || excused:
		a.killed++
	default:
		t.Logf("survived: %s, by which %d scenarios came", m.name, len(m.spots))
	}
}

func (a *tally) judge(t *testing.T, total int) {
	t.Helper()
	t.Logf("%d of %d mutants turned a scenario red or are equivalent; %d there are, switches or not", a.killed, a.run, total)
	if a.run == 0 || a.killed*100 < leastKilled*a.run {
		t.Errorf("%d of %d mutants are noticed, which is less than %d %%", a.killed, a.run, leastKilled)
	}
}

// mutantsOf are those that the scenarios of a run came by, in the order of their names.
func mutantsOf(t *testing.T, run *report.Run) []mutant {
	t.Helper()
	by := map[string][]report.Scenario{}
	for _, s := range run.Scenarios {
		reached := report.Reach(nil, s)
		for rule := range reached.Rules {
			if strings.HasPrefix(rule, report.CodeRule("")) {
				continue // it is no rule of the simulator's
			}
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
func build(t *testing.T, root string) binary {
	t.Helper()
	root, err := filepath.Abs(root)
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

//go:embed equivalent.yaml
var listed []byte

// equivalents are the mutants that no scenario can tell from the original, with the reasons.
func equivalents(t *testing.T) map[string]string {
	t.Helper()
	var list map[string]string
	if err := yaml.Unmarshal(listed, &list); err != nil {
		t.Fatal(err)
	}
	return list
}
