package sandbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
)

func never(*sandbox.Tx) bool { return false }

func TestAClockThatStandsStillHoldsUpNobodyForEver(t *testing.T) {
	t.Parallel()
	w, err := newFixture(t).worlds.Create("still", sandbox.Options{From: "one", Mode: clock.ModeManual, At: nine()})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.AwaitState(t.Context(), nine().Add(time.Millisecond), never); err != nil {
		t.Error(err)
	}
	if now := w.Now(); !now.Equal(nine()) {
		t.Errorf("the clock shows %s", now)
	}
}

func TestWaitingForStateEndsWithItsContext(t *testing.T) {
	t.Parallel()
	w, err := newFixture(t).worlds.Create("still", sandbox.Options{From: "one", Mode: clock.ModeManual, At: nine()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.AwaitState(ctx, nine().Add(time.Hour), never); err == nil {
		t.Error("no error")
	}
}
