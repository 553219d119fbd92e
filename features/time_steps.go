package features

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func (w *world) timeSteps() []step {
	return []step{
		{when, `^(\d+) (minute|hour|day)s? (?:has|have) passed$`, w.pass},
	}
}

func (w *world) pass(ctx context.Context, count int, unit string) error {
	length := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[unit]
	return w.letPass(ctx, time.Duration(count)*length)
}

// loggedIn is how long everybody stays logged in at least, stillIn who works in the systems or logged in to the shop by name.
const (
	loggedIn = 15 * time.Minute
	stillIn  = 25 * time.Minute
)

// letPass lets time pass. Who was logged in comes back after a long one, or after several that were long together.
func (w *world) letPass(ctx context.Context, by time.Duration) error {
	w.passed += by
	if _, err := w.control.advance(ctx, by); err != nil || w.passed < loggedIn {
		return err
	}
	return w.comeBack(ctx)
}

// comeBack logs in again whoever had a name.
func (w *world) comeBack(ctx context.Context) error {
	w.passed = 0
	err := w.letIn(ctx)
	switch {
	case w.shopper.web:
		err = errors.Join(err, w.shopper.logInBySLAS(ctx, w.shopper.name))
	case w.shopper.name != "":
		err = errors.Join(err, w.shopper.logIn(ctx, w.shopper.name))
	}
	return err
}

// quiet is a time in which everything that is still owed is tried at least once: order-ops waits five minutes at the
// longest before it tries again.
const quiet = 10 * time.Minute

// settle lets time pass until a whole quiet time brought nothing.
func (w *world) settle(ctx context.Context) error {
	for range 30 {
		done, err := w.control.advance(ctx, quiet)
		if err != nil {
			return fmt.Errorf("let the world settle: %w", err)
		}
		if done == 0 && w.control.at.Before(w.cameIn.Add(stillIn)) && w.shopper.token == w.shopper.lasting {
			return nil
		}
		if done == 0 {
			return w.comeBack(ctx)
		}
	}
	return errors.New("the world does not settle")
}
