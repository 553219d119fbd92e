package somrest_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/somsim/somsim/simulator/journal"
)

// worn is after how many requests a fuzzed server is replaced by a new one, since every row it takes stays.
const worn = 400

// fuzzed sends bodies to a server and demands an answer that is neither the simulator's mistake nor breaks its
// specification.
type fuzzed struct {
	s    *server
	uses int
	seq  int64
}

func (z *fuzzed) send(t *testing.T, method, path, body string) {
	t.Helper()
	if z.s == nil || z.uses == worn {
		*z = fuzzed{s: newRowServer(t)}
	}
	z.s.t = t
	z.uses++
	w := z.s.do(method, path, body, "Content-Type", "application/json")
	if w.Code >= http.StatusInternalServerError {
		t.Errorf("%s %s answers %d %s", method, path, w.Code, w.Body)
	}
	world, _ := z.s.worlds.Get("default")
	entries, _ := world.Journal(journal.Query{AfterSeq: z.seq})
	for _, e := range entries {
		z.seq = e.Seq
		for _, child := range append(e.Children, e) {
			if child.Bug != "" {
				t.Errorf("%s %s: %s", child.Method, child.Path, child.Bug)
			}
		}
	}
}

// FuzzRowBody creates, changes and upserts rows of several objects from any body.
func FuzzRowBody(f *testing.F) {
	for _, seed := range []string{
		`{"Name":"x","Key__c":"k","Number__c":1e5,"Staff__c":12,"Vip__c":"true","Since__c":"2026-01-01","Mail__c":"a@b.de","Credit__c":"1.005"}`,
		`{"Name":null,"Parent":{"Key__c":"k"},"OwnerId":"` + devID + `","BillingAddress":{}}`,
		`{"Credit__c":1e400,"Number__c":-0.0000000000000000000000000000001,"Staff__c":9999999999}`,
		`{"attributes":5,"":"","Name":{"a":[1]},"Id":null}`, `{`, `[]`, `null`, `"x"`, `{"a":1}{"b":2}`, "\xff", `{"Name":"\ud800","NAME":"y"}`,
		`{"OrderId":"` + orderID + `","Quantity":2,"UnitPrice":1,"PricebookEntryId":"01u5i0000000001AAA"}`,
		`{"Amount":1,"ProcessingMode":"External","Status":"Processed","Type":"Referenced","OrderPaymentSummaryId":"` + summaryID + `"}`,
	} {
		for object := range uint8(6) {
			f.Add(object, seed)
		}
	}
	z := &fuzzed{}
	f.Fuzz(func(t *testing.T, object uint8, body string) {
		objects := []string{"Account", "Parcel__c", "Order", "Refund", "OrderItem", "User"}
		name := objects[int(object)%len(objects)]
		z.send(t, "POST", base+"/sobjects/"+name, body)
		z.send(t, "PATCH", base+"/sobjects/Account/"+accountID, body)
		z.send(t, "PATCH", base+"/sobjects/Account/Key__c/k", body)
		z.send(t, "POST", base+"/composite/sobjects", `{"records":[`+body+`]}`)
		z.send(t, "POST", base+"/composite/tree/"+name, `{"records":[`+body+`]}`)
	})
}

// FuzzCompositeBody sends any body to the resources that hold requests.
func FuzzCompositeBody(f *testing.F) {
	for _, seed := range []string{
		`{"allOrNone":true,"compositeRequest":[` + subs(`POST /sobjects/Account a {"Name":"x"}`, `GET /sobjects/Account/@{a.id} b`, `DELETE /sobjects/Account/@{b.Id} c`) + `]}`,
		`{"compositeRequest":[` + subs(`GET /query?q=SELECT+Id+FROM+Account a`, `PATCH /sobjects/Account/@{a.records[0].Id} b {"Phone":"@{a.totalSize}"}`, `POST /composite c {}`) + `]}`,
		`{"compositeRequest":[` + subs(`POST /composite/sobjects a {"records":[{"attributes":{"type":"Account"},"Name":"x"},{"attributes":{"type":"x"}}]}`, `DELETE /composite/sobjects?ids=@{a[0].id} b`) + `]}`,
		`{"compositeRequest":[{"method":"GET","url":"http://[::1","referenceId":"a"},{"method":"GET","url":"?","referenceId":"b","body":null,"httpHeaders":{"":"\n"}}]}`,
		`{"batchRequests":[{"method":"get","url":"v60.0/sobjects/Account/` + accountID + `"},{"method":"POST","url":"v60.0/sobjects/Account/","richInput":{"Name":"x"}}],"haltOnError":true}`,
		`{"graphs":[{"graphId":"g","compositeRequest":[` + subs(`POST /sobjects/Account a {"Name":"x"}`, `PATCH /sobjects/Account/Key__c/1 b {"Name":"@{a.id}"}`) + `]}]}`,
		`{"records":[{"attributes":{"type":"Account","referenceId":"a"},"Name":"x","Parcels__r":{"records":[]}}]}`, `{}`, `[]`, ``, `{"compositeRequest":[null]}`, `{"graphs":[null]}`,
	} {
		f.Add(seed)
	}
	z := &fuzzed{}
	f.Fuzz(func(t *testing.T, body string) {
		for _, resource := range []string{"/composite", "/composite/batch", "/composite/graph", "/composite/tree/Account", "/composite/sobjects"} {
			z.send(t, "POST", base+resource, body)
		}
		z.send(t, "PATCH", base+"/composite/sobjects/Account/Key__c", body)
	})
}

// FuzzSearch searches by any SOSL, and for any words.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{
		`FIND {acme AND (tools OR "garden things") AND NOT x*} IN NAME FIELDS RETURNING Account(Id, Name WHERE Name = '(\'' ORDER BY Name LIMIT 5 OFFSET 1), Contact LIMIT 3`,
		`FIND {Erika}`, `find {\}\{} returning`, `FIND {ab} RETURNING Account(`, `FIND {ab} RETURNING Account(Name WHERE), ,`, `FIND {"} WITH x UPDATE VIEWSTAT`, "FIND {\xff?*}",
	} {
		f.Add(seed)
	}
	z := &fuzzed{}
	f.Fuzz(func(t *testing.T, text string) {
		q := url.QueryEscape(text)
		z.send(t, "GET", base+"/search?q="+q, "")
		z.send(t, "GET", base+"/parameterizedSearch?sobject=Account&q="+q+"&Account.where="+q, "")
	})
}
