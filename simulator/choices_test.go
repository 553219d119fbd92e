package simulator_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/choice"
)

// The page lists the choices as the tables have them. With -update it is written anew.
func TestThePageOfChoicesIsThatOfTheTables(t *testing.T) {
	t.Parallel()
	const page = "../docs/choices.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), "## The choices\n\n")
	listed, after, ended := strings.Cut(rest, "## What is open and no choice\n")
	if !found || !ended {
		t.Fatal("the page has lost its sections")
	}
	want := choice.Page(simulator.ChoiceTables()...)
	if *update {
		written := before + "## The choices\n\n" + want + "## What is open and no choice\n" + after
		if err := os.WriteFile(page, []byte(written), 0o644); err != nil { //nolint:gosec // documentation
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Errorf("docs/choices.md is not what the tables say; run this test with -update (-want +got):\n%s", diff)
	}
}

func TestTheTablesOfChoicesHaveNoMistakes(t *testing.T) {
	t.Parallel()
	if err := choice.Validate(simulator.ChoiceTables()...); err != nil {
		t.Error(err)
	}
}
