package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Allocation asks for fulfillment orders: one for each group, each at one location.
type Allocation struct {
	OrderSummaryID, OrderDeliveryGroupSummaryID string
	// ActivationStatus is the status of the new orders, of the category ACTIVATED; empty means Allocated.
	ActivationStatus string
	Groups           []AllocatedGroup
}

// AllocatedGroup is what one location shall fulfil.
type AllocatedGroup struct {
	LocationID string
	// Type is a value of FulfillmentOrder.Type, in any case.
	Type  string
	Items []AllocatedItem
}

// AllocatedItem is a whole number of units of one order item summary.
type AllocatedItem struct {
	OrderItemSummaryID string
	Quantity           decimal.Decimal
}

// defaultActivationStatus is what new fulfillment orders start in unless the caller chooses.
const defaultActivationStatus = "Allocated"

// CreateFulfillmentOrders allocates units of one delivery group: all groups or none. It returns the ids of the new
// fulfillment orders in the order of the groups. Source: Connect REST API Developer Guide, "Fulfillment Orders".
func (d *SOM) CreateFulfillmentOrders(tx *sandbox.Tx, user string, a Allocation) ([]string, error) {
	al, err := d.allocation(tx, user, a)
	if err != nil {
		return nil, fmt.Errorf("create fulfillment orders for order summary %s: %w", a.OrderSummaryID, err)
	}
	ids := make([]string, 0, len(a.Groups))
	for _, g := range a.Groups {
		id, err := al.group(g)
		if err != nil {
			return nil, fmt.Errorf("create fulfillment orders for order summary %s: %w", a.OrderSummaryID, err)
		}
		ids = append(ids, id)
	}
	al.summary.rollUp()
	al.summary.save(d, tx, user)
	return ids, nil
}

// allocation is one call of CreateFulfillmentOrders under way.
type allocation struct {
	d        *SOM
	tx       *sandbox.Tx
	user     string
	summary  *orderSummary
	delivery *row
	status   string
}

func (d *SOM) allocation(tx *sandbox.Tx, user string, a Allocation) (*allocation, error) {
	s, err := d.managedSummary(tx, a.OrderSummaryID)
	if err != nil {
		return nil, err
	}
	al := &allocation{d: d, tx: tx, user: user, summary: s, status: firstText(a.ActivationStatus, defaultActivationStatus)}
	status, ok := d.picklistValue(objFulfillmentOrder, "Status", al.status)
	if !ok || StatusCategory(status.Category) != CategoryActivated {
		return nil, refuse("som.fulfillment.activation-status", CodeInvalidInput,
			"%q is not a fulfillment order status of the category %s.", al.status, CategoryActivated).on("defaultActivationStatus")
	}
	al.status = status.Value
	if al.delivery, ok = s.deliveryGroup(a.OrderDeliveryGroupSummaryID); !ok {
		return nil, refuse("som.fulfillment.group-belongs", CodeInvalidInput,
			"The order delivery group summary %s does not belong to the order summary %s.", a.OrderDeliveryGroupSummaryID, s.ID)
	}
	if len(a.Groups) == 0 {
		return nil, refuse("som.fulfillment.groups-required", CodeInvalidInput, "At least one fulfillment group is required.")
	}
	return al, nil
}

func (s *orderSummary) deliveryGroup(id string) (*row, bool) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, false
	}
	for _, g := range s.groups {
		if g.ID == long {
			return g, true
		}
	}
	return nil, false
}

// group makes one fulfillment order.
func (al *allocation) group(g AllocatedGroup) (string, error) {
	location, ok := al.d.find(al.tx, objLocation, g.LocationID)
	if !ok {
		return "", refuse("som.fulfillment.location", CodeInvalidInput, "There is no location %q.", g.LocationID)
	}
	kind, ok := al.d.picklistValue(objFulfillmentOrder, "Type", g.Type)
	if !ok {
		return "", refuse("som.fulfillment.type", CodeInvalidInput, "%q is not a fulfillment type.", g.Type).on("fulfillmentType")
	}
	if len(g.Items) == 0 {
		return "", refuse("som.fulfillment.items-required", CodeInvalidInput, "A fulfillment group needs at least one order item summary.")
	}
	id := al.insertOrder(location, kind)
	fo := &fulfillmentOrder{}
	for _, in := range g.Items {
		line, err := al.line(id, in)
		if err != nil {
			return "", err
		}
		fo.lines = append(fo.lines, line)
	}
	r, _ := al.d.find(al.tx, objFulfillmentOrder, id)
	fo.row = tracked(r)
	fo.rollUp()
	al.d.save(al.tx, al.user, fo.row)
	return id, nil
}

func (al *allocation) insertOrder(location *sobject.Record, kind sobject.PicklistValue) string {
	s, g := al.summary, al.delivery
	v := values{
		"OrderSummaryId": s.ID, "OrderId": s.Get("OriginalOrderId"), "AccountId": s.Get("AccountId"),
		"CurrencyIsoCode": s.Get("CurrencyIsoCode"), "TaxLocaleType": s.Get("TaxLocaleType"),
		"FulfilledFromLocationId": location.ID, "Type": kind.Value, "TypeCategory": kind.Category,
		"Status": al.status, "StatusCategory": string(CategoryActivated), "ActiveDate": al.tx.Now(),
		"DeliveryMethodId": g.Get("OrderDeliveryMethodId"), "FulfilledToName": firstText(g.Text("DeliverToName"), s.Text("OrderNumber")),
		"FulfilledToEmailAddress": g.Get("EmailAddress"), "FulfilledToPhone": g.Get("PhoneNumber"),
	}
	for _, part := range []string{"Street", "City", "State", "StateCode", "PostalCode", "Country", "CountryCode"} {
		v["FulfilledTo"+part] = g.Get("DeliverTo" + part)
	}
	return al.d.insert(al.tx, al.user, objFulfillmentOrder, v)
}

// line allocates units of one item and makes the fulfillment order line for them.
func (al *allocation) line(fulfillmentOrderID string, in AllocatedItem) (*row, error) {
	item, ok := al.summary.item(in.OrderItemSummaryID)
	if !ok || item.group() != al.delivery.ID {
		return nil, refuse("som.fulfillment.item-belongs", CodeInvalidInput,
			"The order item summary %s does not belong to the order delivery group summary %s.", in.OrderItemSummaryID, al.delivery.ID)
	}
	if !in.Quantity.IsPositive() || !in.Quantity.IsInteger() {
		return nil, refuse("som.fulfillment.quantity-whole", CodeInvalidInput,
			"The quantity of the order item summary %s must be a whole number greater than 0.", item.ID)
	}
	if err := item.allocate(in.Quantity); err != nil {
		return nil, err
	}
	line := newRow(objFulfillmentLine, values{
		"FulfillmentOrderId": fulfillmentOrderID, "OrderItemSummaryId": item.ID, "OrderItemId": item.Get("OriginalOrderItemId"),
		"Product2Id": item.Get("Product2Id"), "Description": item.Get("Name"), "Type": item.Get("Type"),
		"TypeCode": item.Get("TypeCode"), "UnitPrice": item.Get("UnitPrice"), "GrossUnitPrice": item.Get("GrossUnitPrice"),
		"OriginalQuantity": in.Quantity, "Quantity": in.Quantity, "CurrencyIsoCode": al.summary.Get("CurrencyIsoCode"),
	})
	al.d.priceLine(al.tx, item, line, in.Quantity)
	line.ID = al.d.insert(al.tx, al.user, objFulfillmentLine, line.values())
	return line, nil
}

// LineToCancel takes units of a fulfillment order line back.
type LineToCancel struct {
	FulfillmentOrderLineItemID string
	Quantity                   decimal.Decimal
}

// CancelFulfillmentOrderItem takes units out of a fulfillment order: all lines or none. The units are not cancelled;
// they can be allocated anew or cancelled afterwards. The fulfillment order's status stays, even when nothing is left
// in it. Source: Connect REST API Developer Guide, "Cancel Item" of a fulfillment order.
func (d *SOM) CancelFulfillmentOrderItem(tx *sandbox.Tx, user, fulfillmentOrderID string, lines []LineToCancel) error {
	fo, err := d.loadFulfillmentOrder(tx, fulfillmentOrderID)
	if err == nil {
		err = fo.cancelLines(lines)
	}
	if err == nil && d.decided.emptiedCancels() && !fo.units().IsPositive() {
		err = d.setStatus(tx, fo, "Cancelled")
	}
	if err != nil {
		return fmt.Errorf("cancel item of fulfillment order %s: %w", fulfillmentOrderID, err)
	}
	fo.save(d, tx, user)
	return nil
}

func (fo *fulfillmentOrder) cancelLines(lines []LineToCancel) error {
	if c := fo.category(); c == CategoryClosed || c == CategoryCancelled || c == CategoryRejected {
		return refuse("som.fulfillment.open", CodeInvalidInput,
			"The fulfillment order %s is in the status category %s; its items can no longer be cancelled.", fo.ID, c)
	}
	if len(lines) == 0 {
		return refuse("som.fulfillment.lines-required", CodeInvalidInput, "At least one fulfillment order line item is required.")
	}
	for _, in := range lines {
		if err := fo.cancelLine(in); err != nil {
			return err
		}
	}
	fo.rollUp()
	if fo.summary != nil {
		fo.summary.rollUp()
	}
	return nil
}

func (fo *fulfillmentOrder) cancelLine(in LineToCancel) error {
	line, ok := fo.line(in.FulfillmentOrderLineItemID)
	if !ok {
		return refuse("som.fulfillment.line-belongs", CodeInvalidInput,
			"The fulfillment order line item %s does not belong to the fulfillment order %s.", in.FulfillmentOrderLineItemID, fo.ID)
	}
	if !in.Quantity.IsPositive() || !in.Quantity.IsInteger() {
		return refuse("som.fulfillment.quantity-whole", CodeInvalidInput,
			"The quantity of the fulfillment order line item %s must be a whole number greater than 0.", line.ID)
	}
	if left := line.Decimal("Quantity"); in.Quantity.GreaterThan(left) {
		return refuse("som.fulfillment.quantity-in-line", CodeInvalidInput,
			"The quantity %s of the fulfillment order line item %s is more than the %s it has.", in.Quantity, line.ID, left)
	}
	takeOut(line, fo.how.rounding, in.Quantity)
	if item, ok := fo.itemOf(line); ok && fo.how.allocates(fo.category()) {
		item.add("QuantityAllocated", in.Quantity.Neg())
	}
	return nil
}

func (fo *fulfillmentOrder) line(id string) (*row, bool) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, false
	}
	for _, line := range fo.lines {
		if line.ID == long {
			return line, true
		}
	}
	return nil, false
}
