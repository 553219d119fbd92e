package soql

import "github.com/somsim/somsim/simulator/som/sobject"

// typedColumns are what TYPEOF selects of a parent, by the object of the parent.
type typedColumns struct {
	when map[string][]column
	// other are the columns of all further objects (ELSE); nil leaves null of them.
	other []column
}

// typedColumn reads TYPEOF parent WHEN object THEN fields ELSE fields END.
func (s *scope) typedColumn(t *typeOf) (*column, error) {
	step, ok := s.object.Parent(t.Relationship.Name)
	if !ok {
		return nil, s.unknownRelationship(t.Relationship.Pos, t.Relationship.Name, "TYPEOF")
	}
	if len(step.ReferenceTo) < 2 {
		return nil, refuse(MalformedQuery, "the relationship %s in TYPEOF is not polymorphic", step.RelationshipName).at(s.text, t.Relationship.Pos)
	}
	if err := s.countRelationship(t.Relationship.Pos, step.RelationshipName); err != nil {
		return nil, err
	}
	typed := &typedColumns{when: map[string][]column{}}
	for _, c := range t.When {
		if err := s.typedCase(step, c, typed); err != nil {
			return nil, err
		}
	}
	for _, f := range t.Else {
		field, ok := nameField(s.targets(step), f.Name)
		if !ok {
			return nil, s.unknownField(f.Pos, f.Name, "Name")
		}
		if err := s.addLeaf(f.Pos, &typed.other, column{name: field.Name, field: field, named: true}); err != nil {
			return nil, err
		}
	}
	return &column{name: step.RelationshipName, field: step, typed: typed}, nil
}

// typedCase reads WHEN object THEN fields.
func (s *scope) typedCase(step *sobject.Field, c *typeCase, typed *typedColumns) error {
	object, ok := s.catalog.Object(c.Object.Name)
	if !ok || !step.Refers(object.Name) {
		return refuse(InvalidField, "the relationship %s in TYPEOF does not refer to %s", step.RelationshipName, c.Object.Name).at(s.text, c.Object.Pos)
	}
	if _, again := typed.when[object.Name]; again {
		return refuse(MalformedQuery, "duplicate WHEN in TYPEOF: %s", object.Name).at(s.text, c.Object.Pos)
	}
	of := &scope{compiler: s.compiler, object: object}
	var columns []column
	for _, f := range c.Fields {
		if err := of.selectPath(f.Pos, f.Name, &columns); err != nil {
			return err
		}
	}
	typed.when[object.Name] = columns
	return nil
}
