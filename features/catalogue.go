package features

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"

	"github.com/cucumber/godog"
)

// Case is a numbered case of the catalogue with what proves it.
type Case struct {
	// Tag is the case's number as scenarios carry it, such as @case-41 or @som-C21.
	Tag string
	// Scenarios are their titles; an outline counts once.
	Scenarios []string
	// Tests prove a case that no scenario can: the folder of each, and its name.
	Tests []string
}

// elsewhere are the cases that scenarios cannot prove, because what they are about shuts scenarios out.
func elsewhere() []Case {
	return []Case{
		// A scenario lives in a sandbox of its own, which an order-ops in production knows nothing of.
		{Tag: "@case-96", Tests: []string{"orderops/service TestProductionIgnoresSandboxes"}},
	}
}

// Cases is how many numbered cases the catalogue has: 96 of order-ops and 92 of order management's own.
const Cases = 96 + 40 + 18 + 38

// caseTag reads a number: of order-ops (@case-12), or of order management (@som-C4, @som-M1, @som-R2).
var caseTag = regexp.MustCompile(`^@(case-|som-C|som-M|som-R)(\d+)$`)

// Catalogue lists the cases that are proved, by number. Without feature files of one's own it is about those that came
// with this package, and the tests that came with them.
func Catalogue(features fs.FS) ([]Case, error) {
	suite := Options{Features: features}.suite(context.Background(), "", func(*godog.ScenarioContext) {})
	list, err := suite.RetrieveFeatures()
	if err != nil {
		return nil, fmt.Errorf("read the feature files: %w", err)
	}
	proved := map[string]*Case{}
	for _, f := range list {
		for _, scenario := range f.Pickles {
			note(proved, f.Feature.Name, scenario)
		}
	}
	var cases []Case
	for _, c := range proved {
		cases = append(cases, *c)
	}
	if features == nil {
		cases = append(cases, elsewhere()...)
	}
	slices.SortFunc(cases, byNumber)
	return cases, nil
}

func note(proved map[string]*Case, feature string, scenario *godog.Scenario) {
	title := feature + ": " + scenario.Name
	for _, tag := range scenario.Tags {
		if !caseTag.MatchString(tag.Name) {
			continue
		}
		c := proved[tag.Name]
		if c == nil {
			c = &Case{Tag: tag.Name}
			proved[tag.Name] = c
		}
		if !slices.Contains(c.Scenarios, title) {
			c.Scenarios = append(c.Scenarios, title)
		}
	}
}

func byNumber(a, b Case) int {
	x, y := caseTag.FindStringSubmatch(a.Tag), caseTag.FindStringSubmatch(b.Tag)
	n, _ := strconv.Atoi(x[2])
	m, _ := strconv.Atoi(y[2])
	return cmp.Or(cmp.Compare(x[1], y[1]), cmp.Compare(n, m))
}
