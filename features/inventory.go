package features

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/shopspring/decimal"
)

// tenant is the inventory's name for the shop.
const tenant = "f_ecom_zzte_053"

// holding is units of a product that inventory keeps for an order, at a location or, before one is chosen, at a group of
// them.
type holding struct {
	ReservationID string          `json:"reservationId,omitempty"`
	SKU           string          `json:"stockKeepingUnit"`
	Quantity      decimal.Decimal `json:"quantity"`
	Location      string          `json:"locationIdentifier,omitempty"`
	Group         string          `json:"locationGroupIdentifier,omitempty"`
}

func (u *orgUser) inventory(method, path string, body any) request {
	header := map[string]string{"Authorization": "Bearer " + wellKnown + "~" + u.sandbox}
	return request{method, u.api + "/inventory/" + path, header, body}
}

func reservations(resource string) string {
	return "reservation/v1/organizations/" + tenant + "/" + resource
}

// holdings is what inventory keeps for an order.
func (u *orgUser) holdings(ctx context.Context, orderNo string) ([]holding, error) {
	var list struct {
		Reservations []struct {
			ID      string    `json:"reservationId"`
			Records []holding `json:"records"`
		} `json:"reservations"`
	}
	query := "?externalRefId=" + url.QueryEscape(orderNo)
	if err := u.call(ctx, u.inventory(http.MethodGet, reservations("reservation-documents")+query, nil), &list); err != nil {
		return nil, err
	}
	var all []holding
	for _, r := range list.Reservations {
		for _, h := range r.Records {
			h.ReservationID = r.ID
			all = append(all, h)
		}
	}
	return all, nil
}

// shelf is where units of a product are kept: a location, or the group of all of them.
type shelf struct{ place, sku string }

// shelf is where the units are kept.
func (h holding) shelf() shelf { return shelf{h.Location + h.Group, h.SKU} }

// everywhere is the group of all locations, where units are kept until a location is chosen.
const everywhere = "ALL-LOCATIONS"

// stockLevel is what a location has of a product, and how much of that is promised.
type stockLevel struct {
	OnHand   decimal.Decimal `json:"onHand"`
	Reserved decimal.Decimal `json:"reserved"`
}

// stock is what all locations have of some products, and the group of them in all.
func (u *orgUser) stock(ctx context.Context, skus []string) (map[shelf]stockLevel, error) {
	type record struct {
		SKU string `json:"stockKeepingUnit"`
		stockLevel
	}
	var out struct {
		Locations []struct {
			Place   string   `json:"locationIdentifier"`
			Records []record `json:"inventoryRecords"`
		} `json:"locations"`
		Groups []struct {
			Place   string   `json:"locationGroupIdentifier"`
			Records []record `json:"inventoryRecords"`
		} `json:"locationGroups"`
	}
	path := "availability/v1/organizations/" + tenant + "/availability-records/actions/get-availability"
	err := u.call(ctx, u.inventory(http.MethodPost, path, map[string]any{"stockKeepingUnits": skus, "locationGroupIdentifier": everywhere}), &out)
	levels := map[shelf]stockLevel{}
	for _, l := range out.Locations {
		for _, r := range l.Records {
			levels[shelf{l.Place, r.SKU}] = r.stockLevel
		}
	}
	for _, g := range out.Groups {
		for _, r := range g.Records {
			levels[shelf{g.Place, r.SKU}] = r.stockLevel
		}
	}
	return levels, err
}

// bring has inventory keep units for the order at a location that it kept at none yet, as routing does.
func (u *orgUser) bring(ctx context.Context, orderNo, location string, units map[string]decimal.Decimal) error {
	return u.move(ctx, orderNo, "transfers", "transferRecords", units, func(h holding) map[string]any {
		if h.Location != "" {
			return nil
		}
		return map[string]any{"fromLocationGroupIdentifier": h.Group, "toLocationIdentifier": location}
	})
}

// handOver tells inventory that units have left a location.
func (u *orgUser) handOver(ctx context.Context, orderNo, location string, units map[string]decimal.Decimal) error {
	return u.move(ctx, orderNo, "fulfillments", "fulfillmentRecords", units, func(h holding) map[string]any {
		if h.Location != location {
			return nil
		}
		return map[string]any{"locationIdentifier": h.Location}
	})
}

// free tells inventory that units need not be kept for the order any longer.
func (u *orgUser) free(ctx context.Context, orderNo string, units map[string]decimal.Decimal) error {
	return u.move(ctx, orderNo, "releases", "releaseRecords", units, func(h holding) map[string]any {
		if h.Location != "" {
			return map[string]any{"locationIdentifier": h.Location}
		}
		return map[string]any{"locationGroupIdentifier": h.Group}
	})
}

// move reports something about units that inventory keeps for the order where the function names the places.
func (u *orgUser) move(ctx context.Context, orderNo, resource, list string, units map[string]decimal.Decimal, places func(holding) map[string]any) error {
	held, err := u.holdings(ctx, orderNo)
	if err != nil {
		return err
	}
	var records []map[string]any
	for sku, left := range units {
		for _, h := range held {
			record, part := places(h), decimal.Min(left, h.Quantity)
			if h.SKU != sku || record == nil || !part.IsPositive() {
				continue
			}
			left = left.Sub(part)
			record["actionRequestId"], record["reservationId"], record["externalRefId"] = newUUID(), h.ReservationID, orderNo
			record["stockKeepingUnit"], record["quantity"] = sku, json.Number(part.String())
			records = append(records, record)
		}
		if left.IsPositive() {
			return fmt.Errorf("inventory keeps too little of %s for order %s: %s units are missing", sku, orderNo, left)
		}
	}
	if len(records) == 0 {
		return nil
	}
	var out struct {
		Success bool            `json:"success"`
		Errors  json.RawMessage `json:"errors"`
	}
	err = u.call(ctx, u.inventory(http.MethodPost, reservations(resource), map[string]any{list: records}), &out)
	if err == nil && !out.Success {
		err = fmt.Errorf("inventory refused: %s", out.Errors)
	}
	return err
}

// newUUID names a request of the scenario's own. It never shows in anything that a scenario compares.
func newUUID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// reserveAll has somebody else reserve, for hours, all units of a product that inventory could still promise. It tells how many
// these were, and under which id.
func (u *orgUser) reserveAll(ctx context.Context, product string) (id string, units decimal.Decimal, err error) {
	levels, err := u.stock(ctx, []string{product})
	if err != nil {
		return "", units, err
	}
	level := levels[shelf{everywhere, product}]
	id, units = newUUID(), level.OnHand.Sub(level.Reserved)
	if !units.IsPositive() {
		return "", units, fmt.Errorf("no unit of %s can be had", product)
	}
	return id, units, u.call(ctx, u.inventory(http.MethodPost, reservations("reservation-documents"), map[string]any{
		"actionRequestId": id, "expirationSeconds": 14400,
		"createRecords": []map[string]any{{"stockKeepingUnit": product, "quantity": json.Number(units.String()), "locationGroupIdentifier": everywhere}},
	}), nil)
}
