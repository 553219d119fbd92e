package headless

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/ocijson"
)

type reservationDocument struct {
	ReservationID   string               `json:"reservationId"`
	ExternalRefID   string               `json:"externalRefId,omitempty"`
	Status          string               `json:"status"`
	ReservationTime string               `json:"reservationTime"`
	ExpirationTime  string               `json:"expirationTime,omitempty"`
	Records         []ocijson.HeldRecord `json:"records"`
}

func (a *API) reservationDocument(c *binding.Call, r oci.Reservation) reservationDocument {
	doc := reservationDocument{
		ReservationID: r.ID, ExternalRefID: r.ExternalRefID, Status: string(a.domain.Status(c.Tx, r)),
		ReservationTime: ocijson.Instant(r.ReservedAt), ExpirationTime: ocijson.Optional(r.ExpiresAt), Records: []ocijson.HeldRecord{},
	}
	for _, h := range a.domain.Holdings(c.Tx, r.ID) {
		record := ocijson.HeldRecord{StockKeepingUnit: h.SKU, Quantity: ocijson.Quantity{Decimal: h.Quantity}}
		record.LocationIdentifier, record.LocationGroupIdentifier = ocijson.Identifiers(h.Place)
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
