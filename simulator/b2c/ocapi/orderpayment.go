package ocapi

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type orderPaymentInput struct {
	Site              string `path:"site"`
	Version           string `path:"version"`
	OrderNo           string `path:"order_no"`
	ID                string `path:"payment_instrument_id"`
	SkipAuthorization bool   `query:"skip_authorization"`
	ResourceState     string `header:"x-dw-resource-state"`
	Body              paymentInput
}

func (in orderPaymentInput) payment() (b2c.OrderPayment, error) {
	p := b2c.OrderPayment{
		PaymentMethodID: pointed(in.Body.PaymentMethodID), Amount: in.Body.Amount, GiftCertificateCode: in.Body.GiftCertificateCode,
		SkipAuthorization: in.SkipAuthorization, ResourceState: in.ResourceState,
	}
	if in.Body.ResourceState != "" {
		p.ResourceState = in.Body.ResourceState
	}
	if in.Body.PaymentCard != nil {
		card := in.Body.PaymentCard.card()
		p.Card, p.CardNumber = &card, in.Body.PaymentCard.Number
	}
	var err error
	p.Custom, p.Unset, err = in.Body.custom.attributes()
	return p, err
}

func (a *API) addOrderPaymentInstrument(c *binding.Call, in orderPaymentInput) (renderedOrder, error) {
	payment, err := in.payment()
	if err != nil {
		return renderedOrder{}, err
	}
	o, err := a.domain.AddOrderPayment(c.Tx, reader(c, in.Site), in.OrderNo, payment)
	if err != nil {
		return renderedOrder{}, err
	}
	return a.render(in.Version, o)
}

func (a *API) patchOrderPaymentInstrument(c *binding.Call, in orderPaymentInput) (renderedOrder, error) {
	payment, err := in.payment()
	if err != nil {
		return renderedOrder{}, err
	}
	o, err := a.domain.ChangeOrderPayment(c.Tx, reader(c, in.Site), in.OrderNo, in.ID, payment)
	if err != nil {
		return renderedOrder{}, err
	}
	return a.render(in.Version, o)
}

func (a *API) deleteOrderPaymentInstrument(c *binding.Call, in struct {
	Site          string `path:"site"`
	Version       string `path:"version"`
	OrderNo       string `path:"order_no"`
	ID            string `path:"payment_instrument_id"`
	ResourceState string `header:"x-dw-resource-state"`
},
) (renderedOrder, error) {
	o, err := a.domain.RemoveOrderPayment(c.Tx, reader(c, in.Site), in.OrderNo, in.ID, in.ResourceState)
	if err != nil {
		return renderedOrder{}, err
	}
	return a.render(in.Version, o)
}

// statusDocument is the provider's word about a payment.
type statusDocument struct {
	Type    string `json:"_type"`
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
	// Status is 0 for OK and 1 for an error.
	Status int `json:"status"`
}

func newStatusDocument(a b2c.Authorization) *statusDocument {
	if a.Code == "" {
		return nil
	}
	doc := &statusDocument{Type: "status", Code: a.Code, Message: a.Message}
	if !a.Given {
		doc.Status = 1
	}
	return doc
}

func (a *API) getOrderNotes(c *binding.Call, in orderInput) (notesResult, error) {
	o, err := a.domain.Order(c.Tx, reader(c, in.Site), in.OrderNo)
	if err != nil {
		return notesResult{}, err
	}
	result := notesResult{
		Version: documentVersion(in.Version), Type: "notes_result", Count: len(o.Notes), Total: len(o.Notes), Data: []noteDocument{},
	}
	for _, n := range o.Notes {
		result.Data = append(result.Data, noteDocument{"note", n.ID, n.Subject, n.Text, n.CreatedBy, instant(n.CreatedAt)})
	}
	return result, nil
}

func (a *API) addOrderNote(c *binding.Call, in struct {
	Site    string `path:"site"`
	Version string `path:"version"`
	OrderNo string `path:"order_no"`
	Body    struct {
		Subject string `json:"subject"`
		Text    string `json:"text"`
	}
},
) (renderedOrder, error) {
	author := "Customer"
	if c.Principal.Kind == kindSystem {
		author = c.Principal.Client
	}
	o, err := a.domain.AddNote(c.Tx, reader(c, in.Site), in.OrderNo, b2c.Note{Subject: in.Body.Subject, Text: in.Body.Text, CreatedBy: author})
	if err != nil {
		return renderedOrder{}, err
	}
	return a.render(in.Version, o)
}

func (a *API) deleteOrderNote(c *binding.Call, in struct {
	Site    string `path:"site"`
	Version string `path:"version"`
	OrderNo string `path:"order_no"`
	NoteID  string `path:"note_id"`
},
) (renderedOrder, error) {
	o, err := a.domain.RemoveNote(c.Tx, reader(c, in.Site), in.OrderNo, in.NoteID)
	if err != nil {
		return renderedOrder{}, err
	}
	return a.render(in.Version, o)
}

func (a *API) getOrderPaymentMethods(c *binding.Call, in orderInput) (paymentMethodResult, error) {
	methods, err := a.domain.OrderPaymentMethods(c.Tx, reader(c, in.Site), in.OrderNo)
	return newPaymentMethodResult(in.Version, methods), err
}
