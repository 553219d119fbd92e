package somrest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/soql"
	"github.com/somsim/somsim/specs"
)

// API answers the operations of the face.
type API struct {
	domain  *som.SOM
	catalog *sobject.Catalog
	engine  *soql.Engine
	choices Choices
}

// New returns the face over a domain, with [DefaultChoices].
func New(d *som.SOM) (*binding.Face, error) { return NewWith(d, DefaultChoices()) }

// NewWith returns the face with other choices about what the vendor leaves open.
func NewWith(d *som.SOM, choices Choices) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("som/openapi.yaml")
	if err != nil {
		return nil, fmt.Errorf("som: %w", err)
	}
	listed, err := specs.FS.ReadFile("som/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("som: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("som/rules.yaml: %w", err)
	}
	a := &API{domain: d, catalog: d.Catalog(), engine: soql.NewEngine(d.Catalog()), choices: choices}
	return &binding.Face{
		System: "som", Name: "som/somrest", Spec: spec, SpecFile: "som/openapi.yaml", Operations: a.routes(),
		Schemes: map[string]binding.Authenticator{"session": a.authenticate},
		Sandbox: sandboxOf, Errors: a.answerError, Rules: rules, Method: method,
	}, nil
}

// version is the number of the API version in the path, such as 60. The specification admits no others than it lists.
func version(r *binding.Request) int {
	var n int
	if _, err := fmt.Sscanf(r.Vars["version"], "v%d.0", &n); err != nil {
		return 0
	}
	return n
}

// usage is the header of every authenticated answer of the data API.
func (a *API) usage() http.Header {
	return http.Header{"Sforce-Limit-Info": {fmt.Sprintf("api-usage=%d/%d", a.choices.Usage, a.choices.Limit)}}
}

// headed is an output with the usage header.
type headed[T any] struct {
	value  T
	header http.Header
}

func withLimit[T any](a *API, value T) headed[T] { return headed[T]{value, a.usage()} }

// AnswerHeader returns the headers of the answer.
func (h headed[T]) AnswerHeader() http.Header { return h.header }

// MarshalJSON renders the value alone.
func (h headed[T]) MarshalJSON() ([]byte, error) { return json.Marshal(h.value) }

// credential returns what follows one of the schemes in the Authorization header.
func credential(r *binding.Request, schemes ...string) (string, bool) {
	scheme, value, _ := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	for _, s := range schemes {
		if strings.EqualFold(s, scheme) {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}
