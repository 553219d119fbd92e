package features

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
)

// An order-ops that cannot tell by a request in which sandbox it was made works in one sandbox, whose credentials it has.
// Scenarios then run one after another in that one, each in a world made anew. What order-ops itself remembers stays: so
// keys are never used twice, the world's ids are other ones each time, and what waits for a person already does not count.

// beginAnew makes the one sandbox anew.
func (w *world) beginAnew(ctx context.Context) error {
	if err := w.control.renew(ctx); err != nil {
		return err
	}
	waiting, err := w.operators.open(ctx)
	if err != nil {
		return err
	}
	w.operators.before = map[int64]bool{}
	for _, item := range waiting {
		w.operators.before[item.ID] = true
	}
	_, err = w.control.advance(ctx, 0) // who is told the time hears that it is earlier again
	return err
}

// leave ends the scenario's stay. In the one sandbox nothing may be left to do that the next scenario would suffer from.
func (w *world) leave(ctx context.Context, settled bool) error {
	if w.env.lone == "" {
		return w.control.delete(ctx)
	}
	if settled && w.env.reach.missed() == "" {
		return nil
	}
	return w.settle(ctx)
}

// renew replaces the sandbox by a new one of the same name, with ids that nobody has seen.
func (c *control) renew(ctx context.Context) error {
	if err := c.deleteIfThere(ctx); err != nil {
		return err
	}
	raw := make([]byte, 4)
	_, _ = rand.Read(raw) // never fails
	return c.call(ctx, c.request(http.MethodPost, "", map[string]any{
		"name": c.sandbox, "from": "omnichannel", "seed": int64(binary.BigEndian.Uint32(raw)), "clock": "manual", "at": opening(), "keep_worlds": kept,
	}), nil)
}

func (c *control) deleteIfThere(ctx context.Context) error {
	var no *unexpected
	if err := c.delete(ctx); err != nil && (!errors.As(err, &no) || no.reply.status != http.StatusNotFound) {
		return err
	}
	return nil
}

// keeper has a copy of a sandbox as it was before the scenarios.
type keeper struct{ original, copied *control }

// keep copies the sandbox that scenarios are going to run in, if there is one.
func keep(ctx context.Context, env environment) (keeper, error) {
	k := keeper{called(env, env.lone), named(env, "kept-")}
	var no *unexpected
	err := k.copied.call(ctx, k.copied.request(http.MethodPost, "", map[string]any{"name": k.copied.sandbox, "from": env.lone}), nil)
	if errors.As(err, &no) && no.reply.status < http.StatusInternalServerError {
		return keeper{original: k.original}, nil // there is none
	}
	return k, err
}

// restore puts the copy back.
func (k keeper) restore(ctx context.Context) error {
	if err := k.original.deleteIfThere(ctx); err != nil || k.copied == nil {
		return err
	}
	err := k.original.call(ctx, k.original.request(http.MethodPost, "", map[string]any{"name": k.original.sandbox, "from": k.copied.sandbox}), nil)
	if err != nil {
		return fmt.Errorf("put sandbox %s back, of which %s is the copy: %w", k.original.sandbox, k.copied.sandbox, err)
	}
	return k.copied.delete(ctx)
}
