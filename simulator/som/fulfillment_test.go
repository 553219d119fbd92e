package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

func (o testOrder) cancelItem(fulfillmentOrderID, quantity string) string {
	o.t.Helper()
	line := o.line(fulfillmentOrderID)
	rule := o.try(func(tx *sandbox.Tx) error {
		return o.CancelFulfillmentOrderItem(tx, "", fulfillmentOrderID, []LineToCancel{{line.ID, dec(quantity)}})
	})
	o.checkInvariants()
	return rule
}

func TestCancelItemC33GivesUnitsBack(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(jackets("3"))
	fo, _ := o.allocate("3")
	if rule := o.cancelItem(fo, "1"); rule != "" {
		t.Fatalf("rule %q", rule)
	}
	line := o.line(fo)
	if got := line.Decimal("Quantity"); !got.Equal(dec("2")) || !line.Decimal("OriginalQuantity").Equal(dec("3")) {
		t.Errorf("line %s of %s", got, line.Decimal("OriginalQuantity"))
	}
	o.expect(0, map[string]string{"QuantityAllocated": "2", "QuantityAvailableToCancel": "1", "QuantityCanceled": "0", "Status": "PARTIALLYALLOCATED"})
	if _, rule := o.cancel(o.units(0, "1")); rule != "" {
		t.Errorf("the unit cannot be cancelled now: %q", rule)
	}
}

func TestCancelItemRefusals(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(jackets("3"))
	fo, _ := o.allocate("2")
	if rule := o.cancelItem(fo, "3"); rule != "som.fulfillment.quantity-in-line" {
		t.Errorf("C34: rule %q", rule)
	}
	if rule := o.cancelItem(fo, "0.5"); rule != "som.fulfillment.quantity-whole" {
		t.Errorf("half a unit: rule %q", rule)
	}
	other, _ := o.allocate("1")
	rule := o.try(func(tx *sandbox.Tx) error {
		return o.CancelFulfillmentOrderItem(tx, "", fo, []LineToCancel{{o.line(other).ID, dec("1")}})
	})
	if rule != "som.fulfillment.line-belongs" {
		t.Errorf("a line of another fulfillment order: rule %q", rule)
	}
	if rule := o.try(func(tx *sandbox.Tx) error { return o.CancelFulfillmentOrderItem(tx, "", fo, nil) }); rule != "som.fulfillment.lines-required" {
		t.Errorf("no lines: rule %q", rule)
	}
	o.setStatus(fo, "Fulfilled")
	if rule := o.cancelItem(fo, "1"); rule != "som.fulfillment.open" {
		t.Errorf("C35: rule %q", rule)
	}
}

func TestCancelItemC36LeavesTheStatusOfAnEmptyFulfillmentOrder(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("2")
	if rule := o.cancelItem(fo, "2"); rule != "" {
		t.Fatalf("rule %q", rule)
	}
	o.expect(0, map[string]string{"QuantityAllocated": "0", "Status": "ORDERED"})
	tx := o.world.Read()
	defer tx.Abort()
	r, _ := o.find(tx, objFulfillmentOrder, fo)
	if r.Text("Status") != "Allocated" || o.shown(r, "GrandTotalAmount") != "0" || o.shown(r, "ItemCount") != "0" {
		t.Errorf("status %s, total %s, items %s", r.Text("Status"), o.shown(r, "GrandTotalAmount"), o.shown(r, "ItemCount"))
	}
}

func TestFulfillmentOrderHoldsItsShareOfTheMoney(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("1")
	tx := o.world.Read()
	defer tx.Abort()
	r, _ := o.find(tx, objFulfillmentOrder, fo)
	want := map[string]string{"Status": "Allocated", "StatusCategory": "ACTIVATED", "Type": "Warehouse", "TypeCategory": "PHYSICAL", "ItemCount": "1", "GrandTotalAmount": "55"}
	got := map[string]string{}
	for field := range want {
		got[field] = o.shown(r, field)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fulfillment order (-want +got):\n%s", diff)
	}
}

func TestCreateFulfillmentOrdersRefusals(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	o, other := org.workedExample(), org.workedExample()
	item, foreign := o.item(0), other.item(0)
	cases := []struct {
		name, rule string
		edit       func(a *Allocation)
	}{
		{"more than available", "som.fulfillment.quantity-available", func(a *Allocation) { a.Groups[0].Items[0].Quantity = dec("3") }},
		{"a fraction", "som.fulfillment.quantity-whole", func(a *Allocation) { a.Groups[0].Items[0].Quantity = dec("1.5") }},
		{"an item of another order", "som.fulfillment.item-belongs", func(a *Allocation) { a.Groups[0].Items[0].OrderItemSummaryID = foreign.ID }},
		{"a delivery group of another order", "som.fulfillment.group-belongs", func(a *Allocation) { a.OrderDeliveryGroupSummaryID = foreign.group() }},
		{"an unknown location", "som.fulfillment.location", func(a *Allocation) { a.Groups[0].LocationID = item.ID }},
		{"an unknown type", "som.fulfillment.type", func(a *Allocation) { a.Groups[0].Type = "Carrier pigeon" }},
		{"a status of another category", "som.fulfillment.activation-status", func(a *Allocation) { a.ActivationStatus = "Pickpack" }},
		{"no groups", "som.fulfillment.groups-required", func(a *Allocation) { a.Groups = nil }},
		{"an empty group", "som.fulfillment.items-required", func(a *Allocation) { a.Groups[0].Items = nil }},
		{"an id of another object", "som.connect.id-object", func(a *Allocation) { a.OrderSummaryID = item.ID }},
		{"an id that is none", "som.connect.id-form", func(a *Allocation) { a.OrderSummaryID = "nonsense" }},
		{"an order that does not exist", "som.connect.record-exists", func(a *Allocation) { a.OrderSummaryID = makeID("1Os", 4711) }},
		{"a bad second group", "som.fulfillment.quantity-available", func(a *Allocation) {
			a.Groups = append(a.Groups, AllocatedGroup{LocationID: o.warehouse, Type: "Warehouse", Items: []AllocatedItem{{item.ID, dec("2")}}})
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			a := Allocation{OrderSummaryID: o.id, OrderDeliveryGroupSummaryID: item.group(), Groups: []AllocatedGroup{{
				LocationID: o.warehouse, Type: "Warehouse", Items: []AllocatedItem{{item.ID, dec("1")}},
			}}}
			tc.edit(&a)
			rule := o.try(func(tx *sandbox.Tx) error {
				_, err := o.CreateFulfillmentOrders(tx, "", a)
				return err
			})
			if rule != tc.rule {
				t.Errorf("rule %q, want %q", rule, tc.rule)
			}
			if n := o.count(objFulfillmentOrder); n != 0 {
				t.Errorf("%d fulfillment orders", n)
			}
		})
	}
}

func TestFulfillmentOrderMovesBetweenEveryPairOfCategories(t *testing.T) {
	t.Parallel()
	statuses := map[StatusCategory]string{
		CategoryDraft: "Draft", CategoryActivated: "Allocated", CategoryFulfilling: "Pickpack", CategoryClosed: "Fulfilled",
		CategoryCancelled: "Cancelled", CategoryRejected: "Rejected",
	}
	// What the counters of a line of 2 units are when its fulfillment order is in the category.
	counters := map[StatusCategory][2]string{
		CategoryDraft: {"0", "0"}, CategoryActivated: {"2", "0"}, CategoryFulfilling: {"2", "0"}, CategoryClosed: {"2", "2"},
		CategoryCancelled: {"0", "0"}, CategoryRejected: {"0", "0"},
	}
	org := newTestOrg(t)
	for from, next := range categoryMoves() {
		for to, status := range statuses {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				t.Parallel()
				o := org.fork(t).workedExample()
				fo, _ := o.allocate("2")
				o.force(fo, from, statuses[from], counters[from])
				may := from == to
				for _, allowed := range next {
					may = may || allowed == to
				}
				rule := o.setStatus(fo, status)
				if may != (rule == "") || rule != "" && rule != "som.fulfillment.status-move" {
					t.Fatalf("allowed %t, rule %q", may, rule)
				}
				want := counters[from]
				if may {
					want = counters[to]
				}
				o.expect(0, map[string]string{"QuantityAllocated": want[0], "QuantityFulfilled": want[1]})
			})
		}
	}
}

// force brings a fulfillment order into a category, whatever the rules.
func (o testOrder) force(fulfillmentOrderID string, c StatusCategory, status string, counters [2]string) {
	o.t.Helper()
	o.write(func(tx *sandbox.Tx) error {
		fo, err := o.loadFulfillmentOrder(tx, fulfillmentOrderID)
		if err != nil {
			return err
		}
		fo.put("Status", status)
		fo.put("StatusCategory", string(c))
		fo.summary.items[0].put("QuantityAllocated", dec(counters[0]))
		fo.summary.items[0].put("QuantityFulfilled", dec(counters[1]))
		fo.summary.rollUp()
		fo.save(o.SOM, tx, "")
		return nil
	})
}

func TestLeavingDraftNeedsFreeUnits(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	draft, _ := o.allocate("2")
	o.force(draft, CategoryDraft, "Draft", [2]string{"0", "0"})
	o.allocate("1")
	if rule := o.setStatus(draft, "Allocated"); rule != "som.fulfillment.quantity-available" {
		t.Errorf("rule %q", rule)
	}
}

func TestAnEmptyFulfillmentOrderCannotBeFulfilled(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("2")
	if rule := o.cancelItem(fo, "2"); rule != "" {
		t.Fatalf("rule %q", rule)
	}
	if rule := o.setStatus(fo, "Fulfilled"); rule != "som.fulfillment.units-left" {
		t.Errorf("rule %q", rule)
	}
	if rule := o.setStatus(fo, "Cancelled"); rule != "" {
		t.Errorf("it cannot be cancelled either: rule %q", rule)
	}
}

func TestShipClosesTheFulfillmentOrderAndTellsTheParcel(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("2")
	o.write(func(tx *sandbox.Tx) error {
		_, err := o.Ship(tx, "", fo, "JJD0001")
		return err
	})
	o.checkInvariants()
	o.expect(0, map[string]string{"Status": "FULFILLED", "QuantityFulfilled": "2", "QuantityAvailableToReturn": "2"})
	tx := o.world.Read()
	defer tx.Abort()
	shipments := o.Rows(tx).children(objShipment, "FulfillmentOrderId", fo)
	if len(shipments) != 1 || shipments[0].Text("TrackingNumber") != "JJD0001" || shipments[0].Text("ShipToName") != "Erika Muster" {
		t.Errorf("shipments %+v", shipments)
	}
	r, _ := o.find(tx, objFulfillmentOrder, fo)
	if !r.Time("ClosedDate").Equal(tx.Now()) {
		t.Errorf("closed %s", r.Time("ClosedDate"))
	}
}

func TestUpdateRefusals(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	o := org.workedExample()
	fo, _ := o.allocate("1")
	line, item := o.line(fo).ID, o.item(0).ID
	var original string
	o.read(func(_ *sandbox.Tx, s *orderSummary) { original = s.Text("OriginalOrderId") })
	cases := []struct {
		name, object, id, field string
		value                   sobject.Value
		rule                    string
	}{
		{"an unknown object", "Orders", o.id, "Status", "x", "som.data.object-exists"},
		{"an unknown row", "OrderSummary", makeID("1Os", 4711), "Status", "Approved", "som.data.record-exists"},
		{"an id of another object", "OrderSummary", item, "Status", "Approved", "som.data.id-object"},
		{"an id that is none", "OrderSummary", "x", "Status", "Approved", "som.data.record-exists"},
		{"an unknown field", "OrderSummary", o.id, "Colour", "red", "som.data.field-exists"},
		{"a computed field", "OrderItemSummary", item, "QuantityCanceled", dec("1"), "som.data.field-writable"},
		{"a quantity that moves by actions only", "FulfillmentOrderLineItem", line, "Quantity", dec("9"), "som.data.field-writable"},
		{"a value outside the picklist", "OrderSummary", o.id, "Status", "Lost", "som.data.picklist-value"},
		{"a fulfillment status outside the picklist", "FulfillmentOrder", fo, "Status", "Lost", "som.data.picklist-value"},
		{"a number for a text", "OrderSummary", o.id, "Description", dec("1"), "som.data.field-type"},
		{"a text too long", "OrderSummary", o.id, "PoNumber", string(make([]byte, 81)), "som.data.text-length"},
		{"null for a required field", "OrderSummary", o.id, "OrderNumber", nil, "som.data.field-required"},
		{"a reference to nothing", "OrderSummary", o.id, "OwnerId", makeID("005", 99), "som.data.reference-exists"},
		{"a reference of another object", "OrderSummary", o.id, "OwnerId", item, "som.data.reference-object"},
		{"a reference that is none", "OrderSummary", o.id, "OwnerId", "x", "som.data.reference-form"},
		{"a summarised order", "Order", original, "Name", "x", "som.order.locked"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			rule := o.try(func(tx *sandbox.Tx) error {
				return o.Update(tx, "", tc.object, tc.id, []sobject.FieldValue{{Name: tc.field, Value: tc.value}})
			})
			if rule != tc.rule {
				t.Errorf("rule %q, want %q", rule, tc.rule)
			}
		})
	}
}
