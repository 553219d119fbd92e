package choice

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v3"
)

// Read reads choices out of YAML: a map from their ids to values. Everything that is wrong comes back at once, one line
// each, with the file's name and the line in it.
func Read(file string, text []byte, tables ...Table) (Values, error) {
	r := &reader{file: file, values: Values{
		tables: tables, chosen: map[string]string{}, refusals: map[string]map[string]Refusal{}, rates: map[string]map[string]decimal.Decimal{},
	}}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return Values{}, fmt.Errorf("%s: %w", file, err)
	}
	if document.Kind == 0 { // an empty file chooses nothing
		return r.values, nil
	}
	r.pairs(document.Content[0], func(key, value *yaml.Node) {
		c, ok := r.values.find(key.Value)
		if !ok {
			r.wrong(key, "there is no choice %q", key.Value)
			return
		}
		r.choose(c, value)
	})
	if err := errors.Join(r.problems...); err != nil {
		return Values{}, err
	}
	return r.values, nil
}

type reader struct {
	file     string
	values   Values
	problems []error
}

func (r *reader) wrong(at *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf("%s:%d: %s", r.file, at.Line, fmt.Sprintf(format, args...)))
}

// pairs visits the entries of a map; keys that are there twice are told.
func (r *reader) pairs(n *yaml.Node, visit func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "a map was expected")
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if line, twice := seen[key.Value]; twice {
			r.wrong(key, "%s was chosen in line %d already", key.Value, line)
			continue
		}
		seen[key.Value] = key.Line
		visit(key, value)
	}
}

func (r *reader) choose(c Choice, value *yaml.Node) {
	switch c.Kind {
	case Refusals:
		r.readRefusals(c, value)
	case Rates:
		r.readRates(c, value)
	case Text, Number, Duration, "":
		if value.Kind != yaml.ScalarNode {
			r.wrong(value, "%s takes one value", c.ID)
			return
		}
		if err := c.Check(value.Value); err != nil {
			r.wrong(value, "%s", err)
			return
		}
		r.values.chosen[c.ID] = value.Value
	}
}

func (r *reader) readRefusals(c Choice, n *yaml.Node) {
	known, err := c.Keys()
	if err != nil {
		r.wrong(n, "%s", err)
		return
	}
	chosen := map[string]Refusal{}
	r.pairs(n, func(key, value *yaml.Node) {
		if !slices.Contains(known, key.Value) {
			r.wrong(key, "%s: there is no rule %q", c.ID, key.Value)
			return
		}
		chosen[key.Value] = r.readRefusal(value)
	})
	r.values.refusals[c.ID] = chosen
}

func (r *reader) readRefusal(n *yaml.Node) Refusal {
	var refusal Refusal
	r.pairs(n, func(key, value *yaml.Node) {
		switch key.Value {
		case "status":
			status, err := strconv.Atoi(value.Value)
			if err != nil || status < 400 || status > 599 {
				r.wrong(value, "%q is no status from 400 to 599", value.Value)
			}
			refusal.Status = status
		case "code":
			if refusal.Code = value.Value; strings.TrimSpace(refusal.Code) == "" {
				r.wrong(value, "the code is empty")
			}
		case "message":
			if refusal.Message = value.Value; strings.TrimSpace(refusal.Message) == "" {
				r.wrong(value, "the message is empty")
			}
		default:
			r.wrong(key, "a refusal has status, code and message, not %s", key.Value)
		}
	})
	return refusal
}

func (r *reader) readRates(c Choice, n *yaml.Node) {
	rates := map[string]decimal.Decimal{}
	r.pairs(n, func(key, value *yaml.Node) {
		rate, err := decimal.NewFromString(value.Value)
		if err != nil || !rate.IsPositive() {
			r.wrong(value, "%s: %q is no rate above 0", c.ID, value.Value)
		}
		if len(key.Value) != 3 || strings.ToUpper(key.Value) != key.Value {
			r.wrong(key, "%s: %q is no currency", c.ID, key.Value)
		}
		rates[key.Value] = rate
	})
	r.values.rates[c.ID] = rates
}

// Sorted lists the keys of a set, for [Choice.Keys].
func Sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
