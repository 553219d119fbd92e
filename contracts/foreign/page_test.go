//go:build foreign

package foreign_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/features/report"
)

// The page of a report filters its scenarios by itself, in the reader's browser. Here it runs in one that has what it asks for
// and no more.
func TestTheReportFiltersByTagCaseWordsAndEnd(t *testing.T) {
	t.Parallel()
	scenario := func(name string, status report.Status, tags ...string) report.Scenario {
		return report.Scenario{Feature: "Cancel an order", Name: name, Path: "a.feature", Line: 1, Tags: tags, Status: status}
	}
	run := report.Run{Scenarios: []report.Scenario{
		scenario("One unit of two", report.Passed, "@case-1", "@operator"), scenario("All at once", report.Failed, "@case-12"),
		scenario("The failed parcel", report.Passed, "@som-C4"),
	}}
	page := filepath.Join(t.TempDir(), "report.html")
	file, err := os.Create(page)
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Page(file, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, typed, want string }{
		{"nothing", "", "One unit of two|All at once|The failed parcel|3 of 3"},
		{"a case, and not those that begin with its number", "@case-1", "One unit of two|1 of 3"},
		{"a case of order management, in small letters", "@som-c4", "The failed parcel|1 of 3"},
		{"a tag", "@operator", "One unit of two|1 of 3"},
		{"words", "cancel ALL", "All at once|1 of 3"},
		{"how they ended", "failed", "All at once|1 of 3"},
		{"several at once", "passed @operator", "One unit of two|1 of 3"},
		{"what there is not", "@case-99", "0 of 3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			out, err := exec.CommandContext(t.Context(), "node", "page.mjs", page, tc.typed).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if diff := cmp.Diff(strings.Split(tc.want, "|"), strings.Split(strings.TrimSpace(string(out)), "\n")); diff != "" {
				t.Errorf("%q shows (-want +got):\n%s", tc.typed, diff)
			}
		})
	}
}
