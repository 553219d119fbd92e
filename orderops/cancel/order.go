package cancel

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/readback"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/together"
)

// order is what a cancel remembers of an order summary: ids, statuses and quantities. It is stored with the steps.
type order struct {
	Found        bool          `json:"found"`
	ID           string        `json:"id"`
	Lines        []line        `json:"lines"`
	Fulfillments []fulfillment `json:"fulfillments"`
	// Payments are in SOM's order.
	Payments []settle.Payment  `json:"payments"`
	Changes  []readback.Change `json:"changes"`
	// Grand is what the order is worth now, taxes and charges included.
	Grand decimal.Decimal `json:"grand"`
	// Elsewhere is what was paid without the payment provider, such as by gift certificate, and not given back.
	Elsewhere decimal.Decimal `json:"elsewhere"`
	// Held is what the payments at the provider hold, as order management knows it.
	Held decimal.Decimal `json:"held"`
}

type line struct {
	ID          string `json:"id"`
	ProductCode string `json:"product_code"`
	SKU         string `json:"sku"`
	Product     bool   `json:"product"`
	Fee         bool   `json:"fee,omitempty"` // what was charged for an earlier change: a cancel does not give it back
	Group       string `json:"group"`
	// Main is the line that this one belongs to; empty for most. Bonus says that it was given for that one.
	Main  string `json:"main,omitempty"`
	Bonus bool   `json:"bonus,omitempty"`
	// Slots is the type of slots that the line's delivery group takes; empty when its delivery method is not known.
	Slots     string          `json:"slots,omitempty"`
	Quantity  decimal.Decimal `json:"quantity"`
	Ordered   decimal.Decimal `json:"ordered"`
	Canceled  decimal.Decimal `json:"canceled"`
	Fulfilled decimal.Decimal `json:"fulfilled"`
	Available decimal.Decimal `json:"available"` // to cancel: neither allocated nor cancelled
	Total     decimal.Decimal `json:"total"`     // with tax, of the present quantity
}

// sku is the line's product as inventory names it.
func (l line) sku() string {
	if l.SKU != "" {
		return l.SKU
	}
	return l.ProductCode
}

// open is the number of units that are neither cancelled nor fulfilled.
func (l line) open() decimal.Decimal { return l.Ordered.Sub(l.Canceled).Sub(l.Fulfilled) }

type fulfillment struct {
	ID       string `json:"id"`
	Location string `json:"location"`
	// Place is the location as inventory names it.
	Place string            `json:"place,omitempty"`
	Type  string            `json:"type"`
	Open  bool              `json:"open"` // told to a location and not closed
	Lines []fulfillmentLine `json:"lines"`
}

type fulfillmentLine struct {
	ID       string          `json:"id"`
	LineID   string          `json:"line_id"`
	Quantity decimal.Decimal `json:"quantity"`
}

// project keeps of an order summary what a cancel needs.
func (c *Cancels) project(page somclient.Page, orderNo string) order {
	summary, found := page.Find(orderNo)
	if !found {
		return order{}
	}
	o := order{Found: true, ID: summary.ID, Grand: summary.GrandTotalAmount}
	for _, item := range summary.Items.Records {
		o.Lines = append(o.Lines, line{
			ID: item.ID, ProductCode: item.ProductCode, SKU: item.StockKeepingUnit, Product: item.TypeCode == somclient.TypeCodeProduct, Fee: item.Type == somclient.TypeFee,
			Group: item.OrderDeliveryGroupSummaryID, Slots: c.Policy.slotType(page.DeliveryMethods[item.OrderDeliveryGroupSummaryID]), Quantity: item.Quantity, Ordered: item.QuantityOrdered,
			Canceled: item.QuantityCanceled, Fulfilled: item.QuantityFulfilled, Available: item.QuantityAvailableToCancel,
			Total: item.TotalAmtWithTax, Main: item.MainOrderItemSummaryID, Bonus: together.IsBonus(item),
		})
	}
	for _, f := range summary.FulfillmentOrders.Records {
		o.Fulfillments = append(o.Fulfillments, projectFulfillment(f))
	}
	paid := settle.PaidBy(summary)
	o.Payments, o.Elsewhere, o.Held = paid.Payments, paid.Elsewhere, paid.Held
	for _, c := range summary.Changes.Records {
		o.Changes = append(o.Changes, readback.Change{
			ID: c.ID, LineID: c.OrderItemSummaryID, Reason: c.Reason, By: c.CreatedByID, Quantity: c.ChangeOrderItem.Quantity.Abs(), OrderID: c.ChangeOrderItem.OrderID,
		})
	}
	return o
}

func projectFulfillment(f somclient.FulfillmentOrder) fulfillment {
	out := fulfillment{
		ID: f.ID, Location: f.FulfilledFromLocationID, Type: f.Type,
		Open: f.StatusCategory == somclient.CategoryActivated || f.StatusCategory == somclient.CategoryFulfilling,
	}
	if f.FulfilledFromLocation != nil {
		out.Place = f.FulfilledFromLocation.ExternalReference
	}
	for _, l := range f.Lines.Records {
		out.Lines = append(out.Lines, fulfillmentLine{l.ID, l.OrderItemSummaryID, l.Quantity})
	}
	return out
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
