package scapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

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

func (a *API) showOrder(c *binding.Call, o b2c.Order) (*binding.Response, error) {
	body, err := a.document(c, o)
	return &binding.Response{Status: http.StatusOK, Header: http.Header{}, Body: body}, err
}

// expansions are the words of the parameter expand.
func expansions(c *binding.Call) []string {
	var all []string
	for _, value := range c.Request.HTTP().URL.Query()["expand"] {
		all = append(all, strings.Split(value, ",")...)
	}
	return all
}

// document is an order in the spelling of SCAPI.
func (a *API) document(c *binding.Call, o b2c.Order) ([]byte, error) {
	text, err := a.shop.RenderOrder(o)
	if err != nil {
		return nil, err
	}
	if text, err = renamed(text, camelCase); err != nil {
		return nil, &binding.Bug{Err: err}
	}
	wanted := expansions(c)
	if !slices.Contains(wanted, "oms") && !slices.Contains(wanted, "oms_shipments") {
		return text, nil
	}
	state, ok := a.domain.OMSOrder(c.Tx, o)
	if !ok {
		return text, nil
	}
	return withOMS(text, state, slices.Contains(wanted, "oms_shipments"))
}

type omsData struct {
	Status string `json:"status,omitempty"`
	// Shipments is nil where they were not asked for.
	Shipments *[]omsShipment `json:"shipments,omitempty"`
}

type omsShipment struct {
	ID             string            `json:"id"`
	Status         string            `json:"status,omitempty"`
	Provider       string            `json:"provider,omitempty"`
	TrackingNumber string            `json:"trackingNumber,omitempty"`
	TrackingURL    string            `json:"trackingUrl,omitempty"`
	Expected       string            `json:"expectedDeliveryDate,omitempty"`
	Delivered      string            `json:"actualDeliveryDate,omitempty"`
	Items          []omsShipmentItem `json:"shipmentItems"`
}

type omsShipmentItem struct {
	ID            string      `json:"id"`
	ProductItemID string      `json:"productItemId"`
	Quantity      json.Number `json:"quantity"`
}

type omsItem struct {
	Status            string      `json:"status"`
	Ordered           json.Number `json:"quantityOrdered"`
	Canceled          json.Number `json:"quantityCanceled"`
	Returned          json.Number `json:"quantityReturned"`
	ReturnInitiated   json.Number `json:"quantityReturnInitiated"`
	AvailableToCancel json.Number `json:"quantityAvailableToCancel"`
	AvailableToReturn json.Number `json:"quantityAvailableToReturn"`
}

func number(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// withOMS puts what order management says into an order's document: on the order and on each of its product items.
func withOMS(document []byte, state b2c.OMSOrder, shipments bool) ([]byte, error) {
	var order struct {
		ProductItems []json.RawMessage `json:"productItems"`
	}
	if err := json.Unmarshal(document, &order); err != nil {
		return nil, &binding.Bug{Err: err}
	}
	for i, item := range order.ProductItems {
		var line struct {
			ItemID string `json:"itemId"`
		}
		if err := json.Unmarshal(item, &line); err != nil {
			return nil, &binding.Bug{Err: err}
		}
		at := slices.IndexFunc(state.Items, func(s b2c.OMSItem) bool { return s.ItemID == line.ItemID })
		if at < 0 {
			continue
		}
		s := state.Items[at]
		added, err := appended(item, "omsData", omsItem{
			s.Status, number(s.Ordered), number(s.Canceled), number(s.Returned), number(s.ReturnInitiated), number(s.AvailableToCancel), number(s.AvailableToReturn),
		})
		if err != nil {
			return nil, err
		}
		order.ProductItems[i] = added
	}
	items, err := json.Marshal(order.ProductItems)
	if err != nil {
		return nil, &binding.Bug{Err: err}
	}
	if document, err = replaced(document, "productItems", items); err != nil {
		return nil, &binding.Bug{Err: err}
	}
	data := omsData{Status: state.Status}
	if shipments {
		all := omsShipments(state.Shipments)
		data.Shipments = &all
	}
	return appended(document, "omsData", data)
}

func omsShipments(all []b2c.OMSShipment) []omsShipment {
	out := []omsShipment{}
	for _, s := range all {
		shipment := omsShipment{
			ID: s.ID, Status: s.Status, Provider: s.Provider, TrackingNumber: s.TrackingNumber, TrackingURL: s.TrackingURL,
			Expected: instant(s.Expected), Delivered: instant(s.Delivered), Items: []omsShipmentItem{},
		}
		for _, i := range s.Items {
			shipment.Items = append(shipment.Items, omsShipmentItem{i.ID, i.ItemID, number(i.Quantity)})
		}
		out = append(out, shipment)
	}
	return out
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
	o, err := a.domain.Order(c.Tx, reader(c), c.Request.Vars["orderNo"])
	if err != nil {
		return nil, err
	}
	basketID, err := a.domain.Fail(c.Tx, o.OrderNo, c.Request.Query("reopenBasket") == "true")
	if err != nil {
		return nil, err
	}
	if basketID == "" {
		return &binding.Response{Status: http.StatusNoContent, Header: http.Header{}}, nil
	}
	at := c.BaseURL() + "/checkout/shopper-baskets/v2/organizations/" + b2c.Organization + "/baskets/" + basketID
	return &binding.Response{Status: http.StatusCreated, Header: http.Header{"Location": {at}}}, nil
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
	orders, err := a.domain.CustomerOrders(c.Tx, r, c.Request.Vars["customerId"], filter)
	if err != nil {
		return nil, err
	}
	return a.page(c, orders, 10)
}

type orderPage struct {
	Limit  int               `json:"limit"`
	Offset int               `json:"offset"`
	Total  int               `json:"total"`
	Data   []json.RawMessage `json:"data"`
}

// page answers with a part of a list.
func (a *API) page(c *binding.Call, orders []b2c.Order, limit int) (*binding.Response, error) {
	p := orderPage{Limit: whole(c, "limit", limit), Offset: whole(c, "offset", 0), Total: len(orders), Data: []json.RawMessage{}}
	from := min(p.Offset, len(orders))
	for _, o := range orders[from:min(from+p.Limit, len(orders))] {
		document, err := a.document(c, o)
		if err != nil {
			return nil, err
		}
		p.Data = append(p.Data, document)
	}
	return jsonAnswer(http.StatusOK, p)
}

// getOmsMetaData lists the reasons that cancels and returns can have.
func (a *API) getOmsMetaData(c *binding.Call) (*binding.Response, error) {
	reasons, err := a.domain.OMSReasons(c.Tx)
	if err != nil {
		return nil, err
	}
	type code struct {
		Reason  string `json:"reason"`
		Default bool   `json:"default"`
	}
	codes := make([]code, len(reasons))
	for i, reason := range reasons {
		codes[i] = code{reason, i == 0}
	}
	return jsonAnswer(http.StatusOK, map[string][]code{"cancelReasonCodes": codes, "returnReasonCodes": codes})
}

// cancelOmsOrder cancels an order whole at order management.
func (a *API) cancelOmsOrder(c *binding.Call) (*binding.Response, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	o, err := a.domain.CancelAtOMS(c.Tx, reader(c), c.Request.Vars["orderNo"], in.Reason)
	if err != nil {
		return nil, err
	}
	return a.showOrder(c, o)
}

// returnOmsOrder opens a return of units at order management.
func (a *API) returnOmsOrder(c *binding.Call) (*binding.Response, error) {
	var in struct {
		ProductItems []struct {
			ItemID   string          `json:"itemId"`
			Quantity decimal.Decimal `json:"quantity"`
			Reason   string          `json:"reason"`
		} `json:"productItems"`
	}
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	units := make([]b2c.OMSReturn, len(in.ProductItems))
	for i, item := range in.ProductItems {
		units[i] = b2c.OMSReturn{ItemID: item.ItemID, Reason: item.Reason, Quantity: item.Quantity}
	}
	o, err := a.domain.ReturnAtOMS(c.Tx, reader(c), c.Request.Vars["orderNo"], units)
	if err != nil {
		return nil, err
	}
	return a.showOrder(c, o)
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
