package cancel

import (
	"context"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// The kinds of due work after the point of no return.
const (
	kindSettleMoney = "worldline.settle"
	kindVoid        = "worldline.void"
	kindRefund      = "worldline.refund"
	kindRelease     = "slots.release"
	kindMirror      = "b2c.mirror"
)

// follow brings about everything that follows from the submit. Nothing in here can undo the cancel.
func (j *job) follow() error {
	for _, effects := range []func() error{j.payBack, j.releaseSlots, j.mirror} {
		if err := effects(); err != nil {
			return err
		}
	}
	return nil
}

// effect records an effect, and owes it when it is pending.
func (j *job) effect(e orderops.Effect, kind string, payload any) error {
	index := len(j.cancellation.Effects)
	j.cancellation.Effects = append(j.cancellation.Effects, e)
	switch e.State {
	case orderops.EffectPending:
		return j.owe(index, kind, payload)
	case orderops.EffectFailed:
		item := j.workItem(e.System+":"+e.Action+":"+e.Reference, "the effect failed: "+e.Code)
		item.Amount, item.Currency = e.Amount, e.Currency
		j.workItems = append(j.workItems, item)
	case orderops.EffectDone, orderops.EffectNotApplicable, orderops.EffectNotNeeded:
	}
	return nil
}

// stateAfter is the state of an effect after an attempt: a passing failure leaves it pending, another one fails it.
func stateAfter(failure *remote.Error) (orderops.EffectState, string) {
	switch {
	case failure == nil:
		return orderops.EffectDone, ""
	case failure.Class.Passing():
		return orderops.EffectPending, failure.VendorCode
	default:
		return orderops.EffectFailed, failure.VendorCode
	}
}

// releaseTask is the due work of one booking, or of all bookings of an order when they could not be listed.
type releaseTask struct {
	BookingID string `json:"booking_id,omitempty"`
}

// releaseSlots gives the slot back when nothing of the order is left to deliver.
func (j *job) releaseSlots() error {
	effect := orderops.Effect{System: slotsclient.System, Action: "release"}
	switch {
	case !j.plan.Whole:
		effect.State = orderops.EffectNotApplicable
		return j.effect(effect, kindRelease, releaseTask{})
	case !j.slots.Known:
		effect.State = orderops.EffectPending
		return j.effect(effect, kindRelease, releaseTask{})
	}
	found := false
	for _, b := range j.slots.Bookings {
		if !b.Booked {
			continue
		}
		found = true
		if err := j.releaseOne(b); err != nil {
			return err
		}
	}
	if !found {
		effect.State = orderops.EffectNotApplicable
		return j.effect(effect, kindRelease, releaseTask{})
	}
	return nil
}

func (j *job) releaseOne(b booking) error {
	effect := orderops.Effect{System: slotsclient.System, Action: "release", Reference: b.ID}
	if b.End.Before(j.now) { // no capacity to give back
		effect.State = orderops.EffectNotApplicable
		return j.effect(effect, kindRelease, releaseTask{})
	}
	out, err := command.Call(j.run, "slots.release/"+b.ID, func(ctx context.Context) (nothing, error) {
		return nothing{}, j.Slots.Release(ctx, b.ID)
	})
	if err != nil {
		return err
	}
	effect.State, effect.Code = releaseState(out.Failure)
	return j.effect(effect, kindRelease, releaseTask{BookingID: b.ID})
}

// releaseState is the state of a release after an attempt; a booking that is not there any more takes no capacity.
func releaseState(failure *remote.Error) (orderops.EffectState, string) {
	if failure != nil && failure.Class == remote.NotFound {
		return orderops.EffectNotApplicable, failure.VendorCode
	}
	return stateAfter(failure)
}

// mirror tells commerce that the order is cancelled, when nothing of it is left.
func (j *job) mirror() error {
	effect := orderops.Effect{System: b2cclient.System, Action: "mirror_status"}
	switch {
	case !j.plan.Whole:
		effect.State = orderops.EffectNotApplicable
	case j.in.CommerceStatus == b2cclient.StatusCancelled:
		effect.State = orderops.EffectNotNeeded
	default:
		var err error
		if effect.State, effect.Code, err = j.mirrorNow(j.run, j.row); err != nil {
			return err
		}
	}
	return j.effect(effect, kindMirror, nothing{})
}

// mirrorNow sets the status; when commerce does not allow the move it looks whether the status is there already.
func (c *Cancels) mirrorNow(run command.Run, row command.Row) (orderops.EffectState, string, error) {
	shop := b2cclient.Shop{Site: row.Site, Version: b2cclient.DefaultVersion}
	out, err := command.Call(run, "b2c.mirror", func(ctx context.Context) (nothing, error) {
		return nothing{}, c.Commerce.SetStatus(ctx, shop, row.OrderNo, b2cclient.StatusCancelled)
	})
	switch {
	case err != nil:
		return "", "", err
	case out.Class() != remote.Conflict:
		state, code := stateAfter(out.Failure)
		return state, code, nil
	case out.Failure.VendorCode == b2cclient.OrderIntegrationStatus: // order management's export brings it back
		return orderops.EffectNotApplicable, string(orderops.UseOMS), nil
	}
	status, err := command.Call(run, "b2c.status", func(ctx context.Context) (string, error) {
		return c.Commerce.Status(ctx, shop, row.OrderNo)
	})
	switch {
	case err != nil:
		return "", "", err
	case status.Value == b2cclient.StatusCancelled:
		return orderops.EffectDone, "", nil
	case status.Failure != nil && status.Failure.Class.Passing():
		return orderops.EffectPending, status.Failure.VendorCode, nil
	default:
		return orderops.EffectFailed, out.Failure.VendorCode, nil
	}
}
