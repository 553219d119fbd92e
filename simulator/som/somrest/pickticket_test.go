package somrest_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestDistributePickedQuantities(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := base + "/commerce/fulfillment/pick-tickets/actions/distribute-quantities"
	body := `{"quantitiesPickedList":[{"externalItemId":"sku1","quantity":16}],"optimizationCriteria":"FulfillInSequencePartial",
		"distributeToOrders":[{"externalOrderId":"FO-1","itemQuantities":[{"externalItemId":"sku1","quantity":4}]},
		{"externalOrderId":"FO-2","itemQuantities":[{"externalItemId":"sku1","quantity":14}]},{"externalOrderId":"FO-3","itemQuantities":[{"externalItemId":"sku1","quantity":1}]}]}`
	s.want(s.do("POST", path, body), http.StatusCreated, `{
		"fullyDistributedOrdersList":[{"externalOrderId":"FO-1","itemQuantities":[{"externalItemId":"sku1","quantity":4.0}]}],
		"partiallyDistributedOrdersList":[{"externalOrderId":"FO-2","itemQuantities":[{"externalItemId":"sku1","quantity":12.0}]}],
		"notDistributedOrdersList":[{"externalOrderId":"FO-3","itemQuantities":[{"externalItemId":"sku1","quantity":0.0}]}],
		"quantitiesRemainingList":[{"externalItemId":"sku1","quantity":0.0}]}`)
	for name, tc := range map[string]struct{ old, new, code, message string }{
		"an unknown property":  {`"optimizationCriteria"`, `"goal":1,"optimizationCriteria"`, "JSON_PARSER_ERROR", `Unrecognized field "goal"`},
		"a missing property":   {`"optimizationCriteria":"FulfillInSequencePartial",`, ``, "INVALID_API_INPUT", "Required: optimizationCriteria"},
		"a missing item id":    {`{"externalItemId":"sku1","quantity":16}`, `{"quantity":16}`, "INVALID_API_INPUT", "Required: quantitiesPickedList.0.externalItemId"},
		"a wrong id prefix":    {`"FO-3"`, `"` + orderID + `"`, "INVALID_ID_FIELD", "The identifier " + orderID + " is not of FulfillmentOrder."},
		"less than nothing":    {`"quantity":16`, `"quantity":-16`, "INVALID_API_INPUT", `The quantity of the item "sku1" must be a whole number`},
		"a fraction":           {`"quantity":14`, `"quantity":1.4`, "INVALID_API_INPUT", `The quantity of the item "sku1" must be a whole number`},
		"an unknown criterion": {`FulfillInSequencePartial`, `Fairly`, "INVALID_API_INPUT", `"Fairly" is not an optimization criterion.`},
	} {
		t.Run(name, func(*testing.T) {
			s.wantOutput(s.do("POST", path, strings.Replace(body, tc.old, tc.new, 1)), http.StatusBadRequest, tc.code, tc.message)
		})
	}
	s.wantError(s.do("POST", strings.Replace(path, "v60.0", "v57.0", 1), body), http.StatusNotFound, "NOT_FOUND", "")
}

func TestPickTicketsAreRowsLikeOthers(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w := s.do("POST", base+"/sobjects/PickTicket", `{"LocationId":"`+locationID+`","Status":"Picking"}`)
	if w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.wantError(s.do("POST", base+"/sobjects/PickTicket", `{"Status":"Lost"}`), http.StatusBadRequest, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "")
	if w := s.soql("SELECT PickTicketNumber, StatusCategory, (SELECT Id FROM PickTicketProducts) FROM PickTicket"); !strings.Contains(w.Body.String(), `"PickTicketNumber":"00000001","StatusCategory":"ACTIVE"`) {
		t.Errorf("%s", w.Body)
	}
}
