package features

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v21"

	"github.com/somsim/somsim/features/report"
)

// Spot is where a scenario, or an outline with its examples, begins in its file.
type Spot struct {
	Path string `json:"path"`
	Line int64  `json:"line"`
}

// String writes it as editors read it.
func (s Spot) String() string { return s.Path + ":" + strconv.FormatInt(s.Line, 10) }

// spotPattern is a place in a feature file.
var spotPattern = regexp.MustCompile(`^(.+\.feature):(\d+)$`)

// ParseSpots reads places, with commas between them.
func ParseSpots(text string) ([]Spot, error) {
	var spots []Spot
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		m := spotPattern.FindStringSubmatch(one)
		if m == nil {
			return nil, fmt.Errorf("%q is no place like orders/cancel_order.feature:7", one)
		}
		line, err := strconv.ParseInt(m[2], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", one, err)
		}
		spots = append(spots, Spot{m[1], line})
	}
	return spots, nil
}

// shardPattern is one part of several: 2/3.
var shardPattern = regexp.MustCompile(`^([1-9]\d*)/([1-9]\d*)$`)

// shard is the part number of all parts; 1 of 1 is everything.
func shardOf(text string) (part, of int, err error) {
	if text == "" {
		return 1, 1, nil
	}
	m := shardPattern.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, fmt.Errorf("shard: %q is no part like 1/3", text)
	}
	part, _ = strconv.Atoi(m[1])
	of, _ = strconv.Atoi(m[2])
	if part > of {
		return 0, 0, fmt.Errorf("shard: there is no part %d of %d", part, of)
	}
	return part, of, nil
}

// plan is which scenarios run, and what is known of each before it does.
type plan struct {
	// spots are in the order in which they run.
	spots []Spot
	// skeletons are the scenarios by the id that godog will give them.
	skeletons map[string]report.Scenario
	sources   map[string]string
}

// plan reads the feature files, picks what is asked for and puts it in the order of the seed. Shards are made of the files'
// order, so that those of one suite are the same whatever their seeds.
func (o Options) plan(selected string, seed int64) (*plan, error) {
	part, of, err := shardOf(o.Shard)
	if err != nil {
		return nil, err
	}
	all, err := o.read(selected, []string{"."})
	if err != nil {
		return nil, err
	}
	spots := all.spots
	slices.SortFunc(spots, func(a, b Spot) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line)) })
	if len(o.Only) > 0 {
		spots = slices.DeleteFunc(spots, func(s Spot) bool { return !slices.Contains(o.Only, s) })
	}
	var mine []Spot
	for i, s := range spots {
		if i%of == part-1 {
			mine = append(mine, s)
		}
	}
	if len(mine) == 0 {
		return nil, o.nothingChosen()
	}
	if seed != 0 {
		order := rand.New(rand.NewPCG(uint64(seed), 0)) // an order, no secret
		order.Shuffle(len(mine), func(i, j int) { mine[i], mine[j] = mine[j], mine[i] })
	}
	return o.read(selected, paths(mine))
}

func paths(spots []Spot) []string {
	list := make([]string, len(spots))
	for i, s := range spots {
		list[i] = s.String()
	}
	return list
}

// read is the plan of what is at those paths.
func (o Options) read(selected string, at []string) (*plan, error) {
	list, err := o.suite(selected, at, 0).RetrieveFeatures()
	if err != nil {
		return nil, fmt.Errorf("read the feature files: %w", err)
	}
	p := &plan{skeletons: map[string]report.Scenario{}, sources: map[string]string{}}
	for _, f := range list {
		path, _, _ := strings.Cut(f.Uri, ".feature:")
		path = strings.TrimSuffix(path, ".feature") + ".feature"
		p.sources[path] = string(f.Content)
		for _, pickle := range f.Pickles {
			p.note(path, f.GherkinDocument, pickle)
		}
	}
	p.spots = slices.Compact(p.spots) // the rows of an outline stand where it does
	return p, nil
}

// note writes down one scenario with its steps.
func (p *plan) note(path string, doc *messages.GherkinDocument, pickle *messages.Pickle) {
	lines := linesOf(doc)
	s := report.Scenario{Feature: doc.Feature.Name, Name: pickle.Name, Path: path, Line: lines[pickle.AstNodeIds[0]].line}
	if len(pickle.AstNodeIds) > 1 {
		s.Row = lines[pickle.AstNodeIds[1]].line
	}
	for _, t := range pickle.Tags {
		s.Tags = append(s.Tags, t.Name)
	}
	for _, step := range pickle.Steps {
		at := lines[step.AstNodeIds[0]]
		one := report.Step{Keyword: at.keyword, Text: step.Text, Line: at.line, Table: tableText(step.Argument), Status: report.Skipped}
		s.Steps = append(s.Steps, one)
	}
	p.skeletons[pickle.Id] = s
	p.spots = append(p.spots, Spot{path, s.Line})
}

// place is where something stands in a feature file.
type place struct {
	line    int64
	keyword string
}

// linesOf finds the scenarios, steps and example rows of a document by their ids.
func linesOf(doc *messages.GherkinDocument) places {
	found := places{}
	for _, child := range doc.Feature.Children {
		found.note(child.Background, child.Scenario)
		if child.Rule == nil {
			continue
		}
		for _, inner := range child.Rule.Children {
			found.note(inner.Background, inner.Scenario)
		}
	}
	return found
}

// places are where scenarios, steps and rows of examples stand, by their ids.
type places map[string]place

// note writes down one child of a feature or of a rule; either part may be nil.
func (p places) note(background *messages.Background, scenario *messages.Scenario) {
	if background != nil {
		p.steps(background.Steps)
	}
	if scenario == nil {
		return
	}
	p[scenario.Id] = place{line: scenario.Location.Line}
	p.steps(scenario.Steps)
	for _, examples := range scenario.Examples {
		for _, row := range examples.TableBody {
			p[row.Id] = place{line: row.Location.Line}
		}
	}
}

func (p places) steps(list []*messages.Step) {
	for _, s := range list {
		p[s.Id] = place{s.Location.Line, strings.TrimSpace(s.Keyword)}
	}
}

func tableText(argument *messages.PickleStepArgument) [][]string {
	if argument == nil || argument.DataTable == nil {
		return nil
	}
	var rows [][]string
	for _, row := range argument.DataTable.Rows {
		var cells []string
		for _, cell := range row.Cells {
			cells = append(cells, cell.Value)
		}
		rows = append(rows, cells)
	}
	return rows
}

// suite is the scenarios at those paths, for godog. What it prints is ours to print.
func (o Options) suite(selected string, at []string, concurrency int) *godog.TestSuite {
	suite := &godog.TestSuite{Name: "order-ops", Options: &godog.Options{
		FS: o.Features, Paths: at, Tags: selected, Strict: true, Concurrency: concurrency,
		Format: "progress", NoColors: true, Output: silence{}, TestingT: o.TestingT,
	}}
	if o.Features == nil {
		suite.Options.FS = embedded
	}
	return suite
}

// silence takes what godog prints: the page, the bar and the files of a run are written by others.
type silence struct{}

func (silence) Write(p []byte) (int, error) { return len(p), nil }
