package returns

import (
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
)

// plan is what will come back.
type plan struct {
	Reason  string                 `json:"reason"` // SOM's picklist value
	Items   []planItem             `json:"items"`
	LeftOut []orderops.NotReturned `json:"left_out"`
	// Whole says that nothing of the order stays with the shopper.
	Whole bool `json:"whole"`
	// FeeProduct is the id of the product that the fee is booked on, Fee its percentage; empty and zero without a fee.
	FeeProduct string          `json:"fee_product,omitempty"`
	Fee        decimal.Decimal `json:"fee"`
	// Kept are bonuses that stay with the shopper, and whose price is kept.
	Kept []keptBonus `json:"kept,omitempty"`
}

// planItem is the units of one line that come back.
type planItem struct {
	LineID         string          `json:"line_id"`
	ProductCode    string          `json:"product_code"`
	Quantity       decimal.Decimal `json:"quantity"`
	ReduceShipping bool            `json:"reduce_shipping"`
}

// makePlan decides what comes back, or refuses.
func (j *job) makePlan() (plan, error) {
	reason, err := j.reason(j.in.Request.ReasonCode)
	if err != nil {
		return plan{}, err
	}
	p := plan{Reason: reason, Whole: true}
	wanted, err := j.wanted(&p)
	if err != nil {
		return plan{}, err
	}
	if err := j.takeAlong(&p, wanted); err != nil {
		return plan{}, err
	}
	remains := map[string]bool{}
	for _, l := range j.order.Lines {
		units := wanted[l.ID]
		if l.Product && l.left().GreaterThan(units) {
			remains[l.Group] = true
		}
		if l.Product && l.Ordered.Sub(l.Canceled).Sub(l.Returned).GreaterThan(units) {
			p.Whole = false
		}
	}
	withGroup := j.Policy.Shipping.Of(j.row.Site) != ShippingKept
	for _, l := range j.order.Lines {
		if units := wanted[l.ID]; units.IsPositive() {
			p.Items = append(p.Items, planItem{l.ID, l.ProductCode, units, withGroup && !remains[l.Group]})
		}
	}
	if len(p.Items) == 0 {
		return plan{}, refuseNothing(p.LeftOut)
	}
	return p, nil
}

// reason translates a reason code; a picklist value of SOM is accepted as it is.
func (r *Returns) reason(code string) (string, error) {
	if code == "" {
		code = r.Policy.DefaultReason
	}
	if value, ok := r.Policy.Reasons[code]; ok {
		return value, nil
	}
	refusal := orderops.Refuse(orderops.InvalidReasonCode, "reason code %q is not known", code)
	for known, value := range r.Policy.Reasons {
		if value == code {
			return code, nil
		}
		refusal.Extra.ReasonCodes = append(refusal.Extra.ReasonCodes, known)
	}
	sort.Strings(refusal.Extra.ReasonCodes)
	return "", refusal
}

// wanted is how many units of each line come back. What cannot is left out, where the caller accepts that.
func (j *job) wanted(p *plan) (map[string]decimal.Decimal, error) {
	asked := j.in.Request.Items
	if len(asked) == 0 {
		return j.everything(p)
	}
	wanted := map[string]decimal.Decimal{}
	var unknown []string
	for _, item := range asked {
		if !item.Quantity.IsPositive() || !item.Quantity.IsInteger() {
			return nil, withItems(orderops.Refuse(orderops.InvalidQuantity, "item %s: %s", item.ItemID, item.Quantity), item.ItemID)
		}
		lines := j.order.linesOf(item)
		if len(lines) == 0 {
			unknown = append(unknown, item.ItemID)
			continue
		}
		if err := j.take(p, wanted, lines, item); err != nil {
			return nil, err
		}
	}
	if len(unknown) > 0 {
		return nil, withItems(orderops.Refuse(orderops.UnknownItems, "the order has no such items"), unknown...)
	}
	if len(wanted) == 0 {
		return nil, refuseNothing(p.LeftOut)
	}
	return wanted, nil
}

// everything asks for all units that were handed over and have not been announced for return.
func (j *job) everything(p *plan) (map[string]decimal.Decimal, error) {
	wanted := map[string]decimal.Decimal{}
	for _, l := range j.order.Lines {
		switch {
		case !l.Product, !l.Available.IsPositive(), j.order.decisive(l).ID != l.ID:
		case j.mayReturn(l):
			wanted[l.ID] = l.Available
		default:
			p.LeftOut = append(p.LeftOut, notReturned(l))
		}
	}
	if len(wanted) == 0 {
		return nil, refuseNothing(p.LeftOut)
	}
	if len(p.LeftOut) > 0 && !j.in.Request.AllowPartial {
		return nil, refuseLines(p.LeftOut, "the rest can be returned with partial=allow")
	}
	return wanted, nil
}

// take takes the asked units from lines in order: from those that may be given back.
func (j *job) take(p *plan, wanted map[string]decimal.Decimal, lines []line, item orderops.LineQuantity) error {
	left, handedOver := item.Quantity.Decimal, decimal.Zero
	var closed []orderops.NotReturned
	for _, l := range lines {
		free := l.Available.Sub(wanted[l.ID])
		handedOver = handedOver.Add(decimal.Max(decimal.Zero, free))
		if !j.mayReturn(l) {
			closed = append(closed, notReturned(l))
			continue
		}
		if units := decimal.Min(left, free); units.IsPositive() {
			wanted[l.ID] = wanted[l.ID].Add(units)
			left = left.Sub(units)
		}
	}
	switch {
	case !left.IsPositive():
		return nil
	case item.Quantity.GreaterThan(handedOver):
		refusal := orderops.Refuse(orderops.ReturnQuantityExceeded, "item %s: %s units asked, %s can be returned", item.ItemID, item.Quantity, handedOver)
		return withItems(refusal, item.ItemID)
	case j.in.Request.AllowPartial:
		p.LeftOut = append(p.LeftOut, closed...)
		return nil
	default:
		return refuseLines(closed, "the rest can be returned with partial=allow")
	}
}

// linesOf finds the lines an item names: the line of that id, or the lines of the commerce item's product.
func (o order) linesOf(asked orderops.LineQuantity) []line {
	var lines []line
	for _, l := range o.Lines {
		if !l.Product {
			continue
		}
		if l.ID == asked.ItemID || len(asked.ItemID) == 15 && strings.HasPrefix(l.ID, asked.ItemID) {
			return []line{l}
		}
		if asked.ProductID != "" && slices.Contains([]string{l.ProductCode, l.SKU}, asked.ProductID) {
			lines = append(lines, l)
		}
	}
	return alike(lines, asked.Dependent)
}

func notReturned(l line) orderops.NotReturned {
	return orderops.NotReturned{
		OrderItemSummaryID: l.ID, ProductCode: l.ProductCode, Why: string(l.Window.Why), Reason: l.Window.Reason, ReturnBy: l.Window.By,
	}
}

// refuseNothing refuses a request of which nothing can be returned.
func refuseNothing(lines []orderops.NotReturned) *orderops.Refusal {
	if len(lines) > 0 {
		return refuseLines(lines, "nothing of it can be returned")
	}
	refusal := orderops.Refuse(orderops.NotReturnable, "no unit was handed over that is not on its way back already")
	refusal.Extra.Allowed = []orderops.Action{orderops.ActionCancel}
	return refusal
}

// refuseLines refuses for lines that cannot be given back: too late, if that is all that is wrong with one of them.
func refuseLines(lines []orderops.NotReturned, detail string) *orderops.Refusal {
	refusal := orderops.Refuse(orderops.NotReturnable, "%s", detail)
	for _, l := range lines {
		if l.Why == string(returnby.WindowClosed) && refusal.Code == orderops.NotReturnable {
			refusal.Code, refusal.Extra.ReturnBy = orderops.ReturnWindowClosed, l.ReturnBy
		}
		refusal.Extra.Items = append(refusal.Extra.Items, l.OrderItemSummaryID)
	}
	refusal.Extra.NotReturned = lines
	return refusal
}

func withItems(r *orderops.Refusal, items ...string) *orderops.Refusal {
	r.Extra.Items = items
	return r
}

// changeItems is the plan in the words of SOM.
func (p plan) changeItems() []somclient.ChangeItem {
	items := make([]somclient.ChangeItem, len(p.Items))
	for i, item := range p.Items {
		items[i] = somclient.ChangeItem{
			OrderItemSummaryID: item.LineID, Quantity: item.Quantity, Reason: p.Reason, ReduceShipping: item.ReduceShipping,
		}
		items[i].Fees = p.fees(item.LineID)
	}
	return items
}

// units are the quantities by line.
func (p plan) units() map[string]decimal.Decimal {
	units := map[string]decimal.Decimal{}
	for _, item := range p.Items {
		units[item.LineID] = item.Quantity
	}
	return units
}
