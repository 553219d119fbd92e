package command

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops"
)

type bench struct {
	db   *Database
	open func(instance string) *Store
}

// opener makes a bench; every database has one.
type opener func(t *testing.T) bench

func sqlite(t *testing.T) bench {
	t.Helper()
	db, err := OpenDatabase(t.Context(), DatabaseConfig{Location: filepath.Join(t.TempDir(), "ops.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return bench{db, func(instance string) *Store { return mustStore(t, db, instance) }}
}

func mustStore(t *testing.T, db *Database, instance string) *Store {
	t.Helper()
	store, err := OpenStore(t.Context(), db, instance)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func order(no, key string) Command {
	return Command{
		Sandbox: "s", Site: "RefArch", OrderNo: no, Key: key, Action: orderops.ActionCancel, BodyHash: "h-" + key,
		Input: json.RawMessage(`{"a":1}`), CorrelationID: "c", TraceParent: "t",
	}
}

func begin(t *testing.T, s *Store, c Command) Row {
	t.Helper()
	row, fresh, err := s.begin(t.Context(), "id-"+c.Sandbox+c.OrderNo+c.Key, c, noon)
	if err != nil || !fresh {
		t.Fatalf("begin: fresh %v, %v", fresh, err)
	}
	return row
}

// owing finishes a command that owes n effects.
func owing(t *testing.T, s *Store, row Row, n int) {
	t.Helper()
	result := Result{State: Succeeded, Answer: Answer{Cancellation: &orderops.Cancellation{}}}
	for i := range n {
		result.Answer.Cancellation.Effects = append(result.Answer.Cancellation.Effects, orderops.Effect{
			System: "slots", Action: "release", State: orderops.EffectPending, Reference: string(rune('a' + i)),
		})
		result.Due = append(result.Due, Due{Effect: i, Kind: "release", Payload: json.RawMessage(`{"i":1}`)})
	}
	if err := s.finish(t.Context(), row, result, noon, noon); err != nil {
		t.Fatal(err)
	}
}

func claim(t *testing.T, s *Store, at time.Time) dueRow {
	t.Helper()
	d, found, err := s.claimDue(t.Context(), "s", at)
	if err != nil || !found {
		t.Fatalf("claim: found %v, %v", found, err)
	}
	return d
}

func command(t *testing.T, s *Store, id string) Row {
	t.Helper()
	row, err := s.Command(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func effectsOf(t *testing.T, s *Store, id string) []orderops.Effect {
	t.Helper()
	row := command(t, s, id)
	return *row.Answer.Effects()
}

func noneDue(t *testing.T, s *Store, at time.Time) {
	t.Helper()
	if d, found, err := s.claimDue(t.Context(), "s", at); found || err != nil {
		t.Errorf("%s: %s is due, %v; want nothing", at, d.Kind, err)
	}
}
