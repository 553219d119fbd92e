package worldline

import (
	"fmt"

	"github.com/somsim/somsim/simulator/sandbox"
)

// UndoCapture calls off what was asked to be captured and is not settled: the money is authorised as before. The error has
// the code [OperationNotPossible].
func (w *Worldline) UndoCapture(tx *sandbox.Tx, p Payment) error {
	for _, op := range w.Operations(tx, p) {
		if op.Kind != Capture || op.Status != CaptureRequested {
			continue
		}
		tx.Unschedule(captureSettlement, op.ID)
		if _, err := w.settled(tx, op, Cancelled); err != nil {
			return err
		}
		w.reopen(tx, p)
		return nil
	}
	return impossible("worldline.capture.undo", "payment %s has no capture that could be called off", p.ID)
}

// UndoRefund calls off a refund that is not settled. The error has the code [OperationNotPossible].
func (w *Worldline) UndoRefund(tx *sandbox.Tx, op Operation) error {
	tx.Unschedule(refundSettlement, op.ID)
	_, err := w.settled(tx, op, Cancelled)
	return err
}

// Operation returns an operation of a kind by its id, with its payment. The error has the code [UnknownRefund] or
// [UnknownCapture].
func (w *Worldline) Operation(tx *sandbox.Tx, merchantID string, kind Kind, id string) (Operation, Payment, error) {
	if op, ok := w.operations.Get(tx.Tx, id); ok && op.Kind == kind {
		if p, ok := w.payments.Get(tx.Tx, op.PaymentID); ok && p.MerchantID == merchantID {
			return op, p, nil
		}
	}
	code := UnknownCapture
	if kind == Refund {
		code = UnknownRefund
	}
	return Operation{}, Payment{}, &Error{
		Code: code, Rule: "worldline.operation.known", Message: fmt.Sprintf("there is no %s %s", kind, id), Property: string(kind) + "Id",
	}
}
