package ocapi

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type shippingMethodResult struct {
	Version string             `json:"_v"`
	Type    string             `json:"_type"`
	Methods []applicableMethod `json:"applicable_shipping_methods"`
	Default string             `json:"default_shipping_method_id,omitempty"`
}

type applicableMethod struct {
	Type        string      `json:"_type"`
	ID          string      `json:"id"`
	Name        string      `json:"name,omitempty"`
	Description string      `json:"description,omitempty"`
	External    string      `json:"external_shipping_method,omitempty"`
	Price       json.Number `json:"price"`
}

func (a *API) getBasketShippingMethods(c *binding.Call, _ nothing) (shippingMethodResult, error) {
	basket, err := a.basket(c)
	if err != nil {
		return shippingMethodResult{}, err
	}
	methods, err := a.domain.ShippingMethods(c.Tx, basket, c.Request.Vars["shipment_id"])
	if err != nil {
		return shippingMethodResult{}, err
	}
	money := coinsOf(basket.Currency)
	result := shippingMethodResult{Version: documentVersion(c.Request.Vars["version"]), Type: "shipping_method_result", Methods: []applicableMethod{}}
	for _, m := range methods {
		result.Methods = append(result.Methods, applicableMethod{"shipping_method", m.ID, m.Name, m.Description, m.External, money.money(m.Price)})
		if m.Default && result.Default == "" {
			result.Default = m.ID
		}
	}
	return result, nil
}

type paymentMethodResult struct {
	Version string              `json:"_v"`
	Type    string              `json:"_type"`
	Methods []applicablePayment `json:"applicable_payment_methods"`
}

type applicablePayment struct {
	Type        string         `json:"_type"`
	ID          string         `json:"id"`
	Name        string         `json:"name,omitempty"`
	Description string         `json:"description,omitempty"`
	Cards       []acceptedCard `json:"cards,omitempty"`
}

type acceptedCard struct {
	Type     string `json:"_type"`
	CardType string `json:"card_type"`
}

func (a *API) getBasketPaymentMethods(c *binding.Call, _ nothing) (paymentMethodResult, error) {
	basket, err := a.basket(c)
	if err != nil {
		return paymentMethodResult{}, err
	}
	payable := b2c.Payable{SiteID: basket.SiteID, Country: basket.BillingAddress.CountryCode, Total: basket.Totals.OrderTotal}
	return newPaymentMethodResult(c.Request.Vars["version"], a.domain.PaymentMethods(c.Tx, payable)), nil
}

func newPaymentMethodResult(version string, methods []b2c.PaymentMethod) paymentMethodResult {
	result := paymentMethodResult{Version: documentVersion(version), Type: "payment_method_result", Methods: []applicablePayment{}}
	for _, m := range methods {
		method := applicablePayment{Type: "payment_method", ID: m.ID, Name: m.Name, Description: m.Description}
		for _, card := range m.Cards {
			method.Cards = append(method.Cards, acceptedCard{"payment_card_spec", card})
		}
		result.Methods = append(result.Methods, method)
	}
	return result
}

type approachingResult struct {
	Version string            `json:"_v"`
	Type    string            `json:"_type"`
	Data    []approachingItem `json:"data"`
	Count   int               `json:"count"`
	Total   int               `json:"total"`
}

type approachingItem struct {
	DocumentType string            `json:"_type"`
	Type         string            `json:"type"`
	PromotionID  string            `json:"promotion_id"`
	Threshold    json.Number       `json:"condition_threshold"`
	Merchandise  json.Number       `json:"merchandise_total"`
	Distance     json.Number       `json:"distance_from_condition_threshold"`
	Discount     *discountDocument `json:"discount"`
}

func (a *API) getBasketApproachingDiscounts(c *binding.Call, _ nothing) (approachingResult, error) {
	basket, err := a.basket(c)
	if err != nil {
		return approachingResult{}, err
	}
	money := coinsOf(basket.Currency)
	result := approachingResult{Version: documentVersion(c.Request.Vars["version"]), Type: "approaching_discount_result", Data: []approachingItem{}}
	for _, near := range basket.Approaching {
		result.Data = append(result.Data, approachingItem{
			DocumentType: "approaching_discount", Type: string(near.Class), PromotionID: near.PromotionID, Threshold: money.money(near.Threshold),
			Merchandise: money.money(near.Merchandise), Distance: money.money(near.Threshold.Sub(near.Merchandise)),
			Discount: newDiscountDocument(b2c.AppliedDiscount{Type: string(near.Discount.Type), Value: near.Discount.Value}),
		})
	}
	result.Count, result.Total = len(result.Data), len(result.Data)
	return result, nil
}

type noteDocument struct {
	Type         string `json:"_type"`
	ID           string `json:"id"`
	Subject      string `json:"subject"`
	Text         string `json:"text,omitempty"`
	CreatedBy    string `json:"created_by"`
	CreationDate string `json:"creation_date"`
}

type notesResult struct {
	Version string         `json:"_v"`
	Type    string         `json:"_type"`
	Count   int            `json:"count"`
	Data    []noteDocument `json:"data"`
	Start   int            `json:"start"`
	Total   int            `json:"total"`
}

func (a *API) getBasketNotes(c *binding.Call, _ nothing) (notesResult, error) {
	basket, err := a.basket(c)
	if err != nil {
		return notesResult{}, err
	}
	result := notesResult{
		Version: documentVersion(c.Request.Vars["version"]), Type: "notes_result", Count: len(basket.Notes), Total: len(basket.Notes), Data: []noteDocument{},
	}
	for _, n := range basket.Notes {
		result.Data = append(result.Data, noteDocument{"note", n.ID, n.Subject, n.Text, n.CreatedBy, instant(n.CreatedAt)})
	}
	return result, nil
}

type noteInput struct {
	Subject       string `json:"subject"`
	Text          string `json:"text"`
	ResourceState string `json:"_resource_state"`
}

func (a *API) addBasketNote(c *binding.Call, in bodyOf[noteInput]) (basketDocument, error) {
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error { return e.AddNote(in.Body.Subject, in.Body.Text) })
}

func (a *API) deleteBasketNote(c *binding.Call, _ nothing) (binding.Empty, error) {
	_, err := a.edit(c, "", func(e *b2c.BasketEdit) error { return e.RemoveNote(c.Request.Vars["note_id"]) })
	return binding.Empty{}, err
}
