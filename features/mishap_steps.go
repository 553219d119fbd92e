package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// mishapSteps are about what goes wrong between order-ops and a system that it calls: which system, what it was asked for
// and what happens then can be put together at will.
func (w *world) mishapSteps() []step {
	system, what := systemWord(), actWord()
	return []step{
		{given, `^` + system + ` is down$`, w.isDown},
		{given, `^` + system + ` ` + oneOf("trouble", troubles()) + ` ` + what + `( once)?$`, w.inTrouble},
		{given, `^` + system + ` takes its time over ` + what + `$`, w.hold},
		{given, `^` + system + ` wants to be left alone for (\d+) seconds(?: when asked for ` + what + `)?$`, w.wantsPeace},
		{given, `^the answer of ` + system + ` to ` + what + ` (gets lost|always gets lost|is long on its way)$`, w.answerAstray},
		{given, `^` + what + ` gets lost on its way to ` + system + `$`, w.requestLost},
		{when, `^` + system + ` gets to it$`, w.letGo},
		{when, `^` + system + ` works again$`, w.worksAgain},
	}
}

// What a mishap's name begins with. A call that several faults strike suffers them in the order of their names: what holds
// it up comes before what loses it.
const (
	holdUp  = "1 "
	failure = "2 "
)

// troubles are the ways in which a system does not do what it is asked for, but for refusing, of which each has its own.
func troubles() map[string]faultEffect {
	return map[string]faultEffect{
		"refuses":               {},
		"does not get round to": {Kind: "status", Status: http.StatusServiceUnavailable},
		"is too busy for":       {Kind: "status", Status: http.StatusTooManyRequests},
	}
}

// arm lets something go wrong with a system, on the nth request or with 0 on all, under a name that says what.
func (w *world) arm(ctx context.Context, rank, system, words string, m faultMatch, e faultEffect, nth int) error {
	m.Nth = nth
	name := rank + system + ": " + words
	if rank == holdUp {
		w.holds = append(w.holds, name)
	}
	return w.control.arm(ctx, fault{Name: name, Match: m, Effect: e})
}

// isDown is true of every request to the system, the scenario's own to it too.
func (w *world) isDown(ctx context.Context, system string) error {
	down := faultEffect{Kind: "status", Status: http.StatusServiceUnavailable}
	return w.arm(ctx, failure, system, "is down", w.partners()[system].down, down, 0)
}

func (w *world) inTrouble(ctx context.Context, system, how, what, once string) error {
	p, a, err := w.asking(system, what)
	if err != nil {
		return err
	}
	effect := troubles()[how]
	if effect.Kind == "" {
		if effect, err = p.refusing(a); err != nil {
			return err
		}
	}
	nth := 0
	if once != "" {
		nth = 1
	}
	return w.arm(ctx, failure, system, how+" "+what, w.match(a.op, a), effect, nth)
}

// hold stops the first request before anything happens, until it is let go.
func (w *world) hold(ctx context.Context, system, what string) error {
	_, a, err := w.asking(system, what)
	if err != nil {
		return err
	}
	return w.arm(ctx, holdUp, system, "takes its time over "+what, w.match(a.request(), a), faultEffect{Kind: "hold"}, 1)
}

func (w *world) wantsPeace(ctx context.Context, system string, seconds int, what string) error {
	busy := faultEffect{Kind: "status", Status: http.StatusTooManyRequests, RetryAfter: seconds}
	if what == "" {
		return w.arm(ctx, failure, system, "wants to be left alone", w.partners()[system].down, busy, 0)
	}
	_, a, err := w.asking(system, what)
	if err != nil {
		return err
	}
	return w.arm(ctx, failure, system, "wants to be left alone with "+what, w.match(a.request(), a), busy, 0)
}

// answerAstray has a system do what it is asked for, and the caller not hear of it, or only once the system gets to it.
func (w *world) answerAstray(ctx context.Context, system, what, how string) error {
	_, a, err := w.asking(system, what)
	if err != nil {
		return err
	}
	rank, effect, nth := failure, faultEffect{Kind: "lost_after_commit"}, 1
	switch how {
	case "always gets lost":
		nth = 0
	case "is long on its way":
		rank, effect = holdUp, faultEffect{Kind: "hold", Phase: "after"}
	}
	return w.arm(ctx, rank, system, "the answer to "+what+" "+how, w.match(a.op, a), effect, nth)
}

func (w *world) requestLost(ctx context.Context, what, system string) error {
	_, a, err := w.asking(system, what)
	if err != nil {
		return err
	}
	return w.arm(ctx, failure, system, what+" gets lost", w.match(a.request(), a), faultEffect{Kind: "lost_before"}, 1)
}

// armed are the names of what is wrong that begin like that.
func (w *world) armed(ctx context.Context, beginning string) ([]string, error) {
	all, err := w.control.faults(ctx)
	var names []string
	for _, f := range all {
		if strings.HasPrefix(f.Name, beginning) {
			names = append(names, f.Name)
		}
	}
	return names, err
}

// awaitHold waits until a request is held up: of several, the one that the scenario spoke of first.
func (w *world) awaitHold(ctx context.Context) error {
	still, err := w.armed(ctx, holdUp)
	if err != nil {
		return err
	}
	for _, name := range w.holds {
		if slices.Contains(still, name) {
			return w.control.await(ctx, occasion{Fault: name, Phase: "opened"}, 1)
		}
	}
	return errors.New("nothing takes its time")
}

// letGo lets what a system holds up happen, and waits for the answers, or for the next system that takes its time.
func (w *world) letGo(ctx context.Context, system string) error {
	held, err := w.armed(ctx, holdUp+system+": ")
	if err != nil || len(held) == 0 {
		return errors.Join(err, fmt.Errorf("%s takes its time over nothing", system))
	}
	if err := w.disarm(ctx, held); err != nil {
		return err
	}
	return w.goOn(ctx)
}

// goOn waits for what is under way.
func (w *world) goOn(ctx context.Context) error {
	if more, err := w.armed(ctx, holdUp); err != nil {
		return err
	} else if len(more) > 0 {
		return w.awaitHold(ctx)
	}
	if w.follow.asked != nil {
		select {
		case err := <-w.follow.asked:
			w.follow.asked = nil
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return w.gather(ctx)
}

func (w *world) disarm(ctx context.Context, names []string) error {
	for _, name := range names {
		if err := w.control.disarm(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// worksAgain ends whatever is wrong with a system, which is to be something.
func (w *world) worksAgain(ctx context.Context, system string) error {
	held, errHeld := w.armed(ctx, holdUp+system+": ")
	wrong, errWrong := w.armed(ctx, failure+system+": ")
	if err := errors.Join(errHeld, errWrong); err != nil {
		return err
	}
	willing := w.unwilling && system == "the payment provider"
	if len(held)+len(wrong) == 0 && !willing {
		return fmt.Errorf("nothing is wrong with %s", system)
	}
	if err := w.disarm(ctx, slices.Concat(wrong, held)); err != nil {
		return err
	}
	if willing {
		w.unwilling = false
		if err := w.setPayments(ctx, map[string]any{"refuse_refunds": false}); err != nil {
			return err
		}
	}
	if len(held) > 0 {
		return w.goOn(ctx)
	}
	return nil
}
