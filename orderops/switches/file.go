package switches

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"sync"
	"time"
)

// File is a set that is kept in a file and read again when that changes. A file that cannot be read, or is wrong, changes
// nothing: what was in force stays in force.
type File struct {
	path string

	mu      sync.RWMutex
	set     Set
	version string
	seen    state
	failed  error
}

// state is what tells that a file may have changed.
type state struct {
	size     int64
	modified time.Time
}

// Open reads a file for the first time, when an error keeps the service from starting. Without a path everything is on.
func Open(path string) (*File, error) {
	f := &File{path: path, set: AllOn(), version: "none"}
	if path == "" {
		return f, nil
	}
	return f, f.Reload()
}

// Mode decides by what is in force.
func (f *File) Mode(u Use) Mode {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.set.Mode(u)
}

// Status is what is in force, and what is wrong with the file if it is something else.
type Status struct {
	File    string `json:"file"`
	Version string `json:"version"`
	Set     Set    `json:"switches"`
	Problem string `json:"problem,omitempty"`
}

// Status tells what is in force.
func (f *File) Status() Status {
	f.mu.RLock()
	defer f.mu.RUnlock()
	status := Status{File: f.path, Version: f.version, Set: f.set}
	if f.failed != nil {
		status.Problem = f.failed.Error()
	}
	return status
}

// Poll reads the file again if it seems to have changed. changed says that other switches are in force now; an error is
// told once for each state of the file.
func (f *File) Poll() (changed bool, err error) {
	if f.path == "" {
		return false, nil
	}
	f.mu.RLock()
	before := f.seen
	f.mu.RUnlock()
	if now, err := look(f.path); err == nil && now == before {
		return false, nil
	}
	version, failed := f.versionAndFailure()
	err = f.Reload()
	if err != nil && failed != nil && failed.Error() == err.Error() {
		return false, nil
	}
	after, _ := f.versionAndFailure()
	return after != version, err
}

func (f *File) versionAndFailure() (string, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.version, f.failed
}

// Reload reads the file now.
func (f *File) Reload() error {
	if f.path == "" {
		return nil
	}
	seen, err := look(f.path)
	var text []byte
	if err == nil {
		text, err = os.ReadFile(f.path)
	}
	var set Set
	if err == nil {
		set, err = Parse(text)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = seen
	if f.failed = err; err != nil {
		f.failed = fmt.Errorf("switches %s: %w", f.path, err)
		return f.failed
	}
	sum := sha256.Sum256(text)
	f.set, f.version = set, hex.EncodeToString(sum[:6])
	return nil
}

func look(path string) (state, error) {
	info, err := os.Stat(path)
	if err != nil {
		return state{}, err
	}
	return state{info.Size(), info.ModTime()}, nil
}
