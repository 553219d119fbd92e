package connect

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type stockInput struct {
	StockKeepingUnit    string          `json:"stockKeepingUnit"`
	Quantity            decimal.Decimal `json:"quantity"`
	ExternalReferenceID string          `json:"externalReferenceId"`
}

func stock(in []stockInput) []som.Stock {
	out := make([]som.Stock, len(in))
	for i, s := range in {
		out[i] = som.Stock{Location: s.ExternalReferenceID, SKU: s.StockKeepingUnit, Quantity: s.Quantity}
	}
	return out
}

type routesInput struct {
	Body struct {
		MaximumNumberOfSplits      int          `json:"maximumNumberOfSplits"`
		OrderedQuantities          []stockInput `json:"orderedQuantities"`
		LocationAvailableInventory []stockInput `json:"locationAvailableInventory"`
	}
}

type targetLocations struct {
	Locations []string `json:"locations"`
}

type routesOutput struct {
	baseOutput
	TargetLocations []targetLocations `json:"targetLocations"`
}

func (a *API) findRoutes(_ *binding.Call, in routesInput) (routesOutput, error) {
	routes, err := som.Routes(stock(in.Body.OrderedQuantities), stock(in.Body.LocationAvailableInventory), in.Body.MaximumNumberOfSplits)
	if err != nil {
		return routesOutput{}, err
	}
	out := routesOutput{a.succeeded(), []targetLocations{}}
	for _, r := range routes {
		out.TargetLocations = append(out.TargetLocations, targetLocations{r})
	}
	return out, nil
}

type rankInput struct {
	Body struct {
		DeliveryCountryCode string `json:"deliveryCountryCode"`
		DeliveryPostalCode  string `json:"deliveryPostalCode"`
		DistanceUnit        string `json:"distanceUnit"`
		SortResult          string `json:"sortResult"`
		TargetLocations     []struct {
			Locations []struct {
				LocationIdentifier string `json:"locationIdentifier"`
				CountryCode        string `json:"countryCode"`
				PostalCode         string `json:"postalCode"`
			} `json:"locations"`
		} `json:"targetLocations"`
	}
}

func (in rankInput) ranking() som.DistanceRanking {
	b := in.Body
	r := som.DistanceRanking{To: som.Place{CountryCode: b.DeliveryCountryCode, PostalCode: b.DeliveryPostalCode}, Unit: b.DistanceUnit, Sort: b.SortResult}
	for _, target := range b.TargetLocations {
		var route []som.Place
		for _, l := range target.Locations {
			route = append(route, som.Place{Identifier: l.LocationIdentifier, CountryCode: l.CountryCode, PostalCode: l.PostalCode})
		}
		r.Routes = append(r.Routes, route)
	}
	return r
}

type rankOutput struct {
	baseOutput
	DistanceUnit string       `json:"distanceUnit"`
	Results      []rankResult `json:"results"`
}

type rankResult struct {
	DistanceCalculation distanceCalculation `json:"distanceCalculation"`
}

type distanceCalculation struct {
	AverageDistance double     `json:"averageDistance"`
	Rank            int        `json:"rank"`
	Locations       []distance `json:"locations"`
}

type distance struct {
	LocationIdentifier string `json:"locationIdentifier"`
	Distance           double `json:"distance"`
}

func (a *API) rankByAverageDistance(_ *binding.Call, in rankInput) (rankOutput, error) {
	ranked, err := som.RankByAverageDistance(in.ranking())
	if err != nil {
		return rankOutput{}, err
	}
	out := rankOutput{baseOutput: a.succeeded(), DistanceUnit: in.Body.DistanceUnit}
	for _, r := range ranked {
		calculation := distanceCalculation{AverageDistance: double{r.Average}, Rank: r.Rank}
		for _, l := range r.Locations {
			calculation.Locations = append(calculation.Locations, distance{l.Identifier, double{l.Distance}})
		}
		out.Results = append(out.Results, rankResult{calculation})
	}
	return out, nil
}
