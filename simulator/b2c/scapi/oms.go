package scapi

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

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

// withOMS puts what order management says into an order's document: on the order, on each of its product items where
// items are wanted, and what was shipped where shipments are.
func withOMS(document []byte, state b2c.OMSOrder, items, shipments bool) ([]byte, error) {
	if items {
		var err error
		if document, err = withOMSItems(document, state.Items); err != nil {
			return nil, err
		}
	}
	data := omsData{Status: state.Status}
	if shipments {
		all := omsShipments(state.Shipments)
		data.Shipments = &all
	}
	return appended(document, "omsData", data)
}

func withOMSItems(document []byte, states []b2c.OMSItem) ([]byte, error) {
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
		at := slices.IndexFunc(states, func(s b2c.OMSItem) bool { return s.ItemID == line.ItemID })
		if at < 0 {
			continue
		}
		s := states[at]
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
	return document, nil
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
		Code   string `json:"orderAccessCode"`
	}
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	return a.withCode(c, in.Code, func(r b2c.Reader) (b2c.Order, error) {
		return a.domain.CancelAtOMS(c.Tx, r, c.Request.Vars["orderNo"], in.Reason)
	})
}

// withCode does something with the caller's order, or with the one that a mailed code opens, and shows what order
// management says of it then.
func (a *API) withCode(c *binding.Call, code string, work func(b2c.Reader) (b2c.Order, error)) (*binding.Response, error) {
	r := reader(c)
	if code != "" {
		if _, err := a.domain.OrderByAccessCode(c.Tx, r.SiteID, c.Request.Vars["orderNo"], code); err != nil {
			return counted(c, err), nil
		}
		r.CustomerID = ""
	}
	o, err := work(r)
	if err != nil {
		return nil, err
	}
	return a.showOrder(c, o, "oms")
}

// counted refuses and keeps what the refused call has changed: the count of wrong codes.
func counted(c *binding.Call, err error) *binding.Response {
	c.Note(err)
	return answerError(c, err)
}

// returnOmsOrder opens a return of units at order management.
func (a *API) returnOmsOrder(c *binding.Call) (*binding.Response, error) {
	var in struct {
		ProductItems []struct {
			ItemID   string          `json:"itemId"`
			Quantity decimal.Decimal `json:"quantity"`
			Reason   string          `json:"reason"`
		} `json:"productItems"`
		Code string `json:"orderAccessCode"`
	}
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	units := make([]b2c.OMSReturn, len(in.ProductItems))
	for i, item := range in.ProductItems {
		units[i] = b2c.OMSReturn{ItemID: item.ItemID, Reason: item.Reason, Quantity: item.Quantity}
	}
	return a.withCode(c, in.Code, func(r b2c.Reader) (b2c.Order, error) {
		return a.domain.ReturnAtOMS(c.Tx, r, c.Request.Vars["orderNo"], units)
	})
}
