package settle

import (
	"context"
	"encoding/json"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/remote"
)

// The actions of the effects on points. Their amounts are points.
const (
	actionGiveBack = "give_points_back"
	actionReverse  = "reverse_points"
)

// pointsTask is points that are owed, while the ledger could not be read.
type pointsTask struct {
	Whole bool `json:"whole"`
	// Cancelled of Worth is the share of the order that was cancelled; Ordered is what it was worth when it was placed. All
	// are minor units.
	Cancelled int64 `json:"cancelled"`
	Worth     int64 `json:"worth"`
	Ordered   int64 `json:"ordered"`
	// Origin is that of the change.
	Origin string `json:"origin,omitempty"`
}

func (a *Aftermath) pointsTask() pointsTask {
	return a.Change.pointsTask()
}

func (c Change) pointsTask() pointsTask {
	return pointsTask{
		Whole: c.Whole || c.AllPoints, Cancelled: orderops.MinorUnits(c.Refund.Add(c.Kept).Sub(c.GivenBack), c.Currency),
		Worth: orderops.MinorUnits(c.Grand.Sub(c.Fees), c.Currency), Ordered: orderops.MinorUnits(c.Ordered, c.Currency), Origin: c.Origin,
	}
}

// key is the key of what is done about one event of the ledger.
func (t pointsTask) key(row command.Row, event string) string {
	if t.Origin == "" {
		return Key(row, kindPoints, event)
	}
	return Key(row, kindPoints, event, t.Origin)
}

// share is the part of some points that goes with the cancelled share of the order. It depends on what the order was
// worth at three moments and on nothing that an earlier cancel may still owe: what all cancels take adds up, in whatever
// order they come to it. The last takes what is left.
func (t pointsTask) share(points int64) int64 {
	ordered := max(t.Ordered, t.Worth)
	if ordered <= 0 {
		return 0
	}
	gone := func(worth int64) int64 {
		part := decimal.NewFromInt(points).Mul(decimal.NewFromInt(ordered - worth)).Div(decimal.NewFromInt(ordered))
		return min(points, part.Floor().IntPart())
	}
	return gone(t.Worth-t.Cancelled) - gone(t.Worth)
}

// pointsStep is one change of a balance that was decided. The key makes sure that it happens once.
type pointsStep struct {
	Action    string `json:"action"`
	AccountID string `json:"account_id"`
	Points    int64  `json:"points"` // negative to take
	Reverses  string `json:"reverses,omitempty"`
	RewardID  string `json:"reward_id,omitempty"` // a reward that was never used is deleted
	Key       string `json:"key"`
	// Policy is what applies to points that are not there any more; Short is how many those are, where that was asked.
	Policy SpentPoints `json:"policy,omitempty"`
	Short  int64       `json:"short,omitempty"`
	// Pay is how many of them the shopper pays for, at the price, in minor units of the currency.
	Pay      int64  `json:"pay,omitempty"`
	Price    int64  `json:"price,omitempty"`
	Currency string `json:"currency,omitempty"`
}

// SettlePoints gives back the points that the shopper paid the cancelled share with, and takes back those it earned.
func (a *Aftermath) SettlePoints() error {
	effect := orderops.Effect{System: loyaltyclient.System, Action: actionReverse, State: orderops.EffectNotApplicable}
	switch {
	case a.Points == nil:
		effect.Code = codeNotConfigured
		return a.effect(effect, "", nothing{})
	case a.pointsOwed: // they are settled with the money
		return nil
	case !a.pointsDecided:
		if stuck := a.decideOnPoints(); stuck != nil && stuck.err != nil {
			return stuck.err
		} else if stuck != nil {
			a.attempted(&effect, stuck.failure)
			return a.effect(effect, kindFindPoints, a.pointsTask())
		}
	}
	if len(a.points) == 0 {
		effect.Code = codeNoPoints
		return a.effect(effect, "", nothing{})
	}
	for _, step := range a.points {
		effect, err := a.adjust(a.Run, step)
		if err != nil {
			return err
		}
		if err := a.effect(effect, kindPoints, step); err != nil {
			return err
		}
		if effect.State == orderops.EffectDone {
			if err := a.makeUp(step, effect.Reference); err != nil {
				return err
			}
		}
	}
	return nil
}

// decideOnPoints decides on points alone, with no refund that could be lowered.
func (a *Aftermath) decideOnPoints() (stuck *stepsFailure) {
	if a.pointsStuck != nil {
		return &stepsFailure{failure: a.pointsStuck}
	}
	if a.points, stuck = a.decidePoints(a.Run, a.Row, a.pointsTask()); stuck == nil {
		a.deduct(a.Row.Site, a.points, nil)
	}
	return stuck
}

// decidePoints reads the order's events and decides what to change: first what is given back, so that it is there to be
// taken from.
func (s *Systems) decidePoints(run command.Run, row command.Row, task pointsTask) ([]pointsStep, *stepsFailure) {
	out, err := command.Call(run, "loyalty.read", func(ctx context.Context) ([]loyaltyclient.Event, error) {
		return s.Points.Events(ctx, row.OrderNo)
	})
	if err != nil || out.Failure != nil {
		return nil, &stepsFailure{out.Failure, err}
	}
	policy := s.Policy.SpentPoints.Of(row.Site)
	steps := append(burned(row, out.Value, task), earned(row, out.Value, task, policy)...)
	if policy != DeductFromRefund {
		return steps, nil
	}
	return steps, s.shortfalls(run, steps)
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

// due is how many of an event's points go with the cancelled share; left of them are not reversed yet.
func (t pointsTask) due(points, left int64) int64 {
	if t.Whole {
		return left
	}
	return min(left, t.share(points))
}

// earned takes back the cancelled share of what the order earned.
func earned(row command.Row, events []loyaltyclient.Event, task pointsTask, policy SpentPoints) []pointsStep {
	var steps []pointsStep
	for _, e := range events {
		if e.Type != loyaltyclient.Accumulated && e.Type != loyaltyclient.Promotion {
			continue
		}
		if points := task.due(e.Points, leftOf(e, events)); points > 0 {
			steps = append(steps, pointsStep{
				Action: actionReverse, AccountID: e.AccountID, Points: -points, Reverses: e.ID, Key: task.key(row, e.ID), Policy: policy,
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
			Action: actionGiveBack, AccountID: e.AccountID, Points: task.due(-e.Points, rest), Reverses: e.ID, Key: task.key(row, e.ID),
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

// adjust makes one change.
func (s *Systems) adjust(run command.Run, step pointsStep) (orderops.Effect, error) {
	effect := step.effect()
	name := "loyalty.adjust/" + step.Reverses
	if step.Action == actionForgive {
		name = "loyalty.forgive/" + step.Key[:8]
	}
	out, err := command.Call(run, name, func(ctx context.Context) (string, error) {
		if step.RewardID != "" {
			return "", s.Points.DeleteReward(ctx, step.RewardID)
		}
		return s.Points.Adjust(ctx, step.AccountID, loyaltyclient.Adjustment{
			Points: step.Points, Reason: step.reason(), Reverses: step.Reverses, AllowNegative: step.Points < 0, Key: step.Key,
		})
	})
	effect.State, effect.Code = StateAfter(out.Failure)
	if effect.State == orderops.EffectDone {
		effect.Code = string(step.Policy)
	}
	if out.Value != "" {
		effect.Reference = out.Value
	}
	return effect, err
}

// reason is what the ledger says of a change.
func (s pointsStep) reason() string {
	switch s.Action {
	case actionPay:
		return "spent points paid for"
	case actionForgive:
		return "spent points forgiven"
	default:
		return "order cancelled"
	}
}

// performFindPoints decides on points that could not be decided on before.
func (s *Systems) performFindPoints(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var task pointsTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	steps, stuck := s.decidePoints(run, row, task)
	switch {
	case stuck != nil:
		return After(stuck.failure), stuck.err
	case len(steps) == 0:
		return command.EffectResult{State: orderops.EffectNotApplicable, Code: codeNoPoints}, nil
	}
	s.deduct(row.Site, steps, nil)
	owed, err := owedPoints(steps)
	return command.EffectResult{State: orderops.EffectPending, Instead: owed}, err
}

// owedPoints are steps as due work.
func owedPoints(steps []pointsStep) ([]command.Owed, error) {
	var list []command.Owed
	for _, step := range steps {
		raw, err := json.Marshal(step)
		if err != nil {
			return nil, err
		}
		effect := step.effect()
		effect.State = orderops.EffectPending
		list = append(list, command.Owed{Effect: effect, Kind: kindPoints, Payload: raw})
	}
	return list, nil
}

func (s *Systems) performPoints(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var step pointsStep
	if err := json.Unmarshal(payload, &step); err != nil {
		return command.EffectResult{}, err
	}
	effect, err := s.adjust(run, step)
	result := command.EffectResult{State: effect.State, Code: effect.Code, Reference: effect.Reference}
	switch {
	case err != nil:
		return result, err
	case effect.State == orderops.EffectDone && step.Action == actionPay:
		result.Then, err = step.kept().owed()
		return result, err
	case effect.State == orderops.EffectDone:
		result.Then, err = thenMakeUp(step, effect.Reference)
		return result, err
	case effect.State == orderops.EffectFailed && step.Reverses != "":
		return s.reversedAlready(run, row, step, effect)
	default:
		return result, nil
	}
}

// reversedAlready looks whether nothing is left to reverse: a later cancel, decided while this change was owed, takes the
// whole rest.
func (s *Systems) reversedAlready(run command.Run, row command.Row, step pointsStep, refused orderops.Effect) (command.EffectResult, error) {
	result := command.EffectResult{State: refused.State, Code: refused.Code}
	out, err := command.Call(run, "loyalty.reread", func(ctx context.Context) ([]loyaltyclient.Event, error) {
		return s.Points.Events(ctx, row.OrderNo)
	})
	if err != nil || out.Failure != nil {
		return After(out.Failure), err
	}
	for _, e := range out.Value {
		if e.ID == step.Reverses && leftOf(e, out.Value) == 0 {
			result.State = orderops.EffectNotNeeded
		}
	}
	return result, nil
}

// settledTogether decides on the points of a cancel whose refund may be lowered by them, and lowers it. A ledger that
// cannot be read for a reason that does not pass holds no money up: its points are left to themselves then.
func (s *Systems) settledTogether(run command.Run, row command.Row, task settleTask, money []moneyStep) (settlement, *remote.Error, error) {
	steps, stuck := s.decidePoints(run, row, *task.Points)
	switch {
	case stuck == nil:
		money = s.deduct(row.Site, steps, money)
		return settlement{money: money, points: steps, pointsDecided: true}, nil, nil
	case stuck.err != nil:
		return settlement{}, nil, stuck.err
	case stuck.failure.Class.Passing():
		return settlement{}, stuck.failure, nil
	default:
		return settlement{money: money, pointsStuck: stuck.failure}, nil, nil
	}
}
