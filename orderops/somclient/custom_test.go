package somclient

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops/remote"
)

// orgAnswering makes a client of an org that answers every composite call alike, and tells what it was asked.
func orgAnswering(t *testing.T, parts string, asked *[]string) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in compositeRequest
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		for _, part := range in.CompositeRequest {
			u, err := url.Parse(part.URL)
			if err != nil {
				t.Error(err)
			}
			*asked = append(*asked, part.ReferenceID+": "+u.Query().Get("q"))
		}
		_, _ = w.Write([]byte(`{"compositeResponse":[` + parts + `]}`))
	}))
	t.Cleanup(server.Close)
	return New(remote.Caller{BaseURL: server.URL}, remote.StaticToken{Value: "t"})
}

const (
	ordersAnswered  = `{"referenceId":"orders","httpStatusCode":200,"body":{"done":true,"records":[{"Id":"1","OrderNumber":"A"}]}}`
	methodsAnswered = `{"referenceId":"deliveryMethods","httpStatusCode":200,"body":{"done":true,"records":[]}}`
)

func TestCustomFieldsAreAPartOfTheirOwn(t *testing.T) {
	t.Parallel()
	var asked []string
	c := orgAnswering(t, ordersAnswered+","+methodsAnswered+`,{"referenceId":"customFields","httpStatusCode":200,"body":{"done":true,"records":[
		{"OrderNumber":"A","Store__c":"S1","OrderItemSummaries":{"done":true,"records":[{"Id":"i1","Text__c":null}]},"OrderPaymentSummaries":null}]}}`, &asked)
	c.Custom = CustomFields{Order: []string{"Store__c"}, Items: []string{"Text__c"}, Payments: []string{"Kind__c"}}
	page, err := c.Orders(t.Context(), []string{"A"})
	if err != nil || len(page.Failed) != 0 {
		t.Fatal(page.Failed, err)
	}
	want := "customFields: SELECT OrderNumber, Store__c, (SELECT Id, Text__c FROM OrderItemSummaries), (SELECT Id, Kind__c FROM OrderPaymentSummaries) " +
		"FROM OrderSummary WHERE OrderNumber IN ('A')"
	if diff := cmp.Diff(want, asked[2]); diff != "" || len(asked) != 3 {
		t.Errorf("%d parts (-want +asked):\n%s", len(asked), diff)
	}
	row := page.Custom["A"]
	if string(row.Order["Store__c"]) != `"S1"` || string(row.Items["i1"]["Text__c"]) != "null" || len(row.Payments) != 0 {
		t.Errorf("got %+v", row)
	}
}

func TestWithoutCustomFieldsNoneAreAskedFor(t *testing.T) {
	t.Parallel()
	var asked []string
	page, err := orgAnswering(t, ordersAnswered+","+methodsAnswered, &asked).Orders(t.Context(), []string{"A"})
	if err != nil || len(asked) != 2 || page.Custom != nil || len(page.Failed) != 0 {
		t.Errorf("asked %v, got %+v, %v", asked, page, err)
	}
}

// A part that failed, or that the answer leaves out, is told of.
func TestPartsThatFailAreNamed(t *testing.T) {
	t.Parallel()
	var asked []string
	c := orgAnswering(t, methodsAnswered+`,{"referenceId":"customFields","httpStatusCode":400,"body":[{"errorCode":"INVALID_FIELD","message":"m"}]}`, &asked)
	c.Custom = CustomFields{Order: []string{"Store__c"}}
	page, err := c.Orders(t.Context(), []string{"A"})
	want := []PartError{{PartCustomFields, 400, "INVALID_FIELD"}, {PartOrders, 502, "NO_ANSWER"}}
	if diff := cmp.Diff(want, page.Failed); diff != "" || err != nil || page.Custom != nil {
		t.Errorf("failed (-want +got), %v:\n%s", err, diff)
	}
}

// counter counts for a test.
type counter int

func (c *counter) Inc() { *c++ }

func TestLocatorsAreCounted(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/more/") {
			_, _ = w.Write([]byte(`{"done":true,"records":[{"Id":"x2"}]}`))
			return
		}
		rest := func(n string) string {
			return `{"done":false,"nextRecordsUrl":"/more/` + n + `","records":[{"Id":"x1"}]}`
		}
		_, _ = w.Write([]byte(`{"compositeResponse":[` + methodsAnswered + `,{"referenceId":"orders","httpStatusCode":200,"body":{"done":true,"records":[{"Id":"1","OrderNumber":"A",
			"OrderPaymentSummaries":{"done":true,"records":[{"Id":"p","Refunds":` + rest("refunds") + `}]},
			"ReturnOrders":{"done":true,"records":[{"Id":"r","ReturnOrderLineItems":` + rest("returned") + `}]},
			"FulfillmentOrders":{"done":true,"records":[{"Id":"f","FulfillmentOrderShipments":{"done":true,"records":[{"Id":"s","ShipmentItems":` + rest("inside") + `}]}}]}}]}}]}`))
	}))
	t.Cleanup(server.Close)
	c := New(remote.Caller{BaseURL: server.URL}, remote.StaticToken{Value: "t"})
	var followed counter
	c.Locators = &followed
	page, err := c.Orders(t.Context(), []string{"A"})
	if err != nil {
		t.Fatal(err)
	}
	o := page.Orders[0]
	got := []int{len(o.Payments.Records[0].Refunds.Records), len(o.ReturnOrders.Records[0].Lines.Records), len(o.FulfillmentOrders.Records[0].Shipments.Records[0].Items.Records)}
	if diff := cmp.Diff([]int{2, 2, 2}, got); diff != "" || followed != 3 {
		t.Errorf("%d locators followed (-want +got):\n%s", followed, diff)
	}
}
