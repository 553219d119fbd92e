package binding

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// exchange is one request on its way through the pipeline.
type exchange struct {
	router *Router
	face   *Face
	op     *operation
	req    *Request
	world  *sandbox.World
	// glance is the sandbox as the request found it.
	glance sandbox.Glance
	entry  *journal.Entry
	struck []fault.Rule
	// principal is who calls; set also when a caller is known and refused nevertheless.
	principal Principal
	// cut is set when the caller is to get no answer.
	cut bool
	// waited is set when the handler is run again after it asked for time.
	waited *Later
	// outside is what the exchange has to do with others than its caller.
	outside outside
	// undone is set when a sub-request was cut before it ran: the transaction is dropped.
	undone bool
	// claimKey names the work that other exchanges may be doing too.
	claimKey string
	// children are the entries of sub-requests of a composite.
	children []journal.Entry
}

// serve is the whole of a request: which sandbox it is for, the pipeline, the answer.
func (r *Router) serve(w http.ResponseWriter, hr *http.Request, vars map[string]string, f *Face, op *operation, refused error) {
	x := &exchange{router: r, face: f, op: op, entry: &journal.Entry{}}
	var err error
	x.req, err = readRequest(hr, vars, op)
	if refused == nil {
		refused = err
	}
	if f.Plain {
		x.write(w, x.plain(refused))
		return
	}
	if x.world, err = r.world(f, x.req); err != nil {
		x.write(w, x.failure(nil, err))
		return
	}
	x.catchUp()
	x.open()
	x.claim()
	if refused != nil {
		x.close(w, x.failure(nil, refused))
		return
	}
	x.close(w, x.run())
}

// run is the pipeline, the same for every operation, in this order.
func (x *exchange) run() *Response {
	x.strike()
	if resp := x.suffer(fault.Before); resp != nil || x.cut {
		return resp
	}
	tx := x.world.Read()
	defer tx.Abort()
	err := x.authenticate(tx)
	x.entry.Caller = x.principal.String()
	if err != nil {
		return x.failure(nil, err)
	}
	if err := x.op.validateRequest(x.req); err != nil {
		return x.failure(nil, err)
	}
	resp := x.transact(tx)
	if x.cut {
		return nil
	}
	if struck := x.suffer(fault.After); struck != nil {
		return struck
	}
	return resp
}

// world finds the sandbox of a request. No name means the default one; two names that disagree are an error.
func (r *Router) world(f *Face, req *Request) (*sandbox.World, error) {
	chosen := namedSandbox{}
	for _, found := range sandboxNames(f, req) {
		switch {
		case found.name == "":
		case chosen.name == "" || chosen.name == found.name:
			chosen = found
		default:
			return nil, &SandboxError{fmt.Sprintf("the request names two sandboxes: %q in %s and %q in %s",
				chosen.name, chosen.where, found.name, found.where)}
		}
	}
	if chosen.name == "" {
		chosen = namedSandbox{name: sandbox.Default, where: "no credential, header or path"}
	}
	w, ok := r.worlds.Get(chosen.name)
	if !ok {
		return nil, &SandboxError{fmt.Sprintf("there is no sandbox %q, named in %s", chosen.name, chosen.where)}
	}
	return w, nil
}

// catchUp runs what became due since the last request, when the sandbox's clock runs by itself.
func (x *exchange) catchUp() {
	x.glance = x.world.Glance()
	if !x.glance.Due {
		return
	}
	if _, what, err := x.world.RunDue(); err != nil {
		x.router.log.Error("due work failed", "sandbox", x.world.Name(), "work", what, "error", err)
	}
}

// authenticate tries the alternatives of the operation's security in order; the last one's error stands.
func (x *exchange) authenticate(tx *sandbox.Tx) error {
	alternatives := x.op.security(x.op.route.Spec)
	if len(alternatives) == 0 {
		return nil
	}
	c := x.call(tx, Principal{})
	var refused error
	for _, alternative := range alternatives {
		if x.principal, refused = x.present(c, alternative); refused == nil {
			return nil
		}
	}
	return refused
}

func (x *exchange) present(c *Call, alternative map[string][]string) (principal Principal, err error) {
	for name := range alternative {
		if principal, err = x.face.Schemes[name](c); err != nil {
			return principal, err
		}
	}
	return principal, nil
}

func (x *exchange) call(tx *sandbox.Tx, p Principal) *Call {
	c := &Call{Context: x.req.http.Context(), Tx: tx, Request: x.req, Principal: p, exchange: x, Waited: x.waited}
	if x.op != nil {
		c.Operation = x.op.id
	}
	return c
}

// transact runs the handler in a transaction, checks its answer and commits. Operations that read first get the reading
// transaction in which the caller was let in and, if they turn out to write, a second run in a writing one.
func (x *exchange) transact(reading *sandbox.Tx) *Response {
	resp, err := (*Response)(nil), store.ErrReadOnly
	if x.op.readsFirst {
		resp, err = x.attempt(reading, x.principal)
	}
	if errors.Is(err, store.ErrReadOnly) {
		resp, err = x.attempt(x.beginWriting(), x.principal)
	}
	if asking := askingOf(err); asking != nil {
		return x.askAndRepeat(reading, asking)
	}
	if later := laterOf(err); later != nil {
		return x.resume(reading, later)
	}
	return x.afterwards(resp)
}

func (x *exchange) attempt(tx *sandbox.Tx, p Principal) (*Response, error) {
	resp, err := x.work(tx, p)
	tx.Abort()
	if errors.Is(err, store.ErrReadOnly) {
		return nil, err // no mistake: the operation writes after all and is run again
	}
	if uncounted := x.world.Recount(tx); uncounted != nil {
		x.noteBug(&Bug{uncounted})
	}
	return resp, err
}

func (x *exchange) work(tx *sandbox.Tx, p Principal) (*Response, error) {
	x.children, x.cut, x.undone, x.outside.work = nil, false, false, nil
	c := x.call(tx, p)
	resp, err := x.op.handler.handle(c)
	if sticky := tx.Err(); errors.Is(sticky, store.ErrReadOnly) {
		return nil, sticky
	} else if sticky != nil {
		return x.failure(c, &Bug{sticky}), sticky
	}
	if x.undone {
		return nil, nil
	}
	if asking := askingOf(err); asking != nil {
		if err = x.retract(tx); err == nil {
			return nil, asking
		}
	}
	if later := laterOf(err); later != nil {
		if err = x.pause(tx); err == nil {
			return nil, later
		}
	}
	if err != nil {
		return x.failure(c, err), nil
	}
	x.finish(resp)
	if err := x.validateResponse(resp); err != nil {
		return x.failure(c, &Bug{err}), nil
	}
	x.outside.whole = resp.Body
	if x.face.Narrow != nil {
		if err := x.face.Narrow(c, resp); err != nil {
			return x.failure(c, err), nil
		}
	}
	changes := x.rendered(tx.Changes())
	if err := tx.Commit(); err != nil {
		return x.failure(c, &Bug{err}), err
	}
	x.entry.Changes = append(x.entry.Changes, changes...)
	x.outside.committed = true
	return resp, nil
}

// finish fills in what handlers leave to their document: the success status and the media type.
func (x *exchange) finish(resp *Response) {
	if resp.Status == 0 {
		resp.Status = x.op.success
	}
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	if len(resp.Body) > 0 && resp.Header.Get("Content-Type") == "" {
		resp.Header.Set("Content-Type", "application/json;charset=UTF-8")
	}
}

// failure renders an error in the vendor's shape and records the rule, or the bug, behind it.
func (x *exchange) failure(c *Call, err error) *Response {
	if c == nil {
		c = x.call(nil, Principal{})
	}
	x.entry.Rule = ruleOf(err)
	if x.entry.Rule != "" && !x.face.Rules[x.entry.Rule] {
		err = &Bug{fmt.Errorf("rule %q is not in the rules of %s: %w", x.entry.Rule, x.face.System, err)}
	}
	resp := x.face.Errors(c, err)
	x.finishError(resp)
	var bug *Bug
	if errors.As(err, &bug) {
		x.noteBug(bug)
		return resp
	}
	if x.op != nil {
		if invalid := x.validateResponse(resp); invalid != nil {
			x.noteBug(&Bug{invalid})
		}
	}
	return resp
}

func (x *exchange) finishError(resp *Response) {
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	if resp.Header.Get("Content-Type") == "" {
		resp.Header.Set("Content-Type", "application/json;charset=UTF-8")
	}
}

func (x *exchange) noteBug(bug *Bug) {
	x.entry.Bug = bug.Error()
	x.router.log.Error("simulator bug", "system", x.face.System, "path", x.req.Path, "error", bug.Err)
}

// plain is the pipeline of a face without a sandbox.
func (x *exchange) plain(refused error) *Response {
	c := x.call(nil, Principal{})
	if refused == nil {
		refused = x.op.validateRequest(x.req)
	}
	if refused != nil {
		return x.failure(c, refused)
	}
	resp, err := x.op.handler.handle(c)
	if err != nil {
		return x.failure(c, err)
	}
	x.finish(resp)
	if err := x.validateResponse(resp); err != nil {
		return x.failure(c, &Bug{err})
	}
	return resp
}
