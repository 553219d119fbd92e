package cancel

import (
	"context"
	"encoding/json"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/settle"
)

// follow brings about everything that follows from the submit. Nothing in here can undo the cancel.
func (j *job) follow() error {
	after := &settle.Aftermath{Systems: j.Systems, Run: command.Listen(j.run), Row: j.row, Now: j.now, Change: j.change()}
	mirrored := ""
	if j.plan.Whole {
		mirrored = b2cclient.StatusCancelled
	}
	for _, effects := range []func() error{
		after.PayBack,
		func() error { return after.ReleaseStock(cancelledUnits(j.order, j.plan)) },
		func() error { return after.ReleaseSlots(j.slots, j.plan.emptied(j.order)) },
		after.SettlePoints,
		func() error { return after.Mirror(j.in.CommerceStatus, mirrored) },
		func() error { return j.settleCoupons(after) },
		after.Track,
	} {
		if err := effects(); err != nil {
			return err
		}
	}
	j.cancellation.Effects, j.due, j.workItems = after.Effects, after.Due, after.WorkItems
	return nil
}

// change is what the cancel has taken off the order.
func (j *job) change() settle.Change {
	change := settle.Change{
		Currency: j.in.Currency, Refund: j.refund, Grand: j.order.Grand, Ordered: j.in.Ordered.Decimal, Elsewhere: j.order.Elsewhere, Held: j.order.Held,
		Payments: j.order.Payments, Whole: j.plan.Whole, SlotsTakenOver: j.in.KeepSlots, OrderSummaryID: j.order.ID,
	}
	if id := j.cancellation.ChangeOrderID; id != "" {
		change.ChangeOrders = []string{id}
	}
	change.Kept, change.GivenBack, change.Fees = j.plan.Reprice.kept(), j.plan.Reprice.givenBack(), worthOf(j.order.feesOn(j.Policy.PriceFee))
	if j.feeOrder != "" {
		change.FeeOrders = []string{j.feeOrder}
	}
	for _, item := range j.plan.Items {
		change.Items = append(change.Items, settle.Item{ProductCode: item.ProductCode, Quantity: item.Quantity})
	}
	return change
}

// Perform implements command.Handler: one attempt at an effect that is owed.
func (c *Cancels) Perform(ctx context.Context, row command.Row, due command.Due) command.EffectResult {
	if due.Kind != kindReallocate {
		return c.Systems.Perform(ctx, row, due)
	}
	result, err := c.performReallocate(settle.Direct{Ctx: ctx}, row, due.Payload)
	if err != nil { // a fault of our own: a person has to look
		return command.EffectResult{State: orderops.EffectFailed, Code: string(orderops.InternalError)}
	}
	return result
}

func (c *Cancels) performReallocate(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var t take
	if err := json.Unmarshal(payload, &t); err != nil {
		return command.EffectResult{}, err
	}
	out, err := c.putBack(run, row.OrderNo, t)
	if err != nil || out.Failure != nil {
		return settle.After(out.Failure), err
	}
	if out.Value == "" {
		return command.EffectResult{State: orderops.EffectNotNeeded}, nil
	}
	return command.EffectResult{State: orderops.EffectDone, Reference: out.Value}, nil
}
