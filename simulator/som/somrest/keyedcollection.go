package somrest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// upsertRows updates or creates rows of one object by an external id, which each of them carries; or by the id.
func (a *API) upsertRows(c *binding.Call) (*binding.Response, error) {
	o, err := a.object(c)
	if err != nil {
		return nil, err
	}
	f, err := a.domain.ExternalID(o, c.Request.Vars["field"])
	if err != nil {
		return nil, err
	}
	in, types, err := a.readCollection(c)
	if err != nil {
		return nil, err
	}
	return a.each(c, in.Records, in.AllOrNone, func(i int) (rowResult, error) {
		if !strings.EqualFold(types[i], o.Name) {
			return rowResult{created: new(bool)}, &som.Error{
				Code: "INVALID_TYPE", Rule: "som.collection.one-object", Message: fmt.Sprintf("records[%d] is of the type %s, not %s", i, types[i], o.Name),
			}
		}
		id, created, err := a.upsertOne(c, o, f, in.Records[i])
		return rowResult{id: id, created: &created}, err
	})
}

func (a *API) upsertOne(c *binding.Call, o *sobject.Object, f *sobject.Field, raw json.RawMessage) (id string, created bool, err error) {
	fields, err := a.readFields(c, o, raw)
	if err != nil {
		return "", false, err
	}
	if f.Type == sobject.TypeID {
		return a.upsertByID(c, o, fields)
	}
	at := slices.IndexFunc(fields, func(fv sobject.FieldValue) bool { return strings.EqualFold(fv.Name, f.Name) })
	key := ""
	if at >= 0 {
		key = keyText(fields[at].Value)
		fields = slices.Delete(fields, at, at+1)
	}
	if key == "" {
		return "", false, &som.Error{
			Code: som.CodeMissingArgument, Rule: "som.collection.id", Fields: []string{f.Name}, Message: f.Name + " not specified",
		}
	}
	if err := onlyInURL(fields, ""); err != nil {
		return "", false, err
	}
	return a.domain.Upsert(c.Tx, c.Principal.ID, o, f, key, fields)
}

// upsertByID updates the row of the id, or creates one when there is no id.
func (a *API) upsertByID(c *binding.Call, o *sobject.Object, fields []sobject.FieldValue) (id string, created bool, err error) {
	at := slices.IndexFunc(fields, isID)
	if at < 0 {
		id, err = a.domain.Create(c.Tx, c.Principal.ID, o, fields)
		return id, true, err
	}
	if id, err = rowID(fmt.Sprint(fields[at].Value)); err != nil {
		return "", false, err
	}
	return id, false, missingRow(a.domain.Update(c.Tx, c.Principal.ID, o.Name, id, slices.Delete(fields, at, at+1)))
}

// keyText is the value of an external id as it would stand in a URL.
func keyText(v sobject.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case decimal.Decimal:
		if v.Exponent() > -20 && v.Exponent() < 20 {
			return v.String()
		}
	}
	return ""
}

type retrieveInput struct {
	IDs    []string `json:"ids"`
	Fields []string `json:"fields"`
}

// retrieveRows answers rows of one object by their ids in the query or the body; null stands for one that is not there.
func (a *API) retrieveRows(c *binding.Call) (*binding.Response, error) {
	o, err := a.object(c)
	if err != nil {
		return nil, err
	}
	in := retrieveInput{IDs: splitList(c.Request.Query("ids")), Fields: splitList(c.Request.Query("fields"))}
	if len(c.Request.Body) > 0 {
		if err := json.Unmarshal(c.Request.Body, &in); err != nil {
			return nil, notJSON(err)
		}
	}
	if len(in.IDs) > maxRetrieve {
		return nil, tooMany(len(in.IDs), maxRetrieve)
	}
	if len(in.Fields) == 0 {
		return nil, &som.Error{Code: som.CodeMissingArgument, Rule: "som.collection.fields", Message: "The fields to retrieve have to be specified"}
	}
	fields, err := namedFields(o, in.Fields)
	if err != nil {
		return nil, err
	}
	return a.answerRetrieved(c, o, in.IDs, fields), nil
}

func (a *API) answerRetrieved(c *binding.Call, o *sobject.Object, ids []string, fields []*sobject.Field) *binding.Response {
	d := &document{version: c.Request.Vars["version"]}
	d.WriteByte('[')
	for i, id := range ids {
		if i > 0 {
			d.WriteByte(',')
		}
		if r, err := a.domain.Record(c.Tx, o, id); err == nil {
			d.record(a.catalog, o, r, fields)
		} else {
			d.WriteString("null")
		}
	}
	d.WriteByte(']')
	return &binding.Response{Status: http.StatusOK, Body: d.Bytes()}
}
