package headless

import (
	"errors"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
)

type createInput struct {
	Body struct {
		ActionRequestID          string `json:"actionRequestId"`
		AllowPartialReservations bool   `json:"allowPartialReservations"`
		CreateRecords            []struct {
			StockKeepingUnit        string   `json:"stockKeepingUnit"`
			Quantity                quantity `json:"quantity"`
			LocationIdentifier      string   `json:"locationIdentifier"`
			LocationGroupIdentifier string   `json:"locationGroupIdentifier"`
		} `json:"createRecords"`
		ExpirationSeconds int    `json:"expirationSeconds"`
		ExternalRefID     string `json:"externalRefId"`
		ReservationTime   string `json:"reservationTime"`
	}
}

func (in createInput) request() (oci.Request, error) {
	at, err := parsed("reservationTime", in.Body.ReservationTime)
	r := oci.Request{
		ActionRequestID: in.Body.ActionRequestID, ExternalRefID: in.Body.ExternalRefID, At: at,
		Expiration:   time.Duration(in.Body.ExpirationSeconds) * time.Second,
		AllowPartial: in.Body.AllowPartialReservations,
	}
	for _, l := range in.Body.CreateRecords {
		r.Lines = append(r.Lines, oci.Line{
			Place: place(l.LocationIdentifier, l.LocationGroupIdentifier), SKU: l.StockKeepingUnit, Quantity: l.Quantity.Decimal,
		})
	}
	return r, err
}

type createOutput struct {
	Success         bool         `json:"success"`
	ActionRequestID string       `json:"actionRequestId"`
	ReservationTime string       `json:"reservationTime,omitempty"`
	ExpirationTime  string       `json:"expirationTime,omitempty"`
	Details         []heldRecord `json:"details"`
	Errors          []lineError  `json:"errors"`
}

type heldRecord struct {
	StockKeepingUnit        string   `json:"stockKeepingUnit"`
	Quantity                quantity `json:"quantity"`
	LocationIdentifier      string   `json:"locationIdentifier,omitempty"`
	LocationGroupIdentifier string   `json:"locationGroupIdentifier,omitempty"`
	ErrorCode               string   `json:"errorCode,omitempty"`
}

type lineError struct {
	ErrorCode string `json:"errorCode"`
	Message   string `json:"message"`
}

func (a *API) createReservation(c *binding.Call, in createInput) (createOutput, error) {
	r, err := in.request()
	if err != nil {
		return createOutput{}, err
	}
	result, err := a.domain.Reserve(c.Tx, r)
	var refused *oci.Error
	if err != nil && !errors.As(err, &refused) {
		return createOutput{}, err
	}
	return newCreateOutput(c, r.ActionRequestID, result, refused), nil
}

// newCreateOutput tells of every line; a refusal of the request itself has none.
func newCreateOutput(c *binding.Call, id string, result oci.Result, refused *oci.Error) createOutput {
	out := createOutput{ActionRequestID: id, Details: []heldRecord{}, Errors: []lineError{}}
	if refused != nil && refused.Code == oci.DuplicateActionRequest {
		c.Note(refused)
		out.Errors = append(out.Errors, lineError{string(refused.Code), refused.Message})
		return out
	}
	if result.Reservation.ID != "" {
		out.ReservationTime, out.ExpirationTime = instant(result.Reservation.ReservedAt), optional(result.Reservation.ExpiresAt)
	}
	for _, l := range result.Lines {
		record := heldRecord{StockKeepingUnit: l.SKU, Quantity: quantity{l.Reserved}}
		record.LocationIdentifier, record.LocationGroupIdentifier = identifiers(l.Place)
		if l.Refused != nil {
			c.Note(l.Refused)
			record.ErrorCode = string(l.Refused.Code)
			out.Errors = append(out.Errors, lineError{record.ErrorCode, l.Refused.Message})
		}
		out.Details = append(out.Details, record)
	}
	out.Success = len(out.Errors) == 0
	return out
}

type reservationDocument struct {
	ReservationID   string       `json:"reservationId"`
	ExternalRefID   string       `json:"externalRefId,omitempty"`
	Status          string       `json:"status"`
	ReservationTime string       `json:"reservationTime"`
	ExpirationTime  string       `json:"expirationTime,omitempty"`
	Records         []heldRecord `json:"records"`
}

func (a *API) reservationDocument(c *binding.Call, r oci.Reservation) reservationDocument {
	doc := reservationDocument{
		ReservationID: r.ID, ExternalRefID: r.ExternalRefID, Status: string(a.domain.Status(c.Tx, r)),
		ReservationTime: instant(r.ReservedAt), ExpirationTime: optional(r.ExpiresAt), Records: []heldRecord{},
	}
	for _, h := range a.domain.Holdings(c.Tx, r.ID) {
		record := heldRecord{StockKeepingUnit: h.SKU, Quantity: quantity{h.Quantity}}
		record.LocationIdentifier, record.LocationGroupIdentifier = identifiers(h.Place)
		doc.Records = append(doc.Records, record)
	}
	return doc
}

type findInput struct {
	ExternalRefID string `query:"externalRefId"`
}

type reservationList struct {
	Reservations []reservationDocument `json:"reservations"`
}

func (a *API) getReservations(c *binding.Call, in findInput) (reservationList, error) {
	list := reservationList{Reservations: []reservationDocument{}}
	for _, r := range a.domain.Reservations(c.Tx, in.ExternalRefID) {
		list.Reservations = append(list.Reservations, a.reservationDocument(c, r))
	}
	return list, nil
}

type reservationInput struct {
	ReservationID string `path:"reservationId"`
}

func (a *API) getReservation(c *binding.Call, in reservationInput) (reservationDocument, error) {
	r, err := a.domain.Reservation(c.Tx, in.ReservationID)
	if err != nil {
		return reservationDocument{}, err
	}
	return a.reservationDocument(c, r), nil
}

func (a *API) cancelReservation(c *binding.Call, in reservationInput) (binding.Empty, error) {
	return binding.Empty{}, a.domain.Cancel(c.Tx, in.ReservationID)
}
