package returns

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/readback"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/together"
)

// order is what a return remembers of an order summary: ids, statuses, quantities and dates. It is stored with the steps.
type order struct {
	Found bool   `json:"found"`
	ID    string `json:"id"`
	Lines []line `json:"lines"`
	// Payments are in SOM's order.
	Payments []settle.Payment  `json:"payments"`
	Changes  []readback.Change `json:"changes"`
	// Returns are the ids of the return orders.
	Returns []string `json:"returns"`
	// Grand is what the order is worth now, taxes, charges and fees included; Fees are the fees in it.
	Grand decimal.Decimal `json:"grand"`
	Fees  decimal.Decimal `json:"fees"`
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
	Group       string `json:"group"`
	// Main is the line that this one belongs to; empty for most. Bonus says that it was given for that one, Worth is what a
	// unit of a bonus costs otherwise, with tax.
	Main  string          `json:"main,omitempty"`
	Bonus bool            `json:"bonus,omitempty"`
	Worth decimal.Decimal `json:"worth"`
	// Paid is what was paid for a unit that is left, with tax.
	Paid      decimal.Decimal `json:"paid"`
	Ordered   decimal.Decimal `json:"ordered"`
	Canceled  decimal.Decimal `json:"canceled"`
	Fulfilled decimal.Decimal `json:"fulfilled"`
	Initiated decimal.Decimal `json:"initiated"` // returned, or announced
	Returned  decimal.Decimal `json:"returned"`
	Available decimal.Decimal `json:"available"` // to return
	Window    verdict         `json:"window"`
}

// verdict is what was decided about a line for the request: whether it may be given back, and why not.
type verdict struct {
	Why    returnby.Why `json:"why"`
	By     *time.Time   `json:"by,omitempty"`
	Reason string       `json:"reason,omitempty"`
	Policy string       `json:"policy,omitempty"`
}

func verdictOf(d returnby.Decision) verdict {
	w := verdict{Why: d.Why, Reason: d.Reason, Policy: d.PolicyID}
	if !d.By.IsZero() {
		by := d.By
		w.By = &by
	}
	return w
}

// left is the number of units that the shopper keeps if nothing more comes back than was announced.
func (l line) left() decimal.Decimal { return l.Ordered.Sub(l.Canceled).Sub(l.Initiated) }

// project keeps of an order summary what a return needs.
func project(page somclient.Page, orderNo string) order {
	summary, found := page.Find(orderNo)
	if !found {
		return order{}
	}
	o := order{Found: true, ID: summary.ID, Grand: summary.GrandTotalAmount}
	for _, item := range summary.Items.Records {
		if item.Type == somclient.TypeFee {
			o.Fees = o.Fees.Add(item.TotalAmtWithTax)
		}
		o.Lines = append(o.Lines, line{
			ID: item.ID, ProductCode: item.ProductCode, SKU: item.StockKeepingUnit, Product: item.TypeCode == somclient.TypeCodeProduct,
			Group: item.OrderDeliveryGroupSummaryID, Ordered: item.QuantityOrdered, Canceled: item.QuantityCanceled,
			Fulfilled: item.QuantityFulfilled, Initiated: item.QuantityReturnInitiated, Returned: item.QuantityReturned,
			Available: item.QuantityAvailableToReturn, Main: item.MainOrderItemSummaryID, Bonus: together.IsBonus(item),
			Worth: together.Worth(item), Paid: paidForOne(item),
		})
	}
	paid := settle.PaidBy(summary)
	o.Payments, o.Elsewhere, o.Held = paid.Payments, paid.Elsewhere, paid.Held
	for _, r := range summary.ReturnOrders.Records {
		o.Returns = append(o.Returns, r.ID)
	}
	for _, c := range summary.Changes.Records {
		o.Changes = append(o.Changes, readback.Change{
			ID: c.ID, LineID: c.OrderItemSummaryID, Reason: c.Reason, By: c.CreatedByID, Quantity: c.ChangeOrderItem.Quantity.Abs(), OrderID: c.ChangeOrderItem.OrderID,
		})
	}
	return o
}

func paidForOne(item somclient.OrderItemSummary) decimal.Decimal {
	if !item.Quantity.IsPositive() {
		return decimal.Zero
	}
	return item.TotalAmtWithTax.Div(item.Quantity)
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

// kept says that units of the order stay with the shopper, or are still on their way to him or back.
func (o order) kept() bool {
	for _, l := range o.Lines {
		if l.Product && l.Ordered.Sub(l.Canceled).GreaterThan(l.Returned) {
			return true
		}
	}
	return false
}
