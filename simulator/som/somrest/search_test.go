package somrest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/fault"
)

// searched is what a search finds, as the types and names of its rows.
func (s *server) searched(path, body string) string {
	s.t.Helper()
	method := "GET"
	if body != "" {
		method = "POST"
	}
	w := s.do(method, base+path, body)
	var out struct {
		SearchRecords []struct {
			Attributes struct{ Type string }
			Name       string
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	var names []string
	for _, r := range out.SearchRecords {
		names = append(names, strings.TrimSpace(r.Attributes.Type+" "+r.Name))
	}
	return strings.Join(names, ", ")
}

func newSearchServer(t *testing.T) *server {
	t.Helper()
	s := newRowServer(t)
	s.create("Account", `{"Name":"Acme Garden Tools","Phone":"+49 341 1234","Mail__c":"info@acme.test"}`)
	s.create("Account", `{"Name":"Acme","Description":"sells no garden things","Website":"https://acme.test"}`)
	s.create("Contact", `{"FirstName":"Grete","LastName":"Acmeson","Email":"grete@acme.test","Title":"Gärtnerin"}`)
	gone := s.create("Account", `{"Name":"Acme Gone"}`)
	s.do("DELETE", base+"/sobjects/Account/"+gone, "")
	return s
}

func TestSOSL(t *testing.T) {
	t.Parallel()
	s := newSearchServer(t)
	cases := []struct{ name, text, want string }{
		{"a word, in any case", "FIND {aCME} RETURNING Account(Name)", "Account Acme Garden Tools, Account Acme"},
		{"a word is not a part of one", "FIND {Acm} RETURNING Account(Name)", ""},
		{"the beginning of a word", "FIND {Acm*} RETURNING Account(Name), Contact(Name)", "Account Acme Garden Tools, Account Acme, Contact Grete Acmeson"},
		{"one unknown letter", "FIND {g?rtnerin} RETURNING Contact(Name)", "Contact Grete Acmeson"},
		{"all words", "FIND {acme garden} RETURNING Account(Name)", "Account Acme Garden Tools, Account Acme"},
		{"a phrase", `FIND {"acme garden"} RETURNING Account(Name)`, "Account Acme Garden Tools"},
		{"one or the other", "FIND {tools OR things} RETURNING Account(Name)", "Account Acme Garden Tools, Account Acme"},
		{"one without the other", "FIND {acme AND NOT tools} RETURNING Account(Name)", "Account Acme"},
		{"in brackets", "FIND {acme AND (tools OR nothing)} RETURNING Account(Name)", "Account Acme Garden Tools"},
		{"an escaped sign is none", `FIND {garden\-tools} RETURNING Account(Name)`, "Account Acme Garden Tools"},
		{"names alone", "FIND {garden} IN NAME FIELDS RETURNING Account(Name)", "Account Acme Garden Tools"},
		{"e-mail alone", "FIND {acme} IN EMAIL FIELDS RETURNING Account(Name), Contact(Name)", "Account Acme Garden Tools, Contact Grete Acmeson"},
		{"phones alone", "find {1234} in phone fields returning Account(Name)", "Account Acme Garden Tools"},
		{"with a condition", "FIND {acme} RETURNING Account(Name WHERE Phone = null)", "Account Acme"},
		{"in an order, so many", "FIND {acme} RETURNING Account(Name ORDER BY Name LIMIT 1)", "Account Acme"},
		{"some further on", "FIND {acme} RETURNING Account(Name ORDER BY Name LIMIT 1 OFFSET 1)", "Account Acme Garden Tools"},
		{"a condition with quotes and brackets", "FIND {acme} RETURNING Account(Name WHERE (Name LIKE '%WHERE (%' OR Name = 'Acme') ORDER BY Name), Contact(Name)", "Account Acme, Contact Grete Acmeson"},
		{"so many in all", "FIND {acme} RETURNING Account(Name), Contact(Name) LIMIT 1", "Account Acme Garden Tools"},
		{"ids alone, of all objects", "FIND {acme*}", "Account, Account, Contact"},
		{"clauses that change nothing", "FIND {things} RETURNING Account(Name) WITH SPELL_CORRECTION = false LIMIT 5 UPDATE VIEWSTAT", "Account Acme"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := s.searched("/search?q="+url.QueryEscape(tc.text), ""); got != tc.want {
				t.Errorf("%s finds %q, want %q", tc.text, got, tc.want)
			}
		})
	}
}

func TestSearchRefusals(t *testing.T) {
	t.Parallel()
	s := newSearchServer(t)
	cases := []struct{ name, path, code, message string }{
		{"no braces", "/search?q=FIND+acme", "MALFORMED_SEARCH", "expecting a left brace, found 'acme'"},
		{"an open brace", "/search?q=FIND+{acme", "MALFORMED_SEARCH", "expecting a right brace, found <EOF>"},
		{"no FIND", "/search?q=SELECT+Id", "MALFORMED_SEARCH", "unexpected token: SELECT Id"},
		{"nothing", "/search?q=", "MALFORMED_SEARCH", ""},
		{"one letter", "/search?q=FIND+{a*}", "MALFORMED_SEARCH", "search term must be longer than one character: a*"},
		{"operators alone", "/search?q=FIND+{AND}", "MALFORMED_SEARCH", ""},
		{"an open bracket", "/search?q=FIND+{(acme}", "MALFORMED_SEARCH", ""},
		{"brackets without end", "/search?q=FIND+{" + strings.Repeat("(", 3000) + "}", "MALFORMED_SEARCH", ""},
		{"something behind", "/search?q=FIND+{acme}+PLEASE", "MALFORMED_SEARCH", "unexpected token: PLEASE"},
		{"an unknown object", "/search?q=FIND+{acme}+RETURNING+Spaceship", "INVALID_TYPE", "sObject type 'Spaceship' is not supported."},
		{"an unknown field", "/search?q=FIND+{acme}+RETURNING+Account(Colour)", "INVALID_FIELD", ""},
		{"an unknown field when nothing is found", "/search?q=FIND+{zz}+RETURNING+Account(Colour)", "INVALID_FIELD", ""},
		{"a limit that is none", "/search?q=FIND+{acme}+RETURNING+Account(Name+LIMIT+x)", "MALFORMED_SEARCH", ""},
		{"another scope", "/parameterizedSearch?q=acme&in=SOME", "MALFORMED_SEARCH", ""},
		{"an unknown object of a parameterized search", "/parameterizedSearch?q=acme&sobject=Spaceship", "INVALID_TYPE", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(*testing.T) {
			s.wantError(s.do("GET", base+tc.path, ""), http.StatusBadRequest, tc.code, tc.message)
		})
	}
}

func TestParameterizedSearch(t *testing.T) {
	t.Parallel()
	s := newSearchServer(t)
	cases := []struct{ name, path, body, want string }{
		{"of everything", "/parameterizedSearch?q=acme*", "", "Account, Account, Contact"},
		{"of objects", "/parameterizedSearch?q=acme*&sobject=Contact&sobject=Account&Account.fields=Id,Name&Account.limit=1", "", "Contact, Account Acme Garden Tools"},
		{"with fields for all", "/parameterizedSearch?q=acme*&sobject=Account,Contact&fields=Name&defaultLimit=1", "", "Account Acme Garden Tools, Contact Grete Acmeson"},
		{"with a condition", "/parameterizedSearch?q=acme&sobject=Account&Account.fields=Name&Account.where=Phone+=+null", "", "Account Acme"},
		{"in a scope", "/parameterizedSearch?q=garden&in=NAME&sobject=Account&fields=Name", "", "Account Acme Garden Tools"},
		{"so many in all", "/parameterizedSearch?q=acme*&sobject=Account,Contact&overallLimit=1&fields=Name", "", "Account Acme Garden Tools"},
		{
			"by a body", "/parameterizedSearch",
			`{"q":"acme*","in":"all","fields":["Name"],"sobjects":[{"name":"Contact"},{"name":"Account","fields":["Id","Name"],"where":"Phone = null","orderBy":"Name DESC","limit":"5"}],"overallLimit":2,"defaultLimit":"1"}`,
			"Contact Grete Acmeson, Account Acme",
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := s.searched(tc.path, tc.body); got != tc.want {
				t.Errorf("finds %q, want %q", got, tc.want)
			}
		})
	}
	s.wantError(s.do("POST", base+"/parameterizedSearch", `{"fields":["Name"]}`), http.StatusBadRequest, "JSON_PARSER_ERROR", "")
}

func TestRecent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	url := func(object, id string) string {
		return `"attributes":{"type":"` + object + `","url":"` + base + `/sobjects/` + object + `/` + id + `"}`
	}
	s.want(s.do("GET", base+"/recent", ""), http.StatusOK, `[]`)
	made := s.create("Contact", `{"LastName":"Muster"}`)
	s.do("GET", base+"/sobjects/Account/"+accountID, "")
	s.do("PATCH", base+"/sobjects/OrderSummary/"+orderID, `{"PoNumber":"1"}`)
	s.do("GET", base+"/sobjects/Account/"+accountID, "")
	order := `{` + url("OrderSummary", orderID) + `,"OrderNumber":"00001001","Id":"` + orderID + `"}`
	account := `{` + url("Account", accountID) + `,"Name":"Erika \"Rike\" Müller","Id":"` + accountID + `"}`
	contact := `{` + url("Contact", made) + `,"Name":"Muster","Id":"` + made + `"}`
	s.want(s.do("GET", base+"/recent", ""), http.StatusOK, `[`+account+`,`+order+`,`+contact+`]`)
	s.want(s.do("GET", base+"/recent?limit=2", ""), http.StatusOK, `[`+account+`,`+order+`]`)
	s.do("DELETE", base+"/sobjects/Contact/"+made, "")
	s.want(s.do("GET", base+"/recent", ""), http.StatusOK, `[`+account+`,`+order+`]`)
	for _, limit := range []string{"0", "201", "x"} {
		s.wantError(s.do("GET", base+"/recent?limit="+limit, ""), http.StatusBadRequest, "INVALID_QUERY_LIMIT", "")
	}
	s.do("GET", base+"/sobjects/Account/"+accountID, "", "X-Sandbox", "other")
	s.token = s.login("somsim~other")
	s.want(s.do("GET", base+"/recent", ""), http.StatusOK, `[]`)
}

// A fault that refuses some records strikes the rows of collections and trees one by one.
func TestPartialFaults(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	w, _ := s.worlds.Get("default")
	if err := w.Arm(fault.Rule{
		Name: "locked", Match: fault.Match{System: "som", Operation: "createRows"},
		Effect: fault.Effect{Kind: fault.Partial, Record: `"b"`, Code: "UNABLE_TO_LOCK_ROW", Message: "unable to obtain exclusive access to this record"},
	}); err != nil {
		t.Fatal(err)
	}
	if _, words := s.outcomes("POST", "", records(false, `Account "Name":"a"`, `Account "Name":"b"`, `Account "Name":"c"`)); words != "ok UNABLE_TO_LOCK_ROW ok" {
		t.Errorf("got %s", words)
	}
}
