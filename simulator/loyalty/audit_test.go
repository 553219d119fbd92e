package loyalty

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// TestContradictions writes entries past the rules, which no caller can.
func TestContradictions(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	tests := []struct {
		name  string
		write func(l *Loyalty, tx *sandbox.Tx, earned Entry)
		want  string // in the only contradiction; empty for none
	}{
		{"points that were earned, spent and taken back", func(l *Loyalty, tx *sandbox.Tx, earned Entry) {
			l.post(tx, Entry{AccountID: "a", Type: CreateReward, Points: -80})
			l.post(tx, Entry{AccountID: "a", Type: AdjustPoints, Points: -100, Reverses: earned.ID})
		}, ""},
		{"more taken back than was given", func(l *Loyalty, tx *sandbox.Tx, earned Entry) {
			l.post(tx, Entry{AccountID: "a", Type: AdjustPoints, Points: -101, Reverses: earned.ID})
		}, "of the 100 points of event"},
		{"given again instead of taken back", func(l *Loyalty, tx *sandbox.Tx, earned Entry) {
			l.post(tx, Entry{AccountID: "a", Type: AdjustPoints, Points: 5, Reverses: earned.ID})
		}, "-5 are taken back"},
		{"taken back from somebody else", func(l *Loyalty, tx *sandbox.Tx, earned Entry) {
			l.post(tx, Entry{AccountID: "b", Type: AdjustPoints, Points: -5, Reverses: earned.ID})
		}, "of another account"},
		{"points beyond their time", func(l *Loyalty, tx *sandbox.Tx, _ Entry) {
			l.post(tx, Entry{AccountID: "b", Type: AccumulatePoints, Points: 7, ExpiresAt: now.Add(-time.Hour)})
		}, "7 points of event"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l, tx := emptyLedger(t, now)
			earned := l.post(tx, Entry{AccountID: "a", Type: AccumulatePoints, Points: 100, ExpiresAt: now.AddDate(0, 1, 0)})
			tc.write(l, tx, earned)
			found := l.Contradictions(tx)
			switch {
			case tc.want == "" && len(found) > 0:
				t.Errorf("found %v", found)
			case tc.want != "" && (len(found) != 1 || !strings.Contains(found[0].Detail, tc.want)):
				t.Errorf("found %v, want one with %q", found, tc.want)
			}
		})
	}
}

// emptyLedger is a sandbox with the accounts a and b.
func emptyLedger(t *testing.T, now time.Time) (*Loyalty, *sandbox.Tx) {
	t.Helper()
	schema := store.NewSchema()
	tables, l := sandbox.Declare(schema), Declare(schema)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(now), Runners: l.Runners(),
		Presets: map[string]sandbox.Preset{"two": func(tx *sandbox.Tx) error {
			_, err := l.AddProgram(tx, Program{ID: "p", PointValue: decimal.New(333, -4)})
			for _, id := range []string{"a", "b"} {
				if err == nil {
					_, err = l.AddAccount(tx, Account{ID: id, ProgramID: "p", CustomerID: "customer-" + id})
				}
			}
			return err
		}},
	})
	w, err := worlds.Create("default", sandbox.Options{From: "two", Mode: clock.ModeManual, At: now})
	if err != nil {
		t.Fatal(err)
	}
	tx := w.Write()
	t.Cleanup(tx.Abort)
	return l, tx
}

func TestPointsAreWorthWholeCents(t *testing.T) {
	t.Parallel()
	l, tx := emptyLedger(t, time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC))
	for points, want := range map[int64]string{0: "0", 1: "0.03", 3: "0.09", 30: "0.99", 100: "3.33"} {
		if got := l.Worth(tx, "a", points); got.String() != want {
			t.Errorf("%d points are worth %s, want %s", points, got, want)
		}
	}
	if got := l.Worth(tx, "nobody", 100); !got.IsZero() {
		t.Errorf("points of nobody are worth %s", got)
	}
}
