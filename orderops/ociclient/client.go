// Package ociclient is the consumer side of Omnichannel Inventory: what is reserved for an order now, and where, and
// giving reserved units back or keeping them again.
package ociclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors, effects and metrics.
const System = "oci"

// Credentials are the tenant group and its access token.
type Credentials struct{ Organization, Token string }

// Client calls the inventory of one tenant group.
type Client struct {
	caller      remote.Caller
	credentials Credentials
}

// New makes a client over a caller and credentials; the token is sent as a bearer token.
func New(caller remote.Caller, credentials Credentials) *Client {
	caller.System, caller.Explain = System, explain
	return &Client{caller: caller, credentials: credentials}
}

// Holding is units of a SKU that are reserved at a place: a location, or a group of locations while it is not decided
// which of them ships.
type Holding struct {
	ReservationID string
	SKU           string
	Quantity      decimal.Decimal
	Location      string
	Group         string
}

// Place names the location or the group.
func (h Holding) Place() string {
	if h.Location != "" {
		return h.Location
	}
	return h.Group
}

// record is a holding on the wire.
type record struct {
	SKU      string          `json:"stockKeepingUnit"`
	Quantity decimal.Decimal `json:"quantity"`
	Location string          `json:"locationIdentifier"`
	Group    string          `json:"locationGroupIdentifier"`
}

// Holdings finds what is reserved for an order now.
func (c *Client) Holdings(ctx context.Context, orderNo string) ([]Holding, error) {
	call := remote.Call{
		Operation: "getReservations", Method: http.MethodGet, Path: c.path("/reservation-documents"),
		Query: url.Values{"externalRefId": {orderNo}}, Header: c.header(ctx),
	}
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	var list struct {
		Reservations []struct {
			ReservationID string   `json:"reservationId"`
			Records       []record `json:"records"`
		} `json:"reservations"`
	}
	if err := json.Unmarshal(reply.Body, &list); err != nil {
		return nil, c.caller.Unreadable(call, err)
	}
	var holdings []Holding
	for _, r := range list.Reservations {
		for _, h := range r.Records {
			holdings = append(holdings, Holding{r.ReservationID, h.SKU, h.Quantity, h.Location, h.Group})
		}
	}
	return holdings, nil
}

// Release gives units back. The same ActionRequestID with the same record gives them back once.
type Release struct {
	ActionRequestID string      `json:"actionRequestId"` // a UUID
	ReservationID   string      `json:"reservationId,omitempty"`
	ExternalRefID   string      `json:"externalRefId,omitempty"` // the order number
	SKU             string      `json:"stockKeepingUnit"`
	Quantity        json.Number `json:"quantity"`
	Location        string      `json:"locationIdentifier,omitempty"`
	Group           string      `json:"locationGroupIdentifier,omitempty"`
}

// Failed is a record that was not carried out, as inventory echoed it to be sent again.
type Failed struct {
	Code   string
	Record Release
}

// Moved says that the units are not where the record has them any more, so that sending it again is in vain.
func (f Failed) Moved() bool {
	switch f.Code {
	case "RESERVATION_NOT_FOUND", "RESERVATION_EXPIRED", "QUANTITY_EXCEEDS_RESERVED":
		return true
	default:
		return false
	}
}

// MaxRecords is how many records one call takes.
const MaxRecords = 100

// Release sends records and returns those that were not carried out. Records stand for themselves: one that fails keeps
// no other from being carried out.
func (c *Client) Release(ctx context.Context, records []Release) ([]Failed, error) {
	if len(records) > MaxRecords {
		return nil, fmt.Errorf("release %d records: at most %d in one call", len(records), MaxRecords)
	}
	body, err := json.Marshal(struct {
		ReleaseRecords []Release `json:"releaseRecords"`
	}{records})
	if err != nil {
		return nil, fmt.Errorf("encode release: %w", err)
	}
	call := remote.Call{
		Operation: "releaseReservation", Method: http.MethodPost, Path: c.path("/releases"), Header: c.header(ctx),
		ContentType: "application/json", Body: body, Repeatable: true,
	}
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Success bool `json:"success"`
		Errors  []struct {
			ErrorCode string  `json:"errorCode"`
			Details   Release `json:"details"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(reply.Body, &answer); err != nil {
		return nil, c.caller.Unreadable(call, err)
	}
	if !answer.Success && len(answer.Errors) == 0 {
		return nil, c.caller.Unreadable(call, errors.New("no success and no errors"))
	}
	var failed []Failed
	for _, e := range answer.Errors {
		failed = append(failed, Failed{e.ErrorCode, e.Details})
	}
	return failed, nil
}

// Reservation asks for units to be kept for an order. The same ActionRequestID with the same records keeps them once.
type Reservation struct {
	ActionRequestID string   `json:"actionRequestId"` // a UUID
	ExternalRefID   string   `json:"externalRefId"`   // the order number
	Records         []Wanted `json:"createRecords"`
}

// Wanted is units of a SKU that a group of locations shall keep.
type Wanted struct {
	SKU      string      `json:"stockKeepingUnit"`
	Quantity json.Number `json:"quantity"`
	Group    string      `json:"locationGroupIdentifier"`
}

// Reserve keeps all the units for an order, or none. What cannot be promised is a refusal of the class Rejected whose code
// is inventory's own.
func (c *Client) Reserve(ctx context.Context, r Reservation) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode reservation: %w", err)
	}
	call := remote.Call{
		Operation: "createReservation", Method: http.MethodPost, Path: c.path("/reservation-documents"), Header: c.header(ctx),
		ContentType: "application/json", Body: body, Repeatable: true,
	}
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return err
	}
	var answer struct {
		Success bool `json:"success"`
		Errors  []struct {
			ErrorCode string `json:"errorCode"`
			Message   string `json:"message"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(reply.Body, &answer); err != nil {
		return c.caller.Unreadable(call, err)
	}
	switch {
	case answer.Success:
		return nil
	case len(answer.Errors) == 0:
		return c.caller.Unreadable(call, errors.New("no success and no errors"))
	default:
		refused := answer.Errors[0]
		return &remote.Error{System: System, Operation: call.Operation, Class: remote.Rejected, VendorCode: refused.ErrorCode, Message: refused.Message}
	}
}

func (c *Client) path(resource string) string {
	return "/inventory/reservation/v1/organizations/" + url.PathEscape(c.credentials.Organization) + resource
}

func (c *Client) header(ctx context.Context) http.Header {
	return http.Header{"Authorization": {"Bearer " + remote.ScopeOf(ctx).Credential(c.credentials.Token)}}
}

// explain reads the Commerce API's error document; its type is a URL that ends with the name of the error.
func explain(_ int, body []byte) (string, string, remote.Class) {
	var problem struct {
		Title  string `json:"title"`
		Type   string `json:"type"`
		Detail string `json:"detail"`
	}
	if json.Unmarshal(body, &problem) != nil {
		return "", "", ""
	}
	code := problem.Title
	if u, err := url.Parse(problem.Type); err == nil && u.Path != "" {
		code = path.Base(u.Path)
	}
	return code, problem.Detail, ""
}
