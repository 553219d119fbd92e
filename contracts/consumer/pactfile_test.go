//go:build pact

package consumer_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pact-foundation/pact-go/v2/consumer"
)

var update = flag.Bool("update", false, "write contracts/pacts anew instead of comparing with it")

// checkedIn is where the pacts live that both sides agreed on.
const checkedIn = "../pacts"

// pact is one consumer's contract with one provider while its interactions are
// being exercised. They are written to a folder of the test's own.
type pact struct {
	consumer, provider string
	dir                string
}

func newPact(t *testing.T, consumerName, providerName string) *pact {
	t.Helper()
	return &pact{consumer: consumerName, provider: providerName, dir: t.TempDir()}
}

// interaction begins one more interaction; each has a mock server of its own.
func (p *pact) interaction(t *testing.T) *consumer.V4UnconfiguredInteraction {
	t.Helper()
	mock, err := consumer.NewV4Pact(consumer.MockHTTPProviderConfig{
		Consumer: p.consumer, Provider: p.provider, PactDir: p.dir, Host: "127.0.0.1",
	})
	if err != nil {
		t.Fatal(err)
	}
	return mock.AddInteraction()
}

// settle compares what the interactions wrote with the checked-in pact, or
// replaces it. A run of some interactions only settles nothing.
func (p *pact) settle(t *testing.T) {
	t.Helper()
	if t.Failed() || flag.Lookup("test.run").Value.String() != "" {
		return
	}
	name := p.consumer + "-" + p.provider + ".json"
	written, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(filepath.Join(checkedIn, name), written, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	agreed, err := os.ReadFile(filepath.Join(checkedIn, name))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(agreed, written) {
		t.Errorf("the client's calls are not those of pacts/%s; if they should be, run `make pacts` and have the provider agree (-agreed +written):\n%s",
			name, cmp.Diff(string(agreed), string(written)))
	}
}
