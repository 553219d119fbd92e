package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Adjustment asks for a discount on the lines of an order summary.
type Adjustment struct {
	OrderSummaryID string
	Items          []AdjustItem
	// InFulfillment says what happens to units that are allocated and not fulfilled; empty means Disallowed.
	InFulfillment InFulfillmentPolicy
	// TaxPerLine makes a tax line for each tax of the item (individualLineItemTaxAdjustments) instead of one for all.
	TaxPerLine bool
}

// AdjustItem is the discount on one order item summary.
type AdjustItem struct {
	OrderItemSummaryID string
	// Amount is negative: the resource gives discounts only.
	Amount decimal.Decimal
	Type   AdjustmentType
	// Reason is an active value of OrderItemSummaryChange.Reason.
	Reason, Description string
}

// AdjustmentType says what the amount of a discount means.
type AdjustmentType string

// The vendor's adjustment types; the last two from API 65.0.
const (
	AdjustWithTax     AdjustmentType = "AmountWithTax"
	AdjustWithoutTax  AdjustmentType = "AmountWithoutTax"
	AdjustPercentage  AdjustmentType = "Percentage"
	AdjustTaxOnly     AdjustmentType = "AmountTaxOnly"
	AdjustProductOnly AdjustmentType = "ProductOnly"
)

// InFulfillmentPolicy is the vendor's allocatedItemsChangeOrderType.
type InFulfillmentPolicy string

// The policies for units in fulfilment: leave them out, give them a change order of their own, or count them to the
// units before fulfilment.
const (
	InFulfillmentDisallowed InFulfillmentPolicy = "Disallowed"
	InFulfillmentSeparate   InFulfillmentPolicy = "InFulfillment"
	InFulfillmentAsBefore   InFulfillmentPolicy = "PreFulfillment"
)

// AdjustResult is the outcome of an adjustment. An id is empty for a preview and where no units of the kind are.
type AdjustResult struct {
	OrderSummaryID                                 string
	PreFulfillment, InFulfillment, PostFulfillment string
	Balances                                       ChangeBalances
}

// PreviewAdjust tells what [SOM.SubmitAdjust] would do, and writes nothing.
func (d *SOM) PreviewAdjust(tx *sandbox.Tx, in Adjustment) (AdjustResult, error) {
	a, err := d.planAdjust(tx, in)
	if err != nil {
		return AdjustResult{}, fmt.Errorf("preview adjustment of order summary %s: %w", in.OrderSummaryID, err)
	}
	return AdjustResult{OrderSummaryID: a.summary.ID, Balances: a.balances(d, tx)}, nil
}

// SubmitAdjust lowers prices: all items or none. Units before, in and after fulfilment get change orders of their own,
// because money goes back in other ways for each. The user is whom the change records name as their creator; empty means
// the integration user.
func (d *SOM) SubmitAdjust(tx *sandbox.Tx, user string, in Adjustment) (AdjustResult, error) {
	a, err := d.planAdjust(tx, in)
	if err != nil {
		return AdjustResult{}, fmt.Errorf("submit adjustment of order summary %s: %w", in.OrderSummaryID, err)
	}
	a.write(d, tx, user)
	return AdjustResult{
		OrderSummaryID: a.summary.ID, PreFulfillment: a.stages[before].id, InFulfillment: a.stages[during].id,
		PostFulfillment: a.stages[after].id, Balances: a.balances(d, tx),
	}, nil
}

// stage is where units are on their way.
type stage int

const (
	before stage = iota
	during
	after
)

// adjustPlan is a plan with its change orders by stage.
type adjustPlan struct {
	plan
	stages [3]*changeOrder
}

func (d *SOM) planAdjust(tx *sandbox.Tx, in Adjustment) (*adjustPlan, error) {
	s, err := d.managedSummary(tx, in.OrderSummaryID)
	if err != nil {
		return nil, err
	}
	if err := checkAdjustment(in); err != nil {
		return nil, err
	}
	p := &adjustPlan{plan: plan{summary: s}, stages: [3]*changeOrder{{preFulfillment: true}, {preFulfillment: true}, {}}}
	for _, item := range in.Items {
		if err := d.planAdjustItem(p, in, item); err != nil {
			return nil, err
		}
	}
	for _, c := range p.stages {
		if len(c.lines) > 0 {
			p.orders = append(p.orders, c)
		}
	}
	s.rollUp()
	return p, nil
}

func checkAdjustment(in Adjustment) error {
	if len(in.Items) == 0 {
		return refuse("som.adjust.items-required", CodeInvalidInput, "At least one adjust item is required.")
	}
	switch in.InFulfillment {
	case "", InFulfillmentDisallowed, InFulfillmentSeparate, InFulfillmentAsBefore:
		return nil
	}
	return refuse("som.adjust.allocated-policy", CodeInvalidInput,
		"%q is not an allocatedItemsChangeOrderType.", in.InFulfillment).on("allocatedItemsChangeOrderType")
}

// adjustAction names the rules that adjustments share with other changes.
func adjustAction() unitAction { return unitAction{name: "adjust"} }

// planAdjustItem spreads one discount over the units of the stages that take part, by their number.
func (d *SOM) planAdjustItem(p *adjustPlan, in Adjustment, adjust AdjustItem) error {
	item, ok := p.summary.item(adjust.OrderItemSummaryID)
	if !ok {
		return adjustAction().refuse("item-belongs",
			"The order item summary %s does not belong to the order summary %s.", adjust.OrderItemSummaryID, p.summary.ID)
	}
	if !adjust.Amount.IsNegative() {
		return adjustAction().refuse("amount-negative", "The amount of an adjustment must be less than 0.").on("amount")
	}
	if err := d.checkReason(adjustAction(), adjust.Reason, ""); err != nil {
		return err
	}
	units := item.stages(in.InFulfillment)
	all := units[before].Add(units[during]).Add(units[after])
	if !all.IsPositive() {
		return adjustAction().refuse("quantity-available", "No unit of the order item summary %s can be adjusted.", item.ID)
	}
	price, tax, err := item.discount(adjust)
	if err != nil {
		return err
	}
	digits, seen := p.summary.digits(), decimal.Zero
	priceParts, taxParts := &parts{of: price, whole: all, digits: digits, by: d.decided.rounding}, &parts{of: tax, whole: all, digits: digits, by: d.decided.rounding}
	for at, n := range units {
		if n.IsPositive() {
			seen = seen.Add(n)
			p.stages[at].lines = append(p.stages[at].lines, item.reprice(adjust, priceParts.upTo(seen), taxParts.upTo(seen), in.TaxPerLine))
		}
	}
	return nil
}

// stages counts the units of an item by stage, as far as they take part.
func (i *orderItemSummary) stages(policy InFulfillmentPolicy) [3]decimal.Decimal {
	q := i.quantities()
	units := [3]decimal.Decimal{before: q.available(), during: q.Allocated.Sub(q.Fulfilled), after: q.returnable()}
	switch policy {
	case InFulfillmentSeparate:
	case InFulfillmentAsBefore:
		units[before], units[during] = units[before].Add(units[during]), decimal.Zero
	default:
		units[during] = decimal.Zero
	}
	return units
}

// parts hands out an amount in rounded parts that add up to it.
type parts struct {
	of, whole, handedOut decimal.Decimal
	digits               int32
	by                   rounding
}

// upTo is what is due when seen units of all have had their part, less what was handed out.
func (p *parts) upTo(seen decimal.Decimal) decimal.Decimal {
	part := p.by.share(p.of, seen, p.whole, p.digits).Sub(p.handedOut)
	p.handedOut = p.handedOut.Add(part)
	return part
}

// discount works out what a discount takes off price and tax; both are negative or zero, and never more than there is.
func (i *orderItemSummary) discount(a AdjustItem) (price, tax decimal.Decimal, err error) {
	digits, now := i.digits(), i.amounts()
	amount := i.rounding().round(a.Amount, digits)
	switch a.Type {
	case AdjustWithTax:
		price, tax = i.splitGross(amount, digits)
	case AdjustWithoutTax:
		price, tax = amount, i.taxOn(amount, digits)
	case AdjustPercentage:
		hundred := decimal.NewFromInt(100)
		price, tax = i.rounding().div(now.price().Mul(a.Amount), hundred, digits), i.rounding().div(now.tax().Mul(a.Amount), hundred, digits)
	case AdjustTaxOnly:
		tax = amount
	case AdjustProductOnly:
		price = amount
	default:
		return price, tax, adjustAction().refuse("type", "%q is not an adjustment type.", a.Type).on("adjustmentType")
	}
	if !i.how.beyondWorth() && (now.price().Add(price).IsNegative() || now.tax().Add(tax).IsNegative()) {
		return price, tax, adjustAction().refuse("worth",
			"The order item summary %s is worth %s and bears a tax of %s; the adjustment takes more off.", i.ID, now.price(), now.tax()).on("amount")
	}
	return price, tax, nil
}

// reprice adds a price adjustment to the line; its quantity stays.
func (i *orderItemSummary) reprice(a AdjustItem, price, tax decimal.Decimal, perTax bool) *lineChange {
	was := i.amounts()
	line := &adjustmentLine{row: newRow(objAdjustmentLine, values{
		"Name": firstText(a.Description, "Adjustment"), "Description": a.Description, "Amount": price,
		"CurrencyIsoCode": i.Get("CurrencyIsoCode"), "OrderSummaryId": i.Get("OrderSummaryId"), "OrderItemSummaryId": i.ID,
	})}
	delta := adjustmentDelta{line: line, amount: price}
	for _, r := range i.adjustmentTaxes(tax, perTax) {
		line.taxes = append(line.taxes, r)
		delta.taxes = append(delta.taxes, taxDelta{r, r.Decimal("Amount")})
	}
	i.adjustments = append(i.adjustments, line)
	i.rollUp()
	return &lineChange{
		item: i, changeType: i.priceChange(), reason: a.Reason, reasonText: a.Description,
		adjustments: []adjustmentDelta{delta}, delta: i.amounts().plus(was.negated()),
	}
}

// adjustmentTaxes makes the tax lines of a new adjustment: one for all taxes of the item, or one for each.
func (i *orderItemSummary) adjustmentTaxes(tax decimal.Decimal, perTax bool) []*row {
	if tax.IsZero() {
		return nil
	}
	if !perTax || len(i.taxes) < 2 {
		return []*row{i.taxTemplate(tax)}
	}
	var lines []*row
	handedOut, seen := &parts{of: tax, whole: sum(i.taxes), digits: i.digits()}, decimal.Zero
	for _, of := range i.taxes {
		seen = seen.Add(of.Decimal("Amount"))
		one := &orderItemSummary{row: i.row, how: i.how, taxes: []*row{of}}
		lines = append(lines, one.taxTemplate(handedOut.upTo(seen)))
	}
	return lines
}

// priceChange is the change type of a new price by the type of the line.
func (i *orderItemSummary) priceChange() ChangeType {
	switch i.kind() {
	case TypeDelivery:
		return ChangeDeliveryChargeAdjustment
	case TypeFee:
		return ChangeFeeAdjustment
	default:
		return ChangeProductAdjustment
	}
}
