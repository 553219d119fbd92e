//go:build pact

// Package provider_test replays the pacts against the running simulator, the
// way a provider's own team would: each interaction in a fresh sandbox, brought
// into its state through the simulated APIs and the control plane alone.
package provider_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/pact-foundation/pact-go/v2/models"
	"github.com/pact-foundation/pact-go/v2/provider"
)

// pactSession is the bearer token that stands for "a living session" in the
// pacts. Any other token is sent as it is.
const pactSession = "Bearer 00D000000000001!order-ops-session"

func TestSOMKeepsWhatWasAgreed(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true") // the native library would report its use to its makers
	files, err := filepath.Glob("../pacts/*-som.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pact with som found (%v)", err)
	}
	org := startOrg(t)
	states := models.StateHandlers{}
	for name, prepare := range somStates() {
		states[name] = org.state(prepare)
	}
	for _, file := range files {
		requireStates(t, file, states)
	}
	err = provider.NewVerifier().VerifyProvider(t, provider.VerifyRequest{
		Provider:             "som",
		ProviderBaseURL:      org.api,
		PactFiles:            files,
		FailIfNoPactsFound:   true,
		StateHandlers:        states,
		RequestFilter:        org.withSession,
		DisableColoredOutput: true,
	})
	if err != nil {
		t.Fatalf("the simulator breaks a pact: %v", err)
	}
}

// withSession puts the session of the current sandbox where the pact has its
// placeholder. It changes nothing else.
func (o *org) withSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == pactSession {
			r.Header.Set("Authorization", "Bearer "+o.session())
		}
		next.ServeHTTP(w, r)
	})
}
