package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// CapacityRequest is about one fulfillment order at one location.
type CapacityRequest struct {
	// ActionRequestID names the hold: it is confirmed or released by the same id.
	ActionRequestID, LocationID string
}

// CapacityResult is what became of one request; Refusal is nil when it went well.
type CapacityResult struct {
	ActionRequestID string
	Refusal         *Error
}

// Capacity is what a location can take and has taken. Total is negative when the location does not count.
type Capacity struct {
	LocationID            string
	Total, Assigned, Held int64
	Refusal               *Error
}

// capacityHold keeps room for a fulfillment order at a location.
type capacityHold struct{ ActionRequestID, LocationID string }

// HoldCapacity keeps room for fulfillment orders: free is the capacity less what is held and assigned. With allOrNothing
// one refusal undoes the others. A hold that is there already is a success.
// Source: Connect REST API Developer Guide, "Hold Fulfillment Order Capacity".
func (d *SOM) HoldCapacity(tx *sandbox.Tx, requests []CapacityRequest, allOrNothing bool) []CapacityResult {
	return d.each(tx, requests, allOrNothing, func(r CapacityRequest) *Error {
		if held, ok := d.holds.Get(tx.Tx, r.ActionRequestID); ok && held.LocationID == r.LocationID {
			return nil
		}
		c := d.capacity(tx, r.LocationID)
		switch {
		case c.Refusal != nil:
			return c.Refusal
		case r.ActionRequestID == "":
			return refuse("som.capacity.request-id", CodeInvalidInput, "An actionRequestId is required.").on("actionRequestId")
		case c.Total >= 0 && c.Assigned+c.Held >= c.Total:
			return refuse("som.capacity.free", CodeInvalidInput, "The location %s has no capacity left: %d of %d are assigned, %d are held.", r.LocationID, c.Assigned, c.Total, c.Held)
		}
		d.holds.Put(tx.Tx, capacityHold(r))
		return nil
	})
}

// ConfirmCapacity turns holds into assigned fulfillment orders.
func (d *SOM) ConfirmCapacity(tx *sandbox.Tx, requests []CapacityRequest, allOrNothing bool) []CapacityResult {
	return d.each(tx, requests, allOrNothing, func(r CapacityRequest) *Error {
		if refusal := d.endHold(tx, r); refusal != nil {
			return refusal
		}
		location := tracked(d.parent(tx, objLocation, r.LocationID))
		location.add("AssignedFoCount", decimal.NewFromInt(1))
		d.save(tx, "", location)
		return nil
	})
}

// ReleaseCapacity lets holds go.
func (d *SOM) ReleaseCapacity(tx *sandbox.Tx, requests []CapacityRequest, allOrNothing bool) []CapacityResult {
	return d.each(tx, requests, allOrNothing, func(r CapacityRequest) *Error { return d.endHold(tx, r) })
}

func (d *SOM) endHold(tx *sandbox.Tx, r CapacityRequest) *Error {
	held, ok := d.holds.Get(tx.Tx, r.ActionRequestID)
	if !ok || held.LocationID != r.LocationID {
		return refuse("som.capacity.held", CodeInvalidInput, "No capacity of the location %s is held by %q.", r.LocationID, r.ActionRequestID)
	}
	d.holds.Delete(tx.Tx, r.ActionRequestID)
	return nil
}

// each runs the requests one after another.
func (d *SOM) each(tx *sandbox.Tx, requests []CapacityRequest, allOrNothing bool, do func(CapacityRequest) *Error) []CapacityResult {
	mark, failed := tx.Mark(), false
	results := make([]CapacityResult, len(requests))
	for i, r := range requests {
		results[i] = CapacityResult{r.ActionRequestID, do(r)}
		failed = failed || results[i].Refusal != nil
	}
	if !failed || !allOrNothing {
		return results
	}
	tx.RollbackTo(mark)
	for i := range results {
		if results[i].Refusal == nil {
			results[i].Refusal = refuse("som.capacity.all-or-nothing", CodeInvalidInput, "Another request of the same call was refused.")
		}
	}
	return results
}

// Capacities tells the capacity of locations.
func (d *SOM) Capacities(tx *sandbox.Tx, locationIDs []string) []Capacity {
	out := make([]Capacity, len(locationIDs))
	for i, id := range locationIDs {
		out[i] = d.capacity(tx, id)
	}
	return out
}

func (d *SOM) capacity(tx *sandbox.Tx, id string) Capacity {
	location, ok := d.find(tx, objLocation, id)
	if !ok {
		return Capacity{LocationID: id, Refusal: refuse("som.capacity.location", CodeInvalidInput, "There is no location %q.", id).on("locationId")}
	}
	c := Capacity{LocationID: id, Total: -1, Assigned: location.Decimal("AssignedFoCount").IntPart()}
	if location.Bool("ShouldTrackFoCapacity") {
		c.Total = location.Decimal("FoCapacity").IntPart()
	}
	for _, held := range d.holds.List(tx.Tx, "location", id) {
		if held.LocationID == id {
			c.Held++
		}
	}
	return c
}
