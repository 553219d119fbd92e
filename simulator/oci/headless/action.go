package headless

import (
	"encoding/json"
	"errors"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
)

// batchOutput is the answer of the operations over records: what was not carried out comes back.
type batchOutput struct {
	Success bool          `json:"success"`
	Errors  []recordError `json:"errors"`
}

type recordError struct {
	ErrorCode string          `json:"errorCode"`
	Message   string          `json:"message"`
	Details   json.RawMessage `json:"details"`
}

// add records what became of a record: nothing when it was carried out, itself when it was refused.
func (out *batchOutput) add(c *binding.Call, err error, raw json.RawMessage) error {
	var refused *oci.Error
	var injected *binding.VendorFault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &injected):
		out.Success = false
		out.Errors = append(out.Errors, recordError{injected.Code, injected.Message, raw})
		return nil
	case !errors.As(err, &refused):
		return err
	}
	c.Note(refused)
	out.Success = false
	out.Errors = append(out.Errors, recordError{string(refused.Code), refused.Message, raw})
	return nil
}

func newBatch() batchOutput { return batchOutput{Success: true, Errors: []recordError{}} }

// actionRecord holds the fields of release and fulfilment records.
type actionRecord struct {
	ActionRequestID         string   `json:"actionRequestId"`
	ReservationID           string   `json:"reservationId"`
	ExternalRefID           string   `json:"externalRefId"`
	StockKeepingUnit        string   `json:"stockKeepingUnit"`
	Quantity                quantity `json:"quantity"`
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

type releaseInput struct {
	Body struct {
		ReleaseRecords []echoed[actionRecord] `json:"releaseRecords"`
	}
}

func (a *API) releaseReservation(c *binding.Call, in releaseInput) (batchOutput, error) {
	out := newBatch()
	for _, r := range in.Body.ReleaseRecords {
		action, err := r.record.action()
		if err == nil {
			err = c.Refused(r.raw)
		}
		if err == nil {
			err = a.domain.Release(c.Tx, action)
		}
		if err := out.add(c, err, r.raw); err != nil {
			return batchOutput{}, err
		}
	}
	return out, nil
}

type fulfillInput struct {
	Body struct {
		FulfillmentRecords []echoed[actionRecord] `json:"fulfillmentRecords"`
	}
}

func (a *API) fulfillReservation(c *binding.Call, in fulfillInput) (batchOutput, error) {
	out := newBatch()
	for _, r := range in.Body.FulfillmentRecords {
		action, err := r.record.action()
		if err == nil {
			err = c.Refused(r.raw)
		}
		if err == nil {
			err = a.domain.Fulfil(c.Tx, action)
		}
		if err := out.add(c, err, r.raw); err != nil {
			return batchOutput{}, err
		}
	}
	return out, nil
}

type transferRecord struct {
	ActionRequestID             string   `json:"actionRequestId"`
	ReservationID               string   `json:"reservationId"`
	ExternalRefID               string   `json:"externalRefId"`
	StockKeepingUnit            string   `json:"stockKeepingUnit"`
	Quantity                    quantity `json:"quantity"`
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

type transferInput struct {
	Body struct {
		AllOrNothingTransferID string                   `json:"allOrNothingTransferId"`
		TransferRecords        []echoed[transferRecord] `json:"transferRecords"`
	}
}

func (a *API) transferReservation(c *binding.Call, in transferInput) (batchOutput, error) {
	actions := make([]oci.Action, len(in.Body.TransferRecords))
	for i, r := range in.Body.TransferRecords {
		actions[i] = r.record.action()
	}
	transfer := a.domain.TransferEach
	if in.Body.AllOrNothingTransferID != "" {
		transfer = a.domain.TransferAll
	}
	out := newBatch()
	for i, err := range transfer(c.Tx, actions) {
		if err := out.add(c, err, in.Body.TransferRecords[i].raw); err != nil {
			return batchOutput{}, err
		}
	}
	return out, nil
}
