package contracts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// TestEveryRefusalIsAgreedWithTheStorefront proves that there is an interaction
// for each code that order-ops may answer a storefront with.
func TestEveryRefusalIsAgreedWithTheStorefront(t *testing.T) {
	t.Parallel()
	told := answersTo(t, "storefront-sfra-order-ops.json")
	faults, never := faultsOf(), neverTold()
	codes := codesOf(t, "../orderops/code.go")
	for name, code := range codes {
		wanted := code
		if fault, ok := faults[code]; ok {
			wanted = fault
		}
		_, excused := never[code]
		switch {
		case excused && strings.Contains(told, `"`+wanted+`"`):
			t.Errorf("%s is said to be never told, but a storefront was told it", code)
		case !excused && !strings.Contains(told, `"`+wanted+`"`):
			t.Errorf("no interaction with a storefront is answered %s (orderops.%s); add one in consumer/ and run `make pacts`", wanted, name)
		}
	}
	for code := range never {
		if !hasValue(codes, code) {
			t.Errorf("order-ops has no code %s any more", code)
		}
	}
}

// faultsOf are the codes that a storefront knows as faults of commerce.
func faultsOf() map[string]string {
	return map[string]string{
		"ORDER_NOT_FOUND": "OrderNotFoundException",
		"UNAUTHENTICATED": "InvalidAccessTokenException",
		"FORBIDDEN":       "ClientAccessForbiddenException",
		"RATE_LIMITED":    "TooManyRequestsException",
	}
}

// neverTold are the codes that a storefront does not meet, or that no world can
// be brought to without telling a lie, and why.
func neverTold() map[string]string {
	return map[string]string{
		"USE_OMS":             "is why an effect was not needed",
		"OPERATION_NOT_FOUND": "is of the REST face, which has operations",
		"NOT_FOUND":           "is told of paths that are in no document",
		"SANDBOX_CONFLICT":    "is told to those who know that they are in a simulation",
		"INTERNAL_ERROR":      "is a mistake in order-ops",

		"ACTION_NOT_AVAILABLE":  "is told while a switch is off, for which the service has no file here",
		"SESSION_MISMATCH":      "is told to channels whose tokens name a session; those of OCAPI do not",
		"INVALID_SIGNATURE":     "is told to who relays events",
		"EVENTS_NOT_CONFIGURED": "is told to who relays events",
		"IDP_SESSION_EXPIRED":   "is told to those who come with a token of SAP Customer Data Cloud; a storefront has commerce's",
		"PROFILE_INCOMPLETE":    "is told to those who come with a token of SAP Customer Data Cloud; a storefront has commerce's",
	}
}

// answersTo is everything that a pact's provider answers.
func answersTo(t *testing.T, file string) string {
	t.Helper()
	var all strings.Builder
	for _, p := range allPacts(t) {
		if p.File != file {
			continue
		}
		for _, i := range p.Interactions {
			all.Write(i.Response.Body.Content)
		}
	}
	return all.String()
}

// codesOf are the constants of type Code in a Go file by name.
func codesOf(t *testing.T, file string) map[string]string {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{}
	ast.Inspect(source, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		kind, isName := spec.Type.(*ast.Ident)
		literal, isLiteral := spec.Values[0].(*ast.BasicLit)
		if isName && isLiteral && kind.Name == "Code" {
			if codes[spec.Names[0].Name], err = strconv.Unquote(literal.Value); err != nil {
				t.Fatal(err)
			}
		}
		return true
	})
	if len(codes) == 0 {
		t.Fatalf("%s declares no code", file)
	}
	return codes
}

func hasValue(m map[string]string, wanted string) bool {
	for _, value := range m {
		if value == wanted {
			return true
		}
	}
	return false
}
