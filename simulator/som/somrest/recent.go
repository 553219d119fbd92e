package somrest

import (
	"net/http"
	"strconv"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// maxRecent is how many rows of a user's work are answered when nobody asks for fewer.
const maxRecent = 200

// listRecent answers the rows the user read or wrote lately by their ids, newest first, with their names.
func (a *API) listRecent(c *binding.Call) (*binding.Response, error) {
	limit := maxRecent
	if text := c.Request.Query("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxRecent {
			return nil, &som.Error{
				Code: "INVALID_QUERY_LIMIT", Rule: "som.recent.limit", Message: "limit must be a number from 1 to " + strconv.Itoa(maxRecent),
			}
		}
		limit = n
	}
	d := &document{version: c.Request.Vars["version"]}
	d.recent(a.catalog, a.domain.Recent(c.Tx, c.Principal.ID, "", limit))
	return &binding.Response{Status: http.StatusOK, Body: d.Bytes()}, nil
}

// recent writes rows with their names and ids.
func (d *document) recent(catalog *sobject.Catalog, rows []*sobject.Record) {
	d.WriteByte('[')
	for i, r := range rows {
		if i > 0 {
			d.WriteByte(',')
		}
		o, _ := catalog.Object(r.Object)
		var fields []*sobject.Field
		for _, name := range []string{o.NameField, "Id"} {
			if f, ok := o.Field(name); ok {
				fields = append(fields, f)
			}
		}
		d.record(catalog, o, r, fields)
	}
	d.WriteByte(']')
}
