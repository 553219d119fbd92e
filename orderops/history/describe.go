package history

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/together"
)

// view is what an order is described from.
type view struct {
	summary  somclient.OrderSummary
	page     somclient.Page
	commerce b2cclient.Order
	// windows are nil when they are not known.
	windows map[string]returnby.Decision
	// custom is nil when the custom fields are not known.
	custom  *customOrder
	offered []orderops.Action
	links   TrackingLinks
}

// describe turns an order summary into what callers see of it.
func (v view) describe(asOf time.Time) *SOMOrder {
	s := v.summary
	o := &SOMOrder{
		OrderSummaryID: s.ID, OrderNumber: s.OrderNumber, Status: s.Status, OrderedDate: instant(s.OrderedDate),
		Currency: v.commerce.Currency, Source: FromSOM, AsOf: asOf,
		Totals: Totals{
			orderops.NewAmount(s.GrandTotalAmount), orderops.NewAmount(s.TotalProductAmount),
			orderops.NewAmount(s.TotalDeliveryAmount), orderops.NewAmount(s.TotalTaxAmount),
		},
		Items: v.items(), FulfillmentOrders: []FulfillmentOrder{}, ReturnOrders: []ReturnOrder{}, Payments: []Payment{},
	}
	for _, f := range s.FulfillmentOrders.Records {
		if f.StatusCategory != "CANCELLED" {
			o.FulfillmentOrders = append(o.FulfillmentOrders, v.fulfillmentOrder(f))
		}
	}
	for _, r := range s.ReturnOrders.Records {
		o.ReturnOrders = append(o.ReturnOrders, returnOrder(r))
	}
	for _, p := range s.Payments.Records {
		row := payment(p)
		row.Custom = v.custom.of(func(c *customOrder) map[string]Custom { return c.payments }, p.ID)
		o.Payments = append(o.Payments, row)
	}
	if v.page.DeliveryMethods != nil {
		o.DeliveryGroups = []DeliveryGroup{}
		for _, g := range s.DeliveryGroups.Records {
			o.DeliveryGroups = append(o.DeliveryGroups, DeliveryGroup{
				g.ID, v.page.DeliveryMethods[g.ID], instant(g.PromisedDeliveryDate),
				v.custom.of(func(c *customOrder) map[string]Custom { return c.deliveries }, g.ID),
			})
		}
	}
	u := sum(s)
	o.UnifiedStatus, o.PartlyCancelled = u.status(s), u.partlyCancelled()
	o.AllowedActions = v.allowed(u)
	return o
}

// allowed are the actions that the order is open to now, of those that the service can do: cancelling while a unit is
// open, modifying while all of them are, returning while a unit may be given back.
func (v view) allowed(u units) []orderops.Action {
	returnable, cancellable := false, false
	lines := v.together()
	for _, l := range lines {
		_, dependent := lines.Main(l)
		returnable = returnable || v.windows[l.ID].Returnable && (!dependent || l.Bonus)
		cancellable = cancellable || !dependent && lines.Fits(l, l.Open).IsPositive()
	}
	open := u.open.IsPositive() && !replaced(v.commerce)
	list := []orderops.Action{}
	for _, action := range []struct {
		name orderops.Action
		may  bool
	}{
		{orderops.ActionCancel, open && cancellable},
		{orderops.ActionModify, open && !u.fulfilled.IsPositive()},
		{orderops.ActionReturn, returnable},
	} {
		if action.may && slices.Contains(v.offered, action.name) {
			list = append(list, action.name)
		}
	}
	return list
}

func (v view) items() []Item {
	list := []Item{}
	lines := v.together()
	for _, i := range v.summary.Items.Records {
		if i.TypeCode != somclient.TypeCodeProduct {
			continue
		}
		item := Item{
			OrderItemSummaryID: i.ID, ProductCode: i.ProductCode, Name: i.Name, DeliveryGroupID: i.OrderDeliveryGroupSummaryID, Status: i.Status,
			Total: orderops.NewAmount(i.TotalAmtWithTax), QuantityOrdered: orderops.NewAmount(i.QuantityOrdered),
			QuantityCanceled: orderops.NewAmount(i.QuantityCanceled), QuantityFulfilled: orderops.NewAmount(i.QuantityFulfilled),
			QuantityReturned:           orderops.NewAmount(i.QuantityReturned),
			QuantityAvailableToCancel:  orderops.NewAmount(i.QuantityAvailableToCancel),
			QuantityAvailableToFulfill: orderops.NewAmount(i.QuantityAvailableToFulfill),
			QuantityAvailableToReturn:  orderops.NewAmount(i.QuantityAvailableToReturn),
		}
		item.Custom = v.custom.of(func(c *customOrder) map[string]Custom { return c.items }, i.ID)
		v.depend(&item, lines)
		list = append(list, item)
	}
	return list
}

// depend says what a line belongs to. Parts and options may be given back for as long as what they belong to, and nothing of
// them is cancelled by itself.
func (v view) depend(item *Item, lines together.Lines) {
	decisive := item.OrderItemSummaryID
	at := slices.IndexFunc(lines, func(l together.Line) bool { return l.ID == decisive })
	if main, ok := lines.Main(lines[at]); ok {
		item.DependsOn, item.Bonus, item.QuantityCancellable = &main.ID, lines[at].Bonus, orderops.NewAmount(decimal.Zero)
		if !item.Bonus {
			decisive = main.ID
		}
	} else {
		item.QuantityCancellable = orderops.NewAmount(lines.Fits(lines[at], lines[at].Open))
	}
	if d, known := v.windows[decisive]; known {
		item.ReturnBy = returnByOf(d)
	}
}

// together are the product lines with what of them can be cancelled.
func (v view) together() together.Lines {
	var lines together.Lines
	for _, i := range v.summary.Items.Records {
		if i.TypeCode != somclient.TypeCodeProduct {
			continue
		}
		left := i.QuantityOrdered.Sub(i.QuantityCanceled)
		lines = append(lines, together.Line{
			ID: i.ID, Main: i.MainOrderItemSummaryID, Bonus: together.IsBonus(i), Ordered: i.QuantityOrdered, Left: left, Open: left.Sub(i.QuantityFulfilled),
		})
	}
	return lines
}

func (v view) fulfillmentOrder(f somclient.FulfillmentOrder) FulfillmentOrder {
	out := FulfillmentOrder{
		ID: f.ID, Number: f.FulfillmentOrderNumber, Status: f.Status, Type: f.Type, Location: f.FulfilledFromLocationID,
		Items: []FulfillmentItem{}, Shipments: []Shipment{},
	}
	for _, l := range f.Lines.Records {
		out.Items = append(out.Items, FulfillmentItem{l.OrderItemSummaryID, orderops.NewAmount(l.Quantity)})
	}
	for _, s := range f.Shipments.Records {
		out.Shipments = append(out.Shipments, v.shipment(s))
	}
	return out
}

func (v view) shipment(s somclient.Shipment) Shipment {
	out := Shipment{
		Number: s.ShipmentNumber, Status: s.Status, Carrier: s.Provider, TrackingNumber: s.TrackingNumber,
		TrackingURL: v.links.link(s), ShippedDate: instant(s.CreatedDate), ExpectedDeliveryDate: instant(s.ExpectedDeliveryDate),
		ActualDeliveryDate: instant(s.ActualDeliveryDate), Items: []FulfillmentItem{},
	}
	for _, i := range s.Items.Records {
		out.Items = append(out.Items, FulfillmentItem{i.OrderItemSummaryID, orderops.NewAmount(i.Quantity)})
	}
	return out
}

func returnOrder(r somclient.ReturnOrder) ReturnOrder {
	out := ReturnOrder{ID: r.ID, Number: r.ReturnOrderNumber, Status: r.Status, At: instant(r.CreatedDate), Items: []ReturnItem{}}
	for _, l := range r.Lines.Records {
		out.Items = append(out.Items, ReturnItem{
			l.OrderItemSummaryID, orderops.NewAmount(l.QuantityExpected), orderops.NewAmount(l.QuantityReturned),
		})
	}
	return out
}

func payment(p somclient.OrderPaymentSummary) Payment {
	return Payment{
		ID: p.ID, Method: p.Method, Type: p.Type, Authorized: orderops.NewAmount(p.AuthorizationAmount),
		Released: orderops.NewAmount(p.ReversedAmount), Captured: orderops.NewAmount(p.CapturedAmount),
		Refunded: orderops.NewAmount(p.RefundedAmount), Balance: orderops.NewAmount(p.CapturedAmount.Sub(p.RefundedAmount)),
		Captures: movements(p.Payments.Records), Refunds: movements(p.Refunds.Records),
	}
}

func movements(rows []somclient.Transaction) []Movement {
	list := []Movement{}
	for _, t := range rows {
		list = append(list, Movement{ID: t.ID, Amount: orderops.NewAmount(t.Amount), Status: t.Status, At: instant(t.EffectiveDate)})
	}
	return list
}
