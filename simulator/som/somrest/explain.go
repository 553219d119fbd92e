package somrest

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som/soql"
)

type explanation struct {
	Plans       []accessPlan `json:"plans"`
	SourceQuery string       `json:"sourceQuery"`
}

type accessPlan struct {
	Cardinality          int        `json:"cardinality"`
	Fields               []string   `json:"fields"`
	LeadingOperationType string     `json:"leadingOperationType"`
	Notes                []planNote `json:"notes"`
	RelativeCost         float64    `json:"relativeCost"`
	SobjectCardinality   int        `json:"sobjectCardinality"`
	SobjectType          string     `json:"sobjectType"`
}

type planNote struct {
	Description   string   `json:"description"`
	Fields        []string `json:"fields"`
	TableEnumOrID string   `json:"tableEnumOrId"`
}

// explainQuery tells by which index a query would be answered.
func (a *API) explainQuery(c *binding.Call, text string) (*binding.Response, error) {
	e, err := a.engine.Explain(a.domain.Rows(c.Tx), text, a.queryOptions(c))
	if err != nil {
		return nil, refusedQuery(err)
	}
	out := explanation{SourceQuery: e.SourceQuery, Plans: make([]accessPlan, len(e.Plans))}
	for i, p := range e.Plans {
		out.Plans[i] = accessPlan{
			Cardinality: p.Cardinality, Fields: p.Fields, LeadingOperationType: p.Operation, Notes: notes(p.Notes),
			RelativeCost: p.RelativeCost, SobjectCardinality: p.ObjectCardinality, SobjectType: p.Object,
		}
	}
	return binding.JSONResponse(http.StatusOK, out), nil
}

func notes(of []soql.PlanNote) []planNote {
	out := make([]planNote, len(of))
	for i, n := range of {
		out[i] = planNote{Description: n.Description, Fields: n.Fields, TableEnumOrID: n.Object}
	}
	return out
}
