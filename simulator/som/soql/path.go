package soql

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// fieldPath leads over references to a field of the last parent, or of the row itself.
type fieldPath struct {
	steps []*sobject.Field
	leaf  *sobject.Field
	// poly marks a path over a reference that may point to several objects: the leaf is then found row by row.
	poly bool
}

// value reads the field of a row; nil where a parent is missing.
func (p *fieldPath) value(x *execution, r *sobject.Record) sobject.Value {
	for _, step := range p.steps {
		parent, ok := x.src.Get(r.Text(step.Name))
		if !ok {
			return nil
		}
		r = parent
	}
	return x.value(r, p.leaf, p.poly)
}

// resolve looks a dotted name up. The name may begin with the alias or the name of the object.
func (s *scope) resolve(pos lexer.Position, name string) (*fieldPath, error) {
	parts := strings.Split(name, ".")
	if len(parts) > 1 && s.names(parts[0]) {
		parts = parts[1:]
	}
	if len(parts)-1 > maxParentLevels {
		return nil, refuse(MalformedQuery, "a path cannot go over more than %d parent relationships: %s", maxParentLevels, name).at(s.text, pos)
	}
	var p fieldPath
	objects := []*sobject.Object{s.object}
	for i, part := range parts[:len(parts)-1] {
		step, ok := parentOf(objects, part)
		if !ok {
			return nil, s.unknownRelationship(pos, part, "field path")
		}
		if err := s.countRelationship(pos, strings.Join(parts[:i+1], ".")); err != nil {
			return nil, err
		}
		p.steps = append(p.steps, step)
		p.poly = p.poly || len(step.ReferenceTo) > 1
		objects = s.targets(step)
	}
	leaf, ok := fieldOf(objects, parts[len(parts)-1])
	if !ok {
		return nil, refuse(InvalidField, "No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append the "+
			"'__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
			parts[len(parts)-1], entity(objects)).at(s.text, pos)
	}
	p.leaf = leaf
	return &p, nil
}

// names says whether a first part of a path is the row itself rather than a parent.
func (s *scope) names(part string) bool {
	if s.alias != "" && strings.EqualFold(part, s.alias) {
		return true
	}
	_, parent := s.object.Parent(part)
	return !parent && strings.EqualFold(part, s.object.Name)
}

// countRelationship holds the statement to its number of child-to-parent relationships.
func (s *scope) countRelationship(pos lexer.Position, route string) error {
	s.relationships[s.object.Name+"."+strings.ToLower(route)] = true
	if len(s.relationships) <= maxRelationships {
		return nil
	}
	return refuse(MalformedQuery, "Maximum number of parent relationships allowed in a query is %d", maxRelationships).at(s.text, pos)
}

func (c *compiler) targets(reference *sobject.Field) []*sobject.Object {
	objects := make([]*sobject.Object, 0, len(reference.ReferenceTo))
	for _, name := range reference.ReferenceTo {
		if o, ok := c.catalog.Object(name); ok {
			objects = append(objects, o)
		}
	}
	return objects
}

func parentOf(objects []*sobject.Object, relationship string) (*sobject.Field, bool) {
	for _, o := range objects {
		if f, ok := o.Parent(relationship); ok {
			return f, true
		}
	}
	return nil, false
}

func fieldOf(objects []*sobject.Object, name string) (*sobject.Field, bool) {
	for _, o := range objects {
		if f, ok := o.Field(name); ok {
			return f, true
		}
	}
	return nil, false
}

// entity is what an error calls the end of a path: Salesforce calls the common part of several objects "Name".
func entity(objects []*sobject.Object) string {
	if len(objects) == 1 {
		return objects[0].Name
	}
	return "Name"
}
