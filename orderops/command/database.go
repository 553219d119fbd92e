package command

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// DatabaseConfig says where a service keeps its rows.
type DatabaseConfig struct {
	// Location is the path of a SQLite file, or a postgres:// URL.
	Location string
	// Password is PostgreSQL's where the URL holds none; without either, the driver looks at PGPASSWORD and ~/.pgpass.
	Password string
	// Durable makes every commit to SQLite survive a power cut, not just a crash of the process; a simulation does without.
	// PostgreSQL decides for itself.
	Durable bool
	// Exclusive keeps every other service from a SQLite file while it is open: it belongs to one. Tools that only look do
	// not need it.
	Exclusive bool
}

// Shared says that several instances may work on the database: it is PostgreSQL.
func (c DatabaseConfig) Shared() bool {
	return strings.HasPrefix(c.Location, "postgres://") || strings.HasPrefix(c.Location, "postgresql://")
}

// Safe is the location without its password.
func (c DatabaseConfig) Safe() string {
	if !c.Shared() {
		return c.Location
	}
	u, err := url.Parse(c.Location)
	if err != nil {
		return "a postgres URL that does not parse"
	}
	query := u.Query()
	for _, secret := range []string{"password", "sslpassword"} {
		if query.Has(secret) {
			query.Set(secret, "xxxxx")
			u.RawQuery = query.Encode()
		}
	}
	return u.Redacted()
}

// HoldsPassword says that the location itself holds a password.
func (c DatabaseConfig) HoldsPassword() bool {
	if !c.Shared() {
		return false
	}
	u, err := url.Parse(c.Location)
	if err != nil {
		return true // nobody can tell, so it is treated as if it did
	}
	_, has := u.User.Password()
	return has || u.Query().Has("password") || u.Query().Has("sslpassword")
}

// Database is where a service keeps its rows, and DBOS its own.
type Database struct {
	sql    *sql.DB
	pool   *pgxpool.Pool // nil for SQLite
	config DatabaseConfig
	hold   *exclusive // nil unless it is an exclusive SQLite file
	parsed statements
}

// poolSize bounds the connections of one instance to PostgreSQL, unless the URL's pool_max_conns says otherwise.
const poolSize = 16

// OpenDatabase opens the database of a service. A SQLite file that is wanted exclusively and that another service works on
// is refused with a *DatabaseInUseError.
func OpenDatabase(ctx context.Context, c DatabaseConfig) (*Database, error) {
	open := openSQLite
	if c.Shared() {
		open = openPostgres
	}
	var hold *exclusive
	if c.Exclusive && !c.Shared() {
		var err error
		if hold, err = lockExclusively(ctx, c.Location); err != nil {
			return nil, err
		}
	}
	db, err := open(ctx, c)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", c.Safe(), err), hold.release())
	}
	db.hold = hold
	return db, nil
}

// connections bounds those to a SQLite file.
const connections = 8

func openSQLite(ctx context.Context, c DatabaseConfig) (*Database, error) {
	synchronous := "normal"
	if c.Durable {
		synchronous = "full"
	}
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(c.Location)
	query := url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)", "synchronous(" + synchronous + ")"},
		"_txlock": {"immediate"},
	}
	db, err := sql.Open("sqlite", "file:"+escaped+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections) // each has statements ready
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Database{sql: db, config: c}, nil
}

func openPostgres(ctx context.Context, c DatabaseConfig) (*Database, error) {
	config, err := pgxpool.ParseConfig(c.Location)
	if err != nil {
		return nil, errors.New("the URL does not parse") // the driver's words repeat it
	}
	if c.Password != "" {
		config.ConnConfig.Password = c.Password
	}
	if u, err := url.Parse(c.Location); err == nil && !u.Query().Has("pool_max_conns") {
		config.MaxConns = poolSize
	}
	config.ShouldPing = alwaysPing
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return &Database{sql: stdlib.OpenDBFromPool(pool), pool: pool, config: c}, nil
}

// alwaysPing has the pool ask a connection for a sign of life whenever it hands it out, not just after a second of rest. A
// server that is started again or a proxy that drops connections would otherwise show in the next statement, and whether
// that was carried out nobody could tell. It costs a round trip, next to the remote calls of a step.
func alwaysPing(context.Context, pgxpool.ShouldPingParams) bool { return true }

// Close closes the database.
func (d *Database) Close() error {
	err := d.sql.Close()
	if d.pool != nil {
		d.pool.Close()
	}
	return errors.Join(err, d.hold.release())
}

// Ping asks whether the database answers.
func (d *Database) Ping(ctx context.Context) error { return d.sql.PingContext(ctx) }

// SQL is the database as database/sql sees it, for tools and tests. Placeholders are the database's own.
func (d *Database) SQL() *sql.DB { return d.sql }

// Shared says that several instances may work on the database.
func (d *Database) Shared() bool { return d.pool != nil }

// statement is a statement that need not be parsed again, or nil.
func (d *Database) statement(ctx context.Context, query string) *sql.Stmt {
	if d.Shared() {
		return nil
	}
	return d.parsed.of(ctx, d.sql, query)
}

func (d *Database) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := d.statement(ctx, query); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return d.sql.ExecContext(ctx, d.spell(query), args...)
}

func (d *Database) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := d.statement(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return d.sql.QueryContext(ctx, d.spell(query), args...)
}

func (d *Database) row(ctx context.Context, query string, args ...any) *sql.Row {
	if s := d.statement(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return d.sql.QueryRowContext(ctx, d.spell(query), args...)
}

// transaction is a transaction on a database.
type transaction struct {
	tx *sql.Tx
	db *Database
}

func (t *transaction) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return t.tx.ExecContext(ctx, t.db.spell(query), args...)
}

func (t *transaction) row(ctx context.Context, query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(ctx, t.db.spell(query), args...)
}

// inTx runs f in a transaction that is dropped when f fails.
func (d *Database) inTx(ctx context.Context, f func(*transaction) error) error {
	tx, err := d.sql.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(&transaction{tx, d}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// locking keeps what a transaction read from being changed by another until it ends. SQLite has one writer at a time, and
// its transactions here begin as such.
func (d *Database) locking(query string) string {
	if d.Shared() {
		return query + " FOR UPDATE"
	}
	return query
}

// spell numbers the placeholders for PostgreSQL. No statement of this package holds a question mark of another meaning.
func (d *Database) spell(query string) string {
	if !d.Shared() {
		return query
	}
	var out strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		out.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}

// uniqueViolation is PostgreSQL's code for a row that a unique index refuses.
const uniqueViolation = "23505"

// refusedBy says that an error is the refusal of a unique index, which SQLite names by its columns and PostgreSQL by its
// name.
func refusedBy(err error, index, columns string) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code == uniqueViolation && refused.ConstraintName == index
	}
	return err != nil && strings.HasSuffix(sqliteMessage(err), "UNIQUE constraint failed: "+columns)
}

// sqliteMessage is an error's text without the code that the driver adds in brackets.
func sqliteMessage(err error) string {
	text, _, _ := strings.Cut(err.Error(), " (")
	return text
}
