package scapi

import (
	"encoding/json"
	"net/http"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

func reader(c *binding.Call) b2c.Reader {
	return b2c.Reader{SiteID: c.Request.Query("siteId"), CustomerID: c.Principal.ID, Agent: c.Principal.Kind == ocapi.KindAgent}
}

// onExisting reads what is to happen to the basket that the customer has.
func onExisting(c *binding.Call) b2c.OnExisting {
	switch {
	case c.Request.Query("merge") == "true":
		return b2c.MergeExisting
	case c.Request.Query("overrideExisting") == "true":
		return b2c.OverrideExisting
	}
	return b2c.RefuseExisting
}

// visitor is the guest of the visit in which the caller has logged in.
func (a *API) visitor(c *binding.Call) (guestID string, err error) {
	holder, err := a.key.Hold(c.Tx, a.domain, c.Principal.Token)
	if err != nil {
		return "", err
	}
	if holder.Customer.Guest {
		return "", ocapi.Refuse("b2c.scapi.registered", "Forbidden", "Only a registered customer takes a basket over.")
	}
	return holder.Grant.GuestID, nil
}

// handing is the basket of the visit's guest on its way to the customer.
func (a *API) handing(c *binding.Call) (b2c.Handing, error) {
	guest, err := a.visitor(c)
	return b2c.Handing{SiteID: c.Request.Query("siteId"), From: guest, To: c.Principal.ID, OnExisting: onExisting(c)}, err
}

// transferBasket gives the basket of the visit's guest to the customer.
func (a *API) transferBasket(c *binding.Call) (*binding.Response, error) {
	h, err := a.handing(c)
	if err != nil {
		return nil, err
	}
	basket, err := a.domain.HandBasket(c.Tx, h)
	if err != nil {
		return nil, err
	}
	if basket.BasketID == "" {
		return done(), nil
	}
	if err := a.populate(c, basket.BasketID); err != nil {
		return nil, err
	}
	return a.showBasket(c, basket.BasketID)
}

// populate puts what the customer has stored into a basket, where the call asks for it.
func (a *API) populate(c *binding.Call, basketID string) error {
	if c.Request.Query("populateCustomerDetails") != "true" {
		return nil
	}
	who := b2c.Editor{Reader: reader(c), Name: c.Principal.ID}
	_, err := a.domain.EditBasket(c.Tx, who, b2c.BasketRef{ID: basketID}, (*b2c.BasketEdit).Populate)
	return err
}

// createShopperBasket opens a basket.
func (a *API) createShopperBasket(c *binding.Call) (*binding.Response, error) {
	if c.Request.Query("taxMode") == "external" {
		return nil, invalidTaxMode()
	}
	resp, err := a.run(c, "createBasket", c.Request.Body)
	if err != nil || c.Request.Query("populateCustomerDetails") != "true" {
		return resp, err
	}
	var made struct {
		ID string `json:"basketId"`
	}
	if err := json.Unmarshal(resp.Body, &made); err != nil {
		return nil, &binding.Bug{Err: err}
	}
	if err := a.populate(c, made.ID); err != nil {
		return nil, err
	}
	return a.showBasket(c, made.ID)
}

func (a *API) getPriceBooksForBasket(c *binding.Call) (*binding.Response, error) {
	basket, err := a.domain.Basket(c.Tx, reader(c), c.Request.Vars["basketId"])
	if err != nil {
		return nil, err
	}
	return jsonAnswer(http.StatusOK, append([]string{}, basket.PriceBooks...))
}

func (a *API) addPriceBooksToBasket(c *binding.Call) (*binding.Response, error) {
	if _, err := a.call(c, "setBasketPriceBooks", c.Request.Body); err != nil {
		return nil, err
	}
	return done(), nil
}

// basketTaxes refuses taxes from outside, once the basket was found: it is taxed by the site.
func (a *API) basketTaxes(c *binding.Call) (*binding.Response, error) {
	if _, err := a.domain.Basket(c.Tx, reader(c), c.Request.Vars["basketId"]); err != nil {
		return nil, err
	}
	return nil, invalidTaxMode()
}

func (a *API) getTaxesFromOrder(c *binding.Call) (*binding.Response, error) {
	if _, err := a.domain.Order(c.Tx, reader(c), c.Request.Vars["orderNo"]); err != nil {
		return nil, err
	}
	return nil, invalidTaxMode()
}

func invalidTaxMode() error {
	return ocapi.Refuse("b2c.scapi.tax-mode", "InvalidTaxMode", "The tax mode is not external.")
}

// mergeBasket puts what is in the basket of the visit's guest into the customer's own.
func (a *API) mergeBasket(c *binding.Call) (*binding.Response, error) {
	h, err := a.handing(c)
	if err != nil {
		return nil, err
	}
	basket, err := a.domain.MergeIntoCurrent(c.Tx, h)
	if err != nil {
		return nil, err
	}
	return a.showBasket(c, basket.BasketID)
}

func (a *API) promoteTemporaryBasket(c *binding.Call) (*binding.Response, error) {
	basket, err := a.domain.PromoteBasket(c.Tx, b2c.Editor{Reader: reader(c), Name: c.Principal.ID}, c.Request.Vars["basketId"], onExisting(c))
	if err != nil {
		return nil, err
	}
	return a.showBasket(c, basket.BasketID)
}

// showBasket answers with a basket.
func (a *API) showBasket(c *binding.Call, id string) (*binding.Response, error) {
	shown := *c
	vars := map[string]string{"organizationId": c.Request.Vars["organizationId"], "basketId": id}
	shown.Request = c.Request.Translated(vars, c.Request.HTTP().URL.Query(), nil)
	return a.run(&shown, "getBasket", nil)
}

// jsonAnswer answers with a document of this face's own.
func jsonAnswer(status int, document any) (*binding.Response, error) {
	body, err := json.Marshal(document)
	if err != nil {
		return nil, &binding.Bug{Err: err}
	}
	return &binding.Response{Status: status, Header: http.Header{}, Body: body}, nil
}
