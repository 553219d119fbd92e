package ociconnect

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/ocijson"
)

type routesInput struct {
	Body struct {
		Inputs []routedOrder `json:"findRoutesWithFewestSplitsUsingOCIInputs"`
	}
}

type routedOrder struct {
	MaximumNumberOfSplits *int     `json:"maximumNumberOfSplits"`
	ExcludeLocations      []string `json:"excludeLocations"`
	OrderedItems          []struct {
		StockKeepingUnit        string           `json:"stockKeepingUnit"`
		Quantity                ocijson.Quantity `json:"quantity"`
		LocationGroupIdentifier string           `json:"locationGroupIdentifier"`
	} `json:"orderedItems"`
}

type routesOutput struct {
	baseOutput
	Results []routed `json:"results"`
}

type routed struct {
	baseOutput
	TargetLocations []targetLocations           `json:"targetLocations"`
	Inventory       *ocijson.AvailabilityOutput `json:"inventory"`
}

type targetLocations struct {
	Locations []string `json:"locations"`
}

// findRoutesWithFewestSplitsUsingOCI finds routes for orders by what inventory says now. An order that is refused says so
// and leaves the others alone.
func (a *API) findRoutesWithFewestSplitsUsingOCI(c *binding.Call, in routesInput) (routesOutput, error) {
	out := routesOutput{baseOutput: a.succeeded(), Results: []routed{}}
	for _, order := range in.Body.Inputs {
		result, err := a.route(c, order)
		var bug *binding.Bug
		if errors.As(err, &bug) {
			return routesOutput{}, err
		}
		if err != nil {
			c.Note(err)
			code, message := a.org.Failure(c, err)
			result = routed{baseOutput: baseOutput{Errors: []ocijson.LineError{{ErrorCode: code, Message: message}}}, TargetLocations: []targetLocations{}}
		}
		out.Success = out.Success && result.Success
		out.Results = append(out.Results, result)
	}
	return out, nil
}

func (a *API) route(c *binding.Call, order routedOrder) (routed, error) {
	ask := asked{a: a, c: c, stock: map[string]Stock{}}
	var ordered []Stock
	for _, i := range order.OrderedItems {
		if err := ask.add(i.LocationGroupIdentifier, i.StockKeepingUnit, order.ExcludeLocations); err != nil {
			return routed{}, err
		}
		ordered = append(ordered, Stock{SKU: i.StockKeepingUnit, Quantity: i.Quantity.Decimal})
	}
	inventory, err := ask.inventory()
	if err != nil {
		return routed{}, err
	}
	splits := len(ask.stock)
	if order.MaximumNumberOfSplits != nil {
		splits = *order.MaximumNumberOfSplits
	}
	routes, err := a.org.Routes(ordered, ask.sorted(), splits)
	if err != nil {
		return routed{}, err
	}
	out := routed{baseOutput: a.succeeded(), TargetLocations: []targetLocations{}, Inventory: &inventory}
	for _, r := range routes {
		out.TargetLocations = append(out.TargetLocations, targetLocations{r})
	}
	return out, nil
}

// asked gathers what an order may be fulfilled from.
type asked struct {
	a                       *API
	c                       *binding.Call
	groups, locations, skus []string
	// stock is by location and SKU.
	stock map[string]Stock
}

// add takes in the stock of a SKU at a location, or at the locations of a group that may promise it. What is available
// to fulfil counts: a route is where goods leave from.
func (s *asked) add(reference, sku string, excluded []string) error {
	members, err := s.members(reference, sku)
	if err != nil {
		return err
	}
	s.skus = append(s.skus, sku)
	for _, id := range members {
		if f := s.a.domain.LocationFigures(s.c.Tx, id, sku); f.Exists && !slices.Contains(excluded, id) {
			s.stock[id+"\x01"+sku] = Stock{Location: id, SKU: sku, Quantity: f.AvailableToFulfill()}
		}
	}
	return nil
}

// members are the locations behind an external reference, a group's or a location's own.
func (s *asked) members(reference, sku string) ([]string, error) {
	if g, err := s.a.domain.Group(s.c.Tx, reference); err == nil {
		s.groups = append(s.groups, reference)
		return s.a.domain.Promising(s.c.Tx, g, sku), nil
	}
	if _, err := s.a.domain.Location(s.c.Tx, reference); err != nil {
		return nil, &oci.Error{Code: oci.LocationNotFound, Rule: "oci.place.known", Message: "there is no location group and no location " + reference}
	}
	s.locations = append(s.locations, reference)
	return []string{reference}, nil
}

func (s *asked) sorted() []Stock {
	var all []Stock
	for _, one := range s.stock {
		all = append(all, one)
	}
	slices.SortFunc(all, func(x, y Stock) int {
		return cmp.Or(strings.Compare(x.Location, y.Location), strings.Compare(x.SKU, y.SKU))
	})
	return all
}

// inventory is what get-availability says of the places and SKUs that were asked for.
func (s *asked) inventory() (ocijson.AvailabilityOutput, error) {
	unique := func(of []string) []string {
		slices.Sort(of)
		return slices.Compact(of)
	}
	return s.a.bodies().Availability(s.c, unique(s.skus), unique(s.locations), unique(s.groups))
}
