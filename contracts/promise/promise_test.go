package promise

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/contracts/pactfile"
)

// TestWhatTheSpecsDoNotPromiseIsFound proves that the test above can fail, one
// way after the other, on a document small enough to read.
func TestWhatTheSpecsDoNotPromiseIsFound(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(*pactfile.Interaction)
		want   string
	}{
		{"nothing wrong", func(*pactfile.Interaction) {}, ""},
		{"a path that is not in the document", func(i *pactfile.Interaction) { i.Request.Path = "/nowhere" }, "/nowhere"},
		{"a method that is not in the document", func(i *pactfile.Interaction) { i.Request.Method = "DELETE" }, "DELETE"},
		{"a request field of the wrong type", func(i *pactfile.Interaction) { i.Request.Body.Content = raw(`{"quantity":"one"}`) }, "quantity"},
		{"a request without a required field", func(i *pactfile.Interaction) { i.Request.Body.Content = raw(`{}`) }, "quantity"},
		{"a request field nobody declared", func(i *pactfile.Interaction) { i.Request.Body.Content = raw(`{"quantity":1,"colour":"red"}`) }, "colour"},
		{"a response field of the wrong type", func(i *pactfile.Interaction) { i.Response.Body.Content = raw(`{"orders":[{"no":1}]}`) }, "no"},
		{"a response field nobody declared", func(i *pactfile.Interaction) { i.Response.Body.Content = raw(`{"orders":[{"weight":1}]}`) }, "weight"},
		{"a response with fewer fields than are required", func(i *pactfile.Interaction) { i.Response.Body.Content = raw(`{"orders":[{}]}`) }, ""},
		{"a refusal with a field nobody declared", func(i *pactfile.Interaction) {
			i.Response.Status, i.Response.Body.Content = 409, raw(`{"code":"LATE","colour":"red"}`)
		}, "colour"},
		{"a refusal as it is declared for every status", func(i *pactfile.Interaction) {
			i.Response.Status, i.Response.Body.Content = 409, raw(`{"code":"LATE"}`)
		}, ""},
		{"an answer of another media type", func(i *pactfile.Interaction) { i.Response.Headers.Set("Content-Type", "text/html") }, "Content-Type"},
		{"a status alone", func(i *pactfile.Interaction) { i.Response.Body, i.Response.Headers = pactfile.Body{}, nil }, ""},
		{"an open object", func(i *pactfile.Interaction) { i.Response.Body.Content = raw(`{"extra":{"anything":1}}`) }, ""},
	}
	promised := smallSpecification(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			i := smallInteraction()
			tc.change(&i)
			found := strings.Join(promised.judge(i), "\n")
			if tc.want == "" && found != "" {
				t.Errorf("found %s, want nothing", found)
			}
			if !strings.Contains(found, tc.want) {
				t.Errorf("found %q, want a mention of %q", found, tc.want)
			}
		})
	}
}

// TestARequestIsJudgedByTheDocumentThatHasItsPath proves that a system may have
// several documents, and that what is no document beside them does no harm.
func TestARequestIsJudgedByTheDocumentThatHasItsPath(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, method, path string
		status             int
		want               string
	}{
		{"of the first document", "POST", "/orders/1/cancel", 201, ""},
		{"of the second document", "GET", "/slots", 200, ""},
		{"of the second document, with an undeclared status", "GET", "/slots", 404, "404"},
		{"of neither", "GET", "/nowhere", 200, "not in specs/two/first.yaml, specs/two/second.yaml"},
		{"of the second, with another method", "DELETE", "/slots", 200, "in specs/two/second.yaml, the method is not"},
	}
	promised := smallSpecification(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			i := smallInteraction()
			if tc.path == "/slots" {
				i.Request.Body, i.Response.Body.Content = pactfile.Body{}, raw(`{}`)
			}
			i.Request.Method, i.Request.Path, i.Response.Status = tc.method, tc.path, tc.status
			found := strings.Join(promised.judge(i), "\n")
			if found != "" && tc.want == "" || !strings.Contains(found, tc.want) {
				t.Errorf("found %q, want a mention of %q", found, tc.want)
			}
		})
	}
}

// TestThePartsOfACompositeAreJudgedToo proves that a sub-request is held to the
// document with its own body and answer.
func TestThePartsOfACompositeAreJudgedToo(t *testing.T) {
	t.Parallel()
	var i pactfile.Interaction
	i.Request.Body.Content = raw(`{"compositeRequest":[
		{"method":"POST","url":"/orders/1/cancel","referenceId":"good","body":{"quantity":1}},
		{"method":"POST","url":"/orders/1/cancel","referenceId":"wrong","body":{"quantity":"one"}},
		{"method":"POST","url":"/orders/1/cancel","referenceId":"strange","body":{"quantity":1}}]}`)
	i.Response.Headers = map[string][]string{"Content-Type": {"application/json"}}
	i.Response.Body.Content = raw(`{"compositeResponse":[
		{"httpStatusCode":201,"body":{}},{"httpStatusCode":201,"body":{}},{"httpStatusCode":201,"body":{"colour":"red"}}]}`)
	promised, found := smallSpecification(t), map[string]string{}
	parts, err := Parts(i)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		found[part.Reference] = strings.Join(promised.judge(part), "\n")
	}
	for reference, want := range map[string]string{"good: ": "", "wrong: ": "quantity", "strange: ": "colour"} {
		if got, ok := found[reference]; !ok || got != "" && want == "" || !strings.Contains(got, want) {
			t.Errorf("%sfound %q, want a mention of %q", reference, got, want)
		}
	}
}

// TestCustomFieldsAreTheOwnersBusiness proves that names with the prefix of
// custom fields need not be declared, and others must.
func TestCustomFieldsAreTheOwnersBusiness(t *testing.T) {
	t.Parallel()
	doc, err := parseDocument("small.yaml", []byte(smallDocument))
	if err != nil {
		t.Fatal(err)
	}
	doc.custom = "c_"
	i := smallInteraction()
	i.Request.Body.Content = raw(`{"quantity":1,"c_colour":"red","d_colour":"red"}`)
	want := []string{"request.d_colour is not in the document"}
	if diff := cmp.Diff(want, Specification{documents: []document{doc}}.judge(i)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

// smallSpecification is two documents, with rules and a draft beside them.
func smallSpecification(t *testing.T) Specification {
	t.Helper()
	s, err := read("two", fstest.MapFS{
		"first.yaml": {Data: []byte(smallDocument)}, "second.yaml": {Data: []byte(secondDocument)},
		"rules.yaml": {Data: []byte("- {id: a, text: b}")}, "draft.yaml": {Data: []byte("info: {title: no document}")},
		"schemas/third.yaml": {Data: []byte("openapi: 3.0.3")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }

func smallInteraction() pactfile.Interaction {
	var i pactfile.Interaction
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
        default:
          description: refused
          content:
            application/json: {schema: {type: object, required: [code, detail], properties: {code: {type: string}, detail: {type: string}}}}
components:
  schemas:
    Order: {type: object, required: [no, status], properties: {no: {type: string}, status: {type: string}}}
`

const secondDocument = `
openapi: 3.0.3
info: {title: second, version: "1"}
paths:
  /slots:
    get:
      responses:
        "200": {description: slots, content: {application/json: {schema: {type: object}}}}
`
