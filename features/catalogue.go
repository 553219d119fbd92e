package features

import (
	"bytes"
	_ "embed" // for the cases
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/features/report"
)

// Case is a numbered case of the catalogue with what proves it.
type Case struct {
	// Tag is the case's number as scenarios carry it, such as @case-41 or @som-C21.
	Tag   string `yaml:"case"`
	Title string `yaml:"title"`
	// Tests prove what no scenario can see: the folder of each, and its name.
	Tests []string `yaml:"tests"`
	// Scenarios are those that carry the tag, with what came of them where a run is known.
	Scenarios []Proof `yaml:"-"`
}

// Proof is a scenario that proves a case; an outline is one.
type Proof struct {
	Title string
	// Result is how it ended, empty when it did not run. One failing row of an outline fails the outline.
	Result report.Status
}

// String is the scenario with how it ended.
func (p Proof) String() string {
	if p.Result == "" {
		return p.Title
	}
	return p.Title + " (" + string(p.Result) + ")"
}

// Gap says that nothing proves the case: no scenario that did not fail, and no test.
func (c Case) Gap() bool {
	failed := slices.ContainsFunc(c.Scenarios, func(p Proof) bool { return p.Result == report.Failed || p.Result == report.Undefined })
	return failed || len(c.Scenarios) == 0 && len(c.Tests) == 0
}

//go:embed catalogue.yaml
var cases []byte

// Catalogue lists the numbered cases with the scenarios and tests that prove them. Without feature files of one's own it is
// about those that came with this package. What came of the scenarios is taken from a run, unless it is nil.
func Catalogue(features fs.FS, run *report.Run) ([]Case, error) {
	var list []Case
	decoder := yaml.NewDecoder(bytes.NewReader(cases))
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("read the cases: %w", err)
	}
	p, err := Options{Features: features}.read("", []string{"."})
	if err != nil {
		return nil, err
	}
	results := map[string]report.Status{}
	if run != nil {
		results = resultsOf(run)
	}
	scenarios := make([]report.Scenario, 0, len(p.skeletons))
	for _, s := range p.skeletons {
		scenarios = append(scenarios, s)
	}
	slices.SortFunc(scenarios, report.ByPlace)
	for _, s := range scenarios {
		for _, tag := range s.Tags {
			at := slices.IndexFunc(list, func(c Case) bool { return c.Tag == tag })
			if at < 0 {
				if strings.HasPrefix(tag, "@case-") || strings.HasPrefix(tag, "@som-") {
					return nil, fmt.Errorf("%s: there is no case %s", s.Place(), tag)
				}
				continue
			}
			proof := Proof{s.Feature + ": " + s.Name, results[spotOf(s).String()]}
			if !slices.Contains(list[at].Scenarios, proof) {
				list[at].Scenarios = append(list[at].Scenarios, proof)
			}
		}
	}
	return list, nil
}

// Spots are where scenarios or their outlines stand, each once.
func Spots(scenarios []report.Scenario) []Spot {
	var list []Spot
	for _, s := range scenarios {
		if !slices.Contains(list, spotOf(s)) {
			list = append(list, spotOf(s))
		}
	}
	return list
}

func spotOf(s report.Scenario) Spot { return Spot{s.Path, s.Line} }

// resultsOf is how each scenario or outline of a run ended.
func resultsOf(run *report.Run) map[string]report.Status {
	results := map[string]report.Status{}
	for _, s := range run.Scenarios {
		spot := spotOf(s).String()
		switch was := results[spot]; {
		case was == "", was == report.Unasked, s.Status == report.Failed, s.Status == report.Undefined:
			results[spot] = s.Status
		}
	}
	return results
}
