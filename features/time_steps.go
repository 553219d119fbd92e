package features

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func (w *world) timeSteps() []step {
	return []step{
		{when, `^(\d+) minutes? (?:has|have) passed$`, w.pass},
	}
}

func (w *world) pass(ctx context.Context, minutes int) error {
	_, err := w.control.advance(ctx, time.Duration(minutes)*time.Minute)
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
		if done == 0 {
			return nil
		}
	}
	return errors.New("the world does not settle")
}
