package contracts

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPactsStayWithinTheSpecs proves that no consumer counts on anything that
// the provider's document does not promise.
func TestPactsStayWithinTheSpecs(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("pacts/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pact found (%v)", err)
	}
	for _, file := range files {
		pact := readPact(t, file)
		doc := loadDocument(t, pact.Provider.Name)
		for _, interaction := range pact.Interactions {
			t.Run(filepath.Base(file)+"/"+interaction.Description, func(t *testing.T) {
				t.Parallel()
				for _, part := range append(interaction.parts(t), interaction) {
					for _, problem := range doc.judge(part) {
						t.Errorf("%s%s", part.Reference, problem)
					}
				}
			})
		}
	}
}

// TestWhatTheSpecsDoNotPromiseIsFound proves that the test above can fail, one
// way after the other, on a document small enough to read.
func TestWhatTheSpecsDoNotPromiseIsFound(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(*interaction)
		want   string
	}{
		{"nothing wrong", func(*interaction) {}, ""},
		{"a path that is not in the document", func(i *interaction) { i.Request.Path = "/nowhere" }, "/nowhere"},
		{"a method that is not in the document", func(i *interaction) { i.Request.Method = "DELETE" }, "DELETE"},
		{"a request field of the wrong type", func(i *interaction) { i.Request.Body.Content = raw(`{"quantity":"one"}`) }, "quantity"},
		{"a request without a required field", func(i *interaction) { i.Request.Body.Content = raw(`{}`) }, "quantity"},
		{"a request field nobody declared", func(i *interaction) { i.Request.Body.Content = raw(`{"quantity":1,"colour":"red"}`) }, "colour"},
		{"an undeclared status", func(i *interaction) { i.Response.Status = 418 }, "418"},
		{"a response field of the wrong type", func(i *interaction) { i.Response.Body.Content = raw(`{"orders":[{"no":1}]}`) }, "no"},
		{"a response field nobody declared", func(i *interaction) { i.Response.Body.Content = raw(`{"orders":[{"weight":1}]}`) }, "weight"},
		{"a response with fewer fields than are required", func(i *interaction) { i.Response.Body.Content = raw(`{"orders":[{}]}`) }, ""},
		{"an open object", func(i *interaction) { i.Response.Body.Content = raw(`{"extra":{"anything":1}}`) }, ""},
	}
	doc := parseDocument(t, []byte(smallDocument))
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			i := smallInteraction()
			tc.change(&i)
			found := strings.Join(doc.judge(i), "\n")
			if tc.want == "" && found != "" {
				t.Errorf("found %s, want nothing", found)
			}
			if !strings.Contains(found, tc.want) {
				t.Errorf("found %q, want a mention of %q", found, tc.want)
			}
		})
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
	if len(p.Interactions) == 0 {
		t.Fatalf("%s holds no interaction", file)
	}
	if want := p.Consumer.Name + "-" + p.Provider.Name + ".json"; filepath.Base(file) != want {
		t.Errorf("%s is a pact named %s", file, want)
	}
	return p
}

// TestPacticipantsHaveTheirCanonicalNames keeps file names, broker and specs
// speaking of the same systems.
func TestPacticipantsHaveTheirCanonicalNames(t *testing.T) {
	t.Parallel()
	known := []string{
		"order-ops", "som", "b2c-ocapi", "b2c-slas", "oci", "slots", "worldline", "loyalty", "sap-cdc", "tracking",
		"storefront-sfra", "mobile-app", "pwa",
	}
	files, err := filepath.Glob("pacts/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var strangers []string
	for _, file := range files {
		p := readPact(t, file)
		for _, name := range []string{p.Consumer.Name, p.Provider.Name} {
			if !slices.Contains(known, name) {
				strangers = append(strangers, name)
			}
		}
	}
	if diff := cmp.Diff([]string(nil), strangers); diff != "" {
		t.Errorf("unknown pacticipants (-want +got):\n%s", diff)
	}
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }

func smallInteraction() interaction {
	var i interaction
	i.Request.Method, i.Request.Path = "POST", "/orders/1/cancel"
	i.Request.Headers = map[string][]string{"Content-Type": {"application/json"}}
	i.Request.Body.ContentType, i.Request.Body.Content = "application/json", raw(`{"quantity":1}`)
	i.Response.Status = 201
	i.Response.Headers = map[string][]string{"Content-Type": {"application/json"}}
	i.Response.Body.ContentType, i.Response.Body.Content = "application/json", raw(`{"orders":[{"no":"1"}]}`)
	return i
}

const smallDocument = `
openapi: 3.0.3
info: {title: small, version: "1"}
paths:
  /orders/{no}/cancel:
    post:
      operationId: cancel
      parameters: [{name: no, in: path, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [quantity], properties: {quantity: {type: number}}}
      responses:
        "201":
          description: cancelled
          content:
            application/json:
              schema:
                allOf:
                  - {type: object, required: [success], properties: {success: {type: boolean}}}
                  - type: object
                    properties:
                      orders: {type: array, items: {$ref: "#/components/schemas/Order"}}
                      extra: {type: object, additionalProperties: true}
components:
  schemas:
    Order: {type: object, required: [no, status], properties: {no: {type: string}, status: {type: string}}}
`
