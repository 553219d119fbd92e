package simulator

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

// commerceStock lets B2C Commerce promise what Omnichannel Inventory has, as a site that is integrated with it does: at a location
// group, or at a location, by its id.
type commerceStock struct{ oci *oci.OCI }

func (s commerceStock) Available(tx *sandbox.Tx, listID, productID string) decimal.Decimal {
	if group, err := s.oci.Group(tx, listID); err == nil {
		return s.oci.GroupFigures(tx, group, productID).AvailableToOrder()
	}
	return s.oci.LocationFigures(tx, listID, productID).AvailableToOrder()
}

func (s commerceStock) Reserve(tx *sandbox.Tx, r b2c.StockReservation) (string, error) {
	request := oci.Request{ExternalRefID: r.Reference, Expiration: r.Life}
	for _, line := range r.Lines {
		request.Lines = append(request.Lines, oci.Line{Place: s.place(tx, line.ListID), SKU: line.ProductID, Quantity: line.Quantity})
	}
	result, err := s.oci.Reserve(tx, request)
	return result.Reservation.ID, err
}

func (s commerceStock) place(tx *sandbox.Tx, listID string) oci.Place {
	if _, err := s.oci.Group(tx, listID); err == nil {
		return oci.GroupPlace(listID)
	}
	return oci.LocationPlace(listID)
}

func (s commerceStock) Cancel(tx *sandbox.Tx, id string) error { return s.oci.Cancel(tx, id) }
