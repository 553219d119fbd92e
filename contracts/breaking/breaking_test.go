package breaking

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/contracts/pactfile"
)

const slots = `openapi: 3.0.3
info: {title: slots, version: "1"}
paths:
  /slots/v1/bookings:
    get:
      operationId: listBookings
      responses:
        "200":
          description: bookings
          content:
            application/json:
              schema:
                type: object
                required: [bookings]
                properties: {bookings: {type: array, items: {type: string}}}
  /slots/v1/offers:
    get:
      operationId: listOffers
      responses:
        "200": {description: offers, content: {application/json: {schema: {type: object, required: [offers], properties: {offers: {type: string}}}}}}
`

// TestBreakingChangesNameWhoTheyBreak changes one document, one way after the
// other.
func TestBreakingChangesNameWhoTheyBreak(t *testing.T) {
	t.Parallel()
	type finding struct {
		Operation string
		Certain   bool
		Consumers string
	}
	cases := []struct {
		name, old, new string
		want           []finding
	}{
		{"nothing changed", "", "", nil},
		{"a new operation", "  /slots/v1/offers:", "  /slots/v1/more: {get: {operationId: more, responses: {\"200\": {description: more}}}}\n  /slots/v1/offers:", nil},
		{"an operation that somebody calls is gone", "/slots/v1/bookings", "/slots/v2/bookings", []finding{{"listBookings", true, "order-ops 2"}}},
		{"an operation that nobody calls is gone", "/slots/v1/offers", "/slots/v2/offers", []finding{{"listOffers", true, ""}}},
		{"a field of another type", "items: {type: string}", "items: {type: integer}", []finding{{"listBookings", true, "order-ops 2"}}},
		{"a field that is no longer sure to be there", "required: [bookings]\n", "description: bookings\n", []finding{{"listBookings", true, "order-ops 2"}}},
		{"a parameter that is wanted from now on", "operationId: listBookings\n", "operationId: listBookings\n      parameters: [{name: site, in: query, required: true, schema: {type: string}}]\n", []finding{{"listBookings", true, "order-ops 2"}}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			base := fstest.MapFS{"slots/openapi.yaml": {Data: []byte(slots)}, "slots/rules.yaml": {Data: []byte("- {id: a}")}}
			changed := slots
			if tc.old != "" {
				if changed = strings.Replace(slots, tc.old, tc.new, 1); changed == slots {
					t.Fatal("the case changes nothing")
				}
			}
			head := fstest.MapFS{"slots/openapi.yaml": {Data: []byte(changed)}}
			found, err := Changes(base, head, twoInteractions(t))
			if err != nil {
				t.Fatal(err)
			}
			var got []finding
			for _, c := range found {
				f := finding{Operation: c.Operation, Certain: c.Certain}
				for _, consumer := range c.Consumers {
					f.Consumers += consumer.Name + " " + string(rune('0'+consumer.Interactions))
				}
				if c.Breaks() != (f.Consumers != "" && c.Certain) || c.Text == "" || c.Rule == "" {
					t.Errorf("%+v does not say whom it breaks, or how", c)
				}
				got = append(got, f)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAPathMayMoveToAnotherDocument proves that what counts is the system.
func TestAPathMayMoveToAnotherDocument(t *testing.T) {
	t.Parallel()
	head, tail, _ := strings.Cut(slots, "  /slots/v1/offers:")
	base := fstest.MapFS{"slots/openapi.yaml": {Data: []byte(slots)}}
	moved := fstest.MapFS{
		"slots/openapi.yaml": {Data: []byte(head)},
		"slots/offers.yaml":  {Data: []byte("openapi: 3.0.3\ninfo: {title: offers, version: \"1\"}\npaths:\n  /slots/v1/offers:" + tail)},
	}
	found, err := Changes(base, moved, twoInteractions(t))
	if err != nil || len(found) > 0 {
		t.Errorf("found %+v (%v), want nothing", found, err)
	}
}

func TestADocumentThatIsGoneTakesItsOperationsAlong(t *testing.T) {
	t.Parallel()
	base := fstest.MapFS{"slots/openapi.yaml": {Data: []byte(slots)}}
	found, err := Changes(base, fstest.MapFS{"loyalty/openapi.yaml": {Data: []byte(slots)}}, twoInteractions(t))
	if err != nil || len(found) != 2 || !found[0].Breaks() || found[1].Breaks() {
		t.Errorf("found %+v (%v), want two operations gone, one of which is called", found, err)
	}
}

func twoInteractions(t *testing.T) []pactfile.Pact {
	t.Helper()
	const one = `{"type": "Synchronous/HTTP", "description": "a", "request": {"method": "GET", "path": "/slots/v1/bookings"}, "response": {"status": 200}}`
	source := `{"consumer": {"name": "order-ops"}, "provider": {"name": "slots"}, "interactions": [` + one + "," + one + `]}`
	all, err := pactfile.ReadAll(fstest.MapFS{"order-ops-slots.json": {Data: []byte(source)}})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
