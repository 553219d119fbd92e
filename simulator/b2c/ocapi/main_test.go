package ocapi_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/somsim/somsim/simulator/b2c/ocapi"
)

// elsewhere are the faults that take more than this face: other tests provoke them, by name and under the name of the fault.
func elsewhere() map[string]string {
	const data, hooks, transitions = "../data/data_test.go ", "../../hooks_test.go ", "../transition_test.go "
	return map[string]string{
		"OrderIntegrationStatus":          data + "TestOrderManagementKeepsStatusesToItself",
		"OrderPreviouslyIntegratedStatus": data + "TestOrderManagementKeepsStatusesToItself",
		"CancelOrder":                     data + "TestStatusesAreRefusedByTheNameOfTheAction",
		"OrderStatusTransition":           data + "TestStatusesAreRefusedByTheNameOfTheAction",
		"PlaceOrder":                      data + "TestStatusesAreRefusedByTheNameOfTheAction",
		"UndoCancelOrder":                 data + "TestStatusesAreRefusedByTheNameOfTheAction",
		"CustomerAlreadyExists":           data + "TestWhatTheDataAPIRefuses",
		"CustomerListNotFound":            data + "TestWhatTheDataAPIRefuses",
		"InventoryListNotFound":           data + "TestWhatTheDataAPIRefuses",
		"ProductInventoryRecordNotFound":  data + "TestWhatTheDataAPIRefuses",
		"SiteNotFound":                    data + "TestWhatTheDataAPIRefuses",
		"IfMatchRequired":                 data + "guarded",
		"InvalidIfMatch":                  data + "guarded",
		"HookCircuitBreaker":              hooks + "TestHooksThatFail",
		"HookInternalServerError":         hooks + "TestHooksThatFail",
		"TooManyRequests":                 hooks + "TestHooksThatFail",
		"UndoFailOrder":                   transitions + "TestAnUndoIsRefusedWhenWhatWasGivenBackIsGone",
	}
}

// faults are those that the simulator answered, while these tests ran, without a rule that told it to.
type faults struct {
	mu   sync.Mutex
	seen map[string]bool
}

var answered = faults{seen: map[string]bool{}}

func (f *faults) note(w *httptest.ResponseRecorder) {
	var body struct {
		Fault struct{ Type string }
	}
	if w.Code < 400 || json.Unmarshal(w.Body.Bytes(), &body) != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen[strings.TrimSuffix(body.Fault.Type, "Exception")] = true
}

// TestMain counts, after a run of all tests, which faults were provoked: each of the table is, here or elsewhere, or
// docs/divergences.md says that the simulator never raises it by itself; never both.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if code == 0 && whole() {
		if problems := uncounted(); len(problems) > 0 {
			log.Print(strings.Join(problems, "\n"))
			code = 1
		}
	}
	os.Exit(code)
}

// whole tells whether no test was left out.
func whole() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.fuzz"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return true
}

func uncounted() []string {
	never, err := neverRaised()
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	for _, f := range ocapi.FaultTypes() {
		raised, listed := answered.seen[f.Name], slices.Contains(never, f.Name)
		other, err := provokedElsewhere(f.Name)
		switch {
		case err != nil:
			problems = append(problems, err.Error())
		case raised && other:
			problems = append(problems, f.Name+" is provoked here, and need not be looked for elsewhere")
		case (raised || other) && listed:
			problems = append(problems, f.Name+" is provoked, but docs/divergences.md says that only a rule of the sandbox raises it")
		case !raised && !other && !listed:
			problems = append(problems, "nothing provokes "+f.Name+", and docs/divergences.md does not say that only a rule of the sandbox raises it")
		}
	}
	return problems
}

// neverRaised reads the page that lists the faults which only a rule raises.
func neverRaised() ([]string, error) {
	page, err := os.ReadFile("../../../docs/divergences.md")
	if err != nil {
		return nil, err
	}
	_, list, found := strings.Cut(string(page), "Faults that only a rule of the sandbox raises:")
	if !found {
		return nil, fmt.Errorf("docs/divergences.md does not list the faults that are never raised")
	}
	list, _, _ = strings.Cut(list, ".")
	return strings.FieldsFunc(list, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') }), nil
}

// provokedElsewhere tells whether a test of another package provokes a fault; an error says that the test is gone.
func provokedElsewhere(name string) (bool, error) {
	place, ok := elsewhere()[name]
	if !ok {
		return false, nil
	}
	file, test, _ := strings.Cut(place, " ")
	source, err := os.ReadFile(file)
	if err != nil {
		return false, err
	}
	body := regexp.MustCompile(`(?ms)^func (\(\w+ \*\w+\) )?` + test + `\(.*?^}`).FindString(string(source))
	if !regexp.MustCompile(`["."]` + name + `(Exception)?\b`).MatchString(body) {
		return false, fmt.Errorf("%s: no %s that provokes %s", file, test, name)
	}
	return true, nil
}
