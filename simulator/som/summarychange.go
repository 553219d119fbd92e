package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// SummaryChange asks for rows of an order summary to be changed and added in one go, before anything of them is
// allocated. Source: Apex reference, ChangeOrderSummaryInputRepresentation (API 66.0).
type SummaryChange struct {
	OrderSummaryID string
	// Reason is an active value of OrderItemSummaryChange.Reason.
	Reason string
	// ReferenceNumber becomes the OrderReferenceNumber of the change order; empty for none.
	ReferenceNumber string
	// Header are the fields of the order summary itself that change.
	Header                                                      []sobject.FieldValue
	Items, Adjustments, Taxes, AdjustmentGroups, DeliveryGroups []SummaryRow
}

// SummaryRow is one row that is new, or changed.
type SummaryRow struct {
	// ChangeType is New or Update.
	ChangeType string
	// Reference is the name by which other rows of the request refer to a new one, as @{reference.id}.
	Reference string
	// Fields are what changes; that of an update has the Id of its row among them.
	Fields []sobject.FieldValue
}

// The vendor's change types of rows.
const (
	rowNew    = "New"
	rowUpdate = "Update"
)

// SummaryChangeResult is the outcome of a change. PreFulfillment is empty for a preview, and for a change that touches
// neither quantities nor money.
type SummaryChangeResult struct {
	OrderSummaryID, PreFulfillment string
	Balances                       ChangeBalances
}

// maxSummaryChanges is how many changes a request may hold. Source: as for [SummaryChange].
const maxSummaryChanges = 100

// summaryChangeAction names the rules that these changes share with others.
func summaryChangeAction() unitAction { return unitAction{name: "change-summary"} }

// PreviewChange tells what [SOM.SubmitChange] would do, and writes nothing.
func (d *SOM) PreviewChange(tx *sandbox.Tx, in SummaryChange) (SummaryChangeResult, error) {
	e, err := d.planSummaryChange(tx, in)
	if err != nil {
		return SummaryChangeResult{}, fmt.Errorf("preview change of order summary %s: %w", in.OrderSummaryID, err)
	}
	return SummaryChangeResult{OrderSummaryID: e.summary.ID, Balances: e.balances(d, tx)}, nil
}

// SubmitChange changes and adds rows: all or none. What it changes of quantities and money goes on one change order.
// The user is whom the change records name as their creator; empty means the integration user.
func (d *SOM) SubmitChange(tx *sandbox.Tx, user string, in SummaryChange) (SummaryChangeResult, error) {
	e, err := d.planSummaryChange(tx, in)
	if err != nil {
		return SummaryChangeResult{}, fmt.Errorf("submit change of order summary %s: %w", in.OrderSummaryID, err)
	}
	result := SummaryChangeResult{OrderSummaryID: e.summary.ID}
	e.adoptGroups(user)
	e.write(d, tx, user)
	if len(e.orders) > 0 {
		result.PreFulfillment = e.orders[0].id
	}
	result.Balances = e.balances(d, tx)
	return result, nil
}

// summaryEdit is a change of an order summary while it is carried out on copies of its rows.
type summaryEdit struct {
	plan
	d      *SOM
	tx     *sandbox.Tx
	reason string
	// named are the new rows by the reference of the request, in the form that other rows write it.
	named map[string]*row
	// lines are what happens to each item, in the order in which they are touched.
	lines []*lineChange
	// was are the amounts of the items before.
	was map[*orderItemSummary]amounts
}

func (d *SOM) planSummaryChange(tx *sandbox.Tx, in SummaryChange) (*summaryEdit, error) {
	s, err := d.managedSummary(tx, in.OrderSummaryID)
	if err != nil {
		return nil, err
	}
	if err := d.checkSummaryChange(in); err != nil {
		return nil, err
	}
	e := &summaryEdit{plan: plan{summary: s}, d: d, tx: tx, reason: in.Reason, named: map[string]*row{}, was: map[*orderItemSummary]amounts{}}
	for _, step := range []struct {
		rows  []SummaryRow
		apply func(SummaryRow) error
	}{
		{in.DeliveryGroups, e.deliveryGroup},
		{in.AdjustmentGroups, e.adjustmentGroup},
		{in.Items, e.item},
		{in.Adjustments, e.adjustment},
		{in.Taxes, e.tax},
	} {
		for _, row := range step.rows {
			if err := step.apply(row); err != nil {
				return nil, err
			}
		}
	}
	if err := e.header(in.Header); err != nil {
		return nil, err
	}
	return e, e.finish(in.ReferenceNumber)
}

func (d *SOM) checkSummaryChange(in SummaryChange) error {
	count := len(in.Items) + len(in.Adjustments) + len(in.Taxes) + len(in.AdjustmentGroups) + len(in.DeliveryGroups)
	if len(in.Header) > 0 {
		count++
	}
	if count == 0 {
		return summaryChangeAction().refuse("changes-required", "At least one change is required.")
	}
	if count > maxSummaryChanges {
		return summaryChangeAction().refuse("changes-limit", "The request holds %d changes. The limit is %d.", count, maxSummaryChanges)
	}
	return d.checkReason(summaryChangeAction(), in.Reason, "")
}

// touch begins the change of an item, which must still be as it was ordered.
func (e *summaryEdit) touch(i *orderItemSummary) (*lineChange, error) {
	for _, l := range e.lines {
		if l.item == i {
			return l, nil
		}
	}
	if status := i.quantities().status(); status != ItemOrdered {
		return nil, summaryChangeAction().refuse("item-ordered",
			"The order item summary %s has the status %s; only those with the status %s can be changed.", i.ID, status, ItemOrdered)
	}
	l := &lineChange{item: i, changeType: ChangeModify, reason: e.reason}
	e.lines, e.was[i] = append(e.lines, l), i.amounts()
	return l, nil
}

// finish adds everything up, and makes the change order unless nothing changed that it could tell.
func (e *summaryEdit) finish(referenceNumber string) error {
	s := e.summary
	s.rollUp()
	s.put("OrderProductLineCount", s.productCount())
	order := &changeOrder{preFulfillment: true, referenceNumber: referenceNumber}
	for _, l := range e.lines {
		l.delta = l.item.amounts().plus(e.was[l.item].negated())
		if err := checkWorth(l.item); err != nil {
			return err
		}
		if l.financial() {
			order.lines = append(order.lines, l)
		}
	}
	if len(order.lines) > 0 {
		e.orders = []*changeOrder{order}
	}
	return nil
}

// checkWorth refuses items that would be worth less than nothing, or something without a unit left.
func checkWorth(i *orderItemSummary) error {
	worth := i.amounts()
	if worth.Line.IsNegative() || worth.price().IsNegative() || worth.tax().IsNegative() {
		return summaryChangeAction().refuse("worth", "The order item summary %s would be worth %s and bear a tax of %s.", i.ID, worth.price(), worth.tax())
	}
	if i.quantities().quantity().IsZero() && !(worth.price().IsZero() && worth.tax().IsZero()) {
		return summaryChangeAction().refuse("zero-worth",
			"The order item summary %s would be worth %s with tax without a unit left; its amounts must be set to 0 too.", i.ID, worth.withTax())
	}
	return nil
}

// financial tells whether a change is of units or money.
func (l *lineChange) financial() bool {
	moved := func(n decimal.Decimal) bool { return !n.IsZero() }
	some := moved(l.quantity) || l.delta != (amounts{}) && moved(l.delta.withTax())
	for _, t := range l.taxes {
		some = some || moved(t.amount)
	}
	for _, a := range l.adjustments {
		some = some || moved(a.amount) || moved(a.tax())
	}
	return some || moved(l.delta.Line)
}

// adoptGroups stores groups that are new, and lets items and adjustments name them by their ids.
func (e *summaryEdit) adoptGroups(user string) {
	ids := map[string]string{}
	for _, g := range append(append([]*row{}, e.summary.groups...), e.summary.adjustmentGroups...) {
		if isReference(g.ID) {
			id := e.d.insert(e.tx, user, g.Object, g.values())
			ids[g.ID], g.ID = id, id
			stored, _ := e.d.find(e.tx, g.Object, id)
			g.Record, g.changed = *stored, false
		}
	}
	for _, i := range e.summary.items {
		if id, ok := ids[i.group()]; ok {
			i.Set("OrderDeliveryGroupSummaryId", id)
		}
		for _, line := range i.adjustments {
			if id, ok := ids[line.Text("OrderAdjustmentGroupSummaryId")]; ok {
				line.Set("OrderAdjustmentGroupSummaryId", id)
			}
		}
	}
}
