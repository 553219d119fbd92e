package contracts

import (
	"os"
	"testing"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/promise"
	"github.com/somsim/somsim/specs"
)

// TestMessagesFitTheDocumentOfWhoTakesThem proves that what a provider tells, by the pacts, is what the consumer's document
// says that it takes.
func TestMessagesFitTheDocumentOfWhoTakesThem(t *testing.T) {
	t.Parallel()
	all, err := pactfile.ReadAll(os.DirFS("pacts/messages"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pact := range all {
		for _, i := range pact.Interactions {
			problems, err := promise.JudgeMessage(specs.FS, pact.Consumer.Name, pact.Provider.Name, i)
			if err != nil || !i.IsMessage() {
				t.Fatalf("%s: %q is no message: %v", pact.File, i.Description, err)
			}
			for _, problem := range problems {
				t.Errorf("%s: %q: %s", pact.File, i.Description, problem)
			}
		}
	}
}

// TestAMessageThatNobodyTakesIsFound proves that the test above can fail: for
// what is not declared, for what is no JSON, and for a pair that nobody knows.
func TestAMessageThatNobodyTakesIsFound(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ consumer, content string }{
		"no id": {"order-ops", `{"channel":"/event/A","data":{"payload":{},"event":{}}}`}, "no JSON": {"order-ops", `{`}, "nobody": {"pwa", `{}`},
	} {
		i := pactfile.Interaction{Type: pactfile.Message, Contents: pactfile.Body{Content: []byte(tc.content)}}
		if problems, err := promise.JudgeMessage(specs.FS, tc.consumer, "som", i); err != nil || len(problems) == 0 {
			t.Errorf("%s: nothing was found (%v)", name, err)
		}
	}
}

// TestMessagesAreOnePactWithTheRequests proves that what order-ops and SOM have
// agreed on is one pact, as a broker has it, in which nothing is lost.
func TestMessagesAreOnePactWithTheRequests(t *testing.T) {
	t.Parallel()
	folder := os.DirFS("pacts")
	requests, err := pactfile.ReadAll(folder)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pactfile.ReadAgreements(folder)
	if err != nil {
		t.Fatal(err)
	}
	told, between := 0, map[string]int{}
	for _, p := range all {
		between[p.Consumer.Name+" "+p.Provider.Name]++
		for _, i := range p.Interactions {
			if i.IsMessage() {
				told++
			}
		}
	}
	for pair, n := range between {
		if n != 1 {
			t.Errorf("there are %d pacts between %s", n, pair)
		}
	}
	if told != 7 || len(all) != len(requests)+1 {
		t.Errorf("%d messages in %d pacts, want 7 in one more than the %d of requests", told, len(all), len(requests))
	}
}
