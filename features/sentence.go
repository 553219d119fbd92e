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
		if way, score := s.likest(text); score > 0.3 {
			found = append(found, match{s.Keyword + " " + way, score})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(b.score, a.score) })
	var names []string
	for _, m := range found[:min(most, len(found))] {
		names = append(names, m.sentence)
	}
	return names
}

// likest is how to say a sentence so that it is most like a text: as a scenario does, or with the likest word for each choice that it
// offers.
func (s Sentence) likest(text string) (way string, score float64) {
	way = s.Pattern
	for _, c := range s.Choices {
		open, best := way, -1.0
		for _, word := range c.Words {
			said := strings.Replace(open, "<"+c.Name+">", word, 1)
			if score := likeness(text, said); score > best {
				way, best = said, score
			}
		}
	}
	score = likeness(text, way)
	if spoken := likeness(text, s.Example); spoken > score {
		return s.Example, spoken
	}
	return way, score
}

// likeness is how much two sentences share of their words and of their pairs of letters, from 0 to 1 (the mean of Dice's coefficients):
// words find another order of the same, letters a slip of the pen.
func likeness(a, b string) float64 {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return (shared(strings.Fields(a), strings.Fields(b)) + shared(pairs(a), pairs(b))) / 2
}

// shared is Dice's coefficient.
func shared(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	left, both := map[string]int{}, 0
	for _, one := range a {
		left[one]++
	}
	for _, one := range b {
		if left[one] > 0 {
			left[one]--
			both++
		}
	}
	return 2 * float64(both) / float64(len(a)+len(b))
}

func pairs(text string) []string {
	letters := []rune(text)
	var list []string
	for i := 1; i < len(letters); i++ {
		list = append(list, string(letters[i-1:i+1]))
	}
	return list
}
