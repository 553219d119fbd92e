package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Picking says what was picked for several orders at once, and what each of them needs.
type Picking struct {
	// Orders are served in this order.
	Orders []PickedOrder
	// Criteria says how to distribute; FulfillInSequencePartial is the one the vendor's sample has.
	Criteria string
	Picked   []ItemQuantity
}

// PickedOrder is what one order needs, or gets. Its ID is whatever the caller calls it; where it is the id of a row, it is
// that of a FulfillmentOrder.
type PickedOrder struct {
	ID    string
	Items []ItemQuantity
}

// ItemQuantity is a whole number of units of an item. Its ID is whatever the caller calls it, such as a stock keeping unit;
// where it is the id of a row, it is that of a Product2 or of a FulfillmentOrderLineItem.
type ItemQuantity struct {
	ID       string
	Quantity decimal.Decimal
}

// Distribution tells what each order gets, by how much of what it needs that is, and what is left over.
type Distribution struct {
	Fully, Partially, Not []PickedOrder
	Remaining             []ItemQuantity
}

const inSequencePartial = "FulfillInSequencePartial"

// DistributePickedQuantities hands what was picked out to orders, one after the other, each as much of what it needs as is
// still there. It reads fulfillment orders that are named, and writes nothing: what is to become of units that nobody
// picked is the caller's decision. Source: Connect REST API Developer Guide, "Fulfillment Orders, Distribute Quantities".
func (d *SOM) DistributePickedQuantities(tx *sandbox.Tx, in Picking) (Distribution, error) {
	if err := d.checkPicking(tx, in); err != nil {
		return Distribution{}, fmt.Errorf("distribute picked quantities: %w", err)
	}
	left := newPile(in.Picked)
	var out Distribution
	for _, order := range in.Orders {
		got, needed, given := PickedOrder{ID: order.ID}, decimal.Zero, decimal.Zero
		for _, item := range order.Items {
			part := left.take(item)
			needed, given = needed.Add(item.Quantity), given.Add(part)
			got.Items = append(got.Items, ItemQuantity{item.ID, part})
		}
		switch {
		case given.Equal(needed):
			out.Fully = append(out.Fully, got)
		case given.IsPositive():
			out.Partially = append(out.Partially, got)
		default:
			out.Not = append(out.Not, got)
		}
	}
	out.Remaining = left.items
	return out, nil
}

// pile is what was picked and not handed out yet, an item once.
type pile struct{ items []ItemQuantity }

func newPile(picked []ItemQuantity) *pile {
	p := &pile{}
	for _, item := range picked {
		if at := p.find(item.ID); at >= 0 {
			p.items[at].Quantity = p.items[at].Quantity.Add(item.Quantity)
		} else {
			p.items = append(p.items, item)
		}
	}
	return p
}

func (p *pile) find(id string) int {
	for at, item := range p.items {
		if item.ID == id {
			return at
		}
	}
	return -1
}

// take hands out as many units as are there of those that are needed.
func (p *pile) take(needed ItemQuantity) decimal.Decimal {
	at := p.find(needed.ID)
	if at < 0 {
		return decimal.Zero
	}
	part := decimal.Min(needed.Quantity, p.items[at].Quantity)
	p.items[at].Quantity = p.items[at].Quantity.Sub(part)
	return part
}

func (d *SOM) checkPicking(tx *sandbox.Tx, in Picking) error {
	if len(in.Orders) == 0 {
		return refuse("som.pick.orders-required", CodeInvalidInput, "At least one order is required.").on("distributeToOrders")
	}
	if in.Criteria != inSequencePartial {
		return refuse("som.pick.criteria", CodeInvalidInput, "%q is not an optimization criterion.", in.Criteria).on("optimizationCriteria")
	}
	for _, item := range in.Picked {
		if err := d.checkPickedItem(tx, "", item, item.Quantity.IsNegative()); err != nil {
			return err
		}
	}
	for _, order := range in.Orders {
		if err := d.checkPickedOrder(tx, order); err != nil {
			return err
		}
	}
	return nil
}

func (d *SOM) checkPickedOrder(tx *sandbox.Tx, order PickedOrder) error {
	if len(order.Items) == 0 {
		return refuse("som.pick.items-required", CodeInvalidInput, "The order %q needs no item.", order.ID).on("itemQuantities")
	}
	fulfillmentOrder, err := d.pickedRow(tx, order.ID, objFulfillmentOrder)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, item := range order.Items {
		if seen[item.ID] {
			return refuse("som.pick.item-once", CodeInvalidInput, "The order %q names the item %q twice.", order.ID, item.ID).on("itemQuantities")
		}
		seen[item.ID] = true
		if err := d.checkPickedItem(tx, fulfillmentOrder.ID, item, !item.Quantity.IsPositive()); err != nil {
			return err
		}
	}
	return nil
}

// checkPickedItem checks one item; the fulfillment order that needs it is empty where none is named.
func (d *SOM) checkPickedItem(tx *sandbox.Tx, fulfillmentOrderID string, item ItemQuantity, tooLittle bool) error {
	if item.ID == "" {
		return refuse("som.pick.id-required", CodeInvalidInput, "An item has no externalItemId.").on("externalItemId")
	}
	if tooLittle || !item.Quantity.IsInteger() {
		return refuse("som.pick.quantity-whole", CodeInvalidInput, "The quantity of the item %q must be a whole number and not less than nothing.", item.ID).on("quantity")
	}
	row, err := d.pickedRow(tx, item.ID, objFulfillmentLine, objProduct)
	if err != nil || row.Object != objFulfillmentLine || fulfillmentOrderID == "" {
		return err
	}
	if row.Text("FulfillmentOrderId") != fulfillmentOrderID {
		return refuse("som.pick.line-belongs", CodeInvalidInput,
			"The fulfillment order line item %s does not belong to the fulfillment order %s.", item.ID, fulfillmentOrderID).on("externalItemId")
	}
	if has := row.Decimal("Quantity"); item.Quantity.GreaterThan(has) {
		return refuse("som.pick.quantity-in-line", CodeInvalidInput,
			"The quantity %s of the fulfillment order line item %s is more than the %s it has.", item.Quantity, item.ID, has).on("quantity")
	}
	return nil
}

// pickedRow finds the row that an id of the org means; texts that are no such id mean none, and are the caller's own.
func (d *SOM) pickedRow(tx *sandbox.Tx, id string, objects ...string) (*sobject.Record, error) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return &sobject.Record{}, nil
	}
	of, known := d.catalog.ByPrefix(long)
	if !known || long[len(of.KeyPrefix):len(of.KeyPrefix)+len(idInstance)] != idInstance {
		return &sobject.Record{}, nil
	}
	for _, object := range objects {
		if of.Name == object {
			if r, ok := d.find(tx, object, long); ok {
				return r, nil
			}
			return nil, refuse("som.connect.record-exists", CodeNotFound, "The requested resource does not exist")
		}
	}
	return nil, refuse("som.connect.id-object", CodeInvalidID, "The identifier %s is not of %s.", id, objects[0])
}

// pickProduct takes over from its product what a line of a pick ticket shows of it.
func (d *SOM) pickProduct(tx *sandbox.Tx, v values) {
	product := d.parent(tx, objProduct, v["Product2Id"])
	v["ProductCode"], v["StockKeepingUnit"] = product.Get("ProductCode"), product.Get("StockKeepingUnit")
}

// pickCompleted is the category of pick tickets that are done.
const pickCompleted = "COMPLETED"

// completePicking notes on a completed pick ticket's lines what was not picked.
// Source: object reference, PickTicketProduct.RejectedQuantity.
func (d *SOM) completePicking(tx *sandbox.Tx, user string, ticket *sobject.Record) {
	if ticket.Text("StatusCategory") != pickCompleted {
		return
	}
	for _, stored := range d.Rows(tx).children(objPickProduct, "PickTicketId", ticket.ID) {
		line := tracked(stored)
		line.put("RejectedQuantity", line.Decimal("Quantity").Sub(line.Decimal("PickedQuantity")))
		d.save(tx, user, line)
	}
}
