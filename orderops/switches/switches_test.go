package switches

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/somsim/somsim/orderops"
)

const example = `
rules:
  - {actions: [return], mode: off}
  - {actions: [cancel], sites: [Outlet], mode: dry_run}
  - {actions: [cancel], channels: [app, pwa], percent: 100, mode: on}
  - {actions: [cancel], percent: 0, mode: on}
  - {actions: [cancel], mode: off}
default: on
`

func TestTheFirstRuleThatMatchesDecides(t *testing.T) {
	t.Parallel()
	set, err := Parse([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		use  Use
		want Mode
	}{
		{"by action", Use{Action: orderops.ActionReturn, Site: "RefArch", Channel: "app"}, Off},
		{"by site", Use{Action: orderops.ActionCancel, Site: "Outlet", Channel: "app"}, DryRun},
		{"by channel", Use{Action: orderops.ActionCancel, Site: "RefArch", Channel: "pwa"}, On},
		{"by nobody's share", Use{Action: orderops.ActionCancel, Site: "RefArch", Channel: "storefront"}, Off},
		{"by default", Use{Action: orderops.ActionModify}, On},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := set.Mode(tc.use); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// A share is about as large as it says, holds the same customers each time, and grows without losing any.
func TestSharesAreStable(t *testing.T) {
	t.Parallel()
	const customers = 20000
	in := func(percent float64, customer string) bool {
		set := Set{Default: Off, Rules: []Rule{{Percent: &percent, Mode: On}}}
		return set.Mode(Use{Customer: customer}) == On
	}
	for _, percent := range []float64{0, 0.5, 10, 50, 100} {
		n := 0
		for i := range customers {
			id := fmt.Sprint("customer-", i)
			member := in(percent, id)
			if member {
				n++
			}
			if member != in(percent, id) || member && !in(math.Min(percent+10, 100), id) {
				t.Fatalf("%s is in %v percent at one time and not at another", id, percent)
			}
		}
		if got := float64(n) / customers * 100; math.Abs(got-percent) > 1 {
			t.Errorf("%v percent are %v", percent, got)
		}
	}
}

func TestEverythingWrongIsToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte("default: maybe\nrules:\n  - {actions: [cancle], mode: on}\n  - {percent: 101, mode: sometimes}\n"))
	for _, want := range []string{`default: "maybe"`, `rule 1: there is no action "cancle"`, `rule 2: mode "sometimes"`, "rule 2: percent 101"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
	if _, err := Parse([]byte("rulez: []")); err == nil {
		t.Error("a member that nobody knows passes")
	}
	if set, err := Parse(nil); err != nil || set.Default != On {
		t.Errorf("an empty file is %+v, %v", set, err)
	}
}

// A file is read again when it changes; one that is wrong changes nothing and is told once.
func TestFileIsReadAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "switches.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("default: on")
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	expect := func(what string, mode Mode, changed, fails bool) {
		t.Helper()
		did, err := f.Poll()
		if got := f.Mode(Use{Action: orderops.ActionCancel}); got != mode || did != changed || (err != nil) != fails {
			t.Errorf("%s: %s, changed %t, %v; want %s, %t, failure %t", what, got, did, err, mode, changed, fails)
		}
	}
	expect("as it was", On, false, false)
	write("default: dry_run")
	expect("changed", DryRun, true, false)
	write("default: nonsense")
	expect("wrong", DryRun, false, true)
	expect("still wrong", DryRun, false, false)
	if f.Status().Problem == "" {
		t.Error("the status does not tell that the file is wrong")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	expect("gone", DryRun, false, true)
	expect("still gone", DryRun, false, false)
	write("default: off")
	expect("mended", Off, true, false)
	if status := f.Status(); status.Problem != "" || status.Set.Default != Off {
		t.Errorf("the status is %+v", status)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.yaml")); err == nil {
		t.Error("a file that is not there passes at the start")
	}
}
