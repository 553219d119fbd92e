package ocapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/shopspring/decimal"
)

// value is JSON with its properties in order, so that what is left of a document reads as the document did.
type value struct {
	raw json.RawMessage
	// members are those of an object, elements those of an array; both are nil for simple values.
	members  []member
	elements []value
}

type member struct {
	name string
	value
}

func (v value) complex() bool { return v.members != nil || v.elements != nil }

func (v value) property(name string) value {
	for _, m := range v.members {
		if m.name == name {
			return m.value
		}
	}
	return value{}
}

// text is a simple value as a person would write it.
func (v value) text() string {
	var s string
	if json.Unmarshal(v.raw, &s) == nil {
		return s
	}
	return string(v.raw)
}

func readValue(raw json.RawMessage) (value, error) {
	v := value{raw: raw}
	switch raw = bytes.TrimSpace(raw); {
	case len(raw) == 0:
		return v, fmt.Errorf("no JSON")
	case raw[0] == '{':
		return v, v.readMembers(raw)
	case raw[0] == '[':
		var elements []json.RawMessage
		if err := json.Unmarshal(raw, &elements); err != nil {
			return v, err
		}
		v.elements = []value{}
		for _, element := range elements {
			e, err := readValue(element)
			if err != nil {
				return v, err
			}
			v.elements = append(v.elements, e)
		}
	}
	return v, nil
}

func (v *value) readMembers(raw json.RawMessage) error {
	v.members = []member{}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var below json.RawMessage
		if err := decoder.Decode(&below); err != nil {
			return err
		}
		read, err := readValue(below)
		if err != nil {
			return err
		}
		text, _ := name.(string)
		v.members = append(v.members, member{text, read})
	}
	return nil
}

// Apply returns what the selector leaves of a JSON document, in the same order and spelling. A document's own properties,
// whose names begin with an underscore, always stay.
func (s Selector) Apply(document []byte) ([]byte, error) {
	v, err := readValue(document)
	if err != nil {
		return nil, fmt.Errorf("select from a document: %w", err)
	}
	var out bytes.Buffer
	s.write(&out, v)
	return out.Bytes(), nil
}

func (s Selector) write(out *bytes.Buffer, v value) {
	switch {
	case v.members != nil:
		s.writeObject(out, v)
	case v.elements != nil:
		writeElements(out, v.elements, s)
	default:
		out.Write(v.raw)
	}
}

func writeElements(out *bytes.Buffer, elements []value, s Selector) {
	out.WriteByte('[')
	for i, element := range elements {
		if i > 0 {
			out.WriteByte(',')
		}
		s.write(out, element)
	}
	out.WriteByte(']')
}

func (s Selector) writeObject(out *bytes.Buffer, v value) {
	out.WriteByte('{')
	first := true
	for _, m := range v.members {
		wanted, below, pick := s.choose(m)
		if !wanted {
			continue
		}
		if !first {
			out.WriteByte(',')
		}
		first = false
		name, _ := json.Marshal(m.name) //nolint:errchkjson // a text always is JSON
		out.Write(name)
		out.WriteByte(':')
		if pick != nil && m.elements != nil {
			writeElements(out, picked(m.elements, pick), below)
			continue
		}
		below.write(out, m.value)
	}
	out.WriteByte('}')
}

func picked(elements []value, pick picker) []value {
	var out []value
	for i, element := range elements {
		if pick(i, element) {
			out = append(out, element)
		}
	}
	return out
}

// everything selects all there is.
func everything() Selector { return Selector{clauses: []clause{{name: "**"}}} }

// choose tells whether a property stays, and what of it. The last clause that speaks of it decides; what clauses say about
// the level below adds up.
func (s Selector) choose(m member) (wanted bool, below Selector, pick picker) {
	if strings.HasPrefix(m.name, "_") {
		return true, everything(), nil
	}
	for _, c := range s.clauses {
		switch {
		case c.name == "**" && c.below == nil:
			wanted, below, pick = !c.exclude, everything(), nil
		case c.name == "*" && c.below == nil:
			if !m.complex() {
				wanted = !c.exclude
			}
		case !matches(c.name, m.name):
		case c.below == nil:
			wanted, below, pick = !c.exclude, everything(), c.pick
		case c.exclude:
			below.clauses = append(below.clauses, excluded(*c.below)...)
		default:
			wanted, pick = true, c.pick
			below.clauses = append(below.clauses, c.below.clauses...)
		}
	}
	return wanted, below, pick
}

// excluded turns what a selector includes into what is taken away.
func excluded(s Selector) []clause {
	out := make([]clause, 0, len(s.clauses))
	for _, c := range s.clauses {
		c.exclude = true
		out = append(out, c)
	}
	return out
}

// matches compares a property with a name that may hold stars, as in c_*.
func matches(pattern, name string) bool {
	if !strings.Contains(pattern, "*") {
		return pattern == name
	}
	ok, err := path.Match(strings.ReplaceAll(pattern, "**", "*"), name)
	return ok && err == nil
}

// compares holds a property against a literal: as numbers when both are, else as texts. What is not there equals nothing.
func compares(v value, operator, literal string) bool {
	if v.raw == nil || v.complex() {
		return operator == "!="
	}
	order := strings.Compare(v.text(), literal)
	a, errA := decimal.NewFromString(v.text())
	b, errB := decimal.NewFromString(literal)
	if errA == nil && errB == nil {
		order = a.Cmp(b)
	}
	switch operator {
	case "==":
		return order == 0
	case "!=":
		return order != 0
	case "<=":
		return order <= 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	default:
		return order > 0
	}
}

// Selects reports whether a property at the top of a document is among those that the selector leaves.
func (s Selector) Selects(name string) bool {
	wanted, _, _ := s.choose(member{name: name})
	return wanted
}
