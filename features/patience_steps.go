package features

import (
	"context"
	"fmt"
	"net/http"
)

// patienceSteps are about systems that want to be left alone for a while.
func (w *world) patienceSteps() []step {
	const system = `(the payment provider|the slot service|the shop|web analytics)`
	return []step{
		{given, `^` + system + ` wants to be left alone for (\d+) seconds after the cancel$`, w.wantsPeace},
		{when, `^` + system + ` can be asked again$`, w.peaceOver},
		{then, `^` + system + ` was told of the cancel (once|twice)$`, w.toldOfCancel},
	}
}

// faultPeace is the name of what is wrong with a system that wants to be left alone.
const faultPeace = "peace"

// collectEvents is how web analytics is told of anything.
const collectEvents operation = "tracking.collectEvents"

// afterCancel is what a system is told once an order is cancelled.
func (w *world) afterCancel(system string) operation {
	return map[string]operation{
		"the payment provider": w.releasing(), "the slot service": releaseBooking, "the shop": mirrorStatus, "web analytics": collectEvents,
	}[system]
}

func (w *world) wantsPeace(ctx context.Context, system string, seconds int) error {
	op := w.afterCancel(system)
	return w.control.arm(ctx, fault{
		Name: faultPeace, Match: faultMatch{System: op.system(), Operation: op.name()},
		Effect: faultEffect{Kind: "status", Status: http.StatusTooManyRequests, RetryAfter: seconds},
	})
}

func (w *world) peaceOver(ctx context.Context, _ string) error {
	return w.control.disarm(ctx, faultPeace)
}

func (w *world) toldOfCancel(ctx context.Context, system, often string) error {
	happened, err := w.since(ctx)
	if err != nil {
		return err
	}
	if n := len(happened.of(w.afterCancel(system)).heard()); n != times(often) {
		return fmt.Errorf("%s was told %d times", system, n)
	}
	return nil
}
