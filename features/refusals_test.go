package features

import (
	"slices"
	"strings"
	"testing"

	"github.com/somsim/somsim/orderops"
)

// Teams say in words whatever order-ops refuses with: a code without words is one that no scenario can be about.
func TestEveryCodeOfARefusalHasWords(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for _, code := range waits() {
		said[code] = true
	}
	known := orderops.Codes()
	for words, kind := range refusals() {
		for _, code := range kind.codes {
			said[code] = true
			if !strings.HasSuffix(code, "Exception") && !slices.Contains(known, orderops.Code(code)) {
				t.Errorf("%q is for %s, with which order-ops never answers", words, code)
			}
		}
		if len(kind.codes) == 0 && kind.status == 0 {
			t.Errorf("%q is true of every answer", words)
		}
	}
	for _, code := range known {
		if !said[string(code)] {
			t.Errorf("no words say %s", code)
		}
	}
}

func TestARefusalIsOfItsKindAndNoOther(t *testing.T) {
	t.Parallel()
	w := new(world)
	tests := []struct {
		name, kind string
		got        answer
		want       string // in the error; "" for none
	}{
		{"it is of that kind", "the payment is declined", answer{status: 402, code: "PAYMENT_DECLINED"}, ""},
		{"another code", "the payment is declined", answer{status: 409, code: "PRICE_CHANGED"}, "PRICE_CHANGED"},
		{"no refusal", "the payment is declined", answer{status: 200, confirmation: &confirmation{}}, "no refusal"},
		{"not decided yet", "the payment is declined", answer{status: 202, code: codeInProgress, open: true}, "no refusal"},
		{"it may be tried again and should not", "the payment is declined", answer{code: "PAYMENT_DECLINED", retriable: true}, "tried again: true"},
		{"it may not be tried again and should", "order management is away", answer{code: "OMS_UNAVAILABLE"}, "tried again: false"},
		{"commerce does not say whether it may be tried again", "they have to wait", answer{code: "TooManyRequestsException"}, ""},
		{"nothing else is allowed", "it is too late to cancel", answer{code: "NOT_CANCELLABLE"}, `allows []`},
		{"a return is allowed", "it is too late to cancel", answer{code: "NOT_CANCELLABLE", allowed: []string{"return"}}, ""},
		{"what belongs beside it is missing", "there is no such reason", answer{code: "INVALID_REASON_CODE"}, "no reason is named"},
		{"the status is another one", "they may not do that", answer{status: 401, code: "FORBIDDEN"}, "status 401"},
		{"the status is all there is", "something went wrong at the shop", answer{status: 500, code: "whatever"}, ""},
		{"the status is all there is, and another", "something went wrong at the shop", answer{status: 503, code: "whatever"}, "status 503"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := w.refusedAs(t.Context(), tc.got, refusals()[tc.kind])
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
}
