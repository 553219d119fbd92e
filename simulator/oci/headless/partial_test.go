package headless_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/fault"
)

// A fault may refuse some records of a request: they come back as they were, and what is sent again is carried out.
func TestSomeRecordsFail(t *testing.T) {
	t.Parallel()
	s := start(t)
	err := s.World.Arm(fault.Rule{
		Name: "busy", Match: fault.Match{System: "oci", Operation: "releaseReservation", Nth: 1},
		Effect: fault.Effect{Kind: fault.Partial, Code: "RECORD_BUSY", Message: "try again", Record: `"quantity":1.5`},
	})
	if err != nil {
		t.Fatal(err)
	}
	const refused = `{"actionRequestId":"00000000-0000-4000-8000-000000000002","externalRefId":"O-1","stockKeepingUnit":"MUG","quantity":1.5,"locationGroupIdentifier":"ONLINE"}`
	const fine = `{"actionRequestId":"00000000-0000-4000-8000-000000000001","externalRefId":"O-1","stockKeepingUnit":"MUG","quantity":0.5,"locationGroupIdentifier":"ONLINE"}`
	code, body := s.Call(http.MethodPost, reservations+"/releases", `{"releaseRecords":[`+fine+`,`+refused+`]}`)
	if code != http.StatusOK || !strings.Contains(body, `"RECORD_BUSY"`) || !strings.Contains(body, refused) || strings.Contains(body, fine) {
		t.Fatalf("answered %d: %s", code, body)
	}
	if code, body = s.Call(http.MethodPost, reservations+"/releases", `{"releaseRecords":[`+refused+`]}`); !strings.Contains(body, `"success":true`) {
		t.Errorf("answered %d: %s", code, body)
	}
	if _, body = s.Call(http.MethodGet, documents+"/"+held, ""); !strings.Contains(body, `"records":[]`) {
		t.Errorf("still held: %s", body)
	}
}
