package cancel

import (
	"context"
	"encoding/json"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/remote"
)

// SpentPoints says what happens to points that an order earned and that are spent already when it is cancelled.
type SpentPoints string

// The policies for spent points.
const (
	NegativeBalance  SpentPoints = "negative_balance"   // the shopper owes them
	DeductFromRefund SpentPoints = "deduct_from_refund" // not available yet
	Forgive          SpentPoints = "forgive"            // only what is left is taken
)

// The actions of the effects on points. Their amounts are points.
const (
	actionGiveBack = "give_points_back"
	actionReverse  = "reverse_points"
)

// pointsTask is points that are owed, while the ledger could not be read.
type pointsTask struct {
	Whole bool `json:"whole"`
	// Cancelled of Worth is the share of the order that was cancelled; both in minor units.
	Cancelled int64 `json:"cancelled"`
	Worth     int64 `json:"worth"`
}

// share is the part of some points that goes with the cancelled share of the order. What a cancel does not take is taken
// by the next, since each takes from what is left; the last takes all of it.
func (t pointsTask) share(points int64) int64 {
	switch {
	case t.Whole:
		return points
	case t.Worth <= 0:
		return 0
	}
	part := decimal.NewFromInt(points).Mul(decimal.NewFromInt(t.Cancelled)).Div(decimal.NewFromInt(t.Worth)).Floor().IntPart()
	return min(points, part)
}

// pointsStep is one change of a balance that was decided. The key makes sure that it happens once.
type pointsStep struct {
	Action    string `json:"action"`
	AccountID string `json:"account_id"`
	Points    int64  `json:"points"` // negative to take
	Reverses  string `json:"reverses"`
	RewardID  string `json:"reward_id,omitempty"` // a reward that was never used is deleted
	Key       string `json:"key"`
}

// effect words the step; points taken and given are both told as positive numbers.
func (s pointsStep) effect() orderops.Effect {
	amount := orderops.NewAmount(decimal.NewFromInt(s.Points).Abs())
	return orderops.Effect{System: loyaltyclient.System, Action: s.Action, Reference: s.Reverses, Amount: &amount}
}

// settlePoints gives back the points that the shopper paid the cancelled share with, and takes back those it earned.
func (j *job) settlePoints() error {
	effect := orderops.Effect{System: loyaltyclient.System, Action: actionReverse, State: orderops.EffectNotApplicable}
	if j.Points == nil {
		effect.Code = codeNotConfigured
		return j.effect(effect, "", nothing{})
	}
	task := pointsTask{
		Whole: j.plan.Whole, Cancelled: orderops.MinorUnits(j.refund, j.in.Currency), Worth: orderops.MinorUnits(j.order.Grand, j.in.Currency),
	}
	steps, failure, err := j.decidePoints(j.run, j.row, task)
	switch {
	case err != nil:
		return err
	case failure != nil:
		effect.State, effect.Code = stateAfter(failure)
		return j.effect(effect, kindFindPoints, task)
	case len(steps) == 0:
		effect.Code = codeNoPoints
		return j.effect(effect, "", nothing{})
	}
	for _, step := range steps {
		effect, err := j.adjust(j.run, step)
		if err != nil {
			return err
		}
		if err := j.effect(effect, kindPoints, step); err != nil {
			return err
		}
	}
	return nil
}

// decidePoints reads the order's events and decides what to change: first what is given back, so that it is there to be
// taken from.
func (c *Cancels) decidePoints(run command.Run, row command.Row, task pointsTask) ([]pointsStep, *remote.Error, error) {
	out, err := command.Call(run, "loyalty.read", func(ctx context.Context) ([]loyaltyclient.Event, error) {
		return c.Points.Events(ctx, row.OrderNo)
	})
	if err != nil || out.Failure != nil {
		return nil, out.Failure, err
	}
	steps := append(burned(row, out.Value, task), earned(row, out.Value, task)...)
	if c.Policy.SpentPoints != Forgive {
		return steps, nil, nil
	}
	return c.forgive(run, steps)
}

// leftOf is what of the points of an event was not reversed yet.
func leftOf(e loyaltyclient.Event, events []loyaltyclient.Event) int64 {
	points := e.Points
	for _, other := range events {
		if other.Type == loyaltyclient.Adjusted && other.Reverses == e.ID {
			points += other.Points // of the other sign
		}
	}
	return points
}

// earned takes back the cancelled share of what the order earned.
func earned(row command.Row, events []loyaltyclient.Event, task pointsTask) []pointsStep {
	var steps []pointsStep
	for _, e := range events {
		if e.Type != loyaltyclient.Accumulated && e.Type != loyaltyclient.Promotion {
			continue
		}
		if points := task.share(leftOf(e, events)); points > 0 {
			steps = append(steps, pointsStep{
				Action: actionReverse, AccountID: e.AccountID, Points: -points, Reverses: e.ID, Key: stepKey(row, kindPoints, e.ID),
			})
		}
	}
	return steps
}

// burned gives back the cancelled share of what the order was paid with. A reward that was made and never used is deleted
// when nothing of the order is left.
func burned(row command.Row, events []loyaltyclient.Event, task pointsTask) []pointsStep {
	used, gone := map[string]bool{}, map[string]bool{}
	for _, e := range events {
		used[e.RewardID] = used[e.RewardID] || e.Type == loyaltyclient.RewardUsed
		gone[e.RewardID] = gone[e.RewardID] || e.Type == loyaltyclient.RewardGone
	}
	var steps []pointsStep
	for _, e := range events {
		if e.Type != loyaltyclient.RewardMade || gone[e.RewardID] {
			continue
		}
		rest := -leftOf(e, events)
		step := pointsStep{
			Action: actionGiveBack, AccountID: e.AccountID, Points: task.share(rest), Reverses: e.ID, Key: stepKey(row, kindPoints, e.ID),
		}
		if task.Whole && !used[e.RewardID] && rest == -e.Points {
			step.RewardID = e.RewardID
		}
		if step.Points > 0 {
			steps = append(steps, step)
		}
	}
	return steps
}

// forgive lowers what is taken to what the accounts have, with what they are given back.
func (c *Cancels) forgive(run command.Run, steps []pointsStep) ([]pointsStep, *remote.Error, error) {
	balances := map[string]int64{}
	for i, step := range steps {
		have, known := balances[step.AccountID]
		if !known {
			out, err := command.Call(run, "loyalty.balance/"+step.AccountID, func(ctx context.Context) (int64, error) {
				return c.Points.Balance(ctx, step.AccountID)
			})
			if err != nil || out.Failure != nil {
				return nil, out.Failure, err
			}
			have = out.Value
		}
		if step.Points < 0 {
			steps[i].Points = -min(-step.Points, max(0, have))
		}
		balances[step.AccountID] = have + steps[i].Points
	}
	return steps, nil, nil
}

// adjust makes one change.
func (c *Cancels) adjust(run command.Run, step pointsStep) (orderops.Effect, error) {
	effect := step.effect()
	if step.Points == 0 { // all of it was spent, and is forgiven
		effect.State, effect.Code = orderops.EffectNotNeeded, string(Forgive)
		return effect, nil
	}
	forgiving := c.Policy.SpentPoints == Forgive && step.Points < 0
	out, err := command.Call(run, "loyalty.adjust/"+step.Reverses, func(ctx context.Context) (string, error) {
		if step.RewardID != "" {
			return "", c.Points.DeleteReward(ctx, step.RewardID)
		}
		return c.Points.Adjust(ctx, step.AccountID, loyaltyclient.Adjustment{
			Points: step.Points, Reason: "order cancelled", Reverses: step.Reverses, AllowNegative: !forgiving && step.Points < 0, Key: step.Key,
		})
	})
	effect.State, effect.Code = stateAfter(out.Failure)
	switch {
	case forgiving && out.Class() == remote.Rejected: // spent since the balance was read
		effect.State, effect.Code = orderops.EffectNotNeeded, string(Forgive)
	case effect.State == orderops.EffectDone && step.Points < 0:
		effect.Code = string(c.Policy.SpentPoints)
	}
	if out.Value != "" {
		effect.Reference = out.Value
	}
	return effect, err
}

// performFindPoints decides on points that could not be decided on before.
func (c *Cancels) performFindPoints(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var task pointsTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	steps, failure, err := c.decidePoints(run, row, task)
	if err != nil || failure != nil {
		return after(failure), err
	}
	if len(steps) == 0 {
		return command.EffectResult{State: orderops.EffectNotApplicable, Code: codeNoPoints}, nil
	}
	result := command.EffectResult{State: orderops.EffectPending}
	for _, step := range steps {
		raw, err := json.Marshal(step)
		if err != nil {
			return result, err
		}
		effect := step.effect()
		effect.State = orderops.EffectPending
		result.Instead = append(result.Instead, command.Owed{Effect: effect, Kind: kindPoints, Payload: raw})
	}
	return result, nil
}

func (c *Cancels) performPoints(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var step pointsStep
	if err := json.Unmarshal(payload, &step); err != nil {
		return command.EffectResult{}, err
	}
	effect, err := c.adjust(run, step)
	if err == nil && effect.State == orderops.EffectFailed {
		return c.reversedAlready(run, row, step, effect)
	}
	return command.EffectResult{State: effect.State, Code: effect.Code, Reference: effect.Reference}, err
}

// reversedAlready looks whether nothing is left to reverse: a later cancel, decided while this change was owed, takes the
// whole rest.
func (c *Cancels) reversedAlready(run command.Run, row command.Row, step pointsStep, refused orderops.Effect) (command.EffectResult, error) {
	result := command.EffectResult{State: refused.State, Code: refused.Code}
	out, err := command.Call(run, "loyalty.reread", func(ctx context.Context) ([]loyaltyclient.Event, error) {
		return c.Points.Events(ctx, row.OrderNo)
	})
	if err != nil || out.Failure != nil {
		return after(out.Failure), err
	}
	for _, e := range out.Value {
		if e.ID == step.Reverses && leftOf(e, out.Value) == 0 {
			result.State = orderops.EffectNotNeeded
		}
	}
	return result, nil
}
