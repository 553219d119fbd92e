package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func TestSelection(t *testing.T) {
	t.Parallel()
	two := []fund{{"a", dec("60")}, {"b", dec("50")}}
	three := []fund{{"a", dec("60")}, {"b", dec("50")}, {"c", dec("50")}}
	cases := []struct {
		name   string
		rule   selection
		funds  []fund
		amount string
		want   []string
	}{
		{"R27 the smallest that has enough", smallestSufficient, two, "55", []string{"a 55"}},
		{"an exact match before a larger one", smallestSufficient, two, "50", []string{"b 50"}},
		{"the smallest even when more would do", smallestSufficient, two, "20", []string{"b 20"}},
		{"R28 none has enough", smallestSufficient, two, "80", []string{"a 60", "b 20"}},
		{"of equal ones the first", smallestSufficient, three, "50", []string{"b 50"}},
		{"more than there is", smallestSufficient, two, "200", []string{"a 60", "b 50"}},
		{"largest first", largestFirst, two, "20", []string{"a 20"}},
		{"an exact match before the largest", largestFirst, two, "50", []string{"b 50"}},
		{"the rest from an exact match", largestFirst, three, "110", []string{"a 60", "b 50"}},
		{"funds without money", largestFirst, []fund{{"a", decimal.Zero}}, "1", nil},
		{"nothing", smallestSufficient, two, "0", nil},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, told(c.rule(c.funds, dec(c.amount)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func told(takings []taking) []string {
	var out []string
	for _, t := range takings {
		out = append(out, t.id+" "+t.amount.String())
	}
	return out
}

func TestSequences(t *testing.T) {
	t.Parallel()
	two := []fund{{"a", dec("60")}, {"b", dec("50")}}
	cases := []struct {
		name    string
		order   []Sequence
		partial bool
		want    []string
	}{
		{"R29 the rest by the rule", []Sequence{{"b", dec("30")}}, false, []string{"b 30", "a 25"}},
		{"R30 the rest stays", []Sequence{{"b", dec("30")}}, true, []string{"b 30"}},
		{"zero takes what is needed", []Sequence{{"b", decimal.Zero}}, false, []string{"b 50", "a 5"}},
		{"in the order that was asked for", []Sequence{{"b", dec("10")}, {"a", dec("45")}}, true, []string{"b 10", "a 45"}},
		{"no order, partly allowed", nil, true, []string{"a 55"}},
		{"one that is not there", []Sequence{{"x", dec("10")}}, false, []string{"a 55"}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, told(inSequence(two, dec("55"), c.order, c.partial, smallestSufficient))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
