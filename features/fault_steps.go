package features

import (
	"context"
	"net/http"
)

func (w *world) faultSteps() []step {
	return []step{
		{given, `^order management takes its time over the (cancel|return of the units|return of the shopper)$`, w.hold},
		{given, `^the answer of order management to the cancel gets lost$`, w.loseCancelAnswer},
		{given, `^the cancel gets lost on its way to order management$`, w.loseCancel},
		{given, `^the slot service refuses to release bookings$`, w.refuseRelease},
		{given, `^the slot service is down$`, w.slotsDown},
		{given, `^the answer of the slot service to the release gets lost$`, w.loseReleaseAnswer},
		{when, `^order management gets to it$`, w.letGo},
		{when, `^order management stops answering questions$`, w.stopAnswering},
		{when, `^order management answers questions again$`, w.answerAgain},
		{when, `^the slot service works again$`, w.slotsBack},
	}
}

// The names of the faults. A call that several faults strike suffers them in the order of their names: what holds it up
// comes before what loses it.
const (
	faultHold      = "1-takes-its-time"
	faultLost      = "2-gets-lost"
	faultQuestions = "questions"
	faultSlots     = "slots"
)

// hold stops a request to order management before anything happens, until it is let go.
func (w *world) hold(ctx context.Context, what string) error {
	op := map[string]operation{"cancel": submitCancel, "return of the units": takeBack, "return of the shopper": submitReturn}[what]
	return w.armOn(ctx, faultHold, op, faultEffect{Kind: "hold"}, 1)
}

// awaitHold waits until a request is held up.
func (w *world) awaitHold(ctx context.Context) error {
	return w.control.await(ctx, occasion{Fault: faultHold, Phase: "opened"}, 1)
}

// letGo lets what is held up happen, and waits for the answers.
func (w *world) letGo(ctx context.Context) error {
	if err := w.control.disarm(ctx, faultHold); err != nil {
		return err
	}
	return w.gather(ctx)
}

func (w *world) loseCancelAnswer(ctx context.Context) error {
	return w.armOn(ctx, faultLost, submitCancel, faultEffect{Kind: "lost_after_commit"}, 1)
}

func (w *world) loseCancel(ctx context.Context) error {
	return w.armOn(ctx, faultLost, submitCancel, faultEffect{Kind: "lost_before"}, 1)
}

func (w *world) loseReleaseAnswer(ctx context.Context) error {
	return w.armOn(ctx, faultLost, releaseBooking, faultEffect{Kind: "lost_after_commit"}, 1)
}

func (w *world) refuseRelease(ctx context.Context) error {
	return w.armOn(ctx, faultSlots, releaseBooking, faultEffect{Kind: "status", Status: http.StatusServiceUnavailable}, 0)
}

// armOn arms a fault on an operation of the scenario's order: on the nth call, or with 0 on all.
func (w *world) armOn(ctx context.Context, name string, op operation, e faultEffect, nth int) error {
	return w.control.arm(ctx, fault{
		Name: name, Match: faultMatch{System: op.system(), Operation: op.name(), Order: w.orderNo, Nth: nth}, Effect: e,
	})
}

func (w *world) slotsDown(ctx context.Context) error {
	down := faultEffect{Kind: "status", Status: http.StatusServiceUnavailable}
	return w.control.arm(ctx, fault{Name: faultSlots, Match: faultMatch{System: releaseBooking.system()}, Effect: down})
}

func (w *world) slotsBack(ctx context.Context) error { return w.control.disarm(ctx, faultSlots) }

func (w *world) stopAnswering(ctx context.Context) error {
	silent := faultEffect{Kind: "status", Status: http.StatusServiceUnavailable}
	return w.control.arm(ctx, fault{
		Name: faultQuestions, Match: faultMatch{System: submitCancel.system(), Contains: questions}, Effect: silent,
	})
}

func (w *world) answerAgain(ctx context.Context) error { return w.control.disarm(ctx, faultQuestions) }
