package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A start with files that do not work names every mistake in them beside the others, and none is repeated.
func TestMistakesInTheFilesOfReadsAreNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	policies, mapping := filepath.Join(dir, "policies.yaml"), filepath.Join(dir, "mapping.yaml")
	write(t, policies, "policies: [{id: shop, version: 0, days: -2}]")
	write(t, mapping, "order: [{som: Colour, commerce: c_colour}, {som: A__c, commerce: colour}]")
	var said bytes.Buffer
	code := run(t.Context(), []string{
		"--simulator", "http://127.0.0.1:1", "--simulator-control", "http://127.0.0.1:1", "--db", filepath.Join(dir, "o.db"),
		"--policies", policies, "--mapping", mapping, "--tracking-links", "DHL=http://dhl.test/{number}",
	}, os.LookupEnv, &said, &said)
	want := []string{
		"mapping: " + mapping + ": order: rule 1 (Colour, c_colour): OrderSummary has no field Colour; a custom one ends in __c",
		"mapping: " + mapping + ": order: rule 2 (A__c, colour): Order has no property colour; a custom one begins with c_ (from the flag --mapping)",
		"policies: " + policies + ": policy \"shop\": days: -2 is not between 0 and 3660",
		"policies: " + policies + ": policy \"shop\": version is a whole number from 1 (from the flag --policies)",
		"tracking-links: \"DHL=http://dhl.test/{number}\" is not CARRIER=https://… with {number} in it (from the flag --tracking-links)",
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(said.String()), "\n")); diff != "" || code != exitRefused {
		t.Errorf("exit code %d, said (-want +got):\n%s", code, diff)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTrackingLinksAreAddedToTheKnownOnes(t *testing.T) {
	t.Parallel()
	links, err := trackingLinks("DHL=https://dhl.test/?id={number}, UPS=https://ups.test/{number}")
	if err != nil || links["DHL"] != "https://dhl.test/?id={number}" || links["UPS"] != "https://ups.test/{number}" || links["USPS"] == "" {
		t.Errorf("links %v, %v", links, err)
	}
}
