package ocapi

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type submissionInput struct {
	BasketID      string `json:"basket_id"`
	ResourceState string `json:"_resource_state"`
}

// submitBasket makes an order of a basket; only the basket's id is considered.
func (a *API) submitBasket(c *binding.Call, in bodyOf[submissionInput]) (renderedOrder, error) {
	return a.submit(c, in.Body, "")
}

// submitBasketAs is submitBasket with a number of the caller's.
func (a *API) submitBasketAs(c *binding.Call, in bodyOf[submissionInput]) (renderedOrder, error) {
	return a.submit(c, in.Body, c.Request.Vars["order_no"])
}

func (a *API) submit(c *binding.Call, in submissionInput, orderNo string) (renderedOrder, error) {
	o, err := a.domain.SubmitBasket(c.Tx, editor(c), b2c.Submission{
		BasketRef: b2c.BasketRef{ID: in.BasketID, ResourceState: in.ResourceState}, OrderNo: orderNo,
	})
	if err != nil {
		return renderedOrder{}, err
	}
	return a.render(c.Request.Vars["version"], o)
}
