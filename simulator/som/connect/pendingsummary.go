package connect

import (
	"encoding/json"
	"errors"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type graphsInput struct {
	Body struct {
		OrderSummaryGraphs []json.RawMessage `json:"orderSummaryGraphs"`
	}
}

type graphInput struct {
	OrderSummaryGraphID    string      `json:"orderSummaryGraphId"`
	PurchaseSupportDetails []graphNode `json:"purchaseSupportDetails"`
	PurchaseDetails        []graphNode `json:"purchaseDetails"`
}

// graphNode is a row. The attributes of a node are its fields, and among those are the attributes of a row: its type.
type graphNode struct {
	ReferenceID string          `json:"referenceId"`
	Attributes  json.RawMessage `json:"attributes"`
}

type graphsOutput struct {
	Success bool          `json:"success"`
	Error   *outputError  `json:"error"`
	Results []graphOutput `json:"orderSummaryGraphsResults"`
}

type graphOutput struct {
	OrderSummaryGraphID string       `json:"orderSummaryGraphId"`
	Success             bool         `json:"success"`
	Error               *outputError `json:"error"`
	HTTPHeaders         []nameValue  `json:"httpHeaders"`
}

type nameValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// createPendingOrderSummaries takes orders in, graph by graph. A graph that is refused says so and leaves the others alone.
func (a *API) createPendingOrderSummaries(c *binding.Call, in graphsInput) (graphsOutput, error) {
	out, seen := graphsOutput{Success: true, Results: []graphOutput{}}, map[string]bool{}
	for _, raw := range in.Body.OrderSummaryGraphs {
		one, err := a.takeGraph(c, raw, seen)
		if err != nil {
			return graphsOutput{}, err
		}
		out.Success = out.Success && one.Success
		out.Results = append(out.Results, one)
	}
	return out, nil
}

func (a *API) takeGraph(c *binding.Call, raw json.RawMessage, seen map[string]bool) (graphOutput, error) {
	var in graphInput
	if err := json.Unmarshal(raw, &in); err != nil {
		return graphOutput{}, err
	}
	mark := c.Tx.Mark()
	id, err := a.pend(c, in, raw, seen)
	if err == nil {
		location := "/services/data/" + c.Request.Vars["version"] + "/sobjects/PendingOrderSummary/" + id
		return graphOutput{in.OrderSummaryGraphID, true, nil, []nameValue{{"Location", location}}}, nil
	}
	c.Tx.RollbackTo(mark)
	var refusal *som.Error
	if !errors.As(err, &refusal) {
		return graphOutput{}, err
	}
	c.Note(refusal)
	f := a.platform.Explain(c, refusal)
	return graphOutput{in.OrderSummaryGraphID, false, &outputError{f.Code, f.Message}, []nameValue{}}, nil
}

func (a *API) pend(c *binding.Call, in graphInput, raw json.RawMessage, seen map[string]bool) (string, error) {
	if seen[in.OrderSummaryGraphID] {
		return "", &som.Error{Code: som.CodeInvalidInput, Rule: "som.pending.graph-unique", Message: "The orderSummaryGraphId " + in.OrderSummaryGraphID + " is given twice."}
	}
	seen[in.OrderSummaryGraphID] = true
	g := som.OrderGraph{ID: in.OrderSummaryGraphID, Payload: string(raw)}
	var err error
	if g.Support, err = a.graphNodes(c, in.PurchaseSupportDetails); err != nil {
		return "", err
	}
	if g.Purchase, err = a.graphNodes(c, in.PurchaseDetails); err != nil {
		return "", err
	}
	return a.domain().CreatePendingOrderSummary(c.Tx, c.Principal.ID, g)
}

func (a *API) graphNodes(c *binding.Call, in []graphNode) ([]som.GraphNode, error) {
	out := make([]som.GraphNode, len(in))
	for n, node := range in {
		var row struct {
			Attributes struct {
				Type string `json:"type"`
			} `json:"attributes"`
		}
		if err := json.Unmarshal(node.Attributes, &row); err != nil {
			return nil, err
		}
		object, err := a.domain().Object(row.Attributes.Type)
		if err != nil {
			return nil, &som.Error{Code: som.CodeInvalidInput, Rule: "som.pending.node-type", Message: "A row of type \"" + row.Attributes.Type + "\" does not belong there."}
		}
		fields, err := a.platform.ReadRow(c, object.Name, node.Attributes)
		if err != nil {
			return nil, err
		}
		out[n] = som.GraphNode{Reference: node.ReferenceID, Object: object.Name, Fields: fields}
	}
	return out, nil
}
