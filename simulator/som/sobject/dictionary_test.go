package sobject_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// lines reads a table of testdata without its comments and empty lines.
func lines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Split(string(text), "\n"), func(l string) bool {
		return strings.TrimSpace(l) == "" || strings.HasPrefix(l, "#")
	})
}

func TestOrgHasTheObjectsAndFieldsOfARealOne(t *testing.T) {
	t.Parallel()
	c := orgCatalog(t)
	var (
		o          *sobject.Object
		operations string
		objects    int
	)
	for _, line := range lines(t, "dictionary.txt") {
		if strings.HasPrefix(line, " ") {
			checkField(t, o, strings.TrimSpace(line), operations != "?")
			continue
		}
		words := strings.Fields(line)
		o, operations = object(t, c, words[0]), words[2]
		objects++
		if o.KeyPrefix != words[1] {
			t.Errorf("%s has the prefix %s, want %s", o.Name, o.KeyPrefix, words[1])
		}
		if operations != "?" && operations != operationsOf(o) {
			t.Errorf("%s: operations %s, want %s", o.Name, operationsOf(o), operations)
		}
	}
	if objects != 49 {
		t.Errorf("the table has %d objects", objects)
	}
}

func operationsOf(o *sobject.Object) string {
	var b strings.Builder
	for _, operation := range []struct {
		letter byte
		able   bool
	}{{'c', o.Createable}, {'u', o.Updateable}, {'d', o.Deletable}} {
		if operation.able {
			b.WriteByte(operation.letter)
		}
	}
	if b.Len() == 0 {
		return "-"
	}
	return b.String()
}

// checkField holds a field against its line; flags count only where the table knows them.
func checkField(t *testing.T, o *sobject.Object, line string, flagged bool) {
	t.Helper()
	head, values, _ := strings.Cut(line, " values=")
	words := strings.Fields(head)
	f := field(t, o, words[0])
	if string(f.Type) != words[1] {
		t.Errorf("%s.%s is a %s, want %s", o.Name, f.Name, f.Type, words[1])
	}
	if readonly := slices.Contains(words, "readonly"); readonly && f.Updateable {
		t.Errorf("%s.%s is updateable", o.Name, f.Name)
	}
	if required := slices.Contains(words, "required"); flagged && required != f.Required {
		t.Errorf("%s.%s: required %v, want %v", o.Name, f.Name, f.Required, required)
	}
	for _, word := range words[2:] {
		switch name, value, _ := strings.Cut(word, "="); name {
		case "length":
			if n, _ := strconv.Atoi(value); f.Length != n {
				t.Errorf("%s.%s has the length %d, want %d", o.Name, f.Name, f.Length, n)
			}
		case "to":
			checkTargets(t, o, f, strings.Split(value, ","))
		}
	}
	for _, value := range strings.Split(values, "|") {
		if _, ok := f.PicklistValue(value); value != "" && !ok {
			t.Errorf("%s.%s has no value %q", o.Name, f.Name, value)
		}
	}
}

// outside are objects that fields refer to and the simulation does not have.
func outside() []string {
	return []string{"Case", "Asset", "ProductItem", "ProductRequest", "ProductRequestLineItem", "NamedCredential"}
}

func checkTargets(t *testing.T, o *sobject.Object, f *sobject.Field, targets []string) {
	t.Helper()
	for _, target := range targets {
		if !f.Refers(target) && !slices.Contains(outside(), target) {
			t.Errorf("%s.%s does not refer to %s", o.Name, f.Name, target)
		}
	}
	if len(f.ReferenceTo) > 0 && f.RelationshipName == "" {
		t.Errorf("%s.%s has no name for the way to its parent", o.Name, f.Name)
	}
}

func TestOrgHasTheChildRelationshipsOfARealOne(t *testing.T) {
	t.Parallel()
	c := orgCatalog(t)
	for _, line := range lines(t, "relationships.txt") {
		want := strings.Fields(line)
		got, ok := object(t, c, want[0]).Child(want[1])
		if !ok || got.Object+"."+got.Field != want[2] || got.CascadeDelete != (len(want) == 4) {
			t.Errorf("%s: got %+v", line, got)
		}
		if f := field(t, object(t, c, got.Object), got.Field); f.CascadeDelete != got.CascadeDelete {
			t.Errorf("%s: the field says cascade %v", line, f.CascadeDelete)
		}
	}
}

func TestCompoundLocationsShowTheirParts(t *testing.T) {
	t.Parallel()
	c := orgCatalog(t)
	o := object(t, c, "Location")
	r := sobject.New("Location", o.KeyPrefix+"000000000001AAA")
	where := field(t, o, "Location")
	if got := c.Value(&r, where); got != nil {
		t.Errorf("without coordinates: %v", got)
	}
	r.Set("Latitude", decimal.RequireFromString("51.05"))
	if got := c.Value(&r, where); got != nil {
		t.Errorf("with one coordinate: %v", got)
	}
	r.Set("Longitude", decimal.RequireFromString("3.72"))
	got, ok := c.Value(&r, where).(sobject.Geolocation)
	if !ok || got.Latitude.String() != "51.05" || got.Longitude.String() != "3.72" {
		t.Errorf("with both: %v", got)
	}
	if name := o.Compound(field(t, o, "Latitude")); name != "Location" {
		t.Errorf("the latitude is a part of %q", name)
	}
}
