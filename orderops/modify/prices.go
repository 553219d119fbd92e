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
			_, err := j.Commerce.Reduce(ctx, j.shop, j.made.BasketID, b2cclient.Reduction{
				ID: "keep-" + strings.ReplaceAll(j.row.ID, "/", "-") + "-" + d.ItemID, ItemID: d.ItemID, Amount: d.By, Reason: keptReason, Text: "Price of order " + j.row.OrderNo,
			})
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
