package somrest_test

import (
	"net/http"
	"strings"
	"testing"
)

// changeActions is the folder of a version that has changes of rows.
var changeActions = strings.Replace(actions, "v60.0", "v66.0", 1)

func changeRow(list, property, id, fields string) string {
	return `{"changeReason":"Unknown","` + list + `":[{"changeType":"Update","` + property + `":{"attributes":{"type":"x"},"Id":"` + id + `"` + fields + `}}]}`
}

func TestSubmitChange(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	body := changeRow("orderItemSummaries", "orderItemSummary", jacketID[:15], `,"UnitPrice":45,"Quantity":"2"`)
	before := s.state()
	w := s.do("POST", changeActions+"preview-change", body)
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"totalAmount":10.0,`) || strings.Contains(w.Body.String(), "preFulfillment") || s.state() != before {
		t.Errorf("preview %d %s", w.Code, w.Body)
	}
	w = s.do("POST", changeActions+"submit-change", body)
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"preFulfillmentChangeOrderId":"8015i0000000002AAA"`) || !strings.Contains(w.Body.String(), `"totalExcessFundsAmount":10.0`) {
		t.Errorf("submit %d %s", w.Code, w.Body)
	}
	w = s.do("POST", changeActions+"submit-change", `{"changeReason":"Unknown","orderSummary":{"Description":"Ring twice"}}`)
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"preFulfillmentChangeOrderId":null`) {
		t.Errorf("without money %d %s", w.Code, w.Body)
	}
	if w := s.soql("SELECT Description, ChangeOrder.TotalAmount FROM OrderSummary"); !strings.Contains(w.Body.String(), "Ring twice") || !strings.Contains(w.Body.String(), `"TotalAmount":-10.0`) {
		t.Errorf("%s", w.Body)
	}
}

func TestChangeRefusalsWriteNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.state()
	for name, tc := range map[string]struct{ body, code, message string }{
		"no reason":               {`{"orderSummary":{"Description":"x"}}`, "INVALID_API_INPUT", "Required: changeReason"},
		"an unknown property":     {`{"changeReason":"Unknown","reason":"x"}`, "JSON_PARSER_ERROR", `Unrecognized field "reason"`},
		"the row of another list": {changeRow("orderItemSummaries", "orderDeliveryGroupSummary", groupID, ""), "", ""},
		"nothing":                 {`{"changeReason":"Unknown"}`, "INVALID_API_INPUT", "At least one change"},
		"an unknown field":        {changeRow("orderItemSummaries", "orderItemSummary", jacketID, `,"Colour":"blue"`), "INVALID_FIELD", "No such column 'Colour'"},
		"a text for a number":     {changeRow("orderItemSummaries", "orderItemSummary", jacketID, `,"UnitPrice":"cheap"`), "JSON_PARSER_ERROR", "Cannot deserialize"},
		"a wrong id prefix":       {changeRow("orderItemSummaries", "orderItemSummary", orderID, `,"UnitPrice":1`), "INVALID_ID_FIELD", ""},
		"a foreign row":           {changeRow("orderItemSummaries", "orderItemSummary", "10u5i0000000099AAA", `,"UnitPrice":1`), "INVALID_API_INPUT", ""},
		"a fraction":              {changeRow("orderItemSummaries", "orderItemSummary", jacketID, `,"Quantity":0.5`), "INVALID_API_INPUT", "The quantity of an order item summary must be a whole number"},
		"less than nothing":       {changeRow("orderItemSummaries", "orderItemSummary", jacketID, `,"Quantity":-1`), "INVALID_API_INPUT", "The quantity of an order item summary must be a whole number"},
	} {
		for _, action := range []string{"preview-change", "submit-change"} {
			t.Run(name+" in "+action, func(t *testing.T) {
				w := s.do("POST", changeActions+action, tc.body)
				if tc.code == "" {
					if w.Code != http.StatusBadRequest {
						t.Errorf("%d %s", w.Code, w.Body)
					}
				} else {
					s.wantOutput(w, http.StatusBadRequest, tc.code, tc.message)
				}
				if after := s.state(); after != before {
					t.Errorf("it changed something:\n%s\n%s", before, after)
				}
			})
		}
	}
	s.wantError(s.do("POST", strings.Replace(changeActions, "v66.0", "v65.0", 1)+"submit-change", `{"changeReason":"Unknown"}`), http.StatusNotFound, "NOT_FOUND", "")
	s.wantOutput(s.do("POST", strings.Replace(changeActions, orderID, jacketID, 1)+"submit-change", `{"changeReason":"Unknown"}`), http.StatusBadRequest, "INVALID_ID_FIELD", "")
	s.wantOutput(s.do("POST", strings.Replace(changeActions, orderID, "1Os5i0000000099CAA", 1)+"submit-change", `{"changeReason":"Unknown"}`), http.StatusNotFound, "NOT_FOUND", "")
}
