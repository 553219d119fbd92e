package features

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// oneOf is the group of an expression that understands the words of a table, so that nobody says what the table lacks.
func oneOf[V any](table map[string]V) string {
	words := slices.Sorted(maps.Keys(table))
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return "(" + strings.Join(words, "|") + ")"
}
