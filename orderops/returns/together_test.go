package returns

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/settle"
)

// dependentOrder has two sets of two bowls each for 50.00, and two scents for 8.00 with two gifts that cost 5.00 otherwise.
// So many units of the lines are still to be handed over.
func dependentOrder(missing map[string]int64) order {
	o := order{Found: true}
	for _, l := range []struct {
		id, main    string
		units       int64
		paid, worth string
		why         returnby.Why
	}{
		{"set", "", 2, "50.00", "50.00", returnby.Open},
		{"bowl", "set", 4, "0", "0", returnby.NotReturnable},
		{"scent", "", 2, "8.00", "10.00", returnby.Open},
		{"gift", "scent", 2, "0", "5.00", returnby.Open},
	} {
		n := decimal.NewFromInt(l.units)
		o.Lines = append(o.Lines, line{
			ID: l.id, ProductCode: l.id, Product: true, Group: "g", Main: l.main, Bonus: l.id == "gift", Ordered: n, Fulfilled: n,
			Available: n.Sub(decimal.NewFromInt(missing[l.id])), Paid: decimal.RequireFromString(l.paid), Worth: decimal.RequireFromString(l.worth),
			Window: verdict{Why: l.why},
		})
	}
	return o
}

func TestLinesComeBackTogether(t *testing.T) {
	t.Parallel()
	ask := func(id, units string) []orderops.LineQuantity { return items(id, units) }
	cases := []struct {
		name    string
		missing map[string]int64
		items   []orderops.LineQuantity
		bonus   Bonus
		want    string
	}{
		{"bowls with their set, whose window counts", nil, ask("set", "1"), DeductBonus, "set 1, bowl 2"},
		{"a bowl by itself", nil, ask("bowl", "1"), DeductBonus, "DEPENDENT_LINE bowl"},
		{"a bowl that was not handed over holds its set back", map[string]int64{"bowl": 3}, ask("set", "1"), DeductBonus, "NOT_RETURNABLE bowl"},
		{"a gift with its scent", nil, append(ask("scent", "1"), ask("gift", "1")...), DeductBonus, "scent 1, gift 1"},
		{"a gift by itself", nil, ask("gift", "1"), DeductBonus, "gift 1"},
		{"a gift that stays is charged", nil, ask("scent", "1"), DeductBonus, "scent 1, keeping 5"},
		{"gifts that stay are charged", nil, ask("scent", "2"), DeductBonus, "scent 2, keeping 10"},
		{"a gift that stays has to come back", nil, ask("scent", "1"), RequireBonus, "DEPENDENT_LINE gift"},
		{"a gift that stays is a present", nil, ask("scent", "1"), ForgiveBonus, "scent 1"},
		{"everything", nil, nil, RequireBonus, "set 2, bowl 4, scent 2, gift 2"},
		{"everything that is there", map[string]int64{"bowl": 1}, nil, DeductBonus, "set 1, bowl 2, scent 2, gift 2"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, err := planOf(dependentOrder(tc.missing), tc.items, tc.bonus, decimal.Zero)
			if diff := cmp.Diff(tc.want, told(p, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// No more is kept for a bonus than what is left of the refund.
func TestABonusCostsNoMoreThanComesBack(t *testing.T) {
	t.Parallel()
	o := dependentOrder(nil)
	o.Lines[3].Worth = decimal.RequireFromString("30.00")
	p, err := planOf(o, items("scent", "2"), DeductBonus, decimal.NewFromInt(25))
	if got := told(p, err); got != "scent 2, keeping 12" {
		t.Errorf("the plan is %s", got)
	}
	if fees := p.fees("scent"); len(fees) != 1 || !fees[0].Amount.Equal(decimal.NewFromInt(12)) {
		t.Errorf("the fees are %+v", fees)
	}
	if fees := p.fees("set"); len(fees) != 0 {
		t.Errorf("the fees of another line are %+v", fees)
	}
}

func planOf(o order, asked []orderops.LineQuantity, bonus Bonus, fee decimal.Decimal) (plan, error) {
	r := &Returns{Policy: DefaultPolicy()}
	r.Policy.Bonus = settle.BySite[Bonus]{settle.AllSites: bonus}
	r.Policy.Fee = settle.BySite[decimal.Decimal]{settle.AllSites: fee}
	j := &job{Returns: r, order: o, row: command.Row{Command: command.Command{Site: "RefArch"}}}
	j.in = Input{Currency: "EUR", Request: orderops.ReturnRequest{Items: asked}}
	return j.makePlan()
}

// told words a plan, or its refusal.
func told(p plan, err error) string {
	if refusal, refused := orderops.AsRefusal(err); refused {
		return string(refusal.Code) + " " + strings.Join(refusal.Extra.Items, ", ")
	}
	var units []string
	for _, i := range p.Items {
		units = append(units, fmt.Sprintf("%s %s", i.LineID, i.Quantity))
	}
	kept := decimal.Zero
	for _, k := range p.Kept {
		kept = kept.Add(k.Price)
	}
	if kept.IsPositive() {
		units = append(units, "keeping "+kept.String())
	}
	return strings.Join(units, ", ")
}
