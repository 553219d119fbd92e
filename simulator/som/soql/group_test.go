package soql_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/som/soql"
)

func TestGroupedRows(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	tests := []struct {
		name, query string
		want        []string
	}{
		{"functions without GROUP BY are of all rows", "SELECT COUNT(Id), COUNT(TotalAmount), SUM(TotalAmount), AVG(TotalAmount), MIN(TotalAmount), MAX(TotalAmount) FROM OrderSummary", []string{"expr0=3 expr1=2 expr2=140 expr3=70 expr4=40 expr5=100"}},
		{"of no rows there is one row", "SELECT COUNT(Id) n, SUM(TotalAmount), MAX(OrderNumber) FROM OrderSummary WHERE OrderNumber = 'x'", []string{"n=0 expr0=null expr1=null"}},
		{"counts of different values", "SELECT COUNT_DISTINCT(Status) s, COUNT_DISTINCT(PoNumber) p, COUNT(PoNumber) n FROM OrderSummary", []string{"s=2 p=2 n=2"}},
		{"groups come in the order of their keys", "SELECT Status, COUNT(Id) FROM OrderSummary GROUP BY Status", []string{"Status=Created expr0=2", "Status=Approved expr0=1"}},
		{"a key need not be selected, nor anything counted", "SELECT Status FROM OrderSummary GROUP BY Status, AccountId", []string{"Status=Created", "Status=Created", "Status=Approved"}},
		{"null is a group", "SELECT PoNumber p, COUNT(Id) n FROM OrderSummary GROUP BY PoNumber", []string{"p=null n=1", "p=50%_off n=1", "p=It's n=1"}},
		{"a parent's field is called without its path", "SELECT OrderSummary.OrderNumber, SUM(QuantityOrdered) FROM OrderItemSummary GROUP BY OrderSummary.OrderNumber", []string{"OrderNumber=A-1 expr0=6", "OrderNumber=A-2 expr0=2"}},
		{"a parent's field may be aggregated", "SELECT Name, MAX(OrderSummary.TotalAmount) m FROM OrderItemSummary GROUP BY Name", []string{"Name=Shirt m=100", "Name=Shoes m=100"}},
		{"dates by year and month", "SELECT CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate) m, COUNT(Id) n FROM OrderSummary GROUP BY CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate)", []string{"expr0=2026 m=5 n=3"}},
		{"instants by day", "SELECT DAY_ONLY(CreatedDate) d, COUNT(Id) n FROM OrderSummary GROUP BY DAY_ONLY(CreatedDate) ORDER BY DAY_ONLY(CreatedDate) DESC", []string{"d=2026-05-10 n=1", "d=2026-05-09 n=1", "d=2026-05-01 n=1"}},
		{"HAVING looks at groups", "SELECT Status FROM OrderSummary GROUP BY Status HAVING COUNT(Id) > 1", []string{"Status=Created"}},
		{"HAVING looks at keys and joins tests", "SELECT Status, SUM(TotalAmount) s FROM OrderSummary GROUP BY Status HAVING Status LIKE 'A%' AND (SUM(TotalAmount) >= 100 OR MIN(OrderNumber) = 'x')", []string{"Status=Approved s=100"}},
		{"ORDER BY sorts by functions", "SELECT Status FROM OrderSummary GROUP BY Status ORDER BY SUM(TotalAmount) DESC, Status", []string{"Status=Approved", "Status=Created"}},
		{"LIMIT and OFFSET cut groups", "SELECT Status FROM OrderSummary GROUP BY Status ORDER BY Status LIMIT 1 OFFSET 1", []string{"Status=Approved"}},
		{"MIN of a picklist is its first value", "SELECT MIN(Status), MAX(Status) FROM OrderSummary", []string{"expr0=Created expr1=Approved"}},
		{"MIN and MAX of dates and instants", "SELECT MIN(CreatedDate), MAX(EffectiveDate) FROM OrderSummary", []string{"expr0=2026-05-01T12:00:00Z expr1=2026-05-09"}},
		{"ROLLUP adds subtotals", "SELECT OrderSummary.OrderNumber o, Name, GROUPING(Name) g, SUM(QuantityOrdered) q FROM OrderItemSummary GROUP BY ROLLUP(OrderSummary.OrderNumber, Name)", []string{
			"o=A-1 Name=Shirt g=0 q=5", "o=A-1 Name=Shoes g=0 q=1", "o=A-1 Name=null g=1 q=6", "o=A-2 Name=Shirt g=0 q=2", "o=A-2 Name=null g=1 q=2", "o=null Name=null g=1 q=8",
		}},
		{"CUBE adds them for every key", "SELECT OrderSummary.OrderNumber o, Name, COUNT(Id) n FROM OrderItemSummary GROUP BY CUBE(OrderSummary.OrderNumber, Name) HAVING GROUPING(OrderSummary.OrderNumber) = 1", []string{
			"o=null Name=Shirt n=2", "o=null Name=Shoes n=1", "o=null Name=null n=3",
		}},
		{"ROLLUP sorts by level", "SELECT Name, COUNT(Id) n FROM OrderItemSummary GROUP BY ROLLUP(Name) ORDER BY GROUPING(Name) DESC, Name DESC", []string{"Name=null n=3", "Name=Shoes n=1", "Name=Shirt n=2"}},
		{"an alias in FROM and a parent's", "SELECT a.Name n, COUNT(o.Id) c FROM OrderSummary o, o.Account a WHERE a.Name != null GROUP BY a.Name", []string{"n=Ann Lee c=1", "n=bob c=1"}},
		{"FORMAT goes around functions", "SELECT FORMAT(SUM(TotalAmount)) s, FORMAT(MIN(EffectiveDate)) FROM OrderSummary", []string{"s=EUR 140.00 expr0=5/1/2026"}},
		{"all rows count", "SELECT COUNT(Id) FROM OrderSummary ALL ROWS", []string{"expr0=4"}},
		{"booleans are groups", "SELECT IsSuspended, COUNT(Id) FROM OrderSummary GROUP BY IsSuspended", []string{"IsSuspended=false expr0=2", "IsSuspended=true expr0=1"}},
		{"ids are groups", "SELECT Account.Id, COUNT(Id) FROM OrderSummary WHERE AccountId != null GROUP BY Account.Id ORDER BY COUNT(Id) LIMIT 1", []string{"Id=" + w.id("Account", 1) + " expr0=1"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, e, w, tc.query)
			if diff := cmp.Diff(tc.want, flat(r)); diff != "" {
				t.Error(diff)
			}
			if r.TotalSize != len(tc.want) || r.Rows[0].Object != "AggregateResult" || r.Rows[0].ID != "" {
				t.Errorf("%d rows of %s", r.TotalSize, r.Rows[0].Object)
			}
		})
	}
}

func TestGroupsOfOneTextInSeveralSpellingsAreOne(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	w.add("OrderItemSummary", 4, fields{"OrderSummaryId": w.id("OrderSummary", 3), "Name": "SHIRT", "QuantityOrdered": 1})
	got := flat(run(t, e, w, "SELECT Name, COUNT(Id) n, COUNT_DISTINCT(OrderSummaryId) d FROM OrderItemSummary GROUP BY Name"))
	if diff := cmp.Diff([]string{"Name=Shirt n=3 d=3", "Name=Shoes n=1 d=1"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestGroupRefusals(t *testing.T) {
	t.Parallel()
	refusals(t, []refusal{
		{"SELECT Status, COUNT(Id) FROM OrderSummary", soql.MalformedQuery, "ERROR at Row:1:Column:8\nField must be grouped or aggregated: Status"},
		{"SELECT OrderNumber FROM OrderSummary GROUP BY Status", soql.MalformedQuery, "Field must be grouped or aggregated: OrderNumber"},
		{"SELECT CALENDAR_YEAR(CreatedDate) FROM OrderSummary", soql.MalformedQuery, "Field must be grouped or aggregated: CALENDAR_YEAR(CreatedDate)"},
		{"SELECT Status FROM OrderSummary GROUP BY Status ORDER BY CreatedDate", soql.MalformedQuery, "Ordered field must be grouped or aggregated: CreatedDate"},
		{"SELECT Status FROM OrderSummary GROUP BY Status HAVING CreatedDate = TODAY", soql.MalformedQuery, "Having field must be grouped or aggregated: CreatedDate"},
		{"SELECT Status FROM OrderSummary GROUP BY Status HAVING COUNT(Id) = 'x'", soql.InvalidField, "must be of type int and should not be enclosed in quotes"},
		{"SELECT Status FROM OrderSummary HAVING COUNT(Id) > 1", soql.MalformedQuery, "unexpected token: 'HAVING'"},
		{"SELECT COUNT(Status) FROM OrderSummary GROUP BY Status", soql.MalformedQuery, "ERROR at Row:1:Column:14\nGrouped field should not be aggregated: Status"},
		{"SELECT COUNT() FROM OrderSummary GROUP BY Status", soql.MalformedQuery, "COUNT() cannot be used with GROUP BY"},
		{"SELECT SUM(OrderNumber) FROM OrderSummary", soql.MalformedQuery, "field OrderNumber does not support aggregate operator SUM"},
		{"SELECT COUNT(IsSuspended) FROM OrderSummary", soql.MalformedQuery, "field IsSuspended does not support aggregate operator COUNT"},
		{"SELECT MAX(BillingAddress) FROM OrderSummary", soql.MalformedQuery, "field BillingAddress does not support aggregate operator MAX"},
		{"SELECT SUM(Nope) FROM OrderSummary", soql.InvalidField, describeCall},
		{"SELECT MAX(Status, OrderNumber) FROM OrderSummary", soql.MalformedQuery, "unexpected token: 'MAX'"},
		{"SELECT COUNT(Id) FROM OrderSummary LIMIT 1", soql.MalformedQuery, "Non-grouped query that uses overall aggregate functions cannot also use LIMIT"},
		{"SELECT COUNT(Id) FROM OrderSummary OFFSET 1", soql.MalformedQuery, "Non-grouped query that uses overall aggregate functions cannot also use OFFSET"},
		{"SELECT COUNT(Id) n, MAX(Status) N FROM OrderSummary", soql.MalformedQuery, "duplicate alias: N"},
		{"SELECT Status s FROM OrderSummary", soql.MalformedQuery, "only aggregate expressions use field aliasing"},
		{"SELECT TotalAmount FROM OrderSummary GROUP BY TotalAmount", soql.MalformedQuery, "field 'TotalAmount' can not be grouped in a query call"},
		{"SELECT CreatedDate FROM OrderSummary GROUP BY CreatedDate", soql.MalformedQuery, "ERROR at Row:1:Column:47\nfield 'CreatedDate' can not be grouped in a query call"},
		{"SELECT Status FROM OrderSummary GROUP BY Status, status", soql.MalformedQuery, "duplicate field in GROUP BY: status"},
		{"SELECT Status FROM OrderSummary GROUP BY ROLLUP(Status), AccountId", soql.MalformedQuery, "unexpected token: 'AccountId'"},
		{"SELECT Status FROM OrderSummary GROUP BY CUBE(Status, AccountId, OrderNumber, OwnerId)", soql.MalformedQuery, "CUBE takes one to 3 fields"},
		{"SELECT GROUPING(Status) FROM OrderSummary GROUP BY Status", soql.MalformedQuery, "GROUPING() needs a field of GROUP BY ROLLUP or CUBE: Status"},
		{"SELECT (SELECT COUNT(Id) FROM OrderItemSummaries) FROM OrderSummary", soql.MalformedQuery, "only root queries support aggregate expressions"},
		{"SELECT COUNT(Id), (SELECT Id FROM OrderItemSummaries) FROM OrderSummary", soql.MalformedQuery, "a child subquery cannot stand beside aggregate expressions"},
		{"SELECT FIELDS(STANDARD), COUNT(Id) FROM OrderSummary", soql.MalformedQuery, "not supported with aggregate expressions or GROUP BY"},
		{"SELECT Id FROM OrderSummary WHERE COUNT(Id) > 1", soql.MalformedQuery, "aggregate functions are not allowed here: COUNT"},
		{"SELECT HOUR_IN_DAY(EffectiveDate) FROM OrderSummary GROUP BY HOUR_IN_DAY(EffectiveDate)", soql.MalformedQuery, "Invalid date function HOUR_IN_DAY on field 'EffectiveDate' of type date"},
		{"SELECT Id FROM OrderSummary WHERE CALENDAR_YEAR(OrderNumber) = 1", soql.MalformedQuery, "Invalid date function CALENDAR_YEAR on field 'OrderNumber' of type string"},
		{"SELECT Id FROM OrderSummary WHERE AccountId IN (SELECT AccountId FROM Order GROUP BY AccountId)", soql.MalformedQuery, "has no ORDER BY, LIMIT or OFFSET"},
	})
}

func TestMoreGroupsThanAPageAreRefused(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	ask := func(batch int) error {
		_, err := e.Run(w.rows, "SELECT OrderNumber FROM OrderSummary GROUP BY OrderNumber", soql.Options{Batch: batch})
		return err
	}
	if err := ask(3); err != nil {
		t.Errorf("three groups on a page of three: %v", err)
	}
	want := soql.Error{Code: soql.ExceededIDLimit, Message: "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch"}
	if diff := cmp.Diff(error(&want), ask(2)); diff != "" {
		t.Error(diff)
	}
}
