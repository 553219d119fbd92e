package settle

import (
	"context"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// recordTask is a movement of money that has to be on record in SOM: one row for each of the provider's operations,
// named by the operation's id.
type recordTask struct {
	movement
	Payment Payment `json:"payment"`
	// Operation is the provider's; its id is empty while it still has to be found by the movement's key.
	Operation worldlineclient.Operation `json:"operation"`
	// Lapsed says that nobody asked for the operation: the provider ended the authorisation by itself.
	Lapsed bool `json:"lapsed,omitempty"`
	// Instead is the operation that the row in SOM names so far; empty when there is no row yet.
	Instead string `json:"instead,omitempty"`
}

func taskOf(m moved) recordTask {
	switch m.step.Kind { // it is told as what happened at the provider, whoever made that
	case kindReverse:
		m.step.Kind = kindVoid
	case kindEnsure:
		m.step.Kind = kindRefund
	}
	return recordTask{movement: m.step.movement, Payment: m.step.Payment, Operation: m.operation, Lapsed: m.step.Lapsed, Instead: m.step.Instead}
}

// effect words the task.
func (t recordTask) effect() orderops.Effect {
	amount := orderops.FromMinorUnits(t.Amount, t.Currency)
	return orderops.Effect{System: somclient.System, Action: "record", Reference: t.Operation.ID, Amount: &amount, Currency: t.Currency}
}

// recordable says that SOM has to be told: of what was made, unless SOM knows since it made it, and of what the provider
// did by itself.
func (m moved) recordable() bool { return m.made() && (!m.step.bySOM() || m.untold) || m.step.Lapsed }

// record has SOM know of a movement that was made.
func (a *Aftermath) record(m moved) error {
	if !m.recordable() {
		return nil
	}
	task := taskOf(m)
	effect, task, err := a.recordNow(a.Run, task, task.Lapsed)
	if err != nil || task.Lapsed && effect.State == orderops.EffectNotApplicable {
		return err
	}
	return a.effect(effect, kindRecord, task)
}

// recordNow makes the row of a movement. It looks for the row first when it may have been made before, and again after
// an answer that was lost. The task it returns knows the operation, once that was found.
func (s *Systems) recordNow(run command.Run, task recordTask, mayExist bool) (orderops.Effect, recordTask, error) {
	failure, err := s.findOperation(run, &task)
	effect := task.effect()
	switch {
	case err != nil:
		return effect, task, err
	case failure != nil:
		effect.State, effect.Code = StateAfter(failure)
		return effect, task, nil
	case task.Instead != "":
		effect, err = s.renameRow(run, task)
		return effect, task, err
	case task.Kind == kindVoid && task.Payment.AuthorizationID == "", task.Payment.SummaryID == "", task.Operation.ID == "":
		effect.State, effect.Code = orderops.EffectNotApplicable, "no_row_to_follow"
		return effect, task, nil
	}
	out, err := s.recordRow(run, task, mayExist)
	effect.State, effect.Code = StateAfter(out.Failure)
	if out.Value != "" {
		effect.Reference = out.Value
	}
	return effect, task, err
}

// findOperation finds the provider's operation of a void, which the answer to the void does not name.
func (s *Systems) findOperation(run command.Run, task *recordTask) (*remote.Error, error) {
	if task.Operation.ID != "" {
		return nil, nil
	}
	out, err := s.readPayment(run, "worldline.operation/"+task.Key[:8], task.PaymentID)
	if err != nil || out.Failure != nil {
		return out.Failure, err
	}
	op, found := out.Value.Operation(task.Key)
	if task.Lapsed {
		op = lapse(out.Value)
		task.Operation, task.Amount = op, op.Amount
		return nil, nil
	}
	if !found { // read before the write was visible: it is looked for again
		return &remote.Error{System: worldlineclient.System, Operation: "getPaymentDetails", Class: remote.Unavailable, VendorCode: "operation_not_found"}, nil
	}
	task.Operation = op
	return nil, nil
}

// lapse is the latest operation by which authorised money came back without being asked for; empty when there is none.
func lapse(p worldlineclient.Payment) worldlineclient.Operation {
	var last worldlineclient.Operation
	for _, op := range p.Operations {
		if op.Voided() && op.Reference == "" {
			last = op
		}
	}
	return last
}

// recordRow makes the row, at most twice: the second time only when the first answer was lost and there is no row.
func (s *Systems) recordRow(run command.Run, task recordTask, mayExist bool) (command.Outcome[string], error) {
	var known command.Outcome[somclient.Record]
	var err error
	// A refund is applied to payments, of which the latest has to be known; a void needs no look before the first try.
	if mayExist || task.Kind == kindRefund {
		if known, err = s.recorded(run, "som.recorded/"+task.Operation.ID, task); err != nil || settled(known) {
			return command.Outcome[string]{Value: known.Value.ID, Failure: known.Failure}, err
		}
	}
	out, err := s.recordStep(run, "som.record/"+task.Operation.ID+"#1", task, known.Value)
	if err != nil || out.Class() != remote.Ambiguous {
		return out, err
	}
	if known, err = s.recorded(run, "som.recordedAfterAll/"+task.Operation.ID, task); err != nil || settled(known) {
		return command.Outcome[string]{Value: known.Value.ID, Failure: known.Failure}, err
	}
	return s.recordStep(run, "som.record/"+task.Operation.ID+"#2", task, known.Value)
}

// settled says that nothing is left to do after a look: the row is there, or nobody can tell.
func settled(known command.Outcome[somclient.Record]) bool {
	return known.Failure != nil || known.Value.ID != ""
}

func (s *Systems) recorded(run command.Run, step string, task recordTask) (command.Outcome[somclient.Record], error) {
	return command.Call(run, step, func(ctx context.Context) (somclient.Record, error) {
		summary := task.Payment.SummaryID
		if task.Kind == kindVoid {
			summary = "" // a reversal needs no payments
		}
		return s.SOM.Recorded(ctx, task.Operation.ID, summary)
	})
}

func (s *Systems) recordStep(run command.Run, step string, task recordTask, known somclient.Record) (command.Outcome[string], error) {
	amount := orderops.FromMinorUnits(task.Amount, task.Currency).Decimal
	return command.CallOnce(run, step, func(ctx context.Context) (string, error) {
		if task.Kind == kindVoid {
			return s.SOM.RecordReversal(ctx, somclient.Reversal{
				AuthorizationID: task.Payment.AuthorizationID, Amount: amount, Reference: task.Operation.ID, At: task.Operation.At,
			})
		}
		refund := somclient.Refund{OrderPaymentSummaryID: task.Payment.SummaryID, Amount: amount, Reference: task.Operation.ID, At: task.Operation.At}
		left := amount
		for _, capture := range known.Captures {
			if share := decimal.Min(left, capture.Left); share.IsPositive() {
				refund.Lines = append(refund.Lines, somclient.RefundLine{PaymentID: capture.PaymentID, Amount: share})
				left = left.Sub(share)
			}
		}
		return s.SOM.RecordRefund(ctx, refund)
	})
}
