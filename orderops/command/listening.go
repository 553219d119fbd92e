package command

import (
	"context"
	"encoding/json"
	"time"

	"github.com/somsim/somsim/orderops/remote"
)

// LongestPause is the longest that a system is left alone because it asks for that. One that asks for more, or for years by
// mistake, is tried again then.
const LongestPause = time.Hour

// Listening is a run that hears for how long the systems it calls want to be left alone, also in steps that an earlier
// execution has taken.
type Listening struct {
	Run
	pause time.Duration
}

// Listen makes a run a listening one. One that listens already is listened through.
func Listen(run Run) *Listening { return &Listening{Run: run} }

// Step implements Run.
func (l *Listening) Step(name string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	raw, err := l.Run.Step(name, f)
	var told struct {
		Failure *remote.Error `json:"failure"`
	}
	if err == nil && json.Unmarshal(raw, &told) == nil && told.Failure != nil {
		l.pause = max(l.pause, told.Failure.RetryAfter)
	}
	return raw, err
}

// Pause is the longest pause that was asked for since it was last called, at most LongestPause.
func (l *Listening) Pause() time.Duration {
	pause := min(l.pause, LongestPause)
	l.pause = 0
	return pause
}
