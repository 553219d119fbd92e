package contracts

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/somsim/somsim/contracts/pactfile"
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
	taken := map[string]string{ // the operation that takes the messages of a pact
		"order-ops-som.json": "orderops takeEvent", "order-ops-worldline.json": "orderops takeWebhook", "tracking-order-ops.json": "tracking collectEvents",
	}
	for _, pact := range all {
		operation, ok := taken[pact.File]
		if !ok {
			t.Errorf("nothing is known to take the messages of %s", pact.File)
			continue
		}
		delete(taken, pact.File)
		schema := bodyOf(t, operation)
		for _, i := range pact.Interactions {
			var content any
			if err := json.Unmarshal(i.Contents.Content, &content); err != nil || !i.IsMessage() {
				t.Fatalf("%s: %q is no message of JSON: %v", pact.File, i.Description, err)
			}
			if err := schema.VisitJSON(content); err != nil {
				t.Errorf("%s: %q is not what %s takes: %v", pact.File, i.Description, operation, err)
			}
		}
	}
	for file := range taken {
		t.Errorf("there is no pact %s", file)
	}
}

// bodyOf is the schema of what an operation takes as JSON.
func bodyOf(t *testing.T, operation string) *openapi3.Schema {
	t.Helper()
	folder, id, _ := strings.Cut(operation, " ")
	source, err := specs.FS.ReadFile(folder + "/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.OperationID == id {
				return op.RequestBody.Value.Content.Get("application/json").Schema.Value
			}
		}
	}
	t.Fatalf("%s has no operation %s", folder, id)
	return nil
}
