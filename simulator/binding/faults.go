package binding

import (
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/sandbox"
)

// strike asks the sandbox's faults, once for the exchange, which of them strike it.
func (x *exchange) strike() {
	if !x.glance.Armed {
		return
	}
	struck, err := x.world.Strike(x.faultCall())
	if err != nil {
		x.noteBug(&Bug{err})
	}
	x.struck = struck
}

func (x *exchange) faultCall() fault.Call {
	return fault.Call{
		System: x.face.System, Operation: x.op.id,
		Path: x.req.Path, Query: x.req.http.URL.RawQuery, Body: x.req.Body,
		Header: x.req.Header.Get,
	}
}

// suffer lets the faults of one phase act. It returns the answer that takes the place of the real one, if any; the
// exchange is cut when there is to be none.
func (x *exchange) suffer(phase fault.Phase) *Response {
	for _, rule := range x.struck {
		if rule.Effect.When() != phase {
			continue
		}
		x.world.Struck(x.entry, rule.Name)
		if resp := x.effect(rule); resp != nil || x.cut {
			return resp
		}
	}
	return nil
}

func (x *exchange) effect(rule fault.Rule) *Response {
	e := rule.Effect
	switch e.Kind {
	case fault.Hold:
		if err := x.world.AwaitDisarmed(x.req.http.Context(), rule.Name); err != nil {
			x.cut = true
		}
		return nil
	case fault.Delay:
		if err := clock.Wait(x.req.http.Context(), e.Delay); err != nil {
			x.cut = true
		}
		return nil
	case fault.Partial:
		return nil // the operation asks, record by record
	case fault.Reset, fault.LostBefore, fault.LostAfterCommit:
		x.cut = true
		return nil
	default:
		return x.injected(e)
	}
}

// Refused is what a fault makes of one record of the request; nil when none strikes it. Operations that are carried out
// record by record ask it for each; their specification says so by x-somsim-records.
func (c *Call) Refused(record []byte) error {
	if c.exchange == nil {
		return nil
	}
	for _, rule := range c.exchange.struck {
		if e := rule.Effect; e.Kind == fault.Partial && strings.Contains(string(record), e.Record) {
			return &VendorFault{Code: e.Code, Message: e.Message}
		}
	}
	return nil
}

// injected is the answer of a fault that speaks: a bare status, or the vendor's error document. It is not held against
// the specification, since real outages do not keep to it either.
func (x *exchange) injected(e fault.Effect) *Response {
	resp := &Response{Status: e.HTTPStatus, Header: http.Header{}}
	if e.Kind == fault.VendorError {
		resp = x.face.Errors(x.call(nil, Principal{}), &VendorFault{Code: e.Code, Message: e.Message, Status: e.HTTPStatus})
		x.finishError(resp)
	}
	if e.RetryAfter > 0 {
		resp.Header.Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	return resp
}

// subFaults lets faults strike a sub-request inside the transaction of its composite.
func (s *subExchange) faults(tx *sandbox.Tx) []fault.Rule { return tx.Strike(s.faultCall()) }

// reset closes a connection so that the caller's read fails at once: no answer, no orderly end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		// HTTP/2 has no connection to take over; aborting the handler resets the stream.
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
