package binding

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// validateRequest checks parameters and body against the specification. Authentication is the face's, done before.
// An operation that is younger than the API version of the request is no operation at all.
func (op *operation) validateRequest(r *Request) error {
	if op.since > 0 && op.face.Version(r) < op.since {
		return &NotFound{Path: r.Path}
	}
	key := op.requestDigest(r)
	if _, fits := op.accepted.get(key); fits {
		return nil
	}
	input := op.input(r)
	input.Options = &openapi3filter.Options{
		AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
		ExcludeRequestBody:  op.opaqueBody,
		SkipSettingDefaults: true,
	}
	err := openapi3filter.ValidateRequest(context.Background(), input)
	if err != nil {
		return invalidRequest(err)
	}
	if err := op.checkYoung(r); err != nil {
		return err
	}
	if err := op.checkQuery(r); err != nil {
		return err
	}
	op.accepted.add(key, verdict{})
	return nil
}

// checkQuery refuses unknown query parameters where the face wants that: a misspelt filter selects everything.
func (op *operation) checkQuery(r *Request) error {
	if !op.face.OnlyKnownQuery {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(r.values())) {
		if op.route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil &&
			op.route.PathItem.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil {
			return &InvalidRequest{In: "query", Name: name, Problem: ProblemUnknown, Reason: "there is no such parameter"}
		}
	}
	return nil
}

func (op *operation) input(r *Request) *openapi3filter.RequestValidationInput {
	hr := &http.Request{Method: op.method, URL: r.http.URL, Header: r.Header, ContentLength: int64(len(r.Body))}
	if len(r.Body) > 0 {
		hr.Body = io.NopCloser(bytes.NewReader(r.Body))
	}
	return &openapi3filter.RequestValidationInput{Request: hr, PathParams: r.Vars, Route: op.route}
}

// validateResponse checks status, headers and body of an answer. The same bytes are checked once.
func (x *exchange) validateResponse(resp *Response) error {
	resp.sound = len(resp.Body) > 0 && strings.HasSuffix(mediaType(resp.Header), "json")
	key := x.op.answerDigest(resp)
	if known, fits := x.op.validated.get(key); fits {
		resp.harmless = known.harmless
		return nil
	}
	if err := x.op.validateResponse(x.req, resp); err != nil {
		resp.sound = false
		return err
	}
	if !x.face.Plain { // nobody keeps what those answer
		body := string(resp.Body)
		resp.harmless = x.router.redactor.Text(body) == body
	}
	x.op.validated.add(key, verdict{harmless: resp.harmless})
	return nil
}

func (op *operation) validateResponse(r *Request, resp *Response) error {
	err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: op.input(r),
		Status:                 resp.Status,
		Header:                 resp.Header,
		Body:                   io.NopCloser(bytes.NewReader(resp.Body)),
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true,
			ExcludeResponseBody:   len(resp.Body) == 0 || unreadable(mediaType(resp.Header)),
		},
	})
	if err != nil {
		return fmt.Errorf("the answer of %s %s breaks its specification: %w", op.face.System, op.id, err)
	}
	return nil
}

// unreadable reports whether the validator has no reader for a media type: pages and SOAP.
func unreadable(media string) bool { return media == "text/xml" || media == "text/html" }
