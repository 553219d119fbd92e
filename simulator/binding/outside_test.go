package binding_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

// oracle answers questions, and remembers them. Meanwhile is what happens while it thinks.
type oracle struct {
	asked     []string
	meanwhile func(question string)
	status    int
}

func (o *oracle) Ask(_ context.Context, _ *sandbox.World, because *journal.Entry, q courier.Question) courier.Reply {
	o.asked = append(o.asked, fmt.Sprintf("%s of %d", q.Operation, because.Seq))
	if o.meanwhile != nil {
		o.meanwhile(q.Operation)
	}
	return courier.Reply{Status: o.status}
}

// ask counts one up under a number of its own, after the oracle was asked about that number, and asks once more when that
// is done. A status of 500 is a refusal.
func (s toy) ask(c *binding.Call, in counterID) (counterOut, error) {
	row, _ := s.counters.Get(c.Tx.Tx, in.ID)
	row.ID, row.Value = in.ID, row.Value+1
	s.counters.Put(c.Tx.Tx, row)
	number := c.Tx.Next("asked")
	heard := func(tx *sandbox.Tx, r courier.Reply) { s.counters.Put(tx.Tx, toyCounter{ID: "heard", Value: r.Status}) }
	reply, err := c.Ask("first", courier.Question{Operation: fmt.Sprintf("question %d", number)}, heard)
	if err != nil {
		return counterOut{}, err
	}
	if reply.Status == 500 {
		return counterOut{}, &toyError{"toy.by.not-zero"}
	}
	c.Afterwards(func(c *binding.Call, body []byte) ([]byte, error) {
		if reply, err := c.Ask("second", courier.Question{Operation: "afterwards"}, nil); err != nil || reply.Status == 409 {
			return nil, &toyError{"toy.by.not-zero"}
		}
		return []byte(strings.Replace(string(body), "}", `,"secret":"told"}`, 1)), nil
	})
	return counterOut{row.Value}, nil
}

func TestWhoeverIsAskedMayChangeThingsMeanwhile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.oracle.status = 200
	b.oracle.meanwhile = func(question string) {
		if question == "question 1" { // others draw numbers too, and count
			if got := b.call("POST /toy/counters/a/asked", ""); got.status != 200 {
				t.Errorf("meanwhile: %s", got)
			}
		}
	}
	got := b.call("POST /toy/counters/a/asked", "")
	if got.status != 200 || got.body != `{"value":2,"secret":"told"}` || b.counter("default", "a") != 2 || b.counter("default", "heard") != 200 {
		t.Errorf("answered %s", got)
	}
	if got := strings.Join(b.oracle.asked, ", "); got != "question 1 of 1, question 2 of 2, afterwards of 2, afterwards of 1" {
		t.Errorf("asked %s", got)
	}
	b.oracle.meanwhile = nil
	b.call("POST /toy/counters/a/asked", "")
	if got := b.oracle.asked[len(b.oracle.asked)-2]; got != "question 3 of 3" {
		t.Errorf("then asked %s", got) // no number was spent twice, or for nothing
	}
}

func TestWhatARefusedQuestionLeaves(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.oracle.status = 500
	if got := b.call("POST /toy/counters/a/asked", ""); got.status != 409 || b.counter("default", "a") != 0 || b.counter("default", "heard") != 500 {
		t.Errorf("answered %s, the counter is %d", got, b.counter("default", "a"))
	}
	// What is asked when all is done takes nothing back.
	b.oracle.status = 409
	if got := b.call("POST /toy/counters/a/asked", ""); got.status != 409 || b.counter("default", "a") != 1 {
		t.Errorf("answered %s, the counter is %d", got, b.counter("default", "a"))
	}
	if e := b.last("default"); e.Rule != "toy.by.not-zero" || len(e.Changes) == 0 {
		t.Errorf("the journal has %+v", e)
	}
}

// An answer is worked over before it is narrowed.
func TestWhatIsDoneAfterwardsIsNarrowedToo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.oracle.status = 200
	if got := b.call("POST /toy/counters/a/asked?keep=nothing", ""); got.body != "{}" {
		t.Errorf("answered %s", got)
	}
	if got := b.call("POST /toy/counters/a/asked?keep=refused", ""); got.status != 409 || b.counter("default", "a") != 1 {
		t.Errorf("answered %s, the counter is %d", got, b.counter("default", "a"))
	}
}
