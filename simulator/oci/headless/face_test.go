package headless_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/headless"
	"github.com/somsim/somsim/simulator/sandbox"
)

const (
	reservations = "/inventory/reservation/v1/organizations/f_ecom_zzte_053"
	documents    = reservations + "/reservation-documents"
	availability = "/inventory/availability/v1/organizations/f_ecom_zzte_053/availability-records/actions/get-availability"
	// held is the reservation of order O-1: two mugs at the group ONLINE.
	held  = "00000000-0000-4000-8000-0000000000aa"
	other = "00000000-0000-4000-8000-0000000000bb"
)

// service is the face over a sandbox with five mugs at EAST, in the group ONLINE, none at LONE, which is in no group, and
// the reservation held.
type service struct{ *facetest.Bench }

func start(t *testing.T) service {
	t.Helper()
	b, _ := facetest.Start(t, oci.Declare, headless.New, small)
	b.Header["Authorization"] = "Bearer somsim"
	return service{b}
}

func small(tx *sandbox.Tx, d *oci.OCI) error {
	err := errors.Join(
		d.AddLocation(tx, oci.Location{ID: "EAST"}), d.AddLocation(tx, oci.Location{ID: "LONE"}),
		d.AddGroup(tx, oci.Group{ID: "ONLINE", LocationIDs: []string{"EAST"}}),
		d.SetStock(tx, oci.Record{
			LocationID: "EAST", SKU: "MUG", OnHand: decimal.NewFromInt(5),
			Futures: []oci.Future{{Quantity: decimal.New(15, -1), ExpectedDate: facetest.Monday().Add(24 * time.Hour)}},
		}),
	)
	if err != nil {
		return err
	}
	_, err = d.Reserve(tx, oci.Request{
		ActionRequestID: held, ExternalRefID: "O-1", Lines: []oci.Line{{Place: oci.GroupPlace("ONLINE"), SKU: "MUG", Quantity: decimal.NewFromInt(2)}},
	})
	return err
}

// want sends a request that has to succeed with exactly this answer.
func (s service) want(method, path, body, answer string) {
	s.T.Helper()
	code, got := s.Call(method, path, body)
	if diff := cmp.Diff(answer, got); code != http.StatusOK || diff != "" {
		s.T.Errorf("%s %s: %d %s", method, path, code, diff)
	}
}

const heldDocument = `{"reservationId":"` + held + `","externalRefId":"O-1","status":"ACTIVE","reservationTime":"2026-06-01T08:00:00.000Z",` +
	`"records":[{"stockKeepingUnit":"MUG","quantity":2,"locationGroupIdentifier":"ONLINE"}]}`

func TestReads(t *testing.T) {
	t.Parallel()
	s := start(t)
	const futures = `"effectiveDate":"2026-06-01T08:00:00.000Z","futures":[{"quantity":1.5,"expectedDate":"2026-06-02T08:00:00.000Z"}]`
	const east = `{"locationIdentifier":"EAST","inventoryRecords":[{"stockKeepingUnit":"MUG","exists":true,"onHand":5,"reserved":0,` +
		`"availableToFulfill":5,"availableToOrder":6.5,"safetyStockCount":0,` + futures + `}]}`
	const online = `{"locationGroupIdentifier":"ONLINE","inventoryRecords":[{"stockKeepingUnit":"MUG","exists":true,"onHand":5,"reserved":2,` +
		`"availableToFulfill":3,"availableToOrder":4.5,"safetyStockCount":0,` + futures + `}]}`
	const lone = `{"locationIdentifier":"LONE","inventoryRecords":[{"stockKeepingUnit":"MUG","exists":false,"onHand":0,"reserved":0,` +
		`"availableToFulfill":0,"availableToOrder":0,"safetyStockCount":0,"futures":[]}]}`
	answer := func(locations, groups string) string {
		return `{"success":true,"errors":[],"locations":[` + locations + `],"locationGroups":[` + groups + `]}`
	}
	s.want("GET", documents+"?externalRefId=O-1", "", `{"reservations":[`+heldDocument+`]}`)
	s.want("GET", documents+"?externalRefId=O-9", "", `{"reservations":[]}`)
	s.want("GET", documents+"/"+held, "", heldDocument)
	s.want("POST", availability, `{"stockKeepingUnit":"MUG","locationGroupIdentifier":"ONLINE","useCache":false}`, answer(east, online))
	s.want("POST", availability, `{"stockKeepingUnits":["MUG"],"locationGroupIdentifiers":["ONLINE"]}`, answer("", online))
	s.want("POST", availability, `{"locationIdentifiers":["EAST"]}`, answer(east, ""))
	s.want("POST", availability, `{"stockKeepingUnit":"MUG"}`, answer(lone, ""))
}

func TestReserveRouteAndShip(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.want("POST", documents, `{"actionRequestId":"`+other+`","externalRefId":"O-2","expirationSeconds":60,"reservationTime":null,`+
		`"createRecords":[{"stockKeepingUnit":"MUG","quantity":1.5,"locationIdentifier":"EAST"}]}`,
		`{"success":true,"actionRequestId":"`+other+`","reservationTime":"2026-06-01T08:00:00.000Z","expirationTime":"2026-06-01T08:01:00.000Z",`+
			`"details":[{"stockKeepingUnit":"MUG","quantity":1.5,"locationIdentifier":"EAST"}],"errors":[]}`)
	s.want("POST", reservations+"/transfers", `{"transferRecords":[{"actionRequestId":"00000000-0000-4000-8000-000000000001","reservationId":"`+held+`",`+
		`"stockKeepingUnit":"MUG","quantity":2,"fromLocationGroupIdentifier":"ONLINE","toLocationIdentifier":"EAST"}]}`, `{"success":true,"errors":[]}`)
	s.want("POST", reservations+"/fulfillments", `{"fulfillmentRecords":[{"actionRequestId":"00000000-0000-4000-8000-000000000002","externalRefId":"O-1",`+
		`"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"EAST","fulfillmentTime":"2026-06-01T09:00:00Z"}]}`, `{"success":true,"errors":[]}`)
	s.want("POST", reservations+"/releases", `{"releaseRecords":[{"actionRequestId":"00000000-0000-4000-8000-000000000003","externalRefId":"O-1",`+
		`"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"EAST"}]}`, `{"success":true,"errors":[]}`)
	_, body := s.Call("POST", availability, `{"locationIdentifiers":["EAST"]}`)
	if !strings.Contains(body, `"onHand":4,"reserved":1.5,`) {
		t.Error(body)
	}
	_, body = s.Call("GET", documents+"/"+held, "")
	if !strings.Contains(body, `"status":"CLOSED"`) || !strings.Contains(body, `"records":[]`) {
		t.Error(body)
	}
}

func TestCancelIsIdempotent(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 2 {
		if code, body := s.Call("DELETE", documents+"/"+held, ""); code != http.StatusNoContent || body != "" {
			t.Errorf("%d %s", code, body)
		}
	}
	if _, body := s.Call("GET", documents+"/"+held, ""); !strings.Contains(body, `"status":"CANCELLED"`) {
		t.Error(body)
	}
}

func TestRefusedRecordsComeBackReadyToBeSentAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	const good = `{"actionRequestId":"00000000-0000-4000-8000-000000000001","externalRefId":"O-1","stockKeepingUnit":"MUG","quantity":1,"locationGroupIdentifier":"ONLINE"}`
	const bad = `{"actionRequestId":"00000000-0000-4000-8000-000000000002","externalRefId":"O-1","stockKeepingUnit":"MUG","quantity":1.0,"locationIdentifier":"EAST"}`
	s.want("POST", reservations+"/releases", `{"releaseRecords":[`+bad+`,`+good+`]}`,
		`{"success":false,"errors":[{"errorCode":"RESERVATION_NOT_FOUND","message":"nothing of MUG was reserved there at location EAST","details":`+bad+`}]}`)
	if e := s.Last(); e.Rule != "oci.reservation.known" || len(e.Changes) != 1 {
		t.Errorf("rule %q, changes %v", e.Rule, e.Changes)
	}
	move := strings.NewReplacer("locationGroupIdentifier", "fromLocationGroupIdentifier", "}", `,"toLocationIdentifier":"EAST"}`).Replace(good)
	move = strings.Replace(move, "000000000001", "000000000003", 1)
	s.want("POST", reservations+"/transfers", `{"transferRecords":[`+move+`]}`, `{"success":true,"errors":[]}`)
	s.want("POST", reservations+"/releases", `{"releaseRecords":[`+bad+`]}`, `{"success":true,"errors":[]}`)
}

func TestAllOrNothingTransfersComeBackWhole(t *testing.T) {
	t.Parallel()
	s := start(t)
	record := func(id, quantity string) string {
		return `{"actionRequestId":"00000000-0000-4000-8000-` + id + `","stockKeepingUnit":"MUG","quantity":` + quantity +
			`,"fromLocationGroupIdentifier":"ONLINE","toLocationIdentifier":"EAST"}`
	}
	_, body := s.Call("POST", reservations+"/transfers", `{"allOrNothingTransferId":"`+other+`","transferRecords":[`+
		record("000000000001", "1")+","+record("000000000002", "2")+`]}`)
	if !strings.Contains(body, "TRANSFER_CANCELLED") || !strings.Contains(body, "QUANTITY_EXCEEDS_RESERVED") || len(s.Last().Changes) != 0 {
		t.Errorf("%s, changes %v", body, s.Last().Changes)
	}
}

// A reservation that fails tells so in its answer.
func TestRefusedReservationsChangeNothing(t *testing.T) {
	t.Parallel()
	create := func(id, record string) string {
		return `{"actionRequestId":"` + id + `","createRecords":[{"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"EAST"},` + record + `]}`
	}
	cases := []struct{ name, body, code, rule string }{
		{"too much", create(other, `{"stockKeepingUnit":"MUG","quantity":9,"locationIdentifier":"EAST"}`), "INSUFFICIENT_AVAILABILITY", "oci.reserve.availability"},
		{"an unknown SKU", create(other, `{"stockKeepingUnit":"LAMP","quantity":1,"locationIdentifier":"EAST"}`), "SKU_NOT_FOUND", "oci.sku.known"},
		{"an unknown place", create(other, `{"stockKeepingUnit":"MUG","quantity":1,"locationGroupIdentifier":"NONE"}`), "LOCATION_NOT_FOUND", "oci.place.known"},
		{"an id of another request", create(held, `{"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"EAST"}`), "DUPLICATE_ACTION_REQUEST", "oci.action.idempotent"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			status, body := s.Call("POST", documents, tc.body)
			var got struct {
				Success bool
				Details []struct {
					Quantity  float64
					ErrorCode string
				}
				Errors []struct{ ErrorCode, Message string }
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			if status != 200 || got.Success || len(got.Errors) != 1 || got.Errors[0].ErrorCode != tc.code || got.Errors[0].Message == "" {
				t.Errorf("%d %s", status, body)
			}
			for _, d := range got.Details {
				if d.Quantity != 0 {
					t.Errorf("reserved in spite of it: %s", body)
				}
			}
			if e := s.Last(); e.Rule != tc.rule || len(e.Changes) != 0 {
				t.Errorf("rule %q, changes %v", e.Rule, e.Changes)
			}
		})
	}
}

func TestRefusalsNameARuleAndChangeNothing(t *testing.T) {
	t.Parallel()
	const record = `{"actionRequestId":"` + other + `","stockKeepingUnit":"MUG","quantity":1`
	releases := func(rest string) string { return `{"releaseRecords":[` + record + rest + `}]}` }
	const foreign = "/inventory/reservation/v1/organizations/f_ecom_abcd_001/reservation-documents?externalRefId=O-1"
	cases := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		kind, rule               string
	}{
		{"no token", "GET", documents + "/" + held, "", []string{"Authorization", ""}, 401, "invalid-access-token", "oci.auth.token"},
		{"a wrong token", "GET", documents + "/" + held, "", []string{"Authorization", "Bearer nobody"}, 401, "invalid-access-token", "oci.auth.token"},
		{"another scheme", "GET", documents + "/" + held, "", []string{"Authorization", "Basic somsim"}, 401, "invalid-access-token", "oci.auth.token"},
		{"another tenant", "GET", foreign, "", nil, 403, "forbidden", "oci.tenant.known"},
		{"an unknown reservation", "GET", documents + "/" + other, "", nil, 404, "reservation-not-found", "oci.reservation.known"},
		{"cancelling an unknown reservation", "DELETE", documents + "/" + other, "", nil, 404, "reservation-not-found", "oci.reservation.known"},
		{"availability of an unknown location", "POST", availability, `{"locationIdentifiers":["NONE"]}`, nil, 404, "location-not-found", "oci.place.known"},
		{"availability of an unknown group", "POST", availability, `{"locationGroupIdentifier":"NONE"}`, nil, 404, "location-not-found", "oci.place.known"},
		{"availability of nothing", "POST", availability, `{}`, nil, 400, "bad-request", "oci.availability.selector"},
		{"availability of SKUs nowhere", "POST", availability, `{"stockKeepingUnits":["MUG"]}`, nil, 400, "bad-request", "oci.availability.selector"},
		{"availability in two ways", "POST", availability, `{"locationIdentifiers":["EAST"],"locationGroupIdentifier":"ONLINE"}`, nil, 400, "bad-request", "oci.availability.selector"},
		{"a SKU and SKUs", "POST", availability, `{"stockKeepingUnit":"MUG","stockKeepingUnits":["MUG"],"locationIdentifiers":["EAST"]}`, nil, 400, "bad-request", "oci.availability.selector"},
		{"reservations of no order", "GET", documents, "", nil, 400, "missing-query-parameter", ""},
		{"no place", "POST", reservations + "/releases", releases(""), nil, 400, "constraint-violation", ""},
		{"two places", "POST", reservations + "/releases", releases(`,"locationIdentifier":"EAST","locationGroupIdentifier":"ONLINE"`), nil, 400, "constraint-violation", ""},
		{"a negative quantity", "POST", reservations + "/releases", strings.Replace(releases(`,"locationIdentifier":"EAST"`), `:1,`, `:-1,`, 1), nil, 400, "constraint-violation", ""},
		{"no units", "POST", reservations + "/releases", strings.Replace(releases(`,"locationIdentifier":"EAST"`), `:1,`, `:0,`, 1), nil, 400, "constraint-violation", ""},
		{"an overflowing quantity", "POST", reservations + "/releases", strings.Replace(releases(`,"locationIdentifier":"EAST"`), `:1,`, `:1e99,`, 1), nil, 400, "constraint-violation", ""},
		{"no records", "POST", reservations + "/releases", `{"releaseRecords":[]}`, nil, 400, "constraint-violation", ""},
		{"an id that is no UUID", "GET", documents + "/1", "", nil, 400, "constraint-violation", ""},
		{"shipping from a group", "POST", reservations + "/fulfillments", `{"fulfillmentRecords":[` + record + `,"locationGroupIdentifier":"ONLINE"}]}`, nil, 400, "bad-request", ""},
		{"moving from nowhere", "POST", reservations + "/transfers", `{"transferRecords":[` + record + `,"toLocationIdentifier":"EAST"}]}`, nil, 400, "constraint-violation", ""},
		{"moving to nowhere", "POST", reservations + "/transfers", `{"transferRecords":[` + record + `,"fromLocationIdentifier":"EAST"}]}`, nil, 400, "constraint-violation", ""},
		{"too long a reservation", "POST", documents, `{"actionRequestId":"` + other + `","expirationSeconds":14401,"createRecords":[{"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"EAST"}]}`, nil, 400, "constraint-violation", ""},
		{"a day that no month has", "POST", documents, `{"actionRequestId":"` + other + `","reservationTime":"2026-02-31T00:00:00Z","createRecords":[{"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"EAST"}]}`, nil, 400, "bad-request", "oci.request.valid"},
		{"bad JSON", "POST", reservations + "/releases", `{"releaseRecords":`, nil, 400, "bad-request", ""},
		{"another media type", "POST", reservations + "/releases", `x`, []string{"Content-Type", "text/plain"}, 415, "unsupported-media-type", ""},
		{"an unknown path", "GET", reservations + "/nothing", "", nil, 404, "resource-not-found", ""},
		{"an unknown verb", "PUT", documents, "", nil, 405, "method-not-allowed", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			status, body := s.Call(tc.method, tc.path, tc.body, tc.header...)
			var got struct{ Title, Type, Detail string }
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			if status != tc.status || !strings.HasSuffix(got.Type, "/errors/"+tc.kind) || got.Title == "" || got.Detail == "" {
				t.Errorf("%d %s", status, body)
			}
			if e := s.Last(); e.Rule != tc.rule || len(e.Changes) != 0 {
				t.Errorf("rule %q, changes %v", e.Rule, e.Changes)
			}
			s.want("GET", documents+"/"+held, "", heldDocument)
		})
	}
}

func TestTokenSelectsTheSandbox(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Call("DELETE", documents+"/"+held, "", "Authorization", "Bearer somsim~other")
	s.want("GET", documents+"/"+held, "", heldDocument)
	if code, body := s.Call("GET", documents+"/"+held, "", "Authorization", "Bearer somsim~nowhere"); code != 400 || !strings.Contains(body, "nowhere") {
		t.Errorf("%d %s", code, body)
	}
}
