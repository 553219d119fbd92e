package commandtest

import (
	"context"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
)

// most is how often due work is tried before it counts as endless.
const most = 50

// Performer does due work, as every workflow of a command can.
type Performer interface {
	Perform(ctx context.Context, row command.Row, d command.Due) command.EffectResult
}

// Settle performs due work until nothing is owed but what waits, as ticks would, and leaves in the result how each effect
// ended and what still waits. waits says so of work that was tried and is still pending; nil means that nothing does.
func Settle(t testing.TB, p Performer, row command.Row, result *command.Result, waits func(d command.Due, r command.EffectResult) bool) {
	t.Helper()
	due, effects := result.Due, result.Answer.Effects()
	var waiting []command.Due
	for rounds := 0; len(due) > 0; rounds++ {
		if rounds > most {
			t.Fatalf("due work does not end: %+v", due)
		}
		d := due[0]
		due = due[1:]
		got := p.Perform(context.Background(), row, d)
		if got.Payload != nil {
			d.Payload = got.Payload
		}
		owed := got.Then
		switch {
		case waits != nil && waits(d, got):
			waiting = append(waiting, d)
			continue
		case len(got.Instead) > 0:
			(*effects)[d.Effect] = got.Instead[0].Effect
			due = append(due, command.Due{Effect: d.Effect, Kind: got.Instead[0].Kind, Payload: got.Instead[0].Payload})
			owed = append(owed, got.Instead[1:]...)
		case got.State == orderops.EffectPending:
			due = append(due, d)
			continue
		default:
			(*effects)[d.Effect].State, (*effects)[d.Effect].Code = got.State, got.Code
		}
		for _, o := range owed {
			due = append(due, command.Due{Effect: len(*effects), Kind: o.Kind, Payload: o.Payload})
			*effects = append(*effects, o.Effect)
		}
	}
	result.Due = waiting
}
