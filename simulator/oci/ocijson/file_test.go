package ocijson

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/oci"
)

func TestEveryLineOfAFileIsAnswered(t *testing.T) {
	t.Parallel()
	const record = `{"recordId":"a","sku":"MUG","onHand":1,"effectiveDate":"2026-06-01T12:00:00Z"}`
	cases := []struct {
		name, content string
		csv           bool
		// want are the lines with the location and SKU of their count, or why there is none.
		want []string
	}{
		{"a header counts for what follows", `{"location":"A","mode":"UPDATE"}` + "\n" + record + "\n\n" + record, false, []string{"2 A MUG", "4 A MUG"}},
		{"a wrong header takes the location away", `{"location":"A"}` + "\n" + `{"location":"B","mode":"DELETE"}` + "\n" + record, false, []string{
			"2 a header names a location, and the mode UPDATE", "3 no location was named before it",
		}},
		{"an unknown field", `{"location":"A","sku":"MUG","colour":"red"}`, false, []string{`1 it is no inventory record: json: unknown field "colour"`}},
		{"the location by its id", strings.Replace(record, `"recordId"`, `"locationId":"A","recordId"`, 1), false, []string{"1 A MUG"}},
		{"no record id", strings.Replace(record, `"recordId":"a",`, `"location":"A",`, 1), false, []string{"1 it has no recordId"}},
		{"no date", `{"location":"A","recordId":"a","sku":"MUG"}`, false, []string{"1 it has no effectiveDate"}},
		{"a future without a date", strings.Replace(record, `}`, `,"location":"A","futures":[{"quantity":1,"expectedDate":"soon"}]}`, 1), false, []string{"1 expectedDate: soon is no instant"}},
		{"a line without end", "{" + strings.Repeat(" ", maxLine) + "}", false, []string{"1 it is longer than 65536 bytes"}},
		{"rows", "sku,location,effectiveDate\nMUG,A,2026-06-01T12:00:00Z\nCAP,B,2026-06-01T12:00:00Z", true, []string{"2 A MUG", "3 B CAP"}},
		{"a row without a location", "sku,location,effectiveDate\nMUG,,2026-06-01T12:00:00Z", true, []string{"2 no location was named before it"}},
		{"a word for a number", "sku,location,effectiveDate,onHand\nMUG,A,2026-06-01T12:00:00Z,many", true, []string{`2 onHand: "many" is no number`}},
		{"an open quote", "sku,location,effectiveDate\n\"MUG,A,2026-06-01T12:00:00Z", true, []string{`2 extraneous or missing " in quoted-field`}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			entries, err := File{CSV: tc.csv, Content: []byte(tc.content)}.Entries()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, told(entries)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func told(entries []oci.UploadEntry) []string {
	var lines []string
	for _, e := range entries {
		what := e.Problem
		if what == "" {
			what = e.Count.LocationID + " " + e.Count.SKU
		}
		lines = append(lines, string(rune('0'+e.Line))+" "+what)
	}
	return lines
}

// Whatever is in a file, each of its lines is a count or a problem, in the order of the lines.
func FuzzFiles(f *testing.F) {
	f.Add(false, `{"location":"A","mode":"UPDATE"}`+"\n"+`{"recordId":"a","sku":"MUG","onHand":1,"effectiveDate":"2026-06-01T12:00:00Z"}`)
	f.Add(true, "sku,location,effectiveDate\nMUG,A,2026-06-01T12:00:00Z\n\"")
	f.Fuzz(func(t *testing.T, csv bool, content string) {
		entries, err := File{CSV: csv, Content: []byte(content)}.Entries()
		last := 0
		for _, e := range entries {
			if e.Line <= last && !csv || e.Problem == "" && e.Count.LocationID == "" {
				t.Fatalf("line %d after %d: %q, %+v, %v", e.Line, last, e.Problem, e.Count, err)
			}
			last = e.Line
		}
	})
}
