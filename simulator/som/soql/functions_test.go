package soql_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/soql"
)

func TestFunctionsOfRows(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	queue := w.add("Group", 1, fields{"Name": "Pickers"})
	w.add("OrderSummary", 5, fields{
		"OrderNumber": "C-5", "CurrencyIsoCode": "USD", "TotalAmount": 1234567, "OwnerId": queue, "CreatedDate": time.Date(2026, 1, 1, 23, 30, 0, 0, time.UTC),
		"OriginalOrderId": w.id("Order", 1),
	})
	w.add("ProcessException", 1, fields{"AttachedToId": w.id("OrderSummary", 5), "OwnerId": queue})
	w.add("ProcessException", 2, fields{"AttachedToId": w.id("OrderItemSummary", 1)})
	w.add("ProcessException", 3, fields{"AttachedToId": w.id("PaymentAuthorization", 1)})
	tests := []struct {
		name, query string
		want        []string
	}{
		{"toLabel keeps the name of the field", "SELECT toLabel(Status), OrderNumber FROM OrderSummary WHERE OrderNumber = 'A-1'", []string{"Status=Approved OrderNumber=A-1"}},
		{"toLabel under a parent, and under an alias", "SELECT toLabel(OrderSummary.Status), toLabel(OrderSummary.Status) s FROM OrderItemSummary WHERE Name = 'Shoes'", []string{"OrderSummary={Status=Approved} s=Approved"}},
		{"FORMAT writes amounts, days and instants", "SELECT FORMAT(TotalAmount) a, FORMAT(EffectiveDate), FORMAT(CreatedDate) c FROM OrderSummary WHERE OrderNumber = 'A-1'", []string{"a=EUR 100.00 EffectiveDate=5/1/2026 c=5/1/2026, 2:00 PM"}},
		{"FORMAT groups digits and knows the currency of the row", "SELECT FORMAT(TotalAmount) a FROM OrderSummary WHERE OrderNumber = 'C-5'", []string{"a=USD 1,234,567.00"}},
		{"FORMAT of nothing is nothing", "SELECT FORMAT(TotalAmount) a FROM OrderSummary WHERE OrderNumber = 'b-3'", []string{"a=null"}},
		{"convertCurrency converts to the caller's currency", "SELECT convertCurrency(TotalAmount), FORMAT(convertCurrency(TotalAmount)) f FROM OrderSummary WHERE OrderNumber = 'C-5'", []string{"TotalAmount=790122.88 f=GBP 790,122.88"}},
		{"amounts with a currency compare by worth", "SELECT OrderNumber FROM OrderSummary WHERE TotalAmount >= USD125 ORDER BY OrderNumber", []string{"OrderNumber=A-1", "OrderNumber=C-5"}},
		{"and in lists, with decimals, in any case", "SELECT OrderNumber FROM OrderSummary WHERE TotalAmount IN (usd125.00, GBP32.0) ORDER BY OrderNumber", []string{"OrderNumber=A-1", "OrderNumber=A-2"}},
		{"amounts without a currency compare as numbers", "SELECT OrderNumber FROM OrderSummary WHERE TotalAmount > 1000000", []string{"OrderNumber=C-5"}},
		{"sums are in the currency of the org", "SELECT SUM(TotalAmount) s, FORMAT(MAX(TotalAmount)) m FROM OrderSummary", []string{"s=987793.6 m=EUR 987,653.60"}},
		{"HAVING converts sums", "SELECT COUNT(Id) n FROM OrderSummary WHERE CurrencyIsoCode = null GROUP BY CurrencyIsoCode HAVING SUM(TotalAmount) = USD175", []string{"n=3"}},
		{"TYPEOF selects by object", "SELECT TYPEOF AttachedTo WHEN OrderSummary THEN OrderNumber, Account.Name WHEN OrderItemSummary THEN Name, OrderSummary.OrderNumber ELSE Id, Type END FROM ProcessException", []string{
			"AttachedTo={OrderNumber=C-5 Account=null}", "AttachedTo={Name=Shirt OrderSummary={OrderNumber=A-1}}", "AttachedTo={Id=" + w.id("PaymentAuthorization", 1) + " Type=PaymentAuthorization}",
		}},
		{"TYPEOF without ELSE is null for the rest", "SELECT typeof Owner when User then Username end, OrderNumber FROM OrderSummary WHERE OrderNumber IN ('A-1', 'C-5', 'b-3')", []string{"Owner={Username=int@somsim.test} OrderNumber=A-1", "Owner=null OrderNumber=b-3", "Owner=null OrderNumber=C-5"}},
		{"a parent of several objects has a type", "SELECT Owner.Type, Owner.Name FROM OrderSummary WHERE Owner.Type = 'Group'", []string{"Owner={Type=Group Name=Pickers}"}},
		{"and its name is its name field", "SELECT AttachedTo.Name FROM ProcessException WHERE AttachedTo.Type = 'OrderSummary'", []string{"AttachedTo={Name=C-5}"}},
		{"FIELDS lists the fields", "SELECT FIELDS(custom) FROM OrderSummary LIMIT 1", []string{""}},
		{"a scope of one's own", "SELECT OrderNumber FROM OrderSummary USING SCOPE mine", []string{"OrderNumber=A-1"}},
		{"a scope of everything", "SELECT COUNT() FROM OrderSummary USING SCOPE everything WHERE OrderNumber = 'A-1'", []string{}},
		{"clauses that change nothing", "SELECT OrderNumber FROM OrderSummary WHERE OrderNumber = 'A-1' WITH SECURITY_ENFORCED LIMIT 1 FOR VIEW", []string{"OrderNumber=A-1"}},
		{"user mode", "SELECT OrderNumber FROM OrderSummary WHERE OrderNumber = 'A-1' WITH USER_MODE ORDER BY Id FOR REFERENCE UPDATE TRACKING, VIEWSTAT", []string{"OrderNumber=A-1"}},
		{"locking", "SELECT OrderNumber FROM OrderSummary WHERE OrderNumber = 'A-1' FOR UPDATE", []string{"OrderNumber=A-1"}},
		{"deleted rows", "SELECT OrderNumber FROM OrderSummary WHERE IsDeleted = true ALL ROWS", []string{"OrderNumber=gone"}},
		{"date functions filter", "SELECT OrderNumber FROM OrderSummary WHERE DAY_IN_MONTH(CreatedDate) = 9 AND CALENDAR_QUARTER(CreatedDate) = 2 AND DAY_ONLY(CreatedDate) = 2026-05-09", []string{"OrderNumber=A-2"}},
		{"hours are of UTC", "SELECT OrderNumber FROM OrderSummary WHERE HOUR_IN_DAY(CreatedDate) = 23", []string{"OrderNumber=C-5"}},
		{"or of the caller's zone", "SELECT OrderNumber FROM OrderSummary WHERE HOUR_IN_DAY(convertTimezone(CreatedDate)) = 0 AND DAY_IN_YEAR(convertTimezone(CreatedDate)) = 2", []string{"OrderNumber=C-5"}},
		{"weeks of month and year", "SELECT OrderNumber FROM OrderSummary WHERE WEEK_IN_MONTH(EffectiveDate) = 2 AND WEEK_IN_YEAR(EffectiveDate) = 19 AND DAY_IN_WEEK(EffectiveDate) = 7", []string{"OrderNumber=A-2"}},
		{"fiscal years are calendar years", "SELECT OrderNumber FROM OrderSummary WHERE FISCAL_YEAR(EffectiveDate) = 2026 AND FISCAL_QUARTER(EffectiveDate) = 2 AND FISCAL_MONTH(EffectiveDate) = 5 AND CreatedDate = THIS_FISCAL_QUARTER ORDER BY OrderNumber", []string{"OrderNumber=A-1", "OrderNumber=A-2"}},
		{"toLabel filters", "SELECT OrderNumber FROM OrderSummary WHERE toLabel(Status) = 'approved'", []string{"OrderNumber=A-1"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := e.Run(w.rows, tc.query, abroad(t, w))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, flat(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// abroad are the options of a caller in Berlin who thinks in pounds.
func abroad(t *testing.T, w *world) soql.Options {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return soql.Options{
		Version: 60, Now: noon(10), Zone: berlin, User: w.id("User", 1), Currency: "GBP",
		Rates: map[string]decimal.Decimal{"USD": decimal.RequireFromString("1.25"), "GBP": decimal.RequireFromString("0.8"), "EUR": decimal.NewFromInt(1)},
	}
}

// withSurveys is the catalog with one more object that a team added.
func withSurveys(t *testing.T) *sobject.Catalog {
	t.Helper()
	const dir = "../../../specs/som/sobjects"
	files := fstest.MapFS{"Survey__c.yaml": {Data: []byte(`
name: Survey__c
label: Survey
plural: Surveys
prefix: "a00"
nameField: Name
operations: [create, update, delete]
fields:
  - {name: Name, type: string, length: 80}
  - {name: Topics__c, type: multipicklist, values: [Price, Speed, Care]}
  - {name: Opens__c, type: time}
`)}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		data, err := os.ReadFile(dir + "/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = &fstest.MapFile{Data: data}
	}
	catalog, err := sobject.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}

func TestMultiSelectPicklistsAndTimes(t *testing.T) {
	t.Parallel()
	catalog := withSurveys(t)
	w := newWorld(t, catalog)
	e := soql.NewEngine(catalog)
	w.add("Survey__c", 1, fields{"Name": "1", "Topics__c": "Price;Speed", "Opens__c": "08:00:00.000Z"})
	w.add("Survey__c", 2, fields{"Name": "2", "Topics__c": "Care", "Opens__c": "09:30:00.000Z"})
	w.add("Survey__c", 3, fields{"Name": "3", "Topics__c": "Price;Speed;Care"})
	w.add("Survey__c", 4, fields{"Name": "4"})
	tests := map[string]string{
		"Topics__c INCLUDES ('Price')":                 "1 3",
		"Topics__c includes ('price;CARE', 'Nothing')": "3",
		"Topics__c INCLUDES ('Price;Speed', 'Care')":   "1 2 3",
		"Topics__c EXCLUDES ('Price')":                 "2 4",
		"Topics__c EXCLUDES ('Care;Speed', 'Care')":    "1 4",
		"Topics__c = 'Price;Speed'":                    "1",
		"Topics__c != null":                            "1 2 3",
		"Opens__c = 08:00:00Z":                         "1",
		"Opens__c > 08:00:00.000Z":                     "2",
	}
	for where, want := range tests {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, row := range run(t, e, w, "SELECT Name FROM Survey__c WHERE "+where).Rows {
				got = append(got, fmt.Sprint(row.Columns[0].Value))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("got %v, want %s", got, want)
			}
		})
	}
	for where, message := range map[string]string{
		"Topics__c LIKE 'P%'":  "invalid operator on multipicklist field",
		"Topics__c > 'P'":      "invalid operator on multipicklist field",
		"Name INCLUDES ('1')":  "invalid operator on string field",
		"Topics__c INCLUDES 1": "unexpected token: '1'",
	} {
		if _, err := e.Run(w.rows, "SELECT Id FROM Survey__c WHERE "+where, soql.Options{}); err == nil || !strings.HasSuffix(err.Error(), message) {
			t.Errorf("%s: %v", where, err)
		}
	}
	if got := flat(run(t, e, w, "SELECT FIELDS(CUSTOM) FROM Survey__c WHERE Name = '2' LIMIT 1")); got[0] != "Topics__c=Care Opens__c=09:30:00.000Z" {
		t.Errorf("custom fields: %v", got)
	}
}

func TestNamedDatesAreDaysOfTheCaller(t *testing.T) {
	t.Parallel()
	catalog := loadCatalog(t)
	w := newWorld(t, catalog)
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for n, created := range []string{"2026-05-09T21:59:59Z", "2026-05-09T22:00:00Z", "2026-05-10T21:59:59Z", "2026-05-10T22:00:00Z"} {
		w.add("OrderSummary", n, fields{"OrderNumber": fmt.Sprint(n), "CreatedDate": at(created), "EffectiveDate": "2026-05-11"})
	}
	e := soql.NewEngine(catalog)
	opt := abroad(t, w)
	ask := func(where string) string {
		r, err := e.Run(w.rows, "SELECT OrderNumber FROM OrderSummary WHERE "+where, opt)
		if err != nil {
			t.Fatal(err)
		}
		return numbers(r)
	}
	for where, want := range map[string]string{
		"CreatedDate = TODAY": "1 2", "CreatedDate > TODAY": "3", "CreatedDate < TODAY": "0", "CreatedDate = TOMORROW": "3",
		"CreatedDate IN (YESTERDAY, TOMORROW)": "0 3", "CreatedDate >= TODAY": "1 2 3",
	} {
		if got := ask(where); got != want {
			t.Errorf("%s in Berlin: got %q, want %q", where, got, want)
		}
	}
	opt.Now = at("2026-05-10T22:30:00Z") // the 11th in Berlin, the 10th in Greenwich
	if got := ask("EffectiveDate = TODAY"); got != "0 1 2 3" {
		t.Errorf("the day of a date in Berlin: %q", got)
	}
	opt.Zone = nil
	if got := ask("EffectiveDate = TODAY"); got != "" {
		t.Errorf("the day of a date in Greenwich: %q", got)
	}
	if got := ask("CreatedDate = TODAY"); got != "2 3" {
		t.Errorf("today in Greenwich: %q", got)
	}
}

func TestFieldsExpand(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	o, _ := w.catalog.Object("OrderSummary")
	for query, want := range map[string]int{
		"SELECT FIELDS(ALL) FROM OrderSummary LIMIT 200":                                len(o.Fields),
		"SELECT FIELDS(STANDARD) FROM OrderSummary":                                     len(o.Fields),
		"SELECT Account.Name, fields(all) FROM OrderSummary LIMIT 1":                    len(o.Fields) + 1,
		"SELECT (SELECT FIELDS(ALL) FROM OrderItemSummaries LIMIT 2) FROM OrderSummary": 1,
	} {
		if got := len(run(t, e, w, query).Rows[0].Columns); got != want {
			t.Errorf("%s: %d columns, want %d", query, got, want)
		}
	}
}

func TestFunctionRefusals(t *testing.T) {
	t.Parallel()
	where := func(clause string) string { return "SELECT Id FROM OrderSummary WHERE " + clause }
	refusals(t, []refusal{
		{"SELECT toLabel(OrderNumber) FROM OrderSummary", soql.InvalidField, "toLabel() is not supported on field 'OrderNumber'"},
		{"SELECT FORMAT(OrderNumber) FROM OrderSummary", soql.InvalidField, "FORMAT() is not supported on field 'OrderNumber'"},
		{"SELECT convertCurrency(OrderProductLineCount) FROM OrderSummary", soql.InvalidField, "convertCurrency() is not supported on field 'OrderProductLineCount'"},
		{"SELECT convertCurrency(FORMAT(TotalAmount)) FROM OrderSummary", soql.MalformedQuery, "unexpected token: 'FORMAT'"},
		{"SELECT FORMAT() FROM OrderSummary", soql.MalformedQuery, "unexpected token: 'FORMAT'"},
		{"SELECT DISTANCE(BillingAddress, GEOLOCATION(Id, Id), Id) FROM OrderSummary", soql.MalformedQuery, "the function DISTANCE is not simulated"},
		{"SELECT COUNT(1) FROM OrderSummary", soql.MalformedQuery, "ERROR at Row:1:Column:14\nunexpected token: '1'"},
		{"SELECT COUNT(Id Name) FROM OrderSummary", soql.MalformedQuery, "unexpected token: 'Name'"},
		{"SELECT LENGTH(Status) FROM OrderSummary", soql.MalformedQuery, "unexpected token: 'LENGTH'"},
		{where("convertCurrency(TotalAmount) > 5"), soql.MalformedQuery, "unexpected token: 'convertCurrency'"},
		{where("toLabel(OrderNumber) = 'x'"), soql.InvalidField, "toLabel() is not supported on field 'OrderNumber'"},
		{where("OrderNumber = USD5"), soql.InvalidField, "must be of type string and should be enclosed in quotes"},
		{where("TotalAmount = 'USD5'"), soql.InvalidField, "should not be enclosed in quotes"},
		{where("EffectiveDate = USD5.5"), soql.InvalidField, "must be of type date and should not be enclosed in quotes"},
		{where("TotalAmount = :amount"), soql.MalformedQuery, "no viable alternative at character ':'"},
		{"SELECT Id FROM OrderSummary ORDER BY CALENDAR_YEAR(CreatedDate)", soql.MalformedQuery, "Ordered field must be grouped or aggregated: CALENDAR_YEAR(CreatedDate)"},
		{"SELECT TYPEOF Account WHEN Account THEN Id END FROM OrderSummary", soql.MalformedQuery, "the relationship Account in TYPEOF is not polymorphic"},
		{"SELECT TYPEOF Nobody WHEN Account THEN Id END FROM OrderSummary", soql.InvalidField, "names."},
		{"SELECT TYPEOF Owner WHEN Account THEN Id END FROM OrderSummary", soql.InvalidField, "the relationship Owner in TYPEOF does not refer to Account"},
		{"SELECT TYPEOF Owner WHEN User THEN Id WHEN User THEN Name END FROM OrderSummary", soql.MalformedQuery, "duplicate WHEN in TYPEOF: User"},
		{"SELECT TYPEOF Owner WHEN User THEN Nope END FROM OrderSummary", soql.InvalidField, describeCall},
		{"SELECT TYPEOF Owner WHEN User THEN Id ELSE CreatedDate END FROM OrderSummary", soql.InvalidField, describeCall},
		{"SELECT Owner.Name, TYPEOF Owner WHEN User THEN Id END FROM OrderSummary", soql.MalformedQuery, "duplicate field selected: Owner"},
		{"SELECT TYPEOF Owner WHEN User THEN Id END FROM OrderSummary GROUP BY OwnerId", soql.MalformedQuery, "TYPEOF is not allowed with aggregate expressions or GROUP BY"},
		{"SELECT Owner.CreatedDate FROM OrderSummary", soql.InvalidField, describeCall},
		{"SELECT Id FROM OrderSummary USING SCOPE team", soql.MalformedQuery, "the scope team is not supported on entity OrderSummary"},
		{"SELECT Id FROM OrderItemSummary USING SCOPE mine", soql.MalformedQuery, "the scope mine is not supported on entity OrderItemSummary"},
		{"SELECT Id FROM OrderSummary WITH DATA", soql.MalformedQuery, "unexpected token: 'DATA'"},
		{"SELECT Id FROM OrderSummary ORDER BY Id FOR UPDATE", soql.MalformedQuery, "ORDER BY not allowed with FOR UPDATE"},
		{"SELECT Id FROM OrderSummary FOR SALE", soql.MalformedQuery, "unexpected token: 'SALE'"},
		{"SELECT (SELECT Id FROM OrderItemSummaries FOR VIEW) FROM OrderSummary", soql.MalformedQuery, "unexpected token: 'FOR'"},
		{"SELECT (SELECT Id FROM OrderItemSummaries ALL ROWS) FROM OrderSummary", soql.MalformedQuery, "unexpected token: 'ALL'"},
		{"SELECT FIELDS(SOME) FROM OrderSummary", soql.MalformedQuery, "unexpected token: 'SOME'"},
		{"SELECT FIELDS(ALL) FROM OrderSummary LIMIT 201", soql.MalformedQuery, "must have a LIMIT of at most 200"},
		{"SELECT Id FROM OrderSummary o, x.Account a", soql.InvalidField, "names."},
		{where("Id IN (SELECT OriginalOrderId FROM OrderSummary)"), soql.MalformedQuery, "The inner and outer selects should not be on the same object type"},
		{where("Id IN (SELECT AccountId FROM Order)"), soql.InvalidField, "should point to the same object type"},
		{where("AccountId IN (SELECT OrderSummaryId FROM OrderItemSummary)"), soql.InvalidField, "should point to the same object type"},
	})
}

func TestOlderVersionsKnowLess(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	nested := "SELECT Id, (SELECT Id, (SELECT Id FROM OrderSummaries) FROM OrderSummaries) FROM Account"
	tests := map[string][2]int{ // the last version that refuses, the first that answers
		nested: {57, 58},
		"SELECT FIELDS(STANDARD) FROM OrderSummary":                                  {50, 51},
		"SELECT (SELECT FIELDS(STANDARD) FROM OrderItemSummaries) FROM OrderSummary": {50, 51},
		"SELECT TYPEOF Owner WHEN User THEN Id END FROM OrderSummary":                {45, 46},
	}
	for _, query := range slices.Sorted(maps.Keys(tests)) {
		if _, err := e.Run(w.rows, query, soql.Options{Version: tests[query][0]}); err == nil {
			t.Errorf("version %d answered %s", tests[query][0], query)
		}
		if _, err := e.Run(w.rows, query, soql.Options{Version: tests[query][1]}); err != nil {
			t.Errorf("version %d: %v", tests[query][1], err)
		}
	}
}
