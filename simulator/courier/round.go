package courier

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// mostAttempts is how many attempts one round may take: what it delivers can cause more to be delivered.
const mostAttempts = 1000

// Tick implements sandbox.Ticker: it delivers what is due in a sandbox, target by target, each target's in order. That a
// target does not take its parcels is no error.
func (c *Courier) Tick(ctx context.Context, name string, _ time.Time) (int, *time.Time, error) {
	w, ok := c.worlds.Get(name)
	if !ok {
		return 0, nil, nil
	}
	end, err := c.rounds.begin(ctx, w)
	if err != nil {
		return 0, nil, err
	}
	defer end()
	ran := 0
	var next *time.Time
	for _, target := range c.names(w) {
		for {
			p, due := c.first(w, target)
			if !due {
				next = earlier(next, p)
				break
			}
			if ran++; ran > mostAttempts {
				return ran, nil, fmt.Errorf("%w: more than %d deliveries at once, last to %s", sandbox.ErrSpin, mostAttempts, target)
			}
			if err := c.deliver(ctx, w, p); err != nil {
				return ran, nil, err
			}
		}
	}
	return ran, next, nil
}

func (c *Courier) names(w *sandbox.World) []string {
	tx := w.Read()
	defer tx.Abort()
	var names []string
	c.targets.Scan(tx.Tx, func(t *Target) bool {
		if t.Waiting > 0 {
			names = append(names, t.Name)
		}
		return true
	})
	return names
}

// first returns the parcel that is to go next to a target, and whether it is due. A parcel that was put off is passed by.
func (c *Courier) first(w *sandbox.World, target string) (Parcel, bool) {
	tx := w.Read()
	defer tx.Abort()
	var found Parcel
	due := false
	c.parcels.Visit(tx.Tx, target+"/", target+"0", func(p *Parcel) bool {
		due = !p.NextAt.After(tx.Now())
		if due || found.ID == "" || p.NextAt.Before(found.NextAt) {
			found = *p
		}
		return !due && p.Overtaken
	})
	return found, due
}

func earlier(next *time.Time, p Parcel) *time.Time {
	if p.ID == "" || next != nil && !p.NextAt.Before(*next) {
		return next
	}
	return &p.NextAt
}

// rounds lets one round at a time go through a sandbox: two would take the same parcel, or one after the other's.
type rounds struct {
	mu      sync.Mutex
	running map[*sandbox.World]chan struct{}
}

// begin waits until no round is under way, and returns how to end this one.
func (r *rounds) begin(ctx context.Context, w *sandbox.World) (end func(), err error) {
	for {
		r.mu.Lock()
		if r.running == nil {
			r.running = map[*sandbox.World]chan struct{}{}
		}
		other, busy := r.running[w]
		if !busy {
			done := make(chan struct{})
			r.running[w] = done
			r.mu.Unlock()
			return func() {
				r.mu.Lock()
				defer r.mu.Unlock()
				delete(r.running, w)
				close(done)
			}, nil
		}
		r.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
