package history

import (
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// describe turns an order summary into what callers see of it.
func describe(s somclient.OrderSummary, page somclient.Page, commerce b2cclient.Order, asOf time.Time) *SOMOrder {
	o := &SOMOrder{
		OrderSummaryID: s.ID, OrderNumber: s.OrderNumber, Status: s.Status, OrderedDate: instant(s.OrderedDate),
		Currency: commerce.Currency, Source: "som", AsOf: asOf,
		Totals: Totals{
			orderops.NewAmount(s.GrandTotalAmount), orderops.NewAmount(s.TotalProductAmount),
			orderops.NewAmount(s.TotalDeliveryAmount), orderops.NewAmount(s.TotalTaxAmount),
		},
		Items: items(s), FulfillmentOrders: []FulfillmentOrder{}, ReturnOrders: []ReturnOrder{}, Payments: []Payment{},
		AllowedActions: []orderops.Action{},
	}
	for _, f := range s.FulfillmentOrders.Records {
		if f.StatusCategory != "CANCELLED" {
			o.FulfillmentOrders = append(o.FulfillmentOrders, fulfillmentOrder(f))
		}
	}
	for _, r := range s.ReturnOrders.Records {
		o.ReturnOrders = append(o.ReturnOrders, returnOrder(r))
	}
	for _, p := range s.Payments.Records {
		o.Payments = append(o.Payments, payment(p))
	}
	if page.DeliveryMethods != nil {
		o.DeliveryGroups = []DeliveryGroup{}
		for _, g := range s.DeliveryGroups.Records {
			o.DeliveryGroups = append(o.DeliveryGroups, DeliveryGroup{g.ID, page.DeliveryMethods[g.ID]})
		}
	}
	u := sum(s)
	o.UnifiedStatus, o.PartlyCancelled = u.status(s), u.partlyCancelled()
	if u.open.IsPositive() && commerce.Status != b2cclient.StatusReplaced {
		o.AllowedActions = append(o.AllowedActions, orderops.ActionCancel)
	}
	return o
}

func items(s somclient.OrderSummary) []Item {
	list := []Item{}
	for _, i := range s.Items.Records {
		if i.TypeCode != somclient.TypeCodeProduct {
			continue
		}
		list = append(list, Item{
			OrderItemSummaryID: i.ID, ProductCode: i.ProductCode, DeliveryGroupID: i.OrderDeliveryGroupSummaryID, Status: i.Status,
			Total: orderops.NewAmount(i.TotalAmtWithTax), QuantityOrdered: orderops.NewAmount(i.QuantityOrdered),
			QuantityCanceled: orderops.NewAmount(i.QuantityCanceled), QuantityFulfilled: orderops.NewAmount(i.QuantityFulfilled),
			QuantityReturned:           orderops.NewAmount(i.QuantityReturned),
			QuantityAvailableToCancel:  orderops.NewAmount(i.QuantityAvailableToCancel),
			QuantityAvailableToFulfill: orderops.NewAmount(i.QuantityAvailableToFulfill),
			QuantityAvailableToReturn:  orderops.NewAmount(i.QuantityAvailableToReturn),
			QuantityCancellable:        orderops.NewAmount(i.QuantityOrdered.Sub(i.QuantityCanceled).Sub(i.QuantityFulfilled)),
		})
	}
	return list
}

func fulfillmentOrder(f somclient.FulfillmentOrder) FulfillmentOrder {
	out := FulfillmentOrder{
		ID: f.ID, Number: f.FulfillmentOrderNumber, Status: f.Status, Type: f.Type, Location: f.FulfilledFromLocationID,
		Items: []FulfillmentItem{}, Shipments: []Shipment{},
	}
	for _, l := range f.Lines.Records {
		out.Items = append(out.Items, FulfillmentItem{l.OrderItemSummaryID, orderops.NewAmount(l.Quantity)})
	}
	for _, s := range f.Shipments.Records {
		out.Shipments = append(out.Shipments, Shipment{
			s.ShipmentNumber, s.Status, s.TrackingNumber, s.TrackingURL, instant(s.ExpectedDeliveryDate), instant(s.ActualDeliveryDate),
		})
	}
	return out
}

func returnOrder(r somclient.ReturnOrder) ReturnOrder {
	out := ReturnOrder{ID: r.ID, Number: r.ReturnOrderNumber, Status: r.Status, Items: []ReturnItem{}}
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
