package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// ChangeItem asks for some units of an order item summary to be cancelled.
type ChangeItem struct {
	// OrderItemSummaryID is an id in either form.
	OrderItemSummaryID string
	Quantity           decimal.Decimal
	// Reason is an active value of OrderItemSummaryChange.Reason; ReasonText has at most 255 characters.
	Reason, ReasonText string
	// ReduceShipping gives back the units' share of the delivery charges (shippingReductionFlag).
	ReduceShipping bool
}

// ChangeResult is the outcome of a change of an order summary.
type ChangeResult struct {
	OrderSummaryID string
	// ChangeOrderID is empty for a preview.
	ChangeOrderID string
	Balances      ChangeBalances
}

// PreviewCancel tells what [SOM.SubmitCancel] would do, and writes nothing.
func (d *SOM) PreviewCancel(tx *sandbox.Tx, orderSummaryID string, items []ChangeItem) (ChangeResult, error) {
	c, err := d.planCancel(tx, orderSummaryID, items)
	if err != nil {
		return ChangeResult{}, fmt.Errorf("preview cancel of order summary %s: %w", orderSummaryID, err)
	}
	return ChangeResult{OrderSummaryID: c.summary.ID, Balances: c.balances(d, tx)}, nil
}

// SubmitCancel cancels units that are neither allocated nor fulfilled: all items or none. The user is whom the change
// records name as their creator; empty means the integration user.
func (d *SOM) SubmitCancel(tx *sandbox.Tx, user, orderSummaryID string, items []ChangeItem) (ChangeResult, error) {
	c, err := d.planCancel(tx, orderSummaryID, items)
	if err != nil {
		return ChangeResult{}, fmt.Errorf("submit cancel of order summary %s: %w", orderSummaryID, err)
	}
	changeOrderID := c.write(d, tx, user)
	return ChangeResult{OrderSummaryID: c.summary.ID, ChangeOrderID: changeOrderID, Balances: c.balances(d, tx)}, nil
}

// planCancel carries the cancel out on copies of the rows.
func (d *SOM) planCancel(tx *sandbox.Tx, orderSummaryID string, items []ChangeItem) (*change, error) {
	s, err := d.managedSummary(tx, orderSummaryID)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, refuse("som.cancel.items-required", CodeInvalidInput, "At least one change item is required.")
	}
	c := &change{summary: s, preFulfillment: true}
	pool := newDeliveryPool(s)
	for _, in := range items {
		item, err := d.checkCancel(s, in)
		if err != nil {
			return nil, err
		}
		line := item.cancel(in, s.digits())
		c.lines = append(c.lines, line)
		if in.ReduceShipping {
			pool.refund(line)
		}
	}
	c.lines = append(c.lines, pool.reductions()...)
	s.rollUp()
	return c, nil
}

// checkCancel applies the rules of a single change item. Earlier items of the same call count already, so that an item
// named twice is held to the sum.
func (d *SOM) checkCancel(s *orderSummary, in ChangeItem) (*orderItemSummary, error) {
	item, ok := s.item(in.OrderItemSummaryID)
	if !ok {
		return nil, refuse("som.cancel.item-belongs", CodeInvalidInput,
			"The order item summary %s does not belong to the order summary %s.", in.OrderItemSummaryID, s.ID)
	}
	if item.kind() == TypeDelivery {
		return nil, refuse("som.cancel.delivery-charge", CodeInvalidInput,
			"The order item summary %s is a delivery charge and cannot be cancelled by itself.", item.ID)
	}
	if !in.Quantity.IsPositive() {
		return nil, refuse("som.cancel.quantity-positive", CodeInvalidInput,
			"The quantity of the order item summary %s must be greater than 0.", item.ID)
	}
	if available := item.quantities().available(); in.Quantity.GreaterThan(available) {
		return nil, refuse("som.cancel.quantity-available", CodeInvalidInput,
			"The quantity %s of the order item summary %s is more than the %s available to cancel.", in.Quantity, item.ID, available)
	}
	return item, d.checkReason(in.Reason, in.ReasonText)
}

// maxReasonText is the length of OrderItemSummaryChange.ReasonText.
const maxReasonText = 255

func (d *SOM) checkReason(reason, text string) error {
	if reason == "" {
		return refuse("som.cancel.reason-required", CodeInvalidInput, "A reason is required.").on("reason")
	}
	value, ok := d.picklistValue(objItemChange, "Reason", reason)
	if !ok || value.Inactive {
		return refuse("som.cancel.reason-active", CodeInvalidInput,
			"%q is not an active value of OrderItemSummaryChange.Reason.", reason).on("reason")
	}
	if len([]rune(text)) > maxReasonText {
		return refuse("som.cancel.reason-text-length", CodeInvalidInput,
			"reasonForChangeText has more than %d characters.", maxReasonText).on("reasonForChangeText")
	}
	return nil
}

// cancel takes units off a line: the counters, and of the line, each adjustment and each tax the units' share. The
// share is taken from what is left now, so the last units leave exactly nothing.
func (i *orderItemSummary) cancel(in ChangeItem, digits int32) *lineChange {
	before, of := i.amounts(), i.quantities().quantity()
	change := &lineChange{item: i, changeType: ChangeCancel, quantity: in.Quantity, reason: in.Reason, reasonText: in.ReasonText}
	reduce := func(r *row, field string) decimal.Decimal {
		delta := share(r.Decimal(field), in.Quantity, of, digits).Neg()
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
	i.add("QuantityCanceled", in.Quantity)
	i.rollUp()
	change.delta = i.amounts().plus(before.negated())
	return change
}
