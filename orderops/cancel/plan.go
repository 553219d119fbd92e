package cancel

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// plan is what will be cancelled.
type plan struct {
	Reason string     `json:"reason"` // SOM's picklist value
	Items  []planItem `json:"items"`
	Takes  []take     `json:"takes"`
	// Whole says that no unit of any product line remains.
	Whole bool `json:"whole"`
	// Reprice is what is done about promotions that what stays loses; nil where nothing is.
	Reprice *reprice `json:"reprice,omitempty"`
}

// planItem is the units of one line that will be cancelled.
type planItem struct {
	LineID         string          `json:"line_id"`
	ProductCode    string          `json:"product_code"`
	Quantity       decimal.Decimal `json:"quantity"`
	Free           decimal.Decimal `json:"free"` // of these, not allocated to a location
	ReduceShipping bool            `json:"reduce_shipping"`
}

// take is the units to take back from one fulfillment order.
type take struct {
	FulfillmentOrderID string     `json:"fulfillment_order_id"`
	Location           string     `json:"location"`
	Place              string     `json:"place,omitempty"` // the location as inventory names it
	Type               string     `json:"type"`
	Group              string     `json:"group"` // the delivery group of its lines
	Lines              []takeLine `json:"lines"`
}

type takeLine struct {
	ID       string          `json:"id"` // of the fulfillment order line
	LineID   string          `json:"line_id"`
	Before   decimal.Decimal `json:"before"` // its quantity before
	Quantity decimal.Decimal `json:"quantity"`
	// AllocatedBefore is what the location held of the line in all its open fulfillment orders.
	AllocatedBefore decimal.Decimal `json:"allocated_before"`
}

// allocated says that units have to be taken back first.
func (p plan) allocated() bool { return len(p.Takes) > 0 }

// makePlan decides what to cancel, or refuses.
func (c *Cancels) makePlan(o order, in Input) (plan, error) {
	reason, err := c.reason(in.Request.ReasonCode)
	if err != nil {
		return plan{}, err
	}
	wanted, err := wantedUnits(o, in.Request)
	if err != nil {
		return plan{}, err
	}
	if err := c.takeAlong(o, wanted, len(in.Request.Items) == 0); err != nil {
		return plan{}, err
	}
	p := plan{Reason: reason, Whole: true}
	for _, l := range o.Lines {
		quantity := wanted[l.ID]
		if l.Product && l.Ordered.Sub(l.Canceled).GreaterThan(quantity) {
			p.Whole = false
		}
		if !quantity.IsPositive() {
			continue
		}
		p.Items = append(p.Items, planItem{
			LineID: l.ID, ProductCode: l.ProductCode, Quantity: quantity, Free: decimal.Min(quantity, l.Available),
		})
	}
	if len(p.Items) == 0 {
		return plan{}, refuseCancel("what is open goes only together with what has been fulfilled")
	}
	markShipping(&p, o)
	if p.Takes, err = c.takes(o, p); err != nil {
		return plan{}, err
	}
	return p, nil
}

// reason translates a reason code; a picklist value of SOM is accepted as it is.
func (c *Cancels) reason(code string) (string, error) {
	if code == "" {
		code = c.Policy.DefaultReason
	}
	if value, ok := c.Policy.Reasons[code]; ok {
		return value, nil
	}
	refusal := orderops.Refuse(orderops.InvalidReasonCode, "reason code %q is not known", code)
	for _, known := range sortedKeys(c.Policy.Reasons) {
		if c.Policy.Reasons[known] == code {
			return code, nil
		}
		refusal.Extra.ReasonCodes = append(refusal.Extra.ReasonCodes, known)
	}
	return "", refusal
}

// markShipping asks for the delivery charge of every group of which nothing remains.
func markShipping(p *plan, o order) {
	remains := map[string]bool{}
	for _, l := range o.Lines {
		left := l.Ordered.Sub(l.Canceled)
		for _, item := range p.Items {
			if item.LineID == l.ID {
				left = left.Sub(item.Quantity)
			}
		}
		if l.Product && left.IsPositive() {
			remains[l.Group] = true
		}
	}
	for i := range p.Items {
		l, _ := o.line(p.Items[i].LineID)
		p.Items[i].ReduceShipping = !remains[l.Group]
	}
}

// takes says which units come back from which fulfillment order.
func (c *Cancels) takes(o order, p plan) ([]take, error) {
	missing := map[string]decimal.Decimal{}
	for _, item := range p.Items {
		if held := item.Quantity.Sub(item.Free); held.IsPositive() {
			missing[item.LineID] = held
		}
	}
	if len(missing) > 0 && c.Policy.Allocated == Refuse {
		return nil, refuseCancel("units are being prepared by a location already")
	}
	var takes []take
	for _, f := range o.Fulfillments {
		if t := takeFrom(f, o, missing); len(t.Lines) > 0 {
			takes = append(takes, t)
		}
	}
	for id, left := range missing {
		if left.IsPositive() {
			return nil, orderops.RefuseFor(retrySoon, orderops.OrderChanged, "units of line %s are allocated but no fulfillment order holds them", id)
		}
	}
	return takes, nil
}

// takeFrom takes what is missing out of one fulfillment order and lowers the missing numbers.
func takeFrom(f fulfillment, o order, missing map[string]decimal.Decimal) take {
	t := take{FulfillmentOrderID: f.ID, Location: f.Location, Place: f.Place, Type: f.Type}
	if !f.Open {
		return t
	}
	for _, l := range f.Lines {
		units := decimal.Min(missing[l.LineID], l.Quantity)
		if !units.IsPositive() {
			continue
		}
		missing[l.LineID] = missing[l.LineID].Sub(units)
		source, _ := o.line(l.LineID)
		t.Group = source.Group
		t.Lines = append(t.Lines, takeLine{l.ID, l.LineID, l.Quantity, units, o.allocatedAt(f.Location, l.LineID)})
	}
	return t
}

// emptied are the types of slots whose delivery groups have nothing left that is not cancelled, and had something before.
func (p plan) emptied(o order) []string {
	left := map[string]decimal.Decimal{}
	for _, l := range o.Lines {
		if l.Product && l.Slots != "" {
			left[l.Slots] = left[l.Slots].Add(l.Ordered.Sub(l.Canceled))
		}
	}
	touched := map[string]bool{}
	for _, item := range p.Items {
		if l, ok := o.line(item.LineID); ok && l.Slots != "" {
			left[l.Slots], touched[l.Slots] = left[l.Slots].Sub(item.Quantity), true
		}
	}
	var types []string
	for _, kind := range []string{slotsclient.Delivery, slotsclient.Pickup} {
		if touched[kind] && !left[kind].IsPositive() {
			types = append(types, kind)
		}
	}
	return types
}

// touches says that something is cancelled that takes a slot of the type. Lines of unknown delivery methods take any.
func (p plan) touches(o order, slotType string) bool {
	for _, item := range p.Items {
		if l, ok := o.line(item.LineID); ok && (l.Slots == "" || l.Slots == slotType) {
			return true
		}
	}
	return false
}

// cancelledUnits are the units of the plan, those first that locations had been told to fulfil.
func cancelledUnits(o order, p plan) []settle.StockUnits {
	var units []settle.StockUnits
	for _, t := range p.Takes {
		for _, taken := range t.Lines {
			if l, ok := o.line(taken.LineID); ok {
				units = append(units, settle.StockUnits{SKU: l.sku(), Quantity: taken.Quantity, Place: t.Place})
			}
		}
	}
	for _, item := range p.Items {
		if l, ok := o.line(item.LineID); ok && item.Free.IsPositive() {
			units = append(units, settle.StockUnits{SKU: l.sku(), Quantity: item.Free})
		}
	}
	return units
}
