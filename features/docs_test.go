package features

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// document is the page for those who write scenarios.
func document(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What the page gives as an example can be copied.
func TestSentencesOfTheDocumentAreKnown(t *testing.T) {
	t.Parallel()
	lines := regexp.MustCompile(`(?m)^ {4}(?:Given|When|Then|And) (.+)$`).FindAllStringSubmatch(document(t), -1)
	if len(lines) < 5 {
		t.Errorf("the document has %d sentences", len(lines))
	}
	compiled := expressions()
	for _, line := range lines {
		known := false
		for _, e := range compiled {
			known = known || e.MatchString(line[1])
		}
		if !known {
			t.Errorf("nobody knows %q; near to it are %q", line[1], Nearest(line[1], 2))
		}
	}
}

// The page has a row for each system, with all that it can be asked for.
func TestDocumentTellsWhatSystemsAreAskedFor(t *testing.T) {
	t.Parallel()
	text := document(t)
	for system, p := range new(world).partners() {
		row := regexp.MustCompile(`(?m)^\| ` + system + `[ ,].*$`).FindString(text)
		for words := range p.acts {
			if !strings.Contains(row, words) {
				t.Errorf("the row of %s lacks %q: %q", system, words, row)
			}
		}
		if told := strings.Count(row[strings.Index(row[1:], "|")+1:], ", ") + 1; row != "" && told != len(p.acts) {
			t.Errorf("the row of %s tells of %d things, it can be asked for %d", system, told, len(p.acts))
		}
	}
}
