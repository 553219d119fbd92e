package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/somsim/somsim/orderops/opsclock"
)

// instanceLock is the first half of the advisory lock that a living instance holds; the second is the number of its row.
const instanceLock = 7303283

// How patient a start is with its own predecessor: the server may not have noticed yet that it is gone.
const (
	lockAttempts = 30
	lockInterval = 100 * time.Millisecond
)

// beatTimeout bounds one heartbeat.
const beatTimeout = 5 * time.Second

// alive lists the names of the instances that are alive: those whose advisory lock is held.
const alive = `SELECT i.name FROM ops_instance i JOIN pg_locks l ON l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
	AND l.classid::bigint = 7303283 AND l.objid::bigint = i.id
	AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`

// InstanceAliveError says that an instance of the name is alive: it holds its lock.
type InstanceAliveError struct {
	Name, Host string
	Process    int
	StartedAt  time.Time
	SeenAt     time.Time
}

// Error implements error.
func (e *InstanceAliveError) Error() string {
	return fmt.Sprintf("instance %s is alive: host %s, process %d, last seen %s", e.Name, e.Host, e.Process, e.SeenAt.Format(time.RFC3339))
}

// ErrNoInstance says that no instance of that name was ever started on the database.
var ErrNoInstance = errors.New("no instance of that name was ever started")

// ErrInstanceLost says that another process took this instance's name while its session was broken.
var ErrInstanceLost = errors.New("another process has taken the name of this instance")

// Instance is the identity under which a service works on a shared database, for as long as its process lives.
type Instance struct {
	db   *Database
	name string

	mu      sync.Mutex
	started time.Time // tells this process from others of the name
	conn    *pgx.Conn // its session holds the lock; nil while it is broken
}

// Hold takes the name of an instance, or says that it is taken. The lock is the session's: it ends with the process,
// however that ends. On SQLite there is nothing to hold.
func Hold(ctx context.Context, db *Database, name string) (*Instance, error) {
	i := &Instance{db: db, name: name, started: (opsclock.Wall{}).Now(ctx).Truncate(time.Millisecond)}
	if !db.Shared() {
		return i, nil
	}
	taken := error(nil)
	for attempt := range lockAttempts {
		if attempt > 0 {
			if err := (opsclock.Wall{}).Wait(ctx, lockInterval); err != nil {
				return nil, errors.Join(err, taken)
			}
		}
		var alive *InstanceAliveError
		err := i.lock(ctx)
		if !errors.As(err, &alive) {
			return i, err
		}
		taken = err
	}
	return nil, fmt.Errorf("%w: start this one under another --instance, or stop that one first", taken)
}

// lock opens a session that holds the instance's lock, and notes who holds it.
func (i *Instance) lock(ctx context.Context) error {
	conn, err := lockedSession(ctx, i.db, i.name)
	if err != nil {
		return err
	}
	host, _ := os.Hostname() // for people to read; unknown is said by nothing
	_, err = conn.Exec(ctx, `UPDATE ops_instance SET host = $2, process = $3, started_at = $4, seen_at = $5, adopted_by = NULL WHERE name = $1`,
		i.name, host, os.Getpid(), i.started.UnixMilli(), (opsclock.Wall{}).Now(ctx).UnixMilli())
	if err != nil {
		return errors.Join(fmt.Errorf("note instance %s: %w", i.name, err), endSession(ctx, conn))
	}
	i.conn = conn
	return nil
}

// lockedSession opens a session of its own, outside the pool, that holds the lock of an instance.
func lockedSession(ctx context.Context, db *Database, name string) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("open session of instance %s: %w", name, err)
	}
	if err := tryLock(ctx, conn, name); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// sessionSettings let the server notice within half a minute that the machine at the other end is gone, and keep it from
// ending the session because little is said on it, which servers before PostgreSQL 14 never do.
const sessionSettings = `SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4;
	SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'`

func tryLock(ctx context.Context, conn *pgx.Conn, name string) error {
	if _, err := conn.Exec(ctx, sessionSettings); err != nil {
		return fmt.Errorf("set up session of instance %s: %w", name, err)
	}
	if _, err := conn.Exec(ctx, `INSERT INTO ops_instance (name) VALUES ($1) ON CONFLICT DO NOTHING`, name); err != nil {
		return fmt.Errorf("note instance %s: %w", name, err)
	}
	var got bool
	var started, seen int64
	taken := &InstanceAliveError{Name: name}
	err := conn.QueryRow(ctx, `SELECT host, process, started_at, seen_at, pg_try_advisory_lock($2, id::int) FROM ops_instance WHERE name = $1`,
		name, instanceLock).Scan(&taken.Host, &taken.Process, &started, &seen, &got)
	if err != nil {
		return fmt.Errorf("lock instance %s: %w", name, err)
	}
	if !got {
		taken.StartedAt, taken.SeenAt = time.UnixMilli(started).UTC(), time.UnixMilli(seen).UTC()
		return taken
	}
	return nil
}

// Beat writes the heartbeat and finds out whether the session still stands. A broken one is replaced; ErrInstanceLost
// says that another process has taken the name meanwhile, and this one has to stop.
func (i *Instance) Beat(ctx context.Context) error {
	if !i.db.Shared() {
		return nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	if i.conn != nil {
		_, err := i.conn.Exec(ctx, `UPDATE ops_instance SET seen_at = $2 WHERE name = $1`, i.name, (opsclock.Wall{}).Now(ctx).UnixMilli())
		if err == nil || !i.conn.IsClosed() {
			return err
		}
		i.conn = nil
	}
	err := i.lock(ctx)
	var taken *InstanceAliveError
	if errors.As(err, &taken) && !(taken.Process == os.Getpid() && taken.StartedAt.Equal(i.started)) {
		return fmt.Errorf("%w: %w", ErrInstanceLost, err)
	}
	return err // where the name is held by the broken session, of which the server does not know yet, the next beat tries again
}

// Release gives the name back. There may be none.
func (i *Instance) Release(ctx context.Context) error {
	if i == nil {
		return nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.conn == nil {
		return nil
	}
	err := endSession(ctx, i.conn)
	i.conn = nil
	return err
}

// endSession gives the locks of a session back, so that they are free at once, and closes it.
func endSession(ctx context.Context, conn *pgx.Conn) error {
	if conn.IsClosed() {
		return nil
	}
	_, err := conn.Exec(ctx, `SELECT pg_advisory_unlock_all()`)
	return errors.Join(err, conn.Close(ctx))
}

// InstanceStatus is what is known of an instance.
type InstanceStatus struct {
	Name      string
	Alive     bool
	Host      string
	Process   int
	StartedAt time.Time
	SeenAt    time.Time
	AdoptedBy string // the instance that took over its work; "" once it has started again
}

// Instances lists the instances that ever worked on the database, by name. A SQLite file has one, which is not listed.
func (s *Store) Instances(ctx context.Context) ([]InstanceStatus, error) {
	if !s.db.Shared() {
		return nil, nil
	}
	return list(ctx, s.db, "instances", scanInstance, `SELECT name, name IN (`+alive+`), host, process, started_at, seen_at, coalesce(adopted_by, '')
		FROM ops_instance ORDER BY name`)
}

func scanInstance(from scanner) (InstanceStatus, error) {
	var one InstanceStatus
	var started, seen int64
	err := from.Scan(&one.Name, &one.Alive, &one.Host, &one.Process, &started, &seen, &one.AdoptedBy)
	one.StartedAt, one.SeenAt = time.UnixMilli(started).UTC(), time.UnixMilli(seen).UTC()
	return one, err
}
