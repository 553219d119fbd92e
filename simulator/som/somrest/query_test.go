package somrest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

// page is a page of a query as a client reads it.
type page struct {
	TotalSize      int
	Done           bool
	NextRecordsURL string `json:"nextRecordsUrl"`
	Records        []struct {
		Attributes struct{ Type, URL string }
		LastName   string
		Contacts   *page
	}
}

func (s *server) page(w *httptest.ResponseRecorder) page {
	s.t.Helper()
	var p page
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusOK {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return p
}

// pages follows a page to the last one and lists the names on all of them and how many each had.
func (s *server) pages(p page) (names []string, sizes []int) {
	s.t.Helper()
	for {
		for _, r := range p.Records {
			names = append(names, r.LastName)
		}
		sizes = append(sizes, len(p.Records))
		if p.Done != (p.NextRecordsURL == "") {
			s.t.Fatalf("done is %v with the next page %q", p.Done, p.NextRecordsURL)
		}
		if p.Done {
			return names, sizes
		}
		total := p.TotalSize
		if p = s.page(s.do("GET", p.NextRecordsURL, "")); p.TotalSize != total {
			s.t.Fatalf("the next page tells %d rows in all, not %d", p.TotalSize, total)
		}
	}
}

// contacts makes contacts of the account, in the order of their names.
func (s *server) contacts(n int) []string {
	s.t.Helper()
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("n%04d", i)
		if w := s.do("POST", base+"/sobjects/Contact", `{"LastName":"`+names[i]+`","AccountId":"`+accountID+`"}`); w.Code != http.StatusCreated {
			s.t.Fatal(w.Body)
		}
	}
	return names
}

func TestQueryPages(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	names := s.contacts(450)
	ask := func(text, options string) page {
		return s.page(s.do("GET", base+"/query?q="+url.QueryEscape(text), "", "Sforce-Query-Options", options))
	}
	const contacts = "SELECT LastName FROM Contact ORDER BY LastName"
	tests := []struct {
		name, query, options string
		sizes                []int
		below                bool
	}{
		{"without a batch size all fit", contacts, "", []int{450}, false},
		{"pages of the size that was asked for", contacts, "batchSize=200", []int{200, 200, 50}, false},
		{"a smaller size counts as 200", contacts, "batchSize=1", []int{200, 200, 50}, false},
		{"a larger one as 2000, and blanks do no harm", contacts, "foo=1, batchsize = 99999", []int{450}, false},
		{"LIMIT counts over all pages", contacts + " LIMIT 250", "batchSize=200", []int{200, 50}, false},
		{"children have pages of their own", "SELECT Id, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account", "batchSize=200", []int{200, 200, 50}, true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			first := ask(tc.query, tc.options)
			if tc.below {
				first = *first.Records[0].Contacts
			}
			got, sizes := s.pages(first)
			if diff := cmp.Diff(names[:len(got)], got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.sizes, sizes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestQueryLocators(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.contacts(401)
	first := func() string {
		return s.page(s.do("GET", base+"/query?q=SELECT+Id+FROM+Contact", "", "Sforce-Query-Options", "batchSize=200")).NextRecordsURL
	}
	later := func(d time.Duration) {
		w, _ := s.worlds.Get("default")
		if _, err := w.Advance(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	gone := func(path string) {
		t.Helper()
		s.wantError(s.do("GET", path, ""), http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
		if rule := s.lastRule(); rule != "som.soql.locator" {
			t.Errorf("rule %q", rule)
		}
	}
	next := first()
	id, found := strings.CutSuffix(next, "-200")
	if !found || !strings.HasPrefix(next, base+"/query/01g") {
		t.Fatalf("the next page is %s", next)
	}
	for range 2 { // a page can be had again
		if p := s.page(s.do("GET", next, "")); len(p.Records) != 200 || p.NextRecordsURL != id+"-400" {
			t.Errorf("%d rows and then %s", len(p.Records), p.NextRecordsURL)
		}
	}
	if p := s.page(s.do("GET", strings.Replace(next, "/query/", "/queryAll/", 1), "")); len(p.Records) != 200 {
		t.Errorf("%d rows by queryAll", len(p.Records))
	}
	if p := s.page(s.do("GET", id+"-400", "", "Sforce-Query-Options", "batchSize=2000")); len(p.Records) != 1 || !p.Done {
		t.Errorf("the last page: %+v", p)
	}
	for _, wrong := range []string{id + "-0", id + "-401", id + "-x", id, base + "/query/01g000000000000AAA-200", base + "/query/x"} {
		gone(wrong)
	}
	later(14 * time.Minute)
	s.page(s.do("GET", next, ""))
	later(14 * time.Minute)
	s.page(s.do("GET", next, ""))
	later(15 * time.Minute)
	gone(next)

	next = first()
	for range 10 {
		s.page(s.do("GET", next, ""))
		first()
	}
	gone(next) // ten others are open
	token := s.token
	mine := first()
	var dev struct {
		AccessToken string `json:"access_token"`
	}
	w := s.form("grant_type", "password", "client_id", "somsim", "client_secret", "somsim", "username", "dev@somsim.test", "password", "somsim")
	if err := json.Unmarshal(w.Body.Bytes(), &dev); err != nil {
		t.Fatal(err)
	}
	s.token = dev.AccessToken
	gone(mine) // another user's
	s.token = token
	s.page(s.do("GET", mine, ""))
}

func TestDeletedRowsShowInQueryAll(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.contacts(2)
	made := s.page(s.soql("SELECT Id FROM Contact"))
	if w := s.do("DELETE", made.Records[0].Attributes.URL, ""); w.Code != http.StatusNoContent {
		t.Fatal(w.Body)
	}
	const count = `?q=SELECT+COUNT()+FROM+Contact`
	s.want(s.do("GET", base+"/query"+count, ""), http.StatusOK, `{"totalSize":1,"done":true,"records":[]}`)
	s.want(s.do("GET", base+"/queryAll"+count, ""), http.StatusOK, `{"totalSize":2,"done":true,"records":[]}`)
	s.want(s.do("GET", base+"/query"+count+"+ALL+ROWS", ""), http.StatusOK, `{"totalSize":2,"done":true,"records":[]}`)
	s.want(s.do("GET", base+"/queryAll?q=SELECT+LastName,IsDeleted+FROM+Contact+WHERE+IsDeleted=true", ""), http.StatusOK,
		`{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Contact","url":"`+made.Records[0].Attributes.URL+`"},"LastName":"n0000","IsDeleted":true}]}`)
}

func TestQueryShapes(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	row := func(object, id string) string {
		return `"attributes":{"type":"` + object + `","url":"` + base + `/sobjects/` + object + `/` + id + `"}`
	}
	one := func(record string) string { return `{"totalSize":1,"done":true,"records":[{` + record + `}]}` }
	const aggregate = `"attributes":{"type":"AggregateResult"}`
	tests := []struct{ name, query, want string }{
		{"functions", "SELECT COUNT(Id), SUM(Quantity) units, AVG(UnitPrice) FROM OrderItemSummary", one(aggregate + `,"expr0":2,"units":3.0,"expr1":27.995`)},
		{"groups", "SELECT OrderSummary.OrderNumber, CALENDAR_YEAR(CreatedDate) y, COUNT(Id) FROM OrderItemSummary GROUP BY OrderSummary.OrderNumber, CALENDAR_YEAR(CreatedDate)", one(aggregate + `,"OrderNumber":"00001001","y":2026,"expr0":2`)},
		{"a parent that may be of several objects", "SELECT Owner.Name, Owner.Type FROM OrderSummary", one(row("OrderSummary", orderID) + `,"Owner":{"attributes":{"type":"Name","url":"` + base + `/sobjects/User/` + robotID + `"},"Name":"Order Integration","Type":"User"}`)},
		{"a parent by its object", "SELECT TYPEOF Owner WHEN User THEN Username END FROM OrderSummary", one(row("OrderSummary", orderID) + `,"Owner":{` + row("User", robotID) + `,"Username":"integration@somsim.test"}`)},
		{"formats", "SELECT FORMAT(GrandTotalAmount) g, convertCurrency(TotalAmount) FROM OrderSummary", one(row("OrderSummary", orderID) + `,"g":"EUR 116.59","TotalAmount":105.99`)},
		{"nested to three levels", "SELECT Name, (SELECT OrderNumber, (SELECT Quantity FROM OrderItemSummaries ORDER BY Quantity DESC LIMIT 1) FROM OrderSummaries) FROM Account", one(row("Account", accountID) + `,"Name":"Erika \"Rike\" Müller",
			"OrderSummaries":` + one(row("OrderSummary", orderID)+`,"OrderNumber":"00001001","OrderItemSummaries":`+one(row("OrderItemSummary", jacketID)+`,"Quantity":2.0`)))},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(*testing.T) { s.want(s.soql(tc.query), http.StatusOK, tc.want) })
	}
	if body := s.soql("SELECT COUNT(Id), SUM(Quantity) FROM OrderItemSummary").Body.String(); !strings.Contains(body, `"expr0":2,"expr1":3.0}`) {
		t.Errorf("counts are whole numbers, sums of doubles are not: %s", body)
	}
}

func TestQueryExplain(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	text := "SELECT Id FROM OrderSummary WHERE OrderNumber = '00001001'"
	note := `"notes":[{"description":"Not considering filter for optimization because unindexed","fields":["IsDeleted"],"tableEnumOrId":"OrderSummary"}]`
	s.want(s.do("GET", base+"/query?explain="+url.QueryEscape(text), ""), http.StatusOK, `{"sourceQuery":"`+text+`","plans":[
		{"cardinality":1,"fields":["OrderNumber"],"leadingOperationType":"Index",`+note+`,"relativeCost":0.0001,"sobjectCardinality":1,"sobjectType":"OrderSummary"},
		{"cardinality":1,"fields":[],"leadingOperationType":"TableScan",`+note+`,"relativeCost":0.6501,"sobjectCardinality":1,"sobjectType":"OrderSummary"}]}`)
	s.wantError(s.do("GET", base+"/query?explain=SELECT", ""), http.StatusBadRequest, "MALFORMED_QUERY", "\nSELECT")
}

func TestQueryColumns(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	column := func(name, display, apexType, rest string) string {
		return `{"columnName":"` + name + `","displayName":"` + display + `","apexType":` + apexType + `,` + rest + `}`
	}
	const (
		plain  = `"aggregate":false,"custom":false,"foreignKeyName":null,"joinColumns":[],`
		system = `"insertable":false,"updatable":false,"booleanType":false,`
	)
	id := column("Id", "Id", `"Id"`, plain+system+`"numberType":false,"textType":false`)
	number := func(name, display, apexType string) string {
		return column(name, display, apexType, `"aggregate":true,"custom":false,"foreignKeyName":null,"joinColumns":[],`+system+`"numberType":true,"textType":false`)
	}
	sku := column("StockKeepingUnit", "StockKeepingUnit", `"String"`, plain+`"insertable":true,"updatable":true,"booleanType":false,"numberType":false,"textType":true`)
	of := func(select_, columns, rest string) {
		t.Helper()
		s.want(s.do("GET", base+"/query?columns=true&q="+url.QueryEscape(select_), ""), http.StatusOK, `{"columnMetadata":[`+columns+`],`+rest+`}`)
	}
	of("SELECT Id, Product2.StockKeepingUnit FROM OrderItemSummary", id+","+column("Product2", "Product2", "null",
		`"aggregate":false,"custom":false,"foreignKeyName":"Product2Id","joinColumns":[`+sku+`],`+system+`"numberType":false,"textType":false`),
		`"entityName":"OrderItemSummary","groupBy":false,"idSelected":true,"keyPrefix":"10u"`)
	of("SELECT (SELECT Id FROM OrderItemSummaries) FROM OrderSummary", column("OrderItemSummaries", "OrderItemSummaries", "null",
		`"aggregate":true,"custom":false,"foreignKeyName":null,"joinColumns":[`+id+`],`+system+`"numberType":false,"textType":false`),
		`"entityName":"OrderSummary","groupBy":false,"idSelected":false,"keyPrefix":"1Os"`)
	of("SELECT COUNT(Id), SUM(Quantity) units FROM OrderItemSummary", number("expr0", "COUNT(Id)", `"Integer"`)+","+number("units", "SUM(Quantity)", `"Double"`),
		`"entityName":"OrderItemSummary","groupBy":true,"idSelected":false,"keyPrefix":"10u"`)
	of("SELECT COUNT() FROM OrderItemSummary", "", `"entityName":"OrderItemSummary","groupBy":false,"idSelected":false,"keyPrefix":"10u"`)
	s.wantError(s.do("GET", base+"/query?columns=true&q=SELECT", ""), http.StatusBadRequest, "MALFORMED_QUERY", "\nSELECT")
}

func TestQueryOfARowIsInTheCallersTimeZone(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w, _ := s.worlds.Get("default")
	// 23:30 UTC is half past midnight in Berlin, where the users are.
	if _, err := w.Advance(t.Context(), 11*time.Hour+30*time.Minute); err != nil {
		t.Fatal(err)
	}
	s.want(s.soql("SELECT COUNT() FROM OrderSummary WHERE CreatedDate = YESTERDAY"), http.StatusOK, `{"totalSize":1,"done":true,"records":[]}`)
	s.want(s.soql("SELECT COUNT() FROM OrderSummary WHERE CreatedDate = TODAY"), http.StatusOK, `{"totalSize":0,"done":true,"records":[]}`)
}

func TestQueryForViewRemembersRows(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	recent := func() int {
		w, _ := s.worlds.Get("default")
		n := 0
		if err := w.Update(func(tx *sandbox.Tx) error {
			n = len(s.domain.Recent(tx, robotID, "OrderSummary", 10))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := recent()
	s.page(s.soql("SELECT Id FROM OrderSummary"))
	if recent() != before {
		t.Error("a plain query counts as a view")
	}
	s.page(s.soql("SELECT Id FROM OrderSummary FOR VIEW"))
	if recent() != before+1 {
		t.Errorf("%d rows seen, %d before", recent(), before)
	}
}

// Some clients end every path with a slash, as the vendor's examples do.
func TestPathsMayEndWithASlash(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const count = `{"totalSize":1,"done":true,"records":[]}`
	s.want(s.do("GET", base+"/query/?q=SELECT+COUNT()+FROM+OrderSummary", ""), http.StatusOK, count)
	s.want(s.do("GET", base+"/queryAll/?q=SELECT+COUNT()+FROM+OrderSummary", ""), http.StatusOK, count)
	if w := s.do("POST", base+"/sobjects/Contact/", `{"LastName":"Slash"}`); w.Code != http.StatusCreated {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w := s.do("POST", base+"/composite/", `{"compositeRequest":[{"method":"GET","referenceId":"q","url":"`+base+`/query/?q=SELECT+COUNT()+FROM+OrderSummary"}]}`)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"httpStatusCode":200`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	s.wantError(s.do("GET", base+"/nothing/", ""), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
}

func TestACompositeCanHoldTheFirstPageOfAQueryAndALaterOne(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.contacts(250)
	first := s.page(s.do("GET", base+"/query?q=SELECT+LastName+FROM+Contact", "", "Sforce-Query-Options", "batchSize=200"))
	w := s.do("POST", base+"/composite", `{"allOrNone":true,"compositeRequest":[
		{"method":"GET","referenceId":"first","url":"`+base+`/query?q=SELECT+LastName+FROM+Contact","httpHeaders":{"Sforce-Query-Options":"batchSize=200"}},
		{"method":"GET","referenceId":"later","url":"`+first.NextRecordsURL+`"}]}`)
	var out struct {
		CompositeResponse []struct{ Body page }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || len(out.CompositeResponse) != 2 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	inside, later := out.CompositeResponse[0].Body, out.CompositeResponse[1].Body
	if len(inside.Records) != 200 || inside.NextRecordsURL == first.NextRecordsURL || len(later.Records) != 50 || !later.Done {
		t.Errorf("%d rows and then %s; %d rows, done %v", len(inside.Records), inside.NextRecordsURL, len(later.Records), later.Done)
	}
	if names, _ := s.pages(inside); len(names) != 250 {
		t.Errorf("%d rows by way of the composite's locator", len(names))
	}
}
