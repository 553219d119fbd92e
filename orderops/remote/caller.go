package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/timeout"
)

// Clock is the part of opsclock.Clock that calls need.
type Clock interface {
	Now(ctx context.Context) time.Time
	Wait(ctx context.Context, d time.Duration) error
}

// maxBody bounds what is read of an answer.
const maxBody = 16 << 20

// Caller sends the calls of one client. Only BaseURL is required; without HTTP it uses a plain client, without Clock it
// never repeats a call, without Breakers none is skipped, without Bulkhead any number is under way at once.
type Caller struct {
	System   string
	BaseURL  string
	HTTP     *http.Client
	Timeout  time.Duration
	Clock    Clock
	Breakers *Breakers
	Bulkhead *Bulkhead
	// Observer sees the calls; nil is nobody.
	Observer Observer
	// Jitter is a chance between 0 and 1 that spreads the pauses before repetitions; nil spreads none.
	Jitter func() float64
	// Explain reads the vendor's error envelope.
	Explain Explain
	// Outcome reads the body of an answer with a 2xx status, for vendors that tell failures there: an empty class says that
	// it is a success. Nil takes the status' word for it.
	Outcome Explain
}

// Explain finds the vendor's code and text in an error answer, and may correct the class that the status suggests. It
// returns an empty class to leave it.
type Explain func(status int, body []byte) (vendorCode, message string, class Class)

// Call is one request. Path is already escaped and begins with a slash.
type Call struct {
	Operation   string
	Method      string
	Path        string
	Query       url.Values
	Header      http.Header
	ContentType string
	Body        []byte
	// Repeatable says that sending it twice has the effect of sending it once. Reads are repeatable by nature.
	Repeatable bool
}

// Reply is an answer with a 2xx status.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// retryWaits are the shortest pauses before the second and third attempt of a repeatable call.
func retryWaits() []time.Duration {
	return []time.Duration{50 * time.Millisecond, 250 * time.Millisecond}
}

// longestWait is the longest Retry-After that is waited for inside a request; more is the caller's business.
const longestWait = 2 * time.Second

// Do sends the call. A repeatable call is repeated when it failed for a passing reason and the breaker lets it.
func (c *Caller) Do(ctx context.Context, call Call) (*Reply, error) {
	reply, err := c.once(ctx, call)
	if c.Clock == nil || !(call.Repeatable || call.Method == http.MethodGet) {
		return reply, err
	}
	for _, wait := range retryWaits() {
		e, ok := AsError(err)
		if !ok || !worthRepeating(e) {
			return reply, err
		}
		if c.Clock.Wait(ctx, c.spread(max(wait, e.RetryAfter))) != nil {
			return reply, err
		}
		reply, err = c.once(ctx, call)
	}
	return reply, err
}

// spread makes a pause longer by chance, up to half as much again: callers that failed together do not come back together.
func (c *Caller) spread(pause time.Duration) time.Duration {
	if c.Jitter == nil {
		return pause
	}
	return pause + time.Duration(c.Jitter()*float64(pause)/2)
}

func worthRepeating(e *Error) bool {
	switch e.Class {
	case Unavailable, Throttled:
		return e.VendorCode != breakerOpen && e.VendorCode != bulkheadFull && e.RetryAfter <= longestWait
	case Ambiguous:
		return true
	case Rejected, NotFound, Conflict, Unauthorized:
		return false
	default:
		return false
	}
}

const breakerOpen = "circuit_open"

// once sends the call a single time.
func (c *Caller) once(ctx context.Context, call Call) (*Reply, error) {
	leave, ok := c.Bulkhead.enter(ctx)
	if !ok {
		return nil, c.withheld(call, bulkheadFull, bulkheadPause)
	}
	defer leave()
	if ok, wait := c.Breakers.allow(ctx); !ok {
		return nil, c.withheld(call, breakerOpen, wait)
	}
	attempt, done := c.observe(ctx, call.Operation)
	reply, err := c.exchange(attempt, call)
	done(err)
	class := ClassOf(err)
	opened, changed := c.Breakers.record(ctx, class == Unavailable || class == Ambiguous)
	if changed && c.Observer != nil {
		c.Observer.BreakerOpen(c.System, opened)
	}
	return reply, err
}

// withheld is the error of a call that was not sent, and therefore changed nothing.
func (c *Caller) withheld(call Call, reason string, wait time.Duration) *Error {
	c.held(reason)
	return &Error{System: c.System, Operation: call.Operation, Class: Unavailable, VendorCode: reason, RetryAfter: wait}
}

func (c *Caller) exchange(ctx context.Context, call Call) (*Reply, error) {
	send := func(ctx context.Context) (*Reply, error) {
		req, err := c.request(ctx, call)
		if err != nil {
			return nil, err
		}
		client := c.HTTP
		if client == nil {
			client = &http.Client{}
		}
		res, err := client.Do(req)
		if err != nil {
			return nil, c.broken(call, err)
		}
		defer func() { _ = res.Body.Close() }()
		body, err := whole(res)
		if err != nil {
			return nil, c.broken(call, err)
		}
		if res.StatusCode >= http.StatusBadRequest {
			return nil, c.refused(call, res, body)
		}
		if e := c.disguised(call, res, body); e != nil {
			return nil, e
		}
		return &Reply{Status: res.StatusCode, Header: res.Header, Body: body}, nil
	}
	if c.Timeout <= 0 {
		return send(ctx)
	}
	reply, err := failsafe.With(timeout.New[*Reply](c.Timeout)).WithContext(ctx).
		GetWithExecution(func(exec failsafe.Execution[*Reply]) (*Reply, error) { return send(exec.Context()) })
	if errors.Is(err, timeout.ErrExceeded) && ClassOf(err) == "" {
		return nil, c.broken(call, err)
	}
	return reply, err
}

// whole reads an answer, no further than maxBody. One whose length is told takes no more room than that.
func whole(res *http.Response) ([]byte, error) {
	from := io.LimitReader(res.Body, maxBody)
	if res.ContentLength <= 0 || res.ContentLength > maxBody {
		return io.ReadAll(from)
	}
	body := bytes.NewBuffer(make([]byte, 0, res.ContentLength+bytes.MinRead))
	_, err := body.ReadFrom(from)
	return body.Bytes(), err
}

// request builds the HTTP request with the headers that accompany every call.
func (c *Caller) request(ctx context.Context, call Call) (*http.Request, error) {
	target := strings.TrimSuffix(c.BaseURL, "/") + call.Path
	if len(call.Query) > 0 {
		target += "?" + call.Query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, target, bytes.NewReader(call.Body))
	if err != nil {
		return nil, fmt.Errorf("build %s %s: %w", c.System, call.Operation, err)
	}
	for name, values := range call.Header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", "application/json")
	if call.ContentType != "" {
		req.Header.Set("Content-Type", call.ContentType)
	}
	scope := ScopeOf(ctx)
	if scope.CorrelationID != "" {
		req.Header.Set("correlation-id", scope.CorrelationID)
	}
	if scope.TraceParent != "" {
		req.Header.Set("traceparent", scope.TraceParent)
	}
	if scope.Forward {
		req.Header.Set("baggage", "sandbox="+url.QueryEscape(scope.Sandbox))
	}
	return req, nil
}

// broken classifies a call that got no whole answer. A connection that was never made changed nothing; anything later
// may have.
func (c *Caller) broken(call Call, cause error) *Error {
	class := Ambiguous
	var dial *net.OpError
	if call.Method == http.MethodGet || (errors.As(cause, &dial) && dial.Op == "dial") {
		class = Unavailable
	}
	return &Error{System: c.System, Operation: call.Operation, Class: class, cause: cause}
}

// Unreadable is the error of a 2xx answer that does not hold what it should: the change may have happened.
func (c *Caller) Unreadable(call Call, cause error) *Error {
	e := c.broken(call, cause)
	e.VendorCode = "malformed_answer"
	return e
}
