package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/somsim/somsim/orderops/opsclock"
)

// DatabaseInUseError says that another service works on a SQLite file, which belongs to one.
type DatabaseInUseError struct {
	File   string
	Holder string // who it is, in words
}

// Error implements error.
func (e *DatabaseInUseError) Error() string {
	return fmt.Sprintf("the database %s is in use by another order-ops: %s: stop that one first, give this one another --db, "+
		"or use PostgreSQL, which several instances may share", e.File, e.Holder)
}

// exclusive is the hold on a SQLite file: a lock on a file beside it, which the operating system takes away from a process
// that ends, however it ends. The database itself is not locked, so that people may look into it.
type exclusive struct{ lock *flock.Flock }

// lockExclusively takes the hold on a file, or says who has it.
func lockExclusively(ctx context.Context, file string) (*exclusive, error) {
	path := sameFile(file) + ".lock"
	lock := flock.New(path, flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock %s: %w", path, err)
	case !got:
		return nil, &DatabaseInUseError{File: file, Holder: holder(path)}
	}
	host, _ := os.Hostname() // this and the note are for people to read: the lock holds without them
	note := fmt.Sprintf("host %s, process %d, since %s", host, os.Getpid(), (opsclock.Wall{}).Now(ctx).UTC().Format(time.RFC3339))
	_ = os.WriteFile(path, []byte(note), 0o600)
	return &exclusive{lock}, nil
}

// release lets go. There may be nothing to let go of. The file stays: removing it could remove the next holder's.
func (e *exclusive) release() error {
	if e == nil {
		return nil
	}
	_ = os.Truncate(e.lock.Path(), 0)
	return e.lock.Close()
}

// holder reads who wrote itself into a lock file, which it does a moment after it has locked it.
func holder(path string) string {
	note, err := os.ReadFile(path)
	if err != nil || len(note) == 0 {
		return "a process that has not said who it is"
	}
	return strings.TrimSpace(string(note))
}

// sameFile is a path that is the same for everybody who means the same file, whatever links lead there.
func sameFile(file string) string {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		return target
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil {
		return filepath.Join(folder, filepath.Base(file))
	}
	return file
}
