package features

import (
	"github.com/shopspring/decimal"
)

// orderSummary is an order as order management has it.
type orderSummary struct {
	ID          string `json:"Id"`
	OrderNumber string
	Status      string
	// Grand is what the order is worth now, with taxes.
	Grand        decimal.Decimal      `json:"GrandTotalAmount"`
	Lines        rows[summaryLine]    `json:"OrderItemSummaries"`
	Payments     rows[paymentSummary] `json:"OrderPaymentSummaries"`
	Fulfillments rows[fulfillment]    `json:"FulfillmentOrders"`
	Changes      rows[summaryChange]  `json:"OrderSummaries"` // the vendor's odd relationship name
}

type summaryLine struct {
	ID              string `json:"Id"`
	ProductCode     string
	TypeCode        string
	Status          string
	DeliveryID      string          `json:"OrderDeliveryGroupSummaryId"`
	Ordered         decimal.Decimal `json:"QuantityOrdered"`
	Canceled        decimal.Decimal `json:"QuantityCanceled"`
	Allocated       decimal.Decimal `json:"QuantityAllocated"`
	Fulfilled       decimal.Decimal `json:"QuantityFulfilled"`
	ReturnInitiated decimal.Decimal `json:"QuantityReturnInitiated"`
	Returned        decimal.Decimal `json:"QuantityReturned"`
	Free            decimal.Decimal `json:"QuantityAvailableToCancel"`
	Net             decimal.Decimal `json:"QuantityNetOrdered"`
	Total           decimal.Decimal `json:"TotalAmtWithTax"`
}

type paymentSummary struct {
	ID             string            `json:"Id"`
	Authorizations rows[transaction] `json:"PaymentAuthorizations"`
	Captures       rows[transaction] `json:"Payments"`
}

// transaction names a payment at the payment provider.
type transaction struct {
	ID        string `json:"Id"`
	Reference string `json:"GatewayRefNumber"`
}

type fulfillment struct {
	ID       string `json:"Id"`
	Status   string
	Category string                `json:"StatusCategory"`
	Location location              `json:"FulfilledFromLocation"`
	Lines    rows[fulfillmentLine] `json:"FulfillmentOrderLineItems"`
}

// location is a warehouse or a store; inventory and order management share its reference.
type location struct {
	ID        string `json:"Id"`
	Reference string `json:"ExternalReference"`
}

type fulfillmentLine struct {
	LineID   string `json:"OrderItemSummaryId"`
	Quantity decimal.Decimal
}

// summaryChange is the record of one change of one line.
type summaryChange struct {
	ID         string `json:"Id"`
	LineID     string `json:"OrderItemSummaryId"`
	ChangeType string
	Reason     string
	Item       struct{ Quantity decimal.Decimal } `json:"ChangeOrderItem"`
}

// summaryQuery reads orders with everything below them.
const summaryQuery = `SELECT Id, OrderNumber, Status, GrandTotalAmount,
	(SELECT Id, ProductCode, TypeCode, Status, OrderDeliveryGroupSummaryId, QuantityOrdered, QuantityCanceled, QuantityAllocated,
		QuantityFulfilled, QuantityReturnInitiated, QuantityReturned, QuantityAvailableToCancel, QuantityNetOrdered, TotalAmtWithTax
		FROM OrderItemSummaries),
	(SELECT Id, (SELECT Id, GatewayRefNumber FROM PaymentAuthorizations), (SELECT Id, GatewayRefNumber FROM Payments) FROM OrderPaymentSummaries),
	(SELECT Id, Status, StatusCategory, FulfilledFromLocation.ExternalReference, (SELECT OrderItemSummaryId, Quantity FROM FulfillmentOrderLineItems) FROM FulfillmentOrders),
	(SELECT Id, OrderItemSummaryId, ChangeType, Reason, ChangeOrderItem.Quantity FROM OrderSummaries)
	FROM OrderSummary`

// products are the lines that a shopper bought; the others are charges.
func (s orderSummary) products() []summaryLine {
	var lines []summaryLine
	for _, l := range s.Lines.Records {
		if l.TypeCode == "Product" {
			lines = append(lines, l)
		}
	}
	return lines
}

// ordered is the number of units of each product line, by its id.
func (s orderSummary) ordered() map[string]decimal.Decimal {
	units := map[string]decimal.Decimal{}
	for _, l := range s.products() {
		units[l.ID] = l.Ordered
	}
	return units
}

// cancelled says that no unit is left.
func (s orderSummary) cancelled() bool {
	for _, l := range s.products() {
		if l.Canceled.LessThan(l.Ordered) {
			return false
		}
	}
	return true
}

// cancelRecords are the change records that cancelled units, by line, without those in before.
func (s orderSummary) cancelRecords(before orderSummary) map[string][]summaryChange {
	known := map[string]bool{}
	for _, c := range before.Changes.Records {
		known[c.ID] = true
	}
	records := map[string][]summaryChange{}
	for _, c := range s.Changes.Records {
		if c.ChangeType == "Cancel" && !known[c.ID] {
			records[c.LineID] = append(records[c.LineID], c)
		}
	}
	return records
}

// holds tells whether fulfillment orders of the category count as allocated; fulfilled units stay so.
func (f fulfillment) holds() bool {
	return f.Category == "ACTIVATED" || f.Category == "FULFILLING" || f.Category == "CLOSED"
}

// atWarehouse is the number of units of each line that locations hold or have shipped, by its id.
func (s orderSummary) atWarehouse() map[string]decimal.Decimal {
	units := map[string]decimal.Decimal{}
	for _, f := range s.Fulfillments.Records {
		for _, l := range f.Lines.Records {
			if f.holds() {
				units[l.LineID] = units[l.LineID].Add(l.Quantity)
			}
		}
	}
	return units
}

// goods is the number of units of a fulfillment order by product.
func (s orderSummary) goods(f fulfillment) map[string]decimal.Decimal {
	units := map[string]decimal.Decimal{}
	for _, fl := range f.Lines.Records {
		for _, l := range s.products() {
			if l.ID == fl.LineID {
				units[l.ProductCode] = units[l.ProductCode].Add(fl.Quantity)
			}
		}
	}
	return units
}

// references are the payments of the order at the payment provider.
func (s orderSummary) references() []string {
	var list []string
	seen := map[string]bool{"": true}
	for _, p := range s.Payments.Records {
		for _, t := range append(p.Authorizations.Records, p.Captures.Records...) {
			if id := paymentID(t.Reference); !seen[id] {
				seen[id] = true
				list = append(list, id)
			}
		}
	}
	return list
}
