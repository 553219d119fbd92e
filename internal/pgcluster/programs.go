//go:build full

package pgcluster

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// errNotInstalled says what is missing.
var errNotInstalled = errors.New("no PostgreSQL server is installed: apt-get install postgresql")

// debian is where Debian keeps the programs of each major version, outside of PATH.
const debian = "/usr/lib/postgresql/*/bin"

// findPrograms finds the folder of the newest server that is installed. Other distributions say by pg_config where theirs
// is, or have it in PATH. pg_config alone proves nothing: it comes with the client library too.
func findPrograms() (string, error) {
	folders, err := newestFirst(debian)
	if err != nil {
		return "", err
	}
	if out, err := exec.CommandContext(context.Background(), "pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	if inPath, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(inPath))
	}
	for _, folder := range folders {
		if holdsServer(folder) {
			return folder, nil
		}
	}
	return "", errNotInstalled
}

// newestFirst lists folders like VERSION/bin.
func newestFirst(pattern string) ([]string, error) {
	folders, err := filepath.Glob(pattern)
	slices.SortFunc(folders, func(a, b string) int { return cmp.Compare(major(b), major(a)) })
	return folders, err
}

// major is the version in Debian's path, or 0.
func major(folder string) float64 {
	version, err := strconv.ParseFloat(filepath.Base(filepath.Dir(folder)), 64)
	if err != nil {
		return 0
	}
	return version
}

func holdsServer(folder string) bool {
	for _, program := range []string{"initdb", "pg_ctl", "postgres"} {
		if info, err := os.Stat(filepath.Join(folder, program)); err != nil || info.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}
