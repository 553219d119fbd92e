package somrest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type compositeInput struct {
	AllOrNone        bool         `json:"allOrNone"`
	CompositeRequest []subRequest `json:"compositeRequest"`
}

type subRequest struct {
	Method      string            `json:"method"`
	URL         string            `json:"url"`
	ReferenceID string            `json:"referenceId"`
	Body        json.RawMessage   `json:"body"`
	HTTPHeaders map[string]string `json:"httpHeaders"`
}

type compositeOutput struct {
	CompositeResponse []subResponse `json:"compositeResponse"`
}

type subResponse struct {
	// Body is null for an answer without one.
	Body           json.RawMessage   `json:"body"`
	HTTPHeaders    map[string]string `json:"httpHeaders"`
	HTTPStatusCode int               `json:"httpStatusCode"`
	ReferenceID    string            `json:"referenceId"`
}

// The limits of a composite. Source: REST API Developer Guide, Composite.
const (
	maxSubRequests = 25
	maxSubQueries  = 5
)

var referenceID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_]*$`)

// composite runs its sub-requests one after another in one transaction. The answer is 200 whatever became of them.
func (a *API) composite(c *binding.Call) (*binding.Response, error) {
	var in compositeInput
	if err := json.Unmarshal(c.Request.Body, &in); err != nil {
		return nil, &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	mark := c.Tx.Mark()
	out, failed := a.runAll(c, in)
	if failed >= 0 && in.AllOrNone {
		c.Tx.RollbackTo(mark)
		out.halt(failed)
	}
	return binding.JSONResponse(http.StatusOK, out), nil
}

func (in compositeInput) check() error {
	switch n := len(in.CompositeRequest); {
	case n == 0:
		return badEnvelope("The composite request has no subrequests.")
	case n > maxSubRequests:
		return badEnvelope(fmt.Sprintf("The composite request has %d subrequests. The limit is %d.", n, maxSubRequests))
	}
	seen, queries := map[string]bool{}, 0
	for _, sub := range in.CompositeRequest {
		if !referenceID.MatchString(sub.ReferenceID) {
			return badEnvelope(fmt.Sprintf("Provided referenceId ('%s') must start with a letter or a number, and it can contain only "+
				"letters, numbers and underscores ('_').", sub.ReferenceID))
		}
		if seen[sub.ReferenceID] {
			return badEnvelope(fmt.Sprintf("Duplicate ReferenceId provided in the request: %s", sub.ReferenceID))
		}
		seen[sub.ReferenceID] = true
		path, _, _ := strings.Cut(sub.URL, "?")
		if strings.HasSuffix(path, "/query") || strings.HasSuffix(path, "/queryAll") {
			queries++
		}
	}
	if queries > maxSubQueries {
		return badEnvelope(fmt.Sprintf("The composite request has %d queries. The limit is %d.", queries, maxSubQueries))
	}
	return nil
}

func badEnvelope(message string) error {
	return &som.Error{Code: som.CodeWrongType, Message: message, Rule: "som.composite.envelope"}
}

// runAll runs the sub-requests and returns their answers with the place of the first that failed, or -1. With
// allOrNone the rest is not run after a failure.
func (a *API) runAll(c *binding.Call, in compositeInput) (*compositeOutput, int) {
	out, failed := &compositeOutput{}, -1
	answers := references{}
	for i, sub := range in.CompositeRequest {
		answer := subResponse{ReferenceID: sub.ReferenceID, HTTPHeaders: map[string]string{}, HTTPStatusCode: http.StatusBadRequest}
		if failed < 0 || !in.AllOrNone {
			answer.fill(a.runOne(c, sub, answers))
			answers.add(sub.ReferenceID, answer)
			if failed < 0 && answer.HTTPStatusCode >= http.StatusBadRequest {
				failed = i
			}
		}
		out.CompositeResponse = append(out.CompositeResponse, answer)
	}
	return out, failed
}

func (a *API) runOne(c *binding.Call, sub subRequest, answers references) *binding.Response {
	target, err := answers.inURL(sub.URL)
	body := []byte(sub.Body)
	if err == nil {
		body, err = answers.inBody(sub.Body)
	}
	if err != nil {
		return a.answerError(c, err)
	}
	header := http.Header{}
	for name, value := range sub.HTTPHeaders {
		header.Set(name, value)
	}
	return c.Sub(binding.SubRequest{Method: sub.Method, URL: target, Header: header, Body: body})
}

func (r *subResponse) fill(resp *binding.Response) {
	r.HTTPStatusCode = resp.Status
	if len(resp.Body) > 0 {
		r.Body = resp.Body
	}
	if location := resp.Header.Get("Location"); location != "" {
		r.HTTPHeaders["Location"] = location
	}
}

// halt answers every other sub-request of a composite that is rolled back for the sake of one.
func (out *compositeOutput) halt(failed int) {
	for i := range out.CompositeResponse {
		if r := &out.CompositeResponse[i]; i != failed {
			r.HTTPStatusCode, r.HTTPHeaders = http.StatusBadRequest, map[string]string{}
			r.Body = json.RawMessage(halted)
		}
	}
}

// codeHalted is the code of sub-requests that were rolled back, or that refer to what is not there.
const codeHalted som.Code = "PROCESSING_HALTED"

const halted = `[{"errorCode":"` + string(codeHalted) + `","message":"The transaction was rolled back since another operation in the ` +
	`same transaction failed."}]`
