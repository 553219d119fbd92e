// Package oldorder gives an order up that another one takes the place of: it has the job of package cancel run inside the
// workflow of a modification or a confirmation, and hands what that job owes back to it.
package oldorder

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
)

// prefix marks the steps and the due work of the cancel among those of the workflow that it runs in.
const prefix = "cancel/"

// Order is what the cancel of the old order has to know.
type Order struct {
	Status, ExportStatus, Currency string
	// Ordered is what it was worth when it was placed.
	Ordered orderops.Amount
	Reason  string
	// KeepSlots leaves its bookings to the order that takes its place.
	KeepSlots bool
}

// GiveUp cancels what can be cancelled of the old order: by Handler, within run, for row. resume is that of an earlier
// result of unknown outcome. The result is that of the cancel, with its due work marked so that Perform knows it again.
func GiveUp(handler command.Handler, run command.Run, row command.Row, o Order, resume json.RawMessage) (command.Result, error) {
	input, err := json.Marshal(cancel.Input{
		Request:        orderops.CancelRequest{ReasonCode: o.Reason, AllowPartial: true},
		CommerceStatus: o.Status, ExportStatus: o.ExportStatus, Currency: o.Currency, Ordered: o.Ordered, KeepSlots: o.KeepSlots,
	})
	if err != nil {
		return command.Result{}, fmt.Errorf("encode cancel of order %s: %w", row.OrderNo, err)
	}
	row.Input = input
	result, err := handler.Run(context.Background(), marked{run}, row, resume)
	for i := range result.Due {
		result.Due[i].Kind = prefix + result.Due[i].Kind
	}
	for _, item := range result.WorkItems {
		if item.Retry != nil {
			item.Retry.Kind = prefix + item.Retry.Kind
		}
	}
	return result, err
}

// Owes says that a piece of due work belongs to the cancel of an old order.
func Owes(due command.Due) bool { return strings.HasPrefix(due.Kind, prefix) }

// Perform makes one attempt at such a piece of due work.
func Perform(ctx context.Context, handler command.Handler, row command.Row, due command.Due) command.EffectResult {
	due.Kind = strings.TrimPrefix(due.Kind, prefix)
	result := handler.Perform(ctx, row, due)
	for i := range result.Instead {
		result.Instead[i].Kind = prefix + result.Instead[i].Kind
	}
	for i := range result.Then {
		result.Then[i].Kind = prefix + result.Then[i].Kind
	}
	return result
}

// marked gives the steps of the cancel names of their own.
type marked struct{ command.Run }

// Step implements command.Run.
func (m marked) Step(name string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	return m.Run.Step(prefix+name, f)
}

// First implements command.Run.
func (m marked) First(ctx context.Context, name string) (bool, error) {
	return m.Run.First(ctx, prefix+name)
}
