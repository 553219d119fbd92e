package settle

import (
	"context"
	"encoding/json"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// actionCharge books in SOM what was kept of a refund: without it SOM would take the money for one that is still owed.
const actionCharge = "charge"

// codeNoFeeProduct says that SOM has no product to book a fee on, codeNoOrder that it has no such order.
const (
	codeNoFeeProduct = "no_fee_product"
	codeNoOrder      = "no_order"
)

// keepTask is money that was kept and is to be booked in SOM. The key names the fee.
type keepTask struct {
	Amount   int64  `json:"amount"` // minor units
	Currency string `json:"currency"`
	Key      string `json:"key"`
}

// kept is what the shopper paid for points that were spent, once they have been given again.
func (s pointsStep) kept() keepTask {
	return keepTask{Amount: s.Price, Currency: s.Currency, Key: s.Key}
}

func (t keepTask) effect() orderops.Effect {
	amount := orderops.FromMinorUnits(t.Amount, t.Currency)
	return orderops.Effect{System: somclient.System, Action: actionCharge, Amount: &amount, Currency: t.Currency}
}

// owed is the task as due work.
func (t keepTask) owed() ([]command.Owed, error) {
	raw, err := json.Marshal(t)
	effect := t.effect()
	effect.State = orderops.EffectPending
	return []command.Owed{{Effect: effect, Kind: kindKeep, Payload: raw}}, err
}

// keep books kept money in SOM as a fee.
func (a *Aftermath) keep(t keepTask) error {
	effect, err := a.keepNow(a.Run, a.Row, t)
	if err != nil {
		return err
	}
	return a.effect(effect, kindKeep, t)
}

// keepNow books a fee once: it looks first, and again after an answer that was lost.
func (s *Systems) keepNow(run command.Run, row command.Row, t keepTask) (orderops.Effect, error) {
	effect := t.effect()
	basis, err := s.feeBasis(run, row, t, "som.fee/")
	if done := decided(&effect, basis); err != nil || done {
		return effect, err
	}
	out, err := command.CallOnce(run, "som.charge/"+t.Key[:8], func(ctx context.Context) (string, error) {
		return s.SOM.ChargeFee(ctx, somclient.Fee{
			OrderSummaryID: basis.Value.OrderSummaryID, DeliveryGroupID: basis.Value.DeliveryGroupID, ProductID: basis.Value.ProductID,
			Amount: orderops.FromMinorUnits(t.Amount, t.Currency).Decimal, Reference: t.Key,
			Reason: s.Policy.FeeReason, Description: "Spent points",
		})
	})
	if err != nil {
		return effect, err
	}
	effect.State, effect.Code = StateAfter(out.Failure)
	if out.Failure == nil {
		effect.Reference = out.Value
	}
	if out.Class() != remote.Ambiguous {
		return effect, nil
	}
	if basis, err = s.feeBasis(run, row, t, "som.feeAfterAll/"); err == nil && basis.Value.ChangeOrderID != "" {
		decided(&effect, basis)
	}
	return effect, err // still ambiguous, it is looked for again before it is asked for again
}

func (s *Systems) feeBasis(run command.Run, row command.Row, t keepTask, step string) (command.Outcome[somclient.FeeBasis], error) {
	return command.Call(run, step+t.Key[:8], func(ctx context.Context) (somclient.FeeBasis, error) {
		return s.SOM.FeeBasis(ctx, row.OrderNo, t.Key, s.Policy.FeeProduct)
	})
}

// decided tells by a look whether the fee is booked, or cannot be booked.
func decided(effect *orderops.Effect, basis command.Outcome[somclient.FeeBasis]) bool {
	switch {
	case basis.Failure != nil:
		effect.State, effect.Code = StateAfter(basis.Failure)
	case basis.Value.ChangeOrderID != "":
		effect.State, effect.Code, effect.Reference = orderops.EffectDone, "", basis.Value.ChangeOrderID
	case basis.Value.OrderSummaryID == "":
		effect.State, effect.Code = orderops.EffectFailed, codeNoOrder
	case basis.Value.ProductID == "":
		effect.State, effect.Code = orderops.EffectFailed, codeNoFeeProduct
	default:
		return false
	}
	return true
}

// performKeep is one attempt at booking a fee that is owed.
func (s *Systems) performKeep(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var task keepTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	effect, err := s.keepNow(run, row, task)
	return command.EffectResult{State: effect.State, Code: effect.Code, Reference: effect.Reference}, err
}
