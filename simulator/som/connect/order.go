package connect

import (
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type orderSummaryInput struct {
	Body struct {
		OrderID                     string `json:"orderId"`
		Name                        string `json:"name"`
		OrderLifeCycleType          string `json:"orderLifeCycleType"`
		Status                      string `json:"status"`
		BusinessModel               string `json:"businessModel"`
		ExternalReferenceIdentifier string `json:"externalReferenceIdentifier"`
		SourceProcess               string `json:"sourceProcess"`
	}
}

type orderSummaryOutput struct {
	baseOutput
	OrderSummaryID string `json:"orderSummaryId"`
}

func (a *API) createOrderSummary(c *binding.Call, in orderSummaryInput) (orderSummaryOutput, error) {
	b := in.Body
	id, err := a.domain().CreateOrderSummary(c.Tx, som.NewOrderSummary{
		OrderID: b.OrderID, Name: b.Name, LifeCycle: som.LifeCycle(strings.ToUpper(b.OrderLifeCycleType)), Status: b.Status,
		BusinessModel: b.BusinessModel, ExternalReference: b.ExternalReferenceIdentifier, SourceProcess: b.SourceProcess, User: c.Principal.ID,
	})
	if err != nil {
		return orderSummaryOutput{}, err
	}
	return orderSummaryOutput{a.succeeded(), id}, nil
}

type paymentSummaryInput struct {
	Body struct {
		OrderSummaryID         string   `json:"orderSummaryId"`
		PaymentAuthorizationID string   `json:"paymentAuthorizationId"`
		PaymentIDs             []string `json:"paymentIds"`
		Name                   string   `json:"name"`
	}
}

type paymentSummaryOutput struct {
	baseOutput
	OrderPaymentSummaryID string `json:"orderPaymentSummaryId"`
}

func (a *API) createOrderPaymentSummary(c *binding.Call, in paymentSummaryInput) (paymentSummaryOutput, error) {
	id, err := a.domain().CreateOrderPaymentSummary(c.Tx, c.Principal.ID, som.NewPaymentSummary(in.Body))
	if err != nil {
		return paymentSummaryOutput{}, err
	}
	return paymentSummaryOutput{a.succeeded(), id}, nil
}
