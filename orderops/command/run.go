package command

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/somsim/somsim/orderops/remote"
)

// Run is one durable execution: what its steps returned is remembered, so that an execution that was interrupted goes on
// where it stopped.
type Run interface {
	// Step runs f, or returns what f returned in an earlier execution of the same step.
	Step(name string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error)
	// First notes that the named call is about to be sent and says whether that is for the first time. It is asked inside
	// the step, before calls that must not be sent twice.
	First(ctx context.Context, name string) (bool, error)
}

// Outcome is what a remote call in a step came to: a value or a remote failure. Both are remembered.
type Outcome[T any] struct {
	Value   T             `json:"value"`
	Failure *remote.Error `json:"failure,omitempty"`
}

// Class is the class of the failure, "" without one.
func (o Outcome[T]) Class() remote.Class {
	if o.Failure == nil {
		return ""
	}
	return o.Failure.Class
}

// Call runs one remote call that may be repeated as a step. The error is a fault of the service or an interruption.
func Call[T any](run Run, name string, f func(context.Context) (T, error)) (Outcome[T], error) {
	var out Outcome[T]
	raw, err := run.Step(name, func(ctx context.Context) (json.RawMessage, error) {
		value, err := f(ctx)
		return encode(value, err)
	})
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("decode step %s: %w", name, err)
	}
	return out, nil
}

// CallOnce runs one remote call that must not be sent twice. When the step has to run again, because the process died
// before its answer was remembered, the call is not sent: its outcome is ambiguous, and the use case reads back.
func CallOnce[T any](run Run, name string, f func(context.Context) (T, error)) (Outcome[T], error) {
	return Call(run, name, func(ctx context.Context) (T, error) {
		first, err := run.First(ctx, name)
		if err == nil && !first {
			err = &remote.Error{System: "order-ops", Operation: name, Class: remote.Ambiguous, VendorCode: "interrupted"}
		}
		if err != nil {
			var none T
			return none, err
		}
		return f(ctx)
	})
}

// encode writes an outcome; an error that is not remote is passed on instead of being remembered.
func encode[T any](value T, err error) (json.RawMessage, error) {
	out := Outcome[T]{Value: value}
	if err != nil {
		failure, ok := remote.AsError(err)
		if !ok {
			return nil, err
		}
		out.Failure = failure
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode step outcome: %w", err)
	}
	return raw, nil
}

func itoa(n int) string { return strconv.Itoa(n) }
