package sobject_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// smallOrg is small with what owners can be.
func smallOrg() fstest.MapFS {
	org := small()
	org["Group.yaml"] = file("name: Group\nprefix: 00G\n")
	return org
}

func TestOwnObjectsAndFields(t *testing.T) {
	t.Parallel()
	c, err := sobject.Load(smallOrg(), fstest.MapFS{
		"a-store.yaml": file("name: Store__c\nfields:\n  - {name: Code__c, type: string, externalId: true, unique: true}\n  - {name: Seats__c, type: double, scale: 0, default: \"4\"}\n"),
		"b-shelf.yaml": file("name: Shelf__c\nprefix: a00\nplural: Shelves\noperations: [create]\nfields:\n" +
			"  - {name: Name, type: string, autoNumber: true}\n  - {name: Store__c, type: reference, to: [Store__c], children: Shelves__r, cascade: true}\n"),
		"more.yaml":     file("extends: Account\nfields:\n  - {name: Store__c, type: reference, to: [Store__c], children: Accounts__r}\n  - {name: Double__c, type: currency, formula: \"BillingLatitude * 2\"}\n"),
		"more too.yaml": file("extends: Account\nfields:\n  - {name: Tier__c, type: picklist, values: [Gold, {value: Silver, default: true}]}\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	store, shelf, account := object(t, c, "Store__c"), object(t, c, "shelf__C"), object(t, c, "Account")
	if store.KeyPrefix != "a02" || !store.Custom || !store.Createable || !store.Updateable || !store.Deletable || store.Label != "Store" || store.LabelPlural != "Stores" {
		t.Errorf("store %+v", store) // a00 is the shelf's, a01 that of a visit
	}
	if shelf.KeyPrefix != "a00" || shelf.LabelPlural != "Shelves" || !shelf.Createable || shelf.Updateable {
		t.Errorf("shelf %+v", shelf)
	}
	if f := field(t, store, "Name"); f.Length != 80 || store.NameField != "Name" || f.AutoNumber {
		t.Errorf("name %+v", f)
	}
	if f := field(t, shelf, "Name"); !f.AutoNumber {
		t.Errorf("name of a shelf %+v", f)
	}
	if f := field(t, store, "OwnerId"); !f.Required || f.RelationshipName != "Owner" || !f.Createable {
		t.Errorf("owner %+v", f)
	}
	if _, owned := shelf.Field("OwnerId"); owned {
		t.Error("a detail has an owner of its own")
	}
	if child, ok := store.Child("Shelves__r"); !ok || !child.CascadeDelete || child.Object != "Shelf__c" {
		t.Errorf("shelves %+v", child)
	}
	if f, ok := account.Parent("Store__r"); !ok || f.Name != "Store__c" || !f.Indexed {
		t.Errorf("the store of an account %+v", f)
	}
	if f := field(t, store, "Code__c"); !f.Indexed || !f.Custom() {
		t.Errorf("code %+v", f)
	}
	var own []string
	for _, f := range account.Fields[len(account.Fields)-3:] {
		own = append(own, f.Name)
	}
	if diff := cmp.Diff([]string{"Tier__c", "Store__c", "Double__c"}, own); diff != "" { // the files in the order of their names
		t.Errorf("the last fields (-want +got):\n%s", diff)
	}
}

func TestOwnFilesThatAreWrong(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"an empty file", "", []string{"x.yaml: the file is empty"}},
		{"an object without a name", "fields: []", []string{"x.yaml: the object has no name"}},
		{"two objects in a file", "name: A__c\n---\nname: B__c\n", []string{"x.yaml: a file holds one object, this one more"}},
		{"an object without a suffix", "name: Store", []string{"x.yaml: object Store: the name of an own object is letters, digits and single underscores before __c"}},
		{"a name that begins with a digit", "name: 1Store__c", []string{"object 1Store__c: the name of an own object"}},
		{"a name with two underscores", "name: My__Store__c", []string{"object My__Store__c: the name of an own object"}},
		{"a field without a suffix", "name: Store__c\nfields: [{name: Code, type: string}]", []string{"x.yaml: object Store__c: field Code: the name of an own field is"}},
		{"a standard name", "name: Visit__c", []string{"x.yaml: object Visit__c: a second object is called Visit__c"}},
		{"a prefix of somebody else", "name: Store__c\nprefix: a01", []string{"x.yaml: object Store__c: key prefix a01 already belongs to Visit__c"}},
		{"an unknown type", "extends: Account\nfields: [{name: A__c, type: text}]", []string{`x.yaml: object Account: field A__c: unknown type "text"`}},
		{"an unknown key", "extends: Account\nfields: [{name: A__c, type: string, lenght: 3}]", []string{`x.yaml: object Account: field A__c: line 2: unknown key "lenght"`}},
		{"an unknown object to extend", "extends: Shop\nfields: [{name: A__c, type: string}]", []string{"x.yaml: object Shop: there is no such object to extend"}},
		{"an object to extend in another case", "extends: account\nfields: []", []string{"x.yaml: object account: there is no such object to extend"}},
		{"an extension with a name", "extends: Account\nname: Store__c\nprefix: a09", []string{"extends stands with fields alone, not with name, prefix"}},
		{"a field that is there", "extends: Account\nfields: [{name: Name, type: string}]", []string{"x.yaml: object Account: field Name: the name of an own field", "x.yaml: object Account: field Name: the object has it already"}},
		{"a reference to nobody", "extends: Account\nfields: [{name: A__c, type: reference, to: [Nobody__c]}]", []string{"x.yaml: object Account: field A__c: refers to an unknown object Nobody__c"}},
		{"children without a suffix", "extends: Account\nfields: [{name: A__c, type: reference, to: [User], children: Things}]", []string{`x.yaml: object Account: field A__c: children "Things" is not`}},
		{"a formula over nothing", "extends: Account\nfields: [{name: A__c, type: double, formula: \"B__c + C__c\"}]", []string{
			`x.yaml: object Account: field A__c: formula "B__c + C__c" reads B__c, which is no number of Account`,
			`x.yaml: object Account: field A__c: formula "B__c + C__c" reads C__c, which is no number of Account`,
		}},
		{"a default that does not fit", "extends: Account\nfields:\n  - {name: A__c, type: double, default: many}\n  - {name: B__c, type: boolean, default: \"yes\"}\n  - {name: C__c, type: date, default: 1.3.2026}\n  - {name: D__c, type: datetime, default: \"2026-01-01\"}\n  - {name: E__c, type: picklist, values: [a], default: b}\n", []string{
			`field A__c: default "many" is no double`, `field B__c: default "yes" is no boolean`, `field C__c: default "1.3.2026" is no date`,
			`field D__c: default "2026-01-01" is no datetime`, `field E__c: the default of a picklist is marked among its values`,
		}},
		{"a length below zero", "extends: Account\nfields: [{name: A__c, type: string, length: -1}, {name: B__c, type: double, scale: 20}]", []string{
			"field A__c: length -1 is below zero", "field B__c: scale 20 is not between 0 and 18",
		}},
		{"several at once", "name: Store\nprefix: x\nfields:\n  - {name: A, type: blob}\n  - {name: B__c, type: string, unique: maybe}\n", []string{
			"object Store: the name", "object Store: key prefix", "object Store: field A: the name", `object Store: field A: unknown type "blob"`, "object Store: field B__c: yaml:",
		}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := sobject.Load(smallOrg(), fstest.MapFS{"x.yaml": file(tc.text)})
			if err == nil {
				t.Fatal("no problem was found")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v\nwant …%s…", err, want)
				}
			}
			for _, line := range strings.Split(err.Error(), "\n") {
				if !strings.HasPrefix(line, "x.yaml: ") && !strings.HasPrefix(line, "  ") {
					t.Errorf("the line does not begin with its file: %s", line)
				}
			}
		})
	}
}
