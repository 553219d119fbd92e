//go:build pact

// Package provider_test replays the pacts against the running simulator, and
// against order-ops beside it, the way a provider's own team would: each
// interaction in a fresh sandbox, brought into its state through the APIs and
// the control plane alone.
package provider_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pact-foundation/pact-go/v2/message"
	"github.com/pact-foundation/pact-go/v2/models"
	"github.com/pact-foundation/pact-go/v2/provider"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/states"
)

// verify replays every pact with a provider against the address it is served
// at.
func verify(t *testing.T, name, address string, stage *states.Stage) {
	t.Helper()
	files := pactsWith(t, name)
	for _, file := range files {
		requireStates(t, file, states.Known(name))
	}
	handlers, told := models.StateHandlers{}, message.Handlers{}
	for _, what := range messagesOf(t, files) {
		told[what] = func([]models.ProviderState) (message.Body, message.Metadata, error) {
			body, err := stage.Tell(name, what)
			if err != nil {
				t.Error(err) // the verifier says only that it could not
			}
			return body, message.Metadata{"contentType": "application/json"}, err
		}
	}
	for _, sentence := range states.Known(name) {
		handlers[sentence] = handler(t, name, stage)
	}
	err := provider.NewVerifier().VerifyProvider(t, provider.VerifyRequest{
		Provider:             name,
		ProviderBaseURL:      address,
		PactFiles:            files,
		FailIfNoPactsFound:   true,
		StateHandlers:        handlers,
		MessageHandlers:      told,
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
	told, errTold := filepath.Glob("../pacts/messages/*.json")
	if err := errors.Join(err, errTold); err != nil || len(all) == 0 || len(told) == 0 {
		t.Fatalf("no pact found (%v)", err)
	}
	return append(all, told...)
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

// messagesOf are the descriptions of the messages in pacts.
func messagesOf(t *testing.T, files []string) (all []string) {
	t.Helper()
	for _, file := range files {
		for _, i := range readPact(t, file).Interactions {
			if i.Type == pactfile.Message {
				all = append(all, i.Description)
			}
		}
	}
	return all
}

// pact is as much of a pact file as is needed to find it and its states.
type pact struct {
	Provider     struct{ Name string }
	Interactions []struct {
		Type           string
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
