package somrest

import (
	"errors"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/soql"
)

// query answers SOQL, or how it would be answered, or with which columns.
func (a *API) query(c *binding.Call) (*binding.Response, error) {
	if text := c.Request.Query("explain"); text != "" {
		return a.explainQuery(c, text)
	}
	if text := c.Request.Query("q"); text != "" && c.Request.Query("columns") == "true" {
		return a.describeColumns(c, text)
	}
	return a.answerQuery(c, false)
}

// queryAll answers SOQL with the rows in the recycle bin.
func (a *API) queryAll(c *binding.Call) (*binding.Response, error) { return a.answerQuery(c, true) }

func (a *API) answerQuery(c *binding.Call, deleted bool) (*binding.Response, error) {
	text := c.Request.Query("q")
	if text == "" {
		return nil, noQuery()
	}
	opt := a.queryOptions(c)
	opt.IncludeDeleted = deleted
	result, err := a.engine.Run(a.domain.Rows(c.Tx), text, opt)
	if err != nil {
		return nil, refusedQuery(err)
	}
	if result.Viewed {
		for _, row := range result.Rows {
			a.domain.Viewed(c.Tx, c.Principal.ID, row.ID)
		}
	}
	k := &keeper{api: a, call: c, cursor: som.Cursor{
		UserID: c.Principal.ID, Text: text, Deleted: deleted, Batch: opt.Batch,
	}}
	return k.answer(result), nil
}

func noQuery() error {
	return &som.Error{Code: som.Code(soql.MalformedQuery), Message: "A query string has to be specified", Rule: "som.soql.malformed"}
}

// refusedQuery gives a refusal of the query engine the rule behind it.
func refusedQuery(err error) error {
	var refused *soql.Error
	if !errors.As(err, &refused) {
		return err
	}
	return &som.Error{Code: som.Code(refused.Code), Message: refused.Message, Rule: queryRule(refused.Code)}
}

func queryRule(code soql.ErrorCode) string {
	switch code {
	case soql.InvalidField:
		return "som.soql.field"
	case soql.InvalidType:
		return "som.soql.object"
	case soql.InvalidQueryFilterOperator:
		return "som.soql.operator"
	case soql.QueryTooComplicated, soql.NumberOutsideValidRange, soql.ExceededIDLimit:
		return "som.soql.limits"
	case soql.InvalidQueryLocator:
		return "som.soql.locator"
	case soql.MalformedQuery:
		return "som.soql.malformed"
	default:
		return "som.soql.malformed"
	}
}

func (d *document) answer() *binding.Response {
	return &binding.Response{Status: http.StatusOK, Body: d.Bytes()}
}
