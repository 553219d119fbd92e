package scapi

import (
	"net/http"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

// omsEvent is what a fulfillment and an adjustment have.
type omsEvent struct {
	ID             string        `json:"id"`
	Type           string        `json:"type"`
	Status         string        `json:"status"`
	OccurredAt     time.Time     `json:"occurredAt"`
	LineItems      []omsLineItem `json:"lineItems"`
	TrackingNumber string        `json:"trackingNumber"`
	TrackingURL    string        `json:"trackingUrl"`
	Carrier        string        `json:"carrier"`
	Description    string        `json:"description"`
	Totals         []omsTotal    `json:"totals"`
}

type omsLineItem struct {
	ID       string `json:"id"`
	Quantity int64  `json:"quantity"`
}

type omsTotal struct {
	Type   string `json:"type"`
	Amount int64  `json:"amount"`
	Text   string `json:"displayText"`
}

// createOmsStatusEvent takes what an order management outside tells of an order. It is worked in as soon as the call is
// answered.
func (a *API) createOmsStatusEvent(c *binding.Call) (*binding.Response, error) {
	var in struct {
		OrderID     string    `json:"omsOrderId"`
		Fulfillment *omsEvent `json:"fulfillmentEvent"`
		Adjustment  *omsEvent `json:"adjustment"`
	}
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	given := in.Fulfillment
	switch {
	case (in.Fulfillment == nil) == (in.Adjustment == nil):
		return nil, ocapi.Refuse("b2c.scapi.oms-event", "BadRequest", "Exactly one of fulfillmentEvent and adjustment is to be given.")
	case given == nil:
		given = in.Adjustment
	case given.Type != "processing" && (given.TrackingNumber == "" || given.TrackingURL == ""):
		return nil, ocapi.Refuse("b2c.scapi.oms-event", "BadRequest", "An event of the type '"+given.Type+"' needs trackingNumber and trackingUrl.")
	}
	e := b2c.OMSEvent{
		OrderNo: c.Request.Vars["orderNo"], ID: given.ID, OMSOrderID: in.OrderID, Adjustment: in.Adjustment != nil, Type: given.Type, Status: given.Status,
		OccurredAt: given.OccurredAt.UTC(), TrackingNumber: given.TrackingNumber, TrackingURL: given.TrackingURL, Carrier: given.Carrier,
		Description: given.Description,
	}
	for _, line := range given.LineItems {
		e.Lines = append(e.Lines, b2c.OMSEventLine{ItemID: line.ID, Quantity: line.Quantity})
	}
	for _, total := range given.Totals {
		e.Totals = append(e.Totals, b2c.OMSEventTotal{Type: total.Type, Text: total.Text, Amount: total.Amount})
	}
	if err := a.domain.AcceptOMSEvent(c.Tx, site(c), e); err != nil {
		return nil, err
	}
	return &binding.Response{Status: http.StatusAccepted, Header: http.Header{}}, nil
}
