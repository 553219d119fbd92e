package cancel

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/somclient"
)

// lostPromotion is the product that fees of the promotion are booked on.
const lostPromotion = "LOST-PROMOTION"

// promotion takes off some money of each unit as long as there are enough of them, and knows the fees in SOM of those that had
// it and have it no longer.
type promotion struct {
	from, off int64 // units, and major units of money a unit
	// unpriced is why commerce sells none of them.
	unpriced string
	fees     []promotionFee
}

type promotionFee struct {
	amount decimal.Decimal
	gone   bool
}

func feeID(n int) string { return fmt.Sprintf("10uF%d", n) }

// total is what the fees that stand come to.
func (p promotion) total() decimal.Decimal {
	sum := decimal.Zero
	for _, fee := range p.fees {
		if !fee.gone {
			sum = sum.Add(fee.amount)
		}
	}
	return sum
}

func (p promotion) addTo(o *somclient.OrderSummary) {
	o.GrandTotalAmount = o.GrandTotalAmount.Add(p.total())
	for n, fee := range p.fees {
		line := somclient.OrderItemSummary{
			ID: feeID(n), ProductCode: lostPromotion, TypeCode: "Charge", Type: somclient.TypeFee, OrderDeliveryGroupSummaryID: "0ag1",
			QuantityOrdered: decimal.NewFromInt(1), QuantityCanceled: decimal.NewFromInt(1),
		}
		if !fee.gone {
			line.Quantity, line.QuantityCanceled, line.QuantityAvailableToCancel = decimal.NewFromInt(1), decimal.Zero, decimal.NewFromInt(1)
			line.TotalAmtWithTax = fee.amount
		}
		o.Items.Records = append(o.Items.Records, line)
	}
}

// worth is what fees add to a change.
func (p promotion) worth(items []somclient.ChangeItem) decimal.Decimal {
	sum := decimal.Zero
	for _, i := range items {
		for _, fee := range i.Fees {
			sum = sum.Sub(fee.Amount)
		}
		for n, fee := range p.fees {
			if i.OrderItemSummaryID == feeID(n) && !fee.gone {
				sum = sum.Add(fee.amount)
			}
		}
	}
	return sum
}

func (p *promotion) book(w *world, items []somclient.ChangeItem) {
	note := func(line, reason, order string) {
		c := somclient.OrderItemSummaryChange{ID: fmt.Sprintf("1oc%d", len(w.canceledBy)+1), OrderItemSummaryID: line, Reason: reason, CreatedByID: me}
		c.ChangeOrderItem.Quantity, c.ChangeOrderItem.OrderID = decimal.NewFromInt(-1), order
		w.canceledBy = append(w.canceledBy, c)
	}
	for _, i := range items {
		for n := range p.fees {
			if i.OrderItemSummaryID == feeID(n) {
				p.fees[n].gone = true
				note(feeID(n), i.Reason, "801C")
			}
		}
	}
	for _, i := range items {
		for _, fee := range i.Fees {
			p.fees = append(p.fees, promotionFee{amount: fee.Amount})
			note(feeID(len(p.fees)-1), i.Reason, "801F")
		}
	}
}

// feeOrder is the change order of the fees among some items.
func feeOrder(items []somclient.ChangeItem) string {
	for _, i := range items {
		if len(i.Fees) > 0 {
			return "801F"
		}
	}
	return ""
}

// Discounts implements Pricer: commerce prices the three units that were ordered, and those that are left.
func (w *world) Discounts(_ context.Context, q PriceQuestion) (Discounts, error) {
	if err := w.call("b2c.price", nil); err != nil {
		return Discounts{}, err
	}
	p := w.promotion
	if p.unpriced != "" {
		return Discounts{Unpriced: p.unpriced}, nil
	}
	off := func(units decimal.Decimal) decimal.Decimal {
		if units.LessThan(decimal.NewFromInt(p.from)) {
			return decimal.Zero
		}
		return units.Mul(decimal.NewFromInt(p.off))
	}
	all := decimal.NewFromInt(w.ordered)
	left := all.Sub(q.Gone["SKU1"])
	return Discounts{Products: []ProductDiscount{{ProductID: "SKU1", Units: all, Left: left, Before: off(all), After: off(left)}}}, nil
}
