package modify

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
)

const rules = `
order:
  - {som: Priority__c, commerce: c_priority, as: choice, values: {High: high, Low: low}, copy: true}
  - {som: Note__c, commerce: c_note, copy: true}
  - {som: Secret__c, commerce: c_secret}
item:
  - {som: Engraving__c, commerce: c_engraving, copy: true}
delivery:
  - {som: Doorbell__c, commerce: c_doorbell, copy: true}
`

func text(s string) json.RawMessage { return json.RawMessage(`"` + s + `"`) }

// Marked fields go into the follow-up basket as order management has them: over what commerce has, and not at all where
// they are empty there.
func TestMarkedFieldsAreCopied(t *testing.T) {
	t.Parallel()
	table, err := mapping.Parse([]byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	w.custom = map[string]somclient.CustomRow{orderNo: {
		Order:      somclient.Row{"Priority__c": text("High"), "Note__c": json.RawMessage("null"), "Secret__c": text("x")},
		Items:      map[string]somclient.Row{"10u1": {"Engraving__c": text("For Ada")}},
		Deliveries: map[string]somclient.Row{"0ag1": {"Doorbell__c": text("Nolan")}},
	}}
	m := w.modifies(orderops.KeepUntilConfirm)
	m.Mapping = table.OnlyCopied()
	if _, err := m.Run(context.Background(), commandtest.NewRun(), rowOf(t, w, orderops.ModifyRequest{}), nil); err != nil {
		t.Fatal(err)
	}
	if got := w.asked.Custom; string(got["c_priority"]) != `"high"` || got["c_note"] != nil || got["c_secret"] != nil {
		t.Errorf("the basket has %v", got)
	}
	want := []string{`"For Ada"`, ""}
	var got []string
	for _, item := range w.asked.Items {
		got = append(got, string(item.Custom["c_engraving"]))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s := w.asked.Shipments; len(s) != 1 || string(s[0].Custom["c_doorbell"]) != `"Nolan"` {
		t.Errorf("the shipments are %+v", s)
	}
}

// A field that cannot be read stops the modification: nobody knows what would be lost.
func TestMarkedFieldsThatCannotBeReadStopTheModification(t *testing.T) {
	t.Parallel()
	table, err := mapping.Parse([]byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	m := w.modifies(orderops.KeepUntilConfirm)
	m.Mapping = table.OnlyCopied()
	result, err := m.Run(context.Background(), commandtest.NewRun(), rowOf(t, w, orderops.ModifyRequest{}), nil)
	if err != nil || result.State != command.Released || result.Answer.Refusal.Code != orderops.OMSUnavailable || len(w.baskets) > 0 {
		t.Errorf("ended %s %v with %v, %v", result.State, result.Answer.Refusal, w.baskets, err)
	}
}

// A site that keeps the prices of the order takes off what has become dearer, once, and leaves codes out.
func TestThePricesOfTheOrderAreKept(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault *fault
		state command.State
	}{
		"as asked":                     {nil, command.Editing},
		"a reduction was made before":  {&fault{class: remote.Rejected, code: b2cclient.InvalidPromotion, happened: true, status: 400}, command.Editing},
		"commerce is away":             {&fault{class: remote.Unavailable, code: "DOWN", status: 503}, command.Released},
		"commerce takes no reductions": {&fault{class: remote.Rejected, code: "TooManyPromotionsException", status: 400}, command.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.prices = map[string]string{"SHIRT": "60.00", "SCARF": "25.00"} // 50 and 30 in the order
			if tc.fault != nil {
				w.faults["b2c.reduce"] = *tc.fault
			}
			m := w.modifies(orderops.KeepUntilConfirm)
			m.Policy.Prices = settle.BySite[orderops.PricePolicy]{settle.AllSites: orderops.KeepOriginalPrice}
			result, err := m.Run(context.Background(), commandtest.NewRun(), rowOf(t, w, orderops.ModifyRequest{}), nil)
			if err != nil || result.State != tc.state {
				t.Fatalf("ended %s %v, %v", result.State, result.Answer.Refusal, err)
			}
			if tc.state != command.Editing {
				if len(w.baskets) > 0 {
					t.Errorf("left baskets %v", w.baskets)
				}
				return
			}
			a := result.Answer.Modification
			if a.After.String() != "125" || len(a.PriceDeltas) != 1 || a.PriceDeltas[0].ProductID != "SCARF" || len(a.Coupons) > 0 || w.counts["b2c.reduce"] != 1 {
				t.Errorf("the basket costs %s with %+v, %+v after %d reductions", a.After, a.PriceDeltas, a.Coupons, w.counts["b2c.reduce"])
			}
		})
	}
}
