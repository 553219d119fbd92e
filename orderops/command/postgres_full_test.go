//go:build full

package command

import (
	"errors"
	"fmt"
	"testing"

	"github.com/somsim/somsim/internal/pgcluster"
)

// postgres makes benches on one server. Every instance has connections and an identity of its own, as processes have.
func postgres(t *testing.T) opener {
	t.Helper()
	cluster := pgcluster.Start(t)
	return func(t *testing.T) bench {
		t.Helper()
		location := cluster.Database(t)
		first := dial(t, location)
		return bench{first, func(instance string) *Store {
			db := dial(t, location)
			store := mustStore(t, db, instance)
			hold(t, db, instance)
			return store
		}}
	}
}

func dial(t *testing.T, location string) *Database {
	t.Helper()
	db, err := OpenDatabase(t.Context(), DatabaseConfig{Location: location, Password: pgcluster.Password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func hold(t *testing.T, db *Database, instance string) *Instance {
	t.Helper()
	held, err := Hold(t.Context(), db, instance)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Release(t.Context()) })
	return held
}

func TestStoreOnPostgreSQL(t *testing.T) {
	t.Parallel()
	conformance(t, postgres(t))
}

func TestManyAtOnceOnPostgreSQL(t *testing.T) {
	t.Parallel()
	concurrency(t, postgres(t), []string{"a", "b", "c"})
}

func TestDueWorkOfAnotherInstanceIsLeftAloneWhileItLives(t *testing.T) {
	t.Parallel()
	location := pgcluster.Start(t).Database(t)
	dbA, dbB := dial(t, location), dial(t, location)
	a, b := mustStore(t, dbA, "a"), mustStore(t, dbB, "b")
	heldA := hold(t, dbA, "a")
	hold(t, dbB, "b")
	row := begin(t, a, order("1", "k"))
	owing(t, a, row, 2)
	if d := claim(t, a, noon); d.Effect != 0 {
		t.Fatalf("claimed %+v", d)
	}
	noneDue(t, b, noon)
	if d := claim(t, a, noon); d.Effect != 0 { // what is left of its own former life is its own
		t.Fatalf("claimed again %+v", d)
	}
	if err := heldA.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := claim(t, b, noon)
	if err := b.releaseDue(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	hold(t, dbA, "a")
	claim(t, a, noon)
}

func TestInstanceNameIsHeldByOneLivingProcess(t *testing.T) {
	t.Parallel()
	cluster := pgcluster.Start(t)
	location := cluster.Database(t)
	db, other := dial(t, location), dial(t, location)
	store := mustStore(t, db, "a")
	held := hold(t, db, "a")
	status := func(want string) {
		t.Helper()
		list, err := store.Instances(t.Context())
		got := ""
		for _, one := range list {
			got += fmt.Sprint(one.Name, " ", one.Alive, ";")
		}
		if err != nil || got != want {
			t.Errorf("instances %s %v, want %s", got, err, want)
		}
	}
	status("a true;")
	var alive *InstanceAliveError
	if _, err := Hold(t.Context(), other, "a"); !errors.As(err, &alive) || alive.Process == 0 || alive.SeenAt.IsZero() {
		t.Fatalf("got %v, want an InstanceAliveError that says who", err)
	}
	hold(t, other, "b")
	if err := held.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	status("a false;b true;")
	again := hold(t, other, "a")
	status("a true;b true;")
	if err := again.Beat(t.Context()); err != nil {
		t.Error(err)
	}
}

// When its session breaks an instance takes its name again, unless another process was faster: then it has to stop.
func TestInstanceWhoseSessionBreaks(t *testing.T) {
	t.Parallel()
	cluster := pgcluster.Start(t)
	location := cluster.Database(t)
	db, other := dial(t, location), dial(t, location)
	mustStore(t, db, "a")
	held := hold(t, db, "a")
	end := func() {
		t.Helper()
		if _, err := other.exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = ?`, instanceLock); err != nil {
			t.Fatal(err)
		}
	}
	end()
	if err := held.Beat(t.Context()); err != nil {
		t.Fatalf("nobody took the name, but %v", err)
	}
	var alive *InstanceAliveError
	if _, err := Hold(t.Context(), other, "a"); !errors.As(err, &alive) {
		t.Fatalf("the name was not taken again: %v", err)
	}
	end()
	hold(t, other, "a")
	if err := held.Beat(t.Context()); !errors.Is(err, ErrInstanceLost) {
		t.Errorf("got %v, want ErrInstanceLost", err)
	}
}
