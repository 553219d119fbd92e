package somrest

import (
	"fmt"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Two kinds of paths look alike: /sobjects/Location/ExternalReference/wh-1, a row by an external id, and
// /sobjects/Order/801…/OrderItems, what a relationship of a row leads to. A name of a field makes it the first, and
// /sobjects/Order/Id/801… is the row itself.

// byExternalID reads the path as a row by an external id. The field is nil when the path is of the other kind.
func (a *API) byExternalID(c *binding.Call) (*sobject.Object, *sobject.Field, error) {
	o, err := a.object(c)
	if err != nil {
		return nil, nil, err
	}
	if _, named := o.Field(c.Request.Vars["id"]); !named {
		return o, nil, nil
	}
	f, err := a.domain.ExternalID(o, c.Request.Vars["id"])
	return o, f, err
}

// keyedRow finds the row that an external id, or the id itself, names.
func (a *API) keyedRow(c *binding.Call, o *sobject.Object, f *sobject.Field) (*sobject.Record, error) {
	if f.Type == sobject.TypeID {
		return a.domain.Record(c.Tx, o, c.Request.Vars["name"])
	}
	return a.domain.ByExternalID(c.Tx, o, f, c.Request.Vars["name"])
}

// getKeyedRow answers a row by its external id, or what a relationship leads to.
func (a *API) getKeyedRow(c *binding.Call) (*binding.Response, error) {
	o, f, err := a.byExternalID(c)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return a.follow(c, o)
	}
	r, err := a.keyedRow(c, o, f)
	if err != nil {
		return nil, err
	}
	return a.answerRow(c, o, r)
}

// patchKeyedRow updates or creates a row by its external id, or updates a parent.
func (a *API) patchKeyedRow(c *binding.Call) (*binding.Response, error) {
	o, f, err := a.byExternalID(c)
	if err != nil {
		return nil, err
	}
	if f == nil {
		parent, r, err := a.parent(c, o)
		if err != nil {
			return nil, err
		}
		return a.changeRow(c, parent, r.ID)
	}
	if f.Type == sobject.TypeID {
		return a.changeRow(c, o, c.Request.Vars["name"])
	}
	return a.upsertRow(c, o, f, c.Request.Vars["name"])
}

func (a *API) upsertRow(c *binding.Call, o *sobject.Object, f *sobject.Field, value string) (*binding.Response, error) {
	fields, err := a.readFields(c, o, c.Request.Body)
	if err != nil {
		return nil, err
	}
	if err := onlyInURL(fields, f.Name); err != nil {
		return nil, err
	}
	r, err := a.domain.ByExternalID(c.Tx, o, f, value)
	if err == nil {
		err = a.checkWrite(c, o, r)
	} else if c.Request.Query("updateOnly") != "true" {
		err = nil // several matches come back from the upsert itself
	}
	if err != nil {
		return nil, err
	}
	id, created, err := a.domain.Upsert(c.Tx, c.Principal.ID, o, f, value, fields)
	if err != nil {
		return nil, err
	}
	if !created {
		return binding.JSONResponse(http.StatusOK, upsertedRow{written(id), false}), nil
	}
	return located(c, o, id, binding.JSONResponse(http.StatusCreated, upsertedRow{written(id), true})), nil
}

// deleteKeyedRow deletes a row by its external id, or a parent.
func (a *API) deleteKeyedRow(c *binding.Call) (*binding.Response, error) {
	o, f, err := a.byExternalID(c)
	if err != nil {
		return nil, err
	}
	if f == nil {
		parent, r, err := a.parent(c, o)
		if err != nil {
			return nil, err
		}
		return a.dropRow(c, parent, r.ID)
	}
	r, err := a.keyedRow(c, o, f)
	if err != nil {
		return nil, err
	}
	return a.dropRow(c, o, r.ID)
}

// relationships are the names that a path goes along, one at least.
func relationships(c *binding.Call) []string {
	var names []string
	for _, variable := range []string{"name", "name2", "name3", "name4", "name5"} {
		if name := c.Request.Vars[variable]; name != "" {
			names = append(names, name)
		}
	}
	return names
}

// getRelated answers what relationships of a row lead to, over several parents.
func (a *API) getRelated(c *binding.Call) (*binding.Response, error) {
	o, err := a.object(c)
	if err != nil {
		return nil, err
	}
	return a.follow(c, o)
}

// follow goes from the row over parents and answers the last one, or the children at the end.
func (a *API) follow(c *binding.Call, o *sobject.Object) (*binding.Response, error) {
	r, err := a.domain.Record(c.Tx, o, c.Request.Vars["id"])
	if err != nil {
		return nil, err
	}
	names := relationships(c)
	for i, name := range names {
		if child, ok := o.Child(name); ok && i == len(names)-1 {
			return a.answerChildren(c, child, r.ID)
		}
		if o, r, err = a.step(c, o, r, name); err != nil {
			return nil, err
		}
	}
	return a.answerRow(c, o, r)
}

// step goes from a row to one of its parents.
func (a *API) step(c *binding.Call, o *sobject.Object, r *sobject.Record, name string) (*sobject.Object, *sobject.Record, error) {
	none := &som.Error{Code: som.CodeNotFound, Message: "The requested resource does not exist", Rule: "som.data.relationship"}
	reference, ok := o.Parent(name)
	if !ok || r.Text(reference.Name) == "" {
		return nil, nil, none
	}
	id := r.Text(reference.Name)
	parent, ok := a.catalog.ByPrefix(id)
	if !ok {
		return nil, nil, none
	}
	row, err := a.domain.Record(c.Tx, parent, id)
	return parent, row, err
}

// parent is the row at the end of a path of one relationship. Only a parent can be written by way of its child.
func (a *API) parent(c *binding.Call, o *sobject.Object) (*sobject.Object, *sobject.Record, error) {
	name := c.Request.Vars["name"]
	if _, many := o.Child(name); many {
		return nil, nil, &som.Error{
			Code: codeMethod, Rule: "som.data.relationship",
			Message: fmt.Sprintf("HTTP Method '%s' not allowed. Allowed are GET,HEAD", c.Request.Method),
		}
	}
	r, err := a.domain.Record(c.Tx, o, c.Request.Vars["id"])
	if err != nil {
		return nil, nil, err
	}
	return a.step(c, o, r, name)
}

// answerChildren answers the rows behind a child relationship as a query would.
func (a *API) answerChildren(c *binding.Call, child sobject.ChildRelationship, id string) (*binding.Response, error) {
	o, err := a.domain.Object(child.Object)
	if err != nil {
		return nil, err
	}
	fields, err := chosenFields(o, c.Request.Query("fields"))
	if err != nil {
		return nil, err
	}
	d := &document{version: c.Request.Vars["version"]}
	d.records(a.catalog, o, a.domain.Children(c.Tx, child, id), fields)
	return &binding.Response{Status: http.StatusOK, Body: d.Bytes()}, nil
}
