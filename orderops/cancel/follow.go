package cancel

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// The kinds of due work after the point of no return.
const (
	kindSettleMoney  = "worldline.settle"
	kindVoid         = "worldline.void"
	kindRefund       = "worldline.refund"
	kindRecord       = "som.record"
	kindFindStock    = "oci.read"
	kindReleaseStock = "oci.release"
	kindRelease      = "slots.release"
	kindFindPoints   = "loyalty.read"
	kindPoints       = "loyalty.adjust"
	kindForgive      = "loyalty.forgive"
	kindKeep         = "som.keep"
	kindMirror       = "b2c.mirror"
	kindTrack        = "tracking.refund"
)

// The codes of effects that need no call, or found nothing to do.
const (
	codeNotConfigured   = "not_configured"
	codeNothingReserved = "nothing_reserved"
	codeNoPoints        = "no_points"
	codeNoProvider      = "no_provider"
)

// follow brings about everything that follows from the submit. Nothing in here can undo the cancel.
func (j *job) follow() error {
	for _, effects := range []func() error{j.payBack, j.releaseStock, j.releaseSlots, j.settlePoints, j.mirror, j.track} {
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
		raw, err := json.Marshal(payload)
		if err != nil {
			return fmt.Errorf("encode due work %s: %w", kind, err)
		}
		item := j.workItem(e.System+":"+e.Action+":"+e.Reference, "the effect failed: "+e.Code)
		item.Amount, item.Currency = e.Amount, e.Currency
		item.Retry = &command.Due{Effect: index, Kind: kind, Payload: raw}
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
	case failure.Class.Passing(), failure.VendorCode == somclient.LockedRow:
		return orderops.EffectPending, failure.VendorCode
	default:
		return orderops.EffectFailed, failure.VendorCode
	}
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
