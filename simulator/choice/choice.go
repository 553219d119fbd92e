// Package choice is what the vendors' pages leave open, as tables: one a face, each line with the values an operator may
// choose from. It knows no vendor; packages declare their tables with it and read from it what was chosen.
package choice

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Choice is one thing that is left open.
type Choice struct {
	// ID names the choice, such as som.connect.action-status.
	ID string
	// Text says in a sentence what is chosen.
	Text string
	// Allowed are the values to choose from; empty when Kind says which there are.
	Allowed []string
	Kind    Kind
	Default string
	// Evidence is what the default rests on: documented, seen, recalled or proposed. Source says where, or why.
	Evidence, Source string
	// Keys are the keys that an entry of a map may have; nil means any.
	Keys func() ([]string, error)
}

// Kind says which values a choice takes that has no list of them.
type Kind string

// The kinds.
const (
	Text     Kind = "a text"
	Number   Kind = "a whole number"
	Duration Kind = "a duration such as 90s or 15m"
	// Refusals is a map from the id of a rule to status, code and message.
	Refusals Kind = "a map from rules to status, code and message"
	// Rates is a map from currencies to decimals.
	Rates Kind = "a map from currencies to rates"
)

// Takes tells which values there are.
func (c Choice) Takes() string {
	if len(c.Allowed) > 0 {
		return strings.Join(c.Allowed, " | ")
	}
	return string(c.Kind)
}

// Table is what one face, or a domain, leaves open.
type Table struct {
	Face    string
	Choices []Choice
}

// Refusal is how a refusal is answered. A zero field leaves what would be answered anyway.
type Refusal struct {
	Status        int
	Code, Message string
}

// Check returns why a value cannot be chosen; nil when it can.
func (c Choice) Check(value string) error {
	switch {
	case len(c.Allowed) > 0:
		if !slices.Contains(c.Allowed, value) {
			return fmt.Errorf("%s: %q is none of %s", c.ID, value, strings.Join(c.Allowed, ", "))
		}
	case c.Kind == Number:
		if n, err := strconv.Atoi(value); err != nil || n < 0 {
			return fmt.Errorf("%s: %q is not a whole number of 0 or more", c.ID, value)
		}
	case c.Kind == Duration:
		if d, err := time.ParseDuration(value); err != nil || d <= 0 {
			return fmt.Errorf("%s: %q is not a duration above 0, such as 90s or 15m", c.ID, value)
		}
	case c.Kind == Refusals, c.Kind == Rates:
		return fmt.Errorf("%s takes %s", c.ID, c.Kind)
	case value == "":
		return fmt.Errorf("%s: the text is empty", c.ID)
	}
	return nil
}

// Values are what holds: what was chosen, else the defaults of the tables.
type Values struct {
	tables   []Table
	chosen   map[string]string
	refusals map[string]map[string]Refusal
	rates    map[string]map[string]decimal.Decimal
}

// Defaults are the values of some tables of which nothing was chosen.
func Defaults(tables ...Table) Values { return Values{tables: tables} }

// With is the same with another value for a choice that takes no map.
func (v Values) With(id, value string) (Values, error) {
	c, ok := v.find(id)
	if !ok {
		return v, fmt.Errorf("there is no choice %q", id)
	}
	if err := c.Check(value); err != nil {
		return v, err
	}
	chosen := map[string]string{id: value}
	for other, its := range v.chosen {
		if other != id {
			chosen[other] = its
		}
	}
	v.chosen = chosen
	return v, nil
}

func (v Values) find(id string) (Choice, bool) {
	for _, t := range v.tables {
		for _, c := range t.Choices {
			if c.ID == id {
				return c, true
			}
		}
	}
	return Choice{}, false
}

// Text is what holds for a choice; empty for one that no table has.
func (v Values) Text(id string) string {
	if text, ok := v.chosen[id]; ok {
		return text
	}
	c, _ := v.find(id)
	return c.Default
}

// Is reports whether a value holds for a choice.
func (v Values) Is(id, value string) bool { return v.Text(id) == value }

// Number is what holds for a choice of the kind [Number], or of numbers to choose from.
func (v Values) Number(id string) int {
	n, _ := strconv.Atoi(v.Text(id)) // it was checked
	return n
}

// Duration is what holds for a choice of the kind [Duration].
func (v Values) Duration(id string) time.Duration {
	d, _ := time.ParseDuration(v.Text(id)) // it was checked
	return d
}

// Refusal is what was chosen for a rule in a choice of the kind [Refusals].
func (v Values) Refusal(id, rule string) Refusal { return v.refusals[id][rule] }

// Rates are what was chosen in a choice of the kind [Rates]; a currency that was left out is not in it.
func (v Values) Rates(id string) map[string]decimal.Decimal { return v.rates[id] }

// Effective is one choice with what holds for it.
type Effective struct {
	Choice
	Face string
	// Value is what holds; of a map it says how many entries were chosen.
	Value string
	// Overridden tells that it was chosen, even if it is the default.
	Overridden bool
}

// Declared reports whether the values are of any table; those of a zero value are not.
func (v Values) Declared() bool { return len(v.tables) > 0 }

// List is every choice of the tables, in their order, with what holds for it.
func (v Values) List() []Effective {
	var all []Effective
	for _, t := range v.tables {
		for _, c := range t.Choices {
			e := Effective{Choice: c, Face: t.Face, Value: v.Text(c.ID)}
			_, e.Overridden = v.chosen[c.ID]
			if n := len(v.refusals[c.ID]) + len(v.rates[c.ID]); n > 0 {
				e.Value, e.Overridden = fmt.Sprintf("%d entries", n), true
			}
			all = append(all, e)
		}
	}
	return all
}

// Validate looks for mistakes in tables: ids that are there twice, or without their face's system, texts that are
// missing, defaults that cannot be chosen.
func Validate(tables ...Table) error {
	var problems []error
	seen := map[string]bool{}
	for _, t := range tables {
		for _, c := range t.Choices {
			if seen[c.ID] {
				problems = append(problems, fmt.Errorf("%s is there twice", c.ID))
			}
			seen[c.ID] = true
			if c.Text == "" || c.Source == "" || !slices.Contains([]string{"documented", "seen", "recalled", "proposed"}, c.Evidence) {
				problems = append(problems, fmt.Errorf("%s lacks its text, evidence or source", c.ID))
			}
			if c.Kind != Refusals && c.Kind != Rates {
				problems = append(problems, c.Check(c.Default))
			}
		}
	}
	return errors.Join(problems...)
}
