package headless

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
)

type availabilityInput struct {
	Body struct {
		StockKeepingUnit         string   `json:"stockKeepingUnit"`
		StockKeepingUnits        []string `json:"stockKeepingUnits"`
		LocationIdentifiers      []string `json:"locationIdentifiers"`
		LocationGroupIdentifier  string   `json:"locationGroupIdentifier"`
		LocationGroupIdentifiers []string `json:"locationGroupIdentifiers"`
	}
}

// selector is a question for availability, made regular.
type selector struct {
	skus, locations, groups []string
	// inGroup asks for the locations of the one group too.
	inGroup bool
}

func (in availabilityInput) selector() (selector, error) {
	b := in.Body
	s := selector{skus: b.StockKeepingUnits, locations: b.LocationIdentifiers, groups: b.LocationGroupIdentifiers}
	if b.StockKeepingUnit != "" {
		s.skus = []string{b.StockKeepingUnit}
	}
	if b.LocationGroupIdentifier != "" {
		s.groups, s.inGroup = []string{b.LocationGroupIdentifier}, true
	}
	places := 0
	for _, given := range []bool{b.LocationIdentifiers != nil, b.LocationGroupIdentifier != "", b.LocationGroupIdentifiers != nil} {
		if given {
			places++
		}
	}
	if b.StockKeepingUnit != "" && b.StockKeepingUnits != nil || places > 1 || places == 0 && b.StockKeepingUnit == "" {
		return selector{}, &refusal{
			status: http.StatusBadRequest, title: "Bad Request", kind: "bad-request", rule: "oci.availability.selector",
			detail: "Name one of stockKeepingUnit and stockKeepingUnits, and one of locationIdentifiers, locationGroupIdentifier and locationGroupIdentifiers.",
		}
	}
	return s, nil
}

type availabilityOutput struct {
	Success        bool                `json:"success"`
	Errors         []lineError         `json:"errors"`
	Locations      []locationInventory `json:"locations"`
	LocationGroups []groupInventory    `json:"locationGroups"`
}

type locationInventory struct {
	LocationIdentifier string            `json:"locationIdentifier"`
	InventoryRecords   []inventoryRecord `json:"inventoryRecords"`
}

type groupInventory struct {
	LocationGroupIdentifier string            `json:"locationGroupIdentifier"`
	InventoryRecords        []inventoryRecord `json:"inventoryRecords"`
}

type inventoryRecord struct {
	StockKeepingUnit   string   `json:"stockKeepingUnit"`
	Exists             bool     `json:"exists"`
	OnHand             quantity `json:"onHand"`
	Reserved           quantity `json:"reserved"`
	AvailableToFulfill quantity `json:"availableToFulfill"`
	AvailableToOrder   quantity `json:"availableToOrder"`
	SafetyStockCount   quantity `json:"safetyStockCount"`
	EffectiveDate      string   `json:"effectiveDate,omitempty"`
	Futures            []future `json:"futures"`
}

type future struct {
	Quantity     quantity `json:"quantity"`
	ExpectedDate string   `json:"expectedDate"`
}

func newInventoryRecord(f oci.Figures) inventoryRecord {
	out := inventoryRecord{
		StockKeepingUnit: f.SKU, Exists: f.Exists, OnHand: quantity{f.OnHand}, Reserved: quantity{f.Reserved},
		AvailableToFulfill: quantity{f.AvailableToFulfill()}, AvailableToOrder: quantity{f.AvailableToOrder()},
		SafetyStockCount: quantity{f.SafetyStock}, EffectiveDate: optional(f.EffectiveDate), Futures: []future{},
	}
	for _, expected := range f.Futures {
		out.Futures = append(out.Futures, future{quantity{expected.Quantity}, instant(expected.ExpectedDate)})
	}
	return out
}

func (a *API) getInventoryAvailability(c *binding.Call, in availabilityInput) (availabilityOutput, error) {
	s, err := in.selector()
	if err != nil {
		return availabilityOutput{}, err
	}
	if s.locations == nil && s.groups == nil {
		s.locations = a.domain.Ungrouped(c.Tx)
	}
	out := availabilityOutput{Success: true, Errors: []lineError{}, Locations: []locationInventory{}, LocationGroups: []groupInventory{}}
	for _, id := range s.groups {
		g, err := a.domain.Group(c.Tx, id)
		if err != nil {
			return availabilityOutput{}, err
		}
		out.LocationGroups = append(out.LocationGroups, a.groupInventory(c, g, s.skus))
		if s.inGroup {
			s.locations = g.LocationIDs
		}
	}
	for _, id := range s.locations {
		if _, err := a.domain.Location(c.Tx, id); err != nil {
			return availabilityOutput{}, err
		}
		out.Locations = append(out.Locations, a.locationInventory(c, id, s.skus))
	}
	return out, nil
}

func (a *API) groupInventory(c *binding.Call, g oci.Group, skus []string) groupInventory {
	out := groupInventory{LocationGroupIdentifier: g.ID, InventoryRecords: []inventoryRecord{}}
	if skus == nil {
		skus = a.domain.SKUs(c.Tx, g.LocationIDs...)
	}
	for _, sku := range skus {
		out.InventoryRecords = append(out.InventoryRecords, newInventoryRecord(a.domain.GroupFigures(c.Tx, g, sku)))
	}
	return out
}

func (a *API) locationInventory(c *binding.Call, id string, skus []string) locationInventory {
	out := locationInventory{LocationIdentifier: id, InventoryRecords: []inventoryRecord{}}
	if skus == nil {
		skus = a.domain.SKUs(c.Tx, id)
	}
	for _, sku := range skus {
		out.InventoryRecords = append(out.InventoryRecords, newInventoryRecord(a.domain.LocationFigures(c.Tx, id, sku)))
	}
	return out
}
