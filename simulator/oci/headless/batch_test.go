package headless_test

import (
	"strings"
	"testing"
)

func TestCountsAreTakenInRecordByRecord(t *testing.T) {
	t.Parallel()
	s := start(t)
	const (
		path    = "/inventory/availability/v1/organizations/f_ecom_zzte_053/availability-records/actions/batch-update"
		good    = `{"actionRequestId":"` + other + `","locationIdentifier":"LONE","stockKeepingUnit":"MUG","onHand":7.5,"safetyStockCount":2}`
		unknown = `{"actionRequestId":"` + held + `","locationIdentifier":"NONE","stockKeepingUnit":"MUG","onHand":1}`
	)
	s.want("POST", path, `{"records":[`+unknown+`,`+good+`]}`,
		`{"success":false,"errors":[{"errorCode":"LOCATION_NOT_FOUND","message":"there is no location NONE","details":`+unknown+`}]}`)
	s.want("POST", path, `{"records":[`+good+`]}`, `{"success":true,"errors":[]}`) // again changes nothing
	s.want("POST", availability, `{"stockKeepingUnits":["MUG"],"locationIdentifiers":["LONE"]}`,
		`{"success":true,"errors":[],"locations":[{"locationIdentifier":"LONE","inventoryRecords":[{"stockKeepingUnit":"MUG","exists":true,`+
			`"onHand":7.5,"reserved":0,"availableToFulfill":5.5,"availableToOrder":5.5,"safetyStockCount":2,"effectiveDate":"2026-06-01T08:00:00.000Z","futures":[]}]}],"locationGroups":[]}`)
	if status, body := s.Call("POST", path, `{"records":[`+strings.Replace(good, `"onHand":7.5`, `"onHand":"many"`, 1)+`]}`); status != 400 {
		t.Errorf("%d %s", status, body)
	}
}
