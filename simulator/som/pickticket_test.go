package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

func quantity(id, n string) ItemQuantity { return ItemQuantity{id, dec(n)} }

func pickedFor(id string, items ...ItemQuantity) PickedOrder { return PickedOrder{id, items} }

func (o *testOrg) distribute(in Picking) (out Distribution, rule string) {
	o.t.Helper()
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		out, err = o.DistributePickedQuantities(tx, in)
		return err
	})
	return out, rule
}

func TestPickedQuantitiesGoToOneOrderAfterTheOther(t *testing.T) {
	t.Parallel()
	got, rule := newTestOrg(t).distribute(Picking{
		Criteria: inSequencePartial,
		Picked:   []ItemQuantity{quantity("jacket", "3"), quantity("socks", "1"), quantity("jacket", "2"), quantity("hat", "1")},
		Orders: []PickedOrder{
			pickedFor("FO-1", quantity("jacket", "4")),
			pickedFor("FO-2", quantity("jacket", "2"), quantity("socks", "1")),
			pickedFor("FO-3", quantity("socks", "1"), quantity("gloves", "1")),
		},
	})
	want := Distribution{
		Fully:     []PickedOrder{pickedFor("FO-1", quantity("jacket", "4"))},
		Partially: []PickedOrder{pickedFor("FO-2", quantity("jacket", "1"), quantity("socks", "1"))},
		Not:       []PickedOrder{pickedFor("FO-3", quantity("socks", "0"), quantity("gloves", "0"))},
		Remaining: []ItemQuantity{quantity("jacket", "0"), quantity("socks", "0"), quantity("hat", "1")},
	}
	same := cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })
	if diff := cmp.Diff(want, got, same); rule != "" || diff != "" {
		t.Errorf("refused by %q (-want +got):\n%s", rule, diff)
	}
}

func TestPickingIsHeldAgainstTheFulfillmentOrdersItNames(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	o, other := org.workedExample(), org.workedExample()
	fo, _ := o.allocate("2")
	foreign, _ := other.allocate("1")
	line := o.line(fo).ID
	picking := func(orders ...PickedOrder) Picking {
		return Picking{Criteria: inSequencePartial, Picked: []ItemQuantity{quantity(line, "1")}, Orders: orders}
	}
	edited := func(edit func(*Picking)) Picking {
		p := picking(pickedFor(fo, quantity(line, "2")))
		edit(&p)
		return p
	}
	for _, tc := range []struct {
		name, rule string
		in         Picking
	}{
		{"as it is", "", picking(pickedFor(fo, quantity(line, "2")))},
		{"by product", "", picking(pickedFor(fo, quantity(o.product, "7")))},
		{"no orders", "som.pick.orders-required", picking()},
		{"an order without items", "som.pick.items-required", picking(pickedFor(fo))},
		{"another criterion", "som.pick.criteria", edited(func(p *Picking) { p.Criteria = "Fair" })},
		{"less than nothing picked", "som.pick.quantity-whole", edited(func(p *Picking) { p.Picked[0].Quantity = dec("-1") })},
		{"half a unit picked", "som.pick.quantity-whole", edited(func(p *Picking) { p.Picked[0].Quantity = dec("0.5") })},
		{"nothing needed", "som.pick.quantity-whole", picking(pickedFor(fo, quantity(line, "0")))},
		{"half a unit needed", "som.pick.quantity-whole", picking(pickedFor(fo, quantity(line, "1.5")))},
		{"no item id", "som.pick.id-required", picking(pickedFor(fo, quantity("", "1")))},
		{"an item twice", "som.pick.item-once", picking(pickedFor(fo, quantity(line, "1"), quantity(line, "1")))},
		{"more than the line has", "som.pick.quantity-in-line", picking(pickedFor(fo, quantity(line, "3")))},
		{"a line of another order", "som.pick.line-belongs", picking(pickedFor(foreign, quantity(line, "1")))},
		{"an id of another object", "som.connect.id-object", picking(pickedFor(o.id, quantity(line, "1")))},
		{"an item of another object", "som.connect.id-object", picking(pickedFor(fo, quantity(o.id, "1")))},
		{"an order that does not exist", "som.connect.record-exists", picking(pickedFor(makeID("0a3", 4711), quantity(line, "1")))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, rule := org.distribute(tc.in); rule != tc.rule {
				t.Errorf("refused by %q, not by %q", rule, tc.rule)
			}
		})
	}
	o.expect(0, map[string]string{"QuantityAllocated": "2", "QuantityFulfilled": "0"})
}

func TestACompletedPickTicketSaysWhatWasNotPicked(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("2")
	create := func(tx *sandbox.Tx, object string, fields ...sobject.FieldValue) string {
		of, _ := o.catalog.Object(object)
		id, err := o.Create(tx, "", of, fields)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	var ticket string
	o.write(func(tx *sandbox.Tx) error {
		ticket = create(tx, objPickTicket, field("LocationId", o.warehouse), field("Status", "Created"))
		create(tx, "PickTicketAssignment", field("PickTicketId", ticket), field("AttachedToId", fo))
		create(tx, objPickProduct, field("PickTicketId", ticket), field("Product2Id", o.product), field("Quantity", dec("2")), field("PickedQuantity", dec("1")))
		create(tx, objPickProduct, field("PickTicketId", ticket), field("Product2Id", o.cheap), field("Quantity", dec("3")))
		return nil
	})
	lines := func() []string { return o.rows(objPickProduct, "ProductCode", "Quantity", "RejectedQuantity") }
	if diff := cmp.Diff([]string{"P-1 2 ", "P-2 3 "}, lines()); diff != "" {
		t.Errorf("while picking (-want +got):\n%s", diff)
	}
	o.write(func(tx *sandbox.Tx) error {
		return o.Update(tx, "", objPickTicket, ticket, []sobject.FieldValue{field("Status", "Completed")})
	})
	if diff := cmp.Diff([]string{"P-1 2 1", "P-2 3 3"}, lines()); diff != "" {
		t.Errorf("completed (-want +got):\n%s", diff)
	}
	if got := o.rows(objPickTicket, "Status", "StatusCategory"); got[0] != "Completed COMPLETED" {
		t.Errorf("the ticket is %q", got)
	}
	o.expect(0, map[string]string{"QuantityAllocated": "2", "QuantityFulfilled": "0"})
}
