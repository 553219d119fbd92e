package matrix

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/verification"
)

// TestWhatMayBeDeployed walks through a release: nothing is known, then
// everything, then a consumer asks for more than the provider in production has.
func TestWhatMayBeDeployed(t *testing.T) {
	t.Parallel()
	f := Folder{Dir: t.TempDir()}
	first, second := pact(t, "order-ops", "som", "1"), pact(t, "order-ops", "som", "2")
	if _, err := f.CanDeploy("order-ops", "1", "production"); !errors.Is(err, ErrNone) {
		t.Errorf("a version that nobody published: %v", err)
	}
	f.publish(t, "order-ops", "1", first)
	f.publish(t, "som", "65", first, verified("som", first, true))
	f.asks(t, "order-ops", "1", false, "no version of som is recorded in production: somsim contracts deployed som --to production")
	f.asks(t, "som", "65", true, "")
	f.deploy(t, "som", "65")
	f.asks(t, "order-ops", "1", true, "verified by replay, 1 interaction")
	f.deploy(t, "order-ops", "1")

	f.publish(t, "order-ops", "2", second)
	f.asks(t, "order-ops", "2", false, "this pact was not verified with this version")
	f.publish(t, "som", "66", second, verified("som", second, true), verified("som", first, false))
	f.asks(t, "som", "66", false, "the verification failed")
	f.asks(t, "order-ops", "2", false, "this pact was not verified with this version")
	f.publish(t, "som", "67", second, verified("som", second, true), verified("som", first, true))
	f.asks(t, "som", "67", true, "")
	f.deploy(t, "som", "67")
	f.asks(t, "order-ops", "2", true, "")
}

func TestAVersionKeepsItsPacts(t *testing.T) {
	t.Parallel()
	f := Folder{Dir: t.TempDir()}
	first, second := pact(t, "order-ops", "som", "1"), pact(t, "order-ops", "som", "2")
	f.publish(t, "order-ops", "1/a b", first)
	f.publish(t, "order-ops", "1/a b", first)
	err := f.Publish(Version{Pacticipant: "order-ops", Version: "1/a b"}, []pactfile.Pact{second}, nil)
	if err == nil || !strings.Contains(err.Error(), "has another pact with som already") {
		t.Errorf("another pact of the same version: %v", err)
	}
	if err := f.Deploy(Deployment{Pacticipant: "order-ops", Environment: "production", Version: "9"}); !errors.Is(err, ErrNone) {
		t.Errorf("a deployment of what nobody published: %v", err)
	}
	if latest, err := f.Latest("order-ops"); err != nil || latest.Version != "1/a b" {
		t.Errorf("the latest is %+v (%v)", latest, err)
	}
}

func (f Folder) publish(t *testing.T, name, version string, p pactfile.Pact, reports ...verification.Report) {
	t.Helper()
	at := time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC)
	if err := f.Publish(Version{Pacticipant: name, Version: version, At: at}, []pactfile.Pact{p}, reports); err != nil {
		t.Fatal(err)
	}
}

func (f Folder) deploy(t *testing.T, name, version string) {
	t.Helper()
	if err := f.Deploy(Deployment{Pacticipant: name, Environment: "production", Version: version}); err != nil {
		t.Fatal(err)
	}
}

func (f Folder) asks(t *testing.T, name, version string, want bool, reason string) {
	t.Helper()
	a, err := f.CanDeploy(name, version, "production")
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := a.Write(&text); err != nil {
		t.Fatal(err)
	}
	if a.OK() != want || !strings.Contains(text.String(), reason) {
		t.Errorf("%s %s: want %v and %q in\n%s", name, version, want, reason, text.String())
	}
}

func pact(t *testing.T, consumer, provider, content string) pactfile.Pact {
	t.Helper()
	p := pactfile.Pact{File: consumer + "-" + provider + ".json", Source: []byte(content)}
	names := `{"consumer":{"name":"` + consumer + `"},"provider":{"name":"` + provider + `"}}`
	if err := json.Unmarshal([]byte(names), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func verified(provider string, p pactfile.Pact, holds bool) verification.Report {
	i := verification.InteractionReport{Description: "one"}
	if !holds {
		i.Problems = []string{"status"}
	}
	return verification.Report{Provider: provider, Verifier: "replay", Pacts: []verification.PactReport{
		{Consumer: p.Consumer.Name, SHA256: verification.Sum(p), Interactions: []verification.InteractionReport{i}},
	}}
}
