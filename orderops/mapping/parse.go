package mapping

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/specs"
)

//go:embed standard.yaml
var standardFile []byte

// Standard is the table with what both systems have out of the box.
func Standard() (*Table, error) { return Parse(nil) }

// Parse reads a file of rules and puts them on top of the standard ones: a rule about a field or a property that has one
// already takes its place. The error joins one line for every problem.
func Parse(raw []byte) (*Table, error) {
	standard, err := read(standardFile)
	if err != nil {
		return nil, fmt.Errorf("standard table: %w", err)
	}
	own, err := read(raw)
	if err != nil {
		return nil, err
	}
	known, err := loadVendors()
	if err != nil {
		return nil, err
	}
	t := &Table{map[Entity][]Rule{}}
	var problems []string
	for _, e := range Entities() {
		problems = append(problems, known.check(e, own[e])...)
		for _, r := range standard[e] {
			if !slices.ContainsFunc(own[e], func(o Rule) bool { return o.SOM == r.SOM || o.Commerce == r.Commerce }) {
				t.rules[e] = append(t.rules[e], r)
			}
		}
		t.rules[e] = append(t.rules[e], own[e]...)
	}
	if len(problems) > 0 {
		return nil, errors.New(strings.Join(problems, "\n"))
	}
	return t, nil
}

// read reads rules without looking at what they say.
func read(raw []byte) (map[Entity][]Rule, error) {
	var f struct {
		Order    []Rule `yaml:"order"`
		Item     []Rule `yaml:"item"`
		Delivery []Rule `yaml:"delivery"`
		Payment  []Rule `yaml:"payment"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		var types *yaml.TypeError
		if errors.As(err, &types) {
			return nil, errors.New(strings.Join(types.Errors, "\n"))
		}
		return nil, err
	}
	rules := map[Entity][]Rule{Order: f.Order, Item: f.Item, Delivery: f.Delivery, Payment: f.Payment}
	for _, list := range rules {
		for i := range list {
			if list[i].As == "" {
				list[i].As = Text
			}
		}
	}
	return rules, nil
}

// vendors is what the systems have out of the box.
type vendors struct {
	fields     map[Entity]map[string]bool
	properties map[string]schema
}

// schema is as much of a schema of commerce's document as tells its properties.
type schema struct {
	Ref        string            `yaml:"$ref"`
	Properties map[string]schema `yaml:"properties"`
}

func loadVendors() (vendors, error) {
	v := vendors{fields: map[Entity]map[string]bool{}}
	for _, e := range Entities() {
		raw, err := specs.FS.ReadFile("som/sobjects/" + e.Object() + ".yaml")
		if err != nil {
			return v, fmt.Errorf("read the fields of %s: %w", e.Object(), err)
		}
		var object struct {
			Fields []struct {
				Name string `yaml:"name"`
			} `yaml:"fields"`
		}
		if err := yaml.Unmarshal(raw, &object); err != nil {
			return v, fmt.Errorf("read the fields of %s: %w", e.Object(), err)
		}
		v.fields[e] = map[string]bool{}
		for _, f := range object.Fields {
			v.fields[e][f.Name] = true
		}
	}
	raw, err := specs.FS.ReadFile("b2c/openapi.yaml")
	if err != nil {
		return v, fmt.Errorf("read the properties of commerce: %w", err)
	}
	var document struct {
		Components struct {
			Schemas map[string]schema `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(raw, &document); err != nil {
		return v, fmt.Errorf("read the properties of commerce: %w", err)
	}
	v.properties = document.Components.Schemas
	return v, nil
}

// The names of custom fields and attributes.
var (
	customField     = regexp.MustCompile(`^[A-Za-z]([A-Za-z0-9]|_[A-Za-z0-9])*__c$`)
	customAttribute = regexp.MustCompile(`^c_[A-Za-z][A-Za-z0-9_]*$`)
)

// check finds what is wrong with the rules of an entity.
func (v vendors) check(e Entity, rules []Rule) []string {
	var problems []string
	seen := map[string]bool{}
	for i, r := range rules {
		where := fmt.Sprintf("%s: rule %d (%s, %s)", e, i+1, r.SOM, r.Commerce)
		tell := func(format string, args ...any) { problems = append(problems, where+": "+fmt.Sprintf(format, args...)) }
		switch {
		case r.SOM == "":
			tell("som is required: a field of %s", e.Object())
		case !v.fields[e][r.SOM] && !customField.MatchString(r.SOM):
			tell("%s has no field %s; a custom one ends in __c", e.Object(), r.SOM)
		}
		switch {
		case r.Commerce == "":
			tell("commerce is required: a property of %s", e.schema())
		case !v.has(v.properties[e.schema()], r.Commerce) && !customAttribute.MatchString(r.Commerce):
			tell("%s has no property %s; a custom one begins with c_", e.schema(), r.Commerce)
		}
		for _, name := range []string{"som " + r.SOM, "commerce " + r.Commerce} {
			if seen[name] {
				tell("%s is there twice", name)
			}
			seen[name] = true
		}
		for _, p := range r.problems() {
			tell("%s", p)
		}
	}
	return problems
}

// has says that a schema has a property, with dots between nested names.
func (v vendors) has(s schema, property string) bool {
	if s.Ref != "" {
		s = v.properties[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	head, tail, nested := strings.Cut(property, ".")
	inner, ok := s.Properties[head]
	return ok && (!nested || v.has(inner, tail))
}

// problems are those of the rule alone.
func (r Rule) problems() []string {
	var list []string
	if !slices.Contains([]Form{Text, Number, Flag, Instant, Date, Choice}, r.As) {
		list = append(list, fmt.Sprintf("as %q is none of text, number, flag, instant, date, choice", r.As))
	}
	if (r.As == Choice) != (len(r.Values) > 0) {
		list = append(list, "values belong to as: choice, which needs some")
	}
	back := map[string]string{}
	for _, som := range slices.Sorted(maps.Keys(r.Values)) {
		if other, twice := back[r.Values[som]]; twice {
			list = append(list, fmt.Sprintf("values %q and %q are both %q: there would be no way back", other, som, r.Values[som]))
		}
		back[r.Values[som]] = som
	}
	if r.Copy && !strings.HasPrefix(r.Commerce, "c_") {
		list = append(list, "copy is for custom attributes; the rest of an order is copied as commerce has it")
	}
	return list
}
