//go:build full

package command

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

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

// When its session breaks an instance takes its name again, unless another process was faster: then it has to stop. That
// the server still believes in the broken session is no reason.
func TestInstanceWhoseSessionBreaks(t *testing.T) {
	t.Parallel()
	location := pgcluster.Start(t).Database(t)
	db, other := dial(t, location), dial(t, location)
	mustStore(t, db, "a")
	held := hold(t, db, "a")
	lingering := held.conn
	held.conn = nil
	if err := held.Beat(t.Context()); err == nil || errors.Is(err, ErrInstanceLost) {
		t.Errorf("while its own session lingers: %v, want another try", err)
	}
	if err := endSession(t.Context(), lingering); err != nil {
		t.Fatal(err)
	}
	if err := held.Beat(t.Context()); err != nil {
		t.Errorf("nobody took the name, but %v", err)
	}
	var alive *InstanceAliveError
	if _, err := Hold(t.Context(), other, "a"); !errors.As(err, &alive) {
		t.Fatalf("the name was not taken again: %v", err)
	}
	if _, err := other.exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = ?`, instanceLock); err != nil {
		t.Fatal(err)
	}
	hold(t, other, "a")
	if err := held.Beat(t.Context()); !errors.Is(err, ErrInstanceLost) {
		t.Errorf("got %v, want ErrInstanceLost", err)
	}
}

// A server that is started again has forgotten every lock, and every connection of the pool is broken: the instances take
// their names back, and nothing else notices.
func TestServerIsRestarted(t *testing.T) {
	t.Parallel()
	cluster := pgcluster.Start(t)
	db := dial(t, cluster.Database(t))
	store := mustStore(t, db, "a")
	held := hold(t, db, "a")
	warm(t, db)
	cluster.Restart(t)
	if err := held.Beat(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := store.Instances(t.Context())
	if err != nil || len(list) != 1 || !list[0].Alive {
		t.Errorf("instances %+v %v, want one that is alive", list, err)
	}
}

// warm leaves as many idle connections in the pool as it may have.
func warm(t *testing.T, db *Database) {
	t.Helper()
	var open []*pgxpool.Conn
	for range poolSize {
		conn, err := db.pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, conn)
	}
	for _, conn := range open {
		conn.Release()
	}
}

// A statement is never sent on a connection that broke while it lay idle: whether it was carried out could not be told.
func TestConnectionThatBrokeIsNotUsed(t *testing.T) {
	t.Parallel()
	cluster := pgcluster.Start(t)
	db := dial(t, cluster.Database(t))
	store := mustStore(t, db, "a")
	for n, use := range map[string]func() error{
		"read":        func() error { _, err := store.Instances(t.Context()); return err },
		"transaction": func() error { return db.inTx(t.Context(), func(*transaction) error { return nil }) },
		"write":       func() error { _, err := db.exec(t.Context(), `UPDATE ops_instance SET host = ?`, "x"); return err },
	} {
		warm(t, db)
		cluster.Restart(t)
		if err := use(); err != nil {
			t.Errorf("%s: %v", n, err)
		}
	}
}

// launch starts a runtime under the name of an instance that is held, or says why not.
func launch(t *testing.T, db *Database, instance string) error {
	t.Helper()
	store, err := OpenStore(t.Context(), db, instance)
	if err != nil {
		return err
	}
	engine := NewEngine(Options{Store: store, Clock: fixedClock{}, Log: slog.New(slog.DiscardHandler)})
	runtime, err := Launch(t.Context(), db, instance, engine, slog.New(slog.DiscardHandler))
	if err == nil {
		err = runtime.Shutdown(time.Second)
	}
	return err
}

// Instances that start at once on an empty database make the tables one after another.
func TestInstancesMayStartAtOnce(t *testing.T) {
	t.Parallel()
	location := pgcluster.Start(t).Database(t)
	var starting sync.WaitGroup
	for i := range 4 {
		db := dial(t, location)
		starting.Go(func() {
			if err := launch(t, db, fmt.Sprint("i", i)); err != nil {
				t.Errorf("instance %d: %v", i, err)
			}
		})
	}
	starting.Wait()
}

// Unfinished work of an unknown version stops a start, unless it is in the hands of another instance that is alive: so
// versions can be replaced one instance after another.
func TestUnknownVersionStopsAStartUnlessItsInstanceIsAlive(t *testing.T) {
	t.Parallel()
	location := pgcluster.Start(t).Database(t)
	if err := launch(t, dial(t, location), "new"); err != nil { // makes DBOS's tables
		t.Fatal(err)
	}
	db := dial(t, location)
	_, err := db.exec(t.Context(), `INSERT INTO dbos.workflow_status (workflow_uuid, status, name, executor_id, application_version, application_name)
		VALUES ('w', 'PENDING', 'order-ops.command', 'old', 'order-ops-99', 'order-ops')`)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(instance string) {
		t.Helper()
		var foreign *ForeignVersionError
		if err := launch(t, dial(t, location), instance); !errors.As(err, &foreign) || foreign.Versions[0] != "order-ops-99" {
			t.Errorf("%s: got %v, want a refusal that names order-ops-99", instance, err)
		}
	}
	refused("new")
	held := hold(t, db, "old")
	if err := launch(t, dial(t, location), "new"); err != nil {
		t.Errorf("beside the living instance: %v", err)
	}
	refused("old")
	if err := held.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	refused("new")
}

func TestDatabaseThatIsNotThereIsNamedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	location := strings.Replace(pgcluster.Start(t).Database(t), "orderops@", "orderops:wr0ng@", 1)
	_, err := OpenDatabase(t.Context(), DatabaseConfig{Location: location})
	if err == nil || strings.Contains(err.Error(), "wr0ng") {
		t.Errorf("got %v, want an error without the password", err)
	}
}
