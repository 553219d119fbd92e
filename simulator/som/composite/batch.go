package composite

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type batchInput struct {
	HaltOnError   bool `json:"haltOnError"`
	BatchRequests []struct {
		Method    string          `json:"method"`
		URL       string          `json:"url"`
		RichInput json.RawMessage `json:"richInput"`
	} `json:"batchRequests"`
}

type batchOutput struct {
	HasErrors bool          `json:"hasErrors"`
	Results   []batchResult `json:"results"`
}

type batchResult struct {
	StatusCode int `json:"statusCode"`
	// Result is null for an answer without a body.
	Result json.RawMessage `json:"result"`
}

// maxBatch is how many sub-requests a batch has. Source: REST API Developer Guide, Batch.
const maxBatch = 25

// Batch runs sub-requests that have nothing to do with each other. One that fails takes nothing back but itself; the
// answer is 200 whatever became of them.
func (r *Requests) Batch(c *binding.Call) (*binding.Response, error) {
	var in batchInput
	if err := json.Unmarshal(c.Request.Body, &in); err != nil {
		return nil, notJSON(err)
	}
	subs, err := in.subRequests()
	if err != nil {
		return nil, err
	}
	out := batchOutput{Results: []batchResult{}}
	for _, sub := range subs {
		if in.HaltOnError && out.HasErrors {
			out.Results = append(out.Results, batchResult{http.StatusPreconditionFailed, json.RawMessage(batchHalted)})
			continue
		}
		result := batchResult{}
		resp := c.Sub(sub)
		if result.StatusCode = resp.Status; json.Valid(resp.Body) {
			result.Result = resp.Body
		}
		out.HasErrors = out.HasErrors || resp.Status >= http.StatusBadRequest
		out.Results = append(out.Results, result)
	}
	return binding.JSONResponse(http.StatusOK, out), nil
}

const batchHalted = `[{"errorCode":"BATCH_PROCESSING_HALTED","message":"Batch processing was halted by request as specified by haltOnError."}]`

// inBatch is the form of a URL in a batch: what follows /services/data/. The whole path is understood as well.
var inBatch = regexp.MustCompile(`^(?:/?services/data)?/?(v[0-9]+\.[0-9]+/.+)$`)

// subRequests reads the whole batch before any of it runs, as the vendor does.
func (in batchInput) subRequests() ([]binding.SubRequest, error) {
	switch n := len(in.BatchRequests); {
	case n == 0:
		return nil, badBatch("The batch has no subrequests.")
	case n > maxBatch:
		return nil, badBatch(fmt.Sprintf("The batch has %d subrequests. The limit is %d.", n, maxBatch))
	}
	var subs []binding.SubRequest
	for i, request := range in.BatchRequests {
		method := strings.ToUpper(request.Method)
		if !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}, method) {
			return nil, badBatch(fmt.Sprintf("Invalid method '%s' in batch request %d.", request.Method, i))
		}
		path := inBatch.FindStringSubmatch(request.URL)
		if path == nil {
			return nil, badBatch(fmt.Sprintf("Invalid url '%s' in batch request %d.", request.URL, i))
		}
		sub := binding.SubRequest{Method: method, URL: withoutSlash("/services/data/" + path[1])}
		if string(request.RichInput) != "null" {
			sub.Body = request.RichInput
		}
		subs = append(subs, sub)
	}
	return subs, nil
}

func badBatch(message string) error {
	return &som.Error{Code: som.CodeWrongType, Message: message, Rule: "som.composite.batch"}
}
