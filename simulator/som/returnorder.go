package som

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// NewReturnOrder is the input of [SOM.CreateReturnOrder]: goods that are expected back.
type NewReturnOrder struct {
	OrderSummaryID string
	// Status is a value of ReturnOrder.Status in the category Activated.
	Status string
	// LifeCycle is Managed unless it says otherwise. An unmanaged return order is a note: it moves no quantities.
	LifeCycle LifeCycle
	Lines     []NewReturnLine
	Hint      string
}

// NewReturnLine is one line of a return order.
type NewReturnLine struct {
	OrderItemSummaryID string
	Expected, Received decimal.Decimal
	// Reason is a value of ReturnOrderLineItem.ReasonForReturn that OrderItemSummaryChange.Reason has too.
	Reason string
	// ReduceShipping gives back the units' share of the delivery charges when they are returned (canReduceShipping).
	ReduceShipping bool
	Fees           []ChangeFee
}

// returnLine remembers of a ReturnOrderLineItem what the vendor's object has no field for.
type returnLine struct {
	ID             string
	ReduceShipping bool
	// Charged is, for a fee, the line of the units it is for; Fee says what it charges.
	Charged string
	Fee     ChangeFee
}

// The status categories of a return order that matter here.
const (
	returnActivated = "Activated"
	returnCanceled  = "Canceled"
	returnClosed    = "Closed"
)

// CreateReturnOrder notes that goods are expected back: the expected units of a managed return order can be neither
// returned nor expected a second time. The warning is not nil when the vendor's documentation warns of the input
// although it takes it. Source: Connect REST API Developer Guide, "Create Return Order".
func (d *SOM) CreateReturnOrder(tx *sandbox.Tx, user string, n NewReturnOrder) (id string, warning *Error, err error) {
	s, err := d.managedSummary(tx, n.OrderSummaryID)
	if err == nil {
		err = d.countReturnRequest(tx)
	}
	var status sobject.PicklistValue
	if err == nil {
		status, err = d.checkReturnOrder(n)
	}
	if err != nil {
		return "", nil, fmt.Errorf("create return order for order summary %s: %w", n.OrderSummaryID, err)
	}
	if n.LifeCycle == "" {
		n.LifeCycle = Managed
	}
	r := &returnOrder{d: d, tx: tx, user: user, summary: s, managed: n.LifeCycle == Managed}
	r.row = newRow(objReturnOrder, values{
		"OrderSummaryId": s.ID, "OrderId": s.Get("OriginalOrderId"), "AccountId": s.Get("AccountId"), "Status": status.Value,
		"StatusCategory": status.Category, "LifeCycleType": string(n.LifeCycle), "TaxLocaleType": s.Get("TaxLocaleType"),
		"CurrencyIsoCode": s.Get("CurrencyIsoCode"), "RefundInstructionsHint": n.Hint,
	})
	r.row.ID = d.insert(tx, user, objReturnOrder, r.row.values())
	for _, line := range n.Lines {
		if err := r.expect(line); err != nil {
			return "", nil, fmt.Errorf("create return order for order summary %s: %w", n.OrderSummaryID, err)
		}
	}
	r.rollUp()
	s.rollUp()
	s.save(d, tx, user)
	return r.row.ID, r.warning, nil
}

func (d *SOM) checkReturnOrder(n NewReturnOrder) (sobject.PicklistValue, error) {
	status, ok := d.picklistValue(objReturnOrder, "Status", n.Status)
	if !ok || status.Category != returnActivated {
		return status, refuse("som.rma.status", CodeInvalidInput,
			"A return order is created with a status of the category Activated, not with %q.", n.Status).on("status")
	}
	if n.LifeCycle != "" && n.LifeCycle != Managed && n.LifeCycle != Unmanaged {
		return status, refuse("som.rma.life-cycle", CodeInvalidInput, "%q is not a life cycle type.", n.LifeCycle).on("returnOrderLifeCycleType")
	}
	if len(n.Lines) == 0 {
		return status, refuse("som.rma.lines-required", CodeInvalidInput, "At least one return order line item is required.").on("returnOrderLineItems")
	}
	return status, nil
}

// returnOrder is a return order with the order summary it is about, while either is being changed.
type returnOrder struct {
	d       *SOM
	tx      *sandbox.Tx
	user    string
	row     *row
	summary *orderSummary
	managed bool
	warning *Error
}

// expect adds a line for units, with its fees.
func (r *returnOrder) expect(n NewReturnLine) error {
	item, ok := r.summary.item(n.OrderItemSummaryID)
	if !ok {
		return refuse("som.rma.item-belongs", CodeInvalidInput,
			"The order item summary %s does not belong to the order summary %s.", n.OrderItemSummaryID, r.summary.ID)
	}
	if err := r.checkExpected(item, n); err != nil {
		return err
	}
	for _, fee := range n.Fees {
		if err := r.d.checkFee(r.tx, rmaAction(), fee); err != nil {
			return err
		}
	}
	if r.managed && item.kind() == TypeProduct {
		item.add("QuantityReturnInitiated", n.Expected)
	}
	id := r.insertLine(item, n.Expected, values{"ReasonForReturn": n.Reason, "QuantityReceived": n.Received})
	r.d.returnLines.Put(r.tx.Tx, returnLine{ID: id, ReduceShipping: n.ReduceShipping})
	for _, fee := range n.Fees {
		if err := r.expectFee(item, n, fee, id); err != nil {
			return err
		}
	}
	return nil
}

func (r *returnOrder) checkExpected(item *orderItemSummary, n NewReturnLine) error {
	if !n.Expected.IsPositive() || n.Received.IsNegative() {
		return refuse("som.rma.quantity-positive", CodeInvalidInput,
			"The expected quantity of the order item summary %s must be greater than 0, the received one not less.", item.ID).on("quantityExpected")
	}
	if item.kind() == TypeProduct && r.managed {
		if available := item.quantities().returnable(); n.Expected.GreaterThan(available) {
			return refuse("som.rma.quantity-available", CodeInvalidInput,
				"The quantity %s of the order item summary %s is more than the %s available to return.", n.Expected, item.ID, available)
		}
	}
	if n.Reason == "" {
		return nil
	}
	_, known := r.d.picklistValue(objReturnLine, "ReasonForReturn", n.Reason)
	if reason, ok := r.d.picklistValue(objItemChange, "Reason", n.Reason); !known || !ok || reason.Inactive {
		return refuse("som.rma.reason", CodeInvalidInput,
			"%q is not a value of both ReasonForReturn and OrderItemSummaryChange.Reason.", n.Reason).on("reasonForReturn")
	}
	for _, other := range r.d.Rows(r.tx).children(objReturnLine, "OrderItemSummaryId", item.ID) {
		if other.Text("ReasonForReturn") == n.Reason {
			r.warning = refuse("som.rma.same-reason", CodeInvalidInput, "%s has a return order line item with the reason %s already.", item.ID, n.Reason)
			if r.d.decided.sameReasonRefused {
				return r.warning
			}
		}
	}
	return nil
}

// insertLine writes a line with the units' share of what the item is worth now.
func (r *returnOrder) insertLine(item *orderItemSummary, expected decimal.Decimal, v values) string {
	a, of, digits := item.amounts(), item.quantities().quantity(), item.digits()
	units := decimal.Min(expected, of) // a delivery charge is worth itself, however often it is expected
	v["ReturnOrderId"], v["OrderItemSummaryId"], v["OrderItemId"] = r.row.ID, item.ID, item.Get("OriginalOrderItemId")
	v["Product2Id"], v["Description"], v["Type"], v["TypeCode"] = item.Get("Product2Id"), item.Get("Name"), item.Get("Type"), item.Get("TypeCode")
	v["UnitPrice"], v["GrossUnitPrice"], v["CurrencyIsoCode"] = item.Get("UnitPrice"), item.Get("GrossUnitPrice"), item.Get("CurrencyIsoCode")
	v["QuantityExpected"], v["QuantityReturned"] = expected, decimal.Zero
	by := r.d.decided.rounding
	v["TotalLineAmount"], v["TotalLineTaxAmount"] = by.share(a.Line, units, of, digits), by.share(a.LineTax, units, of, digits)
	v["TotalAdjustmentAmount"] = by.share(a.Adjustment.Add(a.Dist), units, of, digits)
	v["TotalAdjustmentTaxAmount"] = by.share(a.AdjustmentTax.Add(a.DistTax), units, of, digits)
	return r.d.insert(r.tx, r.user, objReturnLine, v)
}

// expectFee adds the line of a fee for units. It has their quantity, so that a part of them is charged a part of it.
func (r *returnOrder) expectFee(item *orderItemSummary, n NewReturnLine, fee ChangeFee, units string) error {
	price, tax, err := item.feeOf(fee, n.Expected)
	if err != nil {
		return err
	}
	product, _ := r.d.find(r.tx, objProduct, fee.ProductID)
	id := r.d.insert(r.tx, r.user, objReturnLine, values{
		"ReturnOrderId": r.row.ID, "Product2Id": product.ID, "Description": firstText(fee.Description, product.Text("Name")),
		"Type": string(TypeFee), "TypeCode": TypeFee.code(), "UnitPrice": price, "GrossUnitPrice": price.Add(tax),
		"QuantityExpected": n.Expected, "QuantityReturned": decimal.Zero, "ReasonForReturn": n.Reason,
		"TotalLineAmount": price, "TotalLineTaxAmount": tax, "CurrencyIsoCode": item.Get("CurrencyIsoCode"),
	})
	r.d.returnLines.Put(r.tx.Tx, returnLine{ID: id, Charged: units, Fee: fee})
	return nil
}

// rollUp computes the return order's totals from its lines.
func (r *returnOrder) rollUp() {
	var t totals
	for _, line := range r.d.Rows(r.tx).children(objReturnLine, "ReturnOrderId", r.row.ID) {
		t.add(ItemType(line.Text("Type")), amounts{
			Line: line.Decimal("TotalLineAmount"), LineTax: line.Decimal("TotalLineTaxAmount"),
			Adjustment: line.Decimal("TotalAdjustmentAmount"), AdjustmentTax: line.Decimal("TotalAdjustmentTaxAmount"),
		})
	}
	stored, _ := r.d.find(r.tx, objReturnOrder, r.row.ID)
	r.row = tracked(stored)
	t.Product.writeReturn(r.row, "Product")
	t.Delivery.writeReturn(r.row, "Delivery")
	t.Fee.writeReturn(r.row, "Fee")
	r.row.put("TotalAmount", t.Product.price().Add(t.Delivery.price()).Sub(t.Fee.price()))
	r.row.put("TotalTaxAmount", t.Product.tax().Add(t.Delivery.tax()).Sub(t.Fee.tax()))
	r.d.save(r.tx, r.user, r.row)
}

// writeReturn stores the totals that a return order has of one type of line.
func (a amounts) writeReturn(r *row, kind string) {
	r.put("Total"+kind+"Amount", a.Line)
	r.put("Total"+kind+"TaxAmount", a.LineTax)
	r.put("Total"+kind+"AdjustAmount", a.Adjustment)
	r.put("Total"+kind+"AdjustTaxAmount", a.AdjustmentTax)
}

// rmaAction is what return orders do with units when they are processed: those that come back were expected before.
func rmaAction() unitAction {
	return unitAction{
		name: "return", verb: "returned", changeType: ChangeReturn, onFees: ChangeReturnFee, counters: []string{"QuantityReturned"},
	}
}

// SetReturnOrderStatus changes a return order's status. Cancelling or closing it gives back the units it still expects.
func (d *SOM) SetReturnOrderStatus(tx *sandbox.Tx, user, id, status string) error {
	stored, ok := d.find(tx, objReturnOrder, id)
	if !ok {
		return refuse("som.connect.record-exists", CodeNotFound, "The requested resource does not exist")
	}
	value, ok := d.picklistValue(objReturnOrder, "Status", status)
	if !ok {
		return badPicklistValue("Status", status)
	}
	r, from := tracked(stored), stored.Text("StatusCategory")
	if from != value.Category && (from == returnClosed || from == returnCanceled) {
		return refuse("som.rma.status-move", CodeIntegrity, "A return order in the status category %s cannot move to %s.", from, value.Category).on("Status")
	}
	r.put("Status", value.Value)
	r.put("StatusCategory", value.Category)
	d.save(tx, user, r)
	if from == value.Category || value.Category != returnClosed && value.Category != returnCanceled || stored.Text("LifeCycleType") != string(Managed) {
		return nil
	}
	return d.giveUpExpected(tx, user, stored)
}

// giveUpExpected lets the units go that a return order expects and that have not come back.
func (d *SOM) giveUpExpected(tx *sandbox.Tx, user string, r *sobject.Record) error {
	summary, _ := d.find(tx, objOrderSummary, r.Text("OrderSummaryId"))
	s := d.loadOrderSummary(tx, summary)
	for _, line := range d.Rows(tx).children(objReturnLine, "ReturnOrderId", r.ID) {
		item, ok := s.item(line.Text("OrderItemSummaryId"))
		if ok && item.kind() == TypeProduct && line.Text("ChangeOrderItemId") == "" {
			item.add("QuantityReturnInitiated", line.Decimal("QuantityExpected").Neg())
		}
	}
	s.rollUp()
	s.save(d, tx, user)
	return nil
}

// returnRequests is how many calls of the return resources an org may make in an hour.
// Source: Apex reference, ReturnOrder.
const returnRequests = 2000

// countReturnRequest holds the return resources against their limit. Limits over time are off under a manual clock.
func (d *SOM) countReturnRequest(tx *sandbox.Tx) error {
	limit := d.settings.HourlyReturns
	if limit == 0 && tx.ClockMode() == clock.ModeManual {
		return nil
	}
	if limit == 0 {
		limit = returnRequests
	}
	hour := tx.Now().UTC().Truncate(time.Hour)
	u, _ := d.returnUsage.Get(tx.Tx, returnUsageKey)
	if !u.Hour.Equal(hour) {
		u = returnUsage{Hour: hour}
	}
	if u.Calls >= limit {
		return refuse("som.rma.hourly-limit", CodeRequestLimit, "TotalRequests Limit exceeded.")
	}
	u.Calls++
	d.returnUsage.Put(tx.Tx, u)
	return nil
}

// returnUsage counts the calls of the return resources in an hour.
type returnUsage struct {
	Hour  time.Time
	Calls int
}

const returnUsageKey = "hour"
