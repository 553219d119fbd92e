package scapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// guestOrderLookup shows an order to somebody who knows enough of it, all of it or a part.
func (a *API) guestOrderLookup(c *binding.Call) (*binding.Response, error) {
	var in struct {
		Code       string `json:"orderViewCode"`
		Email      string `json:"email"`
		Phone      string `json:"phone"`
		PostalCode string `json:"postalCode"`
	}
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	known := b2c.Lookup{Reader: reader(c), Code: in.Code, Email: in.Email, Phone: in.Phone, PostalCode: in.PostalCode}
	o, partial, err := a.domain.LookUpOrder(c.Tx, known, c.Request.Vars["orderNo"])
	var refused *b2c.Error
	switch {
	case errors.As(err, &refused) && refused.Code == b2c.OrderNotFound:
		return counted(c, err), nil
	case err != nil:
		return nil, err
	case !partial:
		return a.showOrder(c, o)
	}
	document, err := a.document(c, o, expansions(c))
	if err != nil {
		return nil, err
	}
	if document, err = withoutPerson(document); err != nil {
		return nil, &binding.Bug{Err: err}
	}
	return &binding.Response{Status: http.StatusOK, Header: http.Header{}, Body: document}, nil
}

// shownToAll are the properties of an order that say nothing of who ordered.
func shownToAll() []string {
	return strings.Fields(`adjustedMerchandizeTotalTax adjustedShippingTotalTax channelType currency guest lastModified merchandizeTotalTax orderNo
		orderPriceAdjustments orderTotal productItems productSubTotal productTotal shipments shippingItems shippingTotal shippingTotalTax status taxTotal
		taxation omsData billingAddress`)
}

// withoutPerson takes off an order's document what says who ordered, where to, and how it is paid.
func withoutPerson(document []byte) ([]byte, error) {
	var order map[string]json.RawMessage
	if err := json.Unmarshal(document, &order); err != nil {
		return nil, err
	}
	for name := range order {
		if !slices.Contains(shownToAll(), name) {
			delete(order, name)
		}
	}
	for name, hidden := range map[string][]string{
		"shipments":             {"shippingAddress", "shippingStatus", "trackingNumber", "shipmentNo", "giftMessage"},
		"productItems":          {"giftMessage"},
		"orderPriceAdjustments": {"createdBy"},
	} {
		if err := without(order, name, hidden); err != nil {
			return nil, err
		}
	}
	var address struct {
		PostalCode string `json:"postalCode"`
	}
	if err := json.Unmarshal(order["billingAddress"], &address); err != nil {
		return nil, err
	}
	var err error
	if order["billingAddress"], err = json.Marshal(address); err != nil {
		return nil, err
	}
	return json.Marshal(order)
}

// without takes properties, and all custom ones, off the elements of a list.
func without(order map[string]json.RawMessage, list string, hidden []string) error {
	var elements []map[string]json.RawMessage
	if len(order[list]) == 0 {
		return nil
	}
	if err := json.Unmarshal(order[list], &elements); err != nil {
		return err
	}
	for _, element := range elements {
		for name := range element {
			if slices.Contains(hidden, name) || strings.HasPrefix(name, custom) {
				delete(element, name)
			}
		}
	}
	text, err := json.Marshal(elements)
	order[list] = text
	return err
}

// requestOrderAccessCode mails an access code. It answers the same whether there was anything to mail.
func (a *API) requestOrderAccessCode(c *binding.Call) (*binding.Response, error) {
	var in struct {
		Email string `json:"email"`
	}
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	a.domain.RequestAccessCode(c.Tx, c.Request.Query("siteId"), c.Request.Vars["orderNo"], in.Email)
	return &binding.Response{Status: http.StatusAccepted, Header: http.Header{}}, nil
}
