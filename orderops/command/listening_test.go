package command

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops/remote"
)

// plainRun takes steps and remembers nothing.
type plainRun struct{}

func (plainRun) Step(_ string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	return f(context.Background())
}

func (plainRun) First(context.Context, string) (bool, error) { return true, nil }

func TestListeningHearsTheLongestPauseOnce(t *testing.T) {
	t.Parallel()
	run := Listen(plainRun{})
	for _, wait := range []time.Duration{0, 4 * time.Minute, time.Second} {
		_, err := Call(run, "step", func(context.Context) (int, error) {
			return 0, &remote.Error{Class: remote.Throttled, RetryAfter: wait}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Call(run, "step", func(context.Context) (int, error) { return 1, nil }); err != nil {
		t.Fatal(err)
	}
	if got := run.Pause(); got != 4*time.Minute {
		t.Errorf("heard %s", got)
	}
	if got := run.Pause(); got != 0 {
		t.Errorf("heard %s again", got)
	}
}

func TestNobodyIsLeftAloneForYears(t *testing.T) {
	t.Parallel()
	run := Listen(plainRun{})
	if _, err := Call(run, "step", func(context.Context) (int, error) {
		return 0, &remote.Error{Class: remote.Throttled, RetryAfter: 24 * 365 * time.Hour}
	}); err != nil {
		t.Fatal(err)
	}
	if got := run.Pause(); got != LongestPause {
		t.Errorf("the first attempt is put off for %s", got)
	}
	if got := backoff(1, 24*365*time.Hour); got != LongestPause {
		t.Errorf("the second attempt is put off for %s", got)
	}
	if got := backoff(1, time.Minute); got != time.Minute {
		t.Errorf("it is tried again after %s", got)
	}
}
