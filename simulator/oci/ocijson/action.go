package ocijson

import (
	"encoding/json"
	"errors"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
)

// BatchOutput is the answer of the operations over records: what was not carried out comes back.
type BatchOutput struct {
	Success bool          `json:"success"`
	Errors  []RecordError `json:"errors"`
}

// RecordError is a record that was refused, as it was sent.
type RecordError struct {
	ErrorCode string          `json:"errorCode"`
	Message   string          `json:"message"`
	Details   json.RawMessage `json:"details"`
}

// add records what became of a record: nothing when it was carried out, itself when it was refused.
func (out *BatchOutput) add(c *binding.Call, err error, raw json.RawMessage) error {
	var refused *oci.Error
	var injected *binding.VendorFault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &injected):
		out.Success = false
		out.Errors = append(out.Errors, RecordError{injected.Code, injected.Message, raw})
		return nil
	case !errors.As(err, &refused):
		return err
	}
	c.Note(refused)
	out.Success = false
	out.Errors = append(out.Errors, RecordError{string(refused.Code), refused.Message, raw})
	return nil
}

func (b Bodies) newBatch() BatchOutput {
	return BatchOutput{Success: true, Errors: none[RecordError](b)}
}

// actionRecord holds the fields of release and fulfilment records.
type actionRecord struct {
	ActionRequestID         string   `json:"actionRequestId"`
	ReservationID           string   `json:"reservationId"`
	ExternalRefID           string   `json:"externalRefId"`
	StockKeepingUnit        string   `json:"stockKeepingUnit"`
	Quantity                Quantity `json:"quantity"`
	LocationIdentifier      string   `json:"locationIdentifier"`
	LocationGroupIdentifier string   `json:"locationGroupIdentifier"`
	FulfillmentTime         string   `json:"fulfillmentTime"`
}

func (r actionRecord) action() (oci.Action, error) {
	at, err := parsed("fulfillmentTime", r.FulfillmentTime)
	return oci.Action{
		ActionRequestID: r.ActionRequestID, ReservationID: r.ReservationID, ExternalRefID: r.ExternalRefID,
		Place: place(r.LocationIdentifier, r.LocationGroupIdentifier), SKU: r.StockKeepingUnit, Quantity: r.Quantity.Decimal, At: at,
	}, err
}

// ReleaseInput gives reserved units back, record by record.
type ReleaseInput struct {
	Body struct {
		ReleaseRecords []echoed[actionRecord] `json:"releaseRecords"`
	}
}

// ReleaseReservation gives reserved units back.
func (b Bodies) ReleaseReservation(c *binding.Call, in ReleaseInput) (BatchOutput, error) {
	out := b.newBatch()
	for _, r := range in.Body.ReleaseRecords {
		action, err := r.record.action()
		if err == nil {
			err = c.Refused(r.raw)
		}
		if err == nil {
			err = b.Domain.Release(c.Tx, action)
		}
		if err := out.add(c, err, r.raw); err != nil {
			return BatchOutput{}, err
		}
	}
	return out, nil
}

// FulfillInput ships reserved units, record by record.
type FulfillInput struct {
	Body struct {
		FulfillmentRecords []echoed[actionRecord] `json:"fulfillmentRecords"`
	}
}

// FulfillReservation ships reserved units from locations.
func (b Bodies) FulfillReservation(c *binding.Call, in FulfillInput) (BatchOutput, error) {
	out := b.newBatch()
	for _, r := range in.Body.FulfillmentRecords {
		action, err := r.record.action()
		if err == nil {
			err = c.Refused(r.raw)
		}
		if err == nil {
			err = b.Domain.Fulfil(c.Tx, action)
		}
		if err := out.add(c, err, r.raw); err != nil {
			return BatchOutput{}, err
		}
	}
	return out, nil
}

type transferRecord struct {
	ActionRequestID             string   `json:"actionRequestId"`
	ReservationID               string   `json:"reservationId"`
	ExternalRefID               string   `json:"externalRefId"`
	StockKeepingUnit            string   `json:"stockKeepingUnit"`
	Quantity                    Quantity `json:"quantity"`
	FromLocationIdentifier      string   `json:"fromLocationIdentifier"`
	FromLocationGroupIdentifier string   `json:"fromLocationGroupIdentifier"`
	ToLocationIdentifier        string   `json:"toLocationIdentifier"`
	ToLocationGroupIdentifier   string   `json:"toLocationGroupIdentifier"`
	IgnoreAvailabilityCheck     bool     `json:"ignoreAvailabilityCheck"`
}

func (r transferRecord) action() oci.Action {
	return oci.Action{
		ActionRequestID: r.ActionRequestID, ReservationID: r.ReservationID, ExternalRefID: r.ExternalRefID,
		Place: place(r.FromLocationIdentifier, r.FromLocationGroupIdentifier),
		To:    place(r.ToLocationIdentifier, r.ToLocationGroupIdentifier),
		SKU:   r.StockKeepingUnit, Quantity: r.Quantity.Decimal, IgnoreAvailability: r.IgnoreAvailabilityCheck,
	}
}

// TransferInput moves reserved units, record by record or all or nothing.
type TransferInput struct {
	Body struct {
		AllOrNothingTransferID string                   `json:"allOrNothingTransferId"`
		TransferRecords        []echoed[transferRecord] `json:"transferRecords"`
	}
}

// TransferReservation moves reserved units to other places.
func (b Bodies) TransferReservation(c *binding.Call, in TransferInput) (BatchOutput, error) {
	actions := make([]oci.Action, len(in.Body.TransferRecords))
	for i, r := range in.Body.TransferRecords {
		actions[i] = r.record.action()
	}
	transfer := b.Domain.TransferEach
	if in.Body.AllOrNothingTransferID != "" {
		transfer = b.Domain.TransferAll
	}
	out := b.newBatch()
	for i, err := range transfer(c.Tx, actions) {
		if err := out.add(c, err, in.Body.TransferRecords[i].raw); err != nil {
			return BatchOutput{}, err
		}
	}
	return out, nil
}
