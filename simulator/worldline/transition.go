package worldline

import (
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
)

// transitions says, for each kind of operation, what may follow a status. The status before an operation exists is empty;
// a status that is missing is an end.
func transitions(k Kind) map[Status][]Status {
	switch k {
	case Authorization:
		later := []Status{AuthorizationRequested, PendingCapture, Rejected, Cancelled}
		return map[Status][]Status{
			"":                     {Redirected, PendingCompletion, PendingFraudApproval, AuthorizationRequested, PendingCapture, Rejected},
			Redirected:             append([]Status{PendingCompletion, PendingFraudApproval}, later...),
			PendingCompletion:      append([]Status{PendingFraudApproval}, later...),
			PendingFraudApproval:   later,
			AuthorizationRequested: {PendingCapture, Rejected, Cancelled},
		}
	case Capture:
		return map[Status][]Status{"": {CaptureRequested}, CaptureRequested: {Captured, RejectedCapture, Cancelled}}
	case Refund:
		return map[Status][]Status{"": {RefundRequested}, RefundRequested: {Refunded, Rejected, Cancelled}}
	case Cancellation, Expiry:
		return map[Status][]Status{"": {Cancelled}}
	}
	return nil
}

// Transitions returns what may follow a status of an operation of that kind.
func Transitions(k Kind, from Status) []Status { return transitions(k)[from] }

// Kinds lists every kind of operation.
func Kinds() []Kind { return []Kind{Authorization, Capture, Cancellation, Refund, Expiry} }

// settled takes an operation on to its next status. The error has the code [OperationNotPossible].
func (w *Worldline) settled(tx *sandbox.Tx, op Operation, to Status) (Operation, error) {
	if !slices.Contains(Transitions(op.Kind, op.Status), to) {
		return op, impossible("worldline.status.transition", "the %s %s is %s and cannot become %s", op.Kind, op.ID, op.Status, to)
	}
	op.Status, op.ChangedAt = to, tx.Now()
	w.operations.Put(tx.Tx, op)
	w.announce(tx, op)
	return op, nil
}
