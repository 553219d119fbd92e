package settle

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
	// Seen is how many operations the payment had when the movement was decided on.
	Seen int `json:"seen,omitempty"`
}

// moneyStep is a movement with everything it takes to make it, to decide anew when it turns out to be impossible, and to
// record it in SOM.
type moneyStep struct {
	movement
	// Payment is the payment as SOM has it.
	Payment Payment `json:"payment"`
	// Lapsed says that the authorisation has expired: the hold goes by itself.
	Lapsed bool `json:"lapsed,omitempty"`
	// First is the key of the first attempt, once the provider has refused one and the next goes by another key.
	First string `json:"first,omitempty"`
	// Instead is the operation that the provider took back, in whose place this one is made.
	Instead string `json:"instead,omitempty"`
	// Credit are the documents that order management makes a refund of, Ensure how far that has come.
	Credit *credit   `json:"credit,omitempty"`
	Ensure *ensuring `json:"ensure,omitempty"`
	// Task is what the step was decided by, with the other movements of that decision as owed.
	Task settleTask `json:"task"`
}

// settleTask is money that is owed. It is stored when it cannot be decided on yet because a payment could not be read.
type settleTask struct {
	Payments []Payment `json:"payments"`
	Amount   int64     `json:"amount"` // what was cancelled is worth
	// Remaining is what the order is still worth: money that stays, or is still to be captured.
	Remaining int64 `json:"remaining"`
	Whole     bool  `json:"whole"`
	// Claim is what order management settles by, where it owns the money.
	Claim claim `json:"claim"`
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

// PayBack voids and refunds what was taken off, and has SOM know.
func (a *Aftermath) PayBack() error {
	if err := a.payBackByProvider(); err != nil {
		return err
	}
	return a.payBackByHand()
}

// payBackByHand hands the share of a change to a person that no payment provider can give back: what was paid otherwise,
// such as by gift certificate.
func (a *Aftermath) payBackByHand() error {
	_, byHand := a.Policy.shares(a.Row.Site, a.Change)
	if !byHand.IsPositive() {
		return nil
	}
	e := byHandEffect(byHand, a.Change.Currency)
	e.State, e.Code = orderops.EffectFailed, codeNoProvider
	a.Effects = append(a.Effects, e)
	item := a.workItem(e.System+":"+e.Action+":", "paid without a payment provider, such as by gift certificate: give it back by hand")
	item.Amount = e.Amount
	a.WorkItems = append(a.WorkItems, item)
	return nil
}

func byHandEffect(amount decimal.Decimal, currency string) orderops.Effect {
	wrapped := orderops.NewAmount(amount)
	return orderops.Effect{System: b2cclient.System, Action: "refund", Amount: &wrapped, Currency: currency}
}

// shares splits what goes back by how it was paid: at the payment provider, or otherwise. What one cannot give the other does.
// Whoever gives back by hand may not have told order management yet: what the payments hold counts, so that a certificate
// that comes first does not get the same money with every change.
func (p Policy) shares(site string, c Change) (byProvider, byHand decimal.Decimal) {
	provided := decimal.Max(decimal.Zero, c.Grand.Sub(c.Elsewhere))
	if p.RefundOrder.Of(site) == CertificatesFirst {
		byHand = decimal.Min(c.Elsewhere, c.Refund, decimal.Max(decimal.Zero, c.Grand.Sub(c.Held)))
	} else {
		byHand = decimal.Min(c.Elsewhere, decimal.Max(decimal.Zero, c.Refund.Sub(provided)))
	}
	return c.Refund.Sub(byHand), byHand
}

// moneyTask is the money of a change.
func (s *Systems) moneyTask(row command.Row, c Change) settleTask {
	byProvider, _ := s.Policy.shares(row.Site, c)
	task := settleTask{
		Payments: c.Payments, Amount: orderops.MinorUnits(byProvider, c.Currency), Whole: c.Whole, Round: 1, Origin: c.Origin,
		Remaining: orderops.MinorUnits(decimal.Max(decimal.Zero, c.Grand.Sub(c.Elsewhere).Sub(byProvider)), c.Currency), Claim: c.claim(),
	}
	if s.Points != nil && s.Policy.SpentPoints.Of(row.Site) == DeductFromRefund {
		points := c.pointsTask()
		task.Points = &points
	}
	return task
}

func (a *Aftermath) payBackByProvider() error {
	task := a.moneyTask(a.Row, a.Change)
	if len(task.Payments) == 0 {
		return a.effect(orderops.Effect{System: worldlineclient.System, Action: "void", State: orderops.EffectNotApplicable, Code: "no_payment"}, "", nothing{})
	}
	decided, failure, err := a.decide(a.Run, a.Row, task)
	if err != nil {
		return err
	}
	if failure != nil {
		state, code := StateAfter(failure)
		effect := moneyEffect(movement{Kind: kindSettleMoney, Amount: task.Amount, Currency: a.Change.Currency})
		effect.State, effect.Code, a.pointsOwed = state, code, task.Points != nil && state == orderops.EffectPending
		return a.effect(effect, kindSettleMoney, task)
	}
	a.points, a.pointsDecided, a.pointsStuck = decided.points, decided.pointsDecided, decided.pointsStuck
	return a.moveAll(decided.money)
}

// decide reads the payments and splits the amount over them: the uncaptured shares are voided, the rest is refunded out
// of what was captured.
func (s *Systems) decide(run command.Run, row command.Row, task settleTask) (settlement, *remote.Error, error) {
	var states []paymentState
	taken := map[string]bool{} // operations that stand for movements which are owed
	for _, p := range task.Payments {
		out, err := s.readOwned(run, row, "worldline.read/"+p.ID+task.suffix(), p.ID)
		if err != nil || out.Failure != nil {
			return settlement{}, out.Failure, err
		}
		if !knownAlready(states, out.Value.ID) {
			states = append(states, paymentState{afterAll(out.Value.Payment, task.Owed, taken), out.Value.Owner, p})
		}
	}
	steps := split(row, states, task)
	if task.Points == nil {
		return settlement{money: steps}, nil, nil
	}
	return s.settledTogether(run, row, task, steps)
}

func (s *Systems) readPayment(run command.Run, step, id string) (command.Outcome[worldlineclient.Payment], error) {
	return command.Call(run, step, func(ctx context.Context) (worldlineclient.Payment, error) {
		return s.Payments.Payment(ctx, id)
	})
}

// paymentState is a payment as the provider has it, with its rows in SOM.
type paymentState struct {
	worldlineclient.Payment
	owner MoneyOwner
	rows  Payment
}

// movement is a movement of the payment, made by who owns its money.
func (p paymentState) movement(row command.Row, kind string, amount int64, task settleTask) movement {
	m := movement{Kind: kind, PaymentID: p.ID, Amount: amount, Currency: p.Currency, Key: moneyKey(row, kind, p.ID, task), Seen: len(p.Operations)}
	if p.owner == OwnedBySOM {
		m.Kind = map[string]string{kindVoid: kindReverse, kindRefund: kindEnsure}[kind]
	}
	return m
}

// madeAt says that a movement that was decided is on the payment's books. An operation stands for one movement only.
func (m movement) madeAt(p worldlineclient.Payment, taken map[string]bool) bool {
	if !m.bySOM() {
		_, made := madeBy(p, m.Key)
		return made
	}
	op, made := m.foundIn(p, taken)
	if made {
		taken[op.ID] = true
	}
	return made
}

// claim is what order management can settle the change by.
func (c Change) claim() claim {
	return claim{
		OrderSummaryID: c.OrderSummaryID, ChangeOrders: c.ChangeOrders, FeeOrders: c.FeeOrders, Fulfilled: c.Fulfilled,
		Gross: orderops.MinorUnits(c.Refund.Add(c.Kept), c.Currency), Fee: orderops.MinorUnits(c.Kept, c.Currency),
		Worth: orderops.MinorUnits(c.Grand.Sub(c.Refund), c.Currency),
	}
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
func afterAll(p worldlineclient.Payment, owed []movement, taken map[string]bool) worldlineclient.Payment {
	for _, m := range owed {
		if m.PaymentID != p.ID || m.madeAt(p, taken) {
			continue
		}
		toRefund := m.Amount
		if m.releases() {
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
			movement: p.movement(row, kind, amount, task),
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
		Payments: t.Payments, Amount: steps[n].Amount, Remaining: t.Remaining, Whole: t.Whole, Claim: t.Claim,
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
	return Key(row, kind, paymentID, strconv.Itoa(t.Round), t.Origin)[:keyLength]
}

// Key is a key of 64 hexadecimal digits that belongs to one thing that one command does.
func Key(row command.Row, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{row.WorkflowID()}, parts...), "\n")))
	return hex.EncodeToString(sum[:])
}

// moneyEffect words a movement.
func moneyEffect(m movement) orderops.Effect {
	amount := orderops.FromMinorUnits(m.Amount, m.Currency)
	action := "settle"
	switch {
	case m.releases():
		action = "void"
	case m.refunds():
		action = "refund"
	}
	return orderops.Effect{
		System: worldlineclient.System, Action: action, Reference: m.PaymentID, Amount: &amount, Currency: m.Currency,
	}
}
