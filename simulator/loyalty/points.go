package loyalty

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Accumulation is points that an order earned.
type Accumulation struct {
	Points                              int64
	OrderID, LocationID, IdempotencyKey string
	// At is when they were earned; zero means now.
	At time.Time
}

// Accumulate adds points that an order earned. Errors have the codes [NotFound], [BadRequest] and [IdempotencyKeyReused].
func (l *Loyalty) Accumulate(tx *sandbox.Tx, accountID string, g Accumulation) (Entry, error) {
	program, err := l.programOf(tx, accountID)
	if err != nil {
		return Entry{}, err
	}
	if g.Points <= 0 {
		return Entry{}, refuse(BadRequest, "loyalty.accumulate.points", "accumulate_points.points",
			"the orders of another system are not read: points say how many an order earns, at least one")
	}
	e := Entry{
		AccountID: accountID, Type: AccumulatePoints, Points: g.Points, OrderID: g.OrderID, LocationID: g.LocationID,
		IdempotencyKey: g.IdempotencyKey, CreatedAt: g.At,
	}
	if first, again, err := l.repeated(tx, e); again || err != nil {
		return first, err
	}
	if g.At.IsZero() {
		g.At = tx.Now()
	}
	e.ExpiresAt = program.expiry(g.At)
	return l.post(tx, e), nil
}

func (l *Loyalty) programOf(tx *sandbox.Tx, accountID string) (Program, error) {
	a, err := l.Account(tx, accountID)
	if err != nil {
		return Program{}, err
	}
	return l.Program(tx, a.ProgramID)
}

// Adjustment changes a balance by hand.
type Adjustment struct {
	// Points are added, or taken when negative.
	Points int64
	Reason string
	// Reverses is the id of an event that is taken back, wholly or in part; it lends its order.
	Reverses       string
	AllowNegative  bool
	IdempotencyKey string
}

// Adjust changes a balance by hand. Errors have the codes [NotFound], [BadRequest] and [IdempotencyKeyReused].
func (l *Loyalty) Adjust(tx *sandbox.Tx, accountID string, a Adjustment) (Entry, error) {
	program, err := l.programOf(tx, accountID)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{
		AccountID: accountID, Type: AdjustPoints, Points: a.Points, Reason: a.Reason, Reverses: a.Reverses,
		IdempotencyKey: a.IdempotencyKey, ExpiresAt: program.expiry(tx.Now()),
	}
	var reversed Entry
	if a.Reverses != "" {
		if reversed, err = l.event(tx, accountID, a.Reverses, "adjust_points.reverses"); err != nil {
			return Entry{}, err
		}
		e.OrderID, e.ExpiresAt = reversed.OrderID, l.restored(tx, reversed)
	}
	if first, again, err := l.repeated(tx, e); again || err != nil {
		return first, err
	}
	if err := l.checkAdjustment(tx, e, reversed, a.AllowNegative); err != nil {
		return Entry{}, err
	}
	return l.post(tx, e), nil
}

func (l *Loyalty) checkAdjustment(tx *sandbox.Tx, e, reversed Entry, allowNegative bool) error {
	if e.Points == 0 {
		return refuse(BadRequest, "loyalty.adjust.points", "adjust_points.points", "an adjustment by no points")
	}
	if e.Reverses != "" {
		if open := l.open(tx, reversed); (e.Points < 0) == (reversed.Points < 0) || max(e.Points, -e.Points) > open {
			return refuse(BadRequest, "loyalty.adjust.reversal", "adjust_points.points",
				"%d points cannot take back what is left of event %s: %d points of %d", e.Points, reversed.ID, open, reversed.Points)
		}
	}
	balance := l.State(tx, Account{ID: e.AccountID}).Balance
	if e.Points < 0 && balance+e.Points < 0 && !allowNegative {
		return refuse(BadRequest, "loyalty.adjust.negative-balance", "adjust_points.points",
			"the balance of %d points would become negative", balance)
	}
	return nil
}

// restored is when points that are given back expire: as before, or later if that is too soon.
func (l *Loyalty) restored(tx *sandbox.Tx, taken Entry) time.Time {
	if taken.ExpiresAt.IsZero() || taken.Points > 0 {
		return time.Time{}
	}
	if earliest := tx.Now().Add(l.Settings.MinimumValidity); taken.ExpiresAt.Before(earliest) {
		return earliest
	}
	return taken.ExpiresAt
}

// Movement is what presets tell of the points of an order.
type Movement struct {
	AccountID, OrderID string
	Points             int64
	// At is when it was; zero means now.
	At time.Time
}

// Earn gives an order's points to an account. It is for presets; faces use [Loyalty.Accumulate].
func (l *Loyalty) Earn(tx *sandbox.Tx, m Movement) (Entry, error) {
	return l.Accumulate(tx, m.AccountID, Accumulation{
		Points: m.Points, OrderID: m.OrderID, At: m.At, IdempotencyKey: tx.UUID("loyalty.Request"),
	})
}

// Burn spends points of an account on an order: it creates the reward that costs so many and redeems it. It is for
// presets; faces use [Loyalty.CreateReward] and [Loyalty.RedeemReward].
func (l *Loyalty) Burn(tx *sandbox.Tx, m Movement) (Reward, error) {
	program, err := l.programOf(tx, m.AccountID)
	if err != nil {
		return Reward{}, err
	}
	for _, t := range program.Tiers {
		if t.Points != m.Points {
			continue
		}
		r, err := l.CreateReward(tx, NewReward{AccountID: m.AccountID, TierID: t.ID, OrderID: m.OrderID, At: m.At, IdempotencyKey: tx.UUID("loyalty.Request")})
		if err != nil {
			return Reward{}, err
		}
		_, err = l.RedeemReward(tx, r.ID, Redemption{IdempotencyKey: tx.UUID("loyalty.Request"), At: m.At})
		r, _ = l.rewards.Get(tx.Tx, r.ID)
		return r, err
	}
	return Reward{}, fmt.Errorf("burn for order %s: no reward of program %s costs %d points", m.OrderID, program.ID, m.Points)
}
