package composite

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type graphInput struct {
	Graphs []struct {
		GraphID          string       `json:"graphId"`
		CompositeRequest []subRequest `json:"compositeRequest"`
	} `json:"graphs"`
}

type graphOutput struct {
	Graphs []graphResult `json:"graphs"`
}

type graphResult struct {
	GraphID       string          `json:"graphId"`
	GraphResponse compositeOutput `json:"graphResponse"`
	IsSuccessful  bool            `json:"isSuccessful"`
}

// The limits of graphs. Source: REST API Developer Guide, Composite Graph Limits.
const (
	maxGraphs        = 75
	maxGraphNodes    = 500
	maxGraphDepth    = 15
	maxNodeKinds     = 15
	maxGraphFailures = 14
)

// Graph runs graphs of sub-requests, each all or none by itself. The answer is 200 whatever became of them; after too
// many failures the rest is not run.
func (r *Requests) Graph(c *binding.Call) (*binding.Response, error) {
	var in graphInput
	if err := json.Unmarshal(c.Request.Body, &in); err != nil {
		return nil, notJSON(err)
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	out, failures := graphOutput{}, 0
	for _, g := range in.Graphs {
		result := graphResult{GraphID: g.GraphID}
		if failures > maxGraphFailures {
			result.GraphResponse.CompositeResponse = make([]subResponse, len(g.CompositeRequest))
			halt(g.CompositeRequest, result.GraphResponse.CompositeResponse, -1)
		} else {
			result.GraphResponse.CompositeResponse, result.IsSuccessful = r.runAll(c, g.CompositeRequest, true)
		}
		if !result.IsSuccessful {
			failures++
		}
		out.Graphs = append(out.Graphs, result)
	}
	return binding.JSONResponse(http.StatusOK, out), nil
}

func (in graphInput) check() error {
	if n := len(in.Graphs); n == 0 || n > maxGraphs {
		return badGraph(fmt.Sprintf("The request has %d graphs. At least 1 and at most %d are allowed.", n, maxGraphs))
	}
	ids, kinds, nodes := map[string]bool{}, map[string]bool{}, 0
	for _, g := range in.Graphs {
		if g.GraphID == "" || ids[g.GraphID] {
			return badGraph(fmt.Sprintf("The graphId '%s' is empty or not unique.", g.GraphID))
		}
		ids[g.GraphID] = true
		if err := checkGraph(g.GraphID, g.CompositeRequest, kinds); err != nil {
			return err
		}
		nodes += len(g.CompositeRequest)
	}
	switch {
	case nodes > maxGraphNodes:
		return badGraph(fmt.Sprintf("The request has %d nodes. The limit is %d.", nodes, maxGraphNodes))
	case len(kinds) > maxNodeKinds:
		return badGraph(fmt.Sprintf("The request has %d different nodes. The limit is %d.", len(kinds), maxNodeKinds))
	}
	return nil
}

func checkGraph(id string, nodes []subRequest, kinds map[string]bool) error {
	if len(nodes) == 0 {
		return badGraph(fmt.Sprintf("The graph %s has no nodes.", id))
	}
	if err := checkSubRequests(nodes); err != nil {
		return err
	}
	depths := map[string]int{}
	for _, node := range nodes {
		parts := node.resource()
		if !graphNode(node.Method, parts) {
			return badGraph(fmt.Sprintf("The node %s of graph %s is no resource that graphs support: %s %s", node.ReferenceID, id, node.Method, node.URL))
		}
		version, _, _ := strings.Cut(strings.TrimPrefix(node.URL, "/services/data/"), "/")
		kinds[version+"/"+strings.ToLower(parts[1])] = true
		depths[node.ReferenceID] = 1
		for _, needed := range named(node.URL + string(node.Body)) {
			depths[node.ReferenceID] = max(depths[node.ReferenceID], depths[needed]+1)
		}
		if depths[node.ReferenceID] > maxGraphDepth {
			return badGraph(fmt.Sprintf("The graph %s is deeper than %d.", id, maxGraphDepth))
		}
	}
	return nil
}

// graphNode tells the resources a node may be: an object, a row, a row by an external id.
func graphNode(method string, parts []string) bool {
	if len(parts) < 2 || parts[0] != "sobjects" {
		return false
	}
	switch len(parts) {
	case 2:
		return method == http.MethodPost
	case 3, 4:
		return method == http.MethodGet || method == http.MethodPatch || method == http.MethodDelete
	default:
		return false
	}
}

func badGraph(message string) error {
	return &som.Error{Code: som.CodeWrongType, Message: message, Rule: "som.composite.graph"}
}
