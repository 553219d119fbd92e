// Package commandtest runs workflows of commands in memory, for the tests of the packages that have one.
package commandtest

import (
	"context"
	"encoding/json"
)

// Run remembers steps in memory, like a workflow that is never interrupted unless it is told to die.
type Run struct {
	// Order has the names of the steps, as they ended.
	Order []string
	// DieAfter loses the process right after the named step's call, before its answer is remembered; once.
	DieAfter string

	steps map[string]json.RawMessage
	began map[string]bool
}

// died is what a lost process panics with.
type died struct{}

// NewRun has done nothing yet.
func NewRun() *Run { return &Run{steps: map[string]json.RawMessage{}, began: map[string]bool{}} }

// Step is command.Run's.
func (r *Run) Step(name string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	if raw, ok := r.steps[name]; ok {
		return raw, nil
	}
	raw, err := f(context.Background())
	if r.DieAfter == name {
		r.DieAfter = ""
		panic(died{})
	}
	if err == nil {
		r.steps[name] = raw
		r.Order = append(r.Order, name)
	}
	return raw, err
}

// First is command.Run's.
func (r *Run) First(_ context.Context, name string) (bool, error) {
	first := !r.began[name]
	r.began[name] = true
	return first, nil
}

// Dies says whether the process is lost during what f does with a run.
func Dies(f func()) (lost bool) {
	defer func() {
		if p := recover(); p != nil {
			if _, lost = p.(died); !lost {
				panic(p)
			}
		}
	}()
	f()
	return false
}
