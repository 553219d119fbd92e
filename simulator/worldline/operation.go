package worldline

import (
	"fmt"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Instruction is what a merchant wants done with a payment.
type Instruction struct {
	// Amount is zero for all that is left. Currency may be empty; otherwise it has to be the payment's.
	Amount   int64
	Currency string
	// Final says that no capture follows: what is left open after it is given back at once.
	Final bool
	// MerchantReference, GroupReference and Reason are kept with the operation.
	MerchantReference, GroupReference, Reason string
	// CaptureID names the capture that a refund gives back; it may be empty.
	CaptureID string
	// Requested is set for what a merchant asks of the platform's API: captures settle later, and test amounts are refused.
	Requested bool
}

func (i Instruction) operation(kind Kind, status Status, amount int64) Operation {
	return Operation{
		Kind: kind, Status: status, Amount: amount, Final: i.Final,
		MerchantReference: i.MerchantReference, GroupReference: i.GroupReference, Reason: i.Reason, CaptureID: i.CaptureID,
		Requested: i.Requested,
	}
}

// Capture takes authorised money; with zero all that is open. A final capture gives the rest back. It is for presets;
// faces use [Worldline.CapturePayment].
func (w *Worldline) Capture(tx *sandbox.Tx, paymentID string, amount int64, final bool) (Operation, error) {
	p, ok := w.payments.Get(tx.Tx, paymentID)
	if !ok {
		return Operation{}, fmt.Errorf("capture: there is no payment %q", paymentID)
	}
	return w.CapturePayment(tx, p, Instruction{Amount: amount, Final: final})
}

// Refund gives captured money back; with zero all of it. It is for presets; faces use [Worldline.RefundPayment].
func (w *Worldline) Refund(tx *sandbox.Tx, paymentID string, amount int64) (Operation, error) {
	p, ok := w.payments.Get(tx.Tx, paymentID)
	if !ok {
		return Operation{}, fmt.Errorf("refund: there is no payment %q", paymentID)
	}
	op, err := w.RefundPayment(tx, p, Instruction{Amount: amount})
	if err == nil && op.Status == RefundRequested {
		tx.Unschedule(refundSettlement, op.ID)
		return w.settled(tx, op, Refunded)
	}
	return op, err
}

// CapturePayment takes authorised money. Errors have the codes [OperationNotPossible] and [ParameterInvalid].
func (w *Worldline) CapturePayment(tx *sandbox.Tx, p Payment, i Instruction) (Operation, error) {
	open := w.State(tx, p).Open()
	if p.Final {
		open = 0
	}
	amount, err := i.amount(p, open, "worldline.capture.authorized-only", "captured")
	if err != nil {
		return Operation{}, err
	}
	op := w.record(tx, &p, i.operation(Capture, CaptureRequested, amount), tx.Now())
	if delay := w.SettingsOf(tx).CaptureDelay; i.Requested && delay > 0 {
		tx.Schedule(sandbox.Due{Kind: captureSettlement, Subject: op.ID, At: tx.Now().Add(delay)})
	} else if op, err = w.conclude(tx, op); err != nil {
		return Operation{}, err
	}
	if op.Status != RejectedCapture {
		w.closeIf(tx, &p, i.Final)
	}
	return op, nil
}

// CancelPayment gives back authorised money that was not captured: all of it, or a part. While the acquirer has not
// answered, it is the whole payment that is cancelled. Errors have the codes [OperationNotPossible] and [ParameterInvalid].
func (w *Worldline) CancelPayment(tx *sandbox.Tx, p Payment, i Instruction) (Operation, error) {
	s := w.State(tx, p)
	if s.Status == AuthorizationRequested {
		return w.callOff(tx, s, i)
	}
	amount, err := i.amount(p, s.Open(), "worldline.cancel.uncaptured-only", "cancelled")
	if err != nil {
		return Operation{}, err
	}
	if refusedAmount(p, i, amount) == refusedCancel {
		return Operation{}, impossible("worldline.test-amount", "a cancellation of 13.05 EUR is refused: it is a test amount")
	}
	op := w.record(tx, &p, i.operation(Cancellation, Cancelled, amount), tx.Now())
	w.closeIf(tx, &p, i.Final)
	return op, nil
}

// callOff cancels a payment whose authorisation is under way.
func (w *Worldline) callOff(tx *sandbox.Tx, s State, i Instruction) (Operation, error) {
	amount, err := i.amount(s.Payment, s.Amount, "worldline.cancel.uncaptured-only", "cancelled")
	if err != nil {
		return Operation{}, err
	}
	if amount != s.Amount {
		return Operation{}, impossible("worldline.cancel.whole-before-authorized", "payment %s is not authorised yet and can be cancelled as a whole only", s.Payment.ID)
	}
	tx.Unschedule(authorizationSettlement, s.Payment.ID)
	return w.settled(tx, s.Ledger[0], Cancelled)
}

// RefundPayment gives back captured money. It is requested at once and settled later. Errors have the codes
// [OperationNotPossible] and [ParameterInvalid].
func (w *Worldline) RefundPayment(tx *sandbox.Tx, p Payment, i Instruction) (Operation, error) {
	left := w.State(tx, p).Refundable()
	if i.CaptureID != "" {
		of, err := w.capture(tx, p, i.CaptureID)
		if err != nil {
			return Operation{}, err
		}
		left = min(left, w.refundableOf(tx, p, of))
	}
	amount, err := i.amount(p, left, "worldline.refund.captured-only", "refunded")
	if err != nil {
		return Operation{}, err
	}
	op := w.record(tx, &p, i.operation(Refund, RefundRequested, amount), tx.Now())
	if delay := w.SettingsOf(tx).RefundDelay; delay > 0 {
		tx.Schedule(sandbox.Due{Kind: refundSettlement, Subject: op.ID, At: tx.Now().Add(delay)})
		return op, nil
	}
	return w.conclude(tx, op)
}

// refundableOf is what is left of one capture: what refunds have named it gave back.
func (w *Worldline) refundableOf(tx *sandbox.Tx, p Payment, of Operation) int64 {
	left := counted(of, Captured)
	for _, op := range w.Operations(tx, p) {
		if op.Kind == Refund && op.CaptureID == of.ID {
			left -= counted(op, Refunded) + counted(op, RefundRequested)
		}
	}
	return left
}

// capture returns a capture of the payment. The error has the code [ParameterInvalid].
func (w *Worldline) capture(tx *sandbox.Tx, p Payment, id string) (Operation, error) {
	if op, ok := w.operations.Get(tx.Tx, id); ok && op.PaymentID == p.ID && op.Kind == Capture {
		return op, nil
	}
	return Operation{}, &Error{
		Code: ParameterInvalid, Rule: "worldline.refund.own-capture", Property: "captureId",
		Message: fmt.Sprintf("payment %s has no capture %s", p.ID, id),
	}
}

// amount checks what an instruction asks for against what is left.
func (i Instruction) amount(p Payment, left int64, rule, verb string) (int64, error) {
	if i.Currency != "" && i.Currency != p.Currency {
		return 0, &Error{
			Code: ParameterInvalid, Rule: "worldline.amount.currency", Property: "amountOfMoney.currencyCode",
			Message: fmt.Sprintf("payment %s is in %s, not in %s", p.ID, p.Currency, i.Currency),
		}
	}
	amount := i.Amount
	if amount == 0 {
		amount = left
	}
	if amount <= 0 || amount > left {
		return 0, impossible(rule, "%d of payment %s cannot be %s: %d are left", amount, p.ID, verb, left)
	}
	return amount, nil
}

// closeIf ends the authorisation when the merchant says so or nothing of it is left.
func (w *Worldline) closeIf(tx *sandbox.Tx, p *Payment, final bool) {
	if final || w.State(tx, *p).Open() == 0 {
		w.closeAuthorization(tx, p, Cancellation)
	}
}

// closeAuthorization gives back what is still open of an authorisation that nobody will capture any more.
func (w *Worldline) closeAuthorization(tx *sandbox.Tx, p *Payment, kind Kind) {
	p.Final = true
	tx.Unschedule(authorizationExpiry, p.ID)
	if rest := w.State(tx, *p).Open(); rest > 0 {
		w.record(tx, p, Operation{Kind: kind, Status: Cancelled, Amount: rest, Final: true}, tx.Now())
		return
	}
	w.payments.Put(tx.Tx, *p)
}

// expire lets an authorisation lapse: what was not captured by then is the shopper's again.
func (w *Worldline) expire(tx *sandbox.Tx, d sandbox.Due) error {
	if p, ok := w.payments.Get(tx.Tx, d.Subject); ok {
		w.closeAuthorization(tx, &p, Expiry)
	}
	return nil
}
