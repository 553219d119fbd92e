package features

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPeopleSayWhatOfAnOrder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text  string
		want  what
		wrong string // in the error; "" for none
	}{
		{text: `the order`},
		{text: `everything`},
		{text: `what is still open`, want: what{partial: true}},
		{text: `what can be returned`, want: what{partial: true}},
		{text: `1 unit of "CAP"`, want: what{amounts: []amount{{1, "CAP"}}}},
		{text: `1 unit of "CAP", 2 units of "BOWL" and 3 units of "TEA-SET"`, want: what{amounts: []amount{{1, "CAP"}, {2, "BOWL"}, {3, "TEA-SET"}}}},
		{text: `"1 CAP, 2 BOWL"`, want: what{amounts: []amount{{1, "CAP"}, {2, "BOWL"}}}},
		{text: `the units of "BOWL" one by one`, want: what{oneByOne: "BOWL"}},
		{text: `the invoice`, wrong: `"the invoice" is nothing of an order: there is everything, the order, what can be returned, what is still open, the units of "BOWL" one by one; and "the invoice" is no number of units`},
		{text: `1 unit of "CAP" and "BOWL"`, wrong: `"\"BOWL\"" is no number of units`},
		{text: `1 unit of "CAP" and 2 units of "CAP"`, wrong: `CAP is named twice`},
		{text: `"1 CAP, 2"`, wrong: `"2" is no number of units and a product`},
		{text: `"1 CAP, two BOWL"`, wrong: `"two" is no number of units`},
	}
	for _, tc := range tests {
		t.Run(tc.text, func(t *testing.T) {
			t.Parallel()
			got, err := parseWhat(tc.text)
			if tc.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tc.wrong) {
					t.Errorf("error %v, want one with %s", err, tc.wrong)
				}
				return
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(what{}, amount{})); err != nil || diff != "" {
				t.Errorf("error %v, difference:\n%s", err, diff)
			}
		})
	}
}
