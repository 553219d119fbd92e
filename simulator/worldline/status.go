package worldline

// Status is where a payment or one of its operations stands.
type Status string

// The statuses that the simulation knows.
const (
	PendingCapture   Status = "PENDING_CAPTURE"
	CaptureRequested Status = "CAPTURE_REQUESTED"
	Captured         Status = "CAPTURED"
	Cancelled        Status = "CANCELLED"
	RefundRequested  Status = "REFUND_REQUESTED"
	Refunded         Status = "REFUNDED"
)

// StatusNumber returns the platform's number for a status.
func StatusNumber(s Status) int {
	switch s {
	case PendingCapture:
		return 5
	case CaptureRequested:
		return 91
	case Captured:
		return 9
	case Cancelled:
		return 6
	case RefundRequested:
		return 81
	case Refunded:
		return 8
	}
	return 0
}

// StatusCategory returns the platform's coarse grouping of a status.
func StatusCategory(s Status) string {
	switch s {
	case PendingCapture:
		return "PENDING_MERCHANT"
	case CaptureRequested, RefundRequested:
		return "PENDING_CONNECT_OR_3RD_PARTY"
	case Captured:
		return "COMPLETED"
	case Cancelled:
		return "UNSUCCESSFUL"
	case Refunded:
		return "REFUNDED"
	}
	return ""
}

// Totals are what the operations of a payment add up to, in minor units.
type Totals struct {
	Authorized int64
	// Captured is settled and CapturePending requested; likewise for refunds. Cancelled includes what has expired.
	Captured, CapturePending int64
	Refunded, RefundPending  int64
	Cancelled                int64
}

// Open is the authorised share that can still be captured or cancelled.
func (t Totals) Open() int64 { return t.Authorized - t.Captured - t.CapturePending - t.Cancelled }

// Refundable is the captured share that was not given back and is not about to be.
func (t Totals) Refundable() int64 { return t.Captured - t.Refunded - t.RefundPending }

// status derives the status of a payment. A payment that was captured in part counts as captured while the rest stays
// open; Cancelled needs that nothing was ever captured.
func (t Totals) status() Status {
	switch {
	case t.Captured == 0 && t.CapturePending > 0:
		return CaptureRequested
	case t.Captured == 0 && t.Open() == 0:
		return Cancelled
	case t.Captured == 0:
		return PendingCapture
	case t.Refunded == t.Captured:
		return Refunded
	case t.Refunded+t.RefundPending == t.Captured:
		return RefundRequested
	default:
		return Captured
	}
}

func add(ops []Operation) Totals {
	var t Totals
	for _, op := range ops {
		switch op.Kind {
		case Authorization:
			t.Authorized += op.Amount
		case Cancellation, Expiry:
			t.Cancelled += op.Amount
		case Capture:
			if op.Status == Captured {
				t.Captured += op.Amount
			} else {
				t.CapturePending += op.Amount
			}
		case Refund:
			if op.Status == Refunded {
				t.Refunded += op.Amount
			} else {
				t.RefundPending += op.Amount
			}
		}
	}
	return t
}
