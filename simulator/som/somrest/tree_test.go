package somrest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func node(kind, reference, fields string) string {
	if fields != "" {
		fields = "," + fields
	}
	return `{"attributes":{"type":"` + kind + `","referenceId":"` + reference + `"}` + fields + `}`
}

func TestTree(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	keeper := s.create("Account", `{"Name":"Keeper"}`)
	parcel := func(reference, more string) string {
		return node("Parcel__c", reference, `"Name":"`+reference+`","Keeper__c":"`+keeper+`"`+more)
	}
	w := s.do("POST", base+"/composite/tree/Account", `{"records":[`+
		node("Account", "a1", `"Name":"One","Parcels__r":{"records":[`+parcel("p1", `,"Parcels__r":{"records":[`+parcel("p3", "")+`]}`)+`,`+parcel("p2", "")+`]}`)+`,`+
		node("Account", "a2", `"Name":"Two"`)+`]}`)
	var out struct {
		HasErrors bool
		Results   []struct{ ReferenceID, ID string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusCreated || out.HasErrors {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	ids := map[string]string{}
	var order []string
	for _, r := range out.Results {
		ids[r.ReferenceID] = r.ID
		order = append(order, r.ReferenceID)
	}
	if got := strings.Join(order, " "); got != "a1 a2 p1 p2 p3" {
		t.Errorf("results in the order %s", got)
	}
	if got := s.row("Parcel__c", ids["p3"], "Inside__c"); got != `{"Inside__c":"`+ids["p1"]+`"}` {
		t.Errorf("the innermost is in %s", got)
	}
	if got := s.row("Parcel__c", ids["p2"], "Account__c"); got != `{"Account__c":"`+ids["a1"]+`"}` {
		t.Errorf("the second belongs to %s", got)
	}
}

func TestTreeIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	accounts := s.count("Account")
	w := s.do("POST", base+"/composite/tree/Account", `{"records":[`+
		node("Account", "good", `"Name":"One","Parcels__r":{"records":[`+node("Parcel__c", "orphan", `"Name":"p"`)+`]}`)+`,`+
		node("Account", "bad", `"Name":5,"Parcels__r":{"records":[`+node("Parcel__c", "below", `"Name":"p"`)+`]}`)+`,`+
		node("Account", "worse", `"Colour":"red"`)+`]}`)
	s.want(w, http.StatusBadRequest, `{"hasErrors":true,"results":[
		{"referenceId":"bad","errors":[{"statusCode":"INVALID_TYPE_ON_FIELD_IN_RECORD","message":"Name: value not of required type: 5","fields":["Name"]}]},
		{"referenceId":"worse","errors":[{"statusCode":"INVALID_FIELD","message":"No such column 'Colour' on sobject of type Account","fields":["Colour"]}]},
		{"referenceId":"orphan","errors":[{"statusCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [Keeper__c]","fields":["Keeper__c"]}]}]}`)
	if rule := s.lastRule(); rule != "som.data.field-type" {
		t.Errorf("rule %q", rule)
	}
	if s.count("Account") != accounts || s.count("Parcel__c") != 0 {
		t.Error("something was created")
	}
	w = s.do("POST", base+"/composite/tree/Account", `{"records":[`+node("Account", "a", `"Name":"One"`)+`,`+node("Account", "a", `"Name":"Two"`)+`]}`)
	duplicate := `{"referenceId":"a","errors":[{"statusCode":"INVALID_INPUT","message":"Duplicate ReferenceId provided in the request.","fields":[]}]}`
	s.want(w, http.StatusBadRequest, `{"hasErrors":true,"results":[`+duplicate+`,`+duplicate+`]}`)
}

func TestTreeRefusals(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	many := make([]string, 201)
	for i := range many {
		many[i] = node("Account", fmt.Sprint("a", i), `"Name":"x"`)
	}
	deep := node("Parcel__c", "p6", "")
	for i := 5; i > 0; i-- {
		deep = node("Parcel__c", fmt.Sprint("p", i), `"Parcels__r":{"records":[`+deep+`]}`)
	}
	cases := []struct{ name, object, records, code, message string }{
		{"nothing", "Account", "", "JSON_PARSER_ERROR", "The tree has no records."},
		{"201 records", "Account", strings.Join(many, ","), "JSON_PARSER_ERROR", "The tree has 201 records. The limit is 200."},
		{"six levels", "Parcel__c", deep, "JSON_PARSER_ERROR", "A tree has at most 5 levels."},
		{"no reference", "Account", `{"attributes":{"type":"Account"},"Name":"x"}`, "JSON_PARSER_ERROR", "Every record of a tree needs"},
		{"no attributes", "Account", `{"Name":"x"}`, "JSON_PARSER_ERROR", "Every record of a tree needs"},
		{"another type", "Account", node("Contact", "c", `"LastName":"x"`), "JSON_PARSER_ERROR", "A record of the type 'Contact' stands where Account is expected."},
		{"children that are no object", "Account", node("Account", "a", `"Parcels__r":{"records":5}`), "JSON_PARSER_ERROR", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(*testing.T) {
			s.wantError(s.do("POST", base+"/composite/tree/"+tc.object, `{"records":[`+tc.records+`]}`), http.StatusBadRequest, tc.code, tc.message)
		})
	}
	s.wantError(s.do("POST", base+"/composite/tree/Spaceship", `{"records":[]}`), http.StatusNotFound, "NOT_FOUND", "")
	if w := s.do("POST", base+"/composite/tree/Account", `{"records":[`+strings.Join(many[:200], ",")+`]}`); w.Code != http.StatusCreated {
		t.Errorf("200 records: %d %.300s", w.Code, w.Body)
	}
}
