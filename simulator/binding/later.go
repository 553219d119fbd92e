package binding

import (
	"errors"
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Later is what a handler returns that has nothing to answer yet: long polls do. What it changed is committed, and it is
// run once more, with [Call.Waited] set, as soon as there may be an answer. In between no transaction is open.
type Later struct {
	// Until is the sandbox's time at which the handler is run again whatever has happened.
	Until time.Time
	// Ready tells, in a reading transaction after each commit, whether there is an answer. Calls come one after another.
	Ready func(tx *sandbox.Tx) bool
	// Memo is the handler's own, for when it is run again.
	Memo string
}

func (*Later) Error() string { return "the answer comes later" }

func laterOf(err error) *Later {
	var later *Later
	errors.As(err, &later)
	return later
}

// pause commits what a handler did before it asked for time. A handler that asks twice is wrong: it would never answer.
func (x *exchange) pause(tx *sandbox.Tx) error {
	if x.waited != nil {
		return &Bug{fmt.Errorf("operation %s asks for time twice", x.op.id)}
	}
	changes := x.rendered(tx.Changes())
	if err := tx.Commit(); err != nil {
		return &Bug{err}
	}
	x.entry.Changes = changes
	return nil
}

// resume waits, and runs the handler for the second time.
func (x *exchange) resume(reading *sandbox.Tx, later *Later) *Response {
	reading.Abort()
	if err := x.world.AwaitState(x.req.http.Context(), later.Until, later.Ready); err != nil {
		x.cut = true // the caller has left
		return nil
	}
	x.waited = later
	resp, _ := x.attempt(x.world.Write(), x.principal)
	return resp
}
