package cancel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// movement is money that was decided to be moved: an amount of one payment, in minor units. The key makes sure that it
// happens once.
type movement struct {
	Kind      string `json:"kind"`
	PaymentID string `json:"payment_id"`
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
	Key       string `json:"key"`
}

// moneyStep is a movement with everything it takes to make it, to decide anew when it turns out to be impossible, and to
// record it in SOM.
type moneyStep struct {
	movement
	// Payment is the payment as SOM has it.
	Payment payment `json:"payment"`
	// Lapsed says that the authorisation has expired: the hold goes by itself.
	Lapsed bool `json:"lapsed,omitempty"`
	// First is the key of the first attempt, once the provider has refused one and the next goes by another key.
	First string `json:"first,omitempty"`
	// Task is what the step was decided by, with the other movements of that decision as owed.
	Task settleTask `json:"task"`
}

// settleTask is money that is owed. It is stored when it cannot be decided on yet because a payment could not be read.
type settleTask struct {
	Payments []payment `json:"payments"`
	Amount   int64     `json:"amount"` // what was cancelled is worth
	// Remaining is what the order is still worth: money that stays, or is still to be captured.
	Remaining int64 `json:"remaining"`
	Whole     bool  `json:"whole"`
	// Points are settled with the money where points that were spent are deducted from the refund; nil otherwise.
	Points *pointsTask `json:"points,omitempty"`
	// Owed are movements that were decided and may not have been made yet. Their money is not free to be moved.
	Owed []movement `json:"owed,omitempty"`
	// Round counts how often the decision was made anew because a capture ran in parallel, Origin is the key of the movement
	// that made it necessary.
	Round  int    `json:"round"`
	Origin string `json:"origin,omitempty"`
}

// settlement is what was decided about money, and with it about points when it says so.
type settlement struct {
	money         []moneyStep
	points        []pointsStep
	pointsDecided bool
	// pointsStuck is why points could not be decided on, when that holds no money up.
	pointsStuck *remote.Error
}

// maxRounds bounds how often a capture may run in between.
const maxRounds = 5

// payBack voids and refunds what the cancelled units were worth, and has SOM know.
func (j *job) payBack() error {
	if err := j.payBackByProvider(); err != nil {
		return err
	}
	return j.payBackByHand()
}

// payBackByHand hands the share of a cancel to a person that no payment provider can give back: what was paid otherwise,
// such as by gift certificate. It comes last, after all that the provider holds.
func (j *job) payBackByHand() error {
	rest := decimal.Min(j.order.Elsewhere, j.refund.Sub(j.order.Grand.Sub(j.order.Elsewhere)))
	if !rest.IsPositive() {
		return nil
	}
	amount := orderops.NewAmount(rest)
	e := orderops.Effect{System: b2cclient.System, Action: "refund", State: orderops.EffectFailed, Amount: &amount, Currency: j.in.Currency, Code: codeNoProvider}
	j.cancellation.Effects = append(j.cancellation.Effects, e)
	item := j.workItem(e.System+":"+e.Action+":", "paid without a payment provider, such as by gift certificate: give it back by hand")
	item.Amount = e.Amount
	j.workItems = append(j.workItems, item)
	return nil
}

func (j *job) payBackByProvider() error {
	task := settleTask{
		Payments: j.order.Payments, Amount: orderops.MinorUnits(j.refund, j.in.Currency), Whole: j.plan.Whole, Round: 1,
		Remaining: orderops.MinorUnits(decimal.Max(decimal.Zero, j.order.Grand.Sub(j.refund).Sub(j.order.Elsewhere)), j.in.Currency),
	}
	if len(task.Payments) == 0 {
		return j.effect(orderops.Effect{System: worldlineclient.System, Action: "void", State: orderops.EffectNotApplicable, Code: "no_payment"}, "", nothing{})
	}
	if j.Points != nil && j.Policy.SpentPoints.Of(j.row.Site) == DeductFromRefund {
		points := j.pointsTask()
		task.Points = &points
	}
	decided, failure, err := j.decide(j.run, j.row, task)
	if err != nil {
		return err
	}
	if failure != nil {
		state, code := stateAfter(failure)
		effect := moneyEffect(movement{Kind: kindSettleMoney, Amount: task.Amount, Currency: j.in.Currency})
		effect.State, effect.Code, j.pointsOwed = state, code, task.Points != nil && state == orderops.EffectPending
		return j.effect(effect, kindSettleMoney, task)
	}
	j.points, j.pointsDecided, j.pointsStuck = decided.points, decided.pointsDecided, decided.pointsStuck
	return j.moveAll(decided.money)
}

// moveAll makes the movements, deciding anew where a capture ran in between.
func (j *job) moveAll(steps []moneyStep) error {
	var standing []movement // what was decided and is over, made or owed
	for len(steps) > 0 {
		step := steps[0]
		step.Task.Owed = append(slices.Clone(standing), movements(steps[1:])...)
		done, err := j.move(j.run, j.row, step)
		if err != nil {
			return err
		}
		if steps = append(steps[1:], done.instead...); len(done.instead) > 0 {
			continue // decided anew
		}
		step = done.step
		standing = append(standing, movements([]moneyStep{step})...)
		if err := j.effect(done.effect, step.Kind, step); err != nil {
			return err
		}
		if err := j.record(done); err != nil {
			return err
		}
	}
	return nil
}

// decide reads the payments and splits the amount over them: the uncaptured shares are voided, the rest is refunded out
// of what was captured.
func (c *Cancels) decide(run command.Run, row command.Row, task settleTask) (settlement, *remote.Error, error) {
	var states []paymentState
	for _, p := range task.Payments {
		out, err := c.readPayment(run, "worldline.read/"+p.ID+task.suffix(), p.ID)
		if err != nil || out.Failure != nil {
			return settlement{}, out.Failure, err
		}
		if !knownAlready(states, out.Value.ID) {
			states = append(states, paymentState{afterAll(out.Value, task.Owed), p})
		}
	}
	steps := split(row, states, task)
	if task.Points == nil {
		return settlement{money: steps}, nil, nil
	}
	return c.settledTogether(run, row, task, steps)
}

func (c *Cancels) readPayment(run command.Run, step, id string) (command.Outcome[worldlineclient.Payment], error) {
	return command.Call(run, step, func(ctx context.Context) (worldlineclient.Payment, error) {
		return c.Payments.Payment(ctx, id)
	})
}

// paymentState is a payment as the provider has it, with its rows in SOM.
type paymentState struct {
	worldlineclient.Payment
	rows payment
}

// knownAlready finds a payment that SOM knows by more than one of its operations.
func knownAlready(states []paymentState, id string) bool {
	for _, s := range states {
		if s.ID == id {
			return true
		}
	}
	return false
}

// movements are those of steps that move something.
func movements(steps []moneyStep) []movement {
	var list []movement
	for _, s := range steps {
		if !s.Lapsed {
			list = append(list, s.movement)
		}
	}
	return list
}

// afterAll is the payment as it will be once the movements that are owed have been made. What was to be voided and has
// been captured meanwhile will be refunded.
func afterAll(p worldlineclient.Payment, owed []movement) worldlineclient.Payment {
	for _, m := range owed {
		if _, made := madeBy(p, m.Key); made || m.PaymentID != p.ID {
			continue
		}
		toRefund := m.Amount
		if m.Kind == kindVoid {
			voided := min(m.Amount, p.Open())
			p.Voided += voided
			toRefund -= voided
		}
		p.Refunded += toRefund
	}
	return p
}

// split decides the movements. What stays captured or capturable must cover what the order is still worth, so only the
// share of this cancel that exceeds it moves: first out of what is open, then out of what was captured. An authorisation
// that lapsed needs no void, and what was never captured no refund.
func split(row command.Row, payments []paymentState, task settleTask) []moneyStep {
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
	add := func(p paymentState, kind string, amount int64) {
		steps = append(steps, moneyStep{
			movement: movement{kind, p.ID, amount, p.Currency, moneyKey(row, kind, p.ID, task)},
			Payment:  p.rows, Lapsed: kind == kindVoid && !p.Cancellable,
		})
	}
	for _, p := range payments {
		if amount := min(toVoid, p.Open()); amount > 0 {
			toVoid -= amount
			add(p, kindVoid, amount)
		}
	}
	for _, p := range payments {
		if amount := min(toRefund, p.Refundable()); amount > 0 {
			toRefund -= amount
			add(p, kindRefund, amount)
		}
	}
	if len(steps) == 0 && task.Amount > 0 && len(payments) > 0 {
		add(payments[0], kindVoid, task.Amount)
		steps[0].Lapsed = true
	}
	for i := range steps {
		steps[i].Task = task.without(steps, i)
	}
	return steps
}

// without is the task that decides anew on the nth of some steps, while the others stand.
func (t settleTask) without(steps []moneyStep, n int) settleTask {
	others := slices.Concat(steps[:n], steps[n+1:])
	return settleTask{
		Payments: t.Payments, Amount: steps[n].Amount, Remaining: t.Remaining, Whole: t.Whole,
		Owed: append(slices.Clone(t.Owed), movements(others)...), Round: t.Round + 1, Origin: steps[n].Key,
	}
}

// suffix tells the steps of a later round from those of the first.
func (t settleTask) suffix() string {
	if t.Round <= 1 {
		return ""
	}
	return "#" + strconv.Itoa(t.Round) + "." + t.Origin[:min(8, len(t.Origin))]
}

// moneyKey is the idempotence key of a movement: at most 40 characters, the same for every attempt at it.
func moneyKey(row command.Row, kind, paymentID string, t settleTask) string {
	return stepKey(row, kind, paymentID, strconv.Itoa(t.Round), t.Origin)[:40]
}

// stepKey is a key of 64 hexadecimal digits that belongs to one thing that one command does.
func stepKey(row command.Row, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{row.WorkflowID()}, parts...), "\n")))
	return hex.EncodeToString(sum[:])
}

// moved is what became of a step: an effect, with the operation if it was made, or other steps in its place.
type moved struct {
	step      moneyStep
	effect    orderops.Effect
	operation worldlineclient.Operation
	instead   []moneyStep
}

// made says that the movement was made, and is to be recorded.
func (m moved) made() bool { return m.effect.State == orderops.EffectDone }

// move makes one movement. When it is refused because a capture ran in parallel, it decides anew, on all payments, and
// returns the steps to take instead.
func (c *Cancels) move(run command.Run, row command.Row, step moneyStep) (moved, error) {
	result := moved{step: step, effect: moneyEffect(step.movement)}
	if step.Lapsed {
		result.effect.State = orderops.EffectNotNeeded
		return result, nil
	}
	out, err := command.Call(run, step.Kind+"/"+step.PaymentID+"/"+step.Key[:8], func(ctx context.Context) (worldlineclient.Operation, error) {
		m := worldlineclient.Movement{Amount: step.Amount, Currency: step.Currency, Key: step.Key, Final: step.Task.Whole}
		if step.Kind == kindRefund {
			return c.Payments.Refund(ctx, step.PaymentID, m)
		}
		return worldlineclient.Operation{}, c.Payments.Void(ctx, step.PaymentID, m)
	})
	if err != nil {
		return result, err
	}
	result.operation = out.Value
	result.effect.State, result.effect.Code = stateAfter(out.Failure)
	if out.Value.ID != "" {
		result.effect.Reference = out.Value.ID
	}
	if refusedFor(out.Failure) {
		result.step = step.renewed()
	}
	if out.Class() != remote.Conflict {
		return result, nil
	}
	return c.decideAnew(run, row, result)
}

// refusedFor says that the provider has refused a movement for good: it gives a later request with the key the same
// answer. After a failure that leaves open whether the money moved, the key has to stay.
func refusedFor(failure *remote.Error) bool {
	if failure == nil {
		return false
	}
	switch failure.Class {
	case remote.Rejected, remote.NotFound, remote.Conflict:
		return true
	case remote.Unauthorized, remote.Throttled, remote.Unavailable, remote.Ambiguous:
		return false
	default:
		return false
	}
}

// renewed is the step with another key, for the next attempt at a movement that was refused.
func (s moneyStep) renewed() moneyStep {
	if s.First == "" {
		s.First = s.Key
	}
	s.Key = nextKey(s.Key)
	return s
}

// nextKey is the key after one that the provider has refused. Each follows from the one before, so that whoever knows
// one finds what was done by a later one.
func nextKey(key string) string {
	sum := sha256.Sum256([]byte(key + "\nrefused"))
	return hex.EncodeToString(sum[:])[:len(key)]
}

// maxRenewals bounds how many keys of a movement are looked for.
const maxRenewals = 30

// madeBy finds the operation that was asked for with a key, or with one that came after it.
func madeBy(p worldlineclient.Payment, key string) (worldlineclient.Operation, bool) {
	for range maxRenewals {
		if op, made := p.Operation(key); made {
			return op, true
		}
		key = nextKey(key)
	}
	return worldlineclient.Operation{}, false
}

// decideAnew finds out what to do instead of a movement that the payment's state did not allow. A payment that cannot be
// read now, and a capture that is still being settled and cannot be refunded yet, leave the movement owed as it is.
func (c *Cancels) decideAnew(run command.Run, row command.Row, refused moved) (moved, error) {
	decided, failure, err := c.decide(run, row, refused.step.Task)
	steps := decided.money
	unchanged := refused.step.Kind == kindRefund && len(steps) == 1 && !steps[0].Lapsed &&
		steps[0].PaymentID == refused.step.PaymentID && steps[0].Kind == kindRefund && steps[0].Amount == refused.step.Amount
	switch {
	case err != nil:
		return refused, err
	case refused.step.Task.Round > maxRounds && len(movements(steps)) > 0: // it may still have lapsed
		return refused, nil
	case failure != nil || unchanged:
		refused.effect.State = orderops.EffectPending
		return refused, nil
	}
	refused.instead = steps
	return refused, nil
}

// moneyEffect words a movement.
func moneyEffect(m movement) orderops.Effect {
	amount := orderops.FromMinorUnits(m.Amount, m.Currency)
	action := "settle"
	switch m.Kind {
	case kindVoid:
		action = "void"
	case kindRefund:
		action = "refund"
	}
	return orderops.Effect{
		System: worldlineclient.System, Action: action, Reference: m.PaymentID, Amount: &amount, Currency: m.Currency,
	}
}
