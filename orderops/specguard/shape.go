package specguard

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// shape is a schema made ready to be held against JSON while it is read, without making values of it. It decides itself
// what answers are made of: objects, lists, plain texts and numbers. Whatever else a schema demands the validator is asked
// about, with that part of the answer alone; so a shape never lets through what the validator would not.
type shape struct {
	schema *openapi3.Schema
	form   form
	null   bool
	// members are those of an object, others what any further member has to be; nil forbids them. required counts those
	// that have to be there, at most maxRequired.
	members  map[string]member
	others   *shape
	required uint64
	items    *shape
	words    map[string]bool // of an enumeration, in quotes
}

type member struct {
	*shape
	bit uint64 // zero for one that may be left out
}

// maxRequired is how many members of an object may be required for a shape of it.
const maxRequired = 64

// form is what a shape can decide by itself.
type form int

const (
	asked form = iota // the validator decides
	anything
	object
	list
	text
	word
	instant
	number
	integer
	truth
)

// shapes are those of a document's schemas; schemas may contain themselves.
type shapes map[*openapi3.Schema]*shape

// of makes the shape of a schema.
func (all shapes) of(ref *openapi3.SchemaRef) *shape {
	s := ref.Value
	if known := all[s]; known != nil {
		return known
	}
	made := &shape{schema: s, null: s.Nullable}
	all[s] = made
	if rest := plain(s); len(s.AllOf) == 1 && reflect.DeepEqual(rest, openapi3.Schema{AllOf: s.AllOf}) {
		only := *all.of(s.AllOf[0])
		if only.form == asked { // maybe because it is not finished
			return made
		}
		only.null = only.null || s.Nullable
		*made = only
		return made
	}
	all.decide(made)
	return made
}

// plain is a schema without what says nothing about values, and without what shapes look at anyway.
func plain(s *openapi3.Schema) openapi3.Schema {
	rest := *s
	rest.Extensions, rest.Origin, rest.Title, rest.Description, rest.Default, rest.Example = nil, nil, "", "", nil, nil
	rest.Deprecated, rest.Nullable, rest.ExternalDocs = false, false, nil
	return rest
}

// decide finds out what a shape can decide: what its schema says beyond that leaves it to the validator.
func (all shapes) decide(made *shape) {
	s, rest := made.schema, plain(made.schema)
	rest.Type = nil
	switch {
	case s.Type == nil && reflect.DeepEqual(rest, openapi3.Schema{}):
		made.form = anything
	case s.Type.Is(openapi3.TypeObject):
		rest.Properties, rest.Required, rest.AdditionalProperties = nil, nil, openapi3.AdditionalProperties{}
		if reflect.DeepEqual(rest, openapi3.Schema{}) && len(s.Required) <= maxRequired && all.object(made) {
			made.form = object
		}
	case s.Type.Is(openapi3.TypeArray) && s.Items != nil:
		rest.Items = nil
		if reflect.DeepEqual(rest, openapi3.Schema{}) {
			made.items, made.form = all.of(s.Items), list
		}
	default:
		made.form = made.scalar(rest)
	}
}

// scalar is the form of a text, a number or a truth value of which nothing but rest is demanded.
func (s *shape) scalar(rest openapi3.Schema) form {
	of := s.schema
	bare := reflect.DeepEqual(rest, openapi3.Schema{})
	switch {
	case of.Type.Is(openapi3.TypeString) && bare:
		return text
	case of.Type.Is(openapi3.TypeString) && reflect.DeepEqual(rest, openapi3.Schema{Format: "date-time"}):
		return instant
	case of.Type.Is(openapi3.TypeString) && reflect.DeepEqual(rest, openapi3.Schema{Enum: of.Enum}):
		s.words = map[string]bool{}
		for _, value := range of.Enum {
			if one, ok := value.(string); ok {
				s.words[`"`+one+`"`] = true
			}
		}
		return word
	case of.Type.Is(openapi3.TypeNumber) && bare:
		return number
	case of.Type.Is(openapi3.TypeInteger) && bare:
		return integer
	case of.Type.Is(openapi3.TypeBoolean) && bare:
		return truth
	default:
		return asked
	}
}

// object reads what the members of an object have to be.
func (all shapes) object(made *shape) bool {
	s := made.schema
	made.members = map[string]member{}
	for name, property := range s.Properties {
		if property.Value.ReadOnly || property.Value.WriteOnly {
			return false
		}
		made.members[name] = member{shape: all.of(property)}
	}
	for i, name := range s.Required {
		one, ok := made.members[name]
		if !ok || one.bit != 0 {
			return false
		}
		one.bit = 1 << i
		made.members[name], made.required = one, made.required|one.bit
	}
	switch more := s.AdditionalProperties; {
	case more.Schema != nil:
		made.others = all.of(more.Schema)
	case more.Has == nil || *more.Has:
		made.others = &shape{form: anything, null: true}
	}
	return true
}

// fits says that a text is surely as the shape wants it. One that does not fit may be as documented all the same.
func (s *shape) fits(body []byte) bool {
	from := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
	if !s.next(from) {
		return false
	}
	_, err := from.ReadToken()
	return errors.Is(err, io.EOF)
}

// next reads one value.
func (s *shape) next(from *jsontext.Decoder) bool {
	kind := from.PeekKind()
	switch {
	case kind == 'n' && s.null:
		return from.SkipValue() == nil
	case kind == 'n' || s.form == asked:
		return s.ask(from)
	case s.form == anything:
		return from.SkipValue() == nil
	case s.form == object:
		return kind == '{' && s.object(from)
	case s.form == list:
		return kind == '[' && s.list(from)
	case s.form == truth:
		return (kind == 't' || kind == 'f') && from.SkipValue() == nil
	case s.form == text:
		return kind == '"' && from.SkipValue() == nil
	case s.form == number:
		return kind == '0' && from.SkipValue() == nil
	default:
		return s.part(from)
	}
}

// part reads one value of which the text has to be looked at.
func (s *shape) part(from *jsontext.Decoder) bool {
	raw, err := from.ReadValue()
	switch {
	case err != nil:
		return false
	case s.form == word && s.words[string(raw)],
		s.form == integer && raw.Kind() == '0' && !bytes.ContainsAny(raw, ".eE"),
		s.form == instant && isInstant(raw):
		return true
	default:
		return s.validate(raw)
	}
}

func (s *shape) object(from *jsontext.Decoder) bool {
	if _, err := from.ReadToken(); err != nil {
		return false
	}
	missing := s.required
	for from.PeekKind() != '}' {
		name, err := from.ReadValue()
		if err != nil {
			return false
		}
		inner := s.others
		if bytes.IndexByte(name, '\\') >= 0 {
			return false // nobody names a member like this
		}
		if one, ok := s.members[string(name[1:len(name)-1])]; ok {
			inner, missing = one.shape, missing&^one.bit
		}
		if inner == nil || !inner.next(from) {
			return false
		}
	}
	_, err := from.ReadToken()
	return err == nil && missing == 0
}

func (s *shape) list(from *jsontext.Decoder) bool {
	if _, err := from.ReadToken(); err != nil {
		return false
	}
	for from.PeekKind() != ']' {
		if !s.items.next(from) {
			return false
		}
	}
	_, err := from.ReadToken()
	return err == nil
}

// ask has the validator look at the next value.
func (s *shape) ask(from *jsontext.Decoder) bool {
	raw, err := from.ReadValue()
	return err == nil && s.validate(raw)
}

func (s *shape) validate(raw []byte) bool {
	if s.schema == nil {
		return false
	}
	var value any
	return json.Unmarshal(raw, &value) == nil && s.schema.VisitJSON(value, openapi3.VisitAsResponse()) == nil
}

// isInstant knows the instants that order-ops writes: 2026-03-01T15:00:00Z, with or without a fraction.
func isInstant(raw []byte) bool {
	const form = `"dddd-dd-ddTdd:dd:dd`
	if len(raw) < len(form)+2 || !bytes.HasSuffix(raw, []byte(`Z"`)) {
		return false
	}
	for i, want := range []byte(form) {
		if digit := raw[i] >= '0' && raw[i] <= '9'; want == 'd' && !digit || want != 'd' && raw[i] != want {
			return false
		}
	}
	two := func(at int) int { return int(raw[at]-'0')*10 + int(raw[at+1]-'0') }
	if month, day := two(6), two(9); month < 1 || month > 12 || day < 1 || day > 31 || two(12) > 23 || two(15) > 59 || two(18) > 59 {
		return false
	}
	rest := string(raw[len(form) : len(raw)-2])
	return rest == "" || len(rest) > 1 && rest[0] == '.' && strings.Trim(rest[1:], "0123456789") == ""
}
