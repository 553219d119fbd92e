package somrest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// object finds the object that the path names.
func (a *API) object(c *binding.Call) (*sobject.Object, error) {
	return a.domain.Object(c.Request.Vars["sobject"])
}

// getRow answers one row: all its fields, or those the caller names. The id is always there.
func (a *API) getRow(c *binding.Call) (*binding.Response, error) {
	o, err := a.object(c)
	if err != nil {
		return nil, err
	}
	r, err := a.domain.Record(c.Tx, o, c.Request.Vars["id"])
	if err != nil {
		return nil, err
	}
	return a.answerRow(c, o, r)
}

// answerRow shows a row, unless the caller has it as it is.
func (a *API) answerRow(c *binding.Call, o *sobject.Object, r *sobject.Record) (*binding.Response, error) {
	fields, err := chosenFields(o, c.Request.Query("fields"))
	if err != nil {
		return nil, err
	}
	header := a.validators(o, r)
	if unchanged, err := a.checkRead(c, o, r); err != nil {
		return nil, err
	} else if unchanged {
		return &binding.Response{Status: http.StatusNotModified, Header: header}, nil
	}
	a.domain.Viewed(c.Tx, c.Principal.ID, r.ID)
	d := &document{version: c.Request.Vars["version"]}
	d.record(a.catalog, o, r, fields)
	return &binding.Response{Status: http.StatusOK, Header: header, Body: d.Bytes()}, nil
}

func chosenFields(o *sobject.Object, list string) ([]*sobject.Field, error) {
	if list == "" {
		return o.Fields, nil
	}
	return namedFields(o, strings.Split(list, ","))
}

// namedFields finds fields by name; the id joins them.
func namedFields(o *sobject.Object, names []string) ([]*sobject.Field, error) {
	var chosen []*sobject.Field
	for _, name := range append(slices.Clone(names), "Id") {
		f, ok := o.Field(strings.TrimSpace(name))
		if !ok {
			return nil, noColumn(o, strings.TrimSpace(name))
		}
		if !slices.Contains(chosen, f) {
			chosen = append(chosen, f)
		}
	}
	return chosen, nil
}

func noColumn(o *sobject.Object, name string) error {
	return &som.Error{
		Code: som.CodeInvalidField, Rule: "som.data.field-exists",
		Message: fmt.Sprintf("No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append "+
			"the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.", name, o.Name),
	}
}

type createdRow struct {
	ID      string          `json:"id"`
	Success bool            `json:"success"`
	Errors  []errorDocument `json:"errors"`
}

// upsertedRow is a createdRow that says which of both it was.
type upsertedRow struct {
	createdRow
	Created bool `json:"created"`
}

func written(id string) createdRow {
	return createdRow{ID: id, Success: true, Errors: []errorDocument{}}
}

// createRow stores a new row.
func (a *API) createRow(c *binding.Call) (*binding.Response, error) {
	o, err := a.object(c)
	if err != nil {
		return nil, err
	}
	fields, err := a.readFields(c, o, c.Request.Body)
	if err != nil {
		return nil, err
	}
	if err := withoutID(fields); err != nil {
		return nil, err
	}
	id, err := a.domain.Create(c.Tx, c.Principal.ID, o, fields)
	if err != nil {
		return nil, err
	}
	return located(c, o, id, binding.JSONResponse(http.StatusCreated, written(id))), nil
}

// located tells where a new row is.
func located(c *binding.Call, o *sobject.Object, id string, resp *binding.Response) *binding.Response {
	resp.Header.Set("Location", rowURL(c, o.Name, id))
	return resp
}

func rowURL(c *binding.Call, object, id string) string {
	return "/services/data/" + c.Request.Vars["version"] + "/sobjects/" + object + "/" + id
}

func isID(fv sobject.FieldValue) bool { return strings.EqualFold(fv.Name, "Id") }

func withoutID(fields []sobject.FieldValue) error {
	if !slices.ContainsFunc(fields, isID) {
		return nil
	}
	return &som.Error{
		Code: som.CodeFieldNotWritable, Rule: "som.data.insert-id", Fields: []string{"Id"}, Message: "cannot specify Id in an insert call",
	}
}

// onlyInURL refuses a body that repeats what the URL says: the id, or the external id of that name.
func onlyInURL(fields []sobject.FieldValue, external string) error {
	for _, fv := range fields {
		if isID(fv) || external != "" && strings.EqualFold(fv.Name, external) {
			return &som.Error{
				Code: som.CodeInvalidField, Rule: "som.data.external-id-in-url", Fields: []string{fv.Name},
				Message: fmt.Sprintf("The %s field should not be specified in the sobject data.", fv.Name),
			}
		}
	}
	return nil
}

// updateRow changes the fields in the body.
func (a *API) updateRow(c *binding.Call) (*binding.Response, error) {
	o, err := a.object(c)
	if err != nil {
		return nil, err
	}
	return a.changeRow(c, o, c.Request.Vars["id"])
}

func (a *API) changeRow(c *binding.Call, o *sobject.Object, id string) (*binding.Response, error) {
	fields, err := a.readFields(c, o, c.Request.Body)
	if err != nil {
		return nil, err
	}
	if err := onlyInURL(fields, ""); err != nil {
		return nil, err
	}
	if r, err := a.domain.Record(c.Tx, o, id); err == nil {
		if err := a.checkWrite(c, o, r); err != nil {
			return nil, err
		}
	}
	if err := a.domain.Update(c.Tx, c.Principal.ID, o.Name, id, fields); err != nil {
		return nil, err
	}
	return &binding.Response{Status: http.StatusNoContent}, nil
}

// deleteRow puts a row into the recycle bin.
func (a *API) deleteRow(c *binding.Call) (*binding.Response, error) {
	o, err := a.object(c)
	if err != nil {
		return nil, err
	}
	return a.dropRow(c, o, c.Request.Vars["id"])
}

func (a *API) dropRow(c *binding.Call, o *sobject.Object, id string) (*binding.Response, error) {
	if err := a.domain.Delete(c.Tx, c.Principal.ID, o, id); err != nil {
		return nil, err
	}
	return &binding.Response{Status: http.StatusNoContent}, nil
}
