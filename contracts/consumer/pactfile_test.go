//go:build pact

package consumer_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
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
	// latest is the interaction that was begun last, notes what each one exercises.
	latest string
	notes  map[string]note
	// inspect looks at what a pact cannot hold a request to; nil for most.
	inspect func(*http.Request) error
}

// note says what an interaction proves: what a function of a client makes of an
// answer. It stands in the pact as the interaction's comments, so that the
// coverage of the clients can be told from the pacts alone.
type note struct {
	Function string `json:"testname"`
	Outcome  string `json:"outcome"`
}

func newPact(t *testing.T, consumerName, providerName string) *pact {
	t.Helper()
	return &pact{consumer: consumerName, provider: providerName, dir: t.TempDir(), notes: map[string]note{}}
}

// interaction begins one more interaction; each has a mock server of its own.
func (p *pact) interaction(t *testing.T, description string) *consumer.V4UnconfiguredInteraction {
	t.Helper()
	if _, known := p.notes[description]; known {
		t.Fatalf("there are two interactions %q", description)
	}
	p.latest = description
	mock, err := consumer.NewV4Pact(consumer.MockHTTPProviderConfig{
		Consumer: p.consumer, Provider: p.provider, PactDir: p.dir, Host: "127.0.0.1",
	})
	if err != nil {
		t.Fatal(err)
	}
	return mock.AddInteraction().UponReceiving(description)
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
	if written, err = p.annotated(written); err != nil {
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

// annotated is the pact with the notes in it.
func (p *pact) annotated(source []byte) ([]byte, error) {
	var document map[string]any
	decoder := json.NewDecoder(bytes.NewReader(source))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		return nil, err
	}
	interactions, _ := document["interactions"].([]any)
	if len(interactions) != len(p.notes) {
		return nil, fmt.Errorf("%d interactions were written, %d exercised", len(interactions), len(p.notes))
	}
	for _, i := range interactions {
		fields, _ := i.(map[string]any)
		description, _ := fields["description"].(string)
		if n := p.notes[description]; n.Function != "" {
			fields["comments"] = n
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(document)
	return out.Bytes(), err
}
