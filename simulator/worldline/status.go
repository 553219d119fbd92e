package worldline

// Status is where a payment or one of its operations stands.
type Status string

// The statuses that the simulation knows.
const (
	// Redirected: the shopper has to prove who he is (3-D Secure).
	Redirected Status = "REDIRECTED"
	// PendingCompletion: the merchant has to complete the payment.
	PendingCompletion Status = "PENDING_COMPLETION"
	// PendingFraudApproval: somebody has to look whether it is fraud.
	PendingFraudApproval Status = "PENDING_FRAUD_APPROVAL"
	// AuthorizationRequested: the acquirer has not answered yet.
	AuthorizationRequested Status = "AUTHORIZATION_REQUESTED"
	// PendingCapture: the money is authorised.
	PendingCapture   Status = "PENDING_CAPTURE"
	CaptureRequested Status = "CAPTURE_REQUESTED"
	Captured         Status = "CAPTURED"
	// Rejected: the authorisation, or a refund, was refused.
	Rejected        Status = "REJECTED"
	RejectedCapture Status = "REJECTED_CAPTURE"
	Cancelled       Status = "CANCELLED"
	RefundRequested Status = "REFUND_REQUESTED"
	Refunded        Status = "REFUNDED"
)

// Statuses lists every status.
func Statuses() []Status {
	return []Status{
		Redirected, PendingCompletion, PendingFraudApproval, AuthorizationRequested, PendingCapture, CaptureRequested, Captured, Rejected,
		RejectedCapture, Cancelled, RefundRequested, Refunded,
	}
}

// StatusNumber returns the platform's number for a status of a payment.
func StatusNumber(s Status) int {
	switch s {
	case Redirected:
		return 46
	case PendingCompletion, PendingFraudApproval:
		return 50
	case AuthorizationRequested:
		return 51
	case PendingCapture:
		return 5
	case CaptureRequested:
		return 91
	case Captured:
		return 9
	case Rejected:
		return 2
	case RejectedCapture:
		return 93
	case Cancelled:
		return 6
	case RefundRequested:
		return 81
	case Refunded:
		return 8
	}
	return 0
}

// Number returns the platform's number for the status of the operation: a refund that is refused and a payment that the
// shopper gave up have numbers of their own.
func (op Operation) Number() int {
	switch {
	case op.Kind == Refund && op.Status == Rejected:
		return 83
	case op.Kind == Authorization && op.Status == Cancelled:
		return 1
	default:
		return StatusNumber(op.Status)
	}
}

// StatusCategory returns the platform's coarse grouping of a status.
func StatusCategory(s Status) string {
	switch s {
	case Redirected:
		return "PENDING_PAYMENT"
	case PendingCapture, PendingCompletion, PendingFraudApproval:
		return "PENDING_MERCHANT"
	case AuthorizationRequested, CaptureRequested, RefundRequested:
		return "PENDING_CONNECT_OR_3RD_PARTY"
	case Captured:
		return "COMPLETED"
	case Cancelled, Rejected, RejectedCapture:
		return "UNSUCCESSFUL"
	case Refunded:
		return "REFUNDED"
	}
	return ""
}
