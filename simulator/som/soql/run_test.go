package soql_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/som/soql"
)

func TestSelectShapesRows(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	tests := []struct {
		name, query string
		want        []string
	}{
		{"names come back in canonical spelling", "select ordernumber, STATUS from ordersummary where ORDERNUMBER = 'A-1'", []string{"OrderNumber=A-1 Status=Approved"}},
		{"formulas are computed", "SELECT GrandTotalAmount FROM OrderSummary WHERE OrderNumber = 'A-1'", []string{"GrandTotalAmount=121"}},
		{"null counts as zero in a formula", "SELECT GrandTotalAmount FROM OrderSummary WHERE OrderNumber = 'A-2'", []string{"GrandTotalAmount=40"}},
		{"unset booleans are false", "SELECT IsSuspended, IsDeleted FROM OrderSummary WHERE OrderNumber = 'A-2'", []string{"IsSuspended=false IsDeleted=false"}},
		{"parents share one column", "SELECT Account.Name, OrderNumber, Account.BillingCity FROM OrderSummary WHERE OrderNumber LIKE 'A-%'", []string{"Account={Name=Ann Lee BillingCity=Ghent} OrderNumber=A-1", "Account={Name=bob BillingCity=null} OrderNumber=A-2"}},
		{"a missing parent is null", "SELECT Account.Name FROM OrderSummary WHERE OrderNumber = 'b-3'", []string{"Account=null"}},
		{"a parent of several objects shows its own field", "SELECT Owner.Name FROM OrderSummary WHERE OrderNumber = 'A-1'", []string{"Owner={Name=Integration}"}},
		{"paths go up several levels", "SELECT OrderSummary.Account.Name FROM OrderItemSummary WHERE Name = 'Shoes'", []string{"OrderSummary={Account={Name=Ann Lee}}"}},
		{"an alias may begin a path", "SELECT o.OrderNumber, o.Account.Name FROM OrderSummary o WHERE o.OrderNumber = 'A-2'", []string{"OrderNumber=A-2 Account={Name=bob}"}},
		{"the object's name may begin a path", "SELECT OrderSummary.OrderNumber FROM OrderSummary WHERE OrderSummary.OrderNumber = 'A-2'", []string{"OrderNumber=A-2"}},
		{"children come as a result of their own", "SELECT OrderNumber, (SELECT Name, Quantity FROM OrderItemSummaries ORDER BY Name DESC) FROM OrderSummary ORDER BY OrderNumber", []string{
			"OrderNumber=A-1 OrderItemSummaries=2[Name=Shoes Quantity=1 Name=Shirt Quantity=4]", "OrderNumber=A-2 OrderItemSummaries=1[Name=Shirt Quantity=2]", "OrderNumber=b-3 OrderItemSummaries=null",
		}},
		{"a subquery has its own filter and limit", "SELECT (SELECT Name FROM OrderItemSummaries WHERE QuantityOrdered > 1 LIMIT 1) FROM OrderSummary WHERE OrderNumber = 'A-1'", []string{"OrderItemSummaries=1[Name=Shirt]"}},
		{"changes hang below the odd vendor name", "SELECT (SELECT ChangeType FROM OrderSummaries) FROM OrderSummary WHERE OrderNumber = 'A-1'", []string{"OrderSummaries=1[ChangeType=Cancel]"}},
		{"subqueries nest", "SELECT (SELECT AvailableToCaptureAmount, (SELECT Balance, (SELECT Amount FROM Payments) FROM PaymentAuthorizations) FROM OrderPaymentSummaries) FROM OrderSummary WHERE OrderNumber = 'A-1'", []string{
			"OrderPaymentSummaries=1[AvailableToCaptureAmount=100 PaymentAuthorizations=1[Balance=121 Payments=1[Amount=21]]]",
		}},
		{"a compound address is put together", "SELECT BillingAddress FROM OrderSummary WHERE OrderNumber = 'A-2'", []string{"BillingAddress=null"}},
		{"limit and offset cut after ordering", "SELECT OrderNumber FROM OrderSummary ORDER BY OrderNumber DESC LIMIT 1 OFFSET 1", []string{"OrderNumber=A-2"}},
		{"an offset beyond the end leaves nothing", "SELECT Id FROM OrderSummary LIMIT 5 OFFSET 2000", []string{}},
		{"a limit of zero leaves nothing", "SELECT Id FROM OrderSummary LIMIT 0", []string{}},
		{"without an order ids decide", "SELECT OrderNumber FROM OrderSummary", []string{"OrderNumber=A-1", "OrderNumber=A-2", "OrderNumber=b-3"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, flat(run(t, e, w, tc.query))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// filters are WHERE clauses over the orders of shop with the numbers of those that pass.
func filters() map[string]string {
	return map[string]string{
		"OrderNumber = 'a-1'":                                           "A-1",
		"OrderNumber != 'a-1'":                                          "A-2 b-3",
		"OrderNumber <> 'A-1'":                                          "A-2 b-3",
		"OrderNumber > 'a-1'":                                           "A-2 b-3",
		"OrderNumber IN ('A-2', 'B-3')":                                 "A-2 b-3",
		"OrderNumber NOT IN ('A-2', 'B-3')":                             "A-1",
		"OrderNumber LIKE '%-3'":                                        "b-3",
		"OrderNumber LIKE 'a__'":                                        "A-1 A-2",
		"(NOT OrderNumber LIKE 'a%')":                                   "b-3",
		"PoNumber LIKE '50\\%\\_%'":                                     "A-1",
		"PoNumber LIKE '50%'":                                           "A-1",
		"PoNumber LIKE '50_off'":                                        "",
		"PoNumber = 'It\\'s'":                                           "A-2",
		"PoNumber = '\\u0049t\\'s'":                                     "A-2",
		"PoNumber = '50%_off'":                                          "A-1",
		"PoNumber = null":                                               "b-3",
		"PoNumber = ''":                                                 "b-3",
		"PoNumber != null":                                              "A-1 A-2",
		"PoNumber != 'It\\'s'":                                          "A-1 b-3",
		"PoNumber NOT IN ('It\\'s')":                                    "A-1 b-3",
		"PoNumber IN ('It\\'s', null)":                                  "A-2 b-3",
		"PoNumber NOT IN ('x', null)":                                   "A-1 A-2",
		"PoNumber LIKE '%'":                                             "A-1 A-2",
		"PoNumber > 'a'":                                                "A-2",
		"TotalAmount > 40":                                              "A-1",
		"TotalAmount >= 40.00":                                          "A-1 A-2",
		"TotalAmount < 1e2":                                             "A-2",
		"TotalAmount IN (40, +7)":                                       "A-2",
		"TotalAmount = null":                                            "b-3",
		"TotalAmount != 40":                                             "A-1 b-3",
		"GrandTotalAmount = 121":                                        "A-1",
		"IsSuspended = true":                                            "A-1",
		"IsSuspended != TRUE":                                           "A-2 b-3",
		"IsSuspended = null":                                            "",
		"Account.Name = 'ANN LEE'":                                      "A-1",
		"Account.Name = null":                                           "b-3",
		"Account.Name != 'bob'":                                         "A-1 b-3",
		"AccountId != null":                                             "A-1 A-2",
		"ExternalReferenceIdentifier = 'Realm@Site@A-1'":                "A-1",
		"ExternalReferenceIdentifier = 'realm@site@a-1'":                "",
		"ExternalReferenceIdentifier IN ('realm@site@a-1')":             "",
		"ExternalReferenceIdentifier LIKE 'realm%'":                     "",
		"ExternalReferenceIdentifier LIKE 'Realm%'":                     "A-1",
		"EffectiveDate = 2026-05-09":                                    "A-2",
		"EffectiveDate < 2026-05-09":                                    "A-1",
		"EffectiveDate = YESTERDAY":                                     "A-2",
		"EffectiveDate = LAST_N_DAYS:3":                                 "A-2",
		"EffectiveDate IN (TODAY, 2026-05-01)":                          "A-1",
		"CreatedDate = TODAY":                                           "b-3",
		"CreatedDate < today":                                           "A-1 A-2",
		"CreatedDate = THIS_MONTH":                                      "A-1 A-2 b-3",
		"CreatedDate = LAST_MONTH":                                      "",
		"CreatedDate != YESTERDAY":                                      "A-1 b-3",
		"CreatedDate = N_DAYS_AGO:9":                                    "A-1",
		"CreatedDate >= 2026-05-09T14:00:00+02:00":                      "A-2 b-3",
		"CreatedDate > 2026-05-09T12:00:00.000+0000":                    "b-3",
		"Status = 'Created' AND OrderNumber = 'A-2'":                    "A-2",
		"Status = 'Approved' OR OrderNumber = 'A-2'":                    "A-1 A-2",
		"Status = 'Created' AND (AccountId = null OR TotalAmount = 40)": "A-2 b-3",
		"NOT (Status = 'Created')":                                      "A-1",
		"NOT Status = 'Created'":                                        "A-1",
		"Id IN (SELECT OrderSummaryId FROM OrderItemSummary WHERE Name = 'Shoes')":                          "A-1",
		"Id NOT IN (SELECT OrderSummaryId FROM OrderItemSummary)":                                           "b-3",
		"AccountId IN (SELECT Id FROM Account WHERE Name LIKE 'b%')":                                        "A-2",
		"Status = 'Created' AND (Id IN (SELECT OrderSummaryId FROM OrderItemSummary WHERE Name = 'Shirt'))": "A-2",
		"OriginalOrder.OrderNumber = 'x'":                                                                   "",
		"Owner.Name = 'integration'":                                                                        "A-1",
	}
}

func TestWhere(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	for where, want := range filters() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			if got := numbers(run(t, e, w, "SELECT OrderNumber FROM OrderSummary WHERE "+where)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func numbers(r *soql.Result) string {
	all := make([]string, 0, len(r.Rows))
	for _, row := range r.Rows {
		all = append(all, show(row.Columns[0].Value))
	}
	return strings.Join(all, " ")
}

func TestIDsAreAcceptedInBothLengths(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	id := w.id("OrderSummary", 2)
	for _, literal := range []string{id, id[:15], strings.ToLower(id)} {
		if got := numbers(run(t, e, w, "SELECT OrderNumber FROM OrderSummary WHERE Id = '"+literal+"'")); got != "A-2" {
			t.Errorf("%s finds %q", literal, got)
		}
	}
	if got := run(t, e, w, "SELECT Id FROM OrderSummary WHERE Id = '"+w.id("Account", 1)+"'"); got.TotalSize != 0 {
		t.Error("the id of another object found an order")
	}
}

func TestOrderBy(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	tests := map[string]string{
		"TotalAmount":                     "b-3 A-2 A-1",
		"TotalAmount DESC":                "b-3 A-1 A-2",
		"TotalAmount ASC NULLS LAST":      "A-2 A-1 b-3",
		"TotalAmount DESC NULLS LAST":     "A-1 A-2 b-3",
		"TotalAmount NULLS FIRST":         "b-3 A-2 A-1",
		"Account.Name DESC NULLS LAST":    "A-2 A-1 b-3",
		"Status, OrderNumber DESC":        "b-3 A-2 A-1",
		"IsSuspended DESC, OrderedDate":   "A-1 b-3 A-2",
		"OrderNumber desc":                "b-3 A-2 A-1",
		"ExternalReferenceIdentifier, Id": "A-2 b-3 A-1",
	}
	for order, want := range tests {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			if got := numbers(run(t, e, w, "SELECT OrderNumber FROM OrderSummary ORDER BY "+order)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestCountGivesANumberAndNoRows(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	for query, want := range map[string]int{
		"SELECT COUNT() FROM OrderSummary":                            3,
		"SELECT count() FROM OrderSummary WHERE Status = 'Created'":   2,
		"SELECT COUNT() FROM OrderSummary LIMIT 1":                    1,
		"SELECT COUNT() FROM OrderItemSummary WHERE Name = 'nothing'": 0,
	} {
		if r := run(t, e, w, query); r.TotalSize != want || len(r.Rows) != 0 || !r.Done {
			t.Errorf("%s: %d with %d rows, want %d", query, r.TotalSize, len(r.Rows), want)
		}
	}
}

func TestFieldsExpandsToWhatTheObjectHas(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	o, _ := w.catalog.Object("OrderItemSummaryChange")
	for _, query := range []string{"SELECT FIELDS(STANDARD) FROM OrderItemSummaryChange", "SELECT FIELDS(ALL) FROM OrderItemSummaryChange LIMIT 200"} {
		r := run(t, e, w, query)
		if len(r.Rows) != 1 || len(r.Rows[0].Columns) != len(o.Fields) {
			t.Errorf("%s: %d rows", query, len(r.Rows))
		}
	}
}

func TestDeletedRowsAreSeenByQueryAllOnly(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	const query = "SELECT Id FROM OrderSummary WHERE OrderNumber = 'gone'"
	if r := run(t, e, w, query); r.TotalSize != 0 {
		t.Error("query found a deleted row")
	}
	r, err := e.Run(w.rows, query, soql.Options{IncludeDeleted: true})
	if err != nil || r.TotalSize != 1 {
		t.Errorf("queryAll found %v, %v", r, err)
	}
}

func TestSubqueriesNestByVersion(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	const two = "SELECT Id, (SELECT Id FROM OrderSummaries) FROM Account"
	const three = "SELECT Id, (SELECT Id, (SELECT Id FROM OrderItemSummaries) FROM OrderSummaries) FROM Account"
	const five = "SELECT Id, (SELECT Id, (SELECT Id, (SELECT Id, (SELECT Id FROM PaymentGatewayLogs) FROM Payments) FROM OrderPaymentSummaries) FROM OrderSummaries) FROM Account"
	const six = "SELECT Id, (SELECT Id, (SELECT Id, (SELECT Id, (SELECT Id, (SELECT Id FROM PaymentGatewayLogs) FROM Payments) FROM PaymentAuthorizations) " +
		"FROM OrderPaymentSummaries) FROM OrderSummaries) FROM Account"
	tests := []struct {
		name, query string
		version     int
		refused     string
	}{
		{"one level below the root is as old as the API", two, 48, ""},
		{"two levels are refused before 58", three, 57, "more than 1 level away"},
		{"two levels are accepted from 58", three, 58, ""},
		{"five levels are accepted", five, 60, ""},
		{"six levels are refused", six, 60, "more than 4 levels away"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := e.Run(w.rows, tc.query, soql.Options{Version: tc.version})
			if checked := e.Check(tc.query, tc.version); (checked == nil) != (err == nil) {
				t.Errorf("Check says %v, Run %v", checked, err)
			}
			if tc.refused == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var refusal *soql.Error
			if !errors.As(err, &refusal) || refusal.Code != soql.MalformedQuery || !strings.Contains(refusal.Message, tc.refused) {
				t.Errorf("got %v", err)
			}
		})
	}
}
