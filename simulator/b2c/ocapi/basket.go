package ocapi

import (
	"cmp"
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// editor is who works on baskets: a shopper on own ones, an agent for a shopper on the shopper's, a system as an agent on
// all of the site.
func editor(c *binding.Call) b2c.Editor {
	return b2c.Editor{
		Reader: reader(c, c.Request.Vars["site"]), Agent: c.Principal.Kind == kindSystem || c.Principal.Kind == KindAgent, Name: cmp.Or(c.Principal.ID, c.Principal.Client),
	}
}

// edit works on the basket of the path. The state that the caller has seen comes from the body or, for calls without one,
// from the header.
func (a *API) edit(c *binding.Call, state string, work func(*b2c.BasketEdit) error) (basketDocument, error) {
	ref := b2c.BasketRef{ID: c.Request.Vars["basket_id"], ResourceState: cmp.Or(state, c.Request.Header.Get("x-dw-resource-state"))}
	basket, err := a.domain.EditBasket(c.Tx, editor(c), ref, work)
	if err != nil {
		return basketDocument{}, err
	}
	return a.basketDocument(c, basket), nil
}

// basket reads the basket of the path.
func (a *API) basket(c *binding.Call) (b2c.Basket, error) {
	return a.domain.Basket(c.Tx, reader(c, c.Request.Vars["site"]), c.Request.Vars["basket_id"])
}

type nothing struct{}

func (a *API) getBasket(c *binding.Call, _ nothing) (basketDocument, error) {
	if err := a.checkLocale(c); err != nil {
		return basketDocument{}, err
	}
	basket, err := a.basket(c)
	if err != nil {
		return basketDocument{}, err
	}
	return a.basketDocument(c, basket), nil
}

func (a *API) deleteBasket(c *binding.Call, _ nothing) (binding.Empty, error) {
	who, state := reader(c, c.Request.Vars["site"]), c.Request.Header.Get("x-dw-resource-state")
	return binding.Empty{}, a.domain.DeleteBasket(c.Tx, who, c.Request.Vars["basket_id"], state)
}

type createBasketInput struct {
	Temporary bool   `query:"temporary"`
	Currency  string `query:"currency"`
	Body      basketInput
}

func (a *API) createBasket(c *binding.Call, in createBasketInput) (basketDocument, error) {
	if err := a.checkLocale(c); err != nil {
		return basketDocument{}, err
	}
	who := editor(c)
	n := b2c.NewBasket{Currency: cmp.Or(in.Body.Currency, in.Currency), Temporary: in.Temporary}
	if who.Agent && in.Body.CustomerInfo != nil {
		n.CustomerID = in.Body.CustomerInfo.CustomerID
	}
	basket, err := a.domain.OpenBasket(c.Tx, who, n)
	if err != nil {
		return basketDocument{}, err
	}
	fill, err := in.Body.filling()
	if err != nil {
		return basketDocument{}, err
	}
	if basket, err = a.domain.EditBasket(c.Tx, who, b2c.BasketRef{ID: basket.BasketID}, fill); err != nil {
		return basketDocument{}, err
	}
	return a.basketDocument(c, basket), nil
}

type referenceInput struct {
	BasketID   string `json:"basket_id"`
	CustomerID string `json:"customer_id"`
}

func (a *API) createBasketFromReference(c *binding.Call, in bodyOf[referenceInput]) (basketDocument, error) {
	basket, err := a.domain.CopyBasket(c.Tx, editor(c), b2c.BasketReference(in.Body))
	if err != nil {
		return basketDocument{}, err
	}
	return a.basketDocument(c, basket), nil
}

// patchBasketBody is what a PATCH considers; other properties of a basket are ignored, unknown ones refused.
type patchBasketBody struct {
	Currency      *string             `json:"currency"`
	SourceCode    *string             `json:"source_code"`
	ShippingItems []shippingItemInput `json:"shipping_items"`
	ResourceState string              `json:"_resource_state"`
	custom        customInput         `json:"-"`
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *patchBasketBody) UnmarshalJSON(text []byte) error {
	type plain patchBasketBody
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

type shippingItemInput struct {
	ItemID string      `json:"item_id"`
	custom customInput `json:"-"`
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *shippingItemInput) UnmarshalJSON(text []byte) error {
	type plain shippingItemInput
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

func (a *API) patchBasket(c *binding.Call, in bodyOf[patchBasketBody]) (basketDocument, error) {
	set, unset, err := in.Body.custom.attributesOf("basket")
	if err != nil {
		return basketDocument{}, err
	}
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error {
		if in.Body.Currency != nil {
			if err := e.SetCurrency(*in.Body.Currency); err != nil {
				return err
			}
		}
		if in.Body.SourceCode != nil {
			if err := e.SetSourceCode(*in.Body.SourceCode); err != nil {
				return err
			}
		}
		e.SetCustom(set, unset)
		return setShippingItems(e, in.Body.ShippingItems)
	})
}

func setShippingItems(e *b2c.BasketEdit, items []shippingItemInput) error {
	for _, item := range items {
		set, unset, err := item.custom.attributesOf("shipping_item")
		if err != nil {
			return err
		}
		if err := e.SetShippingItemCustom(item.ItemID, set, unset); err != nil {
			return err
		}
	}
	return nil
}

type basketsResult struct {
	Version string           `json:"_v"`
	Type    string           `json:"_type"`
	Baskets []basketDocument `json:"baskets"`
	Total   int              `json:"total"`
}

func (a *API) getCustomerBaskets(c *binding.Call, _ nothing) (basketsResult, error) {
	baskets, err := a.domain.CustomerBaskets(c.Tx, reader(c, c.Request.Vars["site"]), c.Request.Vars["customer_id"])
	if err != nil {
		return basketsResult{}, err
	}
	result := basketsResult{
		Version: documentVersion(c.Request.Vars["version"]), Type: "baskets_result", Baskets: []basketDocument{}, Total: len(baskets),
	}
	for _, b := range baskets {
		result.Baskets = append(result.Baskets, a.basketDocument(c, b))
	}
	return result, nil
}
