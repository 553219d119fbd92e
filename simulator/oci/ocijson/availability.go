package ocijson

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
)

// AvailabilityInput asks for the stock of SKUs at places.
type AvailabilityInput struct {
	Body struct {
		StockKeepingUnit         string   `json:"stockKeepingUnit"`
		StockKeepingUnits        []string `json:"stockKeepingUnits"`
		LocationIdentifiers      []string `json:"locationIdentifiers"`
		LocationGroupIdentifier  string   `json:"locationGroupIdentifier"`
		LocationGroupIdentifiers []string `json:"locationGroupIdentifiers"`
		UseCache                 bool     `json:"useCache"`
	}
}

// selector is a question for availability, made regular.
type selector struct {
	skus, locations, groups []string
	// inGroup asks for the locations of the one group too; useCache is content with figures that were true a while ago.
	inGroup, useCache bool
}

func (in AvailabilityInput) selector() (selector, error) {
	body := in.Body
	s := selector{skus: body.StockKeepingUnits, locations: body.LocationIdentifiers, groups: body.LocationGroupIdentifiers, useCache: body.UseCache}
	if body.StockKeepingUnit != "" {
		s.skus = []string{body.StockKeepingUnit}
	}
	if body.LocationGroupIdentifier != "" {
		s.groups, s.inGroup = []string{body.LocationGroupIdentifier}, true
	}
	places := 0
	for _, given := range []bool{body.LocationIdentifiers != nil, body.LocationGroupIdentifier != "", body.LocationGroupIdentifiers != nil} {
		if given {
			places++
		}
	}
	if body.StockKeepingUnit != "" && body.StockKeepingUnits != nil || places > 1 || places == 0 && body.StockKeepingUnit == "" {
		return selector{}, &Refusal{
			Rule:   "oci.availability.selector",
			Detail: "Name one of stockKeepingUnit and stockKeepingUnits, and one of locationIdentifiers, locationGroupIdentifier and locationGroupIdentifiers.",
		}
	}
	return s, nil
}

// AvailabilityOutput is the stock of SKUs at places.
type AvailabilityOutput struct {
	Success        bool                `json:"success"`
	Errors         []LineError         `json:"errors"`
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
	OnHand             Quantity `json:"onHand"`
	Reserved           Quantity `json:"reserved"`
	AvailableToFulfill Quantity `json:"availableToFulfill"`
	AvailableToOrder   Quantity `json:"availableToOrder"`
	SafetyStockCount   Quantity `json:"safetyStockCount"`
	EffectiveDate      string   `json:"effectiveDate,omitempty"`
	Futures            []Future `json:"futures"`
}

func newInventoryRecord(f oci.Figures) inventoryRecord {
	out := inventoryRecord{
		StockKeepingUnit: f.SKU, Exists: f.Exists, OnHand: Quantity{f.OnHand}, Reserved: Quantity{f.Reserved},
		AvailableToFulfill: Quantity{f.AvailableToFulfill()}, AvailableToOrder: Quantity{f.AvailableToOrder()},
		SafetyStockCount: Quantity{f.SafetyStock}, EffectiveDate: Optional(f.EffectiveDate), Futures: []Future{},
	}
	for _, expected := range f.Futures {
		out.Futures = append(out.Futures, Future{Quantity{expected.Quantity}, Instant(expected.ExpectedDate)})
	}
	return out
}

// GetInventoryAvailability tells what is on hand, reserved and available. The error is a [*Refusal] or one of the domain.
func (b Bodies) GetInventoryAvailability(c *binding.Call, in AvailabilityInput) (AvailabilityOutput, error) {
	s, err := in.selector()
	if err != nil {
		return AvailabilityOutput{}, err
	}
	if s.locations == nil && s.groups == nil {
		s.locations = b.Domain.Ungrouped(c.Tx)
	}
	return b.availability(c, s)
}

// Availability tells the stock of SKUs at locations and in groups. The error is one of the domain.
func (b Bodies) Availability(c *binding.Call, skus, locations, groups []string) (AvailabilityOutput, error) {
	return b.availability(c, selector{skus: skus, locations: locations, groups: groups})
}

func (b Bodies) availability(c *binding.Call, s selector) (AvailabilityOutput, error) {
	out := AvailabilityOutput{Success: true, Errors: none[LineError](b), Locations: []locationInventory{}, LocationGroups: []groupInventory{}}
	for _, id := range s.groups {
		g, err := b.Domain.Group(c.Tx, id)
		if err != nil {
			return AvailabilityOutput{}, err
		}
		out.LocationGroups = append(out.LocationGroups, b.groupInventory(c, g, s))
		if s.inGroup {
			s.locations = g.LocationIDs
		}
	}
	for _, id := range s.locations {
		if _, err := b.Domain.Location(c.Tx, id); err != nil {
			return AvailabilityOutput{}, err
		}
		out.Locations = append(out.Locations, b.locationInventory(c, id, s))
	}
	return out, nil
}

func (b Bodies) groupInventory(c *binding.Call, g oci.Group, s selector) groupInventory {
	skus, figures := s.skus, b.Domain.GroupFigures
	if s.useCache {
		figures = b.Domain.CachedGroupFigures
	}
	out := groupInventory{LocationGroupIdentifier: g.ID, InventoryRecords: []inventoryRecord{}}
	if skus == nil {
		skus = b.Domain.SKUs(c.Tx, g.LocationIDs...)
	}
	for _, sku := range skus {
		out.InventoryRecords = append(out.InventoryRecords, newInventoryRecord(figures(c.Tx, g, sku)))
	}
	return out
}

func (b Bodies) locationInventory(c *binding.Call, id string, s selector) locationInventory {
	skus, figures := s.skus, b.Domain.LocationFigures
	if s.useCache {
		figures = b.Domain.CachedLocationFigures
	}
	out := locationInventory{LocationIdentifier: id, InventoryRecords: []inventoryRecord{}}
	if skus == nil {
		skus = b.Domain.SKUs(c.Tx, id)
	}
	for _, sku := range skus {
		out.InventoryRecords = append(out.InventoryRecords, newInventoryRecord(figures(c.Tx, id, sku)))
	}
	return out
}
