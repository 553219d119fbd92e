package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// The shapes of Cucumber's JSON report, which viewers and CI plug-ins read.
type (
	cucumberFeature struct {
		URI      string            `json:"uri"`
		ID       string            `json:"id"`
		Keyword  string            `json:"keyword"`
		Name     string            `json:"name"`
		Line     int               `json:"line"`
		Elements []cucumberElement `json:"elements"`
	}
	cucumberElement struct {
		ID      string         `json:"id"`
		Keyword string         `json:"keyword"`
		Type    string         `json:"type"`
		Name    string         `json:"name"`
		Line    int64          `json:"line"`
		Tags    []cucumberTag  `json:"tags,omitempty"`
		Steps   []cucumberStep `json:"steps"`
	}
	cucumberTag struct {
		Name string `json:"name"`
	}
	cucumberStep struct {
		Keyword string         `json:"keyword"`
		Name    string         `json:"name"`
		Line    int64          `json:"line"`
		Rows    []cucumberRow  `json:"rows,omitempty"`
		Result  cucumberResult `json:"result"`
	}
	cucumberRow struct {
		Cells []string `json:"cells"`
	}
	cucumberResult struct {
		Status   Status `json:"status"`
		Duration int64  `json:"duration"` // nanoseconds
		Error    string `json:"error_message,omitempty"`
	}
)

// Cucumber writes the run as Cucumber's JSON. What broke after the last step is told by that step.
func (r *Run) Cucumber(w io.Writer) error {
	features := []*cucumberFeature{}
	byPath := map[string]*cucumberFeature{}
	for _, s := range r.Scenarios {
		f := byPath[s.Path]
		if f == nil {
			f = &cucumberFeature{URI: s.Path, ID: slug(s.Feature), Keyword: "Feature", Name: s.Feature, Line: 1}
			byPath[s.Path] = f
			features = append(features, f)
		}
		f.Elements = append(f.Elements, s.element())
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(features); err != nil {
		return fmt.Errorf("write Cucumber's JSON: %w", err)
	}
	return nil
}

func (s *Scenario) element() cucumberElement {
	out := cucumberElement{ID: slug(s.Feature) + ";" + slug(s.title()), Keyword: "Scenario", Type: "scenario", Name: s.Name, Line: s.Line}
	if s.Row > 0 {
		out.Keyword, out.Line = "Scenario Outline", s.Row
	}
	for _, t := range s.Tags {
		out.Tags = append(out.Tags, cucumberTag{t})
	}
	for _, step := range s.closed() {
		one := cucumberStep{Keyword: step.Keyword + " ", Name: step.Text, Line: step.Line, Result: cucumberResult{step.Status, step.Took.Nanoseconds(), step.Error}}
		for _, row := range step.Table {
			one.Rows = append(one.Rows, cucumberRow{row})
		}
		out.Steps = append(out.Steps, one)
	}
	return out
}

// closed are the steps, the last of which failed if everything said held and something else did not.
func (s *Scenario) closed() []Step {
	steps := append([]Step{}, s.Steps...)
	for _, step := range steps {
		if step.Status == Failed || step.Status == Undefined {
			return steps
		}
	}
	if s.Status.bad() && len(steps) > 0 {
		last := &steps[len(steps)-1]
		last.Status, last.Error = Failed, s.Error
	}
	return steps
}

func slug(text string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		default:
			return '-'
		}
	}, text), "-")
}
