package somrest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// good are sub-requests that succeed by themselves, in any order; a % is replaced by a number of their own.
func good() []string {
	return []string{
		`POST /sobjects/Account s% {"Name":"new %","Key__c":"new-%"}`,
		`PATCH /sobjects/Account/` + accountID + ` s% {"Phone":"%"}`,
		`PATCH /sobjects/Account/Key__c/upserted s% {"Name":"upserted %"}`,
		`PATCH /sobjects/OrderSummary/` + orderID + ` s% {"Status":"On Hold","PoNumber":"%"}`,
		`PATCH /sobjects/OrderSummary/` + orderID + `/Account s% {"Description":"%"}`,
		`POST /sobjects/Refund s% {"OrderPaymentSummaryId":"` + summaryID + `","Amount":1,"ProcessingMode":"External","Status":"Processed","Type":"Referenced"}`,
		`POST /composite/sobjects s% {"records":[{"attributes":{"type":"Account"},"Name":"a"},{"attributes":{"type":"Contact"},"LastName":"c"}]}`,
		`GET /sobjects/Account/` + accountID + ` s%`,
		`GET /query?q=SELECT+Id+FROM+Account s%`,
	}
}

// bad are sub-requests that fail.
func bad() []string {
	return []string{
		`POST /sobjects/Account s% {"Name":5}`,
		`PATCH /sobjects/Account/0015i0000000099AAA s% {"Name":"x"}`,
		`DELETE /sobjects/Account/` + accountID + ` s%`,
		`POST /sobjects/Spaceship s% {}`,
		`POST /sobjects/Account s% {"Name":"@{nobody.id}"}`,
		`PATCH /sobjects/Account/` + accountID + ` s% {"Phone":"1","Colour":"red"}`,
		`POST /sobjects/Refund s% {"OrderPaymentSummaryId":"` + summaryID + `","Amount":-1,"ProcessingMode":"External","Status":"Processed","Type":"Referenced"}`,
		`POST /composite/sobjects s% {"records":[{"attributes":{"type":"Account"},"Name":"a"},{"attributes":{"type":"Account"},"Name":5}]}`,
		`GET /query?q=SELECT s%`,
		`PUT /sobjects/Account s% {}`,
	}
}

// An all-or-none composite with one sub-request that fails leaves nothing behind, whatever stands before and after it;
// one in which all succeed is carried out.
func TestAllOrNoneCompositesLeaveNothing(t *testing.T) {
	t.Parallel()
	s, run := newRowServer(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		n := rapid.IntRange(1, 8).Draw(rt, "sub-requests")
		fails := rapid.IntRange(-1, n-1).Draw(rt, "the one that fails")
		many := 0 // queries and collections, of which a composite holds five
		lines := make([]string, n)
		for i := range lines {
			pool := good()
			if i == fails {
				pool = bad()
			}
			line := rapid.SampledFrom(pool).Draw(rt, "sub-request")
			if strings.Contains(line, "/query") || strings.Contains(line, "/composite") {
				if many++; many > 5 {
					line = pool[0]
				}
			}
			lines[i] = strings.ReplaceAll(line, "%", fmt.Sprintf("%d_%d", run, i))
		}
		before := s.everything()
		parts := s.compose(true, lines...)
		after := s.everything()
		if fails >= 0 && after != before {
			rt.Fatalf("%q left something behind:\n%s\n%s", lines, before, after)
		}
		for i, p := range parts {
			halted := strings.Contains(string(p.Body), "PROCESSING_HALTED") && !strings.Contains(string(p.Body), "Invalid reference")
			if fails >= 0 && halted != (i != fails) || fails < 0 && p.HTTPStatusCode >= http.StatusBadRequest {
				rt.Fatalf("%s: %d %s", lines[i], p.HTTPStatusCode, p.Body)
			}
		}
	})
}

// everything is all that a client can see of the rows that the sub-requests touch.
func (s *server) everything() string {
	var all []string
	for _, q := range []string{
		"SELECT Id, Name, Phone, Description, Key__c, LastModifiedDate, LastModifiedById FROM Account", "SELECT Id, LastName FROM Contact",
		"SELECT Id, Amount FROM Refund", "SELECT Id, Status, PoNumber FROM OrderSummary", "SELECT Id, RefundedAmount FROM OrderPaymentSummary",
	} {
		all = append(all, s.soql(q).Body.String())
	}
	return strings.Join(all, "\n")
}
