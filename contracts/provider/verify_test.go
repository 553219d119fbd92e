//go:build pact

// Package provider_test replays the pacts against the running simulator, and
// against order-ops beside it, the way a provider's own team would: each
// interaction in a fresh sandbox, brought into its state through the APIs and
// the control plane alone.
package provider_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pact-foundation/pact-go/v2/models"
	"github.com/pact-foundation/pact-go/v2/provider"

	"github.com/somsim/somsim/contracts/states"
)

// verify replays every pact with a provider against the address it is served
// at.
func verify(t *testing.T, name, address string, stage *states.Stage) {
	t.Helper()
	t.Setenv("PACT_DO_NOT_TRACK", "true") // the native library would report its use to its makers
	files := pactsWith(t, name)
	for _, file := range files {
		requireStates(t, file, states.Known(name))
	}
	handlers := models.StateHandlers{}
	for _, sentence := range states.Known(name) {
		handlers[sentence] = handler(t, name, stage)
	}
	err := provider.NewVerifier().VerifyProvider(t, provider.VerifyRequest{
		Provider:             name,
		ProviderBaseURL:      address,
		PactFiles:            files,
		FailIfNoPactsFound:   true,
		StateHandlers:        handlers,
		RequestFilter:        stage.WithTokens,
		DisableColoredOutput: true,
	})
	if err != nil {
		t.Fatalf("%s breaks a pact: %v", name, err)
	}
}

// handler sets a state up before an interaction and looks at what came of it
// afterwards. There is nothing to undo: the next one gets a sandbox of its own.
func handler(t *testing.T, name string, stage *states.Stage) models.StateHandler {
	t.Helper()
	return func(setup bool, state models.ProviderState) (models.ProviderStateResponse, error) {
		if !setup {
			err := stage.LookAfter()
			if err != nil {
				t.Errorf("in the state %q: %v", state.Name, err)
			}
			return nil, err
		}
		// pact-go hands over the verifier's message, in which the parameters are one member.
		parameters, _ := state.Parameters["params"].(map[string]any)
		found, err := stage.SetUp(name, state.Name, parameters)
		if err != nil {
			t.Error(err) // the verifier says only that it could not
		}
		return models.ProviderStateResponse(found), err
	}
}

// allPacts lists the pact files; none is a failure.
func allPacts(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("../pacts/*.json")
	if err != nil || len(all) == 0 {
		t.Fatalf("no pact found (%v)", err)
	}
	return all
}

// pactsWith finds the pacts with a provider; none is a failure.
func pactsWith(t *testing.T, name string) (files []string) {
	t.Helper()
	for _, file := range allPacts(t) {
		if readPact(t, file).Provider.Name == name {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		t.Fatalf("no pact with %s found", name)
	}
	return files
}

// pact is as much of a pact file as is needed to find it and its states.
type pact struct {
	Provider     struct{ Name string }
	Interactions []struct {
		Description    string
		ProviderStates []struct{ Name string }
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
	return p
}

// requireStates fails for a state that nobody here can bring about: the
// verifier would only warn and replay the interaction in whatever state there
// is.
func requireStates(t *testing.T, file string, known []string) {
	t.Helper()
	p := readPact(t, file)
	if len(p.Interactions) == 0 {
		t.Fatalf("%s holds no interaction", file)
	}
	for _, i := range p.Interactions {
		if len(i.ProviderStates) == 0 {
			t.Errorf("%s: %q names no state", file, i.Description)
		}
		for _, state := range i.ProviderStates {
			if !slices.Contains(known, state.Name) {
				t.Errorf("%s: %q is in the unknown state %q", file, i.Description, state.Name)
			}
		}
	}
}
