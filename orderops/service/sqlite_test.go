//go:build !full

package service_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newDatabase(t *testing.T) database {
	t.Helper()
	location := filepath.Join(t.TempDir(), "orderops.db")
	return database{location: location, dump: func(t *testing.T) string {
		t.Helper()
		files, err := filepath.Glob(location + "*")
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(content)
		}
		return text.String()
	}}
}

// A SQLite file belongs to one instance: nobody is listed, and there is nothing to adopt.
func TestInstancesOnASQLiteFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := operatorsOf(t, start(t, w, simulation(w)))
	o.expect(200, `"instances":[]`, "GET", "/operator/v1/instances", "")
	o.expect(409, "NOT_SHARED", "POST", "/operator/v1/instances/x/adopt", `{"by":"a"}`)
}
