package composite

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// Requests runs requests inside requests.
type Requests struct {
	// Refuse answers an error as the face does; it is for sub-requests that cannot even be sent.
	Refuse func(c *binding.Call, err error) *binding.Response
}

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

// Composite runs its sub-requests one after another in one transaction. The answer is 200 whatever became of them.
func (r *Requests) Composite(c *binding.Call) (*binding.Response, error) {
	var in compositeInput
	if err := json.Unmarshal(c.Request.Body, &in); err != nil {
		return nil, notJSON(err)
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	answers, _ := r.runAll(c, in.CompositeRequest, in.AllOrNone)
	body, err := render(answers)
	return &binding.Response{Status: http.StatusOK, Header: http.Header{}, Body: body}, err
}

func (in compositeInput) check() error {
	switch n := len(in.CompositeRequest); {
	case n == 0:
		return badEnvelope("The composite request has no subrequests.")
	case n > maxSubRequests:
		return badEnvelope(fmt.Sprintf("The composite request has %d subrequests. The limit is %d.", n, maxSubRequests))
	}
	queries := 0
	for _, sub := range in.CompositeRequest {
		if sub.manyRows() {
			queries++
		}
	}
	if queries > maxSubQueries {
		return badEnvelope(fmt.Sprintf("The composite request has %d queries or sObject collections. The limit is %d.", queries, maxSubQueries))
	}
	return checkSubRequests(in.CompositeRequest)
}

// checkSubRequests refuses sub-requests whose answers could not be told apart, and headers that are the composite's.
func checkSubRequests(subs []subRequest) error {
	seen := map[string]bool{}
	for _, sub := range subs {
		if !referenceID.MatchString(sub.ReferenceID) {
			return badEnvelope(fmt.Sprintf("Provided referenceId ('%s') must start with a letter or a number, and it can contain only "+
				"letters, numbers and underscores ('_').", sub.ReferenceID))
		}
		if seen[sub.ReferenceID] {
			return badEnvelope(fmt.Sprintf("Duplicate ReferenceId provided in the request: %s", sub.ReferenceID))
		}
		seen[sub.ReferenceID] = true
		for name := range sub.HTTPHeaders {
			switch http.CanonicalHeaderKey(name) {
			case "Accept", "Authorization", "Content-Type":
				return badEnvelope(fmt.Sprintf("The header %s of the subrequest %s is that of the composite request and cannot be set.", name, sub.ReferenceID))
			}
		}
	}
	return nil
}

func badEnvelope(message string) error {
	return &som.Error{Code: som.CodeWrongType, Message: message, Rule: "som.composite.envelope"}
}

// resource is the path of the sub-request below /services/data/vXX.X, split at its slashes.
func (s subRequest) resource() []string {
	path, _, _ := strings.Cut(s.URL, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 4 {
		return nil
	}
	return parts[3:]
}

// manyRows tells the sub-requests of which a composite holds only a few: queries and collections.
func (s subRequest) manyRows() bool {
	parts := s.resource()
	if len(parts) == 0 {
		return false
	}
	return parts[0] == "query" || parts[0] == "queryAll" || s.isCollection()
}

func (s subRequest) isCollection() bool {
	parts := s.resource()
	return len(parts) >= 2 && parts[0] == "composite" && parts[1] == "sobjects"
}

type allOrNone struct{}

// Together tells whether the call is a sub-request of those that are carried out all or none. Operations over several
// rows then do the same with their rows.
func Together(c *binding.Call) bool { return c.Value(allOrNone{}) == true }

func notJSON(err error) error {
	return &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
}

// runAll runs sub-requests in their order and tells whether all of them succeeded. All-or-none ones leave nothing
// behind when one fails, and those after it are not run.
func (r *Requests) runAll(c *binding.Call, subs []subRequest, together bool) ([]subResponse, bool) {
	inner := *c
	if together { // collections inside follow the composite
		inner.Context = context.WithValue(c.Context, allOrNone{}, true)
	}
	mark, failed := c.Tx.Mark(), -1
	known := references{}
	answers := make([]subResponse, len(subs))
	for i, sub := range subs {
		if together && failed >= 0 {
			break
		}
		answers[i] = r.runOne(&inner, sub, known)
		if failed < 0 && (answers[i].HTTPStatusCode >= http.StatusBadRequest || together && sub.isCollection() && rowFailed(answers[i].Body)) {
			failed = i
		}
	}
	if together && failed >= 0 {
		c.Tx.RollbackTo(mark)
		halt(subs, answers, failed)
	}
	return answers, failed < 0
}

func (r *Requests) runOne(c *binding.Call, sub subRequest, known references) subResponse {
	answer := subResponse{ReferenceID: sub.ReferenceID, HTTPHeaders: map[string]string{}}
	target, err := known.inURL(sub.URL)
	body := []byte(sub.Body)
	if err == nil {
		body, err = known.inBody(sub.Body)
	}
	if err != nil {
		c.Note(err)
		answer.fill(r.Refuse(c, err))
		return answer
	}
	if string(body) == "null" {
		body = nil
	}
	header := http.Header{}
	for name, value := range sub.HTTPHeaders {
		header.Set(name, value)
	}
	answer.fill(c.Sub(binding.SubRequest{Method: sub.Method, URL: withoutSlash(target), Header: header, Body: body}))
	known.add(answer)
	return answer
}

// withoutSlash takes off the slash that a path may end in.
func withoutSlash(target string) string {
	path, query, asked := strings.Cut(target, "?")
	if path = strings.TrimRight(path, "/"); asked {
		return path + "?" + query
	}
	return path
}

func (r *subResponse) fill(resp *binding.Response) {
	r.HTTPStatusCode = resp.Status
	if resp.Sound() || jsonv1.Valid(resp.Body) { // a fault may have broken it
		r.Body = resp.Body
	}
	for _, name := range []string{"Location", "ETag", "Last-Modified", "Retry-After"} {
		if value := resp.Header.Get(name); value != "" {
			r.HTTPHeaders[name] = value
		}
	}
}

// rowFailed tells whether a collection that was answered as a whole has a row that failed.
func rowFailed(body json.RawMessage) bool {
	var rows []struct{ Success *bool }
	if err := json.Unmarshal(body, &rows); err != nil {
		return false
	}
	for _, row := range rows {
		if row.Success != nil && !*row.Success {
			return true
		}
	}
	return false
}

// halt answers every other sub-request of those that are rolled back for the sake of one.
func halt(subs []subRequest, answers []subResponse, failed int) {
	for i := range answers {
		if i != failed {
			answers[i] = subResponse{
				Body: json.RawMessage(halted), HTTPHeaders: map[string]string{}, HTTPStatusCode: http.StatusBadRequest, ReferenceID: subs[i].ReferenceID,
			}
		}
	}
}

// codeHalted is the code of sub-requests that were rolled back, or that refer to what is not there.
const codeHalted som.Code = "PROCESSING_HALTED"

const halted = `[{"errorCode":"` + string(codeHalted) + `","message":"The transaction was rolled back since another operation in the ` +
	`same transaction failed."}]`
