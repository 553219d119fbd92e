package headless_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const imports = "/inventory/impex/v1/organizations/f_ecom_zzte_053/availability-records/imports"

// announced are the links of an import.
type announced struct {
	ImportID, ImportStatusLink, UploadLink, UploadMethod, UploadLinkExpirationUTC string
}

func (s service) announce(body string) announced {
	s.T.Helper()
	code, answer := s.Call("POST", imports, body)
	var a announced
	if err := json.Unmarshal([]byte(answer), &a); err != nil || code != http.StatusCreated {
		s.T.Fatalf("%d %s", code, answer)
	}
	return a
}

func (s service) advance(d time.Duration) {
	s.T.Helper()
	if _, err := s.World.Advance(s.T.Context(), d); err != nil {
		s.T.Fatal(err)
	}
}

type job struct {
	Status     string
	Validation struct {
		Status string
		Errors []string
	}
	Upload struct{ FileName string }
	Import struct {
		StartTimeUTC, EndTimeUTC                                     string
		RecordsReadCount, RecordsProcessedCount, RecordsSkippedCount int
		FullResults                                                  struct{ Href string }
	}
}

func (s service) job(link string) job {
	s.T.Helper()
	code, answer := s.Call("GET", link, "")
	var j job
	if err := json.Unmarshal([]byte(answer), &j); err != nil || code != http.StatusOK {
		s.T.Fatalf("%d %s", code, answer)
	}
	return j
}

// onHand is what the availability of mugs at EAST says.
func (s service) onHand(options string) string {
	s.T.Helper()
	_, body := s.Call("POST", availability, `{"stockKeepingUnit":"MUG","locationIdentifiers":["EAST"]`+options+`}`)
	_, rest, _ := strings.Cut(body, `"onHand":`)
	figure, _, _ := strings.Cut(rest, `,"availableToFulfill"`)
	return figure
}

func packed(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const counted = `{"recordId":"a","sku":"MUG","locationId":"EAST","onHand":40,"effectiveDate":"2026-06-01T07:00:00Z"}`

func TestAnImportGoesThroughItsStates(t *testing.T) {
	t.Parallel()
	s := start(t)
	file := packed(t, counted+"\n"+`{"recordId":"b","sku":"LAMP","locationId":"MARS","onHand":1}`+"\nnonsense\n")
	sum := sha256.Sum256([]byte(file))
	a := s.announce(fmt.Sprintf(`{"fileName":"stock.json.gz","fileFormat":"JSON","fileEncoding":"GZIP","fileHashType":"SHA-256","fileHash":"%s","linkDuration":2}`,
		hex.EncodeToString(sum[:])))
	want := announced{a.ImportID, imports + "/" + a.ImportID + "/status", imports + "/uploadlink/" + a.ImportID, "POST", "2026-06-01T10:00:00.000Z"}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
	states := []string{s.job(a.ImportStatusLink).Status}
	s.advance(time.Second)
	states = append(states, s.job(a.ImportStatusLink).Status)
	s.want("POST", a.UploadLink, file, `{"importId":"`+a.ImportID+`","status":"SUBMITTED"}`)
	for range 3 {
		states = append(states, s.job(a.ImportStatusLink).Status)
		if got := s.onHand(""); got != `5,"reserved":0` {
			t.Errorf("taken in before its time: %s", got)
		}
		s.advance(time.Second)
	}
	done := s.job(a.ImportStatusLink)
	if diff := cmp.Diff([]string{"STAGING", "WAITING", "SUBMITTED", "PENDING", "RUNNING", "COMPLETED"}, append(states, done.Status)); diff != "" {
		t.Error(diff)
	}
	wanted := job{Status: "COMPLETED"}
	wanted.Validation.Status = "COMPLETED_WITH_PARTIAL_FAILURES"
	wanted.Validation.Errors = []string{"line 2: there is no location MARS", "line 3: it is no inventory record: invalid character 'o' in literal null (expecting 'u')"}
	wanted.Upload.FileName = "stock.json.gz"
	wanted.Import.StartTimeUTC, wanted.Import.EndTimeUTC = "2026-06-01T08:00:03.000Z", "2026-06-01T08:00:04.000Z"
	wanted.Import.RecordsReadCount, wanted.Import.RecordsProcessedCount, wanted.Import.RecordsSkippedCount = 3, 1, 2
	wanted.Import.FullResults.Href = imports + "/" + a.ImportID + "/file-content"
	if diff := cmp.Diff(wanted, done); diff != "" {
		t.Error(diff)
	}
	s.want("GET", done.Import.FullResults.Href, "", `{"status":"COMPLETED_WITH_PARTIAL_FAILURES"}`+"\n"+
		`{"recordId":"b","locationId":"MARS","sku":"LAMP","message":"there is no location MARS"}`+"\n"+
		`{"recordId":"","locationId":"","sku":"","message":"it is no inventory record: invalid character 'o' in literal null (expecting 'u')"}`+"\n")
	if got := s.onHand(""); got != `40,"reserved":0` {
		t.Errorf("EAST has %s", got)
	}
	s.want("GET", imports, "", `{"imports":["`+a.ImportID+`"]}`)
}

func TestFilesOfImportsComeInSeveralForms(t *testing.T) {
	t.Parallel()
	form := "--x\r\nContent-Disposition: form-data; name=\"fileUpload\"; filename=\"stock.json\"\r\n\r\n" + counted + "\r\n--x--\r\n"
	legacy := `{"location":"EAST","mode":"UPDATE"}` + "\n" + `{"recordId":"a","sku":"MUG","onHand":41,"effectiveDate":"2026-06-01T07:00:00Z","safetyStockCount":1,` +
		`"futures":[{"quantity":2,"expectedDate":"2026-06-09T00:00:00Z"}]}`
	cases := []struct{ name, announced, media, file, outcome, stock string }{
		{"a form", `{}`, "multipart/form-data; boundary=x", form, "COMPLETED_WITHOUT_ERRORS", `40,"reserved":0`},
		{"the body", `{"fileFormat":"JSON"}`, "application/json", counted, "COMPLETED_WITHOUT_ERRORS", `40,"reserved":0`},
		{"a header for each location", `{}`, "application/x-ndjson", legacy, "COMPLETED_WITHOUT_ERRORS", `41,"reserved":0`},
		{"rows", `{"fileFormat":"CSV"}`, "text/csv", "location,sku,effectiveDate,onHand\nEAST,MUG,,42\n", "COMPLETED_WITHOUT_ERRORS", `42,"reserved":0`},
		{"another file than was announced", `{"fileHashType":"SHA-512","fileHash":"` + strings.Repeat("0", 128) + `"}`, "application/json", counted, "FAILED", `5,"reserved":0`},
		{"no compressed file", `{"fileEncoding":"GZIP"}`, "application/gzip", counted, "FAILED", `5,"reserved":0`},
		{"half a compressed file", `{"fileEncoding":"GZIP"}`, "application/gzip", packed(t, counted)[:30], "FAILED", `5,"reserved":0`},
		{"nothing", `{}`, "application/json", "\n", "FAILED", `5,"reserved":0`},
		{"nothing that can be used", `{}`, "application/json", `{"recordId":"a","sku":"MUG","locationId":"EAST","onHand":-1}`, "FAILED", `5,"reserved":0`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			a := s.announce(tc.announced)
			if code, body := s.Call("POST", a.UploadLink, tc.file, "Content-Type", tc.media); code != http.StatusOK {
				t.Fatalf("%d %s", code, body)
			}
			s.advance(3 * time.Second)
			j := s.job(a.ImportStatusLink)
			if j.Validation.Status != tc.outcome || s.onHand("") != tc.stock || (tc.outcome == "FAILED") != (j.Status == "FAILED" && len(j.Validation.Errors) == 1) {
				t.Errorf("%+v, EAST has %s", j, s.onHand(""))
			}
		})
	}
}

func TestAnImportsLinkServesOnceAndInTime(t *testing.T) {
	t.Parallel()
	s := start(t)
	refuse := func(code int, rule, kind, method, path, body string) {
		t.Helper()
		status, answer := s.Call(method, path, body)
		if status != code || !strings.Contains(answer, kind) || s.Last().Rule != rule || len(s.Last().Changes) != 0 {
			t.Errorf("%s %s: %d %s, rule %s", method, path, status, answer, s.Last().Rule)
		}
	}
	sent := s.announce(`{}`)
	refuse(409, "oci.import.results", "import-not-ended", "GET", imports+"/"+sent.ImportID+"/file-content", "")
	s.Call("POST", sent.UploadLink, counted)
	refuse(409, "oci.import.link", "import-not-waiting", "POST", sent.UploadLink, counted)
	late := s.announce(`{"linkDuration":1}`)
	s.advance(time.Hour)
	if got := s.job(late.ImportStatusLink); got.Status != "EXPIRED" {
		t.Errorf("it is %s", got.Status)
	}
	refuse(409, "oci.import.link", "import-not-waiting", "POST", late.UploadLink, counted)
	refuse(404, "oci.upload.known", "upload-not-found", "POST", imports+"/uploadlink/"+other, counted)
	refuse(404, "oci.upload.known", "upload-not-found", "GET", imports+"/"+other+"/status", "")
	refuse(404, "oci.upload.known", "upload-not-found", "DELETE", imports+"/"+other, "")
	refuse(400, "", "constraint-violation", "POST", imports, `{"fileHash":"`+strings.Repeat("0", 64)+`"}`)
	refuse(400, "", "constraint-violation", "POST", imports, `{"linkDuration":25}`)
}

func TestAnImportThatIsDeletedTakesNothingIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.announce(`{}`)
	s.Call("POST", a.UploadLink, counted)
	s.advance(2 * time.Second) // it runs
	remove := func() {
		if code, body := s.Call("DELETE", imports+"/"+a.ImportID, ""); code != http.StatusNoContent {
			t.Fatalf("%d %s", code, body)
		}
	}
	remove()
	s.advance(time.Minute)
	if got := s.job(a.ImportStatusLink); got.Status != "STOPPED" || s.onHand("") != `5,"reserved":0` {
		t.Errorf("it is %s and EAST has %s", got.Status, s.onHand(""))
	}
	remove()
	s.want("GET", imports, "", `{"imports":[]}`)
}

// Who is content with the cache sees for a minute what was true when it was first asked.
func TestCachedAvailabilityIsStale(t *testing.T) {
	t.Parallel()
	s := start(t)
	const cache = `,"useCache":true`
	group := func() string {
		_, body := s.Call("POST", availability, `{"stockKeepingUnits":["MUG"],"locationGroupIdentifiers":["ONLINE"]`+cache+`}`)
		_, rest, _ := strings.Cut(body, `"reserved":`)
		figure, _, _ := strings.Cut(rest, `,`)
		return figure
	}
	before := s.onHand(cache) + " and " + group()
	s.Call("POST", documents, `{"actionRequestId":"`+other+`","createRecords":[{"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"EAST"}]}`)
	if got := s.onHand(""); got != `5,"reserved":1` {
		t.Errorf("without the cache: %s", got)
	}
	s.advance(time.Minute - time.Second)
	if got := s.onHand(cache) + " and " + group(); got != before || got != `5,"reserved":0 and 2` {
		t.Errorf("within the minute: %s, first %s", got, before)
	}
	s.advance(time.Second)
	if got := s.onHand(cache) + " and " + group(); got != `5,"reserved":1 and 3` {
		t.Errorf("after the minute: %s", got)
	}
}
