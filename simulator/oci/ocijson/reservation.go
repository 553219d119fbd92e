package ocijson

import (
	"errors"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
)

// CreateInput asks for a reservation.
type CreateInput struct {
	Body struct {
		ActionRequestID          string       `json:"actionRequestId"`
		AllowPartialReservations bool         `json:"allowPartialReservations"`
		CreateRecords            []lineRecord `json:"createRecords"`
		ExpirationSeconds        int          `json:"expirationSeconds"`
		ExternalRefID            string       `json:"externalRefId"`
		ReservationTime          string       `json:"reservationTime"`
	}
}

func (in CreateInput) request() (oci.Request, error) {
	at, err := parsed("reservationTime", in.Body.ReservationTime)
	r := oci.Request{
		ActionRequestID: in.Body.ActionRequestID, ExternalRefID: in.Body.ExternalRefID, At: at,
		Expiration:   time.Duration(in.Body.ExpirationSeconds) * time.Second,
		AllowPartial: in.Body.AllowPartialReservations,
	}
	for _, l := range in.Body.CreateRecords {
		r.Lines = append(r.Lines, l.line())
	}
	return r, err
}

// CreateOutput is what became of a reservation.
type CreateOutput struct {
	Success         bool         `json:"success"`
	ActionRequestID string       `json:"actionRequestId"`
	ReservationTime string       `json:"reservationTime,omitempty"`
	ExpirationTime  string       `json:"expirationTime,omitempty"`
	Details         []HeldRecord `json:"details"`
	Errors          []LineError  `json:"errors"`
}

// HeldRecord is what is reserved of a SKU at a place.
type HeldRecord struct {
	StockKeepingUnit        string   `json:"stockKeepingUnit"`
	Quantity                Quantity `json:"quantity"`
	LocationIdentifier      string   `json:"locationIdentifier,omitempty"`
	LocationGroupIdentifier string   `json:"locationGroupIdentifier,omitempty"`
	ErrorCode               string   `json:"errorCode,omitempty"`
}

// LineError is why a line was not reserved.
type LineError struct {
	ErrorCode string `json:"errorCode"`
	Message   string `json:"message"`
}

// CreateReservation promises stock to an order.
func (b Bodies) CreateReservation(c *binding.Call, in CreateInput) (CreateOutput, error) {
	r, err := in.request()
	if err != nil {
		return CreateOutput{}, err
	}
	result, err := b.Domain.Reserve(c.Tx, r)
	var refused *oci.Error
	if err != nil && !errors.As(err, &refused) {
		return CreateOutput{}, err
	}
	return b.newCreateOutput(c, r.ActionRequestID, result, refused), nil
}

// newCreateOutput tells of every line; a refusal of the request itself has none.
func (b Bodies) newCreateOutput(c *binding.Call, id string, result oci.Result, refused *oci.Error) CreateOutput {
	out := CreateOutput{ActionRequestID: id, Details: []HeldRecord{}, Errors: none[LineError](b)}
	if refused != nil && refused.Code == oci.DuplicateActionRequest {
		c.Note(refused)
		out.Errors = append(out.Errors, LineError{string(refused.Code), refused.Message})
		return out
	}
	if result.Reservation.ID != "" {
		out.ReservationTime, out.ExpirationTime = Instant(result.Reservation.ReservedAt), Optional(result.Reservation.ExpiresAt)
	}
	out.Details, out.Errors = heldRecords(c, result.Lines, out.Errors)
	out.Success = len(out.Errors) == 0
	return out
}
