package ocijson

import (
	"errors"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
)

// UpdateInput says what a reservation is to hold.
type UpdateInput struct {
	Body struct {
		ActionRequestID           string       `json:"actionRequestId"`
		ReservationID             string       `json:"reservationId"`
		ExternalRefID             string       `json:"externalRefId"`
		AllowPartialReservations  bool         `json:"allowPartialReservations"`
		UpdateAllOrNothingRecords bool         `json:"updateAllOrNothingRecords"`
		ReservationTime           string       `json:"reservationTime"`
		UpdateRecords             []lineRecord `json:"updateRecords"`
	}
}

// lineRecord is units of a SKU at a place.
type lineRecord struct {
	StockKeepingUnit        string   `json:"stockKeepingUnit"`
	Quantity                Quantity `json:"quantity"`
	LocationIdentifier      string   `json:"locationIdentifier"`
	LocationGroupIdentifier string   `json:"locationGroupIdentifier"`
}

func (r lineRecord) line() oci.Line {
	return oci.Line{Place: place(r.LocationIdentifier, r.LocationGroupIdentifier), SKU: r.StockKeepingUnit, Quantity: r.Quantity.Decimal}
}

func (in UpdateInput) update() (oci.Update, error) {
	at, err := parsed("reservationTime", in.Body.ReservationTime)
	u := oci.Update{
		ActionRequestID: in.Body.ActionRequestID, ReservationID: in.Body.ReservationID, ExternalRefID: in.Body.ExternalRefID, At: at,
		AllowPartial: in.Body.AllowPartialReservations, AllOrNothing: in.Body.UpdateAllOrNothingRecords,
	}
	for _, r := range in.Body.UpdateRecords {
		u.Lines = append(u.Lines, r.line())
	}
	return u, err
}

// UpdateOutput is what a reservation holds after an update.
type UpdateOutput struct {
	Success         bool         `json:"success"`
	ReservationTime string       `json:"reservationTime,omitempty"`
	Details         []HeldRecord `json:"details"`
	Errors          []LineError  `json:"errors"`
}

// UpdateReservation sets what a reservation holds, line by line. A reservation that does not live is an error as a whole.
func (b Bodies) UpdateReservation(c *binding.Call, in UpdateInput) (UpdateOutput, error) {
	u, err := in.update()
	if err != nil {
		return UpdateOutput{}, err
	}
	result, err := b.Domain.UpdateReservation(c.Tx, u)
	var refused *oci.Error
	if err != nil && (!errors.As(err, &refused) || len(result.Lines) == 0 || refused.Code == oci.DuplicateActionRequest) {
		return UpdateOutput{}, err
	}
	out := UpdateOutput{Details: []HeldRecord{}, Errors: none[LineError](b)}
	out.Details, out.Errors = heldRecords(c, result.Lines, out.Errors)
	out.Success = len(out.Errors) == 0
	if u.At.IsZero() {
		u.At = c.Now()
	}
	out.ReservationTime = Instant(u.At)
	return out, nil
}

// heldRecords tells of each line what it holds, and adds why it is not what was asked for.
func heldRecords(c *binding.Call, lines []oci.LineResult, refusals []LineError) ([]HeldRecord, []LineError) {
	records := []HeldRecord{}
	for _, l := range lines {
		record := HeldRecord{StockKeepingUnit: l.SKU, Quantity: Quantity{l.Reserved}}
		record.LocationIdentifier, record.LocationGroupIdentifier = Identifiers(l.Place)
		if l.Refused != nil {
			c.Note(l.Refused)
			record.ErrorCode = string(l.Refused.Code)
			refusals = append(refusals, LineError{record.ErrorCode, l.Refused.Message})
		}
		records = append(records, record)
	}
	return records, refusals
}
