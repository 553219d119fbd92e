package cancel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// moneyStep is one movement of money that was decided: voiding or refunding an amount of one payment. Amounts are minor
// units. The key makes sure that it happens once.
type moneyStep struct {
	Kind      string `json:"kind"`
	PaymentID string `json:"payment_id"`
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
	Key       string `json:"key"`
	Final     bool   `json:"final,omitempty"`
	// Lapsed says that the authorisation has expired: the hold goes by itself.
	Lapsed bool `json:"lapsed,omitempty"`
	// Remaining is that of the task the step was decided by.
	Remaining int64 `json:"remaining,omitempty"`
	// Round counts how often the decision was made anew because a capture ran in parallel.
	Round int `json:"round"`
}

// settleTask is money that is owed, but not decided yet because a payment could not be read.
type settleTask struct {
	Payments []string `json:"payments"`
	Amount   int64    `json:"amount"` // what was cancelled is worth
	// Remaining is what the order is still worth: money that stays, or is still to be captured.
	Remaining int64 `json:"remaining"`
	Whole     bool  `json:"whole"`
	Round     int   `json:"round"`
}

// maxRounds bounds how often a capture may run in between.
const maxRounds = 5

// payBack voids and refunds what the cancelled units were worth.
func (j *job) payBack() error {
	task := settleTask{
		Payments: j.order.Payments, Amount: orderops.MinorUnits(j.refund, j.in.Currency), Whole: j.plan.Whole, Round: 1,
		Remaining: orderops.MinorUnits(decimal.Max(decimal.Zero, j.order.Grand.Sub(j.refund)), j.in.Currency),
	}
	if len(task.Payments) == 0 {
		return j.effect(orderops.Effect{System: worldlineclient.System, Action: "void", State: orderops.EffectNotApplicable, Code: "no_payment"}, "", nothing{})
	}
	steps, failure, err := j.decide(j.run, j.row, task)
	if err != nil {
		return err
	}
	if failure != nil {
		state, code := stateAfter(failure)
		effect := moneyEffect(moneyStep{Kind: kindSettleMoney, Amount: task.Amount, Currency: j.in.Currency})
		effect.State, effect.Code = state, code
		return j.effect(effect, kindSettleMoney, task)
	}
	for len(steps) > 0 {
		step := steps[0]
		effect, more, err := j.move(j.run, j.row, step)
		if err != nil {
			return err
		}
		if steps = append(steps[1:], more...); len(more) > 0 {
			continue // decided anew
		}
		if err := j.effect(effect, step.Kind, step); err != nil {
			return err
		}
	}
	return nil
}

// decide reads the payments and splits the amount over them: the uncaptured shares are voided, the rest is refunded out
// of what was captured.
func (c *Cancels) decide(run command.Run, row command.Row, task settleTask) ([]moneyStep, *remote.Error, error) {
	var payments []worldlineclient.Payment
	for _, id := range task.Payments {
		name := "worldline.read/" + id + roundSuffix(task.Round)
		out, err := command.Call(run, name, func(ctx context.Context) (worldlineclient.Payment, error) {
			return c.Payments.Payment(ctx, id)
		})
		if err != nil || out.Failure != nil {
			return nil, out.Failure, err
		}
		payments = append(payments, out.Value)
	}
	return split(row, payments, task), nil, nil
}

// split decides the movements. What stays captured or capturable must cover what the order is still worth, so only the
// share of this cancel that exceeds it moves: first out of what is open, then out of what was captured. An authorisation
// that lapsed needs no void, and what was never captured no refund.
func split(row command.Row, payments []worldlineclient.Payment, task settleTask) []moneyStep {
	var held, open int64
	for _, p := range payments {
		held += p.Refundable()
		open += p.Open()
	}
	toVoid := min(task.Amount, open-max(0, task.Remaining-held))
	if task.Whole {
		toVoid = open // nothing is left to capture for, whatever the rounding
	}
	toRefund := min(task.Amount-min(task.Amount, toVoid), held-task.Remaining)
	var steps []moneyStep
	for _, p := range payments {
		if amount := min(toVoid, p.Open()); amount > 0 {
			toVoid -= amount
			steps = append(steps, moneyStep{
				Kind: kindVoid, PaymentID: p.ID, Amount: amount, Currency: p.Currency, Final: task.Whole,
				Key: moneyKey(row, kindVoid, p.ID, task.Round), Lapsed: !p.Cancellable, Round: task.Round, Remaining: task.Remaining,
			})
		}
	}
	for _, p := range payments {
		if amount := min(toRefund, p.Refundable()); amount > 0 {
			toRefund -= amount
			steps = append(steps, moneyStep{
				Kind: kindRefund, PaymentID: p.ID, Amount: amount, Currency: p.Currency,
				Key: moneyKey(row, kindRefund, p.ID, task.Round), Round: task.Round,
			})
		}
	}
	if len(steps) == 0 && task.Amount > 0 && len(payments) > 0 {
		p := payments[0]
		steps = append(steps, moneyStep{Kind: kindVoid, PaymentID: p.ID, Amount: task.Amount, Currency: p.Currency, Lapsed: true, Round: task.Round})
	}
	return steps
}

// moneyKey is the idempotence key of a movement: at most 40 characters, the same for every attempt at it.
func moneyKey(row command.Row, kind, paymentID string, round int) string {
	sum := sha256.Sum256([]byte(row.WorkflowID() + "\n" + kind + "\n" + paymentID + "\n" + strconv.Itoa(round)))
	return hex.EncodeToString(sum[:20])
}

// move makes one movement. When a void is refused because a capture ran in parallel, it decides anew for this payment
// and returns the steps to take instead.
func (c *Cancels) move(run command.Run, row command.Row, step moneyStep) (orderops.Effect, []moneyStep, error) {
	effect := moneyEffect(step)
	if step.Lapsed {
		effect.State = orderops.EffectNotNeeded
		return effect, nil, nil
	}
	name := step.Kind + "/" + step.PaymentID + roundSuffix(step.Round)
	out, err := command.Call(run, name, func(ctx context.Context) (string, error) {
		if step.Kind == kindRefund {
			return c.Payments.Refund(ctx, step.PaymentID, step.Amount, step.Currency, step.Key)
		}
		return "", c.Payments.Void(ctx, step.PaymentID, step.Amount, step.Currency, step.Key, step.Final)
	})
	if err != nil {
		return effect, nil, err
	}
	effect.State, effect.Code = stateAfter(out.Failure)
	if out.Value != "" {
		effect.Reference = out.Value
	}
	if step.Kind == kindRefund && out.Failure != nil && out.Failure.VendorCode == worldlineclient.OperationNotPossible {
		effect.State = orderops.EffectPending // a capture that is still being settled cannot be refunded yet
	}
	if step.Kind != kindVoid || out.Class() != remote.Conflict || step.Round >= maxRounds {
		return effect, nil, nil
	}
	task := settleTask{Payments: []string{step.PaymentID}, Amount: step.Amount, Remaining: step.Remaining, Whole: step.Final, Round: step.Round + 1}
	steps, failure, err := c.decide(run, row, task)
	if failure != nil { // cannot look now: the same void is tried again later
		effect.State = orderops.EffectPending
	}
	return effect, steps, err
}

// moneyEffect words a movement.
func moneyEffect(step moneyStep) orderops.Effect {
	amount := orderops.FromMinorUnits(step.Amount, step.Currency)
	action := "settle"
	switch step.Kind {
	case kindVoid:
		action = "void"
	case kindRefund:
		action = "refund"
	}
	return orderops.Effect{
		System: worldlineclient.System, Action: action, Reference: step.PaymentID, Amount: &amount, Currency: step.Currency,
	}
}

func roundSuffix(round int) string {
	if round <= 1 {
		return ""
	}
	return "#" + strconv.Itoa(round)
}
