package somrest

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// The limits of a tree. Source: REST API Developer Guide, sObject Tree.
const (
	maxTreeRows   = 200
	maxTreeTypes  = 5
	maxTreeLevels = 5
)

type treeInput struct {
	Records []json.RawMessage `json:"records"`
}

type treeOutput struct {
	HasErrors bool         `json:"hasErrors"`
	Results   []treeResult `json:"results"`
}

type treeResult struct {
	ReferenceID string     `json:"referenceId"`
	ID          string     `json:"id,omitempty"`
	Errors      []rowError `json:"errors,omitempty"`
}

// treeRow is a row of a tree with what is to be created below it.
type treeRow struct {
	object      *sobject.Object
	referenceID string
	// sent is the row as the caller sent it, with its children.
	sent json.RawMessage
	// body is the row's own fields; parent is the field that will hold above, the id of the row above; empty for a root.
	body     []member
	parent   string
	above    string
	children []*treeRow
}

// tree is a whole tree while it is read and created.
type tree struct {
	a     *API
	c     *binding.Call
	rows  []*treeRow
	types map[string]bool
	out   treeOutput
}

// createTree creates rows with their children, all or none.
func (a *API) createTree(c *binding.Call) (*binding.Response, error) {
	o, err := a.object(c)
	if err != nil {
		return nil, err
	}
	var in treeInput
	if err := json.Unmarshal(c.Request.Body, &in); err != nil {
		return nil, notJSON(err)
	}
	t := &tree{a: a, c: c, types: map[string]bool{}, out: treeOutput{Results: []treeResult{}}}
	roots, err := t.read(o, "", in.Records, 1)
	if err == nil {
		err = t.check()
	}
	if err != nil {
		return nil, err
	}
	mark := c.Tx.Mark()
	if t.distinct() {
		if err := t.create(roots); err != nil {
			return nil, err
		}
	}
	if !t.out.HasErrors {
		return binding.JSONResponse(http.StatusCreated, t.out), nil
	}
	c.Tx.RollbackTo(mark)
	return binding.JSONResponse(http.StatusBadRequest, t.out), nil
}

func badTree(format string, args ...any) error {
	return &som.Error{Code: som.CodeWrongType, Rule: "som.composite.tree", Message: fmt.Sprintf(format, args...)}
}

// read reads rows of one object and, below them, their children.
func (t *tree) read(o *sobject.Object, parent string, records []json.RawMessage, level int) ([]*treeRow, error) {
	if level > maxTreeLevels {
		return nil, badTree("A tree has at most %d levels.", maxTreeLevels)
	}
	t.types[o.Name] = true
	var rows []*treeRow
	for _, raw := range records {
		row := &treeRow{object: o, parent: parent, sent: raw}
		t.rows, rows = append(t.rows, row), append(rows, row)
		if err := t.readRow(row, raw, level); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (t *tree) readRow(row *treeRow, raw json.RawMessage, level int) error {
	sent, err := members(raw)
	if err != nil {
		return err
	}
	for _, m := range sent {
		child, isChild := row.object.Child(m.name)
		switch {
		case m.name == "attributes":
			err = t.readAttributes(row, m.raw)
		case isChild && jsonType(m.raw) == "START_OBJECT":
			err = t.readChildren(row, child, m.raw, level)
		default:
			row.body = append(row.body, m)
		}
		if err != nil {
			return err
		}
	}
	if row.referenceID == "" {
		return badTree("Every record of a tree needs attributes with a type and a referenceId.")
	}
	return nil
}

func (t *tree) readAttributes(row *treeRow, raw json.RawMessage) error {
	var attributes struct{ Type, ReferenceID string }
	if err := json.Unmarshal(raw, &attributes); err != nil {
		return notJSON(err)
	}
	if o, ok := t.a.catalog.Object(attributes.Type); !ok || o != row.object {
		return badTree("A record of the type '%s' stands where %s is expected.", attributes.Type, row.object.Name)
	}
	row.referenceID = attributes.ReferenceID
	return nil
}

func (t *tree) readChildren(row *treeRow, child sobject.ChildRelationship, raw json.RawMessage, level int) error {
	var below treeInput
	if err := json.Unmarshal(raw, &below); err != nil {
		return notJSON(err)
	}
	o, err := t.a.domain.Object(child.Object)
	if err != nil {
		return err
	}
	children, err := t.read(o, child.Field, below.Records, level+1)
	row.children = append(row.children, children...)
	return err
}

func (t *tree) check() error {
	switch {
	case len(t.rows) == 0:
		return badTree("The tree has no records.")
	case len(t.rows) > maxTreeRows:
		return badTree("The tree has %d records. The limit is %d.", len(t.rows), maxTreeRows)
	case len(t.types) > maxTreeTypes:
		return badTree("The tree has %d different types. The limit is %d.", len(t.types), maxTreeTypes)
	}
	return nil
}

// distinct tells every use of a reference id that is used twice.
func (t *tree) distinct() bool {
	uses := map[string]int{}
	for _, row := range t.rows {
		uses[row.referenceID]++
	}
	for _, row := range t.rows {
		if uses[row.referenceID] > 1 {
			t.fail(row, []rowError{{"INVALID_INPUT", "Duplicate ReferenceId provided in the request.", []string{}}})
		}
	}
	return !t.out.HasErrors
}

func (t *tree) fail(row *treeRow, errors []rowError) {
	if !t.out.HasErrors { // only what failed is told
		t.out = treeOutput{HasErrors: true}
	}
	t.out.Results = append(t.out.Results, treeResult{ReferenceID: row.referenceID, Errors: errors})
}

// create creates rows level by level, as the vendor lists them. What fails has no children; the rest is still tried, so
// that everything wrong is told at once.
func (t *tree) create(level []*treeRow) error {
	for len(level) > 0 {
		var below []*treeRow
		for _, row := range level {
			id, err := t.createRow(row)
			if err != nil {
				refused, err := t.a.rowErrors(t.c, err)
				if err != nil {
					return err
				}
				t.fail(row, refused)
				continue
			}
			if !t.out.HasErrors {
				t.out.Results = append(t.out.Results, treeResult{ReferenceID: row.referenceID, ID: id})
			}
			for _, child := range row.children {
				child.above = id
			}
			below = append(below, row.children...)
		}
		level = below
	}
	return nil
}

func (t *tree) createRow(row *treeRow) (string, error) {
	if err := t.c.Refused(row.sent); err != nil {
		return "", err
	}
	var fields []sobject.FieldValue
	for _, m := range row.body {
		fv, err := t.a.readField(t.c, row.object, member{m.name, m.raw, 0}, m.raw)
		if err != nil {
			return "", err
		}
		fields = append(fields, fv)
	}
	if err := withoutID(fields); err != nil {
		return "", err
	}
	if row.parent != "" {
		fields = append(fields, sobject.FieldValue{Name: row.parent, Value: row.above})
	}
	mark := t.c.Tx.Mark()
	id, err := t.a.domain.Create(t.c.Tx, t.c.Principal.ID, row.object, fields)
	if err != nil {
		t.c.Tx.RollbackTo(mark)
	}
	return id, err
}
