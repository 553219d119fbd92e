// Package matching compares an answer with what a pact says of it, by the
// rules of Pact version 4: what the pact does not name may be anything, what it
// names is equal unless a matcher says otherwise, and a matcher holds for
// everything below its path that has none of its own. It knows the matchers
// that JSON and headers need; one that it does not know is a mismatch, never a
// match.
package matching

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"github.com/somsim/somsim/contracts/pactfile"
)

// Mismatch is one place where an answer is not what the pact says.
type Mismatch struct {
	// Where is "status", "header NAME", or "body" with the path of a value.
	Where string
	Text  string
}

func (m Mismatch) String() string { return m.Where + ": " + m.Text }

// Answer is what a provider said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Compare lists where an answer is not what the pact says of it.
func Compare(expected pactfile.Response, actual Answer) (found []Mismatch) {
	if m := status(expected, actual.Status); m != "" {
		found = append(found, Mismatch{"status", m})
	}
	found = append(found, headers(expected, actual.Header)...)
	if len(expected.Body.Content) > 0 && string(expected.Body.Content) != "null" {
		found = append(found, bodies(expected.Body, expected.MatchingRules["body"], actual.Body)...)
	}
	return found
}

func status(expected pactfile.Response, actual int) string {
	rule, ruled := expected.MatchingRules["status"][""]
	if !ruled {
		if expected.Status != actual {
			return fmt.Sprintf("%d, want %d", actual, expected.Status)
		}
		return ""
	}
	for _, m := range rule.Matchers {
		var codes []int
		var class string
		switch {
		case json.Unmarshal(m.Status, &codes) == nil:
			for _, code := range codes {
				if code == actual {
					return ""
				}
			}
		case json.Unmarshal(m.Status, &class) == nil && ofClass(class, actual):
			return ""
		}
	}
	return fmt.Sprintf("%d, want one that the pact names", actual)
}

func ofClass(class string, status int) bool {
	switch class {
	case "info":
		return status/100 == 1
	case "success":
		return status/100 == 2
	case "redirect":
		return status/100 == 3
	case "clientError":
		return status/100 == 4
	case "serverError":
		return status/100 == 5
	case "nonError":
		return status < 400
	case "error":
		return status >= 400
	default:
		return false
	}
}

func headers(expected pactfile.Response, actual http.Header) (found []Mismatch) {
	for _, name := range sorted(expected.Headers) {
		want := strings.Join(expected.Headers[name], ", ")
		where := "header " + http.CanonicalHeaderKey(name)
		values, present := actual[http.CanonicalHeaderKey(name)]
		got := strings.Join(values, ", ")
		rule, ruled := ruleOfHeader(expected.MatchingRules["header"], name)
		switch {
		case !present:
			found = append(found, Mismatch{where, "is missing"})
		case ruled:
			for _, text := range apply(rule, want, got, false) {
				found = append(found, Mismatch{where, text})
			}
		case strings.EqualFold(name, "Content-Type"):
			if text := contentType(want, got); text != "" {
				found = append(found, Mismatch{where, text})
			}
		case got != want:
			found = append(found, Mismatch{where, fmt.Sprintf("%q, want %q", got, want)})
		}
	}
	return found
}

func ruleOfHeader(rules map[string]pactfile.Rule, name string) (pactfile.Rule, bool) {
	for at, rule := range rules {
		bare, _, _ := strings.Cut(strings.TrimPrefix(at, "$."), "[")
		if strings.EqualFold(bare, name) {
			return rule, true
		}
	}
	return pactfile.Rule{}, false
}

// contentType lets a provider add parameters, such as a charset.
func contentType(want, got string) string {
	wanted, wantedParams, err := mime.ParseMediaType(want)
	if err != nil {
		return fmt.Sprintf("%q is no media type", want)
	}
	media, params, err := mime.ParseMediaType(got)
	if err != nil || media != wanted {
		return fmt.Sprintf("%q, want %q", got, want)
	}
	for name, value := range wantedParams {
		if !strings.EqualFold(params[name], value) {
			return fmt.Sprintf("%q, want %q", got, want)
		}
	}
	return ""
}

func bodies(expected pactfile.Body, rules map[string]pactfile.Rule, actual []byte) []Mismatch {
	if !strings.Contains(expected.ContentType, "json") {
		if string(expected.Bytes()) != string(actual) {
			return []Mismatch{{"body", fmt.Sprintf("%q, want %q", actual, expected.Bytes())}}
		}
		return nil
	}
	want, err := decode(expected.Content)
	if err != nil {
		return []Mismatch{{"body", "the pact's own is no JSON: " + err.Error()}}
	}
	got, err := decode(actual)
	if err != nil {
		return []Mismatch{{"body", "is no JSON: " + err.Error()}}
	}
	parsed, err := parseRules(rules)
	if err != nil {
		return []Mismatch{{"body", err.Error()}}
	}
	c := &comparison{rules: parsed}
	c.values(Path{}, want, got)
	return c.found
}

func decode(source []byte) (value any, err error) {
	d := json.NewDecoder(bytes.NewReader(source))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("there is more after the first value")
	}
	return value, nil
}

// ruleAt is a rule with its path.
type ruleAt struct {
	path Path
	rule pactfile.Rule
}

func parseRules(rules map[string]pactfile.Rule) (all []ruleAt, err error) {
	for _, text := range sorted(rules) {
		path, err := ParsePath(text)
		if err != nil {
			return nil, err
		}
		all = append(all, ruleAt{path, rules[text]})
	}
	return all, nil
}

// comparison walks through two JSON documents at once.
type comparison struct {
	rules []ruleAt
	found []Mismatch
}

func (c *comparison) miss(at Path, format string, args ...any) {
	c.found = append(c.found, Mismatch{"body " + at.String(), fmt.Sprintf(format, args...)})
}

// rule is the closest one that holds for a value, and whether it was said of
// something above it.
func (c *comparison) rule(at Path) (rule pactfile.Rule, inherited, ok bool) {
	best := 0
	for _, r := range c.rules {
		if weight, covers := r.path.covers(at); covers && weight > best {
			best, rule, inherited, ok = weight, r.rule, len(r.path) < len(at), true
		}
	}
	return rule, inherited, ok
}

func (c *comparison) values(at Path, want, got any) {
	rule, inherited, ruled := c.rule(at)
	if variants := variantsOf(rule); ruled && !inherited && len(variants) > 0 {
		c.contains(at, variants, want, got)
		return
	}
	if ruled {
		texts := apply(rule, want, got, inherited)
		for _, text := range texts {
			c.miss(at, "%s", text)
		}
		if len(texts) > 0 {
			return
		}
	}
	switch want := want.(type) {
	case map[string]any:
		c.objects(at, want, got, ruled)
	case []any:
		c.arrays(at, want, got, ruled)
	default:
		if !ruled && !equal(want, got) {
			c.miss(at, "%s, want %s", short(got), short(want))
		}
	}
}

func (c *comparison) objects(at Path, want map[string]any, got any, ruled bool) {
	object, ok := got.(map[string]any)
	if !ok {
		c.miss(at, "%s, want an object", short(got))
		return
	}
	if len(want) == 0 && len(object) > 0 && !ruled {
		c.miss(at, "%s, want an empty object", short(got))
	}
	for _, name := range sorted(want) {
		value, present := object[name]
		if !present {
			c.miss(at.below(name), "is missing")
			continue
		}
		c.values(at.below(name), want[name], value)
	}
}

func (c *comparison) arrays(at Path, want []any, got any, ruled bool) {
	list, ok := got.([]any)
	if !ok {
		c.miss(at, "%s, want an array", short(got))
		return
	}
	if !ruled {
		if len(list) != len(want) {
			c.miss(at, "%d elements, want %d", len(list), len(want))
		}
		for i := range min(len(list), len(want)) {
			c.values(at.below(strconv.Itoa(i)), want[i], list[i])
		}
		return
	}
	for i, element := range list {
		switch { // every element is like the example's, of which there may be fewer
		case i < len(want):
			c.values(at.below(strconv.Itoa(i)), want[i], element)
		case len(want) > 0:
			c.values(at.below(strconv.Itoa(i)), want[0], element)
		}
	}
}

func variantsOf(rule pactfile.Rule) []pactfile.Variant {
	for _, m := range rule.Matchers {
		if m.Match == "arrayContains" {
			return m.Variants
		}
	}
	return nil
}

// contains looks for each variant among the elements, in any order.
func (c *comparison) contains(at Path, variants []pactfile.Variant, want, got any) {
	list, ok := got.([]any)
	examples, isList := want.([]any)
	if !ok || !isList {
		c.miss(at, "%s, want an array", short(got))
		return
	}
	for _, v := range variants {
		rules, err := parseRules(v.Rules)
		if err != nil || v.Index >= len(examples) {
			c.miss(at, "the pact has no element %d to compare with", v.Index)
			continue
		}
		matched := false
		for _, element := range list {
			one := &comparison{rules: rules}
			one.values(Path{}, examples[v.Index], element)
			matched = matched || len(one.found) == 0
		}
		if !matched {
			c.miss(at, "no element is like %s", short(examples[v.Index]))
		}
	}
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// short writes a value so that it fits a line.
func short(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	const most = 120
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
