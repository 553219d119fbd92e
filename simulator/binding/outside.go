package binding

import (
	"context"
	"errors"
	"fmt"

	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Outbound asks somebody outside of the simulator, on behalf of the exchange of an entry.
type Outbound interface {
	Ask(ctx context.Context, w *sandbox.World, because *journal.Entry, q courier.Question) courier.Reply
}

// outside is what an exchange has to do with others than its caller (docs/decisions/0018).
type outside struct {
	// replies are the answers of those who were asked so far, by key; drawn the numbers that the retracted attempts drew.
	replies map[string]courier.Reply
	drawn   sandbox.Drawn
	// work is what the handler wants done to its answer once it is committed, whole the answer before it was narrowed.
	work      func(c *Call, body []byte) ([]byte, error)
	whole     []byte
	committed bool
}

// asking is what a handler returns that has to know an answer from outside first.
type asking struct {
	key      string
	question courier.Question
	heard    func(tx *sandbox.Tx, r courier.Reply)
}

func (*asking) Error() string { return "an answer from outside has to be known first" }

func askingOf(err error) *asking {
	var a *asking
	errors.As(err, &a)
	return a
}

// Ask has somebody outside of the simulator asked. Whoever is asked may call the simulator meanwhile, so no transaction is
// open then: that of the handler is retracted, and the handler is run again in a new one with the answer at hand. So a
// handler asks the same under the same key whenever it is run, and returns the error that it gets from here. Once the
// answer is heard, the function of that name books it in a transaction of its own; it may be nil.
func (c *Call) Ask(key string, q courier.Question, heard func(tx *sandbox.Tx, r courier.Reply)) (courier.Reply, error) {
	x := c.exchange
	if reply, known := x.outside.replies[key]; known {
		return reply, nil
	}
	a := &asking{key, q, heard}
	if !x.outside.committed {
		return courier.Reply{}, a
	}
	err := x.ask(a)
	return x.outside.replies[key], err
}

// Asked reports whether somebody outside has been asked already, under any key or under this one.
func (c *Call) Asked(key string) bool {
	if key == "" {
		return len(c.exchange.outside.replies) > 0
	}
	_, known := c.exchange.outside.replies[key]
	return known
}

// Afterwards has the answer of a call worked over when what the call did is committed, with a transaction for reading. An
// error takes the place of the answer and undoes nothing. The body is the answer's before it is narrowed.
func (c *Call) Afterwards(work func(c *Call, body []byte) ([]byte, error)) {
	c.exchange.outside.work = work
}

// mostQuestions is how many questions one exchange may ask.
const mostQuestions = 100

func (x *exchange) ask(a *asking) error {
	out := &x.outside
	if x.router.outbound == nil || len(out.replies) >= mostQuestions {
		return &Bug{fmt.Errorf("operation %s asks %s: nobody may be asked, or too much was", x.op.id, a.key)}
	}
	reply := x.router.outbound.Ask(x.req.http.Context(), x.world, x.entry, a.question)
	if out.replies == nil {
		out.replies = map[string]courier.Reply{}
	}
	out.replies[a.key] = reply
	if a.heard == nil {
		return nil
	}
	return x.world.Update(func(tx *sandbox.Tx) error {
		a.heard(tx, reply)
		return nil
	})
}

// retract takes back what a handler did before it had to know more.
func (x *exchange) retract(tx *sandbox.Tx) error {
	drawn, err := tx.Retract()
	if err != nil {
		return &Bug{err}
	}
	x.outside.drawn = drawn
	return nil
}

// askAndRepeat asks what the handler has to know and runs it again, on the sandbox as it is by then.
func (x *exchange) askAndRepeat(reading *sandbox.Tx, a *asking) *Response {
	reading.Abort()
	if err := x.ask(a); err != nil {
		return x.failure(nil, &Bug{err})
	}
	again := x.world.Read()
	defer again.Abort()
	return x.transact(again)
}

// beginWriting opens a writing transaction. One that takes the place of a retracted one draws the same numbers.
func (x *exchange) beginWriting() *sandbox.Tx { return x.world.WriteAgain(x.outside.drawn) }

// afterwards does what a handler wanted done to its answer once that is committed.
func (x *exchange) afterwards(resp *Response) *Response {
	out := &x.outside
	if resp == nil || out.work == nil || !out.committed {
		return resp
	}
	tx := x.world.Read()
	defer tx.Abort()
	c := x.call(tx, x.principal)
	body, err := out.work(c, out.whole)
	if err != nil {
		return x.failure(c, err)
	}
	resp.Body = body
	if err := x.validateResponse(resp); err != nil {
		return x.failure(c, &Bug{err})
	}
	if x.face.Narrow != nil {
		if err := x.face.Narrow(c, resp); err != nil {
			return x.failure(c, err)
		}
	}
	return resp
}
