package somrest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
)

// subs joins sub-requests, each "METHOD path referenceId body", the path below the base and the body optional.
func subs(lines ...string) string {
	parts := make([]string, len(lines))
	for i, line := range lines {
		words := strings.SplitN(line, " ", 4)
		path, _ := json.Marshal(base + words[1])
		parts[i] = fmt.Sprintf(`{"method":%q,"url":%s,"referenceId":%q`, words[0], path, words[2])
		if len(words) > 3 {
			parts[i] += `,"body":` + words[3]
		}
		parts[i] += "}"
	}
	return strings.Join(parts, ",")
}

func (s *server) compose(allOrNone bool, lines ...string) []part {
	s.t.Helper()
	w := s.do("POST", base+"/composite", fmt.Sprintf(`{"allOrNone":%t,"compositeRequest":[%s]}`, allOrNone, subs(lines...)))
	if w.Code != http.StatusOK {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return s.parts(w)
}

func TestCompositeReferences(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	parts := s.compose(true,
		`POST /sobjects/Account/ first {"Name":"A \"quoted\\\" & co/ä+b","Key__c":"k 1&2","Staff__c":7,"Vip__c":true,"BillingCity":"Leipzig"}`,
		`GET /sobjects/Account/@{first.id} read`,
		`POST /sobjects/Account copy {"Name":"@{read.Name}","Description":"@{read.BillingAddress.city}, @{read.Staff__c} people, @{read.Vip__c}","Staff__c":"@{read.Staff__c}","Vip__c":"@{read.Vip__c}"}`,
		`GET /query?q=SELECT+Id,Name+FROM+Account+WHERE+Key__c='@{read.Key__c}' found`,
		`GET /sobjects/Account/Key__c/@{read.Key__c}?fields=Name byKey`,
		`GET /sobjects/Account/@{found.records[0].Id}?fields=Name again`,
		`GET /sobjects/Account/@{copy.id}?fields=Name,Description,Staff__c,Vip__c result`,
	)
	for i, status := range []int{201, 200, 201, 200, 200, 200, 200} {
		if parts[i].HTTPStatusCode != status {
			t.Errorf("%s: %d %s", parts[i].ReferenceID, parts[i].HTTPStatusCode, parts[i].Body)
		}
	}
	var result struct {
		Name, Description string
		Staff             int  `json:"Staff__c"`
		Vip               bool `json:"Vip__c"`
	}
	if err := json.Unmarshal(parts[6].Body, &result); err != nil {
		t.Fatal(err)
	}
	if result.Name != `A "quoted\" & co/ä+b` || result.Description != "Leipzig, 7 people, true" || result.Staff != 7 || !result.Vip {
		t.Errorf("got %+v", result)
	}
	if got := parts[1].HTTPHeaders; got["ETag"] == "" || got["Last-Modified"] == "" {
		t.Errorf("headers of a row in a composite: %v", got)
	}
}

func TestCompositeReferencesToNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	cases := []struct{ name, reference string }{
		{"a later sub-request", "@{later.id}"},
		{"a failed one", "@{failed.id}"},
		{"itself", "@{this.id}"},
		{"a field it does not have", "@{read.Colour}"},
		{"a place beyond the list", "@{found.records[5].Id}"},
		{"a place in what is no list", "@{read[0]}"},
		{"a null", "@{read.ParentId}"},
		{"a whole object", "@{read.attributes}"},
		{"a place no list reaches", "@{found.records[99999999999999999999].Id}"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			parts := s.compose(false,
				`GET /sobjects/Account/`+accountID+` read`,
				`GET /sobjects/Account/0015i0000000009AAA failed`,
				`GET /query?q=SELECT+Id+FROM+Account found`,
				`POST /sobjects/Account this {"Name":"`+tc.reference+`"}`,
				`GET /sobjects/Account/`+accountID+` later`,
			)
			var list []struct{ ErrorCode, Message string }
			if err := json.Unmarshal(parts[3].Body, &list); err != nil || parts[3].HTTPStatusCode != http.StatusBadRequest ||
				list[0].ErrorCode != "PROCESSING_HALTED" || !strings.HasPrefix(list[0].Message, "Invalid reference specified. No value for "+strings.Trim(tc.reference, "@{}")) {
				t.Errorf("%d %s", parts[3].HTTPStatusCode, parts[3].Body)
			}
			if parts[4].HTTPStatusCode != http.StatusOK {
				t.Errorf("the next one: %d %s", parts[4].HTTPStatusCode, parts[4].Body)
			}
		})
	}
}

func TestCompositeHeaders(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	sub := func(header, value string) string {
		return `{"compositeRequest":[{"method":"GET","url":"` + base + `/sobjects/Account/` + accountID + `","referenceId":"a","httpHeaders":{"` + header + `":"` + value + `"}}]}`
	}
	for _, header := range []string{"Authorization", "accept", "Content-Type"} {
		s.wantError(s.do("POST", base+"/composite", sub(header, "x")), http.StatusBadRequest, "JSON_PARSER_ERROR", "The header "+header)
	}
	parts := s.parts(s.do("POST", base+"/composite", sub("If-None-Match", "*")))
	if parts[0].HTTPStatusCode != http.StatusNotModified || string(parts[0].Body) != "null" {
		t.Errorf("%d %s", parts[0].HTTPStatusCode, parts[0].Body)
	}
}

// The four cases that the vendor documents for collections inside composites.
func TestAllOrNoneInsideAllOrNone(t *testing.T) {
	t.Parallel()
	for _, outer := range []bool{false, true} {
		for _, inner := range []bool{false, true} {
			t.Run(fmt.Sprintf("outer %t, inner %t", outer, inner), func(t *testing.T) {
				t.Parallel()
				s := newServer(t)
				before := s.count("Account")
				parts := s.compose(outer,
					fmt.Sprintf(`POST /composite/sobjects many {"allOrNone":%t,"records":[{"attributes":{"type":"Account"},"Name":"good"},{"attributes":{"type":"Account"},"Name":5}]}`, inner),
					`POST /sobjects/Account one {"Name":"one"}`,
				)
				want, together := 0, outer || inner
				if !outer {
					want++ // the one beside the collection
				}
				if !together {
					want++ // the good one in it
				}
				if got := s.count("Account") - before; got != want {
					t.Errorf("%d accounts are new, want %d", got, want)
				}
				many := string(parts[0].Body)
				if parts[0].HTTPStatusCode != 200 || strings.Contains(many, "ALL_OR_NONE_OPERATION_ROLLED_BACK") != together || !strings.Contains(many, "INVALID_TYPE_ON_FIELD_IN_RECORD") {
					t.Errorf("the collection: %d %s", parts[0].HTTPStatusCode, many)
				}
				if halted := strings.Contains(string(parts[1].Body), "PROCESSING_HALTED"); halted != outer {
					t.Errorf("the other one: %d %s", parts[1].HTTPStatusCode, parts[1].Body)
				}
			})
		}
	}
}

// Each sub-request is an entry of its own below that of the composite, and a fault can strike one alone.
func TestFaultInOneSubRequest(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w, _ := s.worlds.Get("default")
	if err := w.Arm(fault.Rule{
		Name: "second", Match: fault.Match{System: "som", Operation: "createRow", Nth: 2},
		Effect: fault.Effect{Kind: fault.VendorError, Code: "UNABLE_TO_LOCK_ROW", Message: "unable to obtain exclusive access to this record"},
	}); err != nil {
		t.Fatal(err)
	}
	before := s.count("Account")
	parts := s.compose(false, `POST /sobjects/Account a {"Name":"a"}`, `POST /sobjects/Account b {"Name":"b"}`, `POST /sobjects/Account c {"Name":"c"}`)
	if parts[0].HTTPStatusCode != 201 || parts[1].HTTPStatusCode != 400 || !strings.Contains(string(parts[1].Body), "UNABLE_TO_LOCK_ROW") || parts[2].HTTPStatusCode != 201 {
		t.Errorf("%+v", parts)
	}
	if got := s.count("Account") - before; got != 2 {
		t.Errorf("%d accounts are new", got)
	}
	entries, _ := w.Journal(journal.Query{})
	var children []journal.Entry
	for _, e := range entries {
		if e.Operation == "composite" {
			children = e.Children
		}
	}
	if len(children) != 3 || children[1].Operation != "createRow" || children[1].Status != 400 || len(children[1].Fault) != 1 || len(children[0].Fault) != 0 {
		t.Errorf("children %+v", children)
	}
}

func TestBatch(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	batch := func(halt bool) string {
		return fmt.Sprintf(`{"haltOnError":%t,"batchRequests":[
			{"method":"PATCH","url":"v60.0/sobjects/account/%s","richInput":{"Phone":"110"}},
			{"method":"GET","url":"/services/data/v55.0/sobjects/Account/%s?fields=Phone"},
			{"method":"GET","url":"v60.0/sobjects/Account/%s?fields=Colour"},
			{"method":"GET","url":"v60.0/sobjects/Account/%s?fields=Phone"}]}`, halt, accountID, accountID, accountID, accountID)
	}
	row := func(version string) string {
		return `{"statusCode":200,"result":{"attributes":{"type":"Account","url":"/services/data/` + version + `/sobjects/Account/` + accountID + `"},"Phone":"110","Id":"` + accountID + `"}}`
	}
	bad := strings.TrimSpace(s.do("GET", base+"/sobjects/Account/"+accountID+"?fields=Colour", "").Body.String())
	begin := `{"hasErrors":true,"results":[{"statusCode":204,"result":null},` + row("v55.0") + `,{"statusCode":400,"result":` + bad + `},`
	s.want(s.do("POST", base+"/composite/batch", batch(false)), http.StatusOK, begin+row("v60.0")+`]}`)
	s.want(s.do("POST", base+"/composite/batch", batch(true)), http.StatusOK, begin+
		`{"statusCode":412,"result":[{"errorCode":"BATCH_PROCESSING_HALTED","message":"Batch processing was halted by request as specified by haltOnError."}]}]}`)
	s.want(s.do("POST", base+"/composite/batch", `{"batchRequests":[{"method":"DELETE","url":"v60.0/sobjects/Account/`+accountID+`"},{"method":"get","url":"v60.0/query?q=SELECT+COUNT()+FROM+Account"}]}`),
		http.StatusOK, `{"hasErrors":true,"results":[{"statusCode":400,"result":`+strings.TrimSpace(s.do("DELETE", base+"/sobjects/Account/"+accountID, "").Body.String())+
			`},{"statusCode":200,"result":{"totalSize":1,"done":true,"records":[]}}]}`)
	get := `{"method":"GET","url":"v60.0/sobjects/Account/1"}`
	for name, body := range map[string]string{
		"nothing":  `{"batchRequests":[]}`,
		"26":       `{"batchRequests":[` + strings.Repeat(get+",", 25) + get + `]}`,
		"a verb":   `{"batchRequests":[{"method":"FETCH","url":"v60.0/limits"}]}`,
		"a url":    `{"batchRequests":[{"method":"GET","url":"https://elsewhere/limits"}]}`,
		"no url":   `{"batchRequests":[{"method":"GET"}]}`,
		"a string": `"x"`,
	} {
		t.Run("refuses "+name, func(*testing.T) {
			s.wantError(s.do("POST", base+"/composite/batch", body), http.StatusBadRequest, "JSON_PARSER_ERROR", "")
		})
	}
}

func TestGraphs(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.count("Account")
	w := s.do("POST", base+"/composite/graph", `{"graphs":[
		{"graphId":"good","compositeRequest":[`+subs(`POST /sobjects/Account/ parent {"Name":"p"}`, `POST /sobjects/Account child {"Name":"c","ParentId":"@{parent.id}"}`)+`]},
		{"graphId":"bad","compositeRequest":[`+subs(`POST /sobjects/Account parent {"Name":"p"}`, `POST /sobjects/Account child {"Name":"c","ParentId":"x"}`, `GET /sobjects/Account/@{parent.id} read`)+`]},
		{"graphId":"again","compositeRequest":[`+subs(`POST /sobjects/Account parent {"Name":"p"}`)+`]}]}`)
	var out struct {
		Graphs []struct {
			GraphID       string
			IsSuccessful  bool
			GraphResponse struct{ CompositeResponse []part }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || len(out.Graphs) != 3 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for i, want := range []bool{true, false, true} {
		if out.Graphs[i].IsSuccessful != want {
			t.Errorf("graph %s: %+v", out.Graphs[i].GraphID, out.Graphs[i])
		}
	}
	for i, code := range []string{"PROCESSING_HALTED", "MALFORMED_ID", "PROCESSING_HALTED"} {
		if p := out.Graphs[1].GraphResponse.CompositeResponse[i]; p.HTTPStatusCode != 400 || !strings.Contains(string(p.Body), code) {
			t.Errorf("%s: %d %s", p.ReferenceID, p.HTTPStatusCode, p.Body)
		}
	}
	if got := s.count("Account") - before; got != 3 {
		t.Errorf("%d accounts are new", got)
	}
	s.wantError(s.do("POST", "/services/data/v49.0/composite/graph", `{"graphs":[]}`), http.StatusNotFound, "NOT_FOUND", "")
}

func TestGraphsStopAfterFourteenFailures(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.count("Account")
	var graphs []string
	for i := range 17 {
		body := `{"Name":5}`
		if i == 16 {
			body = `{"Name":"good"}`
		}
		graphs = append(graphs, fmt.Sprintf(`{"graphId":"g%d","compositeRequest":[%s]}`, i, subs(`POST /sobjects/Account a `+body)))
	}
	w := s.do("POST", base+"/composite/graph", `{"graphs":[`+strings.Join(graphs, ",")+`]}`)
	if n := strings.Count(w.Body.String(), "INVALID_TYPE_ON_FIELD_IN_RECORD"); n != 15 || strings.Count(w.Body.String(), "PROCESSING_HALTED") != 2 {
		t.Errorf("%d graphs ran: %s", n, w.Body)
	}
	if s.count("Account") != before {
		t.Error("a graph after too many failures was run")
	}
}

func TestGraphRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	graph := func(id string, nodes ...string) string {
		return `{"graphId":"` + id + `","compositeRequest":[` + subs(nodes...) + `]}`
	}
	repeat := func(n int, line func(i int) string) []string {
		all := make([]string, n)
		for i := range all {
			all[i] = line(i)
		}
		return all
	}
	account := func(i int) string { return fmt.Sprintf(`POST /sobjects/Account a%d {"Name":"x"}`, i) }
	cases := []struct{ name, graphs, message string }{
		{"no graph", "", "The request has 0 graphs."},
		{"76 graphs", strings.Join(repeat(76, func(i int) string { return graph(fmt.Sprint(i), account(i)) }), ","), "The request has 76 graphs."},
		{"the same id twice", graph("g", account(1)) + "," + graph("g", account(1)), "The graphId 'g' is empty or not unique."},
		{"an empty graph", graph("g"), "The graph g has no nodes."},
		{"501 nodes", graph("g", repeat(501, account)...), "The request has 501 nodes."},
		{"16 different nodes", graph("g", repeat(16, func(i int) string { return fmt.Sprintf(`POST /sobjects/Object%d a%d {}`, i, i) })...), "The request has 16 different nodes."},
		{"a chain of 16", graph("g", repeat(16, func(i int) string { return fmt.Sprintf(`POST /sobjects/Account a%d {"Name":"@{a%d.id}"}`, i, i-1) })...), "The graph g is deeper than 15."},
		{"a query", graph("g", `GET /query?q=x a`), "The node a of graph g is no resource that graphs support: GET"},
		{"a verb", graph("g", `GET /sobjects/Account a`), "The node a of graph g"},
		{"the same reference twice", graph("g", account(1), account(1)), "Duplicate ReferenceId"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(*testing.T) {
			s.wantError(s.do("POST", base+"/composite/graph", `{"graphs":[`+tc.graphs+`]}`), http.StatusBadRequest, "JSON_PARSER_ERROR", tc.message)
		})
	}
	if w := s.do("POST", base+"/composite/graph", `{"graphs":[`+graph("g", repeat(500, account)...)+`]}`); !strings.Contains(w.Body.String(), `"isSuccessful":true`) {
		t.Errorf("500 nodes: %d %.300s", w.Code, w.Body)
	}
}
