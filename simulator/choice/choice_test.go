package choice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/choice"
)

func tables() []choice.Table {
	return []choice.Table{
		{Face: "a", Choices: []choice.Choice{
			{ID: "a.color", Text: "The color.", Allowed: []string{"red", "blue"}, Default: "red", Evidence: "proposed", Source: "us"},
			{ID: "a.word", Text: "A word.", Kind: choice.Text, Default: "hello", Evidence: "recalled", Source: "us"},
		}},
		{Face: "b", Choices: []choice.Choice{
			{ID: "b.most", Text: "How many.", Kind: choice.Number, Default: "3", Evidence: "seen", Source: "us"},
			{ID: "b.wait", Text: "How long.", Kind: choice.Duration, Default: "1s", Evidence: "seen", Source: "us"},
			{
				ID: "b.refusals", Text: "How refused.", Kind: choice.Refusals, Evidence: "seen", Source: "us",
				Keys: func() ([]string, error) { return []string{"rule.one", "rule.two"}, nil },
			},
			{ID: "b.rates", Text: "What it is worth.", Kind: choice.Rates, Evidence: "seen", Source: "us"},
		}},
	}
}

func TestAFileOfChoices(t *testing.T) {
	t.Parallel()
	v, err := choice.Read("f.yaml", []byte(`
a.color: blue
b.most: 7
b.wait: 2m
b.refusals:
  rule.one: {status: 409, code: TAKEN, message: "It is taken."}
  rule.two: {message: No.}
b.rates: {USD: 1.25}
`), tables()...)
	if err != nil {
		t.Fatal(err)
	}
	if v.Text("a.color") != "blue" || v.Is("a.color", "red") || v.Text("a.word") != "hello" || v.Number("b.most") != 7 || v.Duration("b.wait") != 2*time.Minute {
		t.Errorf("%v", v.List())
	}
	if one, two := v.Refusal("b.refusals", "rule.one"), v.Refusal("b.refusals", "rule.two"); one != (choice.Refusal{Status: 409, Code: "TAKEN", Message: "It is taken."}) || two != (choice.Refusal{Message: "No."}) {
		t.Errorf("refusals %+v %+v", one, two)
	}
	if rate := v.Rates("b.rates")["USD"]; rate.String() != "1.25" {
		t.Errorf("a dollar is %s", rate)
	}
	var overridden []string
	for _, e := range v.List() {
		if e.Overridden {
			overridden = append(overridden, e.Face+" "+e.ID+" "+e.Value)
		}
	}
	if diff := cmp.Diff([]string{"a a.color blue", "b b.most 7", "b b.wait 2m", "b b.refusals 2 entries", "b b.rates 1 entries"}, overridden); diff != "" {
		t.Errorf("overridden (-want +got):\n%s", diff)
	}
}

func TestAFileThatChoosesNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# nothing\n", "{}"} {
		v, err := choice.Read("f.yaml", []byte(text), tables()...)
		if err != nil || v.Text("a.color") != "red" {
			t.Errorf("%q: %q, %v", text, v.Text("a.color"), err)
		}
	}
}

func TestEveryMistakeOfAFileIsToldWithItsLine(t *testing.T) {
	t.Parallel()
	_, err := choice.Read("f.yaml", []byte(`a.color: green
a.colour: red
a.word: ""
b.most: -1
b.wait: soon
a.color: blue
b.refusals:
  rule.three: {status: 400}
  rule.one: {status: 200, code: "", reason: x}
  rule.one: {status: 400}
  rule.two: no
b.rates: {usd: 1, EUR: 0, GBP: x}
a.list: [1]
`), tables()...)
	if err == nil {
		t.Fatal("no error")
	}
	want := []string{
		`f.yaml:1: a.color: "green" is none of red, blue`,
		`f.yaml:2: there is no choice "a.colour"`,
		`f.yaml:3: a.word: the text is empty`,
		`f.yaml:4: b.most: "-1" is not a whole number of 0 or more`,
		`f.yaml:5: b.wait: "soon" is not a duration above 0, such as 90s or 15m`,
		`f.yaml:6: a.color was chosen in line 1 already`,
		`f.yaml:8: b.refusals: there is no rule "rule.three"`,
		`f.yaml:9: "200" is no status from 400 to 599`,
		`f.yaml:9: the code is empty`,
		`f.yaml:9: a refusal has status, code and message, not reason`,
		`f.yaml:10: rule.one was chosen in line 9 already`,
		`f.yaml:11: a map was expected`,
		`f.yaml:12: b.rates: "usd" is no currency`,
		`f.yaml:12: b.rates: "0" is no rate above 0`,
		`f.yaml:12: b.rates: "x" is no rate above 0`,
		`f.yaml:13: there is no choice "a.list"`,
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFilesThatAreNoMap(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"- a\n":              "f.yaml:1: a map was expected",
		"a: [":               "f.yaml: yaml: ",
		"a.color: [red]":     "f.yaml:1: a.color takes one value",
		"b.rates: 3":         "f.yaml:1: a map was expected",
		"b.refusals: [a, b]": "f.yaml:1: a map was expected",
	} {
		if _, err := choice.Read("f.yaml", []byte(text), tables()...); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestMistakesInTables(t *testing.T) {
	t.Parallel()
	if err := choice.Validate(tables()...); err != nil {
		t.Error(err)
	}
	broken := []choice.Table{{Face: "a", Choices: []choice.Choice{
		{ID: "a.x", Text: "x", Allowed: []string{"1"}, Default: "2", Evidence: "seen", Source: "us"},
		{ID: "a.x", Text: "x", Kind: choice.Text, Default: "y", Evidence: "guessed", Source: "us"},
	}}}
	err := choice.Validate(broken...)
	for _, text := range []string{"a.x is there twice", `a.x: "2" is none of 1`, "a.x lacks its text, evidence or source"} {
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%q is missing in %v", text, err)
		}
	}
}

func TestOneOtherValue(t *testing.T) {
	t.Parallel()
	v := choice.Defaults(tables()...)
	other, err := v.With("a.color", "blue")
	if err != nil || other.Text("a.color") != "blue" || v.Text("a.color") != "red" {
		t.Errorf("%q and %q, %v", other.Text("a.color"), v.Text("a.color"), err)
	}
	for id, value := range map[string]string{"a.color": "green", "a.none": "x", "b.rates": "1"} {
		if _, err := v.With(id, value); err == nil {
			t.Errorf("%s may be %s", id, value)
		}
	}
}

func TestThePageOfATable(t *testing.T) {
	t.Parallel()
	page := choice.Page(tables()...)
	for _, line := range []string{"### `a`", "| `a.color` | The color. | `red`, `blue` | `red` | proposed: us |", "| `b.wait` | How long. | a duration such as 90s or 15m | `1s` | seen: us |"} {
		if !strings.Contains(page, line+"\n") {
			t.Errorf("%q is missing in\n%s", line, page)
		}
	}
}
