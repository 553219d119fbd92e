package som

import (
	"fmt"
	"testing"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// changed submits a change of rows.
func (o testOrder) changed(in SummaryChange) (result SummaryChangeResult, rule string) {
	o.t.Helper()
	in.OrderSummaryID = o.id
	if in.Reason == "" {
		in.Reason = "Unknown"
	}
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		result, err = o.SubmitChange(tx, "", in)
		return err
	})
	o.checkInvariants()
	return result, rule
}

func rowChange(id string, fields ...sobject.FieldValue) SummaryRow {
	return SummaryRow{ChangeType: rowUpdate, Fields: append([]sobject.FieldValue{field("Id", id)}, fields...)}
}

func newSummaryRow(reference string, fields ...sobject.FieldValue) SummaryRow {
	return SummaryRow{ChangeType: rowNew, Reference: reference, Fields: fields}
}

// worked is the worked example, whose item 0 is two jackets at 50.00 with a tax of 10.00.
func worked(t *testing.T) testOrder {
	t.Helper()
	return newTestOrg(t).workedExample()
}

func TestModifyM15OnlyItemsAsTheyWereOrderedCanBeChanged(t *testing.T) {
	t.Parallel()
	o := worked(t)
	item := o.item(0)
	if _, rule := o.allocate("1"); rule != "" {
		t.Fatal(rule)
	}
	for name, in := range map[string]SummaryChange{
		"the item":     {Items: []SummaryRow{rowChange(item.ID, field("Quantity", dec("1")))}},
		"its tax":      {Taxes: []SummaryRow{rowChange(item.taxes[0].ID, field("Amount", dec("9")))}},
		"a new tax":    {Taxes: []SummaryRow{newSummaryRow("", field("OrderItemSummaryId", item.ID), field("Amount", dec("1")))}},
		"a discount":   {Adjustments: []SummaryRow{newSummaryRow("", field("OrderItemSummaryId", item.ID), field("Amount", dec("-1")))}},
		"a mere words": {Items: []SummaryRow{rowChange(item.ID, field("Description", "Jacket, blue"))}},
	} {
		if _, rule := o.changed(in); rule != "som.change-summary.item-ordered" {
			t.Errorf("%s: refused by %q", name, rule)
		}
	}
	o.expect(0, map[string]string{"QuantityOrdered": "2", "TotalAmtWithTax": "110"})
}

func TestModifyM16MoreThanAHundredChangesAreRefused(t *testing.T) {
	t.Parallel()
	o := worked(t)
	var rows []SummaryRow
	for n := range 100 {
		rows = append(rows, newSummaryRow("", field("OrderItemSummaryId", o.item(0).ID), field("Amount", dec("0.01")), field("Name", fmt.Sprint(n))))
	}
	in := SummaryChange{Taxes: rows, Header: []sobject.FieldValue{field("Description", "Corrected")}}
	if _, rule := o.changed(in); rule != "som.change-summary.changes-limit" {
		t.Errorf("101 changes: refused by %q", rule)
	}
	o.expect(0, map[string]string{"TotalTaxAmount": "10"})
	in.Header = nil
	if _, rule := o.changed(in); rule != "" {
		t.Errorf("100 changes: refused by %q", rule)
	}
	o.expect(0, map[string]string{"TotalTaxAmount": "11"})
}

func TestModifyM17AChangeWithoutMoneyMakesNoChangeOrder(t *testing.T) {
	t.Parallel()
	o := worked(t)
	r, rule := o.changed(SummaryChange{
		Header:         []sobject.FieldValue{field("Description", "Leave at the door")},
		Items:          []SummaryRow{rowChange(o.item(0).ID, field("Description", "Jacket, blue"))},
		DeliveryGroups: []SummaryRow{rowChange(o.item(0).group(), field("DeliverToCity", "Halle"))},
	})
	if rule != "" || r.PreFulfillment != "" || !r.Balances.GrandTotalAmount.IsZero() {
		t.Errorf("refused by %q, change order %q, balances %+v", rule, r.PreFulfillment, r.Balances)
	}
	o.expect(-1, map[string]string{"Description": "Leave at the door", "GrandTotalAmount": "116.59", "ChangeOrderId": ""})
	o.expect(0, map[string]string{"Description": "Jacket, blue"})
	if got := o.rows(objDeliveryGroup, "DeliverToCity"); len(got) != 1 || got[0] != "Halle" {
		t.Errorf("delivery groups %q", got)
	}
	if n := o.count(objItemChange); n != 0 {
		t.Errorf("%d change records", n)
	}
}

func TestAChangeOfUnitsAndPricesIsOneChangeOrder(t *testing.T) {
	t.Parallel()
	o := worked(t)
	item := o.item(0)
	r, rule := o.changed(SummaryChange{
		ReferenceNumber: "CH-1",
		Items:           []SummaryRow{rowChange(item.ID, field("Quantity", dec("3")), field("UnitPrice", dec("40")))},
		Taxes:           []SummaryRow{rowChange(item.taxes[0].ID, field("Amount", dec("12")))},
		Adjustments:     []SummaryRow{newSummaryRow("", field("OrderItemSummaryId", item.ID), field("Amount", dec("-6")), field("Name", "Loyal"))},
	})
	if rule != "" || r.PreFulfillment == "" {
		t.Fatalf("refused by %q, change order %q", rule, r.PreFulfillment)
	}
	o.expect(0, map[string]string{
		"Quantity": "3", "QuantityOrdered": "3", "TotalLineAmount": "120", "TotalPrice": "114", "TotalTaxAmount": "12", "UnitPrice": "40", "Status": "ORDERED",
	})
	if b := r.Balances; b.GrandTotalAmount.String() != "-16" || b.TotalAdjustedProductAmount.String() != "-14" || b.TotalTaxAmount.String() != "-2" {
		t.Errorf("balances %+v", b)
	}
	if got := o.changes(); len(got) != 1 || got[0] != "Modify Unknown true 1" {
		t.Errorf("change records %q", got)
	}
	tx := o.world.Read()
	defer tx.Abort()
	if order, _ := o.find(tx, objOrder, r.PreFulfillment); order.Text("OrderReferenceNumber") != "CH-1" || o.shown(order, "GrandTotalAmount") != "16" {
		t.Errorf("the change order %s is worth %s", order.Text("OrderReferenceNumber"), o.shown(order, "GrandTotalAmount"))
	}
}

func TestAnItemWhoseUnitsAndAmountsAreSetToNothingIsCancelled(t *testing.T) {
	t.Parallel()
	o := worked(t)
	item := o.item(0)
	units := SummaryChange{Items: []SummaryRow{rowChange(item.ID, field("Quantity", dec("0")))}}
	if _, rule := o.changed(units); rule != "som.change-summary.zero-worth" {
		t.Errorf("with its tax left: refused by %q", rule)
	}
	units.Taxes = []SummaryRow{rowChange(item.taxes[0].ID, field("Amount", dec("0")))}
	if _, rule := o.changed(units); rule != "" {
		t.Fatalf("refused by %q", rule)
	}
	o.expect(0, map[string]string{"Status": "CANCELED", "QuantityCanceled": "2", "QuantityOrdered": "2", "TotalAmtWithTax": "0"})
}

func TestNewRowsReferToOneAnother(t *testing.T) {
	t.Parallel()
	o := worked(t)
	in := SummaryChange{
		DeliveryGroups:   []SummaryRow{newSummaryRow("shop", field("OrderDeliveryMethodId", o.method), field("DeliverToName", "Shop Halle"))},
		AdjustmentGroups: []SummaryRow{newSummaryRow("promo", field("Name", "Spring"), field("Type", "Header"))},
		Items: []SummaryRow{newSummaryRow("socks", field("Product2Id", o.cheap), field("Quantity", dec("2")), field("UnitPrice", dec("10")),
			field("OrderDeliveryGroupSummaryId", "@{shop.id}"))},
		Adjustments: []SummaryRow{newSummaryRow("off", field("OrderItemSummaryId", "@{socks.id}"), field("Amount", dec("-4")),
			field("OrderAdjustmentGroupSummaryId", "@{promo.id}"))},
		Taxes: []SummaryRow{
			newSummaryRow("", field("OrderItemSummaryId", "@{socks.id}"), field("Amount", dec("3.8")), field("Rate", dec("19"))),
			newSummaryRow("", field("OrderItemAdjustmentLineSummaryId", "@{off.id}"), field("Amount", dec("-0.76"))),
		},
	}
	r, rule := o.changed(in)
	if rule != "" {
		t.Fatalf("refused by %q", rule)
	}
	o.expect(2, map[string]string{
		"Quantity": "2", "TotalLineAmount": "20", "TotalAdjustmentDistAmount": "-4", "TotalTaxAmount": "3.04", "Status": "ORDERED", "Type": "Order Product", "ProductCode": "P-2",
	})
	o.expect(-1, map[string]string{"GrandTotalAmount": "135.63", "OrderProductLineCount": "2", "ChangeOrderId": r.PreFulfillment})
	if got := o.rows(objItemChange, "ChangeType"); len(got) != 1 || got[0] != "Add" {
		t.Errorf("change records %q", got)
	}
	// What was added behaves like all the rest.
	if _, rule := o.cancel(o.units(2, "1")); rule != "" {
		t.Errorf("the new item cannot be cancelled: %q", rule)
	}
	o.expect(2, map[string]string{"TotalPrice": "8", "TotalTaxAmount": "1.52"})
	for _, object := range []string{objDeliveryGroup, objAdjustmentGroup} {
		for _, original := range o.rows(object, map[string]string{objDeliveryGroup: "OriginalOrderDeliveryGroupId", objAdjustmentGroup: "OriginalOrderAdjGroupId"}[object]) {
			if original == "" {
				t.Errorf("a row of %s has no original", object)
			}
		}
	}
}

func TestPreviewChangeTellsAndWritesNothing(t *testing.T) {
	t.Parallel()
	o := worked(t)
	tx := o.world.Read()
	defer tx.Abort()
	r, err := o.PreviewChange(tx, SummaryChange{
		OrderSummaryID: o.id, Reason: "Unknown", Items: []SummaryRow{rowChange(o.item(0).ID, field("UnitPrice", dec("45")))},
	})
	if err != nil || r.Balances.TotalAmount.String() != "10" || r.PreFulfillment != "" {
		t.Errorf("%v: %+v", err, r)
	}
	o.expect(0, map[string]string{"TotalLineAmount": "100", "UnitPrice": "50"})
}

func TestSummaryChangeRefusals(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	o, other := org.workedExample(), org.workedExample()
	item, foreign := o.item(0), other.item(0)
	one := func(fields ...sobject.FieldValue) SummaryChange {
		return SummaryChange{Items: []SummaryRow{rowChange(item.ID, fields...)}}
	}
	cases := []struct {
		name, rule string
		in         SummaryChange
	}{
		{"no changes", "som.change-summary.changes-required", SummaryChange{}},
		{"a reason no picklist has", "som.change-summary.reason-active", SummaryChange{Reason: "Boredom", Items: one(field("Description", "x")).Items}},
		{"an inactive reason", "som.change-summary.reason-active", SummaryChange{Reason: "Store Closed", Items: one(field("Description", "x")).Items}},
		{"an unknown field", "som.data.field-exists", one(field("Colour", "blue"))},
		{"a counter", "som.data.field-writable", one(field("QuantityFulfilled", dec("1")))},
		{"a wrong type", "som.data.field-type", one(field("Quantity", "two"))},
		{"a negative quantity", "som.change-summary.quantity-whole", one(field("Quantity", dec("-1")))},
		{"half a unit", "som.change-summary.quantity-whole", one(field("Quantity", dec("1.5")))},
		{"a negative price", "som.change-summary.worth", one(field("UnitPrice", dec("-1")))},
		{"a discount above the price", "som.change-summary.worth", SummaryChange{Adjustments: []SummaryRow{newSummaryRow("", field("OrderItemSummaryId", item.ID), field("Amount", dec("-200")))}}},
		{"no Id", "som.change-summary.id-required", SummaryChange{Items: []SummaryRow{{ChangeType: rowUpdate, Fields: []sobject.FieldValue{field("Quantity", dec("1"))}}}}},
		{"an id that is none", "som.connect.id-form", SummaryChange{Items: []SummaryRow{rowChange("nonsense", field("Quantity", dec("1")))}}},
		{"an id of another object", "som.connect.id-object", SummaryChange{Items: []SummaryRow{rowChange(o.id, field("Quantity", dec("1")))}}},
		{"an item of another order", "som.change-summary.row-belongs", SummaryChange{Items: []SummaryRow{rowChange(foreign.ID, field("Quantity", dec("1")))}}},
		{"a tax of another order", "som.change-summary.row-belongs", SummaryChange{Taxes: []SummaryRow{rowChange(foreign.taxes[0].ID, field("Amount", dec("1")))}}},
		{"a delivery group of another order", "som.change-summary.row-belongs", SummaryChange{DeliveryGroups: []SummaryRow{rowChange(foreign.group(), field("DeliverToCity", "Halle"))}}},
		{"a header of another order", "som.change-summary.row-belongs", SummaryChange{Header: []sobject.FieldValue{field("Id", other.id), field("Description", "x")}}},
		{"a new item for another order", "som.change-summary.row-belongs", SummaryChange{Items: []SummaryRow{newSummaryRow("", field("OrderSummaryId", other.id))}}},
		{"a new item in a foreign group", "som.change-summary.row-belongs", SummaryChange{Items: []SummaryRow{newSummaryRow("", field("Product2Id", o.cheap), field("Quantity", dec("1")), field("UnitPrice", dec("1")), field("OrderDeliveryGroupSummaryId", foreign.group()))}}},
		{"a new item without product", "som.data.field-required", SummaryChange{Items: []SummaryRow{newSummaryRow("", field("Quantity", dec("1")), field("UnitPrice", dec("1")), field("OrderDeliveryGroupSummaryId", item.group()))}}},
		{"a new item without units", "som.change-summary.quantity-positive", SummaryChange{Items: []SummaryRow{newSummaryRow("", field("Product2Id", o.cheap), field("UnitPrice", dec("1")), field("OrderDeliveryGroupSummaryId", item.group()))}}},
		{"a new item with an Id", "som.change-summary.new-without-id", SummaryChange{Items: []SummaryRow{newSummaryRow("", field("Id", item.ID))}}},
		{"an update with a reference", "som.change-summary.reference-new", SummaryChange{Items: []SummaryRow{{ChangeType: rowUpdate, Reference: "x", Fields: []sobject.FieldValue{field("Id", item.ID)}}}}},
		{"a reference twice", "som.change-summary.reference-unique", SummaryChange{AdjustmentGroups: []SummaryRow{
			newSummaryRow("x", field("Name", "A"), field("Type", "Header")), newSummaryRow("x", field("Name", "B"), field("Type", "Header")),
		}}},
		{"another change type", "som.change-summary.change-type", SummaryChange{Items: []SummaryRow{{ChangeType: "Delete", Fields: []sobject.FieldValue{field("Id", item.ID)}}}}},
		{"a reference to nothing", "som.data.reference-form", SummaryChange{Adjustments: []SummaryRow{newSummaryRow("", field("OrderItemSummaryId", "@{nobody.id}"), field("Amount", dec("-1")))}}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			before := o.count(objOrder)
			if _, rule := o.changed(tc.in); rule != tc.rule {
				t.Errorf("refused by %q, not by %q", rule, tc.rule)
			}
			o.expect(-1, map[string]string{"GrandTotalAmount": "116.59"})
			if after := o.count(objOrder); after != before {
				t.Errorf("it wrote %d orders", after-before)
			}
		})
	}
	unmanaged := org.workedExample(func(n *NewOrder) { n.LifeCycle = Unmanaged })
	in := SummaryChange{Items: []SummaryRow{rowChange(unmanaged.item(0).ID, field("Quantity", dec("1")))}, OrderSummaryID: unmanaged.id, Reason: "Unknown"}
	if rule := org.try(func(tx *sandbox.Tx) error { _, err := org.SubmitChange(tx, "", in); return err }); rule != "som.summary.managed" {
		t.Errorf("unmanaged: refused by %q", rule)
	}
}
