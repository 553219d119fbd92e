package courier

import (
	"context"
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/sandbox"
)

// effect is what a fault does to an attempt, and whether it decides what comes of it. Lost before, nothing arrives; lost
// after, the target has it and the courier does not know. Either way the courier comes again.
func (a *attempt) effect(ctx context.Context, rule fault.Rule) (outcome, bool) {
	e := rule.Effect
	switch e.Kind {
	case fault.Hold:
		err := a.world.AwaitDisarmed(ctx, rule.Name)
		return outcome{problem: "held until nobody waited"}, err != nil
	case fault.Delay:
		err := clock.Wait(ctx, e.Delay)
		return outcome{problem: "delayed until nobody waited"}, err != nil
	case fault.Status:
		return outcome{status: e.HTTPStatus, retryAfter: time.Duration(e.RetryAfter) * time.Second}, true
	case fault.Reset, fault.LostBefore, fault.LostAfterCommit:
		return outcome{problem: "lost by the fault " + rule.Name}, true
	default:
		return outcome{}, false // what is done twice or out of order has been seen to
	}
}

// longestRetryAfter bounds what a target may ask for.
const longestRetryAfter = time.Hour

// book writes down what an attempt came to: the parcel is gone, or waits for the next one, or is given up.
func (a *attempt) book(out outcome) error {
	return a.world.Update(func(tx *sandbox.Tx) error {
		p, waits := a.parcels.Get(tx.Tx, a.parcel.key())
		t, known := a.targets.Get(tx.Tx, a.parcel.Target)
		if !waits || !known {
			return nil // the target was dropped meanwhile
		}
		p.Attempts, p.LastStatus, p.LastError = p.Attempts+1, out.status, out.why()
		p.NextAt = tx.Now().Add(max(a.line.retryAfter(p.Attempts), min(out.retryAfter, longestRetryAfter)))
		switch {
		case out.taken():
			t.Waiting, t.Delivered = t.Waiting-1, t.Delivered+1
			a.parcels.Delete(tx.Tx, p.key())
		case p.NextAt.Sub(p.At) > a.line.GiveUpAfter:
			t.Waiting, t.GivenUp = t.Waiting-1, t.GivenUp+1
			a.parcels.Delete(tx.Tx, p.key())
			a.log.Warn("delivery given up", "sandbox", a.world.Name(), "target", t.Name, "subject", p.Subject, "attempts", p.Attempts, "last", p.LastError)
		default:
			a.parcels.Put(tx.Tx, p)
		}
		a.targets.Put(tx.Tx, t)
		return nil
	})
}

func (o outcome) why() string {
	switch {
	case o.problem != "":
		return o.problem
	case o.taken():
		return ""
	default:
		return fmt.Sprintf("it answered %d", o.status)
	}
}

// putOff lets those behind a parcel overtake it, once: it is due a little later and holds up nobody.
func (a *attempt) putOff() error {
	return a.world.Update(func(tx *sandbox.Tx) error {
		if p, waits := a.parcels.Get(tx.Tx, a.parcel.key()); waits {
			p.Overtaken, p.NextAt = true, tx.Now().Add(a.line.retryAfter(1))
			a.parcels.Put(tx.Tx, p)
		}
		return nil
	})
}
