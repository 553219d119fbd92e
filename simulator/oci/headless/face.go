// Package headless is the Commerce API face of Omnichannel Inventory: it turns calls of specs/oci/openapi.yaml into calls
// of package oci and shapes the answers.
package headless

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/specs"
)

// Token is the bearer token that every sandbox takes, so that a client can be pointed at the simulator without reading
// anything. OrganizationID is the tenant group that every sandbox has.
const (
	Token          = "somsim"
	OrganizationID = "f_ecom_zzte_053"
)

// API answers the operations of the face.
type API struct{ domain *oci.OCI }

// New returns the face over a domain; callers authenticate with [Token].
func New(d *oci.OCI) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("oci/openapi.yaml")
	if err != nil {
		return nil, fmt.Errorf("oci: %w", err)
	}
	listed, err := specs.FS.ReadFile("oci/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("oci: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("oci/rules.yaml: %w", err)
	}
	a := &API{domain: d}
	return &binding.Face{
		System: "oci", Name: "oci/headless", Spec: spec, SpecFile: "oci/openapi.yaml", Operations: a.routes(),
		Schemes: map[string]binding.Authenticator{"AccountManager": a.authenticate},
		Sandbox: sandboxOf, Errors: answerError, Rules: rules,
	}, nil
}

// authenticate checks the token and the tenant.
func (a *API) authenticate(c *binding.Call) (binding.Principal, error) {
	token, _ := bearer(c.Request)
	if token != Token {
		return binding.Principal{}, &refusal{
			status: http.StatusUnauthorized, title: "Unauthorized", kind: "invalid-access-token", rule: "oci.auth.token",
			detail: "The access token is missing or not valid.",
		}
	}
	if c.Request.Vars["organizationId"] != OrganizationID {
		return binding.Principal{}, &refusal{
			status: http.StatusForbidden, title: "Forbidden", kind: "forbidden", rule: "oci.tenant.known",
			detail: "The tenant group is not provisioned.",
		}
	}
	return binding.Principal{Kind: "system", Client: token}, nil
}

// bearer splits the token of a call into the token itself and the sandbox.
func bearer(r *binding.Request) (token, sandbox string) {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", ""
	}
	token, sandbox, _ = strings.Cut(strings.TrimSpace(value), "~")
	return token, sandbox
}

func sandboxOf(r *binding.Request) string {
	_, sandbox := bearer(r)
	return sandbox
}
