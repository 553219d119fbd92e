package contracts

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPactsStayWithinTheSpecs proves that no consumer counts on anything that
// the provider's document does not promise.
func TestPactsStayWithinTheSpecs(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("pacts/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pact found (%v)", err)
	}
	for _, file := range files {
		pact := readPact(t, file)
		promised := loadSpecification(t, pact.Provider.Name)
		for _, interaction := range pact.Interactions {
			t.Run(filepath.Base(file)+"/"+interaction.Description, func(t *testing.T) {
				t.Parallel()
				for _, part := range append(interaction.parts(t), interaction) {
					for _, problem := range promised.judge(part) {
						t.Errorf("%s%s", part.Reference, problem)
					}
				}
			})
		}
	}
}

func readPact(t *testing.T, file string) pact {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var p pact
	if err := json.Unmarshal(source, &p); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if len(p.Interactions) == 0 {
		t.Fatalf("%s holds no interaction", file)
	}
	if want := p.Consumer.Name + "-" + p.Provider.Name + ".json"; filepath.Base(file) != want {
		t.Errorf("%s is a pact named %s", file, want)
	}
	return p
}

// TestPacticipantsHaveTheirCanonicalNames keeps file names, broker and specs
// speaking of the same systems.
func TestPacticipantsHaveTheirCanonicalNames(t *testing.T) {
	t.Parallel()
	known := []string{
		"order-ops", "som", "b2c-ocapi", "b2c-slas", "oci", "slots", "worldline", "loyalty", "sap-cdc", "tracking",
		"storefront-sfra", "mobile-app", "pwa",
	}
	files, err := filepath.Glob("pacts/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var strangers []string
	for _, file := range files {
		p := readPact(t, file)
		for _, name := range []string{p.Consumer.Name, p.Provider.Name} {
			if !slices.Contains(known, name) {
				strangers = append(strangers, name)
			}
		}
	}
	if diff := cmp.Diff([]string(nil), strangers); diff != "" {
		t.Errorf("unknown pacticipants (-want +got):\n%s", diff)
	}
}
