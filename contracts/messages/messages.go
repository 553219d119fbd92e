//go:build pact

package messages

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	v4 "github.com/pact-foundation/pact-go/v2/message/v4"
	"github.com/pact-foundation/pact-go/v2/models"
)

// agreed is where the pacts live, seen from a package below contracts.
const agreed = "../pacts/messages"

// Pact is what a consumer counts on of a provider's messages, while they are being exercised.
type Pact struct {
	consumer, provider, dir string
}

// New begins a pact in a folder of the test's own.
func New(t *testing.T, consumer, provider string) *Pact {
	t.Helper()
	t.Setenv("PACT_DO_NOT_TRACK", "true") // the native library would report its use to its makers
	return &Pact{consumer, provider, t.TempDir()}
}

// Hears adds a message: in a state the provider sends it, and the consumer's own code takes it.
func (p *Pact) Hears(t *testing.T, what string, state models.ProviderState, content any, take func(body []byte) error) {
	t.Helper()
	pact, err := v4.NewAsynchronousPact(v4.Config{Consumer: p.consumer, Provider: p.provider, PactDir: p.dir})
	if err != nil {
		t.Fatal(err)
	}
	message := pact.AddAsynchronousMessage().GivenWithParameter(state).ExpectsToReceive(what).
		WithMetadata(map[string]string{"contentType": "application/json"}).WithJSONContent(content)
	err = message.ConsumedBy(func(m v4.AsynchronousMessage) error { return take(m.Contents) }).Verify(t)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// Settle compares what was exercised with what was agreed on, or with update puts it there.
func (p *Pact) Settle(t *testing.T, update bool) {
	t.Helper()
	if t.Failed() || flag.Lookup("test.run").Value.String() != "" && !update {
		return
	}
	name := p.consumer + "-" + p.provider + ".json"
	written, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	var tidy bytes.Buffer
	if err := json.Indent(&tidy, written, "", "  "); err != nil {
		t.Fatal(err)
	}
	tidy.WriteByte('\n')
	if update {
		if err := os.WriteFile(filepath.Join(agreed, name), tidy.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	known, err := os.ReadFile(filepath.Join(agreed, name))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(known), tidy.String()); diff != "" {
		t.Errorf("what is heard is not what pacts/messages/%s says; if it should be, run `make pacts` and have the provider agree (-agreed +written):\n%s", name, diff)
	}
}
