package command

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
)

func openForStatements(t *testing.T) *Database {
	t.Helper()
	db, err := OpenDatabase(t.Context(), DatabaseConfig{Location: filepath.Join(t.TempDir(), "ops.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestStatementsAreParsedOnceAndOnlySoManyAreKept(t *testing.T) {
	t.Parallel()
	db := openForStatements(t)
	for range 2 {
		for n := range mostStatements + 20 {
			var got int
			if err := db.row(t.Context(), fmt.Sprintf(`SELECT %d + ?`, n), 1).Scan(&got); err != nil || got != n+1 {
				t.Fatalf("%d + 1 is %d, %v", n, got, err)
			}
		}
	}
	if kept := len(db.parsed.kept); kept != mostStatements {
		t.Errorf("%d statements are kept, want %d", kept, mostStatements)
	}
	first := db.statement(t.Context(), `SELECT 0 + ?`)
	if first == nil || first != db.statement(t.Context(), `SELECT 0 + ?`) {
		t.Error("a statement that is kept is parsed again")
	}
}

func TestAStatementOutlivesAChangeOfItsTableAndOneThatIsWrongIsTold(t *testing.T) {
	t.Parallel()
	db := openForStatements(t)
	var failed error
	run := func(statement string, args ...any) {
		_, err := db.exec(t.Context(), statement, args...)
		failed = errors.Join(failed, err)
	}
	count := func() (n int) {
		failed = errors.Join(failed, db.row(t.Context(), `SELECT count(*) FROM thing WHERE name <> ?`, "").Scan(&n))
		return n
	}
	run(`CREATE TABLE thing (name TEXT)`)
	run(`INSERT INTO thing (name) VALUES (?)`, "a")
	if n := count(); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	run(`ALTER TABLE thing ADD COLUMN more TEXT`)
	run(`INSERT INTO thing (name) VALUES (?)`, "b")
	if n := count(); n != 2 {
		t.Errorf("%d rows after the change, want 2", n)
	}
	if failed != nil {
		t.Error(failed)
	}
	if _, err := db.exec(t.Context(), `SELEKT 1`); err == nil {
		t.Error("a statement that is none is not told")
	}
}
