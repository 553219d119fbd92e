package features

import (
	"context"
	"fmt"
	"math"
	"time"
)

// askedSteps are about how often a system was asked for something.
func (w *world) askedSteps() []step {
	system, what := systemWord(), actWord()
	return []step{
		{
			then, `^` + system + ` was (?:asked|asked for|told of) ` + what + ` (once|twice|\d+ times|at most \d+ times|again and again|again and again, after longer and longer waits)` +
				`(, and carried it out once|, each time in the same words)?$`, w.wasAsked,
		},
		{then, `^` + system + ` was not asked (?:to do anything|for ` + what + `)$`, w.wasNotAsked},
	}
}

// timesAsked is how often something happened, in words: the least and the most.
func timesAsked(words string) (least, most int) {
	switch words {
	case "once":
		return 1, 1
	case "twice":
		return 2, 2
	}
	var n int
	if _, err := fmt.Sscanf(words, "at most %d times", &n); err == nil {
		return 1, n
	}
	if _, err := fmt.Sscanf(words, "%d times", &n); err == nil {
		return n, n
	}
	return 2, math.MaxInt
}

// requests are those for an act since the last remembered present.
func (w *world) requests(ctx context.Context, a act) (journal, error) {
	happened, err := w.since(ctx)
	return happened.asking(a.request(), a.contains).askedAnew(), err
}

func (w *world) wasAsked(ctx context.Context, system, what, howOften, how string) error {
	_, a, err := w.asking(system, what)
	if err != nil {
		return err
	}
	calls, err := w.requests(ctx, a)
	if err != nil {
		return err
	}
	if least, most := timesAsked(howOften); len(calls) < least || len(calls) > most {
		return fmt.Errorf("%s was asked %d times:\n%s", system, len(calls), calls)
	}
	if howOften == "again and again, after longer and longer waits" {
		err = backsOff(calls)
	}
	switch {
	case err != nil:
		return err
	case how == ", and carried it out once" && len(calls.effective()) != 1:
		return fmt.Errorf("%s carried it out %d times:\n%s", system, len(calls.effective()), calls)
	case how == ", each time in the same words":
		return sameWords(calls)
	}
	return nil
}

func sameWords(calls journal) error {
	for _, e := range calls {
		if e.Path != calls[0].Path || e.Request.Body != calls[0].Request.Body {
			return fmt.Errorf("it was asked\n%s\nand then\n%s", calls[0].Request.Body, e.Request.Body)
		}
	}
	return nil
}

// wasNotAsked is about one act, or about all that change anything.
func (w *world) wasNotAsked(ctx context.Context, system, what string) error {
	acts := w.partners()[system].acts
	if what != "" {
		_, a, err := w.asking(system, what)
		if err != nil {
			return err
		}
		acts = map[string]act{what: a}
	}
	for name, a := range acts {
		if what == "" && a.looks {
			continue
		}
		calls, err := w.requests(ctx, a)
		if err != nil {
			return err
		}
		if len(calls) > 0 {
			return fmt.Errorf("%s was asked for %s:\n%s", system, name, calls)
		}
	}
	return nil
}

// repeatedAtOnce is how soon a request is repeated within one attempt.
const repeatedAtOnce = 1500 * time.Millisecond

// backsOff looks at when a system was asked: the waits between attempts never get shorter, and end long.
func backsOff(calls journal) error {
	var waits []time.Duration
	for i := 1; i < len(calls); i++ {
		wait := calls[i].At.Sub(calls[i-1].At)
		if wait < repeatedAtOnce {
			continue
		}
		if n := len(waits); n > 0 && wait < waits[n-1] {
			return fmt.Errorf("after the waits %v came one of %s", waits, wait)
		}
		waits = append(waits, wait)
	}
	if n := len(waits); n < 5 || waits[n-1] < time.Minute {
		return fmt.Errorf("the waits are %v", waits)
	}
	return nil
}
