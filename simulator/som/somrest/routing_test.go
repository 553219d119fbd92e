package somrest_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestRoutingAndCapacity(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	routing := base + "/commerce/order-management/routing/"
	s.want(s.do("POST", routing+"actions/find-routes-with-fewest-splits", `{"maximumNumberOfSplits":1,"orderedQuantities":[{"stockKeepingUnit":"a","quantity":2}],
		"locationAvailableInventory":[{"externalReferenceId":"x","stockKeepingUnit":"a","quantity":1},{"externalReferenceId":"y","stockKeepingUnit":"a","quantity":1.0}]}`),
		http.StatusCreated, `{"success":true,"errors":[],"targetLocations":[{"locations":["x","y"]}]}`)
	s.wantOutput(s.do("POST", routing+"actions/find-routes-with-fewest-splits", `{"maximumNumberOfSplits":-1,"orderedQuantities":[],"locationAvailableInventory":[]}`),
		http.StatusBadRequest, "INVALID_API_INPUT", "maximumNumberOfSplits must not be less than 0.")
	s.want(s.do("POST", routing+"actions/rank-byaverage-distance", `{"deliveryCountryCode":"DE","deliveryPostalCode":"04109","distanceUnit":"km","sortResult":"ASC",
		"targetLocations":[{"locations":[{"locationIdentifier":"x","countryCode":"DE","postalCode":"05109"}]}]}`), http.StatusCreated,
		`{"success":true,"errors":[],"distanceUnit":"km","results":[{"distanceCalculation":{"averageDistance":10.0,"rank":1,"locations":[{"locationIdentifier":"x","distance":10.0}]}}]}`)

	if w := s.do("PATCH", base+"/sobjects/Location/"+locationID, `{"FoCapacity":1,"ShouldTrackFoCapacity":true}`); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	capacity := routing + "fulfillment-order-capacity/actions/"
	request := func(kind, id string) string {
		return `{"` + kind + `Requests":[{"allOrNothing":false,"capacityRequests":[{"actionRequestId":"` + id + `","locationId":"` + locationID + `"}]}]}`
	}
	response := func(kind, id, rest string) string {
		return `{"success":` + strings.SplitN(rest, ",", 2)[0] + `,"errors":[],"` + kind + `Responses":[{"capacityResponses":[{"actionRequestId":"` + id + `","success":` + rest + `}]}]}`
	}
	s.want(s.do("POST", capacity+"hold-capacity", request("holdFOCapacity", "a")), http.StatusCreated, response("holdFOCapacity", "a", `true,"error":null`))
	s.want(s.do("POST", capacity+"hold-capacity", request("holdFOCapacity", "b")), http.StatusCreated, response("holdFOCapacity", "b",
		`false,"error":{"errorCode":"INVALID_API_INPUT","message":"The location `+locationID+` has no capacity left: 0 of 1 are assigned, 1 are held."}`))
	if rule := s.lastRule(); rule != "som.capacity.free" {
		t.Errorf("the journal notes %q", rule)
	}
	s.want(s.do("POST", capacity+"confirm-held-capacity", request("confirmHeldFOCapacity", "a")), http.StatusCreated, response("confirmHeldFOCapacity", "a", `true,"error":null`))
	w := s.do("POST", capacity+"release-held-capacity", request("releaseHeldFOCapacity", "a"))
	if !strings.Contains(w.Body.String(), `"success":false`) {
		t.Errorf("a second end of a hold: %d %s", w.Code, w.Body)
	}
	s.want(s.do("POST", capacity+"get-capacity-values", `{"locationIds":["`+locationID+`"]}`), http.StatusCreated,
		`{"success":true,"errors":[],"locations":[{"locationId":"`+locationID+`","capacity":1,"assigned":1,"heldCapacity":0,"error":null}]}`)
	s.wantError(s.do("POST", strings.Replace(capacity, "v60.0", "v54.0", 1)+"hold-capacity", `{}`), http.StatusNotFound, "NOT_FOUND", "")
}
