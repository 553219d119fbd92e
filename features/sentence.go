package features

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Sentence is one that scenarios may use.
type Sentence struct {
	// Keyword is Given, When or Then.
	Keyword string
	// Pattern is the sentence with a word in angle brackets for each part that may vary.
	Pattern string
	// Expression is what exactly is understood, as a regular expression.
	Expression string
	// Example is how a scenario of this package says it.
	Example string
}

// Sentences lists what scenarios may say, by noun, each with an example from the scenarios that came with this package.
func Sentences() ([]Sentence, error) {
	p, err := Options{}.read("", []string{"."})
	if err != nil {
		return nil, err
	}
	spoken := p.spoken()
	var list []Sentence
	for _, s := range new(world).steps() {
		expression, err := regexp.Compile(s.expression)
		if err != nil {
			return nil, fmt.Errorf("sentence %s: %w", s.expression, err)
		}
		one := Sentence{Keyword: string(s.keyword), Pattern: patternOf(s.expression), Expression: s.expression}
		if at := slices.IndexFunc(spoken, expression.MatchString); at >= 0 {
			one.Example = spoken[at]
		}
		list = append(list, one)
	}
	return list, nil
}

// spoken is every sentence of the scenarios, sorted, so that examples are the same each time.
func (p *plan) spoken() []string {
	var list []string
	for _, s := range p.skeletons {
		for _, step := range s.Steps {
			list = append(list, step.Text)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

var (
	quoted = regexp.MustCompile(`"\([^()]*\)"`)
	group  = regexp.MustCompile(`\(([^()]*)\)`)
)

// patternOf writes an expression for people: what is quoted varies, and so does what a group of several words offers.
func patternOf(expression string) string {
	text := strings.TrimSuffix(strings.TrimPrefix(expression, "^"), "$")
	text = quoted.ReplaceAllString(text, `"…"`)
	text = group.ReplaceAllStringFunc(text, func(g string) string {
		inner := strings.TrimPrefix(strings.Trim(g, "()"), "?:")
		switch {
		case strings.Contains(inner, "|"):
			return "<" + inner + ">"
		case strings.ContainsAny(inner, `\d[.`):
			return "<…>"
		default:
			return inner
		}
	})
	return strings.NewReplacer(`\.`, ".", `\?`, "?", `\d+`, "<number>").Replace(text)
}

// Nearest are the sentences most like a text that nobody knows, the best first, each as an example of how to say it.
func Nearest(text string, most int) []string {
	list, err := Sentences()
	if err != nil {
		return nil
	}
	type match struct {
		sentence string
		score    float64
	}
	var found []match
	for _, s := range list {
		if score := likeness(text, cmp.Or(s.Example, s.Pattern)); score > 0.3 {
			found = append(found, match{s.Keyword + " " + cmp.Or(s.Example, s.Pattern), score})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(b.score, a.score) })
	var names []string
	for _, m := range found[:min(most, len(found))] {
		names = append(names, m.sentence)
	}
	return names
}

// likeness is how much of their pairs of letters two sentences share, from 0 to 1 (Dice's coefficient).
func likeness(a, b string) float64 {
	one, other := pairs(a), pairs(b)
	shared, all := 0, 0
	for pair, n := range one {
		shared += min(n, other[pair])
		all += n
	}
	for _, n := range other {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(shared) / float64(all)
}

func pairs(text string) map[string]int {
	letters := []rune(strings.ToLower(text))
	found := map[string]int{}
	for i := 1; i < len(letters); i++ {
		found[string(letters[i-1:i+1])]++
	}
	return found
}
