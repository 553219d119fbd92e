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
	"testing"

	"github.com/pact-foundation/pact-go/v2/models"
	"github.com/pact-foundation/pact-go/v2/provider"
)

// verify replays every pact with a provider against the address it is served
// at. known and troubles are the vocabulary that consumers may use of it.
func (s *stage) verify(t *testing.T, name, address string, known map[string]prepare, troubles map[string]func(*stage) error) {
	t.Helper()
	t.Setenv("PACT_DO_NOT_TRACK", "true") // the native library would report its use to its makers
	files := pactsWith(t, name)
	states := models.StateHandlers{}
	for sentence, prepare := range known {
		states[sentence] = s.state(prepare)
	}
	for sentence, arm := range troubles {
		states[sentence] = s.trouble(arm)
	}
	for _, file := range files {
		requireStates(t, file, states)
	}
	err := provider.NewVerifier().VerifyProvider(t, provider.VerifyRequest{
		Provider:             name,
		ProviderBaseURL:      address,
		PactFiles:            files,
		FailIfNoPactsFound:   true,
		StateHandlers:        states,
		RequestFilter:        s.withTokens,
		DisableColoredOutput: true,
	})
	if err != nil {
		t.Fatalf("%s breaks a pact: %v", name, err)
	}
}

// pactsWith finds the pacts with a provider; none is a failure.
func pactsWith(t *testing.T, name string) (files []string) {
	t.Helper()
	all, err := filepath.Glob("../pacts/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
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
func requireStates(t *testing.T, file string, known models.StateHandlers) {
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
			if known[state.Name] == nil {
				t.Errorf("%s: %q is in the unknown state %q", file, i.Description, state.Name)
			}
		}
	}
}
