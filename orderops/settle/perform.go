package settle

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/loyaltyclient"
)

// Perform makes one attempt at an effect that is owed. An unknown kind of work fails.
func (s *Systems) Perform(ctx context.Context, row command.Row, due command.Due) command.EffectResult {
	run := command.Listen(Direct{ctx})
	result, err := s.perform(ctx, run, row, due)
	if err != nil { // a fault of our own: a person has to look
		return command.EffectResult{State: orderops.EffectFailed, Code: string(orderops.InternalError)}
	}
	result.RetryAfter = max(result.RetryAfter, run.Pause())
	return result
}

func (s *Systems) perform(ctx context.Context, run command.Run, row command.Row, due command.Due) (command.EffectResult, error) {
	switch due.Kind {
	case kindSettleMoney:
		return s.performSettle(run, row, due.Payload)
	case kindVoid, kindRefund, kindReverse, kindEnsure:
		return s.performMove(run, row, due.Payload)
	case kindRecord:
		return s.performRecord(run, due.Payload)
	case kindOtherwise:
		return s.performOtherwise(run, due.Payload)
	case kindCredit:
		return s.performCredit(run, due.Payload)
	case kindFindStock:
		return s.performFindStock(run, row, due.Payload)
	case kindReleaseStock:
		return s.performReleaseStock(run, row, due.Payload)
	case kindFindPoints:
		return s.performFindPoints(run, row, due.Payload)
	case kindPoints:
		return s.performPoints(run, row, due.Payload)
	case kindForgive:
		return s.performForgive(run, due.Payload)
	case kindKeep:
		return s.performKeep(run, row, due.Payload)
	case kindTrack:
		return s.performTrack(run, due.Payload)
	case kindRelease:
		return s.performRelease(ctx, row, due.Payload)
	case kindByHand: // nobody but a person can
		return command.EffectResult{State: orderops.EffectFailed, Code: codeNoProvider}, nil
	case kindMirror:
		return s.performMirror(run, row, due.Payload)
	default:
		return command.EffectResult{State: orderops.EffectFailed, Code: "unknown_kind"}, nil
	}
}

// performSettle decides on money that could not be decided on before; each movement then is due work of its own, stored
// before it is made, so that a crash in between cannot decide twice.
func (s *Systems) performSettle(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var task settleTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	decided, failure, err := s.decide(run, row, task)
	if err != nil || failure != nil {
		return After(failure), err
	}
	result := command.EffectResult{State: orderops.EffectNotNeeded}
	if len(decided.money) > 0 {
		if result, err = instead(decided.money); err != nil {
			return result, err
		}
	}
	return withPoints(result, decided, task)
}

// withPoints adds the points that were decided on with the money, or that are still to be decided on by themselves.
func withPoints(result command.EffectResult, decided settlement, task settleTask) (command.EffectResult, error) {
	if task.Points == nil {
		return result, nil
	}
	if decided.pointsDecided {
		owed, err := owedPoints(decided.points)
		result.Then = append(result.Then, owed...)
		return result, err
	}
	raw, err := json.Marshal(*task.Points)
	effect := orderops.Effect{System: loyaltyclient.System, Action: actionReverse, State: orderops.EffectPending}
	result.Then = append(result.Then, command.Owed{Effect: effect, Kind: kindFindPoints, Payload: raw})
	return result, err
}

func (s *Systems) performMove(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var step moneyStep
	if err := json.Unmarshal(payload, &step); err != nil {
		return command.EffectResult{}, err
	}
	done, err := s.moveAgain(run, row, step)
	if err != nil {
		return command.EffectResult{}, err
	}
	if len(done.instead) > 0 {
		return instead(done.instead)
	}
	result := command.EffectResult{State: done.effect.State, Code: done.effect.Code, Reference: done.effect.Reference, Again: done.again, Note: done.note}
	if done.step.Key != step.Key || step.Kind == kindEnsure {
		if result.Payload, err = json.Marshal(done.step); err != nil {
			return result, err
		}
	}
	if done.recordable() {
		result.Then, err = owedRecord(taskOf(done))
	}
	return result, err
}

// moveAgain makes a movement that was tried before. It is looked for by the keys that it went by, the provider having refused
// some: if it was made after all, it is not made again. Nor is a refund that somebody else has made meanwhile.
func (s *Systems) moveAgain(run command.Run, row command.Row, step moneyStep) (moved, error) {
	if step.Lapsed || step.bySOM() || step.First == "" && !step.refunds() {
		return s.move(run, row, step)
	}
	known, err := s.readPayment(run, "worldline.readAgain/"+step.PaymentID+"/"+step.Key[:8], step.PaymentID)
	result := moved{step: step, effect: moneyEffect(step.movement)}
	if err != nil {
		return result, err
	}
	if known.Failure != nil {
		result.effect.State, result.effect.Code = StateAfter(known.Failure)
		return result, nil
	}
	if op, made := madeBy(known.Value, cmp.Or(step.First, step.Key)); made {
		result.operation, result.effect.State, result.effect.Reference = op, orderops.EffectDone, op.ID
		return result, nil
	}
	if others := step.byOthers(known.Value, nil); step.refunds() && len(others) > 0 {
		return result.foreseen(others), nil
	}
	return s.move(run, row, step)
}

// owedRecord is the row that SOM gets of a movement, as due work.
func owedRecord(task recordTask) ([]command.Owed, error) {
	raw, err := json.Marshal(task)
	effect := task.effect()
	effect.State = orderops.EffectPending
	return []command.Owed{{Effect: effect, Kind: kindRecord, Payload: raw}}, err
}

func (s *Systems) performRecord(run command.Run, payload json.RawMessage) (command.EffectResult, error) {
	var task recordTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	effect, _, err := s.recordNow(run, task, true)
	return command.EffectResult{State: effect.State, Code: effect.Code, Reference: effect.Reference}, err
}

// instead replaces a piece of due work by others.
func instead(steps []moneyStep) (command.EffectResult, error) {
	result := command.EffectResult{State: orderops.EffectPending}
	waiting, steps := uncredited(steps)
	if len(waiting) > 0 {
		task := creditTask{Steps: waiting}
		raw, err := json.Marshal(task)
		effect := task.effect()
		effect.State = orderops.EffectPending
		result.Instead = append(result.Instead, command.Owed{Effect: effect, Kind: kindCredit, Payload: raw})
		if err != nil {
			return result, err
		}
	}
	for _, step := range steps {
		raw, err := json.Marshal(step)
		if err != nil {
			return result, err
		}
		effect := moneyEffect(step.movement)
		effect.State = orderops.EffectPending
		result.Instead = append(result.Instead, command.Owed{Effect: effect, Kind: step.Kind, Payload: raw})
	}
	return result, nil
}
