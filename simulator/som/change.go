package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// ChangeItem asks for some units of an order item summary to be cancelled or returned.
type ChangeItem struct {
	// OrderItemSummaryID is an id in either form.
	OrderItemSummaryID string
	Quantity           decimal.Decimal
	// Reason is an active value of OrderItemSummaryChange.Reason; ReasonText has at most 255 characters.
	Reason, ReasonText string
	// ReduceShipping gives back the units' share of the delivery charges (shippingReductionFlag).
	ReduceShipping bool
	// Fees are what the shopper is charged for the change of these units.
	Fees []ChangeFee
}

// ChangeResult is the outcome of a change of an order summary.
type ChangeResult struct {
	OrderSummaryID string
	// ChangeOrderID is empty for a preview, FeeChangeOrderID also for a change without fees.
	ChangeOrderID, FeeChangeOrderID string
	Balances                        ChangeBalances
}

// unitAction is a way of taking units off an order summary: cancel and simple return differ in what is here.
type unitAction struct {
	// name is in the ids of the rules, verb in the texts of refusals.
	name, verb         string
	changeType, onFees ChangeType
	preFulfillment     bool
	// available is what of a line the action may take, counters are those that rise with the units.
	available func(quantities) decimal.Decimal
	counters  []string
}

// refuse refuses by the action's own rule of that name.
func (a unitAction) refuse(rule, format string, args ...any) *Error {
	return refuse("som."+a.name+"."+rule, CodeInvalidInput, format, args...)
}

// previewUnits tells what [SOM.submitUnits] would do, and writes nothing.
func (d *SOM) previewUnits(tx *sandbox.Tx, a unitAction, orderSummaryID string, items []ChangeItem) (ChangeResult, error) {
	p, err := d.planUnits(tx, a, orderSummaryID, items)
	if err != nil {
		return ChangeResult{}, fmt.Errorf("preview %s of order summary %s: %w", a.name, orderSummaryID, err)
	}
	return ChangeResult{OrderSummaryID: p.summary.ID, Balances: p.balances(d, tx)}, nil
}

func (d *SOM) submitUnits(tx *sandbox.Tx, a unitAction, user, orderSummaryID string, items []ChangeItem) (ChangeResult, error) {
	p, err := d.planUnits(tx, a, orderSummaryID, items)
	if err != nil {
		return ChangeResult{}, fmt.Errorf("submit %s of order summary %s: %w", a.name, orderSummaryID, err)
	}
	p.write(d, tx, user)
	for _, line := range p.orders[0].lines {
		if a.preFulfillment && line.item.quantities().Allocated.IsPositive() {
			d.evenOut(tx, user, line.item)
		}
	}
	result := ChangeResult{OrderSummaryID: p.summary.ID, ChangeOrderID: p.orders[0].id, Balances: p.balances(d, tx)}
	if len(p.orders) > 1 {
		result.FeeChangeOrderID = p.orders[1].id
	}
	return result, nil
}

// planUnits carries the change out on copies of the rows: one change order for the units and, when there are fees, a
// second one for those.
func (d *SOM) planUnits(tx *sandbox.Tx, a unitAction, orderSummaryID string, items []ChangeItem) (*plan, error) {
	s, err := d.managedSummary(tx, orderSummaryID)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, a.refuse("items-required", "At least one change item is required.")
	}
	units := &changeOrder{preFulfillment: a.preFulfillment}
	fees := &changeOrder{preFulfillment: a.preFulfillment, fees: true}
	pool := newDeliveryPool(s)
	if most := d.decided.mostItems; most > 0 && len(items) > most {
		return nil, a.refuse("items-most", "A request has at most %d change items, this one has %d.", most, len(items))
	}
	named := map[string]bool{}
	for _, in := range items {
		item, err := d.checkUnits(a, s, in)
		if err != nil {
			return nil, err
		}
		if named[item.ID] && d.decided.twiceRefused {
			return nil, a.refuse("item-once", "The order item summary %s is named twice.", item.ID)
		}
		named[item.ID] = true
		charged, err := d.planFees(tx, a, item, in)
		if err != nil {
			return nil, err
		}
		line := item.takeOff(a, in, s.digits())
		units.lines, fees.lines = append(units.lines, line), append(fees.lines, charged...)
		if in.ReduceShipping {
			pool.refund(line)
		}
	}
	units.lines = append(units.lines, pool.reductions()...)
	p := &plan{summary: s, orders: []*changeOrder{units}}
	if len(fees.lines) > 0 {
		p.orders = append(p.orders, fees)
		s.takeIn(fees.lines)
	}
	s.rollUp()
	return p, nil
}

// checkUnits applies the rules of a single change item. Earlier items of the same call count already, so that an item
// named twice is held to the sum.
func (d *SOM) checkUnits(a unitAction, s *orderSummary, in ChangeItem) (*orderItemSummary, error) {
	item, ok := s.item(in.OrderItemSummaryID)
	if !ok {
		return nil, a.refuse("item-belongs",
			"The order item summary %s does not belong to the order summary %s.", in.OrderItemSummaryID, s.ID)
	}
	if item.kind() == TypeDelivery {
		return nil, a.refuse("delivery-charge", "The order item summary %s is a delivery charge and cannot be %s by itself.", item.ID, a.verb)
	}
	if !in.Quantity.IsPositive() {
		return nil, a.refuse("quantity-positive", "The quantity of the order item summary %s must be greater than 0.", item.ID)
	}
	if d.decided.wholeUnits && !in.Quantity.IsInteger() {
		return nil, a.refuse("quantity-whole", "The quantity of the order item summary %s must be a whole number.", item.ID)
	}
	if available := a.available(item.quantities()); in.Quantity.GreaterThan(available) {
		return nil, a.refuse("quantity-available",
			"The quantity %s of the order item summary %s is more than the %s available to %s.", in.Quantity, item.ID, available, a.name)
	}
	return item, d.checkReason(a, in.Reason, in.ReasonText)
}

// maxReasonText is the length of OrderItemSummaryChange.ReasonText.
const maxReasonText = 255

func (d *SOM) checkReason(a unitAction, reason, text string) error {
	if reason == "" {
		return a.refuse("reason-required", "A reason is required.").on("reason")
	}
	value, ok := d.picklistValue(objItemChange, "Reason", reason)
	if !ok || value.Inactive {
		return a.refuse("reason-active", "%q is not an active value of OrderItemSummaryChange.Reason.", reason).on("reason")
	}
	if len([]rune(text)) > maxReasonText {
		return a.refuse("reason-text-length", "reasonForChangeText has more than %d characters.", maxReasonText).on("reasonForChangeText")
	}
	return nil
}

// takeOff takes units off a line: the counters, and of the line, each adjustment and each tax the units' share. The
// share is taken from what is left now, so the last units leave exactly nothing.
func (i *orderItemSummary) takeOff(a unitAction, in ChangeItem, digits int32) *lineChange {
	before, of := i.amounts(), i.quantities().quantity()
	change := &lineChange{item: i, changeType: a.changeType, quantity: in.Quantity, reason: in.Reason, reasonText: in.ReasonText}
	reduce := func(r *row, field string) decimal.Decimal {
		delta := i.rounding().share(r.Decimal(field), in.Quantity, of, digits).Neg()
		r.add(field, delta)
		return delta
	}
	change.line = reduce(i.row, "TotalLineAmount")
	for _, line := range i.adjustments {
		delta := adjustmentDelta{line: line, amount: reduce(line.row, "Amount")}
		for _, tax := range line.taxes {
			delta.taxes = append(delta.taxes, taxDelta{tax, reduce(tax, "Amount")})
		}
		change.adjustments = append(change.adjustments, delta)
	}
	for _, tax := range i.taxes {
		change.taxes = append(change.taxes, taxDelta{tax, reduce(tax, "Amount")})
	}
	for _, counter := range a.counters {
		i.add(counter, in.Quantity)
	}
	i.rollUp()
	change.delta = i.amounts().plus(before.negated())
	return change
}
