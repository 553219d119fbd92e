package settle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// moveAll makes the movements, deciding anew where a capture ran in between.
func (a *Aftermath) moveAll(steps []moneyStep) error {
	var standing []movement // what was decided and is over, made or owed
	for {
		var err error
		if steps, err = a.creditAll(steps); err != nil || len(steps) == 0 {
			return err
		}
		step := steps[0]
		step.Task.Owed = append(slices.Clone(standing), movements(steps[1:])...)
		done, err := a.move(a.Run, a.Row, step)
		if err != nil {
			return err
		}
		if steps = append(steps[1:], done.instead...); len(done.instead) > 0 {
			continue // decided anew
		}
		step = done.step
		standing = append(standing, movements([]moneyStep{step})...)
		if err := a.effect(done.effect, step.Kind, step); err != nil {
			return err
		}
		if err := a.record(done); err != nil {
			return err
		}
	}
}

// moved is what became of a step: an effect, with the operation if it was made, or other steps in its place.
type moved struct {
	step      moneyStep
	effect    orderops.Effect
	operation worldlineclient.Operation
	instead   []moneyStep
	// untold says that order management made the movement and does not know it.
	untold bool
	// again, unless zero, is how soon to look what became of it.
	again time.Duration
	// note is what a person should know of a movement that is left to one.
	note string
}

// made says that the movement was made, and is to be recorded.
func (m moved) made() bool { return m.effect.State == orderops.EffectDone }

// move makes one movement. When it is refused because a capture ran in parallel, it decides anew, on all payments, and
// returns the steps to take instead.
func (s *Systems) move(run command.Run, row command.Row, step moneyStep) (moved, error) {
	result := moved{step: step, effect: moneyEffect(step.movement)}
	switch {
	case step.Lapsed:
		result.effect.State = orderops.EffectNotNeeded
		return result, nil
	case step.Kind == kindReverse:
		return s.reverse(run, row, step)
	case step.Kind == kindEnsure:
		return s.ensure(run, row, step)
	}
	out, err := command.Call(run, step.Kind+"/"+step.PaymentID+"/"+step.Key[:8], func(ctx context.Context) (worldlineclient.Operation, error) {
		m := worldlineclient.Movement{Amount: step.Amount, Currency: step.Currency, Key: step.Key, Final: step.Task.Whole}
		if step.Kind == kindRefund {
			return s.Payments.Refund(ctx, step.PaymentID, m)
		}
		return worldlineclient.Operation{}, s.Payments.Void(ctx, step.PaymentID, m)
	})
	if err != nil {
		return result, err
	}
	result.operation = out.Value
	result.effect.State, result.effect.Code = StateAfter(out.Failure)
	if out.Value.ID != "" {
		result.effect.Reference = out.Value.ID
	}
	if refusedFor(out.Failure) {
		result.step = step.renewed()
	}
	if out.Class() != remote.Conflict {
		return result, nil
	}
	return s.decideAnew(run, row, result)
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
		if op, made := p.Operation(key); made && !op.Refused() {
			return op, true
		}
		key = nextKey(key)
	}
	return worldlineclient.Operation{}, false
}

// decideAnew finds out what to do instead of a movement that the payment's state did not allow. A payment that cannot be
// read now, and a capture that is still being settled and cannot be refunded yet, leave the movement owed as it is.
func (s *Systems) decideAnew(run command.Run, row command.Row, refused moved) (moved, error) {
	decided, failure, err := s.decide(run, row, refused.step.Task)
	steps := decided.money
	unchanged := refused.step.refunds() && len(steps) == 1 && !steps[0].Lapsed &&
		steps[0].PaymentID == refused.step.PaymentID && steps[0].Kind == refused.step.Kind && steps[0].Amount == refused.step.Amount
	switch {
	case err != nil:
		return refused, err
	case refused.step.Task.Round > maxRounds && len(movements(steps)) > 0: // it may still have lapsed
		return refused, nil
	case failure != nil || unchanged:
		refused.effect.State = orderops.EffectPending
		return refused, nil
	}
	for i := range steps { // what was credited stays so
		if steps[i].Kind == kindEnsure {
			steps[i].Credit = refused.step.Credit
		}
	}
	refused.instead = steps
	return refused, nil
}
