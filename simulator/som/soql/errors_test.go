package soql_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/som/soql"
)

const (
	customField        = " If you are attempting to use a custom field, be sure to append the '__c' after the custom field name." + describeCall
	customRelationship = " If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name." + describeCall
	customObject       = " If you are attempting to use a custom object, be sure to append the '__c' after the entity name." + describeCall
	describeCall       = " Please reference your WSDL or the describe call for the appropriate names."
)

func TestRefusalsShowThePlace(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	tests := []struct {
		name, query string
		code        soql.ErrorCode
		message     string
	}{
		{
			"unknown field", "SELECT Foo FROM OrderSummary", soql.InvalidField,
			"\nSELECT Foo FROM OrderSummary\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo' on entity 'OrderSummary'." + customField,
		},
		{
			"unknown field of a parent", "SELECT Id, Account.Foo FROM OrderSummary", soql.InvalidField,
			"\nSELECT Id, Account.Foo FROM OrderSummary\n           ^\nERROR at Row:1:Column:12\nNo such column 'Foo' on entity 'Account'." + customField,
		},
		{
			"unknown field in WHERE on the second row", "SELECT Id FROM OrderSummary\n  WHERE Foo = 1", soql.InvalidField,
			"\nWHERE Foo = 1\n      ^\nERROR at Row:2:Column:9\nNo such column 'Foo' on entity 'OrderSummary'." + customField,
		},
		{
			"unknown field of a parent of several objects", "SELECT Owner.Foo FROM OrderSummary", soql.InvalidField,
			"\nSELECT Owner.Foo FROM OrderSummary\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo' on entity 'Name'." + customField,
		},
		{
			"unknown parent", "SELECT Shop.Name FROM OrderSummary", soql.InvalidField,
			"\nSELECT Shop.Name FROM OrderSummary\n       ^\nERROR at Row:1:Column:8\nDidn't understand relationship 'Shop' in field path." + customRelationship,
		},
		{
			"unknown child relationship", "SELECT (SELECT Id FROM Items) FROM OrderSummary", soql.InvalidField,
			"\nSELECT (SELECT Id FROM Items) FROM OrderSummary\n                       ^\nERROR at Row:1:Column:24\nDidn't understand relationship 'Items' in FROM part of query call." + customRelationship,
		},
		{
			"unknown object", "SELECT Id FROM Orders", soql.InvalidType,
			"\nSELECT Id FROM Orders\n               ^\nERROR at Row:1:Column:16\nsObject type 'Orders' is not supported." + customObject,
		},
		{
			"unknown object in a semi-join", "SELECT Id FROM Order WHERE Id IN (SELECT Id FROM Nope)", soql.InvalidType,
			"\nOrder WHERE Id IN (SELECT Id FROM Nope)\n                                  ^\nERROR at Row:1:Column:50\nsObject type 'Nope' is not supported." + customObject,
		},
		{
			"number against text", "select Id, ProductCode from Product2 where ProductCode = 3999", soql.InvalidField,
			"\nProductCode from Product2 where ProductCode = 3999\n                                ^\nERROR at Row:1:Column:44\nvalue of filter criterion for field 'ProductCode' must be of type string and should be enclosed in quotes",
		},
		{
			"unexpected end", "SELECT Id FROM Order WHERE", soql.MalformedQuery,
			"\nSELECT Id FROM Order WHERE\n                          ^\nERROR at Row:1:Column:27\nunexpected token: '<EOF>'",
		},
		{
			"AND mixed with OR", "SELECT Id FROM Order WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", soql.MalformedQuery,
			"\nWHERE Name = 'a' AND Name = 'b' OR Name = 'c'\n                                ^\nERROR at Row:1:Column:54\nunexpected token: 'OR'",
		},
		{
			"unfinished text", "SELECT Id FROM Order WHERE Name = 'abc", soql.MalformedQuery,
			"\nSELECT Id FROM Order WHERE Name = 'abc\n                                  ^\nERROR at Row:1:Column:35\nmismatched character '<EOF>' expecting '''",
		},
		{
			"unknown character", "SELECT Id FROM Order;", soql.MalformedQuery,
			"\nSELECT Id FROM Order;\n                    ^\nERROR at Row:1:Column:21\nno viable alternative at character ';'",
		},
		{"nothing at all", "", soql.MalformedQuery, "\n\n^\nERROR at Row:1:Column:1\nunexpected token: '<EOF>'"},
		{
			"columns count characters, not bytes", "SELECT Id FROM Order WHERE Name = 'é' AND Foo = 1", soql.InvalidField,
			"\nFROM Order WHERE Name = 'é' AND Foo = 1\n                                ^\nERROR at Row:1:Column:43\nNo such column 'Foo' on entity 'Order'." + customField,
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := e.Run(w.rows, tc.query, soql.Options{})
			var refusal *soql.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(&soql.Error{Code: tc.code, Message: tc.message}, refusal); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// refusal is a query over the rows of shop with the code and the end of the message it is refused with.
type refusal struct {
	query string
	code  soql.ErrorCode
	ends  string
}

func refusals(t *testing.T, tests []refusal) {
	t.Helper()
	e, w := shop(t)
	for _, tc := range tests {
		t.Run(tc.query[:min(len(tc.query), 90)], func(t *testing.T) {
			t.Parallel()
			_, err := e.Run(w.rows, tc.query, soql.Options{})
			var refusal *soql.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v", err)
			}
			if refusal.Code != tc.code || !strings.HasSuffix(refusal.Message, tc.ends) {
				t.Errorf("got %v\nwant %s: …%s", refusal, tc.code, tc.ends)
			}
			if !strings.HasPrefix(err.Error(), string(tc.code)+": ") {
				t.Errorf("the text of the error does not begin with its code: %v", err)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	where := func(clause string) string { return "SELECT Id FROM OrderSummary WHERE " + clause }
	refusals(t, []refusal{
		{where("TotalAmount = '5'"), soql.InvalidField, "field 'TotalAmount' must be of type double and should not be enclosed in quotes"},
		{where("TotalAmount = true"), soql.InvalidField, "must be of type double and should not be enclosed in quotes"},
		{where("TotalAmount = 1e999999999"), soql.InvalidField, "must be of type double and should not be enclosed in quotes"},
		{where("OrderProductLineCount = '1'"), soql.InvalidField, "must be of type int and should not be enclosed in quotes"},
		{where("IsSuspended = 'true'"), soql.InvalidField, "must be of type boolean and should not be enclosed in quotes"},
		{where("IsSuspended > true"), soql.InvalidQueryFilterOperator, "invalid operator on boolean field"},
		{where("CreatedDate = '2026-01-01'"), soql.InvalidField, "must be of type dateTime and should not be enclosed in quotes"},
		{where("CreatedDate = 2026-01-01"), soql.InvalidField, "must be of type dateTime and should not be enclosed in quotes"},
		{where("EffectiveDate = 2026-01-01T00:00:00Z"), soql.InvalidField, "must be of type date and should not be enclosed in quotes"},
		{where("EffectiveDate = 2026-02-30"), soql.MalformedQuery, "Invalid date: 2026-02-30"},
		{where("CreatedDate > 2026-02-30T00:00:00Z"), soql.MalformedQuery, "Invalid datetime: 2026-02-30T00:00:00Z"},
		{where("CreatedDate = LAST_N_DAYS:99999999999"), soql.MalformedQuery, "unexpected token: 'LAST_N_DAYS:99999999999'"},
		{where("OrderNumber = TODAY"), soql.InvalidField, "must be of type string and should be enclosed in quotes"},
		{where("OrderNumber = abc"), soql.MalformedQuery, "unexpected token: 'abc'"},
		{where("OrderNumber = true"), soql.InvalidField, "must be of type string and should be enclosed in quotes"},
		{where("OrderNumber > null"), soql.InvalidQueryFilterOperator, "null can only be compared with = and !="},
		{where(`OrderNumber = 'a\q'`), soql.MalformedQuery, `Illegal character sequence '\q' in string literal`},
		{where(`OrderNumber = '\u12'`), soql.MalformedQuery, `Illegal character sequence '\u' in string literal`},
		{where("Id = 'abc'"), soql.InvalidQueryFilterOperator, "invalid ID field: abc"},
		{where("AccountId IN ('abc')"), soql.InvalidQueryFilterOperator, "invalid ID field: abc"},
		{where("Id LIKE '1Os%'"), soql.InvalidQueryFilterOperator, "invalid operator on id field"},
		{where("TotalAmount LIKE '1%'"), soql.InvalidQueryFilterOperator, "invalid operator on currency field"},
		{where("Description = 'x'"), soql.InvalidField, "field 'Description' can not be filtered in a query call"},
		{where("BillingAddress = 'x'"), soql.InvalidField, "field 'BillingAddress' can not be filtered in a query call"},
		{where("OrderNumber IN ()"), soql.MalformedQuery, "unexpected token: ')'"},
		{where("(OrderNumber = 'a'"), soql.MalformedQuery, "unexpected token: '<EOF>'"},
		{where("OrderNumber NOT LIKE 'a'"), soql.MalformedQuery, "unexpected token: 'LIKE'"},
		{where("OrderNumber = 'a' AND NOT Status = 'x'"), soql.MalformedQuery, "unexpected token: 'NOT'"},
		{where("OrderNumber == 'a'"), soql.MalformedQuery, "unexpected token: '='"},
		{where("OrderNumber = 'a' OFFSET 2001"), soql.NumberOutsideValidRange, "Maximum SOQL offset allowed is 2000"},
		{where("OrderNumber = 'a' LIMIT -1"), soql.MalformedQuery, "unexpected token: '-1'"},
		{where("OrderNumber = 'a' LIMIT 1.5"), soql.MalformedQuery, "unexpected token: '1.5'"},
		{where("OrderNumber = 'a' LIMIT 99999999999"), soql.MalformedQuery, "unexpected token: '99999999999'"},
		{where("Id IN (SELECT OrderSummaryId FROM OrderItemSummary) OR Status = 'x'"), soql.MalformedQuery, "not in nested WHERE expressions."},
		{where("NOT Id IN (SELECT OrderSummaryId FROM OrderItemSummary)"), soql.MalformedQuery, "not in nested WHERE expressions."},
		{where("Id IN (SELECT OrderSummaryId FROM OrderItemSummary WHERE Id IN (SELECT OrderItemSummaryId FROM OrderItemSummaryChange))"), soql.MalformedQuery, "not in nested WHERE expressions."},
		{where("Id IN (SELECT OrderSummaryId FROM OrderItemSummary LIMIT 1)"), soql.MalformedQuery, "has no ORDER BY, LIMIT or OFFSET"},
		{where("Id IN (SELECT OrderSummaryId, Id FROM OrderItemSummary)"), soql.MalformedQuery, "has no ORDER BY, LIMIT or OFFSET"},
		{where("Id IN (SELECT Name FROM OrderItemSummary)"), soql.InvalidField, "should point to the same object type"},
		{where("OrderNumber IN (SELECT Id FROM OrderItemSummary)"), soql.InvalidField, "should be an id field, cannot use: 'OrderNumber'"},
		{where(strings.Repeat("Id IN (SELECT OrderSummaryId FROM OrderItemSummary) AND ", 2) + "AccountId IN (SELECT Id FROM Account)"), soql.MalformedQuery, "more than 2 semi join sub-selects"},
		{where("OrderNumber = '" + strings.Repeat("x", 4001) + "'"), soql.MalformedQuery, "cannot be longer than 4,000 characters"},
		{where(strings.Repeat("(", 201) + "Id = null" + strings.Repeat(")", 201)), soql.QueryTooComplicated, "nested too deeply"},
		{where("OrderNumber = '" + strings.Repeat("x", 100_000) + "'"), soql.QueryTooComplicated, "cannot be longer than 100,000 characters"},
		{"SELECT Id, id FROM OrderSummary", soql.MalformedQuery, "duplicate field selected: Id"},
		{"SELECT Account.Name, account.name FROM OrderSummary", soql.MalformedQuery, "duplicate field selected: Name"},
		{"SELECT (SELECT Id FROM OrderSummaries), (SELECT Id FROM OrderSummaries) FROM OrderSummary", soql.MalformedQuery, "duplicate field selected: OrderSummaries"},
		{"SELECT COUNT(), Id FROM OrderSummary", soql.MalformedQuery, "COUNT() must be the only element in the SELECT list"},
		{"SELECT COUNT() FROM OrderSummary ORDER BY Id", soql.MalformedQuery, "COUNT() cannot be used with ORDER BY"},
		{"SELECT (SELECT COUNT() FROM OrderItemSummaries) FROM OrderSummary", soql.MalformedQuery, "only root queries support aggregate expressions"},
		{"SELECT FIELDS(ALL) FROM OrderSummary", soql.MalformedQuery, "must have a LIMIT of at most 200"},
		{"SELECT FIELDS(STANDARD), Id FROM OrderSummary", soql.MalformedQuery, "duplicate field selected: Id"},
		{"SELECT Id FROM OrderSummary ORDER BY Description", soql.InvalidField, "field 'Description' can not be sorted in a query call"},
		{"SELECT Id FROM OrderSummary ORDER BY Foo", soql.InvalidField, describeCall},
		{"SELECT Id, FROM OrderSummary", soql.MalformedQuery, "ERROR at Row:1:Column:12\nunexpected token: 'FROM'"},
		{"SELECT Id, ", soql.MalformedQuery, "unexpected token: '<EOF>'"},
		{"SELECT ,Id FROM OrderSummary", soql.MalformedQuery, "ERROR at Row:1:Column:8\nunexpected token: ','"},
		{where("OrderNumber IN ('a', )"), soql.MalformedQuery, "unexpected token: ')'"},
		{"SELECT FROM OrderSummary", soql.MalformedQuery, "unexpected token: 'FROM'"},
		{"UPDATE OrderSummary", soql.MalformedQuery, "unexpected token: 'UPDATE'"},
		{"SELECT Parent.Parent.Parent.Parent.Parent.Parent.Name FROM Account", soql.MalformedQuery, "more than 5 parent relationships: Parent.Parent.Parent.Parent.Parent.Parent.Name"},
	})
}

func TestAStatementHasAtMostTwentySubqueries(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	// Four levels of one each below the children of an account; the rest beside each other.
	query := func(n int) string {
		names := strings.Fields("Orders OrderSummaries FulfillmentOrders ReturnOrders Payments PaymentAuthorizations Refunds Invoices CreditMemos " +
			"CardPaymentMethods DigitalWallets Contacts ChildAccounts")
		var subs []string
		for _, name := range names {
			subs = append(subs, "(SELECT Id FROM "+name+")")
		}
		nested := strings.Fields("OrderItemSummaries OrderDeliveryGroupSummaries OrderPaymentSummaries OrderAdjustmentGroupSummaries " +
			"OrderItemAdjustmentLineItemSummaries OrderItemTaxLineItemSummaries FulfillmentOrders ReturnOrders")
		var inner []string
		for _, name := range nested[:n-len(names)] {
			inner = append(inner, "(SELECT Id FROM "+name+")")
		}
		subs[1] = "(SELECT Id, " + strings.Join(inner, ", ") + " FROM OrderSummaries)"
		return "SELECT Id, " + strings.Join(subs, ", ") + " FROM Account"
	}
	run(t, e, w, query(20))
	_, err := e.Run(w.rows, query(21), soql.Options{})
	if err == nil || !strings.Contains(err.Error(), "Maximum number of child relationships allowed in a query is 20") {
		t.Errorf("got %v", err)
	}
}

func TestAStatementHasAtMostFiftyFiveParents(t *testing.T) {
	t.Parallel()
	e, w := shop(t)
	// Thirty routes of up to four locations, and the creators of the locations three and four steps up: 54 relationships.
	var paths []string
	for _, steps := range []int{3, 4} {
		for n := range 1 << steps {
			path := ""
			for range steps {
				path += []string{"ParentLocation.", "RootLocation."}[n%2]
				n /= 2
			}
			paths = append(paths, path+"CreatedBy.Name")
		}
	}
	query := func(more ...string) string {
		return "SELECT " + strings.Join(append(paths, more...), ", ") + " FROM Location"
	}
	run(t, e, w, query("CreatedBy.Name"))
	_, err := e.Run(w.rows, query("CreatedBy.Name", "LastModifiedBy.Name"), soql.Options{})
	if err == nil || !strings.Contains(err.Error(), "Maximum number of parent relationships allowed in a query is 55") {
		t.Errorf("got %v", err)
	}
}
