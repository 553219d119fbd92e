package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFilesOfCountsAreTakenIn(t *testing.T) {
	t.Parallel()
	job := func(status, validation string, read, processed, skipped int, problems ...any) map[string]any {
		if problems == nil {
			problems = []any{}
		}
		return map[string]any{
			"status": status, "validationStatus": validation, "validationErrors": problems, "recordsReadCount": float64(read),
			"recordsProcessedCount": float64(processed), "recordsSkippedCount": float64(skipped), "success": true, "errors": []any{},
			"startTimeUTC": "2026-06-01T13:00:01.000Z", "endTimeUTC": "2026-06-01T13:00:02.000Z",
		}
	}
	mug := func(id string, n int) string {
		return fmt.Sprintf(`{"recordId":"%s","onHand":%d,"sku":"MUG","effectiveDate":"2026-06-01T05:05:22.790896-07:00","safetyStockCount":0}`, id, n)
	}
	cases := []struct {
		name, file, media, content string
		want                       map[string]any
		stock                      string
	}{
		{
			"lines of JSON under a header", "data.json", "application/json", `{"location":"WH-WEST","mode":"UPDATE"}` + "\n" + mug("a", 7) + "\n",
			job("COMPLETED", "COMPLETED_WITHOUT_ERRORS", 1, 1, 0), "7 on hand, 0 reserved",
		},
		{
			"a location in the record", "data.ndjson", "application/x-ndjson", strings.Replace(mug("a", 8), "{", `{"location":"WH-WEST",`, 1),
			job("COMPLETED", "COMPLETED_WITHOUT_ERRORS", 1, 1, 0), "8 on hand, 0 reserved",
		},
		{
			"the same record twice", "data.json", "application/json", `{"location":"WH-WEST","mode":"UPDATE"}` + "\n" + mug("a", 9) + "\n" + mug("a", 10),
			job("COMPLETED", "COMPLETED_WITH_PARTIAL_FAILURES", 2, 1, 1, "line 3: the actionRequestId a was used for another record"), "9 on hand, 0 reserved",
		},
		{
			"nothing that can be used", "data.json", "application/json", mug("a", 9) + "\nnonsense\n" + `{"location":"WH-WEST","mode":"DELETE"}`,
			job("FAILED", "FAILED", 3, 0, 3, "line 1: no location was named before it",
				"line 2: it is no inventory record: invalid character 'o' in literal null (expecting 'u')", "line 3: a header names a location, and the mode UPDATE"),
			"500 on hand, 0 reserved",
		},
		{
			"rows of CSV", "data.csv", "text/csv", "location,sku,effectiveDate,onHand,futureQuantity,futureExpectedDate\nWH-WEST,MUG,2026-06-01T12:00:00Z,11,5,2026-07-01T00:00:00Z\nWH-WEST,LAMP,now,1,,\nWH-WEST,LAMP\n",
			job("COMPLETED", "COMPLETED_WITH_PARTIAL_FAILURES", 3, 1, 2, "line 3: effectiveDate: now is no instant", "line 4: it has 2 fields, want 6"), "11 on hand, 0 reserved",
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			i := openInventory(t)
			if diff := cmp.Diff(tc.want, i.upload(tc.file, tc.media, tc.content)); diff != "" {
				t.Error(diff)
			}
			if got := i.stock("WH-WEST"); got != tc.stock {
				t.Errorf("the stock is %s", got)
			}
		})
	}
}

func TestFilesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	i := openInventory(t)
	cases := []struct{ name, version, file, content, message string }{
		{"CSV before its time", "62", "data.csv", "location,sku,effectiveDate\n", "A CSV file needs API version 63.0 or later."},
		{"CSV without a column", "63", "data.csv", "location,sku\n", "The file has no column effectiveDate."},
		{"CSV with a strange column", "63", "data.csv", "location,sku,effectiveDate,colour\n", `There is no column "colour"`},
		{"an empty file", "63", "data.json", "\n", "The file holds no inventory record."},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			body, contentType := form(t, tc.file, "application/octet-stream", tc.content)
			status, answer := i.do("POST", "/services/data/v"+tc.version+".0/commerce/oci/availability-records/uploads", body, "Content-Type", contentType)
			if status != http.StatusBadRequest || !strings.Contains(answer, strings.ReplaceAll(tc.message, `"`, `\"`)) || i.lastRule() != "oci.upload.file" {
				t.Errorf("%d %s, rule %q", status, answer, i.lastRule())
			}
		})
	}
	status, answer := i.do("POST", commerceV+"oci/availability-records/uploads", "--x--\r\n", "Content-Type", "multipart/form-data; boundary=x")
	if status != http.StatusBadRequest || !strings.Contains(answer, "fileUpload") {
		t.Errorf("%d %s", status, answer)
	}
}

func TestRecordsAreUpdatedInABatch(t *testing.T) {
	t.Parallel()
	i := openInventory(t)
	bad := `{"actionRequestId":"` + uuid2 + `","locationIdentifier":"WH-WEST","stockKeepingUnit":"LAMP","onHand":-1}`
	status, body := i.do("POST", commerceV+"oci/availability-records/actions/batch-update", `{"records":[{"actionRequestId":"`+uuid1+`","locationIdentifier":"WH-WEST",
		"stockKeepingUnit":"MUG","onHand":30,"safetyStockCount":10,"effectiveDate":"2026-06-01T12:00:00Z","futureStock":[{"expectedDate":"2026-06-09T00:00:00Z","quantity":5}]},`+bad+`]}`)
	i.wants(status, body, http.StatusCreated, `{"success":false,"errors":[{"errorCode":"INVALID_RECORD","message":"inventory of LAMP at WH-WEST: -1 are on hand","details":`+bad+`}]}`)
	_, body = i.do("POST", commerceV+"oci/availability/availability-records/actions/get-availability", `{"stockKeepingUnits":["MUG"],"locationIdentifiers":["WH-WEST"]}`)
	i.wants(status, body, http.StatusCreated, `{"success":true,"errors":[],"locationGroups":[],"locations":[{"locationIdentifier":"WH-WEST","inventoryRecords":[
		{"stockKeepingUnit":"MUG","exists":true,"onHand":30,"reserved":0,"availableToFulfill":20,"availableToOrder":25,"safetyStockCount":10,
		"effectiveDate":"2026-06-01T12:00:00.000Z","futures":[{"quantity":5,"expectedDate":"2026-06-09T00:00:00.000Z"}]}]}]}`)
}

// create makes a row of the org and returns its id.
func (i *inventory) create(object, fields string) string {
	i.t.Helper()
	status, body := i.do("POST", "/services/data/v67.0/sobjects/"+object, fields)
	var row struct{ ID string }
	if err := json.Unmarshal([]byte(body), &row); err != nil || status != http.StatusCreated {
		i.t.Fatalf("%d %s", status, body)
	}
	return row.ID
}

func (i *inventory) id(soql string) string {
	i.t.Helper()
	_, body := i.do("GET", "/services/data/v67.0/query?q="+strings.ReplaceAll(soql, " ", "+"), "")
	var found struct{ Records []struct{ ID string } }
	if err := json.Unmarshal([]byte(body), &found); err != nil || len(found.Records) != 1 {
		i.t.Fatalf("%v %s", err, body)
	}
	return found.Records[0].ID
}

func TestTheOrgsLocationsArePublishedAndAsked(t *testing.T) {
	t.Parallel()
	i := openInventory(t)
	location := i.create("Location", `{"Name":"Warehouse North","ExternalReference":"WH-NORTH","LocationType":"Warehouse","IsInventoryLocation":true,"ShouldSyncWithOci":true}`)
	i.create("Location", `{"Name":"Secret","ExternalReference":"WH-SECRET","LocationType":"Warehouse","IsInventoryLocation":true}`)
	group := i.create("LocationGroup", `{"LocationGroupName":"Coast","ExternalReference":"COAST","IsEnabled":true,"ShouldSyncWithOci":true}`)
	i.create("LocationGroupAssignment", `{"LocationGroupId":"`+group+`","LocationId":"`+location+`"}`)
	status, body := i.do("POST", commerceV+"oci/location-graph/uploads", "")
	var job struct{ UploadID string }
	if err := json.Unmarshal([]byte(body), &job); err != nil || status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	i.advance(2 * time.Second)
	_, body = i.do("GET", commerceV+"oci/location-graph/uploads/"+job.UploadID, "")
	if !strings.Contains(body, `"validationStatus":"COMPLETED_WITHOUT_ERRORS"`) || strings.Contains(body, "WH-SECRET") {
		t.Fatal(body)
	}
	status, body = i.do("POST", commerceV+"oci/availability/availability-records/actions/get-availability", `{"locationIdentifiers":["WH-SECRET"]}`)
	if status != http.StatusBadRequest {
		t.Errorf("what was not to be published: %d %s", status, body)
	}
	i.do("POST", commerceV+"oci/availability-records/actions/batch-update", `{"records":[{"actionRequestId":"`+uuid1+`","locationIdentifier":"WH-NORTH","stockKeepingUnit":"MUG","onHand":4,"safetyStockCount":1}]}`)

	mug, scope := i.id("SELECT Id FROM Product2 WHERE StockKeepingUnit = 'MUG'"), "scope=webStoreId%20Eq%20%270ZExx000000123FGAQ%27"
	status, body = i.do("POST", commerceV+"inventory/check-availability?"+scope, `{"inventoryDimension":"AvailableToFulfill","locations":[
		{"locationId":"`+location+`","includeInventoryLevel":true,"products":[{"product2Id":"`+mug+`","quantity":3},{"product2Id":"`+mug+`","quantity":4}]}]}`)
	level := `"inventoryLevel":{"onHand":4,"availableToFulfill":3,"availableToOrder":3}`
	i.wants(status, body, http.StatusCreated, `{"success":true,"errors":[],"locationGroups":[],"locations":[{"locationId":"`+location+`","products":[
		{"product2Id":"`+mug+`","quantity":3,"isAvailable":true,`+level+`},{"product2Id":"`+mug+`","quantity":4,"isAvailable":false,`+level+`}]}]}`)
	status, body = i.do("POST", commerceV+"inventory/check-availability?"+scope, `{"inventoryDimension":"OnHand","locationGroups":[
		{"locationGroupId":"`+group+`","products":[{"product2Id":"`+mug+`","quantity":4}]}]}`)
	i.wants(status, body, http.StatusCreated, `{"success":true,"errors":[],"locations":[],"locationGroups":[{"locationGroupId":"`+group+`","products":[
		{"product2Id":"`+mug+`","quantity":4,"isAvailable":true}]}]}`)
	figures := `[{"product2Id":"` + mug + `","onHand":4,"availableToFulfill":3,"availableToOrder":3}]`
	status, body = i.do("GET", commerceV+"inventory/levels?products=MUG&locations="+location[:15]+"&locationgroups="+group+"&"+scope, "")
	i.wants(status, body, http.StatusOK, `{"success":true,"errors":[],"locations":[{"locationId":"`+location[:15]+`","inventoryProducts":`+figures+`}],
		"locationGroups":[{"locationGroupId":"`+group+`","inventoryProducts":`+figures+`}],
		"totalInventory":[{"product2Id":"`+mug+`","onHand":8,"availableToFulfill":6,"availableToOrder":6}]}`)
}

func TestRoutesAreFoundByWhatInventorySays(t *testing.T) {
	t.Parallel()
	i := openInventory(t)
	count := func(id, location, sku string, n int) string {
		return fmt.Sprintf(`{"actionRequestId":"%s","locationIdentifier":"%s","stockKeepingUnit":"%s","onHand":%d}`, id, location, sku, n)
	}
	var records []string
	for n, stock := range []struct {
		location, sku string
		onHand        int
	}{
		{"WH-EAST", "BELT", 0},
		{"WH-WEST", "BELT", 5},
		{"STORE-SOHO", "BELT", 0},
		{"STORE-HARLEM", "BELT", 9},
		{"WH-EAST", "CAP", 3},
		{"WH-WEST", "CAP", 0},
		{"STORE-SOHO", "CAP", 0},
		{"STORE-HARLEM", "CAP", 1},
	} {
		records = append(records, count(fmt.Sprintf("00000000-0000-4000-8000-0000000000%02d", n+10), stock.location, stock.sku, stock.onHand))
	}
	if _, body := i.do("POST", commerceV+"oci/availability-records/actions/batch-update", `{"records":[`+strings.Join(records, ",")+`]}`); !strings.Contains(body, `"success":true`) {
		t.Fatal(body)
	}
	items := func(belts, caps int) string {
		return fmt.Sprintf(`"orderedItems":[{"stockKeepingUnit":"BELT","quantity":%d,"locationGroupIdentifier":"ALL-LOCATIONS"},
			{"stockKeepingUnit":"CAP","quantity":%d,"locationGroupIdentifier":"ALL-LOCATIONS"}]`, belts, caps)
	}
	cases := []struct{ name, input, want string }{
		{"one location has all", `{` + items(2, 1) + `}`, `[{"locations":["STORE-HARLEM"]}]`},
		{"two have it together", `{"maximumNumberOfSplits":1,` + items(2, 3) + `}`, `[{"locations":["STORE-HARLEM","WH-EAST"]},{"locations":["WH-EAST","WH-WEST"]}]`},
		{"two are too many", `{"maximumNumberOfSplits":0,` + items(2, 3) + `}`, `[]`},
		{"one is excluded", `{"excludeLocations":["STORE-HARLEM"],` + items(2, 1) + `}`, `[{"locations":["WH-EAST","WH-WEST"]}]`},
		{"there is not enough", `{` + items(2, 9) + `}`, `[]`},
		{"a location is named", `{"orderedItems":[{"stockKeepingUnit":"BELT","quantity":5,"locationGroupIdentifier":"WH-WEST"}]}`, `[{"locations":["WH-WEST"]}]`},
	}
	path := commerceV + "order-management/routing/actions/find-routes-with-fewest-splits-using-oci"
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			status, body := i.do("POST", path, `{"findRoutesWithFewestSplitsUsingOCIInputs":[`+tc.input+`]}`)
			var answer struct {
				Success bool
				Results []struct {
					Success         bool
					TargetLocations json.RawMessage
					Inventory       struct{ Success bool }
				}
			}
			if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusCreated || !answer.Success || len(answer.Results) != 1 {
				t.Fatalf("%v %d %s", err, status, body)
			}
			if got := answer.Results[0]; string(got.TargetLocations) != tc.want || !got.Success || !got.Inventory.Success {
				t.Errorf("targets %s, want %s", got.TargetLocations, tc.want)
			}
		})
	}
	status, body := i.do("POST", path, `{"findRoutesWithFewestSplitsUsingOCIInputs":[{"maximumNumberOfSplits":-1,`+items(1, 1)+`},
		{"orderedItems":[{"stockKeepingUnit":"BELT","quantity":1,"locationGroupIdentifier":"MARS"}]},{"orderedItems":[{"stockKeepingUnit":"CAP","quantity":3,"locationGroupIdentifier":"WH-EAST"}]}]}`)
	var mixed struct {
		Success bool
		Results []struct {
			Success bool
			Errors  []struct{ ErrorCode, Message string }
		}
	}
	if err := json.Unmarshal([]byte(body), &mixed); err != nil || status != http.StatusCreated || mixed.Success || len(mixed.Results) != 3 {
		t.Fatalf("%v %d %s", err, status, body)
	}
	if r := mixed.Results; r[0].Errors[0].ErrorCode != "INVALID_API_INPUT" || r[1].Errors[0].ErrorCode != "LOCATION_NOT_FOUND" || !r[2].Success {
		t.Errorf("got %s", body)
	}
	if rule := i.lastRule(); rule != "som.routing.splits" {
		t.Errorf("the journal notes %q", rule)
	}
}
