package sandbox

import (
	"context"
	"sync"
	"time"
)

// commits tells those who wait that something was committed. Its zero value is ready for use.
type commits struct {
	mu sync.Mutex
	// next, when somebody waits, is closed by the next commit.
	next chan struct{}
}

func (c *commits) tell() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next != nil {
		close(c.next)
		c.next = nil
	}
}

// wait returns a channel that closes at the next commit. Who waits takes it before looking, so that none is missed.
func (c *commits) wait() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == nil {
		c.next = make(chan struct{})
	}
	return c.next
}

// AwaitState blocks until ready says so of the committed state, the sandbox's clock shows until, the sandbox is deleted
// or the simulator stops; an error means that the context ended first. No transaction is open in between. A clock that
// stands still would hold up whoever waits for ever, so as much real time as there was left at the beginning is enough,
// too: whoever waits at the other end of a connection does so in real time.
func (w *World) AwaitState(ctx context.Context, until time.Time, ready func(tx *Tx) bool) error {
	bounded, cancel := context.WithTimeout(ctx, until.Sub(w.Now()))
	defer cancel()
	for {
		committed := w.commits.wait()
		if w.holds(until, ready) {
			return nil
		}
		select {
		case <-committed:
		case <-w.ended:
			return nil
		case <-w.worlds.stopped:
			return nil
		case <-bounded.Done():
			return ctx.Err()
		}
	}
}

func (w *World) holds(until time.Time, ready func(tx *Tx) bool) bool {
	tx := w.Read()
	defer tx.Abort()
	return !tx.Now().Before(until) || ready(tx)
}

// Stop lets everybody go who waits for the state of a sandbox, now and from now on: the simulator is about to end.
func (ws *Worlds) Stop() { ws.stop.Do(func() { close(ws.stopped) }) }
