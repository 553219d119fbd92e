package soql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/somsim/somsim/simulator/som/soql"
)

// neverIndexed at the top of a WHERE keeps the planner from any index, and since it never holds it changes no answer.
const neverIndexed = " OR Status = 'no such status'"

func TestIndexedAndScannedAnswersAreEqual(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	for where := range filters() {
		if strings.Contains(where, "SELECT") { // may not stand below OR; TestIndexes covers them
			continue
		}
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			free := run(t, e, w, "SELECT Id, OrderNumber FROM OrderSummary WHERE "+where)
			scanned := run(t, e, w, "SELECT Id, OrderNumber FROM OrderSummary WHERE ("+where+")"+neverIndexed)
			if diff := cmp.Diff(flat(scanned), flat(free)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIndexes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query string
		indexed     bool
		want        int
	}{
		{"an id is got", "SELECT Id FROM OrderSummary WHERE Id = '%s'", true, 1},
		{"ids of a list are got", "SELECT Id FROM OrderSummary WHERE Id IN ('%s', '%[1]s')", true, 1},
		{"an indexed field is looked up", "SELECT Id FROM OrderSummary WHERE OrderNumber = 'A-1'", true, 1},
		{"an index serves one part of several", "SELECT Id FROM OrderSummary WHERE Status = 'Created' AND OrderNumber IN ('A-1', 'a-2')", true, 1},
		{"parentheses do not hide an index", "SELECT Id FROM OrderSummary WHERE Status != 'x' AND (TotalAmount > 1 AND (OrderNumber = 'A-1'))", true, 1},
		{"a reference is looked up", "SELECT Id FROM OrderItemSummary WHERE OrderSummaryId = '%s'", true, 2},
		{"an indexed parent field leads to its children", "SELECT Id FROM OrderItemSummary WHERE OrderSummary.OrderNumber = 'A-1'", true, 2},
		{"several parents are gone back over", "SELECT Id FROM OrderItemSummary WHERE OrderSummary.Account.Name = 'ann lee'", true, 2},
		{"the rows of a semi-join are got", "SELECT Id FROM OrderSummary WHERE Id IN (SELECT OrderSummaryId FROM OrderItemSummary WHERE OrderSummaryId = '%s')", true, 1},
		{"a semi-join over a reference is looked up", "SELECT Id FROM OrderItemSummary WHERE OrderSummaryId IN (SELECT Id FROM OrderSummary WHERE OrderNumber = 'A-1')", true, 2},
		{"a case-sensitive field uses its index and still compares", "SELECT Id FROM OrderSummary WHERE ExternalReferenceIdentifier = 'realm@site@a-1'", true, 0},
		{"another field needs a scan", "SELECT Id FROM OrderSummary WHERE Status = 'Created'", false, 2},
		{"a negation needs a scan", "SELECT Id FROM OrderSummary WHERE NOT OrderNumber = 'A-1'", false, 2},
		{"a null needs a scan", "SELECT Id FROM OrderSummary WHERE OrderNumber IN ('A-1', null)", false, 1},
		{"alternatives with an index each are looked up", "SELECT Id FROM OrderSummary WHERE OrderNumber = 'A-1' OR (Status = 'Created' AND AccountId = '001000000000002AAA')", true, 2},
		{"a row found by two alternatives counts once", "SELECT Id FROM OrderSummary WHERE OrderNumber = 'A-1' OR OrderNumber LIKE 'zzz' OR OrderNumber = 'a-1'", false, 1},
		{"an alternative without index needs a scan", "SELECT Id FROM OrderSummary WHERE OrderNumber = 'A-1' OR Status = 'Created'", false, 3},
		{"a parent of several objects needs a scan", "SELECT Id FROM OrderSummary WHERE Owner.Name = 'Integration'", false, 1},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e, w := shop(t)
			query := tc.query
			if strings.Contains(query, "%") {
				query = fmt.Sprintf(query, w.id("OrderSummary", 1))
			}
			if got := run(t, e, w, query); got.TotalSize != tc.want {
				t.Errorf("%d rows, want %d", got.TotalSize, tc.want)
			}
			if indexed := w.rows.scanned.Load() == 0; indexed != tc.indexed {
				t.Errorf("read %d rows by scanning", w.rows.scanned.Load())
			}
		})
	}
}

func TestAScanStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	run(t, e, w, "SELECT Id FROM OrderSummary LIMIT 1 OFFSET 1")
	if w.rows.scanned.Load() != 2 {
		t.Errorf("scanned %d rows for two", w.rows.scanned.Load())
	}
}

func TestChildrenAreFoundByTheirForeignKey(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	run(t, e, w, "SELECT (SELECT Id FROM OrderItemSummaries WHERE Name LIKE 'S%') FROM OrderSummary WHERE OrderNumber = 'A-1'")
	if w.rows.scanned.Load() != 0 {
		t.Errorf("scanned %d rows", w.rows.scanned.Load())
	}
}

// many is a world of n orders with two items each.
func many(b *testing.B, n int) (*soql.Engine, *world) {
	b.Helper()
	catalog := loadCatalog(b)
	w := newWorld(b, catalog)
	for i := range n {
		order := w.add("OrderSummary", i, fields{"OrderNumber": fmt.Sprintf("O-%08d", i), "Status": "Created", "TotalAmount": i})
		for j := range 2 {
			w.add("OrderItemSummary", 2*i+j, fields{"OrderSummaryId": order, "Name": "Item", "QuantityOrdered": j + 1})
		}
	}
	return soql.NewEngine(catalog), w
}

const benchmarkQuery = "SELECT Id, OrderNumber, GrandTotalAmount, (SELECT Id, Quantity FROM OrderItemSummaries) FROM OrderSummary WHERE OrderNumber = '%s'"

// BenchmarkIndexedQuery asks for one order in ten thousand by its number: the same text again, and a new text each time.
func BenchmarkIndexedQuery(b *testing.B) {
	const orders = 10_000
	e, w := many(b, orders)
	ask := func(b *testing.B, number int) {
		b.Helper()
		if r := run(b, e, w, fmt.Sprintf(benchmarkQuery, fmt.Sprintf("O-%08d", number))); r.TotalSize != 1 {
			b.Fatalf("%d rows", r.TotalSize)
		}
	}
	b.Run("same text", func(b *testing.B) {
		for b.Loop() {
			ask(b, 5_000)
		}
	})
	b.Run("new text", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			ask(b, n%orders)
		}
	})
}

func TestTheMostSelectiveIndexIsTaken(t *testing.T) {
	t.Parallel()
	catalog := loadCatalog(t)
	w := newWorld(t, catalog)
	crowd := w.add("Account", 1, fields{"Name": "crowd"})
	for n := range 60 {
		w.add("OrderSummary", n, fields{"OwnerId": w.id("User", n%2), "OrderNumber": fmt.Sprint(n), "AccountId": crowd, "ExternalReferenceIdentifier": fmt.Sprint("x", n), "Status": "Created"})
	}
	e := soql.NewEngine(catalog)
	tests := []struct {
		name, where string
		want        []soql.AccessPlan
	}{
		{"of two", "AccountId = '" + crowd + "' AND OrderNumber IN ('5', '6') AND Status = 'Created'", []soql.AccessPlan{
			{Operation: "Index", Fields: []string{"OrderNumber"}, Cardinality: 2, RelativeCost: 0.0002},
			{Operation: "Index", Fields: []string{"AccountId"}, Cardinality: 60, RelativeCost: 0.006},
			{Operation: "TableScan", Fields: []string{}, Cardinality: 2, RelativeCost: 0.656},
		}},
		{"an alternative", "OrderNumber = '5' OR ExternalReferenceIdentifier = 'x6'", []soql.AccessPlan{
			{Operation: "Index", Fields: []string{"OrderNumber", "ExternalReferenceIdentifier"}, Cardinality: 2, RelativeCost: 0.0002},
			{Operation: "TableScan", Fields: []string{}, Cardinality: 2, RelativeCost: 0.656},
		}},
		{"a reference that many rows share", "OwnerId = '" + w.id("User", 1) + "' AND AccountId = '" + crowd + "'", []soql.AccessPlan{
			{Operation: "Index", Fields: []string{"OwnerId"}, Cardinality: 30, RelativeCost: 0.003},
			{Operation: "Index", Fields: []string{"AccountId"}, Cardinality: 60, RelativeCost: 0.006},
			{Operation: "TableScan", Fields: []string{}, Cardinality: 30, RelativeCost: 0.656},
		}},
		{"none", "Status = 'Created'", []soql.AccessPlan{{Operation: "TableScan", Fields: []string{}, Cardinality: 60, RelativeCost: 0.656}}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := "SELECT Id FROM OrderSummary WHERE " + tc.where
			got, err := e.Explain(w.rows, text, soql.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := &soql.Explanation{SourceQuery: text, Plans: tc.want}
			for i := range want.Plans {
				want.Plans[i].Object, want.Plans[i].ObjectCardinality = "OrderSummary", 60
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(soql.AccessPlan{}, "Notes")); diff != "" {
				t.Error(diff)
			}
			if tc.name == "of two" {
				notes := []soql.PlanNote{
					{Description: "Not considering filter for optimization because unindexed", Fields: []string{"Status"}, Object: "OrderSummary"},
					{Description: "Not considering filter for optimization because unindexed", Fields: []string{"IsDeleted"}, Object: "OrderSummary"},
				}
				if diff := cmp.Diff(notes, got.Plans[0].Notes); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	if _, err := e.Explain(w.rows, "SELECT Nope FROM OrderSummary", soql.Options{}); err == nil {
		t.Error("a query with a mistake was explained")
	}
}

func TestALimitedSortKeepsTheRowsOfAFullOne(t *testing.T) {
	t.Parallel()
	catalog := loadCatalog(t)
	w := newWorld(t, catalog)
	for n := range 700 {
		values := fields{"OrderNumber": fmt.Sprintf("%03d", n), "TotalAmount": n * 37 % 11, "Status": []string{"Fulfilled", "Created", "Approved"}[n%3]}
		if n%50 == 0 {
			delete(values, "TotalAmount")
		}
		w.add("OrderSummary", n, values)
	}
	e := soql.NewEngine(catalog)
	for _, order := range []string{"TotalAmount", "TotalAmount DESC NULLS LAST", "Status, TotalAmount DESC", "Status DESC, OrderNumber", "OrderNumber DESC"} {
		full := flat(run(t, e, w, "SELECT OrderNumber FROM OrderSummary ORDER BY "+order))
		for _, cut := range [][2]int{{10, 0}, {10, 5}, {1, 0}, {0, 3}, {300, 350}, {700, 650}} {
			query := fmt.Sprintf("SELECT OrderNumber FROM OrderSummary ORDER BY %s LIMIT %d OFFSET %d", order, cut[0], cut[1])
			if diff := cmp.Diff(full[cut[1]:min(cut[0]+cut[1], len(full))], flat(run(t, e, w, query))); diff != "" {
				t.Errorf("%s\n%s", query, diff)
			}
		}
	}
}
