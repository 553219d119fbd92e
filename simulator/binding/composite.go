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
}

// Sub runs a sub-request in the transaction of the call. A sub-request that fails leaves nothing behind, and its answer
// is the vendor's error document; other sub-requests are untouched. It becomes a child entry of the composite's journal
// entry, with an operation of its own that faults can match.
func (c *Call) Sub(sub SubRequest) *Response {
	s, err := c.prepare(sub)
	if err != nil {
		return c.exchange.failure(c, err)
	}
	mark := c.Tx.Mark()
	resp := s.run()
	if resp.Status >= http.StatusBadRequest {
		c.Tx.RollbackTo(mark)
	}
	s.entry.Status = resp.Status
	s.entry.ResponseBody = s.answered(resp)
	c.exchange.children = append(c.exchange.children, *s.entry)
	return resp
}

func (c *Call) prepare(sub SubRequest) (*subExchange, error) {
	target, err := url.Parse(sub.URL)
	if err != nil || !strings.HasPrefix(sub.URL, "/") {
		return nil, &NotFound{Path: sub.URL}
	}
	if sub.Header == nil {
		sub.Header = http.Header{}
	}
	if len(sub.Body) > 0 && sub.Header.Get("Content-Type") == "" {
		sub.Header.Set("Content-Type", "application/json")
	}
	outer := c.exchange
	hr := normalized((&http.Request{Method: sub.Method, URL: target, Header: sub.Header, Host: outer.req.http.Host}).WithContext(c))
	var match mux.RouteMatch
	if !outer.router.mux.Match(hr, &match) || match.Handler == nil {
		return nil, &NotFound{Path: target.Path}
	}
	handler, ok := match.Handler.(*pathHandler)
	if !ok || handler.face.System != outer.face.System {
		return nil, &NotFound{Path: target.Path}
	}
	if handler.face != outer.face {
		return nil, &NotComposable{Path: target.Path} // the system has it, this face cannot hold it
	}
	op, err := handler.operation(hr)
	if err != nil {
		return nil, err
	}
	if !op.composable {
		return nil, &NotComposable{Path: target.Path}
	}
	req, err := readRequest(hr, match.Vars, op)
	req.Body = sub.Body
	s := &subExchange{parent: c, exchange: exchange{router: outer.router, face: outer.face, op: op, req: req, world: outer.world}}
	s.entry = &journal.Entry{
		Seq: outer.entry.Seq, At: c.Now(), System: s.face.System, Operation: op.id, Method: op.method, Path: req.Path,
		Query: s.router.redactor.Text(target.RawQuery), RequestBody: s.router.redactor.Text(string(sub.Body)),
		Caller: c.Principal.String(), TraceID: outer.entry.TraceID,
	}
	return s, err
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
	s.parent.exchange.cut = true
	if phase == fault.Before {
		s.parent.exchange.undone = true
		return &Response{Status: http.StatusServiceUnavailable, Header: http.Header{}}
	}
	return resp
}
