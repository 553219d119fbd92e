package states

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// pactInventory is the token of the tenant in the pacts.
const pactInventory = "Bearer somsim"

// pactReleaseKey makes a release of the pacts once.
const pactReleaseKey = "0b1c2d3e-4f50-8162-8394-a5b6c7d8e9f0"

const inventoryPath = "/inventory/reservation/v1/organizations/f_ecom_zzte_053"

// ociStates is the vocabulary that consumers may use of Omnichannel Inventory.
func ociStates() map[string]prepare {
	return map[string]prepare{
		"preset omnichannel": nothing,
		"stock is reserved for an order at a group of locations": held("locationGroupIdentifier"),
		"stock is reserved for an order at a location":           held("locationIdentifier"),
		"nothing was ever reserved for an order":                 (*Stage).neverReserved,
		"the stock of an order was given back":                   (*Stage).givenBack,
		"stock of an order was released under the key":           (*Stage).releasedStock,
		"stock was reserved for an order under the key":          (*Stage).reservedStock,
		"the reservation of an order has expired":                (*Stage).expiredReservation,
	}
}

// reservation is what an order has reserved.
type reservation struct {
	ReservationID string
	Records       []map[string]any
}

func (s *Stage) reservations(number string) ([]reservation, error) {
	var list struct{ Reservations []reservation }
	err := s.exchange(http.MethodGet, s.api+inventoryPath+"/reservation-documents?externalRefId="+url.QueryEscape(number), s.tenant(), nil, &list)
	return list.Reservations, err
}

// tenant is the header of a caller of inventory.
func (s *Stage) tenant() http.Header {
	header := as(pactInventory)
	header.Set("X-Sandbox", s.sandbox())
	return header
}

// held is the state of an order whose stock is reserved at a place of that kind.
func held(place string) prepare {
	return func(s *Stage, number string) (Values, error) {
		all, err := s.reservations(number)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			for _, record := range r.Records {
				if record[place] != nil {
					return Values{"reservationId": r.ReservationID}, nil
				}
			}
		}
		return nil, fmt.Errorf("no stock is reserved with a %s", place)
	}
}

func (s *Stage) neverReserved(number string) (Values, error) {
	all, err := s.reservations(number)
	if err == nil && len(all) > 0 {
		err = errors.New("there is a reservation")
	}
	return nil, err
}

func (s *Stage) givenBack(number string) (Values, error) {
	all, err := s.reservations(number)
	if err == nil && (len(all) != 1 || len(all[0].Records) > 0) {
		err = fmt.Errorf("its reservations are %v", all)
	}
	return nil, err
}

// releasedStock releases a unit under the key of the pacts.
func (s *Stage) releasedStock(number string) (Values, error) {
	found, err := held("locationGroupIdentifier")(s, number)
	if err != nil {
		return nil, err
	}
	release := map[string]any{"releaseRecords": []map[string]any{{
		"actionRequestId": pactReleaseKey, "reservationId": found["reservationId"], "externalRefId": number,
		"stockKeepingUnit": "SHIRT-M", "quantity": 1, "locationGroupIdentifier": "ALL-LOCATIONS",
	}}}
	var answer struct{ Success bool }
	err = s.exchange(http.MethodPost, s.api+inventoryPath+"/releases", s.tenant(), release, &answer)
	if err == nil && !answer.Success {
		err = errors.New("the release failed")
	}
	return found, err
}

// pactReserveKey makes a reservation of the pacts once.
const pactReserveKey = "2b1c2d3e-4f50-8162-8394-a5b6c7d8e9f0"

// reservedStock reserves a unit under the key of the pacts.
func (s *Stage) reservedStock(number string) (Values, error) {
	wish := map[string]any{"actionRequestId": pactReserveKey, "externalRefId": number, "createRecords": []map[string]any{{
		"stockKeepingUnit": "SHIRT-M", "quantity": 1, "locationGroupIdentifier": "ALL-LOCATIONS",
	}}}
	return nil, s.exchange(http.MethodPost, s.api+inventoryPath+"/reservation-documents", s.tenant(), wish, nil)
}

// expiredReservation reserves for a minute and lets it pass.
func (s *Stage) expiredReservation(number string) (Values, error) {
	const id = "2c3d4e5f-6071-8283-94a5-b6c7d8e9f001"
	wish := map[string]any{
		"actionRequestId": id, "externalRefId": number, "expirationSeconds": 60,
		"createRecords": []map[string]any{{"stockKeepingUnit": "SHIRT-M", "quantity": 1, "locationGroupIdentifier": "ALL-LOCATIONS"}},
	}
	if err := s.exchange(http.MethodPost, s.api+inventoryPath+"/reservation-documents", s.tenant(), wish, nil); err != nil {
		return nil, err
	}
	return Values{"reservationId": id}, s.wait(2 * time.Minute)
}
