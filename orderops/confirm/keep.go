package confirm

import (
	"context"
	"slices"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/modify"
)

// keepUnits has commerce keep, for the basket that the shopper has again, what the old order gave up for it: to order the
// basket used its reservation up. It returns the reason why there is no new order. What does not come about now comes about
// with the next look at the basket, and it comes last, so that confirmations of builds without it go on from where they were.
func (j *job) keepUnits(reason error) error {
	refusal, ok := orderops.AsRefusal(reason)
	opened := ok && slices.ContainsFunc(refusal.Effects, func(e orderops.Effect) bool {
		return e.Action == actionReopen && e.State == orderops.EffectDone
	})
	if !opened || modify.ToKeep(j.edited.Answer, modify.Arrival{BasketID: j.next.BasketID}, j.now) == 0 {
		return reason
	}
	out, err := j.findArrived("b2c.reopened")
	if err != nil || out.Failure != nil {
		return joined(err, reason)
	}
	length := modify.ToKeep(j.edited.Answer, out.Value, j.now)
	if length == 0 {
		return reason
	}
	_, err = command.Call(j.run, "b2c.keepReopened", func(ctx context.Context) (nothing, error) {
		return nothing{}, j.Commerce.ReserveBasket(ctx, j.shop, out.Value.BasketID, length)
	})
	return joined(err, reason)
}
