package sobject_test

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// small is a catalog of three objects, one of them the shop's own.
func small() fstest.MapFS {
	return fstest.MapFS{
		"User.yaml": file(`
name: User
prefix: "005"
nameField: Name
fields:
  - {name: Name, type: string}
`),
		"Account.yaml": file(`
name: Account
prefix: "001"
operations: [create, update]
fields:
  - {name: Name, type: string, length: 80, required: true}
  - {name: BillingStreet, type: textarea}
  - {name: BillingLatitude, type: double, scale: 15}
  - {name: BillingAddress, type: address}
  - {name: Rating, type: picklist, values: [{value: Hot, default: true}, Cold, {value: Old, inactive: true, category: PAST}]}
`),
		"Visit__c.yaml": file(`
name: Visit__c
label: Visit
prefix: "a01"
custom: true
fields:
  - {name: Account__c, type: reference, to: [Account], children: Visits__r, cascade: true}
  - {name: Number__c, type: string, write: never, autoNumber: true, indexed: true}
  - {name: Code__c, type: string, externalId: true, unique: true, caseSensitive: true}
  - {name: Minutes__c, type: int, required: true}
  - {name: Rate__c, type: currency}
  - {name: Cost__c, type: currency, formula: "MAX(0, Minutes__c * Rate__c - MIN(Discount__c, 10, 7.5))"}
  - {name: Discount__c, type: currency}
  - {name: Twice__c, type: currency, formula: "Cost__c + (Cost__c)"}
`),
	}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func load(t *testing.T, fsys fstest.MapFS) *sobject.Catalog {
	t.Helper()
	c, err := sobject.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func object(t *testing.T, c *sobject.Catalog, name string) *sobject.Object {
	t.Helper()
	o, ok := c.Object(name)
	if !ok {
		t.Fatalf("no object %s", name)
	}
	return o
}

func field(t *testing.T, o *sobject.Object, name string) *sobject.Field {
	t.Helper()
	f, ok := o.Field(name)
	if !ok {
		t.Fatalf("%s has no field %s", o.Name, name)
	}
	return f
}

func TestLoadedObjects(t *testing.T) {
	t.Parallel()
	c := load(t, small())
	visit := object(t, c, "VISIT__C")
	var names []string
	for _, f := range visit.Fields {
		names = append(names, f.Name)
	}
	want := []string{
		"Id", "Account__c", "Number__c", "Code__c", "Minutes__c", "Rate__c", "Cost__c", "Discount__c", "Twice__c",
		"IsDeleted", "CurrencyIsoCode", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("fields: %s", diff)
	}
	if byPrefix, ok := c.ByPrefix("a01000000000001AAA"); !ok || byPrefix != visit {
		t.Error("the object is not found by the prefix of an id")
	}
	if parent, ok := visit.Parent("account__R"); !ok || parent.Name != "Account__c" {
		t.Error("the parent is not found by its relationship")
	}
	child, ok := object(t, c, "Account").Child("visits__r")
	if wantChild := (sobject.ChildRelationship{Name: "Visits__r", Object: "Visit__c", Field: "Account__c", CascadeDelete: true}); !ok || child != wantChild {
		t.Errorf("child %v", child)
	}
	if label := object(t, c, "Account").LabelPlural; label != "Accounts" {
		t.Errorf("plural %q", label)
	}
	all := c.Objects()
	if len(all) != 3 || all[0].Name != "Account" || all[2].Name != "Visit__c" {
		t.Errorf("objects %v", all)
	}
}

func TestLoadedFields(t *testing.T) {
	t.Parallel()
	c := load(t, small())
	visit, account := object(t, c, "Visit__c"), object(t, c, "Account")
	if f := field(t, visit, "number__C"); f.Createable || f.Updateable || !f.AutoNumber || !f.Indexed || f.Label != "Number" {
		t.Errorf("auto number: %+v", f)
	}
	if f := field(t, visit, "Code__c"); !f.Indexed || !f.Unique || !f.CaseSensitive || !f.Createable || f.Length != 255 {
		t.Errorf("external id: %+v", f)
	}
	if f := field(t, visit, "Account__c"); !f.Indexed || !f.Refers("Account") || f.Refers("User") || f.RelationshipName != "Account__r" {
		t.Errorf("reference: %+v", f)
	}
	if f := field(t, visit, "Cost__c"); f.Formula == nil || f.Createable || f.Scale != 2 {
		t.Errorf("formula: %+v", f)
	}
	rating := field(t, account, "Rating")
	if !rating.Restricted || rating.DefaultPicklistValue() != "Hot" {
		t.Errorf("picklist: %+v", rating)
	}
	if v, ok := rating.PicklistValue("old"); !ok || v.Value != "Old" || !v.Inactive || v.Category != "PAST" {
		t.Errorf("picklist value: %+v", v)
	}
	if _, ok := rating.PicklistValue("Tepid"); ok {
		t.Error("an unlisted value is found")
	}
}

func TestLoadReportsEveryProblem(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"an unknown key of an object", "X.yaml", "name: X\nprefix: xxx\ncolour: red\n", []string{"X.yaml: yaml: unmarshal errors:", "field colour not found"}},
		{"an unknown key of a field", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: string, lenght: 3}\n", []string{`X.yaml: object X: field A: line 4: unknown key "lenght"`}},
		{"an unknown key of a picklist value", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: picklist, values: [{value: a, defualt: true}]}\n", []string{`X.yaml: object X: field A: line 4: unknown key "defualt"`}},
		{"no yaml at all", "X.yaml", "{{{", []string{"X.yaml: yaml:", "X.yaml: the object has no name"}},
		{"an object without name", "X.yaml", "prefix: xxx\n", []string{"X.yaml: the object has no name"}},
		{"a field without name", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {type: string}\n  - text\n", []string{"line 4: the field has no name", "line 5: not a mapping"}},
		{"another file name", "Y.yaml", "name: X\nprefix: xxx\n", []string{`Y.yaml: object X: the object is called "X", not as the file`}},
		{"a prefix of another length", "X.yaml", "name: X\nprefix: xxxx\n", []string{`X.yaml: object X: key prefix "xxxx" is not three letters and digits`}},
		{"a prefix twice", "X.yaml", "name: X\nprefix: \"001\"\n", []string{"X.yaml: object X: key prefix 001 already belongs to Account"}},
		{"an object twice", "X.yaml", "name: ACCOUNT\nprefix: xxx\n", []string{"X.yaml: object ACCOUNT: a second object is called ACCOUNT"}},
		{"an unknown operation", "X.yaml", "name: X\nprefix: xxx\noperations: [merge]\n", []string{`X.yaml: object X: unknown operation "merge"`}},
		{"a missing name field", "X.yaml", "name: X\nprefix: xxx\nnameField: Name\n", []string{"X.yaml: object X: name field Name does not exist"}},
		{"a field twice", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: string}\n  - {name: a, type: string}\n", []string{"X.yaml: object X: field a: the object has it already"}},
		{"a system field again", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: CreatedDate, type: date}\n", []string{"X.yaml: object X: field CreatedDate: the object has it already"}},
		{"an unknown type", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: blob}\n", []string{`X.yaml: object X: field A: unknown type "blob"`}},
		{"an unknown write", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: string, write: maybe}\n", []string{`X.yaml: object X: field A: write is always, create or never, not "maybe"`}},
		{"an unknown object", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: AId, type: reference, to: [Nobody]}\n", []string{"X.yaml: object X: field AId: refers to an unknown object Nobody"}},
		{"a reference that is none", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: string, children: Xs}\n", []string{"X.yaml: object X: field A: only a reference points to objects"}},
		{"values that do not belong", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: string, values: [a]}\n", []string{"X.yaml: object X: field A: only a picklist has values"}},
		{"a cascade without children", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: AId, type: reference, to: [Account], cascade: true}\n", []string{"X.yaml: object X: field AId: a cascade needs a child relationship"}},
		{"a parent relationship twice", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: AId, type: reference, to: [Account]}\n  - {name: BId, type: reference, to: [Account], relationship: a}\n", []string{"X.yaml: object X: field BId: relationship a already belongs to AId"}},
		{"a child relationship twice", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: AId, type: reference, to: [Account], children: visits__r}\n", []string{"child relationship", "of Account already belongs to"}},
		{"a formula that cannot be read", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: double, formula: \"1 +\"}\n", []string{`X.yaml: object X: field A: formula "1 +":`}},
		{"a formula over unknown fields", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: double, formula: \"B + IsDeleted\"}\n", []string{"X.yaml: object X: field A: formula", "reads B, which is no number of X", "reads IsDeleted, which is no number of X"}},
		{"a formula for a text", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: string, formula: \"1\"}\n", []string{"X.yaml: object X: field A: a formula yields a number, not a string"}},
		{"formulas in a circle", "X.yaml", "name: X\nprefix: xxx\nfields:\n  - {name: A, type: double, formula: \"MAX(1, B)\"}\n  - {name: B, type: double, formula: \"(A)\"}\n", []string{"X.yaml: object X: field A: formulas read each other in a circle: A → B → A"}},
		{"several problems", "X.yaml", "name: X\nprefix: x\nfields:\n  - {name: A, type: blob}\n  - {name: BId, type: reference, to: [Nobody]}\n", []string{"key prefix", "unknown type", "unknown object Nobody"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			fsys := maps.Clone(small())
			fsys[tc.file] = file(tc.text)
			_, err := sobject.Load(fsys)
			if err == nil {
				t.Fatal("no problem was found")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v\nwant …%s…", err, want)
				}
			}
		})
	}
}

func TestLoadWantsFiles(t *testing.T) {
	t.Parallel()
	if _, err := sobject.Load(fstest.MapFS{}); err == nil {
		t.Error("an empty folder is a catalog")
	}
}

func TestFormulas(t *testing.T) {
	t.Parallel()
	c := load(t, small())
	visit := object(t, c, "Visit__c")
	tests := []struct {
		name                    string
		minutes, rate, discount string
		cost, twice             string
	}{
		{"null counts as zero", "", "", "", "0", "0"},
		{"products bind closer than differences", "2", "10.50", "1", "20", "40"},
		{"MIN takes the smallest", "2", "10.50", "100", "13.5", "27"},
		{"MAX takes the largest", "1", "0.5", "2", "0", "0"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := sobject.New("Visit__c", "a01000000000001AAA")
			for name, text := range map[string]string{"Minutes__c": tc.minutes, "Rate__c": tc.rate, "Discount__c": tc.discount} {
				if text != "" {
					r.Set(name, decimal.RequireFromString(text))
				}
			}
			for name, want := range map[string]string{"Cost__c": tc.cost, "Twice__c": tc.twice} {
				got, ok := c.Value(&r, field(t, visit, name)).(decimal.Decimal)
				if !ok || !got.Equal(decimal.RequireFromString(want)) {
					t.Errorf("%s is %v, want %s", name, got, want)
				}
			}
		})
	}
}

func TestValuesOfUnsetFields(t *testing.T) {
	t.Parallel()
	c := load(t, small())
	visit, account := object(t, c, "Visit__c"), object(t, c, "Account")
	r := sobject.New("Visit__c", "a01000000000001AAA")
	if v := c.Value(&r, field(t, visit, "IsDeleted")); v != false {
		t.Errorf("a boolean is %v", v)
	}
	if v, ok := c.Value(&r, field(t, visit, "Minutes__c")).(decimal.Decimal); !ok || !v.IsZero() {
		t.Errorf("a required number is %v", v)
	}
	if v := c.Value(&r, field(t, visit, "Rate__c")); v != nil {
		t.Errorf("a number is %v", v)
	}
	if v := c.Value(&r, field(t, visit, "Id")); v != "a01000000000001AAA" {
		t.Errorf("the id is %v", v)
	}
	a := sobject.New("Account", "001000000000001AAA")
	if v := c.Value(&a, field(t, account, "BillingAddress")); v != nil {
		t.Errorf("an address is %v", v)
	}
}

func TestAddressesArePutTogether(t *testing.T) {
	t.Parallel()
	c := load(t, small())
	a := sobject.New("Account", "001000000000001AAA")
	a.Set("BillingStreet", "Kouter 1")
	a.Set("BillingLatitude", decimal.RequireFromString("51.05"))
	want := sobject.Address{Street: "Kouter 1", Latitude: decimal.NewNullDecimal(decimal.RequireFromString("51.05"))}
	if diff := cmp.Diff(want, c.Value(&a, field(t, object(t, c, "Account"), "BillingAddress"))); diff != "" {
		t.Error(diff)
	}
}

func TestIndexKeys(t *testing.T) {
	t.Parallel()
	c := load(t, small())
	r := sobject.New("Visit__c", "a01000000000001AAA")
	r.Set("Account__c", "001000000000001AAA")
	r.Set("Code__c", "Abc")
	r.Set("Rate__c", decimal.NewFromInt(1))
	if diff := cmp.Diff([]string{c.IndexKey("Visit__c", "code__c", "ABC")}, c.IndexKeys(&r)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{c.IndexKey("Visit__c", "Account__c", "001000000000001aaa")}, c.ReferenceKeys(&r)); diff != "" {
		t.Error(diff)
	}
	if key := c.IndexKey("Visit__c", "Rate__c", "1"); key != "" {
		t.Errorf("a field without index has the key %s", key)
	}
	other := sobject.New("Nobody", "xxx000000000001AAA")
	if keys := c.IndexKeys(&other); keys != nil {
		t.Errorf("a row of an unknown object has keys %v", keys)
	}
}
