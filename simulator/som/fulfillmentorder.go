package som

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// StatusCategory is the fixed meaning behind a FulfillmentOrder.Status, whose values an org chooses itself.
type StatusCategory string

// The vendor's categories.
const (
	CategoryDraft      StatusCategory = "DRAFT"
	CategoryActivated  StatusCategory = "ACTIVATED"
	CategoryFulfilling StatusCategory = "FULFILLING"
	CategoryClosed     StatusCategory = "CLOSED"
	CategoryCancelled  StatusCategory = "CANCELLED"
	CategoryRejected   StatusCategory = "REJECTED"
)

// categoryMoves are the moves between categories that a status change may make; staying in a category is always
// allowed. The vendor documents the categories and the usual order, not a table: that steps may be skipped forward but
// not taken back is recalled.
func categoryMoves() map[StatusCategory][]StatusCategory {
	return map[StatusCategory][]StatusCategory{
		CategoryDraft:      {CategoryActivated, CategoryCancelled, CategoryRejected},
		CategoryActivated:  {CategoryFulfilling, CategoryClosed, CategoryCancelled, CategoryRejected},
		CategoryFulfilling: {CategoryClosed, CategoryCancelled, CategoryRejected},
		CategoryClosed:     {},
		CategoryCancelled:  {},
		CategoryRejected:   {},
	}
}

// fulfillmentOrder is a fulfillment order with its lines and the order they belong to, while it is being changed.
type fulfillmentOrder struct {
	*row
	lines   []*row
	summary *orderSummary
	// how is what the org decides where the vendor leaves it open.
	how *decisions
}

// loadFulfillmentOrder reads a fulfillment order by an id in either form.
func (d *SOM) loadFulfillmentOrder(tx *sandbox.Tx, id string) (*fulfillmentOrder, error) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, refuse("som.connect.id-form", CodeInvalidID, "Invalid identifier: %s", id)
	}
	if o, ok := d.catalog.ByPrefix(long); !ok || o.Name != objFulfillmentOrder {
		return nil, refuse("som.connect.id-object", CodeInvalidID, "The identifier %s is not of a FulfillmentOrder.", id)
	}
	r, ok := d.find(tx, objFulfillmentOrder, long)
	if !ok {
		return nil, refuse("som.connect.record-exists", CodeNotFound, "The requested resource does not exist")
	}
	fo := &fulfillmentOrder{row: tracked(r), how: &d.decided}
	for _, line := range d.Rows(tx).children(objFulfillmentLine, "FulfillmentOrderId", long) {
		fo.lines = append(fo.lines, tracked(line))
	}
	if s, ok := d.find(tx, objOrderSummary, r.Text("OrderSummaryId")); ok {
		fo.summary = d.loadOrderSummary(tx, s)
	}
	return fo, nil
}

func (fo *fulfillmentOrder) category() StatusCategory {
	return StatusCategory(fo.Text("StatusCategory"))
}

// allocates tells whether units in the category count in QuantityAllocated. Fulfilled units stay allocated, else the
// vendor's formula for what can be cancelled would set them free.
func (how *decisions) allocates(c StatusCategory) bool {
	return c == CategoryActivated || c == CategoryFulfilling || c == CategoryClosed || c == CategoryRejected && how.rejectedKeeps()
}

// SetFulfillmentOrderStatus changes a fulfillment order's status and, through its category, the quantities of the order:
// leaving Draft allocates the units, closing fulfils them, cancelling and rejecting give them back. The user is whom
// the rows name as their last editor; empty means the integration user.
func (d *SOM) SetFulfillmentOrderStatus(tx *sandbox.Tx, user, id, status string) error {
	fo, err := d.loadFulfillmentOrder(tx, id)
	if err == nil {
		err = d.setStatus(tx, fo, status)
	}
	if err != nil {
		return fmt.Errorf("set status of fulfillment order %s to %s: %w", id, status, err)
	}
	fo.save(d, tx, user)
	return nil
}

func (d *SOM) setStatus(tx *sandbox.Tx, fo *fulfillmentOrder, status string) error {
	value, ok := d.picklistValue(objFulfillmentOrder, "Status", status)
	if !ok {
		return badPicklistValue("Status", status)
	}
	from, to := fo.category(), StatusCategory(value.Category)
	if from != to {
		if err := fo.move(from, to); err != nil {
			return err
		}
	}
	fo.put("Status", value.Value)
	fo.put("StatusCategory", string(to))
	if to == CategoryClosed && from != to {
		fo.put("ClosedDate", tx.Now())
	}
	return nil
}

// move applies what a change of category does to the order's quantities.
func (fo *fulfillmentOrder) move(from, to StatusCategory) error {
	if !fo.how.moves(from, to) {
		return refuse("som.fulfillment.status-move", CodeIntegrity,
			"A fulfillment order in the status category %s cannot move to %s.", from, to).on("Status")
	}
	if to == CategoryClosed && !fo.units().IsPositive() {
		return refuse("som.fulfillment.units-left", CodeIntegrity,
			"The fulfillment order %s cannot be fulfilled: it has no units left.", fo.ID).on("Status")
	}
	for _, line := range fo.lines {
		item, ok := fo.itemOf(line)
		if !ok {
			continue
		}
		quantity := line.Decimal("Quantity")
		if !fo.how.allocates(from) && fo.how.allocates(to) {
			if err := item.allocate(quantity); err != nil {
				return err
			}
		}
		if fo.how.allocates(from) && !fo.how.allocates(to) {
			item.add("QuantityAllocated", quantity.Neg())
		}
		if to == CategoryClosed {
			item.add("QuantityFulfilled", quantity)
		}
	}
	if fo.summary != nil {
		fo.summary.rollUp()
	}
	return nil
}

// units is what the location still has to fulfil, or has fulfilled.
func (fo *fulfillmentOrder) units() decimal.Decimal {
	sum := decimal.Zero
	for _, line := range fo.lines {
		sum = sum.Add(line.Decimal("Quantity"))
	}
	return sum
}

// moves tells whether a status change may move a fulfillment order from one category to another.
func (how *decisions) moves(from, to StatusCategory) bool {
	open := []StatusCategory{CategoryDraft, CategoryActivated, CategoryFulfilling}
	return slices.Contains(categoryMoves()[from], to) || how.movesBack() && slices.Contains(open, from) && slices.Contains(open, to)
}

func (fo *fulfillmentOrder) itemOf(line *row) (*orderItemSummary, bool) {
	if fo.summary == nil {
		return nil, false
	}
	return fo.summary.item(line.Text("OrderItemSummaryId"))
}

// allocate takes units out of what can still be fulfilled or cancelled.
func (i *orderItemSummary) allocate(quantity decimal.Decimal) error {
	if available := i.quantities().available(); quantity.GreaterThan(available) {
		return refuse("som.fulfillment.quantity-available", CodeInvalidInput,
			"The quantity %s of the order item summary %s is more than the %s available to fulfill.", quantity, i.ID, available)
	}
	i.add("QuantityAllocated", quantity)
	return nil
}

func (fo *fulfillmentOrder) save(d *SOM, tx *sandbox.Tx, user string) {
	d.save(tx, user, fo.row)
	d.saveAll(tx, user, fo.lines)
	if fo.summary != nil {
		fo.summary.save(d, tx, user)
	}
}

// rollUp computes the fulfillment order's totals from its lines.
func (fo *fulfillmentOrder) rollUp() {
	var t totals
	count := decimal.Zero
	for _, line := range fo.lines {
		count = count.Add(line.Decimal("Quantity"))
		t.add(ItemType(line.Text("Type")), amounts{
			Line: line.Decimal("TotalLineAmount"), LineTax: line.Decimal("TotalLineTaxAmount"),
			Adjustment: line.Decimal("TotalAdjustmentAmount"), AdjustmentTax: line.Decimal("TotalAdjustmentTaxAmount"),
		})
	}
	fo.put("ItemCount", count)
	t.writeFulfillment(fo.row)
}

// writeFulfillment stores the totals of a fulfillment order: those without a type in their name are of products.
func (t totals) writeFulfillment(r *row) {
	r.put("TotalProductAmount", t.Product.Line)
	r.put("TotalProductTaxAmount", t.Product.LineTax)
	r.put("TotalAdjustmentAmount", t.Product.Adjustment)
	r.put("TotalAdjustmentTaxAmount", t.Product.AdjustmentTax)
	r.put("TotalDeliveryAmount", t.Delivery.Line)
	r.put("TotalDeliveryTaxAmount", t.Delivery.LineTax)
	r.put("TotalDeliveryAdjustAmount", t.Delivery.Adjustment)
	r.put("TotalDeliveryAdjustTaxAmount", t.Delivery.AdjustmentTax)
	r.put("TotalFeeAmount", t.Fee.Line)
	r.put("TotalFeeTaxAmount", t.Fee.LineTax)
	r.put("TotalFeeAdjustAmount", t.Fee.Adjustment)
	r.put("TotalFeeAdjustTaxAmount", t.Fee.AdjustmentTax)
	r.put("TotalAmount", t.all().price())
	r.put("TotalTaxAmount", t.all().tax())
}
