// Package binding turns an OpenAPI document and a table of handlers into a simulated API. It owns the request pipeline
// and is the only package that knows routers and validators: a face says what an operation does, binding everything
// that is the same for all of them.
package binding

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Face is one API of a simulated system.
type Face struct {
	// System is the folder name of the system, Name tells its faces apart ("som", "b2c/ocapi").
	System string
	Name   string
	// Spec is the OpenAPI 3.0.3 document, SpecFile its name in error messages.
	Spec     []byte
	SpecFile string
	// Operations is total: every operationId of the document has an entry, and every entry is in the document.
	Operations map[string]Handler
	// Schemes authenticate by the names of the document's security schemes.
	Schemes map[string]Authenticator
	// Sandbox reads the sandbox out of what the caller uses to prove who he is; empty when it tells none.
	Sandbox func(r *Request) string
	// Errors renders an error in the vendor's envelope. It gets the face's own domain errors and those of this package.
	Errors func(c *Call, err error) *Response
	// Rules are the ids that refusals may carry, from the system's rules.yaml.
	Rules map[string]bool
	// Method returns the verb to run a request as, for APIs that let clients override it; nil means the request's own.
	Method func(r *http.Request) string
	// Version returns the number of the API version a request is for. A face whose document says of operations since which
	// version they exist (x-somsim-since) needs it: before, they are unknown paths. The same of a property of a request body:
	// before, it is an unknown property.
	Version func(r *Request) int
	// Settle, when it is set, books an exchange of a known caller before it is recorded: it may tally, and put headers on the
	// answer, errors included. The transaction is a reading one. Sub-requests are not booked by themselves.
	Settle func(c *Call, resp *Response)
	// Claim, when it is set, names the work that a request asks for, so that a handler can tell when the same is already under
	// way ([Call.Contended]); empty when it does not matter.
	Claim func(r *Request) string
	// Narrow, when it is set, cuts a successful answer down, after it was found to fit its document, to what the caller
	// asked for and may see. What it refuses changes nothing.
	Narrow func(c *Call, resp *Response) error
	// TrailingSlash takes a path with a slash at its end for the path without it.
	TrailingSlash bool
	// OnlyKnownQuery refuses query parameters that the document does not know; vendors ignore them.
	OnlyKnownQuery bool
	// Plain faces have no sandbox, journal, faults or transaction: the control plane.
	Plain bool
}

// Authenticator checks a request's credentials against the sandbox and tells who is calling. A caller who is known but
// not let in, such as one over a limit, is told together with the error.
type Authenticator func(c *Call) (Principal, error)

// Principal is an authenticated caller.
type Principal struct {
	// Kind is the face's own word for what the caller is: user, guest, registered, system.
	Kind string
	// ID is the caller's id in the simulated system, Client the API client it uses.
	ID, Client string
	// Token is the credential that was presented.
	Token string
}

// String names the caller in the journal.
func (p Principal) String() string {
	if p.ID == "" && p.Client == "" {
		return ""
	}
	return p.Kind + ":" + p.ID + "@" + p.Client
}

// Request is what has arrived, with its body read.
type Request struct {
	Method string
	// Path has no sandbox prefix and is decoded; Vars are the path's variables, unescaped.
	Path   string
	Vars   map[string]string
	Header http.Header
	Body   []byte
	http   *http.Request
	query  url.Values
}

// Query returns the first value of a query parameter.
func (r *Request) Query(name string) string { return r.values().Get(name) }

// values are the query parameters, parsed once.
func (r *Request) values() url.Values {
	if r.query == nil {
		r.query = r.http.URL.Query()
	}
	return r.query
}

// HTTP returns the request as it came from the network; its body is spent.
func (r *Request) HTTP() *http.Request { return r.http }

// Response is an answer before it is written.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// harmless is set when the body is known to hold nothing that the redactor would take out.
	harmless bool
	// sound is set when the body was held against its specification, as JSON.
	sound bool
}

// Sound says that the body is known to be JSON: it fits its specification. One that a fault has broken is not.
func (r *Response) Sound() bool { return r.sound }

// Call is one operation under way: its request, its caller and the transaction it works in.
type Call struct {
	context.Context
	Tx        *sandbox.Tx
	Request   *Request
	Principal Principal
	// Operation is the operationId; empty when the path or the verb matched none.
	Operation string
	// Waited is what the handler asked for time with; nil when it is run for the first time.
	Waited   *Later
	exchange *exchange
}

// Now returns the sandbox's time at the beginning of the operation.
func (c *Call) Now() time.Time {
	if c.Tx == nil {
		return time.Time{}
	}
	return c.Tx.Now()
}

// Arrived returns the sandbox's time at which the request arrived.
func (c *Call) Arrived() time.Time { return c.exchange.entry.At }

// BaseURL returns scheme and host as the caller sees them, with the sandbox prefix when the caller used one, so that
// links in answers lead back through proxies and mapped ports.
func (c *Call) BaseURL() string {
	r := c.Request.http
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host + pathPrefix(r)
}
