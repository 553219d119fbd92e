package somrest_test

import (
	"encoding/json"
	"io/fs"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/somsim/somsim/specs"
)

// newRowServer is newServer over an org with fields of its own, as teams add them: keys of other systems on accounts,
// one of them unique, and an object Parcel__c below the account.
func newRowServer(t testing.TB) *server {
	t.Helper()
	objects := fstest.MapFS{}
	files, err := fs.Glob(specs.FS, "som/sobjects/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := specs.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		objects[strings.TrimPrefix(name, "som/sobjects/")] = &fstest.MapFile{Data: text}
	}
	account := objects["Account.yaml"]
	account.Data = append(account.Data, `
  - {name: Key__c, type: string, length: 20, externalId: true, unique: true, caseSensitive: true}
  - {name: Legacy__c, type: string, length: 20, externalId: true}
  - {name: Number__c, type: double, scale: 0, externalId: true, unique: true}
  - {name: Staff__c, type: int}
  - {name: Vip__c, type: boolean}
  - {name: Since__c, type: date}
  - {name: Mail__c, type: email}
  - {name: Credit__c, type: currency, length: 10}
  - {name: Seen__c, type: datetime}
  - {name: Opens__c, type: time}
  - {name: Tier__c, type: picklist, values: [Gold, {value: Silver, inactive: true}]}
`...)
	objects["Parcel__c.yaml"] = &fstest.MapFile{Data: []byte(`name: Parcel__c
label: Parcel
plural: Parcels
prefix: "a01"
nameField: Name
custom: true
operations: [create, update, delete]
fields:
  - {name: Name, type: string, length: 80, required: true}
  - {name: Account__c, type: reference, to: [Account], children: Parcels__r, cascade: true}
  - {name: Sender__c, type: reference, to: [Account]}
  - {name: Keeper__c, type: reference, to: [Account], required: true}
  - {name: Inside__c, type: reference, to: [Parcel__c], children: Parcels__r, cascade: true}
`)}
	return serverOver(t, objects)
}

// id reads the id out of an answer that created something.
func (s *server) id(w *httptest.ResponseRecorder) string {
	s.t.Helper()
	var out struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || out.ID == "" {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return out.ID
}

// count is how many living rows of an object a query finds.
func (s *server) count(object string) int {
	s.t.Helper()
	w := s.soql("SELECT COUNT() FROM " + object)
	var out struct{ TotalSize int }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return out.TotalSize
}

// wantErrors compares status and all codes of an answer in the data API's form, with their fields.
func (s *server) wantErrors(w *httptest.ResponseRecorder, status int, want ...string) {
	s.t.Helper()
	var list []struct {
		ErrorCode string
		Fields    []string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	var got []string
	for _, e := range list {
		got = append(got, strings.Join(append([]string{e.ErrorCode}, e.Fields...), " "))
	}
	if w.Code != status || strings.Join(got, "; ") != strings.Join(want, "; ") {
		s.t.Errorf("got %d %q, want %d %q", w.Code, got, status, want)
	}
}
