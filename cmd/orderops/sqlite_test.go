package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/somsim/somsim/orderops/command"
)

// onFile are the arguments of a service on a SQLite file. Nothing has to answer at the addresses.
func onFile(db string) []string {
	return []string{
		"--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--db", db,
		"--simulator", "http://127.0.0.1:9", "--simulator-control", "http://127.0.0.1:9",
	}
}

// A SQLite file belongs to one process: a second one would take the first one's unfinished work for its own.
func TestSecondProcessOnASQLiteFileIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	db, link := filepath.Join(folder, "orderops.db"), filepath.Join(folder, "link.db")
	if err := os.Symlink(db, link); err != nil {
		t.Fatal(err)
	}
	first := launch(t, built.orderops, 2, onFile(db)...)
	holder := fmt.Sprintf("process %d", first.cmd.Process.Pid)
	for _, path := range []string{db, link} {
		refuses(t, nil, "the database "+path+" is in use by another order-ops", onFile(path)...)
		refuses(t, nil, holder, onFile(path)...)
	}
	res, err := http.Get(first.addresses["orderops"] + "/healthz")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("the first one is disturbed: %v %v", res, err)
	}
	_ = res.Body.Close()
	first.kill()
	again := launch(t, built.orderops, 2, onFile(link)...)
	refuses(t, nil, fmt.Sprintf("process %d", again.cmd.Process.Pid), onFile(db)...)
}

// Unfinished work of a version that a build does not know is not touched by it.
func TestUnknownVersionOnASQLiteFileIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "orderops.db")
	launch(t, built.orderops, 2, onFile(file)...).kill() // makes the tables
	db, err := command.OpenDatabase(t.Context(), command.DatabaseConfig{Location: file})
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.SQL().ExecContext(t.Context(), `INSERT INTO workflow_status (workflow_uuid, status, name, executor_id, application_version, application_name)
		VALUES ('w', 'PENDING', 'order-ops.command', 'orderops-1', 'order-ops-99', 'order-ops')`)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	refuses(t, nil, "unfinished workflows of version order-ops-99; this build knows only order-ops-", onFile(file)...)
}
