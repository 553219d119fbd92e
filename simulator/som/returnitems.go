package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// ReturnItems says which goods of a return order have come back.
type ReturnItems struct {
	ReturnOrderID string
	Items         []ReturnItem
	// DeliveryCharges are lines of delivery charges, each given back as a whole.
	DeliveryCharges []string
	Fees            []ReturnItem
}

// ReturnItem processes one line. What is neither returned nor cancelled of it goes on a new line.
type ReturnItem struct {
	ReturnOrderLineItemID string
	Returned, ToCancel    decimal.Decimal
	// Received, Rejected and ReasonForRejection are kept; they change nothing.
	Received, Rejected *decimal.Decimal
	ReasonForRejection string
}

// ReturnSplit names the line that holds the rest of a processed one.
type ReturnSplit struct{ OriginalID, NewID string }

// ReturnItemsResult is the outcome of processing a return order. FeeChangeOrderID is empty without fees.
type ReturnItemsResult struct {
	ChangeOrderID, FeeChangeOrderID string
	Splits                          []ReturnSplit
}

// ReturnItems takes goods of a managed return order back: all lines or none. The money is due when a credit memo is
// made of the change order. Source: Connect REST API Developer Guide, "Return Items".
func (d *SOM) ReturnItems(tx *sandbox.Tx, user string, in ReturnItems) (ReturnItemsResult, error) {
	result, err := d.returnItems(tx, user, in)
	if err != nil {
		return ReturnItemsResult{}, fmt.Errorf("return items of return order %s: %w", in.ReturnOrderID, err)
	}
	return result, nil
}

func (d *SOM) returnItems(tx *sandbox.Tx, user string, in ReturnItems) (ReturnItemsResult, error) {
	p, err := d.openProcessing(tx, user, in)
	if err != nil {
		return ReturnItemsResult{}, err
	}
	for _, item := range in.Items {
		if err := p.process(item); err != nil {
			return ReturnItemsResult{}, err
		}
	}
	for _, id := range in.DeliveryCharges {
		if err := p.giveBackCharge(id); err != nil {
			return ReturnItemsResult{}, err
		}
	}
	for _, fee := range in.Fees {
		if err := p.charge(fee); err != nil {
			return ReturnItemsResult{}, err
		}
	}
	return p.finish(), nil
}

// processing is a return order while lines of it are processed.
type processing struct {
	returnOrder
	units, fees *changeOrder
	pool        *deliveryPool
	// waiting are the lines that want the item of the change order that settles them.
	waiting []settledLine
	splits  []ReturnSplit
}

// settledLine is a line of the return order with the change that settles it.
type settledLine struct {
	line *row
	by   *lineChange
}

func (d *SOM) openProcessing(tx *sandbox.Tx, user string, in ReturnItems) (*processing, error) {
	stored, ok := d.find(tx, objReturnOrder, in.ReturnOrderID)
	if !ok {
		return nil, refuse("som.connect.record-exists", CodeNotFound, "The requested resource does not exist")
	}
	s, err := d.managedSummary(tx, stored.Text("OrderSummaryId"))
	if err != nil {
		return nil, err
	}
	if err := d.countReturnRequest(tx); err != nil {
		return nil, err
	}
	if stored.Text("LifeCycleType") != string(Managed) {
		return nil, refuse("som.rma.managed", CodeInvalidInput, "The return order %s is unmanaged; its items cannot be returned.", stored.ID)
	}
	if category := stored.Text("StatusCategory"); category != returnActivated {
		return nil, refuse("som.rma.open", CodeInvalidInput, "The return order %s is in the status category %s.", stored.ID, category)
	}
	if len(in.Items)+len(in.DeliveryCharges)+len(in.Fees) == 0 {
		return nil, refuse("som.rma.items-required", CodeInvalidInput, "At least one return order item is required.").on("returnOrderItems")
	}
	return &processing{
		returnOrder: returnOrder{d: d, tx: tx, user: user, row: tracked(stored), summary: s, managed: true},
		units:       &changeOrder{}, fees: &changeOrder{fees: true}, pool: newDeliveryPool(s),
	}, nil
}

// line finds a line of a type that was not processed yet.
func (p *processing) line(id string, kind ItemType) (*row, error) {
	stored, ok := p.d.find(p.tx, objReturnLine, id)
	if !ok || stored.Text("ReturnOrderId") != p.row.ID || ItemType(stored.Text("Type")) != kind {
		return nil, refuse("som.rma.line-belongs", CodeInvalidInput,
			"The return order line item %s is not a line of type %s of the return order %s.", id, kind, p.row.ID).on("returnOrderLineItemId")
	}
	if stored.Text("ChangeOrderItemId") != "" {
		return nil, refuse("som.rma.line-processed", CodeInvalidInput, "The return order line item %s is processed already.", stored.ID)
	}
	for _, w := range p.waiting {
		if w.line.ID == stored.ID {
			return nil, refuse("som.rma.line-processed", CodeInvalidInput, "The return order line item %s is named twice.", stored.ID)
		}
	}
	return tracked(stored), nil
}

// quantities checks what is asked for against what the line expects, and returns what is left for another line.
func (p *processing) quantities(line *row, in ReturnItem) (rest decimal.Decimal, err error) {
	if !in.Returned.IsPositive() || in.ToCancel.IsNegative() {
		return rest, refuse("som.rma.returned-positive", CodeInvalidInput,
			"quantityReturned of the return order line item %s must be greater than 0, quantityToCancel not less.", line.ID)
	}
	rest = line.Decimal("QuantityExpected").Sub(in.Returned).Sub(in.ToCancel)
	if rest.IsNegative() {
		return rest, refuse("som.rma.quantity-expected", CodeInvalidInput,
			"%s returned and %s cancelled are more than the %s that the return order line item %s expects.",
			in.Returned, in.ToCancel, line.Decimal("QuantityExpected"), line.ID)
	}
	return rest, nil
}

// process takes units of one line back.
func (p *processing) process(in ReturnItem) error {
	line, err := p.line(in.ReturnOrderLineItemID, TypeProduct)
	if err != nil {
		return err
	}
	rest, err := p.quantities(line, in)
	if err != nil {
		return err
	}
	item, ok := p.summary.item(line.Text("OrderItemSummaryId"))
	if !ok {
		return refuse("som.rma.item-belongs", CodeInvalidInput, "The order item summary of %s is gone.", line.ID)
	}
	p.split(line, item, rest)
	item.add("QuantityReturnInitiated", in.ToCancel.Neg())
	change := item.takeOff(rmaAction(), ChangeItem{Quantity: in.Returned, Reason: firstText(line.Text("ReasonForReturn"), "Unknown")}, item.digits())
	p.units.lines = append(p.units.lines, change)
	p.waiting = append(p.waiting, settledLine{line, change})
	if note, _ := p.d.returnLines.Get(p.tx.Tx, line.ID); note.ReduceShipping {
		p.pool.refund(change)
	}
	in.note(line, change.delta.negated())
	return nil
}

// note writes on a line what became of it.
func (in ReturnItem) note(line *row, worth amounts) {
	line.put("QuantityReturned", in.Returned)
	if in.Received != nil {
		line.put("QuantityReceived", *in.Received)
	}
	if in.Rejected != nil {
		line.put("QuantityRejected", *in.Rejected)
	}
	if in.ReasonForRejection != "" {
		line.put("ReasonForRejection", in.ReasonForRejection)
	}
	line.put("TotalLineAmount", worth.Line)
	line.put("TotalLineTaxAmount", worth.LineTax)
	line.put("TotalAdjustmentAmount", worth.Adjustment.Add(worth.Dist))
	line.put("TotalAdjustmentTaxAmount", worth.AdjustmentTax.Add(worth.DistTax))
}

// split puts the units that are still expected on a line of their own.
func (p *processing) split(line *row, item *orderItemSummary, rest decimal.Decimal) {
	if !rest.IsPositive() {
		return
	}
	line.add("QuantityExpected", rest.Neg())
	id := p.insertLine(item, rest, values{"ReasonForReturn": line.Get("ReasonForReturn")})
	note, _ := p.d.returnLines.Get(p.tx.Tx, line.ID)
	note.ID = id
	p.d.returnLines.Put(p.tx.Tx, note)
	p.splits = append(p.splits, ReturnSplit{line.ID, id})
}

// giveBackCharge gives back what is left of a delivery charge.
func (p *processing) giveBackCharge(id string) error {
	line, err := p.line(id, TypeDelivery)
	if err != nil {
		return err
	}
	item, ok := p.summary.item(line.Text("OrderItemSummaryId"))
	if !ok {
		return refuse("som.rma.item-belongs", CodeInvalidInput, "The order item summary of %s is gone.", line.ID)
	}
	left := item.amounts()
	change := item.reduceCharge(left.price(), left.tax(), &lineChange{reason: firstText(line.Text("ReasonForReturn"), "Unknown")})
	p.units.lines = append(p.units.lines, change)
	p.waiting = append(p.waiting, settledLine{line, change})
	ReturnItem{Returned: line.Decimal("QuantityExpected")}.note(line, left)
	return nil
}

// charge books the fee for returned units: for a part of them, a part of it.
func (p *processing) charge(in ReturnItem) error {
	line, err := p.line(in.ReturnOrderLineItemID, TypeFee)
	if err != nil {
		return err
	}
	rest, err := p.quantities(line, in)
	if err != nil {
		return err
	}
	note, _ := p.d.returnLines.Get(p.tx.Tx, line.ID)
	units, _ := p.d.find(p.tx, objReturnLine, note.Charged)
	of, ok := p.summary.item(units.Text("OrderItemSummaryId"))
	if !ok {
		return refuse("som.rma.item-belongs", CodeInvalidInput, "The order item summary of %s is gone.", line.ID)
	}
	expected, digits := line.Decimal("QuantityExpected"), of.digits()
	worth := amounts{
		Line:    p.d.decided.rounding.share(line.Decimal("TotalLineAmount"), in.Returned, expected, digits),
		LineTax: p.d.decided.rounding.share(line.Decimal("TotalLineTaxAmount"), in.Returned, expected, digits),
	}
	p.splitFee(line, note, rest)
	reason := firstText(note.Fee.Reason, line.Text("ReasonForReturn"), "Unknown")
	change := p.d.feeLine(p.tx, rmaAction(), of, ChangeItem{Reason: reason}, note.Fee, worth)
	p.fees.lines = append(p.fees.lines, change)
	p.waiting = append(p.waiting, settledLine{line, change})
	in.note(line, worth)
	return nil
}

func (p *processing) splitFee(line *row, note returnLine, rest decimal.Decimal) {
	if !rest.IsPositive() {
		return
	}
	v := line.values()
	expected, digits := line.Decimal("QuantityExpected"), currencyDigits(line.Text("CurrencyIsoCode"))
	for _, f := range []string{"TotalLineAmount", "TotalLineTaxAmount"} {
		v[f] = p.d.decided.rounding.share(line.Decimal(f), rest, expected, digits)
	}
	v["QuantityExpected"] = rest
	line.add("QuantityExpected", rest.Neg())
	note.ID = p.d.insert(p.tx, p.user, objReturnLine, v)
	p.d.returnLines.Put(p.tx.Tx, note)
	p.splits = append(p.splits, ReturnSplit{line.ID, note.ID})
}

// finish writes the change orders and ties the lines to their items.
func (p *processing) finish() ReturnItemsResult {
	p.units.lines = append(p.units.lines, p.pool.reductions()...)
	change := &plan{summary: p.summary}
	for _, c := range []*changeOrder{p.units, p.fees} {
		if len(c.lines) > 0 {
			change.orders = append(change.orders, c)
		}
	}
	p.summary.takeIn(p.fees.lines)
	p.summary.rollUp()
	change.write(p.d, p.tx, p.user)
	for _, w := range p.waiting {
		w.line.put("ChangeOrderItemId", w.by.itemID)
		p.d.save(p.tx, p.user, w.line)
	}
	p.rollUp()
	return ReturnItemsResult{ChangeOrderID: p.units.id, FeeChangeOrderID: p.fees.id, Splits: p.splits}
}
