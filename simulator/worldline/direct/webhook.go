package direct

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
)

type webhook struct {
	APIVersion string           `json:"apiVersion"`
	Created    string           `json:"created"`
	ID         string           `json:"id"`
	MerchantID string           `json:"merchantId"`
	Type       string           `json:"type"`
	Payment    *paymentDocument `json:"payment,omitempty"`
	Refund     *refundDocument  `json:"refund,omitempty"`
}

// Webhook renders an event as Worldline Direct posts it. The payment in it bears id, status and amount of the operation
// that has changed.
func Webhook(d *worldline.Worldline, tx *sandbox.Tx, id string, e worldline.Event) ([]byte, error) {
	out := webhook{APIVersion: "v1", Created: tx.Now().Format(time.RFC3339Nano), ID: id, MerchantID: e.Payment.MerchantID, Type: e.Type}
	if e.OfRefund() {
		doc := newRefundDocument(e.Payment, e.Operation)
		out.Refund = &doc
	} else {
		doc := newPaymentDocument(d.State(tx, e.Payment))
		doc.ID, doc.Status = e.Operation.ID, string(e.Operation.Status)
		doc.StatusOutput.StatusCategory, doc.StatusOutput.StatusCode = worldline.StatusCategory(e.Operation.Status), e.Operation.Number()
		doc.PaymentOutput.AmountOfMoney.Amount = e.Operation.Amount
		out.Payment = &doc
	}
	body, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("render webhook %s: %w", id, err)
	}
	return body, nil
}
