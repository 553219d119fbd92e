package binding_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/binding"
)

func TestANotedRefusalIsRecordedWithASuccess(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tests := []struct {
		name, path, rule string
		bug              bool
	}{
		{"a listed rule", "/toy/counters/noted", "toy.by.not-zero", false},
		{"a rule that nobody listed is a bug", "/toy/counters/misnoted", "toy.nobody.listed-this", true},
		{"an error without a rule", "/toy/counters/unruled", "", false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := b.call("GET "+tc.path, "")
			if e := b.last("default"); got.status != 200 || e.Rule != tc.rule || (e.Bug != "") != tc.bug {
				t.Errorf("%s, rule %q, bug %q", got, e.Rule, e.Bug)
			}
		})
	}
}

func TestSensitiveNamesComeFromTheDocument(t *testing.T) {
	t.Parallel()
	face := &binding.Face{Spec: []byte(`
paths:
  /a:
    get:
      parameters:
        - {name: api_secret, in: query, x-sensitive: true}
        - {name: plain, in: query, x-sensitive: false}
components:
  schemas:
    Card:
      properties:
        number: {type: string, x-sensitive: true}
        name: {type: string}
`)}
	got, err := binding.Sensitive(face)
	if diff := cmp.Diff([]string{"api_secret", "number"}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := binding.Sensitive(&binding.Face{Spec: []byte("a: [")}); err == nil {
		t.Error("a broken document was accepted")
	}
}
