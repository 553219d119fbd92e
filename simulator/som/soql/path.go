package soql

import (
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// fieldPath leads over references to a field of the last parent, or of the row itself.
type fieldPath struct {
	// text is the path in canonical spelling.
	text  string
	steps []*sobject.Field
	leaf  *sobject.Field
	// poly marks a path over a reference that may point to several objects: no index leads back over it.
	poly bool
	// named says that the last step is such a reference, so that the leaf is one of what Salesforce calls the object Name.
	named bool
	// grouped marks a value of an aggregated row, which is read as it is stored.
	grouped bool
}

// value reads the field of a row; nil where a parent is missing.
func (p *fieldPath) value(x *execution, r *sobject.Record) sobject.Value {
	if p.grouped {
		return r.Get(p.leaf.Name)
	}
	owner, ok := p.owner(x, r)
	if !ok {
		return nil
	}
	return x.value(owner, p.leaf, p.named)
}

// owner is the row at the end of the path.
func (p *fieldPath) owner(x *execution, r *sobject.Record) (*sobject.Record, bool) {
	for _, step := range p.steps {
		parent, ok := x.parent(r, step)
		if !ok {
			return nil, false
		}
		r = parent
	}
	return r, true
}

// resolve looks a dotted name up. The name may begin with the alias or the name of the object, or with the short name of a parent.
func (s *scope) resolve(pos lexer.Position, written string) (*fieldPath, error) {
	parts := s.route(written)
	if len(parts)-1 > maxParentLevels {
		return nil, refuse(MalformedQuery, "a path cannot go over more than %d parent relationships: %s", maxParentLevels, written).at(s.text, pos)
	}
	p := &fieldPath{}
	objects := []*sobject.Object{s.object}
	names := make([]string, 0, len(parts))
	for i, part := range parts[:len(parts)-1] {
		step, ok := parentOf(objects, part)
		if !ok {
			return nil, s.unknownRelationship(pos, part, "field path")
		}
		if err := s.countRelationship(pos, strings.Join(parts[:i+1], ".")); err != nil {
			return nil, err
		}
		p.steps, names = append(p.steps, step), append(names, step.RelationshipName)
		p.named = len(step.ReferenceTo) > 1
		p.poly = p.poly || p.named
		objects = s.targets(step)
	}
	last := parts[len(parts)-1]
	leaf, ok := fieldOf(objects, last)
	if p.named {
		leaf, ok = nameField(objects, last)
	}
	if !ok {
		return nil, s.unknownField(pos, last, entity(objects))
	}
	p.leaf, p.text = leaf, strings.Join(append(names, leaf.Name), ".")
	return p, nil
}

// route splits a path and puts what stands for the row or a parent in the place of short names.
func (s *scope) route(written string) []string {
	parts := strings.Split(written, ".")
	if len(parts) == 1 {
		return parts
	}
	if route, ok := s.parents[strings.ToLower(parts[0])]; ok {
		return append(strings.Split(route, "."), parts[1:]...)
	}
	if s.isSelf(parts[0]) {
		return parts[1:]
	}
	return parts
}

// isSelf says whether a first part of a path is the row itself rather than a parent.
func (s *scope) isSelf(part string) bool {
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

func (c *compiler) unknownField(pos lexer.Position, name, entity string) error {
	return refuse(InvalidField, "No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append the "+
		"'__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
		name, entity).at(c.text, pos)
}

func (c *compiler) unknownRelationship(pos lexer.Position, name, where string) error {
	return refuse(InvalidField, "Didn't understand relationship '%s' in %s. If you are attempting to use a custom relationship, be sure to append "+
		"the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.",
		name, where).at(c.text, pos)
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

// nameType is the field of the object Name that tells which object a row is of.
const nameType = "Type"

// nameField finds a field of the object Name, as which Salesforce shows a parent that may be of several objects. Source: object reference, Name.
func nameField(objects []*sobject.Object, name string) (*sobject.Field, bool) {
	known := []string{
		"Id", "Name", nameType, "Alias", "Email", "FirstName", "IsActive", "LastName", "NameOrAlias", "Phone", "ProfileId", "RecordTypeId", "Title",
		"UserRoleId", "Username",
	}
	i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
	if i < 0 {
		return nil, false
	}
	if f, ok := fieldOf(objects, known[i]); ok && known[i] != nameType {
		return f, true
	}
	return &sobject.Field{Name: known[i], Type: sobject.TypeString}, true
}

// entity is what an error calls the end of a path: Salesforce calls the common part of several objects "Name".
func entity(objects []*sobject.Object) string {
	if len(objects) == 1 {
		return objects[0].Name
	}
	return "Name"
}
