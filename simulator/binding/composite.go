package binding

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
)

// SubRequest is one request inside a composite. URL is a path with an optional query, on the same face: a path of another
// face of the same system is not composable.
type SubRequest struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
}

// subExchange is a sub-request on its way: an exchange that shares sandbox, caller and transaction with its composite.
type subExchange struct {
	exchange
	parent *Call
	// done is set when the handler has succeeded: what a fault does to the answer afterwards does not undo it.
	done bool
}

// Sub runs a sub-request in the transaction of the call. A sub-request that fails leaves nothing behind, and its answer
// is the vendor's error document; other sub-requests are untouched. It becomes a child entry of the composite's journal
// entry, with an operation of its own that faults can match.
func (c *Call) Sub(sub SubRequest) *Response {
	outer := c.exchange
	s := &subExchange{parent: c, exchange: exchange{router: outer.router, face: outer.face, world: outer.world}}
	s.entry = &journal.Entry{
		Seq: outer.entry.Seq, At: c.Now(), System: s.face.System, Method: sub.Method, Path: sub.URL,
		RequestBody: s.router.redactor.Text(string(sub.Body)), Caller: c.Principal.String(), TraceID: outer.entry.TraceID,
	}
	mark := c.Tx.Mark()
	var resp *Response
	if err := s.prepare(sub); err != nil {
		resp = s.failure(c, err)
	} else {
		resp = s.run()
	}
	if resp.Status >= http.StatusBadRequest && !s.done {
		c.Tx.RollbackTo(mark)
	}
	s.entry.Status = resp.Status
	s.entry.ResponseBody = s.answered(resp)
	s.entry.Children = s.children
	outer.children = append(outer.children, *s.entry)
	return resp
}

// prepare finds the operation of a sub-request and reads it as a request of its own.
func (s *subExchange) prepare(sub SubRequest) error {
	target, err := url.Parse(sub.URL)
	if err != nil || !strings.HasPrefix(sub.URL, "/") {
		return &NotFound{Path: sub.URL}
	}
	s.entry.Path, s.entry.Query = target.Path, s.router.redactor.Text(target.RawQuery)
	if sub.Header == nil {
		sub.Header = http.Header{}
	}
	if len(sub.Body) > 0 && sub.Header.Get("Content-Type") == "" {
		sub.Header.Set("Content-Type", "application/json")
	}
	hr := normalized((&http.Request{
		Method: sub.Method, URL: target, Header: sub.Header, Host: s.parent.exchange.req.http.Host,
	}).WithContext(s.parent))
	var match mux.RouteMatch
	if !s.router.mux.Match(hr, &match) {
		return &NotFound{Path: target.Path}
	}
	handler, ok := match.Handler.(*pathHandler)
	if !ok || handler.face.System != s.face.System {
		return &NotFound{Path: target.Path}
	}
	if handler.face != s.face {
		return &NotComposable{Path: target.Path} // the system has it, this face cannot hold it
	}
	op, err := handler.operation(hr)
	if err != nil {
		return err
	}
	if !op.composable {
		return &NotComposable{Path: target.Path}
	}
	s.op, s.entry.Operation, s.entry.Method = op, op.id, op.method
	s.req, err = readRequest(hr, match.Vars, op)
	s.req.Body = sub.Body
	return err
}

// run is the part of the pipeline that a sub-request goes through by itself.
func (s *subExchange) run() *Response {
	s.struck = s.faults(s.parent.Tx)
	if resp := s.suffer(fault.Before); resp != nil || s.cut {
		return s.cutParent(fault.Before, resp)
	}
	c := *s.parent
	c.Request, c.Operation, c.exchange = s.req, s.op.id, &s.exchange
	if err := s.op.validateRequest(s.req); err != nil {
		return s.failure(&c, err)
	}
	resp, err := s.op.handler.handle(&c)
	if err != nil {
		return s.failure(&c, err)
	}
	s.finish(resp)
	if err := s.validateResponse(resp); err != nil {
		return s.failure(&c, &Bug{err})
	}
	s.done = true
	if struck := s.suffer(fault.After); struck != nil {
		return struck
	}
	return s.cutParent(fault.After, resp)
}

// suffer is [exchange.suffer] for a sub-request: nobody waits for it by itself, so the fault is noted on its entry.
func (s *subExchange) suffer(phase fault.Phase) *Response {
	for _, rule := range s.struck {
		if rule.Effect.When() != phase {
			continue
		}
		s.entry.Fault = append(s.entry.Fault, rule.Name)
		if rule.Effect.Kind == fault.Hold {
			// Waiting inside the transaction would keep the rule from being disarmed: the call is lost instead.
			s.cut = true
			return nil
		}
		if resp := s.effect(rule); resp != nil || s.cut {
			return resp
		}
	}
	return nil
}

// cutParent passes a lost connection on to the composite, which loses its whole answer. A loss before the sub-request
// ran also undoes the composite: then nothing was to happen.
func (s *subExchange) cutParent(phase fault.Phase, resp *Response) *Response {
	if !s.cut {
		return resp
	}
	outer := s.parent.exchange
	outer.cut, outer.undone = true, outer.undone || s.undone
	if phase == fault.Before {
		outer.undone = true
		return &Response{Status: http.StatusServiceUnavailable, Header: http.Header{}}
	}
	return resp
}
