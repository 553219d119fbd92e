package modify

import (
	"context"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
)

// dearer is a line of the follow-up basket that costs more than in the order.
type dearer struct {
	ItemID string          `json:"item_id"`
	By     decimal.Decimal `json:"by"`
}

// keptReason is the reason code of a price adjustment that keeps the price of the order.
const keptReason = "keep_original_price"

// keepPrices takes off what lines have become dearer by, where the site keeps the prices of the order. What has become
// cheaper stays cheaper.
func (j *job) keepPrices() error {
	if j.Policy.Prices.Of(j.row.Site) != orderops.KeepOriginalPrice || len(j.made.Dearer) == 0 {
		return nil
	}
	for _, d := range j.made.Dearer {
		out, err := command.Call(j.run, "b2c.keepPrice/"+d.ItemID, func(ctx context.Context) (nothing, error) {
			_, err := j.reduce(ctx, j.made.BasketID, d)
			return nothing{}, err
		})
		switch {
		case err != nil:
			return err
		case out.Failure != nil && out.Failure.VendorCode != b2cclient.InvalidPromotion: // that one was made before
			return j.undo(refuseFor(out.Failure))
		}
	}
	out, err := command.Call(j.run, "b2c.priced", func(ctx context.Context) (made, error) {
		b, err := j.Commerce.Basket(ctx, j.shop, j.made.BasketID)
		if err != nil {
			return made{}, err
		}
		plan, err := j.compose(ctx)
		return plan.made(b), err
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return j.undo(refuseFor(out.Failure))
	}
	j.made = out.Value
	return nil
}

func (j *job) reduce(ctx context.Context, basketID string, d dearer) (b2cclient.Basket, error) {
	return j.Commerce.Reduce(ctx, j.shop, basketID, b2cclient.Reduction{
		ID: "keep-" + strings.ReplaceAll(j.row.ID, "/", "-") + "-" + d.ItemID, ItemID: d.ItemID, Amount: d.By, Reason: keptReason, Text: "Price of order " + j.row.OrderNo,
	})
}

// expected refuses when the caller was told another total than that of the basket.
func (j *job) expected() error {
	want := j.in.Request.ExpectedTotal
	if want == nil || j.unpriced || want.Equal(j.made.After) {
		return nil
	}
	actual := orderops.NewAmount(j.made.After)
	refusal := orderops.Refuse(orderops.PriceChanged, "expected a total of %s, it is %s", want, actual)
	refusal.Extra.ExpectedTotal, refusal.Extra.ActualTotal = want, &actual
	return j.undo(refusal)
}

// price has commerce price what would go into the basket, in a temporary one that is thrown away: nothing else can tell. What
// only the order has to give, commerce does not price.
func (j *job) price() error {
	out, err := command.Call(j.run, "b2c.price", j.priceNow)
	switch {
	case err != nil:
		return err
	case out.Failure != nil && out.Failure.VendorCode == b2cclient.ItemNotAvailable && len(j.own) > 0:
		j.made.After, j.unpriced = j.made.Before, true
		return nil
	case out.Failure != nil:
		return refuseFor(out.Failure)
	}
	j.made = out.Value
	return nil
}

func (j *job) priceNow(ctx context.Context) (made, error) {
	plan, err := j.compose(ctx)
	if err != nil {
		return made{}, err
	}
	b, err := j.temporary(ctx, plan)
	if err != nil {
		return made{}, err
	}
	defer j.thrownAway(ctx, b.BasketID)
	priced := plan.made(b)
	if j.Policy.Prices.Of(j.row.Site) != orderops.KeepOriginalPrice {
		return priced, nil
	}
	for _, d := range priced.Dearer {
		if b, err = j.reduce(ctx, b.BasketID, d); err != nil {
			return made{}, err
		}
	}
	return plan.made(b), nil
}

// temporary makes a basket that follows nothing up.
func (j *job) temporary(ctx context.Context, f followUp) (b2cclient.Basket, error) {
	f.basket.Temporary = true
	for _, link := range []string{b2cclient.ModifiesAttribute, b2cclient.ModificationAttribute} {
		delete(f.basket.Custom, link)
	}
	return j.Commerce.CreateBasket(ctx, j.shop, f.basket)
}

// thrownAway deletes a temporary basket.
func (j *job) thrownAway(ctx context.Context, basketID string) {
	_ = j.Commerce.DeleteBasket(ctx, j.shop, basketID) // it lapses all the same
}
