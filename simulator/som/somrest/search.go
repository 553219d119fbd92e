package somrest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/soql"
	"github.com/somsim/somsim/simulator/som/sosl"
)

// search answers SOSL.
func (a *API) search(c *binding.Call) (*binding.Response, error) {
	q, err := sosl.Parse(c.Request.Query("q"))
	if err != nil {
		return nil, refusedSearch(err)
	}
	return a.answerSearch(c, q)
}

// searchObject is one object of a parameterized search.
type searchObject struct {
	Name    string      `json:"name"`
	Fields  []string    `json:"fields"`
	Where   string      `json:"where"`
	OrderBy string      `json:"orderBy"`
	Limit   json.Number `json:"limit"`
}

type searchInput struct {
	Q            string         `json:"q"`
	In           string         `json:"in"`
	Fields       []string       `json:"fields"`
	SObjects     []searchObject `json:"sobjects"`
	OverallLimit json.Number    `json:"overallLimit"`
	DefaultLimit json.Number    `json:"defaultLimit"`
}

// searchByParameters answers a parameterized search with its parameters in the URL.
func (a *API) searchByParameters(c *binding.Call) (*binding.Response, error) {
	return a.answerParameterized(c, searchParameters(c.Request.HTTP().URL.Query()))
}

// searchParameters reads q, in, sobject, fields, overallLimit, defaultLimit and, for each object, Object.fields,
// Object.where, Object.orderBy and Object.limit.
func searchParameters(query url.Values) searchInput {
	in := searchInput{
		Q: query.Get("q"), In: query.Get("in"), Fields: splitList(query.Get("fields")),
		OverallLimit: json.Number(query.Get("overallLimit")), DefaultLimit: json.Number(query.Get("defaultLimit")),
	}
	for _, list := range query["sobject"] {
		for _, name := range splitList(list) {
			in.SObjects = append(in.SObjects, searchObject{
				Name: name, Fields: splitList(query.Get(name + ".fields")), Where: query.Get(name + ".where"),
				OrderBy: query.Get(name + ".orderBy"), Limit: json.Number(query.Get(name + ".limit")),
			})
		}
	}
	return in
}

// searchByBody answers a parameterized search with its parameters in the body.
func (a *API) searchByBody(c *binding.Call) (*binding.Response, error) {
	var in searchInput
	if err := json.Unmarshal(c.Request.Body, &in); err != nil {
		return nil, notJSON(err)
	}
	return a.answerParameterized(c, in)
}

func (a *API) answerParameterized(c *binding.Call, in searchInput) (*binding.Response, error) {
	find, err := sosl.ParseWords(in.Q)
	if err != nil {
		return nil, refusedSearch(err)
	}
	q := &sosl.Statement{Find: find, Scope: "ALL", Limit: sosl.MaxRows}
	if in.In != "" {
		q.Scope = strings.ToUpper(strings.TrimSuffix(strings.TrimSpace(strings.ToUpper(in.In)), " FIELDS"))
	}
	if !slices.Contains([]string{"ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR"}, q.Scope) {
		return nil, badSearch("unexpected token: " + in.In)
	}
	if in.OverallLimit != "" {
		q.Limit = sosl.LimitOf(in.OverallLimit.String())
	}
	for _, o := range in.SObjects {
		r := sosl.Returned{Object: o.Name, Fields: strings.Join(o.Fields, ","), Where: o.Where, OrderBy: o.OrderBy, Limit: o.Limit.String()}
		if r.Fields == "" {
			r.Fields = strings.Join(in.Fields, ",")
		}
		if r.Limit == "" {
			r.Limit = in.DefaultLimit.String()
		}
		q.Returning = append(q.Returning, r)
	}
	return a.answerSearch(c, q)
}

// refusedSearch gives a refusal of a search the rule behind it.
func refusedSearch(err error) error {
	return badSearch(err.Error())
}

func badSearch(message string) error {
	return &som.Error{Code: "MALFORMED_SEARCH", Rule: "som.search.malformed", Message: message}
}

// answerSearch finds rows object by object and answers them in that order.
func (a *API) answerSearch(c *binding.Call, q *sosl.Statement) (*binding.Response, error) {
	objects := q.Returning
	if len(objects) == 0 {
		for _, o := range a.catalog.Objects() {
			objects = append(objects, sosl.Returned{Object: o.Name})
		}
	}
	d := &document{version: c.Request.Vars["version"]}
	d.WriteString(`{"searchRecords":[`)
	found := 0
	for _, r := range objects {
		rows, err := a.foundRows(c, q, r)
		if err != nil {
			return nil, err
		}
		for _, row := range rows[:min(len(rows), q.Limit-found)] {
			if found > 0 {
				d.WriteByte(',')
			}
			d.row(row)
			found++
		}
	}
	d.WriteString("]}")
	return &binding.Response{Status: http.StatusOK, Body: d.Bytes()}, nil
}

// foundRows queries the rows of one object in which the search finds something. The query is checked even when there
// are none.
func (a *API) foundRows(c *binding.Call, q *sosl.Statement, r sosl.Returned) ([]*soql.Row, error) {
	o, err := a.typedObject(r.Object)
	if err != nil {
		return nil, err
	}
	if _, err := strconv.ParseUint(r.Limit, 10, 31); r.Limit != "" && err != nil {
		return nil, badSearch("unexpected token: " + r.Limit)
	}
	ids := a.found(c, q, o)
	text := r.SOQL(append(ids, noRow))
	opt := a.queryOptions(c)
	opt.Batch = sosl.MaxRows
	result, err := a.engine.Run(a.domain.Rows(c.Tx), text, opt)
	if err != nil {
		return nil, refusedQuery(err)
	}
	return result.Rows, nil
}

// noRow is an id that no row has; it stands for the end of a list of ids, which must not be empty.
const noRow = "000000000000000AAA"

// found lists the ids of living rows that hold what is looked for.
func (a *API) found(c *binding.Call, q *sosl.Statement, o *sobject.Object) []string {
	fields := searchedFields(o, q.Scope)
	var ids []string
	if len(fields) == 0 {
		return ids
	}
	a.domain.Rows(c.Tx).Scan(o.Name, func(r *sobject.Record) bool {
		var texts [][]string
		for _, f := range fields {
			if text := r.Text(f.Name); text != "" {
				texts = append(texts, sosl.Words(text))
			}
		}
		if !r.Bool("IsDeleted") && q.Find.In(texts) {
			ids = append(ids, r.ID)
		}
		return len(ids) < sosl.MaxRows
	})
	return ids
}

// searchedFields are the fields of an object that a scope covers.
func searchedFields(o *sobject.Object, scope string) []*sobject.Field {
	var fields []*sobject.Field
	for _, f := range o.Fields {
		name := f.Name == o.NameField || f.Name == "FirstName" || f.Name == "LastName"
		free := f.Type == sobject.TypeString || f.Type == sobject.TypeTextarea || f.Type == sobject.TypeEmail ||
			f.Type == sobject.TypePhone || f.Type == sobject.TypeURL
		switch scope {
		case "NAME":
			free = free && name
		case "EMAIL":
			free = f.Type == sobject.TypeEmail
		case "PHONE":
			free = f.Type == sobject.TypePhone
		}
		if free {
			fields = append(fields, f)
		}
	}
	return fields
}
