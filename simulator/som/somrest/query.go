package somrest

import (
	"errors"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/soql"
)

// query answers SOQL. All rows come in one page, however many they are.
func (a *API) query(c *binding.Call) (*binding.Response, error) {
	text := c.Request.Query("q")
	if text == "" {
		return nil, &som.Error{
			Code: som.Code(soql.MalformedQuery), Message: "A query string has to be specified", Rule: "som.soql.malformed",
		}
	}
	result, err := a.engine.Run(a.domain.Rows(c.Tx), text, soql.Options{Version: Version(c.Request), Now: c.Now()})
	if err != nil {
		return nil, refusedQuery(err)
	}
	d := &document{version: c.Request.Vars["version"]}
	d.result(result)
	return &binding.Response{Status: http.StatusOK, Body: d.Bytes()}, nil
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
	case soql.QueryTooComplicated, soql.NumberOutsideValidRange:
		return "som.soql.limits"
	case soql.MalformedQuery:
		return "som.soql.malformed"
	default:
		return "som.soql.malformed"
	}
}
