package confirm

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
)

// kindCodes is the due work that has the old order use its codes again.
const kindCodes = "confirm.takeCodes"

// freeCodes lets the new order use the codes that the old one has used up, where they work only once: commerce frees them
// when it cancels the old order, which happens now instead of after the new one is placed. It says whether it did. In
// order management the old order stays what it is, and nothing but the codes depends on its status in commerce.
func (j *job) freeCodes(codes []string) (bool, error) {
	if j.old.Status == b2cclient.StatusCancelled || !slices.ContainsFunc(codes, func(code string) bool { return slices.Contains(j.old.Coupons, code) }) {
		return false, nil
	}
	out, err := command.Call(j.run, "b2c.freeCodes", func(ctx context.Context) (nothing, error) {
		return nothing{}, j.Commerce.SetStatus(ctx, j.shop, j.row.OrderNo, b2cclient.StatusCancelled)
	})
	switch {
	case err != nil || out.Failure == nil:
		return err == nil, err
	case out.Class() == remote.Ambiguous:
		return false, j.takeCodesBack(refuseFor(out.Failure, orderops.OrderNotFound))
	case out.Failure.Class.Passing():
		return false, refuseFor(out.Failure, orderops.OrderNotFound)
	default:
		return false, nil // commerce leaves the code to the old order: the shopper pays without it, or takes it out
	}
}

// takeCodesBack has the old order use its codes again, since there is no new order, and returns the reason.
func (j *job) takeCodesBack(reason error) error {
	refusal, ok := orderops.AsRefusal(reason)
	if !ok {
		return reason
	}
	t := task{OrderNo: j.row.OrderNo, Before: j.old.Status, Waits: slices.ContainsFunc(refusal.Effects, func(e orderops.Effect) bool {
		return e.Action == actionReopen && e.State == orderops.EffectPending
	})}
	effect, err := j.takeCodes(j.run, j.shop, t)
	if err != nil {
		return err
	}
	switch effect.State {
	case orderops.EffectPending:
		if err := j.owe(len(refusal.Effects), kindCodes, t, nil); err != nil {
			return err
		}
	case orderops.EffectFailed:
		raw, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("encode due work %s: %w", kindCodes, err)
		}
		item := j.workItem("b2c:restore_order:"+j.row.OrderNo, "commerce has the order cancelled and does not open it again: "+effect.Code)
		item.Retry = &command.Due{Effect: -1, Kind: kindCodes, Payload: raw}
		j.workItems = append(j.workItems, item)
	case orderops.EffectDone, orderops.EffectNotNeeded, orderops.EffectNotApplicable:
	}
	refusal.Effects = append(refusal.Effects, effect)
	return refusal
}

func (c *Confirms) takeCodes(run command.Run, shop b2cclient.Shop, t task) (orderops.Effect, error) {
	effect := orderops.Effect{System: b2cclient.System, Action: "restore_order", Reference: t.OrderNo}
	out, err := command.Call(run, "b2c.takeCodes", func(ctx context.Context) (nothing, error) {
		return nothing{}, c.Commerce.SetStatus(ctx, shop, t.OrderNo, t.Before)
	})
	effect.State, effect.Code = stateAfter(out.Failure)
	if t.Waits && effect.Code == b2cclient.CouponRefused {
		effect.State = orderops.EffectPending
	}
	return effect, err
}
