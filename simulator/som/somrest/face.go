package somrest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/soql"
	"github.com/somsim/somsim/specs"
)

// API answers the operations of the face, and is the platform that the org's other faces stand on.
type API struct {
	domain  *som.SOM
	catalog *sobject.Catalog
	engine  *soql.Engine
	choices Choices
	zones   zones
}

// New returns the platform over a domain.
func New(d *som.SOM, choices Choices) *API {
	return &API{domain: d, catalog: d.Catalog(), engine: soql.NewEngine(d.Catalog()), choices: choices}
}

// Face returns the face of the platform's own operations.
func (a *API) Face() (*binding.Face, error) {
	f, err := a.FaceOf("som/somrest", "som/openapi.yaml", a.routes())
	if err != nil {
		return nil, err
	}
	f.Errors = a.answerError
	return f, nil
}

// FaceOf returns a face of the org without its error renderer: with the document of that name, and with sessions,
// sandboxes and limits as the platform has them.
func (a *API) FaceOf(name, specFile string, operations map[string]binding.Handler) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile(specFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	listed, err := specs.FS.ReadFile("som/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("som/rules.yaml: %w", err)
	}
	return &binding.Face{
		System: "som", Name: name, Spec: spec, SpecFile: specFile, Operations: operations,
		Schemes: map[string]binding.Authenticator{"session": a.authenticate},
		Sandbox: sandboxOf, Rules: rules, Method: method, Version: Version, Settle: a.countUsage, TrailingSlash: true,
	}, nil
}

// Domain returns the org's domain.
func (a *API) Domain() *som.SOM { return a.domain }

// Choices returns what was chosen where the vendor leaves it open.
func (a *API) Choices() Choices { return a.choices }

// Version is the number of the API version in the path, such as 60. The specification admits no others than it lists.
func Version(r *binding.Request) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(r.Vars["version"], "v"), ".0"))
	if err != nil {
		return 0
	}
	return n
}

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
