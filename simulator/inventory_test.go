package simulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/simtest"
)

// inventory is a simulator with a session of the org, whose stock is asked for through both faces.
type inventory struct {
	*simtest.Simulator
	t       testing.TB
	session string
}

const commerceV = "/services/data/v67.0/commerce/"

func openInventory(t testing.TB) *inventory {
	t.Helper()
	s := simtest.Start(t)
	form := "grant_type=client_credentials&client_id=somsim&client_secret=somsim"
	i := &inventory{s, t, ""}
	_, body := i.do("POST", "/services/oauth2/token", form, "Content-Type", "application/x-www-form-urlencoded")
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(body), &token); err != nil {
		t.Fatal(err)
	}
	i.session = token.AccessToken
	return i
}

func (i *inventory) do(method, path, body string, header ...string) (int, string) {
	i.t.Helper()
	req, err := http.NewRequestWithContext(i.t.Context(), method, i.URL+path, strings.NewReader(body))
	if err != nil {
		i.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+i.session)
	for n := 0; n < len(header); n += 2 {
		req.Header.Set(header[n], header[n+1])
	}
	resp, err := (&http.Client{Timeout: 30 * time.Second}).Do(req)
	if err != nil {
		i.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		i.t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

// wants compares an answer, ids apart, with what is wanted as JSON.
func (i *inventory) wants(status int, body string, wantStatus int, want string) {
	i.t.Helper()
	var got, wanted any
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		i.t.Fatalf("%d %s", status, body)
	}
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		i.t.Fatalf("%v: %s", err, want)
	}
	if diff := cmp.Diff(wanted, got); diff != "" || status != wantStatus {
		i.t.Errorf("status %d, want %d: %s", status, wantStatus, diff)
	}
}

// stock is on hand and reserved of mugs at a location, as the other face tells it.
func (i *inventory) stock(location string) string {
	i.t.Helper()
	_, body := i.do("POST", "/inventory/availability/v1/organizations/f_ecom_zzte_053/availability-records/actions/get-availability",
		`{"stockKeepingUnit":"MUG","locationIdentifiers":["`+location+`"]}`, "Authorization", "Bearer somsim")
	var answer struct {
		Locations []struct {
			InventoryRecords []struct{ OnHand, Reserved json.Number }
		}
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || len(answer.Locations) != 1 {
		i.t.Fatalf("%v: %s", err, body)
	}
	r := answer.Locations[0].InventoryRecords[0]
	return fmt.Sprintf("%s on hand, %s reserved", r.OnHand, r.Reserved)
}

func (i *inventory) advance(d time.Duration) {
	i.t.Helper()
	if _, err := i.Default.Advance(i.t.Context(), d); err != nil {
		i.t.Fatal(err)
	}
}

func (i *inventory) lastRule() string {
	entries, _ := i.Default.Journal(journal.Query{})
	return entries[len(entries)-1].Rule
}

const (
	uuid1 = "00000000-0000-4000-8000-000000000001"
	uuid2 = "00000000-0000-4000-8000-000000000002"
	uuid3 = "00000000-0000-4000-8000-000000000003"
	uuid4 = "00000000-0000-4000-8000-000000000004"
)

func TestBothFacesOfInventoryShareAReservation(t *testing.T) {
	t.Parallel()
	i := openInventory(t)
	before := i.stock("WH-WEST")
	status, body := i.do("POST", commerceV+"oci/reservation/actions/reservations", `{"actionRequestId":"`+uuid1+`","externalRefId":"77",
		"createRecords":[{"stockKeepingUnit":"MUG","quantity":5,"locationIdentifier":"WH-WEST"}],"expirationSeconds":3600}`)
	i.wants(status, body, http.StatusCreated, `{"success":true,"actionRequestId":"`+uuid1+`","reservationTime":"2026-06-01T13:00:00.000Z",
		"expirationTime":"2026-06-01T14:00:00.000Z","details":[{"stockKeepingUnit":"MUG","quantity":5,"locationIdentifier":"WH-WEST"}],"errors":[]}`)
	if got := i.stock("WH-WEST"); got != "500 on hand, 5 reserved" {
		t.Errorf("the other face shows %s", got)
	}
	record := `{"actionRequestId":"%s","reservationId":"` + uuid1 + `","stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"WH-WEST"}`
	i.advance(time.Minute)
	status, body = i.do("POST", commerceV+"oci/reservation/actions/fulfillments", `{"fulfillmentRecords":[`+fmt.Sprintf(record, uuid2)+`]}`)
	i.wants(status, body, http.StatusCreated, `{"success":true,"errors":[]}`)
	status, body = i.do("POST", commerceV+"oci/reservation/actions/releases", `{"releaseRecords":[`+fmt.Sprintf(record, uuid3)+`]}`)
	i.wants(status, body, http.StatusCreated, `{"success":true,"errors":[]}`)
	status, body = i.do("POST", commerceV+"oci/reservation/actions/transfers", `{"transferRecords":[{"actionRequestId":"`+uuid4+`","stockKeepingUnit":"MUG",
		"quantity":2,"reservationId":"`+uuid1+`","fromLocationIdentifier":"WH-WEST","toLocationIdentifier":"STORE-HARLEM"}]}`)
	i.wants(status, body, http.StatusCreated, `{"success":true,"errors":[]}`)
	if got := i.stock("WH-WEST"); got != "499 on hand, 1 reserved" {
		t.Errorf("the other face shows %s, it began with %s", got, before)
	}
	status, body = i.do("DELETE", "/inventory/reservation/v1/organizations/f_ecom_zzte_053/reservation-documents/"+uuid1, "", "Authorization", "Bearer somsim")
	if status != http.StatusNoContent || i.stock("WH-WEST") != "499 on hand, 0 reserved" {
		t.Errorf("%d %s: %s", status, body, i.stock("WH-WEST"))
	}
}

func TestARefusedRecordIsEchoedThroughConnect(t *testing.T) {
	t.Parallel()
	i := openInventory(t)
	good := `{"actionRequestId":"` + uuid1 + `","stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"WH-EAST"}`
	bad := `{"actionRequestId":"` + uuid2 + `","stockKeepingUnit":"MUG","quantity":7,"locationIdentifier":"WH-NORTH","externalRefId":"77"}`
	status, body := i.do("POST", commerceV+"oci/reservation/actions/releases", `{"releaseRecords":[`+bad+`,`+good+`]}`)
	i.wants(status, body, http.StatusCreated, `{"success":false,"errors":[{"errorCode":"LOCATION_NOT_FOUND","message":"there is no location WH-NORTH","details":`+bad+`}]}`)
	if rule := i.lastRule(); rule != "oci.place.known" {
		t.Errorf("the journal notes %q", rule)
	}
	status, body = i.do("POST", commerceV+"oci/reservation/actions/reservations", `{"actionRequestId":"`+uuid3+`",
		"createRecords":[{"stockKeepingUnit":"MUG","quantity":9999,"locationIdentifier":"WH-WEST"}]}`)
	i.wants(status, body, http.StatusCreated, `{"success":false,"actionRequestId":"`+uuid3+`",
		"details":[{"stockKeepingUnit":"MUG","quantity":0,"locationIdentifier":"WH-WEST","errorCode":"INSUFFICIENT_AVAILABILITY"}],
		"errors":[{"errorCode":"INSUFFICIENT_AVAILABILITY","message":"9999 of MUG were asked for at location WH-WEST, 500 can be promised"}]}`)
}

func TestAReservationIsUpdatedThroughConnect(t *testing.T) {
	t.Parallel()
	i := openInventory(t)
	i.do("POST", commerceV+"oci/reservation/actions/reservations", `{"actionRequestId":"`+uuid1+`",
		"createRecords":[{"stockKeepingUnit":"MUG","quantity":5,"locationIdentifier":"WH-WEST"}]}`)
	status, body := i.do("POST", commerceV+"oci/reservation/actions/update", `{"actionRequestId":"`+uuid2+`","reservationId":"`+uuid1+`","updateRecords":[
		{"stockKeepingUnit":"MUG","quantity":2,"locationIdentifier":"WH-WEST"},{"stockKeepingUnit":"MUG","quantity":600,"locationIdentifier":"STORE-HARLEM"}]}`)
	i.wants(status, body, http.StatusCreated, `{"success":false,"reservationTime":"2026-06-01T13:00:00.000Z","details":[
		{"stockKeepingUnit":"MUG","quantity":2,"locationIdentifier":"WH-WEST"},
		{"stockKeepingUnit":"MUG","quantity":0,"locationIdentifier":"STORE-HARLEM","errorCode":"INSUFFICIENT_AVAILABILITY"}],
		"errors":[{"errorCode":"INSUFFICIENT_AVAILABILITY","message":"600 of MUG were asked for at location STORE-HARLEM, 500 can be promised"}]}`)
	if got := i.stock("WH-WEST"); got != "500 on hand, 2 reserved" {
		t.Errorf("the other face shows %s", got)
	}
}

func TestConnectRefusesInventoryInItsOwnForm(t *testing.T) {
	t.Parallel()
	i := openInventory(t)
	line := `{"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"WH-WEST"}`
	v := func(n, rest string) string { return "/services/data/v" + n + ".0/commerce/" + rest }
	reserve := "oci/reservation/actions/reservations"
	cases := []struct {
		name, method, path, body string
		status                   int
		code, message, rule      string
	}{
		{"before there was inventory", "POST", v("50", reserve), `{}`, 404, "NOT_FOUND", "The requested resource does not exist", ""},
		{"before updates", "POST", v("60", "oci/reservation/actions/update"), `{}`, 404, "NOT_FOUND", "", ""},
		{"before batches", "POST", v("61", "oci/availability-records/actions/batch-update"), `{}`, 404, "NOT_FOUND", "", ""},
		{"before levels", "GET", v("59", "inventory/levels"), ``, 404, "NOT_FOUND", "", ""},
		{"before routing by inventory", "POST", v("53", "order-management/routing/actions/find-routes-with-fewest-splits-using-oci"), `{}`, 404, "NOT_FOUND", "", ""},
		{"a property that is too young", "POST", v("57", "oci/reservation/actions/releases"), `{"releaseRecords":[{"actionRequestId":"` + uuid1 + `","reservationId":"` + uuid1 + `","stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"WH-WEST"}]}`, 400, "JSON_PARSER_ERROR", `Unrecognized field "reservationId" in releaseRecords.0`, ""},
		{"an unknown property", "POST", v("67", reserve), `{"actionRequestId":"` + uuid1 + `","createRecords":[` + line + `],"x":1}`, 400, "JSON_PARSER_ERROR", `Unrecognized field "x"`, ""},
		{"a missing property", "POST", v("67", reserve), `{"createRecords":[` + line + `]}`, 400, "INVALID_API_INPUT", "Required: actionRequestId", ""},
		{"a quantity of nothing", "POST", v("67", reserve), `{"actionRequestId":"` + uuid1 + `","createRecords":[{"stockKeepingUnit":"MUG","quantity":0,"locationIdentifier":"WH-WEST"}]}`, 400, "JSON_PARSER_ERROR", "", ""},
		{"a day that no month has", "POST", v("67", reserve), `{"actionRequestId":"` + uuid1 + `","reservationTime":"2026-02-31T00:00:00Z","createRecords":[` + line + `]}`, 400, "INVALID_API_INPUT", "reservationTime: 2026-02-31T00:00:00Z is no instant", "oci.request.valid"},
		{"an unknown reservation", "POST", v("67", "oci/reservation/actions/update"), `{"actionRequestId":"` + uuid1 + `","reservationId":"` + uuid2 + `","updateRecords":[` + line + `]}`, 400, "RESERVATION_NOT_FOUND", "there is no reservation " + uuid2, "oci.reservation.known"},
		{"an unknown group", "POST", v("67", "oci/availability/availability-records/actions/get-availability"), `{"locationGroupIdentifier":"MARS"}`, 400, "LOCATION_NOT_FOUND", "there is no location group MARS", "oci.place.known"},
		{"two kinds of place", "POST", v("67", "oci/availability/availability-records/actions/get-availability"), `{"locationGroupIdentifier":"MARS","locationIdentifiers":["WH-EAST"]}`, 400, "INVALID_API_INPUT", "Name one of", "oci.availability.selector"},
		{"an unknown upload", "GET", v("67", "oci/availability-records/uploads/x"), ``, 400, "UPLOAD_NOT_FOUND", "there is no upload x", "oci.upload.known"},
		{"an upload without a file", "POST", v("67", "oci/availability-records/uploads"), `{}`, 415, "UNSUPPORTED_MEDIA_TYPE", "MediaType of 'application/json'", ""},
		{"levels of no store", "GET", v("67", "inventory/levels?products=MUG&locations=x"), ``, 400, "", "", ""},
		{"levels at no place", "GET", v("67", "inventory/levels?products=MUG&scope=webStoreId%20Eq%20%270ZExx000000123FGAQ%27"), ``, 400, "INVALID_API_INPUT", "Name locations or locationgroups.", "oci.levels.selector"},
		{"levels of an unknown product", "GET", v("67", "inventory/levels?products=UFO&locations=x&scope=webStoreId%20Eq%20%270ZExx000000123FGAQ%27"), ``, 400, "SKU_NOT_FOUND", "there is no product UFO", "oci.product.known"},
		{"levels at an unknown location", "GET", v("67", "inventory/levels?products=MUG&locations=x&scope=webStoreId%20Eq%20%270ZExx000000123FGAQ%27"), ``, 400, "LOCATION_NOT_FOUND", "there is no location x", "oci.place.known"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			before := i.stock("WH-WEST")
			status, body := i.do(tc.method, tc.path, tc.body)
			var list []struct {
				ErrorCode, Message string
				Output             struct{ Success *bool }
			}
			if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) != 1 {
				t.Fatalf("%d %s", status, body)
			}
			e := list[0]
			if status != tc.status || tc.code != "" && e.ErrorCode != tc.code || !strings.Contains(e.Message, tc.message) || i.lastRule() != tc.rule {
				t.Errorf("%d %s, rule %q", status, body, i.lastRule())
			}
			if e.Output.Success == nil || *e.Output.Success {
				t.Errorf("the output says %s", body)
			}
			if after := i.stock("WH-WEST"); after != before {
				t.Errorf("the stock is %s, it was %s", after, before)
			}
		})
	}
	status, body := i.do("POST", commerceV+reserve, `{}`, "Authorization", "Bearer nobody")
	i.wants(status, body, http.StatusUnauthorized, `[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]`)
	_, body = i.do("POST", "/services/data/v67.0/composite", `{"compositeRequest":[{"method":"POST","referenceId":"a","url":"`+commerceV+reserve+`","body":{}}]}`)
	if !strings.Contains(body, "not supported in a composite request") {
		t.Errorf("inside a composite: %s", body)
	}
}

// form is a file in a form, as clients send it.
func form(t testing.TB, name, media, content string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="fileUpload"; filename="` + name + `"`}, "Content-Type": {media},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

// upload sends a file, lets the clock take it in and returns what the job says.
func (i *inventory) upload(name, media, content string) map[string]any {
	i.t.Helper()
	body, contentType := form(i.t, name, media, content)
	status, answer := i.do("POST", commerceV+"oci/availability-records/uploads", body, "Content-Type", contentType)
	var started struct{ UploadID string }
	if err := json.Unmarshal([]byte(answer), &started); err != nil || status != http.StatusCreated {
		i.t.Fatalf("%d %s", status, answer)
	}
	i.advance(2 * time.Second)
	_, answer = i.do("GET", commerceV+"oci/availability-records/uploads/"+started.UploadID, "")
	var job map[string]any
	if err := json.Unmarshal([]byte(answer), &job); err != nil {
		i.t.Fatal(err)
	}
	delete(job, "uploadId")
	return job
}
