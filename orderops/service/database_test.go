package service_test

import (
	"database/sql"
	"testing"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/service"
)

// database is where a service under test keeps its rows: newDatabase makes a SQLite file, or under the tag full a
// PostgreSQL database, and so the whole suite runs on either.
type database struct {
	location, password string
	// workflows is the schema of DBOS's tables, with its dot.
	workflows string
	// dump is everything that the database holds, as text.
	dump func(t *testing.T) string
}

// under puts a service on the database.
func (d database) under(cfg service.Config) service.Config {
	cfg.Database, cfg.DatabasePassword, cfg.Instance = d.location, d.password, "service-test"
	return cfg
}

// open lets a test look into the database.
func (d database) open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := command.OpenDatabase(t.Context(), command.DatabaseConfig{Location: d.location, Password: d.password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db.SQL()
}

// tables makes the service's tables, as a service that has run here once would have.
func (d database) tables(t *testing.T) {
	t.Helper()
	db, err := command.OpenDatabase(t.Context(), command.DatabaseConfig{Location: d.location, Password: d.password})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := command.OpenStore(t.Context(), db, "service-test"); err != nil {
		t.Fatal(err)
	}
}
