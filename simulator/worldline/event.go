package worldline

import (
	"strings"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Event tells that an operation of a payment has reached a status. It is what webhooks are made of.
type Event struct {
	// Type is the platform's name for it, such as payment.captured.
	Type string
	// Operation is the one that has changed, Payment what it belongs to.
	Operation Operation
	Payment   Payment
}

// OfRefund reports whether the event tells of a refund, not of its payment.
func (e Event) OfRefund() bool { return strings.HasPrefix(e.Type, "refund.") }

// Announce has every change of status told to a function, within the transaction in which it happens. It is set before the
// first sandbox is made.
func (w *Worldline) Announce(tell func(tx *sandbox.Tx, e Event)) { w.tell = tell }

func (w *Worldline) announce(tx *sandbox.Tx, op Operation) {
	kind := eventType(op)
	if w.tell == nil || kind == "" {
		return
	}
	if p, ok := w.payments.Get(tx.Tx, op.PaymentID); ok {
		w.tell(tx, Event{Type: kind, Operation: op, Payment: p})
	}
}

// eventType names what has happened.
func eventType(op Operation) string {
	switch op.Status {
	case Redirected:
		return "payment.redirected"
	case PendingCompletion:
		return "payment.pending_completion"
	case PendingFraudApproval:
		return "payment.pending_fraud_approval"
	case AuthorizationRequested:
		return "payment.authorization_requested"
	case PendingCapture:
		return "payment.pending_capture"
	case CaptureRequested:
		return "payment.capture_requested"
	case Captured:
		return "payment.captured"
	case RejectedCapture:
		return "payment.rejected_capture"
	case RefundRequested:
		return "refund.refund_requested"
	case Refunded:
		return "payment.refunded"
	case Rejected, Cancelled:
		return ended(op)
	}
	return ""
}

// ended names the end of an operation that moves no money, or gives it back.
func ended(op Operation) string {
	if op.Kind == Capture { // it was called off: the money is authorised as before
		return "payment.pending_capture"
	}
	subject := "payment."
	if op.Kind == Refund {
		subject = "refund."
	}
	if op.Status == Rejected {
		return subject + "rejected"
	}
	return subject + "cancelled"
}
