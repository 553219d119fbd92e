package promise

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/specs"
)

// TestRowsAreHeldAgainstTheObjects proves that what no object has is found.
func TestRowsAreHeldAgainstTheObjects(t *testing.T) {
	t.Parallel()
	folder, err := fs.Sub(specs.FS, "som")
	if err != nil {
		t.Fatal(err)
	}
	objects, err := loadCatalog(folder)
	if err != nil {
		t.Fatal(err)
	}
	const good = "SELECT Id, OrderNumber, Account.Name, (SELECT Id, Quantity FROM OrderItemSummaries) FROM OrderSummary WHERE OrderNumber IN ('1')"
	cases := []struct{ name, soql, records, want string }{
		{"nothing wrong", good, `{"Id":"1","Account":{"Name":"A"},"OrderItemSummaries":{"records":[{"Quantity":1}]}}`, ""},
		{"an unknown object", "SELECT Id FROM Orders", `{}`, "Orders"},
		{"an unknown field", "SELECT Id, Colour FROM OrderSummary", `{}`, "OrderSummary has no field Colour"},
		{"an unknown parent", "SELECT Id, Colour.Name FROM OrderSummary", `{}`, "OrderSummary has no relationship Colour"},
		{"an unknown field of a parent", "SELECT Account.Colour FROM OrderSummary", `{}`, "Account has no field Colour"},
		{"unknown children", "SELECT (SELECT Id FROM Colours) FROM OrderSummary", `{}`, "Colours"},
		{"an unknown field of children", "SELECT (SELECT Colour FROM OrderItemSummaries) FROM OrderSummary", `{}`, "OrderItemSummary has no field Colour"},
		{"a field that was not selected", good, `{"Status":"Created"}`, "Status is read"},
		{"a field of children that was not selected", good, `{"OrderItemSummaries":{"records":[{"Status":"x"}]}}`, "OrderItemSummaries.Status is read"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var i pactfile.Interaction
			i.Request.Method, i.Request.Path, i.Request.Query = http.MethodGet, "/services/data/v60.0/query", map[string][]string{"q": {tc.soql}}
			i.Response.Body.Content = raw(`{"records":[` + tc.records + `]}`)
			if found := strings.Join(objects.judge(i), "\n"); found != "" && tc.want == "" || !strings.Contains(found, tc.want) {
				t.Errorf("found %q, want a mention of %q", found, tc.want)
			}
		})
	}
	for body, want := range map[string]string{
		`{"Amount":1}`: "", `{"Colour":1}`: "Refund has no field Colour", `{"NetApplied":1}`: "Refund.NetApplied is for the org",
		`{"RefundNumber":"1"}`: "Refund.RefundNumber is for the org", `{"TotalApplied":1}`: "Refund.TotalApplied is for the org",
	} {
		var i pactfile.Interaction
		i.Request.Method, i.Request.Path, i.Request.Body.Content = http.MethodPost, "/services/data/v60.0/sobjects/Refund", raw(body)
		if found := strings.Join(objects.judge(i), "\n"); found != "" && want == "" || !strings.Contains(found, want) {
			t.Errorf("%s: found %q, want a mention of %q", body, found, want)
		}
	}
}
