package somrest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

type outcome struct {
	ID      string
	Success bool
	Created *bool
	Errors  []struct {
		StatusCode, Message string
		Fields              []string
	}
}

// outcomes reads what became of the rows of a collection, each as "ok", "created", "updated" or its first code.
func (s *server) outcomes(method, path, body string) ([]outcome, string) {
	s.t.Helper()
	w := s.do(method, base+"/composite/sobjects"+path, body)
	var list []outcome
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || w.Code != http.StatusOK {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	words := make([]string, len(list))
	for i, o := range list {
		switch {
		case !o.Success:
			words[i] = o.Errors[0].StatusCode
		case o.Created == nil:
			words[i] = "ok"
		case *o.Created:
			words[i] = "created"
		default:
			words[i] = "updated"
		}
		if o.Success != (len(o.Errors) == 0) || o.Success != (o.ID != "") || o.Errors == nil {
			s.t.Errorf("row %d contradicts itself: %s", i, w.Body)
		}
	}
	return list, strings.Join(words, " ")
}

func records(allOrNone bool, rows ...string) string {
	for i, row := range rows {
		kind, fields, _ := strings.Cut(row, " ")
		rows[i] = `{"attributes":{"type":"` + kind + `"},` + fields + `}`
	}
	return fmt.Sprintf(`{"allOrNone":%t,"records":[%s]}`, allOrNone, strings.Join(rows, ","))
}

func TestCollections(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	made, words := s.outcomes("POST", "", records(false, `Account "Name":"a"`, `Account "Name":5`, `Contact "LastName":"c"`, `Spaceship "Name":"s"`, `Account "Id":"x","Name":"b"`))
	if words != "ok INVALID_TYPE_ON_FIELD_IN_RECORD ok INVALID_TYPE INVALID_FIELD_FOR_INSERT_UPDATE" {
		t.Errorf("created %s", words)
	}
	account, contact := made[0].ID, made[2].ID
	_, words = s.outcomes("PATCH", "", records(false, `Account "id":"`+account+`","Name":"changed"`, `Contact "Id":"`+contact[:15]+`","LastName":null`, `Account "Name":"x"`,
		`Account "Id":"x","Name":"x"`, `Account "Id":"0015i0000000099AAA","Name":"x"`, `Account "Id":"`+contact+`","Name":"x"`))
	if words != "ok REQUIRED_FIELD_MISSING MISSING_ARGUMENT MALFORMED_ID INVALID_CROSS_REFERENCE_KEY MALFORMED_ID" {
		t.Errorf("updated %s", words)
	}
	_, words = s.outcomes("PATCH", "/Account/Key__c", records(false, `Account "Key__c":"k-1","Name":"one"`, `Account "Key__c":"k-1","Name":"two"`, `Account "Name":"x"`,
		`Account "Key__c":"k-2","Id":"`+account+`"`, `Account "Key__c":"k-3"`))
	if words != "created updated MISSING_ARGUMENT INVALID_FIELD REQUIRED_FIELD_MISSING" {
		t.Errorf("upserted %s", words)
	}
	if _, words = s.outcomes("PATCH", "/Account/Id", records(false, `Account "Name":"by no id"`, `Account "Id":"`+account+`","Phone":"1"`, `Account "Id":"x"`)); words != "created updated MALFORMED_ID" {
		t.Errorf("upserted by id %s", words)
	}
	s.want(s.do("POST", base+"/composite/sobjects/Account", `{"ids":["`+account[:15]+`","0015i0000000099AAA","x"],"fields":["Name"]}`), http.StatusOK,
		`[{"attributes":{"type":"Account","url":"`+base+`/sobjects/Account/`+account+`"},"Name":"changed","Id":"`+account+`"},null,null]`)
	s.want(s.do("GET", base+"/composite/sobjects/Contact?ids="+contact+"&fields=lastname", ""), http.StatusOK,
		`[{"attributes":{"type":"Contact","url":"`+base+`/sobjects/Contact/`+contact+`"},"LastName":"c","Id":"`+contact+`"}]`)
	gone, words := s.outcomes("DELETE", "?ids="+account+","+contact+",x,0015i0000000099AAA,zzz5i0000000099AAA,"+orderID, "")
	if words != "ok ok MALFORMED_ID INVALID_CROSS_REFERENCE_KEY INVALID_CROSS_REFERENCE_KEY CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" || gone[0].ID != account {
		t.Errorf("deleted %s", words)
	}
	if _, words = s.outcomes("DELETE", "?ids="+account, ""); words != "ENTITY_IS_DELETED" {
		t.Errorf("deleted again %s", words)
	}
}

func TestCollectionsOfAllOrNone(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	a, b := s.create("Account", `{"Name":"a","Key__c":"a"}`), s.create("Account", `{"Name":"b","Legacy__c":"twice"}`)
	s.create("Account", `{"Name":"c","Legacy__c":"twice"}`)
	before := s.soql("SELECT Id, Name FROM Account").Body.String()
	const rolledBack = "ALL_OR_NONE_OPERATION_ROLLED_BACK"
	for name, tc := range map[string]struct{ method, path, body, want string }{
		"create":         {"POST", "", records(true, `Account "Name":"x"`, `Account "Name":5`), rolledBack + " INVALID_TYPE_ON_FIELD_IN_RECORD"},
		"update":         {"PATCH", "", records(true, `Account "Id":"`+a+`","Name":"x"`, `Account "Id":"`+b+`","Name":null`), rolledBack + " REQUIRED_FIELD_MISSING"},
		"upsert":         {"PATCH", "/Account/Key__c", records(true, `Account "Key__c":"a","Name":"x"`, `Account "Key__c":"n"`), rolledBack + " REQUIRED_FIELD_MISSING"},
		"upsert of many": {"PATCH", "/Account/Legacy__c", records(true, `Account "Legacy__c":"new","Name":"x"`, `Account "Legacy__c":"twice","Name":"x"`), rolledBack + " DUPLICATE_EXTERNAL_ID"},
		"delete":         {"DELETE", "?allOrNone=true&ids=" + a + "," + orderID, "", rolledBack + " CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, words := s.outcomes(tc.method, tc.path, tc.body); words != tc.want {
				t.Errorf("got %s, want %s", words, tc.want)
			}
			if after := s.soql("SELECT Id, Name FROM Account").Body.String(); after != before {
				t.Errorf("it changed something:\n%s\n%s", before, after)
			}
		})
	}
}

func TestCollectionRefusals(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	rows := func(n int, kinds ...string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = kinds[i%len(kinds)] + ` "Name":"x"`
		}
		return records(false, all...)
	}
	ids := strings.Repeat("0015i0000000099AAA,", 201)
	cases := []struct{ name, method, path, body, code, message string }{
		{"201 rows", "POST", "", rows(201, "Account"), "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records into this call"},
		{"201 updates", "PATCH", "", rows(201, "Account"), "EXCEEDED_ID_LIMIT", ""},
		{"201 deletions", "DELETE", "?ids=" + ids, "", "EXCEEDED_ID_LIMIT", ""},
		{"2001 retrievals", "POST", "/Account", `{"fields":["Name"],"ids":["` + strings.Repeat(`x","`, 2000) + `x"]}`, "EXCEEDED_ID_LIMIT", ""},
		{"11 chunks", "POST", "", rows(11, "Account", "Contact"), "LIMIT_EXCEEDED", "Cannot have more than 10 chunks in a single operation."},
		{"a row without a type", "POST", "", `{"records":[{"Name":"x"}]}`, "JSON_PARSER_ERROR", "records[0] must have attributes with a type"},
		{"no rows", "POST", "", `{}`, "JSON_PARSER_ERROR", ""},
		{"no fields", "POST", "/Account", `{"ids":["x"],"fields":[]}`, "MISSING_ARGUMENT", ""},
		{"an unknown field", "GET", "/Account?ids=x&fields=Colour", "", "INVALID_FIELD", "No such column 'Colour' on entity 'Account'"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(*testing.T) {
			s.wantError(s.do(tc.method, base+"/composite/sobjects"+tc.path, tc.body), http.StatusBadRequest, tc.code, tc.message)
		})
	}
	s.wantError(s.do("PATCH", base+"/composite/sobjects/Account/Name", rows(1, "Account")), http.StatusNotFound, "NOT_FOUND", "Provided external ID field")
	if _, words := s.outcomes("POST", "", rows(10, "Account", "Contact")); !strings.HasPrefix(words, "ok ") {
		t.Errorf("ten chunks: %s", words)
	}
	if _, words := s.outcomes("PATCH", "/Account/Key__c", records(false, `Contact "Key__c":"x"`)); words != "INVALID_TYPE" {
		t.Errorf("a row of another object: %s", words)
	}
}
