package contracts

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/somsim/somsim/contracts/pactfile"
)

// TestEveryRefusalIsAgreedWithEveryChannel proves that there is an interaction
// for each code that order-ops may answer a channel with, and for each action
// with each that keeps it from being taken.
func TestEveryRefusalIsAgreedWithEveryChannel(t *testing.T) {
	t.Parallel()
	codes := codesOf(t, "../orderops/code.go")
	for channel, never := range neverTold() {
		t.Run(channel, func(t *testing.T) {
			t.Parallel()
			told := toldTo(t, channel)
			for name, code := range codes {
				_, excused := never[code]
				switch {
				case excused && told[code]:
					t.Errorf("%s is said to be never told, but the channel was told it", code)
				case !excused && !told[code]:
					t.Errorf("no interaction is answered %s (orderops.%s); add one in consumer/ and run `make pacts`", code, name)
				}
			}
			for code := range never {
				if !hasValue(codes, code) {
					t.Errorf("order-ops has no code %s any more", code)
				}
			}
			for action, refusals := range refusalsOf() {
				for _, code := range refusals {
					if _, excused := never[code]; !excused && !told[action+" "+code] {
						t.Errorf("no %s is refused with %s; add one in consumer/ and run `make pacts`", action, code)
					}
				}
			}
		})
	}
}

// refusalsOf are the codes that keep each action from being taken.
func refusalsOf() map[string][]string {
	always := strings.Fields(`ORDER_NOT_FOUND UNAUTHENTICATED FORBIDDEN RATE_LIMITED UPSTREAM_ERROR UPSTREAM_TIMEOUT OMS_UNAVAILABLE ACTION_NOT_AVAILABLE
		IDEMPOTENCY_KEY_REQUIRED IDEMPOTENCY_KEY_REUSED ORDER_ACTION_IN_PROGRESS ORDER_NOT_PLACED ORDER_CHANGED`)
	and := func(more string) []string { return append(strings.Fields(more), always...) }
	return map[string][]string{
		"cancel":  and("DEPENDENT_LINE ORDER_REPLACED ORDER_NOT_YET_IN_OMS NOT_CANCELLABLE PARTIALLY_FULFILLED CUTOFF_PASSED AMOUNT_CHANGED UNKNOWN_ITEMS INVALID_QUANTITY CANCEL_QUANTITY_EXCEEDED INVALID_REASON_CODE IN_PROGRESS OUTCOME_UNKNOWN"),
		"modify":  and("ORDER_REPLACED ORDER_NOT_YET_IN_OMS NOT_MODIFIABLE BASKET_EXISTS NOTHING_TRANSFERABLE QUANTITY_INVALID UNKNOWN_ITEMS CUTOFF_PASSED SLOT_FULL PRICE_CHANGED"),
		"confirm": and("INVALID_REQUEST NOT_EDITING ALREADY_CONFIRMED CUSTOMER_MISMATCH SESSION_MISMATCH CONTEXT_MISMATCH BASKET_NOT_FOUND BASKET_INCOMPLETE PRICE_CHANGED PAYMENT_DECLINED SLOT_HOLD_EXPIRED SLOT_FULL"),
		"return":  and("DEPENDENT_LINE ORDER_REPLACED ORDER_NOT_YET_IN_OMS NOT_RETURNABLE RETURN_WINDOW_CLOSED RETURN_QUANTITY_EXCEEDED AMOUNT_CHANGED UNKNOWN_ITEMS INVALID_QUANTITY INVALID_REASON_CODE IN_PROGRESS OUTCOME_UNKNOWN"),
	}
}

// codeOfFault is what the faults of commerce itself are called by order-ops.
func codeOfFault(fault string) string {
	return map[string]string{
		"OrderNotFoundException": "ORDER_NOT_FOUND", "InvalidAccessTokenException": "UNAUTHENTICATED",
		"ClientAccessForbiddenException": "FORBIDDEN", "TooManyRequestsException": "RATE_LIMITED",
	}[fault]
}

// neverTold are the codes that a channel does not meet, or that no world can
// be brought to without telling a lie, and why.
func neverTold() map[string]map[string]string {
	all := map[string]string{
		"USE_OMS":               "is why an effect was not needed",
		"NOT_FOUND":             "is told of paths that are in no document",
		"SANDBOX_CONFLICT":      "is told to those who know that they are in a simulation",
		"INTERNAL_ERROR":        "is a mistake in order-ops",
		"MINIMUM_NOT_MET":       "is told where a least order is configured, which the service here has not",
		"INVALID_SIGNATURE":     "is told to who relays events",
		"EVENTS_NOT_CONFIGURED": "is told to who relays events",
		"IDP_SESSION_EXPIRED":   "is told to those who come with a token of SAP Customer Data Cloud; these channels have commerce's",
		"PROFILE_INCOMPLETE":    "is told to those who come with a token of SAP Customer Data Cloud; these channels have commerce's",
	}
	and := func(more map[string]string) map[string]string {
		maps.Copy(more, all)
		return more
	}
	const noSession = "is told to channels whose tokens name a session; those of OCAPI do not"
	const noKey = "is told of a request without a header that the document requires"
	const noStatus = "is told of a status of commerce's own, which this face does not take"
	return map[string]map[string]string{
		"storefront-sfra": and(map[string]string{"SESSION_MISMATCH": noSession, "OPERATION_NOT_FOUND": "is of the REST face, which has operations"}),
		"mobile-app":      and(map[string]string{"CANNOT_REOPEN": noStatus, "SESSION_MISMATCH": noSession, "IDEMPOTENCY_KEY_REQUIRED": noKey}),
		"pwa":             and(map[string]string{"CANNOT_REOPEN": noStatus, "IDEMPOTENCY_KEY_REQUIRED": noKey, "FORBIDDEN": "is told when commerce refuses the token of the caller; with one of SLAS order-ops asks in its own name"}),
	}
}

// toldTo are the codes that a channel's pact has, alone and behind the action
// that was asked for.
func toldTo(t *testing.T, channel string) map[string]bool {
	t.Helper()
	told := map[string]bool{}
	for _, p := range allPacts(t) {
		if p.Consumer.Name != channel {
			continue
		}
		for _, i := range p.Interactions {
			action := actionOf(i)
			for _, code := range codesIn(t, i) {
				told[code], told[action+" "+code] = true, true
			}
		}
	}
	if len(told) == 0 {
		t.Fatalf("there is no pact of %s", channel)
	}
	return told
}

// actionOf is the action that an interaction asks for; "" is none.
func actionOf(i pactfile.Interaction) string {
	var wish struct {
		Action string `json:"c_action"`
	}
	if json.Unmarshal(i.Request.Body.Content, &wish) == nil && wish.Action != "" {
		return wish.Action
	}
	for suffix, action := range map[string]string{"/cancellations": "cancel", "/modifications": "modify", "/confirmations": "confirm", "/returns": "return"} {
		if strings.HasSuffix(i.Request.Path, suffix) {
			return action
		}
	}
	return ""
}

// codesIn are the codes in an answer of either face.
func codesIn(t *testing.T, i pactfile.Interaction) (codes []string) {
	t.Helper()
	var answer struct {
		Code   string `json:"code"`
		Result struct {
			Code string `json:"code"`
		} `json:"c_actionResult"`
		Error struct {
			Code string `json:"code"`
		} `json:"c_somError"`
		Fault struct {
			Type      string `json:"type"`
			Arguments struct {
				Code string `json:"statusCode"`
			} `json:"arguments"`
		} `json:"fault"`
	}
	if len(i.Response.Body.Content) == 0 {
		return nil
	}
	if err := json.Unmarshal(i.Response.Body.Content, &answer); err != nil {
		t.Fatalf("%s: %v", i.Description, err)
	}
	for _, code := range []string{answer.Code, answer.Result.Code, answer.Error.Code, answer.Fault.Arguments.Code, codeOfFault(answer.Fault.Type)} {
		if code != "" {
			codes = append(codes, code)
		}
	}
	return codes
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
