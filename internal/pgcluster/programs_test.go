//go:build full

package pgcluster

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewestServerIsTaken(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, version := range []string{"9.6", "17", "15", "odd"} {
		if err := os.MkdirAll(filepath.Join(root, version, "bin"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	folders, err := newestFirst(filepath.Join(root, "*", "bin"))
	var got []string
	for _, folder := range folders {
		got = append(got, filepath.Base(filepath.Dir(folder)))
	}
	if diff := cmp.Diff([]string{"17", "15", "9.6", "odd"}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestFolderWithoutAServerIsNoServer(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, program := range []string{"initdb", "pg_ctl", "postgres"} {
		if holdsServer(folder) {
			t.Errorf("without %s it is taken for a server", program)
		}
		if err := os.WriteFile(filepath.Join(folder, program), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if !holdsServer(folder) {
		t.Error("a server is not recognised")
	}
}
