package settle

import (
	"context"
	"encoding/json"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
)

// mirrorTask is a status that commerce has to be told.
type mirrorTask struct {
	// Status is b2cclient.StatusCancelled when it is empty.
	Status string `json:"status,omitempty"`
}

// Mirror tells commerce the status that the order has now; empty when it keeps the one it had.
func (a *Aftermath) Mirror(had, has string) error {
	effect := orderops.Effect{System: b2cclient.System, Action: "mirror_status"}
	switch has {
	case "":
		effect.State = orderops.EffectNotApplicable
	case had:
		effect.State = orderops.EffectNotNeeded
	default:
		var err error
		if effect.State, effect.Code, err = a.mirrorNow(a.Run, a.Row, has); err != nil {
			return err
		}
	}
	return a.effect(effect, kindMirror, mirrorTask{has})
}

// BurnCoupon leaves it to a person to take a code out of use.
func (a *Aftermath) BurnCoupon(code string) error {
	effect := orderops.Effect{System: b2cclient.System, Action: "burn_coupon", State: orderops.EffectFailed, Reference: code, Code: codeByHand}
	return a.effect(effect, kindByHand, struct{}{})
}

// codeByHand is the code of an effect that nobody but a person can bring about.
const codeByHand = "by_hand"

// mirrorNow sets the status; when commerce does not allow the move it looks whether the status is there already.
func (s *Systems) mirrorNow(run command.Run, row command.Row, to string) (orderops.EffectState, string, error) {
	shop := b2cclient.Shop{Site: row.Site, Version: b2cclient.DefaultVersion}
	out, err := command.Call(run, "b2c.mirror", func(ctx context.Context) (nothing, error) {
		return nothing{}, s.Commerce.SetStatus(ctx, shop, row.OrderNo, to)
	})
	switch {
	case err != nil:
		return "", "", err
	case out.Class() != remote.Conflict:
		state, code := StateAfter(out.Failure)
		return state, code, nil
	case out.Failure.VendorCode == b2cclient.OrderIntegrationStatus: // order management's export brings it back
		return orderops.EffectNotApplicable, string(orderops.UseOMS), nil
	}
	status, err := command.Call(run, "b2c.status", func(ctx context.Context) (string, error) {
		return s.Commerce.Status(ctx, shop, row.OrderNo)
	})
	switch {
	case err != nil:
		return "", "", err
	case status.Value == to:
		return orderops.EffectDone, "", nil
	case status.Failure != nil && status.Failure.Class.Passing():
		return orderops.EffectPending, status.Failure.VendorCode, nil
	default:
		return orderops.EffectFailed, out.Failure.VendorCode, nil
	}
}

func (s *Systems) performMirror(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var task mirrorTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	if task.Status == "" {
		task.Status = b2cclient.StatusCancelled
	}
	state, code, err := s.mirrorNow(run, row, task.Status)
	return command.EffectResult{State: state, Code: code}, err
}
