// Package ociconnect is Omnichannel Inventory as the Salesforce org shows it: the Connect REST resources under
// /commerce/oci and /commerce/inventory, and the routing that asks inventory. It has the paths, sessions, versions and
// errors of the org and the stock of package oci, which package headless shows too.
package ociconnect

import (
	"fmt"
	"maps"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/ocijson"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/specs"
)

// Org is the Salesforce org that the face stands in.
type Org struct {
	Platform
	Records
	// Routes finds the sets of as few locations as possible, at most splits+1, that have everything ordered.
	Routes func(ordered, stock []Stock, splits int) ([][]string, error)
	// ActionStatus is the HTTP status of a successful action, NullErrors that errors:null stands for none.
	ActionStatus int
	NullErrors   bool
}

// Platform is what the faces of the org have in common.
type Platform interface {
	// FaceOf returns a face without its error renderer.
	FaceOf(name, specFile string, operations map[string]binding.Handler) (*binding.Face, error)
	// Failure tells code and message of an error, as the org would.
	Failure(c *binding.Call, err error) (code, message string)
	// Answer shapes an error; output are the fields of the operation's output beside success and errors.
	Answer(c *binding.Call, err error, output []string) *binding.Response
}

// Records are the rows of the org that inventory asks for. Ids may have 15 or 18 characters.
type Records interface {
	// Structure is what the org publishes of its locations and groups.
	Structure(tx *sandbox.Tx) oci.Graph
	// SKU returns the stock keeping unit of a product and the product's id, by its id or SKU.
	SKU(tx *sandbox.Tx, product string) (sku, id string, ok bool)
	// Reference returns the external reference of a location or group, by its id.
	Reference(tx *sandbox.Tx, id string) (string, bool)
}

// Stock is a quantity of a stock keeping unit, at a location when it tells one.
type Stock struct {
	Location, SKU string
	Quantity      decimal.Decimal
}

// API answers the operations of the face.
type API struct {
	domain  *oci.OCI
	org     Org
	version func(*binding.Request) int
}

// New returns the face over a domain, in an org.
func New(d *oci.OCI, org Org) (*binding.Face, error) {
	a := &API{domain: d, org: org}
	f, err := org.FaceOf("som/ociconnect", "oci/connect.yaml", a.routes())
	if err != nil {
		return nil, err
	}
	listed, err := specs.FS.ReadFile("oci/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("som/ociconnect: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("oci/rules.yaml: %w", err)
	}
	maps.Copy(rules, f.Rules)
	f.Rules, f.Errors, a.version = rules, a.answerError, f.Version
	return f, nil
}

func (a *API) bodies() ocijson.Bodies {
	return ocijson.Bodies{Domain: a.domain, NullErrors: a.org.NullErrors}
}

// baseOutput begins every output of the face's own.
type baseOutput struct {
	Success bool                `json:"success"`
	Errors  []ocijson.LineError `json:"errors"`
}

func (a *API) succeeded() baseOutput {
	if a.org.NullErrors {
		return baseOutput{Success: true}
	}
	return baseOutput{true, []ocijson.LineError{}}
}
