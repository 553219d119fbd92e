package cancel

import (
	"context"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// Prices says what becomes of the price of goods that stay when others are cancelled with which they had earned a promotion.
type Prices string

// The policies for prices.
const (
	KeepPrice Prices = "keep_price" // they stay at the price that was paid
	Reprice   Prices = "reprice"    // what they lose of their discount is kept of what comes back
)

// Pricer has commerce price goods.
type Pricer interface {
	// Discounts says what promotions and codes take off products today: in the order as it was placed, and in what is left of
	// it. What commerce cannot sell today is a value, a commerce that cannot be asked an error.
	Discounts(ctx context.Context, q PriceQuestion) (Discounts, error)
}

// PriceQuestion asks for the discounts of an order with and without some units.
type PriceQuestion struct {
	Site, OrderNo string
	// Gone are the cancelled units by product, those that are about to be cancelled with them.
	Gone map[string]decimal.Decimal
}

// Discounts are the discounts of an order's products; Unpriced says why there are none, and is empty otherwise.
type Discounts struct {
	Products []ProductDiscount `json:"products,omitempty"`
	Unpriced string            `json:"unpriced,omitempty"`
}

// ProductDiscount is what the units of a product cost less than their price, with tax: Before in the order as it was placed,
// After in what is left of it.
type ProductDiscount struct {
	ProductID string          `json:"product_id"`
	Units     decimal.Decimal `json:"units"` // in the order as it was placed
	Left      decimal.Decimal `json:"left"`
	Before    decimal.Decimal `json:"before"`
	After     decimal.Decimal `json:"after"`
}

// reprice is what a cancel does about promotions that what stays loses by it. Its methods take a nil one for one that does
// nothing.
type reprice struct {
	Lost []lost `json:"lost,omitempty"`
	// Charged is the fee that is booked, on the product of that id, and Back the earlier fees that it replaces.
	Charged   decimal.Decimal `json:"charged"`
	ProductID string          `json:"product_id,omitempty"`
	Back      []feeBack       `json:"back,omitempty"`
	// Unpriced is why what stays could not be priced.
	Unpriced string `json:"unpriced,omitempty"`
}

// lost is what the units of a product that stay have lost of their discount.
type lost struct {
	ProductCode string          `json:"product_code"`
	Units       decimal.Decimal `json:"units"`
	Amount      decimal.Decimal `json:"amount"`
}

// feeBack is a fee of an earlier cancel, with tax.
type feeBack struct {
	LineID string          `json:"line_id"`
	Units  decimal.Decimal `json:"units"`
	Amount decimal.Decimal `json:"amount"`
}

// kept is the fee that is booked.
func (r *reprice) kept() decimal.Decimal {
	if r == nil {
		return decimal.Zero
	}
	return r.Charged
}

// givenBack are the fees that are taken back.
func (r *reprice) givenBack() decimal.Decimal {
	if r == nil {
		return decimal.Zero
	}
	return worthOf(r.Back)
}

// costs says that the shopper gets less than what is cancelled was worth.
func (r *reprice) costs() bool { return r.kept().GreaterThan(r.givenBack()) }

// with adds to the items of a change that earlier fees are taken back and another one is booked: all in one change, so that it
// happens with the cancel or not at all.
func (r *reprice) with(items []somclient.ChangeItem, reason string) []somclient.ChangeItem {
	if r == nil || len(items) == 0 {
		return items
	}
	if r.Charged.IsPositive() {
		items[0].Fees = []somclient.ChangeFee{{ProductID: r.ProductID, Amount: r.Charged, Description: "Lost promotion"}}
	}
	for _, fee := range r.Back {
		items = append(items, somclient.ChangeItem{OrderItemSummaryID: fee.LineID, Quantity: fee.Units, Reason: reason})
	}
	return items
}

// ask adds the fees that are taken back to the units that a change was asked for.
func (r *reprice) ask(units map[string]decimal.Decimal) {
	if r == nil {
		return
	}
	for _, fee := range r.Back {
		units[fee.LineID] = fee.Units
	}
}

// tell adds it to an answer whose refund is known.
func (r *reprice) tell(c *orderops.Cancellation) {
	if r == nil {
		return
	}
	if r.Unpriced != "" {
		c.Warnings = []orderops.Warning{{Code: orderops.WarnPriceKept, Text: "what stays keeps its price: " + r.Unpriced}}
		return
	}
	net := r.kept().Sub(r.givenBack())
	c.Repriced = &orderops.Repriced{
		Worth: orderops.NewAmount(c.Refund.Add(net)), Kept: orderops.NewAmount(decimal.Max(decimal.Zero, net)),
		GivenBack: orderops.NewAmount(decimal.Max(decimal.Zero, net.Neg())), Lines: []orderops.RepricedLine{},
	}
	for _, l := range r.Lost {
		c.Repriced.Lines = append(c.Repriced.Lines, orderops.RepricedLine{
			ProductCode: l.ProductCode, Quantity: orderops.NewAmount(l.Units), Lost: orderops.NewAmount(l.Amount),
		})
	}
}

// reprice decides what is kept since what stays loses promotions. Where nothing stays, what was kept before is given back,
// whatever the policy is by now.
func (j *job) reprice() error {
	booked := j.order.feesOn(j.Policy.PriceFee)
	if j.plan.Whole {
		if len(booked) > 0 {
			j.plan.Reprice = &reprice{Back: booked}
		}
		return nil
	}
	if !j.in.Reprice {
		return nil
	}
	out, err := command.Call(j.run, j.step("b2c.price"), func(ctx context.Context) (Discounts, error) {
		return j.Pricer.Discounts(ctx, PriceQuestion{j.row.Site, j.row.OrderNo, j.gone()})
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return notPriced(out.Failure)
	case out.Value.Unpriced != "":
		j.plan.Reprice = &reprice{Unpriced: out.Value.Unpriced}
		return nil
	}
	j.plan.Reprice = &reprice{Lost: j.lost(out.Value.Products)}
	return j.charge(booked)
}

// charge has what is new of what was lost booked as a fee. Where it has become less, the earlier fees make room for one of
// what is left.
func (j *job) charge(booked []feeBack) error {
	due, r := decimal.Zero, j.plan.Reprice
	for _, l := range r.Lost {
		due = due.Add(l.Amount)
	}
	due, before := decimal.Max(decimal.Zero, due), worthOf(booked)
	switch {
	case due.GreaterThanOrEqual(before):
		r.Charged = decimal.Min(due.Sub(before), j.affordable())
	default:
		r.Charged, r.Back = due, booked
	}
	if !r.Charged.IsPositive() {
		return nil
	}
	out, err := command.Call(j.run, j.step("som.feeProduct"), func(ctx context.Context) (somclient.FeeBasis, error) {
		return j.SOM.FeeBasis(ctx, j.row.OrderNo, j.row.OrderNo+"/"+j.Policy.PriceFee, j.Policy.PriceFee)
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return unread(out.Failure)
	case out.Value.ProductID == "":
		return orderops.Refuse(orderops.UpstreamError, "order management has no product %s to book on what is kept", j.Policy.PriceFee)
	}
	r.ProductID = out.Value.ProductID
	return nil
}

// affordable is what comes back at least: a share of a line may be a minor unit less than it is worked out to be.
func (j *job) affordable() decimal.Decimal {
	digits := orderops.CurrencyDigits(j.in.Currency)
	worth := estimate(j.order, j.plan, digits)
	for _, item := range j.plan.Items {
		if l, _ := j.order.line(item.LineID); !item.Quantity.Equal(l.Quantity) {
			worth = worth.Sub(decimal.New(1, -digits))
		}
	}
	return decimal.Max(decimal.Zero, worth)
}

// unexpected refuses to keep anything of what comes back that the caller was not told of.
func (j *job) unexpected() error {
	if j.asking || !j.plan.Reprice.costs() {
		return nil
	}
	actual := orderops.NewAmount(j.refund)
	refusal := orderops.Refuse(orderops.AmountChanged, "the refund would be %s, since what stays loses a promotion: send it as expected_refund to agree",
		actual.StringFixed(orderops.CurrencyDigits(j.in.Currency)))
	refusal.Extra.ActualRefund = &actual
	return refusal
}

// gone are the cancelled units by product, the planned ones with them. What belongs to another line goes with that.
func (j *job) gone() map[string]decimal.Decimal {
	gone := map[string]decimal.Decimal{}
	for _, l := range j.order.Lines {
		if l.priced() {
			gone[l.sku()] = gone[l.sku()].Add(l.Canceled).Add(j.plan.units(l.ID))
		}
	}
	return gone
}

// priced says that a line is goods that commerce prices by themselves.
func (l line) priced() bool { return l.Product && l.Main == "" && !l.Bonus }

// units are the planned units of a line.
func (p plan) units(lineID string) decimal.Decimal {
	sum := decimal.Zero
	for _, item := range p.Items {
		if item.LineID == lineID {
			sum = sum.Add(item.Quantity)
		}
	}
	return sum
}

// lost is what the units of each product that stay lose, cut to the minor unit in favour of the shopper. Units that were given
// back kept their price: they count for what is left, and lose nothing.
func (j *job) lost(products []ProductDiscount) []lost {
	var list []lost
	for _, p := range products {
		stays := decimal.Zero
		for _, l := range j.order.Lines {
			if l.priced() && l.sku() == p.ProductID {
				stays = stays.Add(l.Quantity).Sub(j.plan.units(l.ID))
			}
		}
		if !p.Left.IsPositive() || !p.Units.IsPositive() || !stays.IsPositive() {
			continue
		}
		amount := p.Before.Mul(p.Left).Div(p.Units).Sub(p.After).Mul(stays).Div(p.Left)
		if amount = amount.RoundFloor(orderops.CurrencyDigits(j.in.Currency)); !amount.IsZero() {
			list = append(list, lost{p.ProductID, stays, amount})
		}
	}
	return list
}

// feesOn are the fees on a product that stand.
func (o order) feesOn(product string) []feeBack {
	var fees []feeBack
	for _, l := range o.Lines {
		if l.Fee && l.ProductCode == product && l.Available.IsPositive() {
			fees = append(fees, feeBack{l.ID, l.Available, l.Total})
		}
	}
	return fees
}

func worthOf(fees []feeBack) decimal.Decimal {
	sum := decimal.Zero
	for _, fee := range fees {
		sum = sum.Add(fee.Amount)
	}
	return sum
}

// notPriced words a failure to have what stays priced, before anything was changed.
func notPriced(failure *remote.Error) *orderops.Refusal {
	code := orderops.UpstreamError
	switch {
	case failure.System == somclient.System:
		return unread(failure)
	case failure.Class == remote.Throttled:
		code = orderops.RateLimited
	case failure.Status == 0:
		code = orderops.UpstreamTimeout
	}
	refusal := orderops.RefuseFor(max(retrySoon, failure.RetryAfter), code, "%s could not price what stays; nothing was changed", failure.System)
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}
