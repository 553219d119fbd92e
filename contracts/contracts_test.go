package contracts

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/promise"
	"github.com/somsim/somsim/specs"
)

// TestPactsStayWithinTheSpecs proves that no consumer counts on anything that
// the provider's document does not promise.
func TestPactsStayWithinTheSpecs(t *testing.T) {
	t.Parallel()
	for _, pact := range allPacts(t) {
		promised, err := promise.Load(specs.FS, pact.Provider.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, interaction := range pact.Interactions {
			t.Run(pact.File+"/"+interaction.Description, func(t *testing.T) {
				t.Parallel()
				for _, problem := range promised.Judge(interaction) {
					t.Error(problem)
				}
			})
		}
	}
}

// allPacts are those of the tree; none is a failure.
func allPacts(t *testing.T) []pactfile.Pact {
	t.Helper()
	all, err := pactfile.ReadAll(os.DirFS("pacts"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if want := p.Consumer.Name + "-" + p.Provider.Name + ".json"; p.File != want {
			t.Errorf("%s is a pact named %s", p.File, want)
		}
	}
	return all
}

// TestPacticipantsHaveTheirCanonicalNames keeps file names, broker and specs
// speaking of the same systems.
func TestPacticipantsHaveTheirCanonicalNames(t *testing.T) {
	t.Parallel()
	known := []string{
		"order-ops", "som", "b2c-ocapi", "b2c-slas", "oci", "slots", "worldline", "loyalty", "sap-cdc", "tracking",
		"storefront-sfra", "mobile-app", "pwa", "agent-desk",
	}
	var strangers []string
	for _, p := range allPacts(t) {
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
