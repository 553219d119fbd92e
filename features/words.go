package features

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// oneOf is the group of an expression that understands the words of a table, so that nobody says what the table lacks. People
// see its name where there are many words.
func oneOf[V any](name string, table map[string]V) string {
	words := slices.Sorted(maps.Keys(table))
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return "(?P<" + name + ">" + strings.Join(words, "|") + ")"
}
