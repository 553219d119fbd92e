package replay_test

import (
	"os"
	"testing"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/replay"
	"github.com/somsim/somsim/contracts/states"
	"github.com/somsim/somsim/simulator/simtest"
)

// TestTheSimulatorKeepsEveryPactByReplay proves that what the official verifier
// accepts is accepted here: the same pacts, in the same states.
func TestTheSimulatorKeepsEveryPactByReplay(t *testing.T) {
	t.Parallel()
	pacts, err := pactfile.ReadAll(os.DirFS("../pacts"))
	if err != nil {
		t.Fatal(err)
	}
	sim := simtest.Start(t)
	for _, pact := range pacts {
		if pact.Provider.Name == "order-ops" {
			continue // somsim contracts gate runs one
		}
		t.Run(pact.Provider.Name, func(t *testing.T) {
			t.Parallel()
			stage, err := states.Open(t.Context(), states.Addresses{API: sim.URL, Control: sim.ControlURL, Name: "replay-" + pact.Provider.Name})
			if err != nil {
				t.Fatal(err)
			}
			provider := replay.Provider{Name: pact.Provider.Name, Base: sim.URL, States: stage, Client: replay.Client()}
			for _, i := range pact.Interactions {
				result := provider.Verify(t.Context(), i)
				if result.Err != nil {
					t.Errorf("%s: %v", i.Description, result.Err)
				}
				for _, m := range result.Mismatches {
					t.Errorf("%s: %s", i.Description, m)
				}
			}
		})
	}
}
