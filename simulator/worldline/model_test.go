package worldline_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
)

// conserved checks what holds of every payment at every time.
func conserved(fatal func(format string, args ...any), s worldline.State) {
	switch {
	case s.Captured+s.CapturePending+s.Cancelled > s.Authorized:
		fatal("captured %d, being captured %d and cancelled %d of %d authorised", s.Captured, s.CapturePending, s.Cancelled, s.Authorized)
	case s.Refunded+s.RefundPending > s.Captured:
		fatal("refunded %d and being refunded %d of %d captured", s.Refunded, s.RefundPending, s.Captured)
	case s.Open() < 0 || s.Refundable() < 0:
		fatal("open %d, refundable %d", s.Open(), s.Refundable())
	case s.CanCancel != (s.Open() > 0) || s.CanRefund != (s.Refundable() > 0):
		fatal("it says that it can be cancelled %t, refunded %t: %+v", s.CanCancel, s.CanRefund, s.Totals)
	}
}

// A model keeps four sums by itself and has to agree with the ledger after each step.
func TestWhateverIsAskedMoneyIsConserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		captured, refunded := int64(0), int64(0)
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			s := step{
				do: rapid.SampledFrom([]byte("cvrw")).Draw(rt, "do"), amount: rapid.Int64Range(0, 11000).Draw(rt, "amount"),
				final: rapid.Bool().Draw(rt, "final"), asked: rapid.Bool().Draw(rt, "asked"),
			}
			if s.amount >= 1304 && s.amount <= 1309 {
				s.amount = 1 // test amounts have a test of their own
			}
			before := w.state()
			err := w.take(s)
			after := w.state()
			conserved(rt.Fatalf, after)
			if err != nil && s.do != 'w' {
				if after.Totals != before.Totals {
					rt.Fatalf("a refusal has changed %+v to %+v", before.Totals, after.Totals)
				}
				continue
			}
			switch s.do {
			case 'c':
				taken := after.Captured + after.CapturePending - before.Captured - before.CapturePending
				captured += taken
				if s.amount > 0 && taken != s.amount {
					rt.Fatalf("asked for %d, took %d", s.amount, taken)
				}
			case 'r':
				refunded += after.Refunded + after.RefundPending - before.Refunded - before.RefundPending
			}
			if captured != after.Captured+after.CapturePending || refunded != after.Refunded+after.RefundPending || after.Open() != 10000-captured-after.Cancelled {
				rt.Fatalf("the model has captured %d, refunded %d, the ledger %+v", captured, refunded, after.Totals)
			}
		}
	})
}

func TestMoneyIsConservedWhenAllAskAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for i := range 48 {
		all.Add(1)
		go func() {
			defer all.Done()
			s := step{do: "cvr"[i%3], amount: 700, asked: i%2 == 0}
			var refused *worldline.Error
			if err := w.take(s); err != nil && !errors.As(err, &refused) {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	conserved(t.Fatalf, w.state())
	w.advance(time.Hour)
	s := w.state()
	conserved(t.Fatalf, s)
	if s.Captured == 0 || s.CapturePending != 0 || s.RefundPending != 0 {
		t.Errorf("%+v", s.Totals)
	}
}

// Every pair of statuses, for every kind of operation: what the table does not list does not happen.
func TestTransitions(t *testing.T) {
	t.Parallel()
	ends := map[worldline.Kind][]worldline.Status{
		worldline.Authorization: {worldline.PendingCapture, worldline.Rejected, worldline.Cancelled},
		worldline.Capture:       {worldline.Captured, worldline.RejectedCapture, worldline.Cancelled},
		worldline.Refund:        {worldline.Refunded, worldline.Rejected, worldline.Cancelled},
		worldline.Cancellation:  {worldline.Cancelled},
		worldline.Expiry:        {worldline.Cancelled},
	}
	for _, kind := range worldline.Kinds() {
		reached := map[worldline.Status]bool{}
		var walk func(from worldline.Status)
		walk = func(from worldline.Status) {
			for _, to := range worldline.Transitions(kind, from) {
				if !slices.Contains(worldline.Statuses(), to) || to == from {
					t.Errorf("%s: from %q to %q", kind, from, to)
				}
				if !reached[to] {
					reached[to] = true
					walk(to)
				}
			}
		}
		walk("")
		for _, s := range worldline.Statuses() {
			next := worldline.Transitions(kind, s)
			isEnd := slices.Contains(ends[kind], s)
			if reached[s] && isEnd != (len(next) == 0) || !reached[s] && len(next) > 0 {
				t.Errorf("%s: %s is followed by %v", kind, s, next)
			}
			if isEnd && !reached[s] {
				t.Errorf("%s never becomes %s", kind, s)
			}
		}
	}
	for _, s := range worldline.Statuses() {
		if worldline.StatusNumber(s) == 0 || worldline.StatusCategory(s) == "" {
			t.Errorf("%s has no number or no category", s)
		}
	}
}

func TestTestAmountsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	do := func(s step) {
		t.Helper()
		if err := w.take(s); err != nil {
			t.Fatal(err)
		}
	}
	do(step{do: 'c', amount: 1309, asked: true})
	w.advance(time.Minute)
	if s := w.state(); s.Status != worldline.RejectedCapture || s.Open() != 10000 {
		t.Errorf("a refused capture: %+v", s)
	}
	var refused *worldline.Error
	if err := w.take(step{do: 'v', amount: 1305, asked: true}); !errors.As(err, &refused) || refused.Rule != "worldline.test-amount" {
		t.Errorf("a refused cancellation: %v", err)
	}
	do(step{do: 'c', amount: 9000, asked: true, final: true})
	w.advance(time.Minute)
	do(step{do: 'r', amount: 1306, asked: true})
	if s := w.state(); s.RefundPending != 1306 {
		t.Errorf("%+v", s.Totals)
	}
	w.advance(5 * time.Minute)
	s := w.state()
	last := s.Ledger[len(s.Ledger)-1]
	if s.Status != worldline.Captured || s.Refundable() != 9000 || last.Status != worldline.Rejected || last.Number() != 83 {
		t.Errorf("a refused refund: %+v", s)
	}
}

func TestRefusedFinalCaptureOpensTheAuthorisationAgainUntilItLapses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.take(step{do: 'c', amount: 1309, asked: true, final: true}); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Minute)
	if s := w.state(); s.Open() != 1309 || s.Final {
		t.Errorf("%+v", s)
	}
	w.advance(7 * 24 * time.Hour)
	if s := w.state(); s.Open() != 0 || s.Cancelled != 10000 {
		t.Errorf("%+v", s.Totals)
	}
}

func TestRefundOfACaptureIsAtMostThatCapture(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.Update(func(tx *sandbox.Tx) error {
		first, err := w.Capture(tx, w.payment.ID, 3000, false)
		if err != nil {
			return err
		}
		if _, err := w.Capture(tx, w.payment.ID, 4000, false); err != nil {
			return err
		}
		p, err := w.Payment(tx, "shop", w.payment.ID)
		if err != nil {
			return err
		}
		if _, err := w.RefundPayment(tx, p, worldline.Instruction{Amount: 2000, CaptureID: first.ID}); err != nil {
			return err
		}
		p, err = w.Payment(tx, "shop", w.payment.ID)
		if err != nil {
			return err
		}
		_, err = w.RefundPayment(tx, p, worldline.Instruction{Amount: 1001, CaptureID: first.ID})
		return err
	})
	var refused *worldline.Error
	if !errors.As(err, &refused) || refused.Rule != "worldline.refund.captured-only" {
		t.Errorf("%v", err)
	}
}
