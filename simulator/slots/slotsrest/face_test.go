package slotsrest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/slots/slotsrest"
)

// service is the face over a sandbox with the slots "open" (full but for one place) and "closed", and booking-000001 of
// order O-1 in "open".
type service struct{ *facetest.Bench }

func start(t *testing.T) service {
	t.Helper()
	b, _ := facetest.Start(t, slots.Declare, slotsrest.New, small)
	b.Header["Authorization"] = "Bearer somsim"
	return service{b}
}

func small(tx *sandbox.Tx, d *slots.Slots) error {
	if err := d.AddLocation(tx, slots.Location{ID: "depot", Name: "Depot", TimeZone: "Europe/Berlin"}); err != nil {
		return err
	}
	for id, start := range map[string]time.Time{"open": facetest.Monday().Add(24 * time.Hour), "closed": facetest.Monday().Add(time.Hour)} {
		_, err := d.AddSlot(tx, slots.Slot{
			ID: id, Type: slots.Delivery, LocationID: "depot", Start: start, End: start.Add(2 * time.Hour),
			CutoffAt: start.Add(-2 * time.Hour), Capacity: 2, Price: decimal.New(499, -2), Currency: "EUR",
		})
		if err != nil {
			return err
		}
	}
	_, err := d.Book(tx, "open", "O-1")
	return err
}

// available is what is left of the slot "open".
func (s service) available() int {
	s.T.Helper()
	_, body := s.Call(http.MethodGet, "/slots/v1/slots/open", "")
	var doc struct{ Capacity struct{ Available int } }
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		s.T.Fatal(err)
	}
	return doc.Capacity.Available
}

const openSlot = `{"slot_id":"open","type":"delivery","location_id":"depot","start":"2026-06-02T08:00:00.000Z",` +
	`"end":"2026-06-02T10:00:00.000Z","time_zone":"Europe/Berlin","cutoff_at":"2026-06-02T06:00:00.000Z","price":4.99,` +
	`"currency":"EUR","capacity":{"total":2,"held":0,"booked":1,"available":1}}`

func TestReads(t *testing.T) {
	t.Parallel()
	booking := `{"booking_id":"booking-000001","slot_id":"open","order_no":"O-1","status":"booked",` +
		`"booked_at":"2026-06-01T08:00:00.000Z","slot":` + openSlot + `}`
	cases := []struct{ name, path, want string }{
		{"one slot", "/slots/v1/slots/open", openSlot},
		{"slots by start", "/slots/v1/slots?type=delivery&location=depot&from=2026-06-02T00:00:00Z", `{"slots":[` + openSlot + `]}`},
		{"no slots", "/slots/v1/slots?type=pickup", `{"slots":[]}`},
		{"the bookings of an order", "/slots/v1/bookings?order_no=O-1", `{"bookings":[` + booking + `]}`},
		{"no bookings", "/slots/v1/bookings?order_no=O-9", `{"bookings":[]}`},
		{"one booking", "/slots/v1/bookings/booking-000001", booking},
	}
	s := start(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			code, got := s.Call(http.MethodGet, tc.path, "")
			if diff := cmp.Diff(tc.want, got); code != http.StatusOK || diff != "" {
				t.Errorf("%d %s", code, diff)
			}
		})
	}
}

func TestReleaseIsIdempotentAndReturnsCapacityOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 2 {
		if code, body := s.Call(http.MethodDelete, "/slots/v1/bookings/booking-000001", ""); code != http.StatusNoContent || body != "" {
			t.Errorf("%d %s", code, body)
		}
		if got := s.available(); got != 2 {
			t.Errorf("available %d", got)
		}
	}
	_, body := s.Call(http.MethodGet, "/slots/v1/bookings/booking-000001", "")
	if !strings.Contains(body, `"status":"released"`) || !strings.Contains(body, `"released_at":"2026-06-01T08:00:00.000Z"`) {
		t.Error(body)
	}
}

func TestHoldConfirmAndRelease(t *testing.T) {
	t.Parallel()
	s := start(t)
	code, body := s.Call(http.MethodPost, "/slots/v1/slots/open/holds", `{"holder_ref":"basket","ttl_seconds":60}`)
	want := `{"hold_id":"hold-000001","slot_id":"open","holder_ref":"basket","expires_at":"2026-06-01T08:01:00.000Z"}`
	if code != http.StatusCreated || body != want || s.available() != 0 {
		t.Fatalf("%d %s", code, body)
	}
	code, body = s.Call(http.MethodPost, "/slots/v1/holds/hold-000001/confirm", `{"order_no":"O-2"}`)
	if code != http.StatusOK || !strings.Contains(body, `"booking_id":"booking-000002"`) || s.available() != 0 {
		t.Errorf("%d %s", code, body)
	}
	if code, body = s.Call(http.MethodDelete, "/slots/v1/holds/hold-000001", ""); code != http.StatusNoContent || s.available() != 0 {
		t.Errorf("%d %s", code, body)
	}
}

func TestRefusalsNameARuleAndChangeNothing(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		code, rule               string
	}{
		{"no key", "GET", "/slots/v1/slots", "", []string{"Authorization", ""}, 401, "UNAUTHENTICATED", "slots.auth.key"},
		{"a wrong key", "GET", "/slots/v1/slots", "", []string{"Authorization", "Bearer nobody"}, 401, "UNAUTHENTICATED", "slots.auth.key"},
		{"another scheme", "GET", "/slots/v1/slots", "", []string{"Authorization", "Basic somsim"}, 401, "UNAUTHENTICATED", "slots.auth.key"},
		{"an unknown slot", "GET", "/slots/v1/slots/none", "", nil, 404, "SLOT_NOT_FOUND", "slots.slot.known"},
		{"an unknown booking", "GET", "/slots/v1/bookings/none", "", nil, 404, "BOOKING_NOT_FOUND", "slots.booking.known"},
		{"releasing an unknown booking", "DELETE", "/slots/v1/bookings/none", "", nil, 404, "BOOKING_NOT_FOUND", "slots.booking.known"},
		{"releasing an unknown hold", "DELETE", "/slots/v1/holds/none", "", nil, 404, "HOLD_NOT_FOUND", "slots.hold.known"},
		{"confirming an unknown hold", "POST", "/slots/v1/holds/none/confirm", `{"order_no":"O-1"}`, nil, 404, "HOLD_NOT_FOUND", "slots.hold.known"},
		{"holding a closed slot", "POST", "/slots/v1/slots/closed/holds", `{"holder_ref":"b"}`, nil, 410, "SLOT_CLOSED", "slots.slot.cutoff"},
		{"bookings of no order", "GET", "/slots/v1/bookings", "", nil, 400, "INVALID_REQUEST", ""},
		{"an unknown type", "GET", "/slots/v1/slots?type=drone", "", nil, 400, "INVALID_REQUEST", ""},
		{"a day that no month has", "GET", "/slots/v1/slots?from=2026-02-31T00:00:00Z", "", nil, 400, "INVALID_REQUEST", "slots.request.valid"},
		{"a hold without holder", "POST", "/slots/v1/slots/open/holds", `{}`, nil, 400, "INVALID_REQUEST", ""},
		{"a hold with an unknown property", "POST", "/slots/v1/slots/open/holds", `{"holder_ref":"b","x":1}`, nil, 400, "INVALID_REQUEST", ""},
		{"bad JSON", "POST", "/slots/v1/slots/open/holds", `{"holder_ref":`, nil, 400, "INVALID_REQUEST", ""},
		{"another media type", "POST", "/slots/v1/slots/open/holds", `x`, []string{"Content-Type", "text/plain"}, 415, "INVALID_REQUEST", ""},
		{"an unknown path", "GET", "/slots/v1/nothing", "", nil, 404, "NOT_FOUND", ""},
		{"an unknown verb", "PUT", "/slots/v1/slots/open", "", nil, 405, "METHOD_NOT_ALLOWED", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			status, body := s.Call(tc.method, tc.path, tc.body, tc.header...)
			var got struct{ Code, Message string }
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			if e := s.Last(); status != tc.status || got.Code != tc.code || got.Message == "" || e.Rule != tc.rule || len(e.Changes) != 0 {
				t.Errorf("%d %s, rule %q, changes %v", status, body, e.Rule, e.Changes)
			}
			if s.available() != 1 {
				t.Error("the refusal changed the slot")
			}
		})
	}
}

func TestFullSlotAnswers409(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Call(http.MethodPost, "/slots/v1/slots/open/holds", `{"holder_ref":"first"}`)
	code, body := s.Call(http.MethodPost, "/slots/v1/slots/open/holds", `{"holder_ref":"second"}`)
	if code != http.StatusConflict || !strings.Contains(body, "SLOT_FULL") || s.Last().Rule != "slots.slot.capacity" {
		t.Errorf("%d %s", code, body)
	}
}

func TestKeySelectsTheSandbox(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Call(http.MethodDelete, "/slots/v1/bookings/booking-000001", "", "Authorization", "Bearer somsim~other")
	if got := s.available(); got != 1 {
		t.Errorf("the default sandbox has %d places, as if the release were its own", got)
	}
	if code, body := s.Call(http.MethodGet, "/slots/v1/slots", "", "Authorization", "Bearer somsim~nowhere"); code != 400 || !strings.Contains(body, "nowhere") {
		t.Errorf("%d %s", code, body)
	}
}

func TestUsedAndLapsedHoldsAnswer409And410(t *testing.T) {
	t.Parallel()
	s := start(t)
	const confirm = "/slots/v1/holds/hold-000001/confirm"
	s.Call(http.MethodPost, "/slots/v1/slots/open/holds", `{"holder_ref":"basket"}`)
	s.Call(http.MethodDelete, "/slots/v1/holds/hold-000001", "")
	if code, body := s.Call(http.MethodPost, confirm, `{"order_no":"O-2"}`); code != 410 || s.Last().Rule != "slots.hold.expiry" {
		t.Errorf("lapsed: %d %s", code, body)
	}
	s.Call(http.MethodPost, "/slots/v1/slots/open/holds", `{"holder_ref":"basket"}`)
	s.Call(http.MethodPost, "/slots/v1/holds/hold-000002/confirm", `{"order_no":"O-2"}`)
	if code, body := s.Call(http.MethodPost, "/slots/v1/holds/hold-000002/confirm", `{"order_no":"O-3"}`); code != 409 || s.Last().Rule != "slots.hold.once" {
		t.Errorf("used: %d %s", code, body)
	}
}

func TestMoveAndSuccessor(t *testing.T) {
	t.Parallel()
	s := start(t)
	steps := []struct {
		name, path, body string
		status           int
		want             string
	}{
		{"a successor takes no room", "bookings/booking-000001/successor", `{"holder_ref":"basket"}`, 201, `"successor_of":"booking-000001"`},
		{"only one at a time", "bookings/booking-000001/successor", `{"holder_ref":"other"}`, 409, `"SUCCESSOR_HELD"`},
		{"it takes the booking over", "holds/hold-000001/confirm", `{"order_no":"O-9"}`, 200, `"order_no":"O-9","status":"booked"`},
		{"and tells from whom", "holds/hold-000001/confirm", `{"order_no":"O-9"}`, 200, `"previous_order_no":"O-1"`},
		{"to a slot that is closed", "bookings/booking-000001/move", `{"slot_id":"closed"}`, 410, `"SLOT_CLOSED"`},
		{"to no slot", "bookings/booking-000001/move", `{"slot_id":"none"}`, 404, `"SLOT_NOT_FOUND"`},
		{"no booking", "bookings/none/move", `{"slot_id":"open"}`, 404, `"BOOKING_NOT_FOUND"`},
		{"to where it is", "bookings/booking-000001/move", `{"slot_id":"open"}`, 200, `"slot_id":"open"`},
		{"a weight below zero", "slots/open/holds", `{"holder_ref":"b","weight_kg":-1}`, 400, `"INVALID_REQUEST"`},
		{"no such location's slot", "slots/none/holds", `{"holder_ref":"b","weight_kg":1.5}`, 404, `"SLOT_NOT_FOUND"`},
	}
	for _, step := range steps {
		if code, body := s.Call(http.MethodPost, "/slots/v1/"+step.path, step.body); code != step.status || !strings.Contains(body, step.want) {
			t.Errorf("%s: %d %s", step.name, code, body)
		}
	}
	if got := s.available(); got != 1 {
		t.Errorf("%d places are left, not 1", got)
	}
}
