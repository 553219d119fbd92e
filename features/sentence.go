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
	// Topic is what it is about, in a few words.
	Topic string
	// Pattern is the sentence with the words in angle brackets that it offers for a part, and what may be left out in square
	// ones. A name in angle brackets is that of one of the choices.
	Pattern string
	// Choices are the parts for which it offers more words than a line can show.
	Choices []Choice
	// Expression is what exactly is understood, as a regular expression.
	Expression string
	// Example is how a scenario of this package says it.
	Example string
}

// Choice is a part of a sentence with the words that may stand for it.
type Choice struct {
	Name  string
	Words []string
}

// Sentences lists what scenarios may say, by topic, each with an example from the scenarios that came with this package.
func Sentences() ([]Sentence, error) {
	p, err := Options{}.read("", []string{"."})
	if err != nil {
		return nil, err
	}
	spoken := p.spoken()
	var list []Sentence
	for _, t := range new(world).topics() {
		for _, s := range slices.Concat(t.steps...) {
			expression, err := regexp.Compile(s.expression)
			if err != nil {
				return nil, fmt.Errorf("sentence %s: %w", s.expression, err)
			}
			one := Sentence{Keyword: string(s.keyword), Topic: t.name, Expression: s.expression}
			one.Pattern, one.Choices = patternOf(s.expression)
			if at := slices.IndexFunc(spoken, expression.MatchString); at >= 0 {
				one.Example = spoken[at]
			}
			list = append(list, one)
		}
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

// Nearest are the sentences most like a text that nobody knows, the best first, each as one says it.
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
		best := match{}
		for _, way := range s.ways() {
			if score := likeness(text, way); score > max(best.score, 0.3) {
				best = match{s.Keyword + " " + way, score}
			}
		}
		if best.sentence != "" {
			found = append(found, best)
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(b.score, a.score) })
	var names []string
	for _, m := range found[:min(most, len(found))] {
		names = append(names, m.sentence)
	}
	return names
}

// ways are examples of how to say a sentence: that of a scenario, and one for each word that it offers.
func (s Sentence) ways() []string {
	list := []string{cmp.Or(s.Example, s.Pattern)}
	for _, c := range s.Choices {
		for _, word := range c.Words {
			list = append(list, strings.Replace(s.Pattern, "<"+c.Name+">", word, 1))
		}
	}
	return list
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
