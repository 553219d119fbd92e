package matching

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/contracts/pactfile"
)

// TestAnAnswerIsComparedAsPactDoes has one case for each way in which an answer
// may keep a pact, or not.
func TestAnAnswerIsComparedAsPactDoes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, want, rules, got string
		places                 string
	}{
		{"the same", `{"a":1}`, ``, `{"a":1}`, ""},
		{"more than was asked for", `{"a":1}`, ``, `{"a":1,"b":2}`, ""},
		{"one number written in two ways", `{"a":1.50}`, ``, `{"a":1.5}`, ""},
		{"another value", `{"a":1}`, ``, `{"a":2}`, "$.a"},
		{"another type", `{"a":1}`, ``, `{"a":"1"}`, "$.a"},
		{"a field that is missing", `{"a":1,"b":{"c":1}}`, ``, `{"a":1,"b":{}}`, "$.b.c"},
		{"null where there was a value", `{"a":1}`, ``, `{"a":null}`, "$.a"},
		{"a longer list", `{"a":[1]}`, ``, `{"a":[1,2]}`, "$.a"},
		{"an element of a list", `{"a":[1,2]}`, ``, `{"a":[1,3]}`, "$.a[1]"},
		{"an empty object", `{"a":{}}`, ``, `{"a":{"b":1}}`, "$.a"},
		{"no JSON", `{"a":1}`, ``, `<html>`, "body"},
		{"like a type", `{"a":"x"}`, `{"$.a":{"matchers":[{"match":"type"}]}}`, `{"a":"y"}`, ""},
		{"not like a type", `{"a":"x"}`, `{"$.a":{"matchers":[{"match":"type"}]}}`, `{"a":1}`, "$.a"},
		{"like a type, and everything below it", `{"a":{"b":["x"]}}`, `{"$.a":{"matchers":[{"match":"type"}]}}`, `{"a":{"b":["y","z"]}}`, ""},
		{"like a type, and not below it", `{"a":{"b":["x"]}}`, `{"$.a":{"matchers":[{"match":"type"}]}}`, `{"a":{"b":["y",1]}}`, "$.a.b[1]"},
		{"like a type, with a field missing", `{"a":{"b":"x"}}`, `{"$.a":{"matchers":[{"match":"type"}]}}`, `{"a":{}}`, "$.a.b"},
		{"enough elements", `{"a":["x"]}`, `{"$.a":{"matchers":[{"match":"type","min":1}]}}`, `{"a":["y","z"]}`, ""},
		{"too few elements", `{"a":["x"]}`, `{"$.a":{"matchers":[{"match":"type","min":1}]}}`, `{"a":[]}`, "$.a"},
		{"a rule for every element", `{"a":[{"b":"x"}]}`, `{"$.a":{"matchers":[{"match":"type"}]},"$.a[*].b":{"matchers":[{"match":"regex","regex":"^[xy]$"}]}}`, `{"a":[{"b":"y"},{"b":"z"}]}`, "$.a[1].b"},
		{"like an expression", `{"a":"x1"}`, `{"$.a":{"matchers":[{"match":"regex","regex":"^x\\d$"}]}}`, `{"a":"x2"}`, ""},
		{"not like an expression", `{"a":"x1"}`, `{"$.a":{"matchers":[{"match":"regex","regex":"^x\\d$"}]}}`, `{"a":"y"}`, "$.a"},
		{"an integer", `{"a":1}`, `{"$.a":{"matchers":[{"match":"integer"}]}}`, `{"a":2}`, ""},
		{"no integer", `{"a":1}`, `{"$.a":{"matchers":[{"match":"integer"}]}}`, `{"a":2.5}`, "$.a"},
		{"true or false, of an array", `{"a":["x"]}`, `{"$.a":{"matchers":[{"match":"boolean"}]},"$.a[*]":{"matchers":[{"match":"type"}]}}`, `{"a":["y"]}`, ""},
		{"true or false, of elements", `{"a":[true]}`, `{"$.a":{"matchers":[{"match":"boolean"}]}}`, `{"a":[false,"y"]}`, "$.a[1]"},
		{"an array for true or false", `{"a":true}`, `{"$.a":{"matchers":[{"match":"boolean"}]}}`, `{"a":[true]}`, "$.a"},
		{"one of two matchers", `{"a":1}`, `{"$.a":{"combine":"OR","matchers":[{"match":"integer"},{"match":"null"}]}}`, `{"a":null}`, ""},
		{"an element among others", `{"a":[{"b":"x"}]}`, `{"$.a":{"matchers":[{"match":"arrayContains","variants":[{"index":0,"rules":{}}]}]}}`, `{"a":[{"b":"y"},{"b":"x"}]}`, ""},
		{"no such element", `{"a":[{"b":"x"}]}`, `{"$.a":{"matchers":[{"match":"arrayContains","variants":[{"index":0,"rules":{}}]}]}}`, `{"a":[{"b":"y"}]}`, "$.a"},
		{"a matcher that nobody knows", `{"a":1}`, `{"$.a":{"matchers":[{"match":"magic"}]}}`, `{"a":1}`, "$.a"},
		{"a name with a dot", `{"a.b":1}`, `{"$['a.b']":{"matchers":[{"match":"type"}]}}`, `{"a.b":2}`, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			expected := pactfile.Response{Status: 200, Body: pactfile.Body{Content: json.RawMessage(tc.want), ContentType: "application/json"}}
			if tc.rules != "" {
				if err := json.Unmarshal([]byte(`{"body":`+tc.rules+`}`), &expected.MatchingRules); err != nil {
					t.Fatal(err)
				}
			}
			var places []string
			for _, m := range Compare(expected, Answer{Status: 200, Body: []byte(tc.got)}) {
				places = append(places, strings.TrimPrefix(m.Where, "body "))
			}
			if diff := cmp.Diff(tc.places, strings.Join(places, " ")); diff != "" {
				t.Errorf("mismatches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStatusAndHeadersAreCompared(t *testing.T) {
	t.Parallel()
	var expected pactfile.Response
	source := `{"status":429,"headers":{"Content-Type":["application/json"],"Retry-After":["5"],"Allow":["GET"]},
		"matchingRules":{"header":{"Retry-After":{"matchers":[{"match":"regex","regex":"^\\d+$"}]}}}}`
	if err := json.Unmarshal([]byte(source), &expected); err != nil {
		t.Fatal(err)
	}
	good := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Retry-After": {"7"}, "Allow": {"GET"}, "Other": {"x"}}
	cases := []struct {
		name   string
		change func(*Answer)
		where  string
	}{
		{"as agreed", func(*Answer) {}, ""},
		{"another status", func(a *Answer) { a.Status = 503 }, "status"},
		{"another media type", func(a *Answer) { a.Header.Set("Content-Type", "text/html") }, "header Content-Type"},
		{"a header that is missing", func(a *Answer) { a.Header.Del("Allow") }, "header Allow"},
		{"a header with another value", func(a *Answer) { a.Header.Set("Allow", "PUT") }, "header Allow"},
		{"a header unlike its expression", func(a *Answer) { a.Header.Set("Retry-After", "soon") }, "header Retry-After"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := Answer{Status: 429, Header: good.Clone()}
			tc.change(&a)
			found := Compare(expected, a)
			if tc.where == "" && len(found) > 0 || tc.where != "" && (len(found) != 1 || found[0].Where != tc.where) {
				t.Errorf("found %v, want %q", found, tc.where)
			}
		})
	}
}

func TestPathsAreReadAsPactsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"$": "$", "$.a.b": "$.a.b", "$.a[0].b": "$.a[0].b", "$['a'][*]": "$.a[*]", "$.a[*]": "$.a[*]"} {
		got, err := ParsePath(text)
		if err != nil || got.String() != want {
			t.Errorf("%s is %s (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "a", "$a", "$.a[", "$.a[x]", "$['a", "$.", "$..a"} {
		if got, err := ParsePath(text); err == nil {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}
