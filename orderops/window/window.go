// Package window tells until when the lines of orders may be given back: it gathers what order management knows of a line,
// has package returnby decide, and sees to it that policy and anchor are captured once, so that a date that a customer was
// told is never taken back. Order details, the eligibility of returns and the explanations for people all ask here.
package window

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/returnby"
)

// Store keeps what was captured.
type Store interface {
	ReturnWindows(ctx context.Context, sandbox string, orders []string, until time.Time) ([]command.ReturnWindow, error)
	KeepReturnWindows(ctx context.Context, sandbox string, list []command.ReturnWindow, at time.Time) error
}

// Windows tells until when lines may be given back.
type Windows struct {
	Policies *returnby.Policies
	Store    Store
	// Pickup says that goods of a delivery method are collected.
	Pickup func(method string) bool

	terms sync.Map // of string to returnby.Policy: the few texts that are kept, read
}

// Decide says of every product line of some orders, by OrderItemSummary id, until when it may be given back and whether it
// may now, and captures what was not captured before. For an action now is when its request came in.
func (w *Windows) Decide(ctx context.Context, orders []Order, now time.Time) (map[string]returnby.Decision, error) {
	numbers := make([]string, len(orders))
	for i, o := range orders {
		numbers[i] = o.Summary.OrderNumber
	}
	kept, err := w.Recall(ctx, numbers, now)
	if err != nil {
		return nil, err
	}
	return w.DecideBy(ctx, kept, orders, now)
}

// Recalled is what was captured about lines, by OrderItemSummary id.
type Recalled map[string]returnby.Captured

// Recall reads what was captured about orders, by their numbers. It is the part of Decide that needs no word of order
// management.
func (w *Windows) Recall(ctx context.Context, numbers []string, now time.Time) (Recalled, error) {
	kept, err := w.kept(ctx, remote.ScopeOf(ctx).Sandbox, numbers, now)
	if err != nil {
		return nil, fmt.Errorf("read captured return windows: %w", err)
	}
	return kept, nil
}

// DecideBy is Decide where what was captured about the orders is known.
func (w *Windows) DecideBy(ctx context.Context, kept Recalled, orders []Order, now time.Time) (map[string]returnby.Decision, error) {
	sandbox := remote.ScopeOf(ctx).Sandbox
	decisions := map[string]returnby.Decision{}
	var fresh []command.ReturnWindow
	for _, o := range orders {
		for id, line := range w.lines(o) {
			if was, known := kept[id]; known {
				line.Captured = &was
			}
			d := w.Policies.Decide(line, now)
			decisions[id] = d
			if line.Captured != nil && same(*line.Captured, d.Capture) {
				continue
			}
			row, err := rowOf(o.Summary.OrderNumber, id, d.Capture)
			if err != nil {
				return nil, err
			}
			fresh = append(fresh, row)
		}
	}
	if len(fresh) == 0 {
		return decisions, nil
	}
	if err := w.Store.KeepReturnWindows(ctx, sandbox, fresh, now); err != nil {
		return nil, fmt.Errorf("capture return windows: %w", err)
	}
	return decisions, nil
}

// same says that nothing has to be kept anew. The policy is settled once.
func same(a, b returnby.Captured) bool {
	return a.AnchorAt.Equal(b.AnchorAt) && a.Provisional == b.Provisional && a.By.Equal(b.By)
}

func rowOf(orderNo, lineID string, c returnby.Captured) (command.ReturnWindow, error) {
	terms, err := c.Policy.Encode()
	if err != nil {
		return command.ReturnWindow{}, fmt.Errorf("write down return policy %s: %w", c.Policy.ID, err)
	}
	return command.ReturnWindow{
		OrderNo: orderNo, LineID: lineID, Terms: terms, AnchorAt: c.AnchorAt, Provisional: c.Provisional, By: c.By,
	}, nil
}

// kept is what was captured, by OrderItemSummary id.
func (w *Windows) kept(ctx context.Context, sandbox string, orders []string, now time.Time) (Recalled, error) {
	rows, err := w.Store.ReturnWindows(ctx, sandbox, orders, now)
	if err != nil {
		return nil, err
	}
	captured := Recalled{}
	for _, row := range rows {
		policy, err := w.policy(row.Terms)
		if err != nil {
			return nil, fmt.Errorf("line %s of order %s: %w", row.LineID, row.OrderNo, err)
		}
		captured[row.LineID] = returnby.Captured{Policy: policy, AnchorAt: row.AnchorAt, Provisional: row.Provisional, By: row.By}
	}
	return captured, nil
}

func (w *Windows) policy(terms string) (returnby.Policy, error) {
	if policy, ok := w.terms.Load(terms); ok {
		return policy.(returnby.Policy), nil //nolint:forcetypeassert // nothing else is stored
	}
	policy, err := returnby.Decode(terms)
	if err == nil {
		w.terms.Store(terms, policy)
	}
	return policy, err
}
