package somrest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/composite"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// The limits of collections. Source: REST API Developer Guide, sObject Collections.
const (
	maxCollection = 200
	maxChunks     = 10
	maxRetrieve   = 2000
)

type collectionInput struct {
	AllOrNone bool              `json:"allOrNone"`
	Records   []json.RawMessage `json:"records"`
}

// rowResult is what became of one row.
type rowResult struct {
	id      string
	created *bool
	errors  []rowError
}

// MarshalJSON leaves out the id of a row that failed.
func (r rowResult) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ID      string     `json:"id,omitempty"`
		Success bool       `json:"success"`
		Errors  []rowError `json:"errors"`
		Created *bool      `json:"created,omitempty"`
	}{r.id, len(r.errors) == 0, append([]rowError{}, r.errors...), r.created})
}

const rolledBack = "Record rolled back because not all records were valid and the request was using AllOrNone header"

// each does its work on rows, of which records are what the caller sent. A row that fails leaves nothing behind; when all
// or none were wanted, no row does.
func (a *API) each(c *binding.Call, records []json.RawMessage, together bool, work func(i int) (rowResult, error)) (*binding.Response, error) {
	together = together || composite.Together(c)
	results, failed := make([]rowResult, len(records)), false
	start := c.Tx.Mark()
	for i, record := range records {
		mark := c.Tx.Mark()
		result, err := rowResult{}, c.Refused(record)
		if err == nil {
			result, err = work(i)
		}
		if err != nil {
			c.Tx.RollbackTo(mark)
			if result.errors, err = a.rowErrors(c, err); err != nil {
				return nil, err
			}
			result.id, failed = "", true
		}
		results[i] = result
	}
	if together && failed {
		c.Tx.RollbackTo(start)
		for i := range results {
			if len(results[i].errors) == 0 {
				results[i] = rowResult{errors: []rowError{{"ALL_OR_NONE_OPERATION_ROLLED_BACK", rolledBack, []string{}}}}
			}
		}
	}
	return binding.JSONResponse(http.StatusOK, results), nil
}

// readCollection reads the rows of a body and the object of each, which its attributes name.
func (a *API) readCollection(c *binding.Call) (collectionInput, []string, error) {
	var in collectionInput
	if err := json.Unmarshal(c.Request.Body, &in); err != nil {
		return in, nil, notJSON(err)
	}
	if len(in.Records) > maxCollection {
		return in, nil, tooMany(len(in.Records), maxCollection)
	}
	types, chunks := make([]string, len(in.Records)), 0
	for i, raw := range in.Records {
		var row struct{ Attributes struct{ Type string } }
		if err := json.Unmarshal(raw, &row); err != nil || row.Attributes.Type == "" {
			return in, nil, &som.Error{
				Code: som.CodeWrongType, Rule: "som.collection.type", Message: fmt.Sprintf("records[%d] must have attributes with a type", i),
			}
		}
		types[i] = row.Attributes.Type
		if i == 0 || !strings.EqualFold(types[i], types[i-1]) {
			chunks++
		}
	}
	if chunks > maxChunks {
		return in, nil, &som.Error{
			Code: "LIMIT_EXCEEDED", Rule: "som.collection.chunks",
			Message: fmt.Sprintf("Cannot have more than %d chunks in a single operation. Please rearrange the data to reduce chunking.", maxChunks),
		}
	}
	return in, types, nil
}

func tooMany(n, limit int) error {
	return &som.Error{
		Code: "EXCEEDED_ID_LIMIT", Rule: "som.collection.size",
		Message: fmt.Sprintf("record limit reached. cannot submit more than %d records into this call (%d were submitted)", limit, n),
	}
}

// typedObject finds the object of one row of a collection.
func (a *API) typedObject(name string) (*sobject.Object, error) {
	o, ok := a.catalog.Object(name)
	if !ok {
		return nil, &som.Error{
			Code: "INVALID_TYPE", Rule: "som.data.object-exists",
			Message: fmt.Sprintf("sObject type '%s' is not supported.", name),
		}
	}
	return o, nil
}

// createRows creates rows of any objects.
func (a *API) createRows(c *binding.Call) (*binding.Response, error) {
	in, types, err := a.readCollection(c)
	if err != nil {
		return nil, err
	}
	return a.each(c, in.Records, in.AllOrNone, func(i int) (rowResult, error) {
		o, err := a.typedObject(types[i])
		if err != nil {
			return rowResult{}, err
		}
		fields, err := a.readFields(c, o, in.Records[i])
		if err == nil {
			err = withoutID(fields)
		}
		if err != nil {
			return rowResult{}, err
		}
		id, err := a.domain.Create(c.Tx, c.Principal.ID, o, fields)
		return rowResult{id: id}, err
	})
}

// updateRows changes rows of any objects, each named by its id.
func (a *API) updateRows(c *binding.Call) (*binding.Response, error) {
	in, types, err := a.readCollection(c)
	if err != nil {
		return nil, err
	}
	return a.each(c, in.Records, in.AllOrNone, func(i int) (rowResult, error) {
		o, err := a.typedObject(types[i])
		if err != nil {
			return rowResult{}, err
		}
		fields, err := a.readFields(c, o, in.Records[i])
		if err != nil {
			return rowResult{}, err
		}
		at := slices.IndexFunc(fields, isID)
		if at < 0 {
			return rowResult{}, &som.Error{
				Code: som.CodeMissingArgument, Rule: "som.collection.id", Fields: []string{"Id"}, Message: "Id not specified in an update call",
			}
		}
		long, err := rowID(fmt.Sprint(fields[at].Value))
		if err != nil {
			return rowResult{}, err
		}
		err = a.domain.Update(c.Tx, c.Principal.ID, o.Name, long, slices.Delete(fields, at, at+1))
		return rowResult{id: long}, missingRow(err)
	})
}

// rowID is an id of a collection in its long form.
func rowID(text string) (string, error) {
	long, err := sobject.NormalizeID(text)
	if err != nil {
		return "", &som.Error{Code: som.CodeMalformedID, Rule: "som.data.reference-form", Fields: []string{"Id"}, Message: "malformed id " + text}
	}
	return long, nil
}

// missingRow tells of a row that is not there as collections do: their resource exists, it is the reference that leads
// nowhere.
func missingRow(err error) error {
	for _, e := range som.RefusalsOf(err) {
		if e.Code == som.CodeNotFound {
			return &som.Error{Code: som.CodeInvalidCrossReference, Message: "invalid cross reference id", Rule: e.Rule}
		}
	}
	return err
}

// deleteRows deletes rows of any objects.
func (a *API) deleteRows(c *binding.Call) (*binding.Response, error) {
	ids := splitList(c.Request.Query("ids"))
	records := make([]json.RawMessage, len(ids))
	for i, id := range ids {
		records[i] = json.RawMessage(id)
	}
	if len(ids) > maxCollection {
		return nil, tooMany(len(ids), maxCollection)
	}
	return a.each(c, records, c.Request.Query("allOrNone") == "true", func(i int) (rowResult, error) {
		long, err := rowID(ids[i])
		if err != nil {
			return rowResult{}, err
		}
		o, ok := a.catalog.ByPrefix(long)
		if !ok {
			return rowResult{}, &som.Error{Code: som.CodeInvalidCrossReference, Message: "invalid cross reference id", Rule: "som.data.record-exists"}
		}
		return rowResult{id: long}, missingRow(a.domain.Delete(c.Tx, c.Principal.ID, o, long))
	})
}

func splitList(list string) []string {
	var parts []string
	for _, part := range strings.Split(list, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
