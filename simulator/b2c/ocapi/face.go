// Package ocapi is the OCAPI Shop face of B2C Commerce, with the Account Manager endpoint that its system tokens come
// from: paths, tokens, documents and faults of specs/b2c/openapi.yaml over package b2c.
package ocapi

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/shoppertoken"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/specs"
)

// API answers the operations of the face.
type API struct {
	domain *b2c.B2C
	key    *rsa.PrivateKey
	// slas verifies shoppers' tokens of SLAS, and signs storefront sessions for it.
	slas *shoppertoken.Key
	// verified remembers tokens whose signature was found to be ours, since verifying the same one again costs more than
	// answering. Whether a token is still alive, and whose it is, is looked up every time.
	verified *lru.Cache[string, jwt.RegisteredClaims]
	// rendered holds order documents by version, number and resource state.
	rendered *lru.Cache[string, json.RawMessage]
	// orderProperties are the names of an order document's own properties.
	orderProperties map[string]bool
}

// Open makes what the faces over one domain share: keys, and what was verified and rendered before.
func Open(d *b2c.B2C) (*API, error) {
	key, err := simulationKey()
	if err != nil {
		return nil, err
	}
	slas, err := shoppertoken.Open()
	if err != nil {
		return nil, err
	}
	verified, err := lru.New[string, jwt.RegisteredClaims](1024)
	if err != nil {
		return nil, fmt.Errorf("cache of verified tokens: %w", err)
	}
	rendered, err := lru.New[string, json.RawMessage](512)
	if err != nil {
		return nil, fmt.Errorf("cache of rendered orders: %w", err)
	}
	return &API{
		domain: d, key: key, slas: slas, verified: verified, rendered: rendered,
		orderProperties: properties(reflect.TypeFor[orderDocument]()),
	}, nil
}

// New returns the Shop face over a domain.
func New(d *b2c.B2C) (*binding.Face, error) {
	a, err := Open(d)
	if err != nil {
		return nil, err
	}
	return a.Face()
}

// Domain returns what the face is over.
func (a *API) Domain() *b2c.B2C { return a.domain }

// Face returns the Shop face.
func (a *API) Face() (*binding.Face, error) {
	return a.FaceOf("b2c/ocapi", "b2c/openapi.yaml", a.hooked(a.routes()))
}

// FaceOf returns a face of a document of its own that lets callers in, cuts answers and refuses as the Shop face does.
func (a *API) FaceOf(name, file string, operations map[string]binding.Handler) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("b2c: %w", err)
	}
	listed, err := specs.FS.ReadFile("b2c/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("b2c: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("b2c/rules.yaml: %w", err)
	}
	return &binding.Face{
		System: "b2c", Name: name, Spec: spec, SpecFile: file, Operations: operations,
		Schemes: map[string]binding.Authenticator{
			"ClientId": a.authenticateClient, "Shopper": a.authenticateBearer, "System": a.authenticateBearer,
			"ShopperAlone": a.authenticateShopper, "SystemAlone": a.authenticateSystem,
			"User": a.authenticateUser, "ClientCredentials": a.authenticateCredentials, "DataSystem": a.authenticateData,
		},
		Sandbox: sandboxOf, Errors: answerError, Rules: rules, Method: method, Narrow: a.narrow,
	}, nil
}

// properties returns the JSON names of a document's fields.
func properties(t reflect.Type) map[string]bool {
	names := map[string]bool{}
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names[name] = true
		}
	}
	return names
}
