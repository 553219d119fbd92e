package soql_test

import (
	"errors"
	"testing"

	"github.com/somsim/somsim/simulator/som/soql"
)

// FuzzParse demands of every text that it is parsed or refused with an *Error, and of every parsed one that a run of it does not fall over.
func FuzzParse(f *testing.F) {
	for where := range filters() {
		f.Add("SELECT Id, Account.Name, (SELECT Id FROM OrderItemSummaries) FROM OrderSummary WHERE " + where)
	}
	for _, text := range []string{
		"", "SELECT", "SELECT COUNT() FROM Order", "SELECT Id FROM Order o ORDER BY Name DESC NULLS LAST LIMIT 3 OFFSET 4", "((((", "SELECT Id FROM Order WHERE Name = '\\",
		"SELECT FIELDS(ALL) FROM Group LIMIT 5", "select id from order order by order.id", "SELECT Id FROM Order WHERE Name LIKE '\\\\\\%%_\\_'", "\xff\xfe", "SELECT Id\n\n\xff",
		"SELECT Id FROM Order WHERE CreatedDate = N_YEARS_AGO:4000 AND TotalAmount > -.5e-3", "SELECT Id FROM Order WHERE Name = '\\u00e9\\n\\''",
		"SELECT COUNT(Id) n, FORMAT(SUM(TotalAmount)), GROUPING(Status) FROM OrderSummary GROUP BY ROLLUP(Status, DAY_ONLY(convertTimezone(CreatedDate))) HAVING MAX(TotalAmount) > USD5.5 OR Status LIKE 'a%' ORDER BY COUNT(Id) DESC",
		"SELECT TYPEOF Owner WHEN User THEN Username, Id ELSE Name, Type END, toLabel(Status) s, convertCurrency(TotalAmount) FROM OrderSummary o, o.Account a USING SCOPE mine WHERE a.Name != null AND Id NOT IN (SELECT OrderSummaryId FROM OrderItemSummary) WITH SECURITY_ENFORCED LIMIT 5 OFFSET 1 ALL ROWS FOR VIEW UPDATE TRACKING, VIEWSTAT",
		"SELECT Id FROM OrderSummary WHERE Status INCLUDES ('a;b', 'c') OR HOUR_IN_DAY(CreatedDate) = 5 OR EffectiveDate = NEXT_N_FISCAL_QUARTERS:3 OR TotalAmount IN (eur7, null)",
	} {
		f.Add(text)
	}
	e, w := shop(f)
	f.Fuzz(func(t *testing.T, text string) {
		_, parsed := soql.Parse(text)
		result, ran := e.Run(w.rows, text, soql.Options{Now: noon(10), Batch: 2})
		_, explained := e.Explain(w.rows, text, soql.Options{Now: noon(10)})
		var paged error
		if ran == nil {
			_, paged = e.Page(w.rows, text, result.Place, result.Rest, soql.Options{Now: noon(10), Batch: 1})
		}
		for _, err := range []error{parsed, ran, explained, paged} {
			var refusal *soql.Error
			if err != nil && !errors.As(err, &refusal) {
				t.Errorf("%q: %v", text, err)
			}
		}
		if parsed != nil && ran == nil {
			t.Errorf("%q ran though it cannot be parsed: %v", text, parsed)
		}
	})
}
