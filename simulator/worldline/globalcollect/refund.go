package globalcollect

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

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
	doc := refundDocument{ID: op.ID, Status: string(op.Status), RefundOutput: newOperationOutput(p, op, worldline.Refunded)}
	doc.StatusOutput.IsCancellable = op.Status == worldline.RefundRequested
	doc.StatusOutput.StatusCategory, doc.StatusOutput.StatusCode = worldline.StatusCategory(op.Status), statusNumber(op.Status)
	doc.StatusOutput.StatusCodeChangeDateTime = changeTime(op.ChangedAt)
	return doc
}

type refundBody struct {
	AmountOfMoney    amount `json:"amountOfMoney"`
	RefundReferences struct {
		MerchantReference string `json:"merchantReference"`
	} `json:"refundReferences"`
}

func (b refundBody) instruction(captureID string) worldline.Instruction {
	return worldline.Instruction{
		Amount: b.AmountOfMoney.Amount, Currency: b.AmountOfMoney.CurrencyCode, MerchantReference: b.RefundReferences.MerchantReference,
		CaptureID: captureID, Requested: true,
	}
}

func (a *API) refundPayment(c *binding.Call, in struct {
	MerchantID string `path:"merchantId"`
	PaymentID  string `path:"paymentId"`
	Body       refundBody
},
) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (refundDocument, error) {
		p, err := a.payment(c, paymentInput{in.MerchantID, in.PaymentID})
		if err != nil {
			return refundDocument{}, err
		}
		op, err := a.domain.RefundPayment(c.Tx, p, in.Body.instruction(""))
		return newRefundDocument(p, op), err
	})
}

func (a *API) refundCapture(c *binding.Call, in struct {
	MerchantID string `path:"merchantId"`
	CaptureID  string `path:"captureId"`
	Body       refundBody
},
) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (refundDocument, error) {
		capture, p, err := a.domain.Operation(c.Tx, in.MerchantID, worldline.Capture, in.CaptureID)
		if err != nil {
			return refundDocument{}, err
		}
		op, err := a.domain.RefundPayment(c.Tx, p, in.Body.instruction(capture.ID))
		return newRefundDocument(p, op), err
	})
}

type refundList struct {
	Refunds []refundDocument `json:"refunds"`
}

func (a *API) getRefunds(c *binding.Call, in paymentInput) (refundList, error) {
	p, err := a.payment(c, in)
	if err != nil {
		return refundList{}, err
	}
	list := refundList{Refunds: []refundDocument{}}
	for _, op := range a.domain.Operations(c.Tx, p) {
		if op.Kind == worldline.Refund {
			list.Refunds = append(list.Refunds, newRefundDocument(p, op))
		}
	}
	return list, nil
}

type refundInput struct {
	MerchantID string `path:"merchantId"`
	RefundID   string `path:"refundId"`
}

func (a *API) getRefund(c *binding.Call, in refundInput) (refundDocument, error) {
	op, p, err := a.domain.Operation(c.Tx, in.MerchantID, worldline.Refund, in.RefundID)
	return newRefundDocument(p, op), err
}

func (a *API) cancelRefund(c *binding.Call, in refundInput) (binding.Empty, error) {
	op, _, err := a.domain.Operation(c.Tx, in.MerchantID, worldline.Refund, in.RefundID)
	if err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, a.domain.UndoRefund(c.Tx, op)
}
