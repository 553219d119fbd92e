package som

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Stock is a quantity of a stock keeping unit, at a location when it tells one.
type Stock struct {
	Location, SKU string
	Quantity      decimal.Decimal
}

// The limits of routing. Source: Connect REST API Developer Guide, "Find Routes with Fewest Splits".
const (
	maxRoutesExamined = 1_000_000
	maxRoutesFound    = 10_000
)

// Routes lists the sets of locations that together have everything ordered, as few locations as possible: those with
// one location, or else those with two, and so on up to splits+1. Locations of a set are in the order of their names.
// Without enough stock there is none. It is arithmetic on its input and reads nothing.
func Routes(ordered, stock []Stock, splits int) ([][]string, error) {
	if splits < 0 {
		return nil, refuse("som.routing.splits", CodeInvalidInput, "maximumNumberOfSplits must not be less than 0.").on("maximumNumberOfSplits")
	}
	if len(ordered) == 0 {
		return nil, refuse("som.routing.ordered-required", CodeInvalidInput, "At least one ordered quantity is required.").on("orderedQuantities")
	}
	f := &routeFinder{wanted: map[string]decimal.Decimal{}, has: map[string]map[string]decimal.Decimal{}, examined: maxRoutesExamined}
	for _, o := range ordered {
		if !o.Quantity.IsPositive() {
			return nil, refuse("som.routing.quantity-positive", CodeInvalidInput, "The quantity of %s must be greater than 0.", o.SKU).on("orderedQuantities")
		}
		f.wanted[o.SKU] = f.wanted[o.SKU].Add(o.Quantity)
	}
	for _, s := range stock {
		f.add(s)
	}
	slices.Sort(f.locations)
	for size := 1; size <= min(splits+1, len(f.locations)); size++ {
		if f.find(nil, 0, size); len(f.found) > 0 {
			return f.found, nil
		}
	}
	return nil, nil
}

// routeFinder looks for sets of locations.
type routeFinder struct {
	wanted    map[string]decimal.Decimal
	has       map[string]map[string]decimal.Decimal
	locations []string
	found     [][]string
	// examined counts down to the limit.
	examined int
}

// add takes in stock of something that was ordered.
func (f *routeFinder) add(s Stock) {
	if _, wanted := f.wanted[s.SKU]; !wanted || !s.Quantity.IsPositive() {
		return
	}
	if f.has[s.Location] == nil {
		f.has[s.Location] = map[string]decimal.Decimal{}
		f.locations = append(f.locations, s.Location)
	}
	f.has[s.Location][s.SKU] = f.has[s.Location][s.SKU].Add(s.Quantity)
}

// find extends a set by locations from the given place on until it has the size.
func (f *routeFinder) find(set []string, from, size int) {
	if f.examined <= 0 || len(f.found) >= maxRoutesFound {
		return
	}
	if len(set) == size {
		f.examined--
		if f.covers(set) {
			f.found = append(f.found, slices.Clone(set))
		}
		return
	}
	for i := from; i <= len(f.locations)-(size-len(set)); i++ {
		f.find(append(set, f.locations[i]), i+1, size)
	}
}

func (f *routeFinder) covers(set []string) bool {
	for sku, wanted := range f.wanted {
		for _, location := range set {
			wanted = wanted.Sub(f.has[location][sku])
		}
		if wanted.IsPositive() {
			return false
		}
	}
	return true
}

// Place is somewhere on a map, as far as its postal code tells.
type Place struct{ Identifier, CountryCode, PostalCode string }

// Distance is how far a place is from another.
type Distance struct {
	Identifier string
	Distance   decimal.Decimal
}

// RankedRoute is a set of locations with its average distance. Routes that are as far have the same rank.
type RankedRoute struct {
	Rank      int
	Average   decimal.Decimal
	Locations []Distance
}

// DistanceRanking asks which of several sets of locations is nearest to where goods go.
type DistanceRanking struct {
	To Place
	// Unit is mi or km, Sort ASC or DESC.
	Unit, Sort string
	Routes     [][]Place
}

// RankByAverageDistance ranks sets of locations. There is no map behind it: postal codes of one country are as far apart
// as their first three digits say, and another country is far away. Results repeat, and near codes are near.
func RankByAverageDistance(in DistanceRanking) ([]RankedRoute, error) {
	unit := strings.ToLower(in.Unit)
	order := strings.ToUpper(in.Sort)
	switch {
	case unit != "mi" && unit != "km":
		return nil, refuse("som.routing.unit", CodeInvalidInput, "%q is not a distance unit; use mi or km.", in.Unit).on("distanceUnit")
	case order != "ASC" && order != "DESC":
		return nil, refuse("som.routing.sort", CodeInvalidInput, "%q is not a sort order; use ASC or DESC.", in.Sort).on("sortResult")
	case len(in.Routes) == 0:
		return nil, refuse("som.routing.targets-required", CodeInvalidInput, "At least one target location is required.").on("targetLocations")
	}
	var ranked []RankedRoute
	for _, route := range in.Routes {
		if len(route) == 0 {
			return nil, refuse("som.routing.targets-required", CodeInvalidInput, "A target location has no locations.").on("targetLocations")
		}
		ranked = append(ranked, averaged(in.To, unit, route))
	}
	slices.SortStableFunc(ranked, func(a, b RankedRoute) int { return a.Average.Cmp(b.Average) })
	for i := range ranked {
		ranked[i].Rank = i + 1
		if i > 0 && ranked[i].Average.Equal(ranked[i-1].Average) {
			ranked[i].Rank = ranked[i-1].Rank
		}
	}
	if order == "DESC" {
		slices.Reverse(ranked)
	}
	return ranked, nil
}

func averaged(to Place, unit string, route []Place) RankedRoute {
	r, sum := RankedRoute{}, decimal.Zero
	for _, place := range route {
		d := distance(to, place, unit)
		sum = sum.Add(d)
		r.Locations = append(r.Locations, Distance{place.Identifier, d})
	}
	r.Average = sum.DivRound(decimal.NewFromInt(int64(len(route))), 2)
	return r
}

// The scale of the map that is not there, in kilometres.
const (
	kmPerStep = 1
	kmAbroad  = 2000
)

func distance(a, b Place, unit string) decimal.Decimal {
	km := int64(kmAbroad)
	if strings.EqualFold(a.CountryCode, b.CountryCode) {
		km = (region(a.PostalCode) - region(b.PostalCode)) * kmPerStep
		if km < 0 {
			km = -km
		}
	}
	d := decimal.NewFromInt(km)
	if unit == "mi" {
		d = d.DivRound(decimal.RequireFromString("1.609344"), 2)
	}
	return d
}

// region is the number of the first three letters or digits of a postal code.
func region(code string) int64 {
	n, digits := int64(0), 0
	for _, c := range strings.ToUpper(code) {
		switch {
		case digits == 3:
			return n
		case c >= '0' && c <= '9':
			n, digits = n*10+int64(c-'0'), digits+1
		case c >= 'A' && c <= 'Z':
			n, digits = n*10+int64(c-'A')*10/26, digits+1
		}
	}
	return n
}
