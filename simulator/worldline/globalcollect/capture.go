package globalcollect

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type operationOutput struct {
	AmountOfMoney amount     `json:"amountOfMoney"`
	AmountPaid    int64      `json:"amountPaid"`
	PaymentMethod string     `json:"paymentMethod"`
	References    references `json:"references"`
}

func newOperationOutput(p worldline.Payment, op worldline.Operation, settled worldline.Status) operationOutput {
	out := operationOutput{AmountOfMoney: amount{op.Amount, op.Currency}, PaymentMethod: paymentMethod, References: newReferences(p)}
	if op.MerchantReference != "" {
		out.References.MerchantReference = op.MerchantReference
	}
	if op.Status == settled {
		out.AmountPaid = op.Amount
	}
	return out
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
	doc := captureDocument{ID: op.ID, Status: string(op.Status), CaptureOutput: newOperationOutput(p, op, worldline.Captured)}
	doc.StatusOutput.StatusCode = statusNumber(op.Status)
	return doc
}

type paymentBody struct {
	Payment paymentDocument `json:"payment"`
}

type approveInput struct {
	MerchantID string `path:"merchantId"`
	PaymentID  string `path:"paymentId"`
	Body       struct {
		Amount  int64 `json:"amount"`
		IsFinal bool  `json:"isFinal"`
	}
}

func (a *API) approvePayment(c *binding.Call, in approveInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (paymentBody, error) {
		p, _, err := a.take(c, in, true)
		if err != nil {
			return paymentBody{}, err
		}
		return paymentBody{a.document(c, p)}, nil
	})
}

func (a *API) capturePayment(c *binding.Call, in approveInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (captureDocument, error) {
		p, op, err := a.take(c, in, false)
		return newCaptureDocument(p, op), err
	})
}

// take takes authorised money by the way that the payment was made for. An approval is the only one of its payment.
func (a *API) take(c *binding.Call, in approveInput, approval bool) (worldline.Payment, worldline.Operation, error) {
	p, err := a.payment(c, paymentInput{in.MerchantID, in.PaymentID})
	if err != nil {
		return p, worldline.Operation{}, err
	}
	if p.Approval != approval {
		return p, worldline.Operation{}, &worldline.Error{
			Code: worldline.OperationNotPossible, Rule: "worldline.connect.way", Message: "payment " + p.ID + " is taken by an approval if it requires one, otherwise by captures",
		}
	}
	op, err := a.domain.CapturePayment(c.Tx, p, worldline.Instruction{Amount: in.Body.Amount, Final: in.Body.IsFinal || approval, Requested: true})
	return p, op, err
}

func (a *API) cancelApproval(c *binding.Call, in paymentInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (paymentBody, error) {
		p, err := a.payment(c, in)
		if err != nil {
			return paymentBody{}, err
		}
		if err := a.domain.UndoCapture(c.Tx, p); err != nil {
			return paymentBody{}, err
		}
		return paymentBody{a.document(c, p)}, nil
	})
}

type cancelBody struct {
	Payment paymentDocument `json:"payment"`
	Card    struct {
		VoidResponseID string `json:"voidResponseId"`
	} `json:"cardPaymentMethodSpecificOutput"`
}

// cancelPayment gives back all that was authorised and not captured: this generation knows no part.
func (a *API) cancelPayment(c *binding.Call, in paymentInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (cancelBody, error) {
		p, err := a.payment(c, in)
		if err != nil {
			return cancelBody{}, err
		}
		if _, err := a.domain.CancelPayment(c.Tx, p, worldline.Instruction{Final: true, Requested: true}); err != nil {
			return cancelBody{}, err
		}
		out := cancelBody{Payment: a.document(c, p)}
		out.Card.VoidResponseID = "0"
		return out, nil
	})
}

type captureList struct {
	Captures []captureDocument `json:"captures"`
}

func (a *API) getCaptures(c *binding.Call, in paymentInput) (captureList, error) {
	p, err := a.payment(c, in)
	if err != nil {
		return captureList{}, err
	}
	list := captureList{Captures: []captureDocument{}}
	for _, op := range a.domain.Operations(c.Tx, p) {
		if op.Kind == worldline.Capture {
			list.Captures = append(list.Captures, newCaptureDocument(p, op))
		}
	}
	return list, nil
}

type captureInput struct {
	MerchantID string `path:"merchantId"`
	CaptureID  string `path:"captureId"`
}

func (a *API) getCapture(c *binding.Call, in captureInput) (captureDocument, error) {
	op, p, err := a.domain.Operation(c.Tx, in.MerchantID, worldline.Capture, in.CaptureID)
	return newCaptureDocument(p, op), err
}
