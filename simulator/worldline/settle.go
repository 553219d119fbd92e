package worldline

import "github.com/somsim/somsim/simulator/sandbox"

// settle ends what was requested.
func (w *Worldline) settle(tx *sandbox.Tx, d sandbox.Due) error {
	op, ok := w.operations.Get(tx.Tx, d.Subject)
	if !ok {
		return nil
	}
	_, err := w.conclude(tx, op)
	return err
}

// conclude takes what was requested to its end: well, unless a test card or a test amount says otherwise.
func (w *Worldline) conclude(tx *sandbox.Tx, op Operation) (Operation, error) {
	p, ok := w.payments.Get(tx.Tx, op.PaymentID)
	if !ok {
		return op, impossible("worldline.payment.known", "operation %s has no payment", op.ID)
	}
	switch asked := (Instruction{Requested: op.Requested}); {
	case op.Status == AuthorizationRequested:
		return op, w.judged(tx, p)
	case op.Status == CaptureRequested && refusedAmount(p, asked, op.Amount) == refusedCapture:
		return w.refuseCapture(tx, p, op)
	case op.Status == CaptureRequested:
		return w.settled(tx, op, Captured)
	case op.Status == RefundRequested && (w.SettingsOf(tx).RefuseRefunds || refusedAmount(p, asked, op.Amount) == refusedRefund):
		return w.settled(tx, op, Rejected)
	case op.Status == RefundRequested:
		return w.settled(tx, op, Refunded)
	}
	return op, nil
}

// refuseCapture opens the authorisation again for what a refused capture had asked for, as long as it lives.
func (w *Worldline) refuseCapture(tx *sandbox.Tx, p Payment, op Operation) (Operation, error) {
	op, err := w.settled(tx, op, RejectedCapture)
	if err != nil {
		return op, err
	}
	w.reopen(tx, p)
	return op, nil
}

// reopen lets what is open of an authorisation be captured again, or lapse if it is too late for that.
func (w *Worldline) reopen(tx *sandbox.Tx, p Payment) {
	if tx.Now().After(p.ExpiresAt) {
		w.closeAuthorization(tx, &p, Expiry)
		return
	}
	p.Final = false
	w.payments.Put(tx.Tx, p)
	w.lapseLater(tx, p)
}
