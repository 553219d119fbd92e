package cancel

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/somclient"
)

// order is what a cancel remembers of an order summary: ids, statuses and quantities. It is stored with the steps.
type order struct {
	Found        bool          `json:"found"`
	ID           string        `json:"id"`
	Lines        []line        `json:"lines"`
	Fulfillments []fulfillment `json:"fulfillments"`
	// Payments are the payment provider's ids of the payments, in SOM's order.
	Payments []string `json:"payments"`
	Changes  []change `json:"changes"`
	// Grand is what the order is worth now, taxes and charges included.
	Grand decimal.Decimal `json:"grand"`
}

type line struct {
	ID          string          `json:"id"`
	ProductCode string          `json:"product_code"`
	SKU         string          `json:"sku"`
	Product     bool            `json:"product"`
	Group       string          `json:"group"`
	Quantity    decimal.Decimal `json:"quantity"`
	Ordered     decimal.Decimal `json:"ordered"`
	Canceled    decimal.Decimal `json:"canceled"`
	Fulfilled   decimal.Decimal `json:"fulfilled"`
	Available   decimal.Decimal `json:"available"` // to cancel: neither allocated nor cancelled
	Total       decimal.Decimal `json:"total"`     // with tax, of the present quantity
}

// open is the number of units that are neither cancelled nor fulfilled.
func (l line) open() decimal.Decimal { return l.Ordered.Sub(l.Canceled).Sub(l.Fulfilled) }

type fulfillment struct {
	ID       string            `json:"id"`
	Location string            `json:"location"`
	Type     string            `json:"type"`
	Open     bool              `json:"open"` // told to a location and not closed
	Lines    []fulfillmentLine `json:"lines"`
}

type fulfillmentLine struct {
	ID       string          `json:"id"`
	LineID   string          `json:"line_id"`
	Quantity decimal.Decimal `json:"quantity"`
}

type change struct {
	ID       string          `json:"id"`
	LineID   string          `json:"line_id"`
	Reason   string          `json:"reason"`
	By       string          `json:"by"`
	Quantity decimal.Decimal `json:"quantity"` // positive, whatever sign the vendor writes
}

// project keeps of an order summary what a cancel needs.
func project(page somclient.Page, orderNo string) order {
	summary, found := page.Find(orderNo)
	if !found {
		return order{}
	}
	o := order{Found: true, ID: summary.ID, Grand: summary.GrandTotalAmount}
	for _, item := range summary.Items.Records {
		o.Lines = append(o.Lines, line{
			ID: item.ID, ProductCode: item.ProductCode, SKU: item.StockKeepingUnit, Product: item.TypeCode == somclient.TypeCodeProduct,
			Group: item.OrderDeliveryGroupSummaryID, Quantity: item.Quantity, Ordered: item.QuantityOrdered,
			Canceled: item.QuantityCanceled, Fulfilled: item.QuantityFulfilled, Available: item.QuantityAvailableToCancel,
			Total: item.TotalAmtWithTax,
		})
	}
	for _, f := range summary.FulfillmentOrders.Records {
		o.Fulfillments = append(o.Fulfillments, projectFulfillment(f))
	}
	for _, p := range summary.Payments.Records {
		o.Payments = appendReferences(o.Payments, p.Authorizations.Records, p.Payments.Records)
	}
	for _, c := range summary.Changes.Records {
		o.Changes = append(o.Changes, change{c.ID, c.OrderItemSummaryID, c.Reason, c.CreatedByID, c.ChangeOrderItem.Quantity.Abs()})
	}
	return o
}

func projectFulfillment(f somclient.FulfillmentOrder) fulfillment {
	out := fulfillment{
		ID: f.ID, Location: f.FulfilledFromLocationID, Type: f.Type,
		Open: f.StatusCategory == somclient.CategoryActivated || f.StatusCategory == somclient.CategoryFulfilling,
	}
	for _, l := range f.Lines.Records {
		out.Lines = append(out.Lines, fulfillmentLine{l.ID, l.OrderItemSummaryID, l.Quantity})
	}
	return out
}

// appendReferences adds the gateway references that are not in the list yet.
func appendReferences(list []string, groups ...[]somclient.Transaction) []string {
	for _, group := range groups {
		for _, t := range group {
			if t.GatewayRefNumber != "" && !contains(list, t.GatewayRefNumber) {
				list = append(list, t.GatewayRefNumber)
			}
		}
	}
	return list
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

// line finds a line by its id.
func (o order) line(id string) (line, bool) {
	for _, l := range o.Lines {
		if l.ID == id {
			return l, true
		}
	}
	return line{}, false
}

// allocatedAt is the number of units of a line that open fulfillment orders of a location hold.
func (o order) allocatedAt(location, lineID string) decimal.Decimal {
	sum := decimal.Zero
	for _, f := range o.Fulfillments {
		if !f.Open || f.Location != location {
			continue
		}
		for _, l := range f.Lines {
			if l.LineID == lineID {
				sum = sum.Add(l.Quantity)
			}
		}
	}
	return sum
}
