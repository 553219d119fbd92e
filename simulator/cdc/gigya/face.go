// Package gigya is the REST face of SAP Customer Data Cloud: it turns calls of specs/cdc/openapi.yaml into calls of package
// cdc. Every answer has HTTP status 200 and says in errorCode how it went, unless the caller wants HTTP statuses.
package gigya

import (
	"crypto/rsa"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/cdc"
	"github.com/somsim/somsim/specs"
)

// simulationOnlyKey signs the JWTs of accounts. It is public, so what it signs proves nothing outside a simulation; being
// fixed, it makes equal runs give equal tokens.
//
//go:embed simulation_only_key.pem
var simulationOnlyKey []byte

// API answers the operations of the face.
type API struct {
	domain *cdc.CDC
	key    *rsa.PrivateKey
}

// New returns the face over a domain.
func New(d *cdc.CDC) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("cdc/openapi.yaml")
	if err != nil {
		return nil, fmt.Errorf("cdc: %w", err)
	}
	listed, err := specs.FS.ReadFile("cdc/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("cdc: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("cdc/rules.yaml: %w", err)
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM(simulationOnlyKey)
	if err != nil {
		return nil, fmt.Errorf("cdc: simulation-only key: %w", err)
	}
	a := &API{domain: d, key: key}
	return &binding.Face{
		System: "cdc", Name: "cdc/gigya", Spec: spec, SpecFile: "cdc/openapi.yaml", Operations: a.routes(),
		Schemes: map[string]binding.Authenticator{"Site": a.authenticate},
		Sandbox: sandboxOf, Errors: answerError, Rules: rules,
	}, nil
}

// authenticate finds the site of a call, and whether a server application of it is calling.
func (a *API) authenticate(c *binding.Call) (binding.Principal, error) {
	p := parameters(c.Request)
	key, _, _ := strings.Cut(p.Get("apiKey"), "~")
	if key == "" {
		return binding.Principal{}, &cdc.Error{Code: cdc.MissingParameter, Rule: "cdc.site.key-given", Details: "Missing required parameter: apiKey"}
	}
	site, err := a.domain.Site(c.Tx, key)
	if err != nil {
		return binding.Principal{}, err
	}
	caller := binding.Principal{Kind: kindBrowser, Client: site.APIKey}
	if signed, ok := signedCall(c.Request); ok {
		if signed.Token == "" {
			caller.Kind = kindServer
		}
		return caller, a.domain.CheckSignature(c.Tx, site, signed)
	}
	if p.Get("secret") != "" {
		if !site.Server(p.Get("userKey"), p.Get("secret")) {
			return binding.Principal{}, &cdc.Error{Code: cdc.UnauthorizedUser, Rule: "cdc.auth.secret", Details: "userKey and secret are none of the site's."}
		}
		caller.Kind = kindServer
	}
	return caller, nil
}

// The kinds of caller.
const (
	kindBrowser = "browser"
	kindServer  = "server"
)

// parameters are those of the form before those of the query.
func parameters(r *binding.Request) url.Values {
	all := r.HTTP().URL.Query()
	form, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return all
	}
	for name, values := range form {
		all[name] = values
	}
	return all
}

func sandboxOf(r *binding.Request) string {
	_, name, _ := strings.Cut(parameters(r).Get("apiKey"), "~")
	return name
}

// method is one call under way.
type method struct {
	*binding.Call
	site       cdc.Site
	parameters url.Values
}

func (m *method) server() bool { return m.Principal.Kind == kindServer }

func (m *method) text(name string) string { return m.parameters.Get(name) }

// document reads a parameter that holds a JSON object.
func (m *method) document(name string) (cdc.Document, error) {
	if m.text(name) == "" {
		return nil, nil
	}
	var properties map[string]json.RawMessage
	if err := json.Unmarshal([]byte(m.text(name)), &properties); err != nil {
		return nil, invalidParameter(name, "is no JSON object")
	}
	out := cdc.Document{}
	for property, value := range properties {
		out[property] = string(value)
	}
	return out, nil
}

// flag reads a parameter that is true, false or not there.
func (m *method) flag(name string) (*bool, error) {
	switch m.text(name) {
	case "":
		return nil, nil
	case "true", "false":
		on := m.text(name) == "true"
		return &on, nil
	}
	return nil, invalidParameter(name, "is neither true nor false")
}

func invalidParameter(name, why string) error {
	return &cdc.Error{Code: cdc.InvalidParameter, Rule: "cdc.request.parameter", Details: "The parameter " + name + " " + why + "."}
}

func (m *method) required(names ...string) error {
	for _, name := range names {
		if m.text(name) == "" {
			return &cdc.Error{Code: cdc.MissingParameter, Rule: "cdc.request.required", Details: "Missing required parameter: " + name}
		}
	}
	return nil
}

// bind makes a handler of a method.
func (a *API) bind(run func(m *method) (answer, error)) binding.Handler {
	return binding.Raw(func(c *binding.Call) (*binding.Response, error) {
		site, err := a.domain.Site(c.Tx, c.Principal.Client)
		if err != nil {
			return nil, err
		}
		if signed, ok := signedCall(c.Request); ok {
			a.domain.SpendNonce(c.Tx, site, signed)
		}
		out, err := run(&method{c, site, parameters(c.Request)})
		if err != nil {
			return nil, err
		}
		return respond(c, out), nil
	})
}
