package sobject_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

func TestRecordKeepsFieldsSortedAndWithoutNulls(t *testing.T) {
	t.Parallel()
	r := sobject.New("Order", "801000000000001AAA")
	r.Set("Name", "n")
	r.Set("AccountId", "a")
	r.Set("Type", "t")
	r.Set("Name", "m")
	r.Set("AccountId", nil)
	r.Set("Type", "")
	r.Set("Missing", nil)
	r.Set("EffectiveDate", "2026-05-01")
	want := []sobject.FieldValue{{Name: "EffectiveDate", Value: "2026-05-01"}, {Name: "Name", Value: "m"}}
	if diff := cmp.Diff(want, r.Fields); diff != "" {
		t.Error(diff)
	}
}

func TestRecordReadsByKind(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 1, 14, 0, 0, 0, time.FixedZone("", 7200))
	r := sobject.New("Order", "801000000000001AAA")
	r.Set("Text", "x")
	r.Set("Number", decimal.NewFromInt(3))
	r.Set("Truth", true)
	r.Set("At", at)
	if r.Text("Text") != "x" || !r.Decimal("Number").Equal(decimal.NewFromInt(3)) || !r.Bool("Truth") || !r.Time("At").Equal(at) {
		t.Errorf("read back %v", r)
	}
	if r.Time("At").Location() != time.UTC {
		t.Error("the time is not in UTC")
	}
	if r.Get("Id") != "801000000000001AAA" {
		t.Error("Id is not the id of the row")
	}
	if r.Get("None") != nil || r.Text("Number") != "" || !r.Decimal("Text").IsZero() || r.Bool("Text") || !r.Time("Text").IsZero() {
		t.Error("a null or another kind is not the zero value")
	}
}

func TestClonesShareNothing(t *testing.T) {
	t.Parallel()
	build := func() sobject.Record {
		r := sobject.New("Order", "801000000000001AAA")
		r.Set("A", "1")
		r.Set("B", "2")
		return r
	}
	changes := map[string]func(*sobject.Record){
		"replace": func(r *sobject.Record) { r.Set("B", "changed") },
		"add":     func(r *sobject.Record) { r.Set("AA", "new") },
		"remove":  func(r *sobject.Record) { r.Set("A", nil) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			original := build()
			clone, assigned := original.Clone(), original
			change(&clone)
			change(&assigned)
			if diff := cmp.Diff(build(), original); diff != "" {
				t.Errorf("the original changed: %s", diff)
			}
			if cmp.Equal(clone, original) || cmp.Equal(assigned, original) {
				t.Error("the change is lost")
			}
		})
	}
}

func TestValuesAreFoundNearAHint(t *testing.T) {
	t.Parallel()
	full := sobject.New("X", "1")
	for _, name := range []string{"B", "D", "F"} {
		full.Set(name, name)
	}
	sparse := sobject.New("X", "2")
	sparse.Set("F", true)
	empty := sobject.New("X", "3")
	catalog := &sobject.Catalog{}
	for _, name := range []string{"A", "B", "C", "D", "E", "F", "G"} {
		f := &sobject.Field{Name: name, Type: sobject.TypeString}
		for start := range sobject.Hint(5) {
			hint := start
			for _, r := range []*sobject.Record{&full, &sparse, &full, &empty, &full, &full} {
				if got, want := catalog.ValueNear(r, f, &hint), catalog.Value(r, f); got != want {
					t.Errorf("%s of row %s: %v near %d, %v in truth", name, r.ID, got, start, want)
				}
			}
		}
	}
	var hint sobject.Hint
	if !sparse.BoolNear("F", &hint) || empty.BoolNear("F", &hint) || full.BoolNear("F", &hint) {
		t.Error("booleans near a hint")
	}
}
