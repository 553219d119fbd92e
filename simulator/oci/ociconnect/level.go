package ociconnect

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/ocijson"
	"github.com/somsim/somsim/simulator/sandbox"
)

// maxCombinations is how many combinations of a product and a place the levels may be asked for.
const maxCombinations = 100

type level struct {
	OnHand             ocijson.Quantity `json:"onHand"`
	AvailableToFulfill ocijson.Quantity `json:"availableToFulfill"`
	AvailableToOrder   ocijson.Quantity `json:"availableToOrder"`
}

func newLevel(f oci.Figures) level {
	return level{
		ocijson.Quantity{Decimal: f.OnHand}, ocijson.Quantity{Decimal: f.AvailableToFulfill()}, ocijson.Quantity{Decimal: f.AvailableToOrder()},
	}
}

func (l level) plus(other level) level {
	sum := func(a, b ocijson.Quantity) ocijson.Quantity { return ocijson.Quantity{Decimal: a.Add(b.Decimal)} }
	return level{sum(l.OnHand, other.OnHand), sum(l.AvailableToFulfill, other.AvailableToFulfill), sum(l.AvailableToOrder, other.AvailableToOrder)}
}

// of is the figure of a dimension; available to order when it is not named.
func (l level) of(dimension string) decimal.Decimal {
	switch dimension {
	case "OnHand":
		return l.OnHand.Decimal
	case "AvailableToFulfill":
		return l.AvailableToFulfill.Decimal
	default:
		return l.AvailableToOrder.Decimal
	}
}

// place is a location or group of the org, as inventory knows it.
type place struct {
	id    string
	group *oci.Group
	// location is the external reference of a location.
	location string
}

func (a *API) location(tx *sandbox.Tx, id string) (place, error) {
	reference, ok := a.org.Reference(tx, id)
	if !ok {
		return place{}, &oci.Error{Code: oci.LocationNotFound, Rule: "oci.place.known", Message: "there is no location " + id}
	}
	l, err := a.domain.Location(tx, reference)
	return place{id: id, location: l.ID}, err
}

func (a *API) group(tx *sandbox.Tx, id string) (place, error) {
	reference, ok := a.org.Reference(tx, id)
	if !ok {
		return place{}, &oci.Error{Code: oci.LocationNotFound, Rule: "oci.place.known", Message: "there is no location group " + id}
	}
	g, err := a.domain.Group(tx, reference)
	return place{id: id, group: &g}, err
}

// product is a product of the org.
type product struct{ id, sku string }

func (a *API) product(tx *sandbox.Tx, name string) (product, error) {
	sku, id, ok := a.org.SKU(tx, name)
	if !ok {
		return product{}, &oci.Error{Code: oci.SKUNotFound, Rule: "oci.product.known", Message: "there is no product " + name + " with a stock keeping unit"}
	}
	return product{id, sku}, nil
}

func (a *API) level(tx *sandbox.Tx, p place, sku string) level {
	if p.group != nil {
		return newLevel(a.domain.GroupFigures(tx, *p.group, sku))
	}
	return newLevel(a.domain.LocationFigures(tx, p.location, sku))
}

type levelsInput struct {
	Products       []string `query:"products"`
	Locations      []string `query:"locations"`
	LocationGroups []string `query:"locationgroups"`
}

type levelsOutput struct {
	baseOutput
	Locations      []locationLevels `json:"locations"`
	LocationGroups []groupLevels    `json:"locationGroups"`
	TotalInventory []productLevel   `json:"totalInventory"`
}

type locationLevels struct {
	LocationID        string         `json:"locationId"`
	InventoryProducts []productLevel `json:"inventoryProducts"`
}

type groupLevels struct {
	LocationGroupID   string         `json:"locationGroupId"`
	InventoryProducts []productLevel `json:"inventoryProducts"`
}

type productLevel struct {
	Product2ID string `json:"product2Id"`
	level
}

// getInventoryLevels tells what of products there is at places, and in all.
func (a *API) getInventoryLevels(c *binding.Call, in levelsInput) (levelsOutput, error) {
	locations, groups := listed(in.Locations), listed(in.LocationGroups)
	products, err := a.products(c.Tx, listed(in.Products))
	if err == nil {
		err = checkCombinations(len(products), len(locations)+len(groups))
	}
	if err != nil {
		return levelsOutput{}, err
	}
	out := levelsOutput{baseOutput: a.succeeded(), Locations: []locationLevels{}, LocationGroups: []groupLevels{}}
	sums := make([]level, len(products))
	for _, id := range locations {
		p, err := a.location(c.Tx, id)
		if err != nil {
			return levelsOutput{}, err
		}
		out.Locations = append(out.Locations, locationLevels{id, a.levels(c.Tx, p, products, sums)})
	}
	for _, id := range groups {
		p, err := a.group(c.Tx, id)
		if err != nil {
			return levelsOutput{}, err
		}
		out.LocationGroups = append(out.LocationGroups, groupLevels{id, a.levels(c.Tx, p, products, sums)})
	}
	for i, product := range products {
		out.TotalInventory = append(out.TotalInventory, productLevel{product.id, sums[i]})
	}
	return out, nil
}

func (a *API) products(tx *sandbox.Tx, names []string) ([]product, error) {
	var out []product
	for _, name := range names {
		p, err := a.product(tx, name)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// levels are those of products at a place; they are added to the sums.
func (a *API) levels(tx *sandbox.Tx, p place, products []product, sums []level) []productLevel {
	out := make([]productLevel, len(products))
	for i, product := range products {
		out[i] = productLevel{product.id, a.level(tx, p, product.sku)}
		sums[i] = sums[i].plus(out[i].level)
	}
	return out
}

func checkCombinations(products, places int) error {
	switch {
	case places == 0:
		return &ocijson.Refusal{Rule: "oci.levels.selector", Detail: "Name locations or locationgroups."}
	case products*places > maxCombinations:
		return &ocijson.Refusal{Rule: "oci.levels.selector", Detail: "At most 100 combinations of a product and a place can be asked for."}
	}
	return nil
}

// listed are the values of a query parameter that may be repeated or hold several, separated by commas.
func listed(values []string) []string {
	var out []string
	for _, value := range values {
		for _, one := range strings.Split(value, ",") {
			if one = strings.TrimSpace(one); one != "" && !slices.Contains(out, one) {
				out = append(out, one)
			}
		}
	}
	return out
}
