package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheSimulatorBelievesWhatIsBelieved runs every check against a simulator
// of its own and keeps a dated page.
func TestTheSimulatorBelievesWhatIsBelieved(t *testing.T) {
	t.Parallel()
	into := t.TempDir()
	out, code := runContracts(t, "contracts", "assumptions", "--allow-writes", "--out", into)
	if code != 0 || strings.Count(out, " as believed ") < 45 || strings.Contains(out, " not run ") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	pages, err := filepath.Glob(filepath.Join(into, "assumptions-20??-??-??.md"))
	if err != nil || len(pages) != 1 {
		t.Fatalf("kept %v (%v)", pages, err)
	}
	page, err := os.ReadFile(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## SOM-01: as believed", "Source: no public page", `$[0].errorCode is "INVALID_API_INPUT"`, "Ask: "} {
		if !strings.Contains(string(page), want) {
			t.Errorf("%q is not in\n%s", want, page)
		}
	}
}

func TestAssumptionsAreNotTriedInProduction(t *testing.T) {
	t.Parallel()
	production := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.RawQuery, "IsSandbox") {
			t.Errorf("%s %s was sent to an org that is no sandbox", r.Method, r.URL)
		}
		_, _ = w.Write([]byte(`{"records":[{"IsSandbox":false}]}`))
	}))
	t.Cleanup(production.Close)
	if out, code := runContracts(t, "contracts", "assumptions", "--url", production.URL, "--out", t.TempDir()); code != 1 {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}
