package ociconnect

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci/ocijson"
	"github.com/somsim/somsim/simulator/sandbox"
)

type checkInput struct {
	Body struct {
		InventoryDimension string `json:"inventoryDimension"`
		Locations          []struct {
			LocationID string `json:"locationId"`
			checkedProducts
		} `json:"locations"`
		LocationGroups []struct {
			LocationGroupID string `json:"locationGroupId"`
			checkedProducts
		} `json:"locationGroups"`
	}
}

type checkedProducts struct {
	IncludeInventoryLevel bool `json:"includeInventoryLevel"`
	Products              []struct {
		Product2ID string           `json:"product2Id"`
		Quantity   ocijson.Quantity `json:"quantity"`
	} `json:"products"`
}

type checkOutput struct {
	baseOutput
	Locations      []checkedLocation `json:"locations"`
	LocationGroups []checkedGroup    `json:"locationGroups"`
}

type checkedLocation struct {
	LocationID string           `json:"locationId"`
	Products   []checkedProduct `json:"products"`
}

type checkedGroup struct {
	LocationGroupID string           `json:"locationGroupId"`
	Products        []checkedProduct `json:"products"`
}

type checkedProduct struct {
	Product2ID     string           `json:"product2Id"`
	Quantity       ocijson.Quantity `json:"quantity"`
	IsAvailable    bool             `json:"isAvailable"`
	InventoryLevel *level           `json:"inventoryLevel,omitempty"`
}

// checkInventoryAvailability tells of each product whether as much as is wanted is there.
func (a *API) checkInventoryAvailability(c *binding.Call, in checkInput) (checkOutput, error) {
	out := checkOutput{baseOutput: a.succeeded(), Locations: []checkedLocation{}, LocationGroups: []checkedGroup{}}
	for _, l := range in.Body.Locations {
		p, err := a.location(c.Tx, l.LocationID)
		if err != nil {
			return checkOutput{}, err
		}
		products, err := a.check(c.Tx, p, in.Body.InventoryDimension, l.checkedProducts)
		if err != nil {
			return checkOutput{}, err
		}
		out.Locations = append(out.Locations, checkedLocation{l.LocationID, products})
	}
	for _, g := range in.Body.LocationGroups {
		p, err := a.group(c.Tx, g.LocationGroupID)
		if err != nil {
			return checkOutput{}, err
		}
		products, err := a.check(c.Tx, p, in.Body.InventoryDimension, g.checkedProducts)
		if err != nil {
			return checkOutput{}, err
		}
		out.LocationGroups = append(out.LocationGroups, checkedGroup{g.LocationGroupID, products})
	}
	return out, nil
}

func (a *API) check(tx *sandbox.Tx, at place, dimension string, in checkedProducts) ([]checkedProduct, error) {
	out := make([]checkedProduct, len(in.Products))
	for i, wanted := range in.Products {
		p, err := a.product(tx, wanted.Product2ID)
		if err != nil {
			return nil, err
		}
		l := a.level(tx, at, p.sku)
		out[i] = checkedProduct{Product2ID: wanted.Product2ID, Quantity: wanted.Quantity, IsAvailable: l.of(dimension).GreaterThanOrEqual(wanted.Quantity.Decimal)}
		if in.IncludeInventoryLevel {
			out[i].InventoryLevel = &l
		}
	}
	return out, nil
}
