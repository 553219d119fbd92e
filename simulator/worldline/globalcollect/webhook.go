package globalcollect

import (
	"encoding/json"
	"fmt"
	"strings"

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

// Webhook renders an event as Connect posts it.
func Webhook(d *worldline.Worldline, tx *sandbox.Tx, id string, e worldline.Event) ([]byte, error) {
	out := webhook{
		APIVersion: "v1", Created: tx.Now().Format("2006-01-02T15:04:05.000-0700"), ID: id, MerchantID: e.Payment.MerchantID, Type: e.Type,
	}
	if e.OfRefund() {
		doc := newRefundDocument(e.Payment, e.Operation)
		out.Refund = &doc
	} else {
		doc := newPaymentDocument(nil, d.State(tx, e.Payment))
		doc.Status = statusName(e.Payment, e.Operation.Status)
		doc.StatusOutput.StatusCategory, doc.StatusOutput.StatusCode = worldline.StatusCategory(e.Operation.Status), statusNumber(e.Operation.Status)
		out.Payment, out.Type = &doc, "payment."+strings.ToLower(doc.Status)
	}
	body, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("render webhook %s: %w", id, err)
	}
	return body, nil
}
