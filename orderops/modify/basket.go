package modify

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
)

// made is a follow-up basket, or why there is none. It is stored: ids, quantities and amounts.
type made struct {
	BasketID    string                     `json:"basket_id"`
	Before      decimal.Decimal            `json:"before"`
	After       decimal.Decimal            `json:"after"`
	Deltas      []orderops.PriceDelta      `json:"deltas"`
	Unavailable []orderops.UnavailableLine `json:"unavailable"`
	Coupons     []orderops.FollowUpCoupon  `json:"coupons"`
	// Dearer are lines that cost more than in the order, by their ids in the basket.
	Dearer []dearer `json:"dearer,omitempty"`
	// Rules are of lines that were asked for in a quantity that is not sold, Unknown lines that the order does not have.
	Rules   []orderops.QuantityRule `json:"rules,omitempty"`
	Unknown []string                `json:"unknown,omitempty"`
	// Short are units that only the order itself could give: no basket was made before it is known whether it does.
	Short []orderops.UnavailableLine `json:"short,omitempty"`
	// Empty says that nothing could be put into a basket.
	Empty bool `json:"empty,omitempty"`
}

// existing looks for a basket that the shopper has in the storefront. It is merged into the follow-up, or set aside, as the
// caller chooses.
func (j *job) existing() error {
	out, err := command.Call(j.run, "b2c.baskets", func(ctx context.Context) ([]b2cclient.Basket, error) {
		return j.Commerce.CustomerBaskets(ctx, j.shop, j.in.CustomerID)
	})
	if err != nil {
		return err
	}
	if out.Failure != nil {
		return refuseFor(out.Failure)
	}
	for _, b := range out.Value {
		if b.AgentBasket || b.TemporaryBasket {
			continue
		}
		switch j.in.Request.OnExistingBasket {
		case orderops.MergeBasket:
			j.aside, j.merged = b.BasketID, b
		case orderops.ReplaceBasket:
			j.aside = b.BasketID
		default:
			refusal := orderops.Refuse(orderops.BasketExists, "the shopper has the basket %s", b.BasketID)
			refusal.Extra.BasketIDs, refusal.Extra.Choices = []string{b.BasketID}, choices()
			return refusal
		}
	}
	return nil
}

// maxCreates bounds how often the basket is asked for whose making is not answered.
const maxCreates = 2

// create makes the follow-up basket. The storefront does not show it yet.
func (j *job) create() error {
	j.note(compensation{Kind: kindDelete, CustomerID: j.in.CustomerID, OperationID: j.row.ID})
	for n := 1; ; n++ {
		out, err := command.CallOnce(j.run, numbered("b2c.createBasket"+j.round(), n), j.createNow)
		if err != nil {
			return err
		}
		if out.Class() == remote.Ambiguous {
			if out, err = j.findMade(n); err != nil {
				return err
			}
			if out.Failure == nil && out.Value.BasketID == "" && n < maxCreates {
				continue // it was not made
			}
		}
		if out.Failure != nil {
			return j.undo(refuseFor(out.Failure))
		}
		j.made = out.Value
		return j.usable()
	}
}

// findMade looks for a basket whose making was not answered.
func (j *job) findMade(n int) (command.Outcome[made], error) {
	return command.Call(j.run, numbered("b2c.findBasket"+j.round(), n), func(ctx context.Context) (made, error) {
		baskets, err := j.Commerce.CustomerBaskets(ctx, j.shop, j.in.CustomerID)
		if err != nil {
			return made{}, err
		}
		for _, b := range baskets {
			if b.ModificationID == j.row.ID {
				plan, err := j.compose(ctx)
				return plan.made(b), err
			}
		}
		return made{}, nil
	})
}

// usable refuses a basket that holds nothing, or not what was asked for; then none was made.
func (j *job) usable() error {
	if len(j.made.Short) > 0 {
		j.undoing = nil // nothing was made
		return nil
	}
	if refusal := j.made.refusal(); refusal != nil {
		j.undoing = slices.DeleteFunc(j.undoing, func(c compensation) bool { return c.Kind == kindDelete }) // nothing was made
		if j.lost() {
			refusal = quicker()
		}
		return j.undo(refusal)
	}
	if j.made.BasketID == "" {
		return j.undo(orderops.RefuseFor(retrySoon, orderops.UpstreamError, "commerce did not say whether it made a basket; there is none"))
	}
	j.found(j.made.BasketID)
	return nil
}

// refusal says why no basket can be made; nil when one can.
func (m made) refusal() *orderops.Refusal {
	var refusal *orderops.Refusal
	switch {
	case len(m.Unknown) > 0:
		refusal = orderops.Refuse(orderops.UnknownItems, "the order has no such items")
		refusal.Extra.Items = m.Unknown
	case len(m.Rules) > 0:
		refusal = orderops.Refuse(orderops.QuantityInvalid, "a product is not sold in that quantity")
		refusal.Extra.Quantities = m.Rules
	case m.Empty:
		refusal = orderops.Refuse(orderops.NothingTransferable, "nothing of the order can be bought again")
		refusal.Extra.UnavailableLines = m.Unavailable
	}
	return refusal
}

// createNow reads the order, decides what of it can be bought today and makes the basket, in one step: addresses are never
// stored. What is sold may change in between, so a refused basket is put together once more.
func (j *job) createNow(ctx context.Context) (made, error) {
	for again := false; ; again = true {
		plan, err := j.compose(ctx)
		if err != nil {
			return made{}, err
		}
		if short := plan.short(); j.Stock != nil && !j.looked && len(short) > 0 {
			return made{Short: short}, nil
		}
		if !plan.possible() {
			return plan.made(b2cclient.Basket{}), nil
		}
		b, err := j.Commerce.CreateBasket(ctx, j.shop, plan.basket)
		if class := remote.ClassOf(err); (class == remote.Rejected || class == remote.NotFound) && !again {
			continue
		}
		return plan.made(b), err
	}
}

// followUp is what of an order goes into its follow-up basket. It holds addresses and is never stored.
type followUp struct {
	basket      b2cclient.NewBasket
	order       b2cclient.Order
	unavailable []orderops.UnavailableLine
	rules       []orderops.QuantityRule
	unknown     []string
}

func (f followUp) possible() bool {
	return len(f.basket.Items) > 0 && len(f.rules) == 0 && len(f.unknown) == 0
}

// made words the plan together with the basket that came of it.
func (f followUp) made(b b2cclient.Basket) made {
	out := made{
		BasketID: b.BasketID, Before: f.order.OrderTotal, After: b.OrderTotal, Unavailable: f.unavailable, Rules: f.rules, Unknown: f.unknown,
		Empty: len(f.basket.Items) == 0,
	}
	for _, c := range b.CouponItems {
		out.Coupons = append(out.Coupons, orderops.FollowUpCoupon{Code: c.Code, Valid: c.Valid, Status: c.StatusCode})
	}
	out.Deltas, out.Dearer = f.deltas(b)
	return out
}

// deltas compares the lines of the basket with those of the order that they come from. A line of which fewer units are
// left is compared by its unit price.
func (f followUp) deltas(b b2cclient.Basket) (deltas []orderops.PriceDelta, more []dearer) {
	left := slices.Clone(b.ProductItems)
	for _, item := range f.basket.Items {
		at := slices.IndexFunc(left, func(i b2cclient.BasketItem) bool {
			return !i.Bonus && i.ProductID == item.ProductID && i.Quantity.Equal(item.Quantity)
		})
		was := slices.IndexFunc(f.order.ProductItems, func(i b2cclient.ProductItem) bool { return i.ItemID == item.OrderItemID })
		if at < 0 || was < 0 {
			continue
		}
		now, before, id := left[at].Price, f.order.ProductItems[was], left[at].ItemID
		left = slices.Delete(left, at, at+1)
		share := before.Price.Mul(item.Quantity).Div(before.Quantity).Round(orderops.CurrencyDigits(b.Currency))
		if now.Equal(share) {
			continue
		}
		if now.GreaterThan(share) {
			more = append(more, dearer{id, now.Sub(share)})
		}
		deltas = append(deltas, orderops.PriceDelta{
			ItemID: item.OrderItemID, ProductID: item.ProductID, Quantity: orderops.NewAmount(item.Quantity),
			Before: orderops.NewAmount(share), After: orderops.NewAmount(now),
		})
	}
	return deltas, more
}

// compose reads the order and its products and decides what goes into the basket.
func (j *job) compose(ctx context.Context) (followUp, error) {
	doc, err := j.Commerce.OrderAsService(ctx, j.shop, j.row.OrderNo)
	if err != nil {
		return followUp{}, err
	}
	f := followUp{order: doc.Order}
	if f.basket, err = doc.Again(); err != nil {
		return followUp{}, err
	}
	if j.Policy.Prices.Of(j.row.Site) == orderops.KeepOriginalPrice {
		f.basket.Coupons = nil // what they took off is taken off by the prices that are kept
	}
	j.withoutCancelled(&f)
	if f.unknown = j.apply(&f); len(f.unknown) > 0 {
		return f, nil
	}
	var ids []string
	for _, item := range f.basket.Items {
		if !slices.Contains(ids, item.ProductID) {
			ids = append(ids, item.ProductID)
		}
	}
	products, err := j.Commerce.Products(ctx, j.shop, f.basket.Currency, ids)
	if err != nil {
		return followUp{}, err
	}
	if err := j.copyFields(ctx, &f); err != nil {
		return followUp{}, err
	}
	j.choose(&f, products)
	j.merge(&f)
	f.basket.Custom.Text(b2cclient.ModifiesAttribute, j.row.OrderNo)
	f.basket.Custom.Text(b2cclient.ModificationAttribute, j.row.ID)
	return f, nil
}

// withoutCancelled lowers what commerce has of the order by the units that order management has cancelled since: commerce
// goes on showing what was placed.
func (j *job) withoutCancelled(f *followUp) {
	gone := map[string]decimal.Decimal{}
	for _, l := range j.order.Lines {
		gone[l.SKU] = gone[l.SKU].Add(l.Canceled)
	}
	for i := range f.basket.Items {
		item := &f.basket.Items[i]
		less := decimal.Min(item.Quantity, gone[item.ProductID])
		item.Quantity, gone[item.ProductID] = item.Quantity.Sub(less), gone[item.ProductID].Sub(less)
	}
}

// apply changes the quantities that the caller asked for. It returns items that the order does not have.
func (j *job) apply(f *followUp) (unknown []string) {
	for _, asked := range j.in.Request.Items {
		at := slices.IndexFunc(f.basket.Items, func(i b2cclient.NewItem) bool { return i.OrderItemID == asked.ItemID })
		if at < 0 {
			unknown = append(unknown, asked.ItemID)
			continue
		}
		f.basket.Items[at].Quantity = asked.Quantity.Decimal
	}
	f.basket.Items = slices.DeleteFunc(f.basket.Items, func(i b2cclient.NewItem) bool { return i.Quantity.IsZero() })
	return unknown
}

// choose leaves out what cannot be bought today.
func (j *job) choose(f *followUp, products []b2cclient.Product) {
	taken := map[string]decimal.Decimal{}
	var chosen []b2cclient.NewItem
	for _, item := range f.basket.Items {
		at := slices.IndexFunc(products, func(p b2cclient.Product) bool { return p.ID == item.ProductID })
		wanted := item.Quantity
		reason := orderops.LineGone
		if at >= 0 {
			p := products[at]
			if j.asked(item.OrderItemID) && !soldIn(p, wanted) {
				f.rules = append(f.rules, ruleOf(item.OrderItemID, p))
			}
			item.Quantity, reason = available(p, item, taken[item.ProductID].Sub(j.ownOf(item.ProductID)))
		} else {
			item.Quantity = decimal.Zero
		}
		if item.Quantity.IsPositive() {
			taken[item.ProductID] = taken[item.ProductID].Add(item.Quantity)
			chosen = append(chosen, item)
		}
		if missing := wanted.Sub(item.Quantity); missing.IsPositive() {
			f.unavailable = append(f.unavailable, orderops.UnavailableLine{
				ItemID: item.OrderItemID, ProductID: item.ProductID, Quantity: orderops.NewAmount(missing), Reason: reason,
			})
		}
	}
	f.basket.Items = chosen
}

// asked says that the caller named the line.
func (j *job) asked(itemID string) bool {
	return slices.ContainsFunc(j.in.Request.Items, func(q orderops.LineQuantity) bool { return q.ItemID == itemID })
}

// available is how many of the wanted units can be bought today, others of the product being taken, and why not all can.
func available(p b2cclient.Product, item b2cclient.NewItem, taken decimal.Decimal) (decimal.Decimal, string) {
	switch {
	case p.Type.Master:
		return decimal.Zero, orderops.LineMaster
	case p.Price == nil:
		return decimal.Zero, orderops.LineNoPrice
	case !offersAll(p, item.Options):
		return decimal.Zero, orderops.LineOption
	case !soldIn(p, item.Quantity):
		return decimal.Zero, orderops.LineNotInSteps
	case p.Inventory == nil: // not kept count of
		return item.Quantity, ""
	}
	left := p.Inventory.Available.Sub(taken)
	if p.StepQuantity.IsPositive() {
		left = left.Sub(left.Mod(p.StepQuantity))
	}
	switch {
	case left.GreaterThanOrEqual(item.Quantity):
		return item.Quantity, ""
	case left.LessThan(decimal.Max(p.MinOrderQuantity, decimal.NewFromInt(1))):
		return decimal.Zero, orderops.LineNoStock
	default:
		return left, orderops.LineLittle
	}
}

// soldIn says that a product is sold in that quantity, stock aside.
func soldIn(p b2cclient.Product, quantity decimal.Decimal) bool {
	return quantity.IsPositive() && !quantity.LessThan(p.MinOrderQuantity) && (!p.StepQuantity.IsPositive() || quantity.Mod(p.StepQuantity).IsZero()) &&
		!quantity.GreaterThan(maxQuantity())
}

// maxQuantity is the most units of a line that commerce takes.
func maxQuantity() decimal.Decimal { return decimal.NewFromInt(999) }

func ruleOf(itemID string, p b2cclient.Product) orderops.QuantityRule {
	most := maxQuantity()
	if p.Inventory != nil {
		most = decimal.Min(most, p.Inventory.Available)
	}
	limit := orderops.NewAmount(most)
	return orderops.QuantityRule{ItemID: itemID, Min: orderops.NewAmount(p.MinOrderQuantity), Max: &limit, Step: orderops.NewAmount(p.StepQuantity)}
}

// offersAll says that everything that was chosen with a product can be chosen today.
func offersAll(p b2cclient.Product, chosen []b2cclient.Option) bool {
	for _, c := range chosen {
		offered := false
		for _, o := range p.Options {
			for _, v := range o.Values {
				offered = offered || o.ID == c.OptionID && v.ID == c.OptionValueID
			}
		}
		if !offered {
			return false
		}
	}
	return true
}

// merge adds what the shopper has in a basket already, where that was chosen.
func (j *job) merge(f *followUp) {
	if len(f.basket.Items) == 0 {
		return
	}
	for _, item := range j.merged.ProductItems {
		if !item.Bonus {
			f.basket.Items = append(f.basket.Items, b2cclient.NewItem{ProductID: item.ProductID, Quantity: item.Quantity, Options: item.Options})
		}
	}
	for _, c := range j.merged.CouponItems {
		if !slices.Contains(f.basket.Coupons, c.Code) {
			f.basket.Coupons = append(f.basket.Coupons, c.Code)
		}
	}
}
