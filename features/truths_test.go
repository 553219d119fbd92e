package features

import (
	"strings"
	"testing"
)

func TestDeviationsAndWorkItemsBelongTogether(t *testing.T) {
	t.Parallel()
	money := deviation{Invariant: "money.worth", Entity: "order 1", Detail: "it is worth 0, the payment platform holds 10"}
	refund := workItem{OrderNo: "1", Entity: "worldline:refund:30_0"}
	failed := answer{cancellation: &cancellation{}, effects: []effect{{System: "worldline", Action: "refund", State: "failed"}}}
	unknown := answer{code: codeOutcomeUnknown, open: true}
	tests := []struct {
		name       string
		deviations []deviation
		items      []workItem
		finals     map[string]answer
		want       string // in the only problem; empty for none
	}{
		{"nothing is wrong", nil, nil, map[string]answer{"a": {cancellation: &cancellation{}}}, ""},
		{"a deviation that an item names", []deviation{money}, []workItem{refund}, map[string]answer{"a": failed}, ""},
		{"a deviation without an item", []deviation{money}, nil, nil, "no work item names it"},
		{"an item of another order", []deviation{money}, []workItem{{OrderNo: "2", Entity: refund.Entity}}, map[string]answer{"a": failed}, "no work item names it"},
		{"an item about another system", []deviation{money}, []workItem{{OrderNo: "1", Entity: "slots:release:b1"}}, map[string]answer{
			"a": {cancellation: &cancellation{}, effects: []effect{{System: "slots", State: "failed"}}},
		}, "no work item names it"},
		{"an item about the whole request", []deviation{money}, []workItem{{OrderNo: "1", Entity: "som:orderSummary:1Os"}}, nil, ""},
		{"an item behind which there is nothing", nil, []workItem{refund}, nil, "nothing is wrong there"},
		{"an item that only the shopper's answer speaks of", nil, []workItem{refund}, map[string]answer{"a": failed}, ""},
		{"a request without an end", nil, nil, map[string]answer{"a": unknown}, "is not settled"},
		{"a request without an end that a person looks after", nil, []workItem{{OrderNo: "1", Entity: "order-ops:operation:a"}}, map[string]answer{"a": unknown}, ""},
		{"an effect that is owed for ever", nil, nil, map[string]answer{
			"a": {cancellation: &cancellation{}, effects: []effect{{System: "slots", Action: "release", State: "pending"}}},
		}, "still owes the release of the booking"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			problems := judge(tc.deviations, tc.items, tc.finals)
			switch {
			case tc.want == "" && len(problems) > 0:
				t.Errorf("found %v", problems)
			case tc.want != "" && (len(problems) != 1 || !strings.Contains(problems[0].Error(), tc.want)):
				t.Errorf("found %v, want one with %q", problems, tc.want)
			}
		})
	}
}
