package modify

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
)

var _ cancel.Pricer = (*Modifies)(nil)

// taxationNet is the taxation of baskets and orders whose prices do not hold their tax.
const taxationNet = "net"

// Discounts implements cancel.Pricer. Both the order as it was placed and what is left of it are put into a temporary basket,
// so that a price that has changed since is none of the difference. Nobody is taken to have had a larger discount than the
// order says.
func (m *Modifies) Discounts(ctx context.Context, q cancel.PriceQuestion) (cancel.Discounts, error) {
	today := *m
	today.Policy.Prices = nil // the codes count
	j := &job{
		Modifies: &today, row: command.Row{Command: command.Command{Site: q.Site, OrderNo: q.OrderNo}},
		shop: b2cclient.Shop{Site: q.Site, Version: b2cclient.DefaultVersion},
	}
	placed, err := j.compose(ctx)
	if err != nil {
		return unpriced(err)
	}
	if len(placed.unavailable) > 0 {
		return cancel.Discounts{Unpriced: "product " + placed.unavailable[0].ProductID + " cannot be bought today: " + placed.unavailable[0].Reason}, nil
	}
	before, err := j.discounted(ctx, placed)
	if err != nil {
		return unpriced(err)
	}
	left := placed.without(q.Gone)
	after := map[string]discount{}
	if len(left.basket.Items) > 0 {
		if after, err = j.discounted(ctx, left); err != nil {
			return unpriced(err)
		}
	}
	return compared(placed, left, before, after), nil
}

// unpriced tells what commerce refuses to sell from a commerce that cannot be asked.
func unpriced(err error) (cancel.Discounts, error) {
	failure, ok := remote.AsError(err)
	if !ok || failure.Class.Passing() {
		return cancel.Discounts{}, err
	}
	return cancel.Discounts{Unpriced: failure.System + " refused: " + failure.VendorCode}, nil
}

// without is a follow-up without some units of products.
func (f followUp) without(gone map[string]decimal.Decimal) followUp {
	left := map[string]decimal.Decimal{}
	for product, units := range gone {
		left[product] = units
	}
	f.basket.Items = slices.Clone(f.basket.Items)
	for i := range f.basket.Items {
		item := &f.basket.Items[i]
		less := decimal.Min(item.Quantity, left[item.ProductID])
		item.Quantity, left[item.ProductID] = item.Quantity.Sub(less), left[item.ProductID].Sub(less)
	}
	f.basket.Items = slices.DeleteFunc(f.basket.Items, func(i b2cclient.NewItem) bool { return i.Quantity.IsZero() })
	return f
}

// discount is what the units of a product cost less than their price, with tax.
type discount struct{ units, off decimal.Decimal }

// add counts a line. Full and price are without their tax where the taxation is net.
func (d discount) add(taxation string, units, full, price, rate decimal.Decimal) discount {
	off := full.Sub(price)
	if taxation == taxationNet {
		off = off.Add(off.Mul(rate))
	}
	return discount{d.units.Add(units), d.off.Add(off)}
}

// discounted has commerce price a follow-up in a temporary basket, and tells the discount of each product.
func (j *job) discounted(ctx context.Context, f followUp) (map[string]discount, error) {
	b, err := j.temporary(ctx, f)
	if err != nil {
		return nil, err
	}
	defer j.thrownAway(ctx, b.BasketID)
	products := map[string]discount{}
	for _, i := range b.ProductItems {
		if !i.Bonus {
			products[i.ProductID] = products[i.ProductID].add(b.Taxation, i.Quantity, i.Full, i.Price, i.TaxRate)
		}
	}
	return products, nil
}

// compared puts the discounts of two baskets together. A basket that does not hold what was put into it compares to nothing.
func compared(placed, left followUp, before, after map[string]discount) cancel.Discounts {
	var out cancel.Discounts
	paid, wanted, stays := map[string]discount{}, placed.units(), left.units()
	for _, i := range placed.order.ProductItems {
		if !i.Bonus {
			paid[i.ProductID] = paid[i.ProductID].add(placed.order.Taxation, i.Quantity, i.Full, i.Price, i.TaxRate)
		}
	}
	for _, i := range placed.basket.Items {
		id := i.ProductID
		if slices.ContainsFunc(out.Products, func(p cancel.ProductDiscount) bool { return p.ProductID == id }) {
			continue
		}
		if !before[id].units.Equal(wanted[id]) || !after[id].units.Equal(stays[id]) {
			return cancel.Discounts{Unpriced: "commerce put another quantity of " + id + " into a basket"}
		}
		out.Products = append(out.Products, cancel.ProductDiscount{
			ProductID: id, Units: wanted[id], Left: stays[id], Before: decimal.Min(before[id].off, paid[id].off), After: after[id].off,
		})
	}
	return out
}

// units are those of each product.
func (f followUp) units() map[string]decimal.Decimal {
	units := map[string]decimal.Decimal{}
	for _, i := range f.basket.Items {
		units[i.ProductID] = units[i.ProductID].Add(i.Quantity)
	}
	return units
}
