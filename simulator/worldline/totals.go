package worldline

// Totals are what the operations of a payment add up to, in minor units.
type Totals struct {
	// Authorized is zero until the authorisation was given.
	Authorized int64
	// Captured is settled and CapturePending requested; likewise for refunds. Cancelled includes what has expired. What was
	// refused counts nowhere.
	Captured, CapturePending int64
	Refunded, RefundPending  int64
	Cancelled                int64
}

// Open is the authorised share that can still be captured or cancelled.
func (t Totals) Open() int64 { return t.Authorized - t.Captured - t.CapturePending - t.Cancelled }

// Refundable is the captured share that was not given back and is not about to be.
func (t Totals) Refundable() int64 { return t.Captured - t.Refunded - t.RefundPending }

// status derives the status of an authorised payment. A payment that was captured in part counts as captured while the
// rest stays open; Cancelled needs that nothing was ever captured.
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

// standing is the status of a payment with that ledger: of the authorisation until it was given, of a capture that was
// refused while none has followed it, and otherwise what the totals say.
func standing(t Totals, ledger []Operation) Status {
	if len(ledger) > 0 && ledger[0].Status != PendingCapture {
		return ledger[0].Status
	}
	last := Status("")
	for _, op := range ledger {
		if op.Kind == Capture {
			last = op.Status
		}
	}
	if s := t.status(); s != PendingCapture || last != RejectedCapture {
		return s
	}
	return RejectedCapture
}

func add(ops []Operation) Totals {
	var t Totals
	for _, op := range ops {
		switch op.Kind {
		case Authorization:
			t.Authorized += counted(op, PendingCapture)
		case Cancellation, Expiry:
			t.Cancelled += op.Amount
		case Capture:
			t.Captured += counted(op, Captured)
			t.CapturePending += counted(op, CaptureRequested)
		case Refund:
			t.Refunded += counted(op, Refunded)
			t.RefundPending += counted(op, RefundRequested)
		}
	}
	return t
}

func counted(op Operation, in Status) int64 {
	if op.Status != in {
		return 0
	}
	return op.Amount
}
