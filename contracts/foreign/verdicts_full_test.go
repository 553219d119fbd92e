//go:build foreign && full

package foreign_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestReplayIsAsStrictAboutEverything does so with every interaction there is.
func TestReplayIsAsStrictAboutEverything(t *testing.T) {
	t.Parallel()
	agree(t, 0, everyPact(t)...)
}

// everyPact lists the pact files, those about messages too.
func everyPact(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"*.json", "messages/*.json"} {
		found, err := filepath.Glob("../pacts/" + pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no pact found (%v)", err)
		}
		for _, file := range found {
			files = append(files, strings.TrimPrefix(filepath.ToSlash(file), "../pacts/"))
		}
	}
	return files
}
