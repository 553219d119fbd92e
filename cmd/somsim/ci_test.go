package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestTheTemplatesForPipelinesNameWhatThereIs proves that they are YAML, short,
// and that every command and flag of somsim in them exists.
func TestTheTemplatesForPipelinesNameWhatThereIs(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../docs/ci/*.yml")
	if err != nil || len(files) != 2 {
		t.Fatalf("found %v (%v)", files, err)
	}
	call := regexp.MustCompile(`(?:"\$SOMSIM"|somsim) (contracts [a-z-]+)((?: --[a-z-]+(?: (?:"[^"]*"|[^\s|'"]+))?)*)`)
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var parsed map[string]any
		if err := yaml.Unmarshal(source, &parsed); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if lines := strings.Count(string(source), "\n"); lines >= 30 {
			t.Errorf("%s has %d lines", file, lines)
		}
		calls := call.FindAllStringSubmatch(string(source), -1)
		if len(calls) != 2 {
			t.Errorf("%s calls somsim %d times, want 2: %q", file, len(calls), calls)
		}
		for _, c := range calls {
			cmd, rest, err := rootCommand().Find(strings.Fields(c[1]))
			if err != nil || len(rest) > 0 {
				t.Errorf("%s: somsim %s is no command (%v)", file, c[1], err)
				continue
			}
			for _, flag := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(c[2], -1) {
				if cmd.Flags().Lookup(flag[1]) == nil {
					t.Errorf("%s: somsim %s has no flag --%s", file, c[1], flag[1])
				}
			}
		}
	}
}
