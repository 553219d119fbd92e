package direct

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type operationOutput struct {
	AmountOfMoney       amount      `json:"amountOfMoney"`
	PaymentMethod       string      `json:"paymentMethod"`
	References          references  `json:"references"`
	OperationReferences *references `json:"operationReferences,omitempty"`
}

func newOperationOutput(p worldline.Payment, op worldline.Operation) operationOutput {
	return operationOutput{
		AmountOfMoney: amount{op.Amount, op.Currency}, PaymentMethod: paymentMethod,
		References: newReferences(p), OperationReferences: operationReferences(op),
	}
}

type captureDocument struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	StatusOutput struct {
		StatusCode int `json:"statusCode"`
	} `json:"statusOutput"`
	CaptureOutput operationOutput `json:"captureOutput"`
}

func newCaptureDocument(p worldline.Payment, op worldline.Operation) captureDocument {
	doc := captureDocument{ID: op.ID, Status: string(op.Status), CaptureOutput: newOperationOutput(p, op)}
	doc.StatusOutput.StatusCode = op.Number()
	return doc
}

type refundDocument struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	StatusOutput struct {
		IsCancellable            bool   `json:"isCancellable"`
		StatusCategory           string `json:"statusCategory"`
		StatusCode               int    `json:"statusCode"`
		StatusCodeChangeDateTime string `json:"statusCodeChangeDateTime"`
	} `json:"statusOutput"`
	RefundOutput operationOutput `json:"refundOutput"`
}

func newRefundDocument(p worldline.Payment, op worldline.Operation) refundDocument {
	doc := refundDocument{ID: op.ID, Status: string(op.Status), RefundOutput: newOperationOutput(p, op)}
	doc.StatusOutput.StatusCategory = worldline.StatusCategory(op.Status)
	doc.StatusOutput.StatusCode = op.Number()
	doc.StatusOutput.StatusCodeChangeDateTime = changeTime(op.ChangedAt)
	return doc
}

type captureInput struct {
	MerchantID string `path:"merchantId"`
	PaymentID  string `path:"paymentId"`
	Body       struct {
		Amount              int64      `json:"amount"`
		IsFinal             bool       `json:"isFinal"`
		OperationReferences references `json:"operationReferences"`
	}
}

func (a *API) capturePayment(c *binding.Call, in captureInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (captureDocument, error) {
		p, err := a.domain.Payment(c.Tx, in.MerchantID, in.PaymentID)
		if err != nil {
			return captureDocument{}, err
		}
		op, err := a.domain.CapturePayment(c.Tx, p, worldline.Instruction{
			Amount: in.Body.Amount, Final: in.Body.IsFinal, Requested: true,
			MerchantReference: in.Body.OperationReferences.MerchantReference,
			GroupReference:    in.Body.OperationReferences.OperationGroupReference,
		})
		return newCaptureDocument(p, op), err
	})
}

type cancelInput struct {
	MerchantID string `path:"merchantId"`
	PaymentID  string `path:"paymentId"`
	Body       struct {
		AmountOfMoney       amount     `json:"amountOfMoney"`
		IsFinal             bool       `json:"isFinal"`
		OperationReferences references `json:"operationReferences"`
	}
}

type cancelDocument struct {
	Payment paymentDocument `json:"payment"`
}

func (a *API) cancelPayment(c *binding.Call, in cancelInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (cancelDocument, error) {
		p, err := a.domain.Payment(c.Tx, in.MerchantID, in.PaymentID)
		if err != nil {
			return cancelDocument{}, err
		}
		_, err = a.domain.CancelPayment(c.Tx, p, worldline.Instruction{
			Amount: in.Body.AmountOfMoney.Amount, Currency: in.Body.AmountOfMoney.CurrencyCode, Final: in.Body.IsFinal,
			MerchantReference: in.Body.OperationReferences.MerchantReference, Requested: true,
			GroupReference: in.Body.OperationReferences.OperationGroupReference,
		})
		if err != nil {
			return cancelDocument{}, err
		}
		return cancelDocument{newPaymentDocument(a.domain.Fresh(c.Tx, p.ID))}, nil
	})
}

type refundInput struct {
	MerchantID string `path:"merchantId"`
	PaymentID  string `path:"paymentId"`
	Body       struct {
		AmountOfMoney       amount     `json:"amountOfMoney"`
		CaptureID           string     `json:"captureId"`
		Reason              string     `json:"reason"`
		OperationReferences references `json:"operationReferences"`
	}
}

func (a *API) refundPayment(c *binding.Call, in refundInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (refundDocument, error) {
		p, err := a.domain.Payment(c.Tx, in.MerchantID, in.PaymentID)
		if err != nil {
			return refundDocument{}, err
		}
		op, err := a.domain.RefundPayment(c.Tx, p, worldline.Instruction{
			Amount: in.Body.AmountOfMoney.Amount, Currency: in.Body.AmountOfMoney.CurrencyCode,
			CaptureID: in.Body.CaptureID, Reason: in.Body.Reason, Requested: true,
			MerchantReference: in.Body.OperationReferences.MerchantReference,
			GroupReference:    in.Body.OperationReferences.OperationGroupReference,
		})
		return newRefundDocument(p, op), err
	})
}

type captureList struct {
	Captures []captureDocument `json:"captures"`
}

func (a *API) getCaptures(c *binding.Call, in paymentInput) (captureList, error) {
	list := captureList{Captures: []captureDocument{}}
	s, err := a.state(c, in)
	for _, op := range s.Ledger {
		if op.Kind == worldline.Capture {
			list.Captures = append(list.Captures, newCaptureDocument(s.Payment, op))
		}
	}
	return list, err
}

type refundList struct {
	Refunds []refundDocument `json:"refunds"`
}

func (a *API) getRefunds(c *binding.Call, in paymentInput) (refundList, error) {
	list := refundList{Refunds: []refundDocument{}}
	s, err := a.state(c, in)
	for _, op := range s.Ledger {
		if op.Kind == worldline.Refund {
			list.Refunds = append(list.Refunds, newRefundDocument(s.Payment, op))
		}
	}
	return list, err
}
