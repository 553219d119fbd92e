package matching

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/somsim/somsim/contracts/pactfile"
)

// apply lists how a value misses the matchers of a rule: all of them have to
// hold, or with OR one. Lengths are not inherited.
func apply(rule pactfile.Rule, want, got any, inherited bool) (texts []string) {
	for _, m := range rule.Matchers {
		text := matches(m, want, got, inherited)
		if text == "" && strings.EqualFold(rule.Combine, "OR") {
			return nil
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// matches says how a value misses a matcher, or nothing.
func matches(m pactfile.Matcher, want, got any, inherited bool) string {
	switch m.Match {
	case "type", "min", "max", "minType", "maxType":
		return likeType(m, want, got, inherited)
	case "regex":
		return likeRegex(m.Regex, got)
	case "equality":
		return unless(equal(want, got), "%s, want %s", short(got), short(want))
	case "include":
		var part string
		if json.Unmarshal(m.Value, &part) != nil {
			return "the pact's matcher include has no text"
		}
		return unless(strings.Contains(textOf(got), part), "%s does not include %q", short(got), part)
	case "integer":
		n, ok := got.(json.Number)
		return unless(ok && !strings.ContainsAny(n.String(), ".eE"), "%s, want an integer", short(got))
	case "decimal":
		n, ok := got.(json.Number)
		return unless(ok && strings.ContainsAny(n.String(), "."), "%s, want a decimal number", short(got))
	case "number":
		return unless(kind(got) == "a number", "%s, want a number", short(got))
	case "boolean":
		if kind(want) == kind(got) && kind(got) == "an array" {
			return "" // the official verifier has it judge the elements that have no matcher of their own, and not the array
		}
		return unless(kind(got) == "true or false", "%s, want true or false", short(got))
	case "null":
		return unless(got == nil, "%s, want null", short(got))
	case "notEmpty":
		return unless(!empty(got), "is empty")
	default:
		return fmt.Sprintf("the matcher %q is not known", m.Match)
	}
}

func unless(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func likeType(m pactfile.Matcher, want, got any, inherited bool) string {
	if kind(want) != kind(got) {
		return fmt.Sprintf("%s, want %s", short(got), kind(want))
	}
	list, ok := got.([]any)
	switch {
	case !ok || inherited:
		return ""
	case m.Min != nil && len(list) < *m.Min:
		return fmt.Sprintf("%d elements, want at least %d", len(list), *m.Min)
	case m.Max != nil && len(list) > *m.Max:
		return fmt.Sprintf("%d elements, want at most %d", len(list), *m.Max)
	}
	return ""
}

func likeRegex(expression string, got any) string {
	compiled, err := regexp.Compile(expression)
	if err != nil {
		return fmt.Sprintf("the pact's expression %q cannot be read: %v", expression, err)
	}
	switch got.(type) {
	case map[string]any, []any, nil:
		return fmt.Sprintf("%s, want a text like %s", short(got), expression)
	}
	return unless(compiled.MatchString(textOf(got)), "%s is not like %s", short(got), expression)
}

// textOf is a scalar as a text.
func textOf(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	return fmt.Sprint(value)
}

func kind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	case string:
		return "a text"
	case []any:
		return "an array"
	default:
		return "an object"
	}
}

func empty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	default:
		return false
	}
}

// equal compares scalars; 1 and 1.0 are one number.
func equal(want, got any) bool {
	a, isNumber := want.(json.Number)
	b, bothAre := got.(json.Number)
	if isNumber && bothAre {
		x, okX := new(big.Rat).SetString(a.String())
		y, okY := new(big.Rat).SetString(b.String())
		return okX && okY && x.Cmp(y) == 0
	}
	if kind(want) != kind(got) {
		return false
	}
	switch want.(type) {
	case map[string]any, []any:
		x, errX := json.Marshal(want)
		y, errY := json.Marshal(got)
		return errX == nil && errY == nil && string(x) == string(y)
	default:
		return want == got
	}
}
