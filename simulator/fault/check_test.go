package fault_test

import (
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/fault"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	known := func(system, operation string) bool {
		return system == "som" && (operation == "" || operation == "submitCancel")
	}
	good := fault.Rule{Name: "f", Match: fault.Match{System: "som", Operation: "submitCancel"}, Effect: fault.Effect{Kind: fault.Reset}}
	tests := []struct {
		name  string
		spoil func(*fault.Rule)
		want  []string
	}{
		{"good", func(*fault.Rule) {}, nil},
		{"a whole system", func(r *fault.Rule) { r.Match.Operation = "" }, nil},
		{"no name", func(r *fault.Rule) { r.Name = "" }, []string{"a fault needs a name"}},
		{"an unknown operation", func(r *fault.Rule) { r.Match.Operation = "submitCancle" }, []string{`no operation "submitCancle" in system "som"`}},
		{"an unknown system", func(r *fault.Rule) { r.Match.System = "sap" }, []string{`match.system: there is no system "sap"`}},
		{"an operation without a system", func(r *fault.Rule) { r.Match.System = "" }, []string{"needs match.system"}},
		{"an unknown effect", func(r *fault.Rule) { r.Effect.Kind = "explode" }, []string{`"explode" is none of`}},
		{"an unknown phase", func(r *fault.Rule) { r.Effect.Phase = "during" }, []string{`"during" is neither`}},
		{"a delay of nothing", func(r *fault.Rule) { r.Effect.Kind = fault.Delay }, []string{"above 0"}},
		{"a status that is no error", func(r *fault.Rule) { r.Effect = fault.Effect{Kind: fault.Status, HTTPStatus: 204} }, []string{"204"}},
		{"a vendor error without a code", func(r *fault.Rule) { r.Effect.Kind = fault.VendorError }, []string{"vendor's code"}},
		{"a partial failure of no record", func(r *fault.Rule) { r.Effect = fault.Effect{Kind: fault.Partial, Code: "X"} }, []string{"in the records it refuses"}},
		{"a partial failure without a code", func(r *fault.Rule) { r.Effect = fault.Effect{Kind: fault.Partial, Record: "MUG"} }, []string{"vendor's code"}},
		{"a partial failure", func(r *fault.Rule) { r.Effect = fault.Effect{Kind: fault.Partial, Record: "MUG", Code: "X"} }, nil},
		{"a phase where there is none to choose", func(r *fault.Rule) { r.Effect = fault.Effect{Kind: fault.LostBefore, Phase: fault.After} }, []string{"effect.phase: it means nothing"}},
		{"a delay of another effect", func(r *fault.Rule) { r.Effect.Delay = 1 }, []string{"effect.delay_ms: it means nothing for the kind reset"}},
		{"a status of another effect", func(r *fault.Rule) { r.Effect.HTTPStatus = 500 }, []string{"effect.status"}},
		{
			"a code and a message of another effect", func(r *fault.Rule) {
				r.Effect = fault.Effect{Kind: fault.Status, HTTPStatus: 503, RetryAfter: 1, Code: "X", Message: "x"}
			},
			[]string{"effect.code", "effect.message"},
		},
		{
			"a time that ends before it begins", func(r *fault.Rule) { r.Match.From, r.Match.Until = time.Unix(2, 0), time.Unix(1, 0) },
			[]string{"match.until: 1970"},
		},
		{
			"several at once", func(r *fault.Rule) { r.Name, r.Times, r.Match.Probability = "", -1, 2 },
			[]string{"needs a name", "must not be negative", "not between 0 and 1"},
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := good
			tc.spoil(&r)
			err := r.Check(known)
			if (err == nil) != (tc.want == nil) {
				t.Fatalf("got %v", err)
			}
			for _, text := range tc.want {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q is missing in %v", text, err)
				}
			}
		})
	}
}
