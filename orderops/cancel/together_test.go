package cancel

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
)

// dependentOrder has two sets of two bowls each, and two scents with one gift, of which that many have been handed over.
func dependentOrder(sent map[string]int64) order {
	o := order{Found: true}
	for _, l := range []struct {
		id, main string
		units    int64
		bonus    bool
	}{{"set", "", 2, false}, {"bowl", "set", 4, false}, {"scent", "", 2, false}, {"gift", "scent", 1, true}, {"bowl2", "", 3, false}} {
		n, gone := decimal.NewFromInt(l.units), decimal.NewFromInt(sent[l.id])
		o.Lines = append(o.Lines, line{
			ID: l.id, ProductCode: strings.TrimSuffix(l.id, "2"), Product: true, Main: l.main, Bonus: l.bonus, Group: "g", Quantity: n, Ordered: n,
			Fulfilled: gone, Available: n.Sub(gone),
		})
	}
	return o
}

func TestLinesGoTogether(t *testing.T) {
	t.Parallel()
	one := func(id string, units int64) orderops.LineQuantity {
		return orderops.LineQuantity{ItemID: id, Quantity: orderops.NewAmount(decimal.NewFromInt(units))}
	}
	product := func(code string, dependent bool, units int64) orderops.LineQuantity {
		q := one("commerce-line", units)
		q.ProductID, q.Dependent = code, dependent
		return q
	}
	cases := []struct {
		name    string
		sent    map[string]int64
		items   []orderops.LineQuantity
		partial bool
		bonus   SentBonus
		want    string
	}{
		{"bowls with their set", nil, []orderops.LineQuantity{one("set", 1)}, false, "", "set 1, bowl 2"},
		{"bowls that are named with their set", nil, []orderops.LineQuantity{one("set", 1), one("bowl", 2)}, false, "", "set 1, bowl 2"},
		{"a bowl too many", nil, []orderops.LineQuantity{one("set", 1), one("bowl", 3)}, false, "", "DEPENDENT_LINE bowl"},
		{"a bowl by itself", nil, []orderops.LineQuantity{one("bowl", 1)}, false, "", "DEPENDENT_LINE bowl"},
		{"a gift by itself", nil, []orderops.LineQuantity{one("gift", 1)}, false, "", "DEPENDENT_LINE gift"},
		{"no gift with the first scent", nil, []orderops.LineQuantity{one("scent", 1)}, false, "", "scent 1"},
		{"the gift with the last scent", nil, []orderops.LineQuantity{one("scent", 2)}, false, "", "scent 2, gift 1"},
		{"a commerce line of bowls that are bought", nil, []orderops.LineQuantity{product("bowl", false, 3)}, false, "", "bowl2 3"},
		{"a commerce line of bowls in a set", nil, []orderops.LineQuantity{product("bowl", true, 1)}, false, "", "DEPENDENT_LINE bowl"},
		{"a set whose bowls have left", map[string]int64{"bowl": 3}, []orderops.LineQuantity{one("set", 1)}, false, "", "NOT_CANCELLABLE bowl"},
		{"a set with its bowls still there", map[string]int64{"bowl": 2}, []orderops.LineQuantity{one("set", 1)}, false, "", "set 1, bowl 2"},
		{"a gift that has left is kept", map[string]int64{"gift": 1}, []orderops.LineQuantity{one("scent", 2)}, false, ForgiveBonus, "scent 2"},
		{"a gift that has left forbids it", map[string]int64{"gift": 1}, []orderops.LineQuantity{one("scent", 2)}, false, RefuseBonus, "NOT_CANCELLABLE gift"},
		{"everything", nil, nil, false, "", "set 2, bowl 4, scent 2, gift 1, bowl2 3"},
		{"what is open", map[string]int64{"bowl": 3, "gift": 1}, nil, true, ForgiveBonus, "scent 2, bowl2 3"},
		{"what is open, gifts aside", map[string]int64{"bowl": 2, "gift": 1}, nil, true, RefuseBonus, "set 1, bowl 2, bowl2 3"},
		{"what is open of a scent that has left", map[string]int64{"set": 2, "bowl": 4, "scent": 2, "bowl2": 3}, nil, true, "", "NOT_CANCELLABLE "},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := &Cancels{Policy: DefaultPolicy()}
			c.Policy.SentBonus = tc.bonus
			p, err := c.makePlan(dependentOrder(tc.sent), Input{Request: orderops.CancelRequest{Items: tc.items, AllowPartial: tc.partial}})
			if diff := cmp.Diff(tc.want, told(p, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
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
	return strings.Join(units, ", ")
}
