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
	} {
		f.Add(text)
	}
	e, w := shop(f)
	f.Fuzz(func(t *testing.T, text string) {
		_, parsed := soql.Parse(text)
		_, ran := e.Run(w.rows, text, soql.Options{Now: noon(10)})
		for _, err := range []error{parsed, ran} {
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
