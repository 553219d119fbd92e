package features

import (
	"cmp"
	"strings"
)

// longestChoice is how many characters of words a line shows: more are listed below it.
const longestChoice = 100

// patternOf writes a sentence's expression for people, and lists what its named groups offer.
func patternOf(expression string) (string, []Choice) {
	w := &writing{}
	return w.show(strings.TrimSuffix(strings.TrimPrefix(expression, "^"), "$")), w.choices
}

// writing is an expression on its way to people. It knows what sentences use of regular expressions: groups, choices,
// classes of characters, numbers, and what may be left out.
type writing struct{ choices []Choice }

func (w *writing) show(text string) string {
	var b strings.Builder
	for text != "" {
		shown, rest := w.next(text)
		b.WriteString(shown)
		text = rest
	}
	return b.String()
}

// next shows the first part of a text and returns what comes after it.
func (w *writing) next(text string) (shown, rest string) {
	switch text[0] {
	case '(':
		end := closing(text)
		shown, rest = w.group(text[1:end]), text[end+1:]
		if inner, ok := strings.CutPrefix(rest, "?"); ok {
			return "[" + shown + "]", inner
		}
		return shown, rest
	case '[':
		return "…", strings.TrimLeft(text[class(text)+1:], "+*")
	case '.': // a stop is written with a backslash
		return "…", strings.TrimLeft(text[1:], "+*")
	case '\\':
		if text[1] == 'd' {
			return "<number>", strings.TrimLeft(text[2:], "+*")
		}
		return text[1:2], text[2:]
	case '?':
		return "", text[1:] // the letter before it may be left out, which needs no telling
	default:
		return text[:1], text[1:]
	}
}

func (w *writing) group(inner string) string {
	inner = strings.TrimPrefix(inner, "?:")
	name := ""
	if named, ok := strings.CutPrefix(inner, "?P<"); ok {
		name, inner, _ = strings.Cut(named, ">")
	}
	var words []string
	for _, word := range alternatives(inner) {
		if word == anythingElse {
			continue // is there to be told what one can say
		}
		words = append(words, w.show(word))
	}
	switch {
	case len(words) > 1 && len(strings.Join(words, "|")) > longestChoice:
		name = cmp.Or(name, "words")
		w.choices = append(w.choices, Choice{name, words})
		return "<" + name + ">"
	case len(words) > 1:
		return "<" + strings.Join(words, "|") + ">"
	default:
		return words[0]
	}
}

// closing is where the group ends with which a text begins.
func closing(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '[':
			i += class(text[i:])
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text) - 1
}

// class is where the class of characters ends with which a text begins.
func class(text string) int { return 1 + strings.IndexByte(text[1:], ']') }

// alternatives are what a group offers, apart from what groups in it do.
func alternatives(inner string) []string {
	var list []string
	begin := 0
	for i := 0; i < len(inner); i++ {
		switch inner[i] {
		case '\\':
			i++
		case '[':
			i += class(inner[i:])
		case '(':
			i += closing(inner[i:])
		case '|':
			list = append(list, inner[begin:i])
			begin = i + 1
		}
	}
	return append(list, inner[begin:])
}
