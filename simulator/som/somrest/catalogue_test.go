package somrest_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestCancelC40ACompositeRefusesConnectResourcesOneByOne(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.state()
	for _, allOrNone := range []string{"true", "false"} {
		w := s.do("POST", base+"/composite", `{"allOrNone":`+allOrNone+`,"compositeRequest":[
			{"method":"PATCH","referenceId":"name","url":"`+base+`/sobjects/Account/`+accountID+`","body":{"Name":"Changed"}},
			{"method":"POST","referenceId":"cancel","url":"`+actions+`submit-cancel","body":`+cancelBody(jacketID, "1", "Unknown", "")+`}]}`)
		parts := s.parts(w)
		if len(parts) != 2 || parts[1].HTTPStatusCode != http.StatusBadRequest || !strings.Contains(string(parts[1].Body), "This resource is not supported in a composite request.") {
			t.Fatalf("allOrNone %s: %d %s", allOrNone, w.Code, w.Body)
		}
		if halted := strings.Contains(string(parts[0].Body), "PROCESSING_HALTED"); halted != (allOrNone == "true") {
			t.Errorf("allOrNone %s: %s", allOrNone, w.Body)
		}
	}
	if after := s.state(); after != before {
		t.Errorf("it changed something:\n%s\n%s", before, after)
	}
}

func TestModifyM14AdjustmentsBeganWithVersion49(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	body := `{"adjustItems":[{"orderItemSummaryId":"` + jacketID + `","adjustmentType":"AmountWithTax","amount":-11,"reason":"Unknown"}]}`
	for _, action := range []string{"adjust-item-preview", "adjust-item-submit"} {
		s.wantError(s.do("POST", strings.Replace(actions, "v60.0", "v48.0", 1)+action, body), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		if w := s.do("POST", strings.Replace(actions, "v60.0", "v49.0", 1)+action, body); w.Code != http.StatusCreated {
			t.Errorf("%s in 49.0: %d %s", action, w.Code, w.Body)
		}
	}
}
