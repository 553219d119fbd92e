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

// SpentPoints says what happens to points that an order earned and that are spent already when it is cancelled. Whatever
// the policy, the ledger has all of them taken back; what makes up for those that were not there is an entry of its own.
type SpentPoints string

// The policies for spent points.
const (
	NegativeBalance  SpentPoints = "negative_balance"   // the shopper owes them
	DeductFromRefund SpentPoints = "deduct_from_refund" // the shopper gets less money back; what no refund covers is owed
	Forgive          SpentPoints = "forgive"            // what was not there is given again
)

// AllSites stands for every site without an entry of its own.
const AllSites = "*"

// BySite is a setting that may differ from site to site.
type BySite[T any] map[string]T

// Of is the setting of a site.
func (b BySite[T]) Of(site string) T {
	if value, ok := b[site]; ok {
		return value
	}
	return b[AllSites]
}

// shortfalls notes for every step that takes points how many of them the account lacks, once it has what it is given.
func (s *Systems) shortfalls(run command.Run, steps []pointsStep) *stepsFailure {
	balances := map[string]int64{}
	for i, step := range steps {
		have, known := balances[step.AccountID]
		if !known {
			out, err := s.balance(run, "loyalty.balance/"+step.AccountID, step.AccountID)
			if err != nil || out.Failure != nil {
				return &stepsFailure{out.Failure, err}
			}
			have = out.Value
		}
		if step.Points < 0 {
			steps[i].Short = -step.Points - min(-step.Points, max(0, have))
		}
		balances[step.AccountID] = have + step.Points
	}
	return nil
}

// stepsFailure is why something could not be decided: a remote failure, or a fault of our own.
type stepsFailure struct {
	failure *remote.Error
	err     error
}

func (s *Systems) balance(run command.Run, step, accountID string) (command.Outcome[int64], error) {
	return command.Call(run, step, func(ctx context.Context) (int64, error) { return s.Points.Balance(ctx, accountID) })
}

// deduct has the shopper pay for points that are missing out of the refunds, and returns those with what is left of them.
// A point costs what the site says, and nobody pays for a part of a minor unit. What the refunds do not cover is owed.
func (s *Systems) deduct(site string, steps []pointsStep, money []moneyStep) []moneyStep {
	for i := range steps {
		step := &steps[i]
		if step.Points >= 0 || step.Short == 0 {
			continue
		}
		if len(money) > 0 {
			step.Currency = money[0].Currency
			step.Pay, step.Price = affordable(step.Short, refunds(money), s.pointPrice(site, step.Currency))
		}
		if step.Price == 0 {
			step.Policy, step.Pay = NegativeBalance, 0
			continue
		}
		money = lower(money, step.Price)
	}
	return money
}

// pointPrice is what a point costs in minor units, which may be a part of one.
func (s *Systems) pointPrice(site, currency string) decimal.Decimal {
	return s.Policy.PointValue.Of(site).Shift(orderops.CurrencyDigits(currency))
}

// affordable is how many of some points an amount pays for, and what they cost; both amounts are minor units.
func affordable(points, amount int64, each decimal.Decimal) (pay, price int64) {
	if !each.IsPositive() {
		return 0, 0
	}
	pay = min(points, decimal.NewFromInt(amount).Div(each).Floor().IntPart())
	return pay, each.Mul(decimal.NewFromInt(pay)).Floor().IntPart()
}

// refunds is what is refunded by some steps.
func refunds(money []moneyStep) (sum int64) {
	for _, step := range money {
		if step.refunds() {
			sum += step.Amount
		}
	}
	return sum
}

// lower takes an amount off the refunds, the last first.
func lower(money []moneyStep, amount int64) []moneyStep {
	var left []moneyStep
	for i := len(money) - 1; i >= 0; i-- {
		step := money[i]
		if step.refunds() {
			part := min(amount, step.Amount)
			step.Amount -= part
			step.Task.Amount -= part
			if amount -= part; step.Amount == 0 {
				continue
			}
		}
		left = append([]moneyStep{step}, left...)
	}
	for i := range left { // what is owed beside a step is what is left of the others
		left[i].Task.Owed = owedBeside(left, i)
	}
	return left
}

// owedBeside are the movements of the other steps of a decision.
func owedBeside(steps []moneyStep, n int) []movement {
	return append(movements(steps[:n]), movements(steps[n+1:])...)
}

// The actions that make up for points that were taken back and were not there.
const (
	actionPay     = "pay_points"     // the shopper has paid for them; the amount is money
	actionForgive = "forgive_points" // the amount is points
)

// paid gives the points again that the shopper has paid for. The entry names the one that took them.
func (s pointsStep) paid(taken string) pointsStep {
	return pointsStep{
		Action: actionPay, AccountID: s.AccountID, Points: s.Pay, Price: s.Price, Currency: s.Currency, Reverses: taken,
		Policy: DeductFromRefund, Key: s.Key[:60] + ".pay",
	}
}

// forgiven gives points again that were not there.
func (s pointsStep) forgiven(points int64) pointsStep {
	return pointsStep{Action: actionForgive, AccountID: s.AccountID, Points: points, Policy: Forgive, Key: s.Key[:56] + ".forgive"}
}

// forgiveness decides how many of the points that a step took were not there: as many as the account owes now.
func (s *Systems) forgiveness(run command.Run, step pointsStep) (int64, *stepsFailure) {
	out, err := s.balance(run, "loyalty.balanceAfter/"+step.Reverses, step.AccountID)
	if err != nil || out.Failure != nil {
		return 0, &stepsFailure{out.Failure, err}
	}
	return min(max(0, -out.Value), -step.Points), nil
}

// makeUp makes up for points that a step has just taken and that were not there.
func (a *Aftermath) makeUp(step pointsStep, taken string) error {
	then := step.paid(taken)
	switch {
	case step.Points >= 0:
		return nil
	case step.Pay > 0:
	case step.Policy == Forgive:
		points, stuck := a.forgiveness(a.Run, step)
		if stuck != nil && stuck.err != nil {
			return stuck.err
		}
		if stuck != nil {
			effect := step.forgiven(0).effect()
			a.attempted(&effect, stuck.failure)
			return a.effect(effect, kindForgive, step)
		}
		if then = step.forgiven(points); points == 0 {
			return nil
		}
	default:
		return nil
	}
	effect, err := a.adjust(a.Run, then)
	if err != nil {
		return err
	}
	if err := a.effect(effect, kindPoints, then); err != nil || then.Action != actionPay || effect.State != orderops.EffectDone {
		return err
	}
	return a.keep(then.kept())
}

// thenMakeUp is [Aftermath.makeUp] as due work.
func thenMakeUp(step pointsStep, taken string) ([]command.Owed, error) {
	switch {
	case step.Points >= 0:
		return nil, nil
	case step.Pay > 0:
		return owedPoints([]pointsStep{step.paid(taken)})
	case step.Policy == Forgive:
		raw, err := json.Marshal(step)
		effect := step.forgiven(0).effect()
		effect.State = orderops.EffectPending
		return []command.Owed{{Effect: effect, Kind: kindForgive, Payload: raw}}, err
	default:
		return nil, nil
	}
}

// performForgive decides what is forgiven; giving it is due work of its own, stored before it is done.
func (s *Systems) performForgive(run command.Run, payload json.RawMessage) (command.EffectResult, error) {
	var step pointsStep
	if err := json.Unmarshal(payload, &step); err != nil {
		return command.EffectResult{}, err
	}
	points, stuck := s.forgiveness(run, step)
	switch {
	case stuck != nil:
		return After(stuck.failure), stuck.err
	case points == 0:
		return command.EffectResult{State: orderops.EffectNotNeeded}, nil
	}
	owed, err := owedPoints([]pointsStep{step.forgiven(points)})
	return command.EffectResult{State: orderops.EffectPending, Instead: owed}, err
}

// effect words the step. Points taken and given are told as positive numbers; what was paid for is told in money.
func (s pointsStep) effect() orderops.Effect {
	amount := orderops.NewAmount(decimal.NewFromInt(s.Points).Abs())
	if s.Action == actionPay {
		amount = orderops.FromMinorUnits(s.Price, s.Currency)
	}
	effect := orderops.Effect{System: loyaltyclient.System, Action: s.Action, Reference: s.Reverses, Amount: &amount}
	if s.Action == actionPay {
		effect.Currency = s.Currency
	}
	return effect
}
