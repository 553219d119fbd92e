package scapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

// getShopperOrder shows an order of the caller, with what order management says of it where that is asked for.
func (a *API) getShopperOrder(c *binding.Call) (*binding.Response, error) {
	o, err := a.domain.Order(c.Tx, reader(c), c.Request.Vars["orderNo"])
	if err != nil {
		return nil, err
	}
	return a.showOrder(c, o)
}

// showOrder answers with an order, and with the expansions of the call and those that are wanted anyhow.
func (a *API) showOrder(c *binding.Call, o b2c.Order, anyhow ...string) (*binding.Response, error) {
	body, err := a.document(c, o, append(expansions(c), anyhow...))
	if err == nil {
		body, err = appended(body, "orderViewCode", o.ViewCode())
	}
	return &binding.Response{Status: http.StatusOK, Header: http.Header{}, Body: body}, err
}

// relayOrder has an operation of OCAPI run that answers with an order of the caller.
func (a *API) relayOrder(operation string) binding.Handler {
	return binding.Raw(func(c *binding.Call) (*binding.Response, error) {
		resp, err := a.run(c, operation, c.Request.Body)
		if err != nil {
			return nil, err
		}
		var order struct {
			OrderNo string `json:"orderNo"`
		}
		if err := json.Unmarshal(resp.Body, &order); err != nil {
			return nil, &binding.Bug{Err: err}
		}
		o, err := a.domain.Order(c.Tx, reader(c), order.OrderNo)
		if err != nil {
			return nil, err
		}
		resp.Body, err = appended(resp.Body, "orderViewCode", o.ViewCode())
		return resp, err
	})
}

// expansions are the words of the parameter expand.
func expansions(c *binding.Call) []string {
	var all []string
	for _, value := range c.Request.HTTP().URL.Query()["expand"] {
		all = append(all, strings.Split(value, ",")...)
	}
	return all
}

// shownStatus is a status in the words of SCAPI, which has none for open: it behaves as new does.
func shownStatus(s b2c.Status) b2c.Status {
	if s == b2c.Open {
		return b2c.New
	}
	return s
}

// document is an order in the spelling of SCAPI, with what order management says of it where that is wanted.
func (a *API) document(c *binding.Call, o b2c.Order, wanted []string) ([]byte, error) {
	o.Status = shownStatus(o.Status)
	text, err := a.shop.RenderOrder(o)
	if err != nil {
		return nil, err
	}
	if text, err = renamed(text, camelCase); err != nil {
		return nil, &binding.Bug{Err: err}
	}
	if !slices.Contains(wanted, "oms") && !slices.Contains(wanted, "oms_shipments") {
		return text, nil
	}
	state, ok := a.domain.OMSOrder(c.Tx, o)
	if !ok {
		return text, nil
	}
	return withOMS(text, state, slices.Contains(wanted, "oms"), slices.Contains(wanted, "oms_shipments"))
}

// appended puts one more property behind those of an object.
func appended(object []byte, name string, value any) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, &binding.Bug{Err: err}
	}
	out := bytes.TrimSuffix(bytes.TrimSpace(object), []byte("}"))
	out = append(append([]byte{}, out...), `,"`+name+`":`...)
	return append(append(out, text...), '}'), nil
}

// replaced writes an object with another value for one of its properties.
func replaced(object []byte, name string, value []byte) ([]byte, error) {
	var properties map[string]json.RawMessage
	if err := json.Unmarshal(object, &properties); err != nil {
		return nil, err
	}
	old, ok := properties[name]
	if !ok {
		return object, nil
	}
	return bytes.Replace(object, append([]byte(`"`+name+`":`), old...), append([]byte(`"`+name+`":`), value...), 1), nil
}

// failOrder ends an order that was created and will not be paid.
func (a *API) failOrder(c *binding.Call) (*binding.Response, error) {
	var in struct {
		Reason string `json:"reasonCode"`
	}
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	o, err := a.domain.Order(c.Tx, reader(c), c.Request.Vars["orderNo"])
	if err != nil {
		return nil, err
	}
	basketID, err := a.domain.Fail(c.Tx, o.OrderNo, c.Request.Query("reopenBasket") == "true")
	if err == nil && in.Reason != "" {
		note := b2c.Note{Subject: "Order failed", Text: in.Reason, CreatedBy: "Customer"}
		_, err = a.domain.AddNote(c.Tx, b2c.Reader{}, o.OrderNo, note)
	}
	if err != nil {
		return nil, err
	}
	return movedOn(c, basketID), nil
}

// movedOn answers to a change of status: where a basket was opened again, with its address.
func movedOn(c *binding.Call, basketID string) *binding.Response {
	if basketID == "" {
		return done()
	}
	at := c.BaseURL() + "/checkout/shopper-baskets/v2/organizations/" + b2c.Organization + "/baskets/" + basketID
	return &binding.Response{Status: http.StatusCreated, Header: http.Header{"Location": {at}}}
}

// getShopperOrders lists the orders of the caller, newest first.
func (a *API) getShopperOrders(c *binding.Call) (*binding.Response, error) {
	filter, err := orderFilter(c)
	if err != nil {
		return nil, err
	}
	r := reader(c)
	if c.Request.Query("crossSites") == "true" {
		r.SiteID = ""
	}
	stored, err := a.domain.CustomerOrders(c.Tx, r, c.Request.Vars["customerId"], filter)
	if err != nil {
		return nil, err
	}
	orders := make([]b2c.Order, len(stored))
	for i, o := range stored {
		orders[i] = *o
	}
	return a.page(c, orders, 10, func(c *binding.Call, o b2c.Order) ([]byte, error) { return a.document(c, o, expansions(c)) })
}

type orderPage struct {
	Limit  int               `json:"limit"`
	Offset int               `json:"offset"`
	Total  int               `json:"total"`
	Data   []json.RawMessage `json:"data"`
}

// page answers with a part of a list.
func (a *API) page(c *binding.Call, orders []b2c.Order, limit int, show func(*binding.Call, b2c.Order) ([]byte, error)) (*binding.Response, error) {
	p := orderPage{Limit: whole(c, "limit", limit), Offset: whole(c, "offset", 0), Total: len(orders), Data: []json.RawMessage{}}
	from := min(p.Offset, len(orders))
	for _, o := range orders[from:min(from+p.Limit, len(orders))] {
		document, err := show(c, o)
		if err != nil {
			return nil, err
		}
		p.Data = append(p.Data, document)
	}
	return jsonAnswer(http.StatusOK, p)
}

func decode(c *binding.Call, in any) error {
	if len(c.Request.Body) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.Request.Body, in); err != nil {
		return ocapi.Refuse("b2c.scapi.body", "BadRequest", err.Error())
	}
	return nil
}
