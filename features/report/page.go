package report

import (
	_ "embed" // for the page
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

// Case is a numbered case of the catalogue as the page shows it.
type Case struct {
	Tag, Title string
	// Proofs are the scenarios and tests behind it.
	Proofs []string
	Gap    bool
}

// Past is a run of before, for the trend.
type Past struct {
	Started time.Time     `json:"started"`
	Took    time.Duration `json:"took_ns"`
	Seed    int64         `json:"seed"`
	Passed  int           `json:"passed"`
	Failed  int           `json:"failed"`
}

// Summary is the run as the trend of later ones shows it.
func (r *Run) Summary() Past {
	return Past{r.Started, r.Took, r.Seed, r.Count(Passed), len(r.Failures())}
}

//go:embed page.html.tmpl
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"join": func(list []string) string { return strings.Join(list, " ") },
	"ms":   func(d time.Duration) string { return d.Round(time.Millisecond).String() },
	"day":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 MST") },
}).Parse(pageText))

// page is what the template is filled with.
type page struct {
	*Run
	Passed, Failed, NotAsked int
	Cases                    []Case
	Trend                    template.HTML
	Diagrams                 []Diagram
	Coverage                 []share
}

// share is how much of something a run came by.
type share struct {
	Name       string
	Reached    int
	All        int
	NeverNamed []string
	// Parts are the share of each system, in the order in which they come.
	Parts []share
}

// Percent is the share in hundredths.
func (s share) Percent() int { return 100 * s.Reached / max(s.All, 1) }

// BySystem tells the share of each system.
func (s share) BySystem() string {
	parts := make([]string, len(s.Parts))
	for i, p := range s.Parts {
		parts[i] = fmt.Sprintf("%s %d of %d", p.Name, p.Reached, p.All)
	}
	return strings.Join(parts, ", ")
}

// Page writes the run as one HTML file that needs nothing beside it. past are earlier runs, the oldest first.
func (r *Run) Page(w io.Writer, cases []Case, past []Past) error {
	reached := Reach(r.Machines, r.Scenarios...)
	p := page{Run: r, Passed: r.Count(Passed), Failed: len(r.Failures()), NotAsked: r.Count(Unasked), Cases: cases, Trend: trend(append(slices.Clone(past), r.Summary()))}
	p.Coverage = r.coverage(reached)
	for _, m := range r.Machines {
		p.Diagrams = append(p.Diagrams, Diagram{m, reached.Transitions[m.ID]})
	}
	if err := pageTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// coverage is what of operations, rules and transitions the scenarios came by.
func (r *Run) coverage(reached Reached) []share {
	operations, rules, transitions := share{Name: "operations"}, share{Name: "rules"}, share{Name: "transitions"}
	for _, o := range r.Operations {
		operations.count(o.System, reached.Operations[o], o.System+" "+o.Operation)
	}
	for _, rule := range r.Rules {
		rules.count(rule.System, reached.Rules[rule.ID], rule.ID+": "+rule.Text)
	}
	for _, m := range r.Machines {
		for _, t := range m.Transitions {
			transitions.count(m.System, reached.Transitions[m.ID][t], m.ID+": "+t.String())
		}
	}
	return []share{operations, rules, transitions}
}

func (s *share) count(system string, times int, name string) {
	at := slices.IndexFunc(s.Parts, func(p share) bool { return p.Name == system })
	if at < 0 {
		at = len(s.Parts)
		s.Parts = append(s.Parts, share{Name: system})
	}
	s.Parts[at].All++
	if times > 0 {
		s.Parts[at].Reached++
	}
	s.All++
	if times > 0 {
		s.Reached++
		return
	}
	s.NeverNamed = append(s.NeverNamed, name)
}

// Coverage tells the shares in a line each, for a terminal.
func (r *Run) Coverage() []string {
	var lines []string
	for _, s := range r.coverage(Reach(r.Machines, r.Scenarios...)) {
		lines = append(lines, fmt.Sprintf("%-12s %4d of %4d reached (%d %%): %s", s.Name, s.Reached, s.All, s.Percent(), s.BySystem()))
	}
	return lines
}

// The measures of the trend, in pixels.
const (
	trendBar    = 12
	trendHeight = 60
	trendRuns   = 40
)

// trend draws how many scenarios passed and failed in the last runs, the present one at the right.
func trend(runs []Past) template.HTML {
	runs = runs[max(0, len(runs)-trendRuns):]
	most := 1
	for _, p := range runs {
		most = max(most, p.Passed+p.Failed)
	}
	var svg strings.Builder
	_, _ = fmt.Fprintf(&svg, `<svg class="trend" width="%d" height="%d" role="img">`, trendBar*len(runs), trendHeight)
	for i, p := range runs {
		good, bad := trendHeight*p.Passed/most, trendHeight*p.Failed/most
		if p.Failed > 0 {
			bad = max(bad, 2)
		}
		_, _ = fmt.Fprintf(&svg, `<g><title>%s: %d passed, %d failed, %s, seed %d</title><rect class="pass" x="%d" y="%d" width="%d" height="%d"/><rect class="fail" x="%d" y="%d" width="%d" height="%d"/></g>`,
			p.Started.UTC().Format(time.DateTime), p.Passed, p.Failed, p.Took.Round(time.Second), p.Seed,
			i*trendBar, trendHeight-good, trendBar-2, good, i*trendBar, max(trendHeight-good-bad, 0), trendBar-2, bad)
	}
	_, _ = svg.WriteString(`</svg>`)
	return template.HTML(svg.String()) //nolint:gosec // numbers and dates
}

// Row is what became of one row over a whole scenario.
type Row struct {
	Entity, Key, Word string
	Fields            []Field
}

// noise are fields that change with every write and say nothing.
func noise() []string {
	return []string{"LastModifiedDate", "LastModifiedById", "SystemModstamp", "CreatedDate", "CreatedById", "Revision", "ResourceState", "LastModified"}
}

// Difference is the state after the scenario compared with that before it: rows in the order of their first change.
func (s *Scenario) Difference() []Row {
	var rows []Row
	at := map[string]int{}
	walk(s.Journal, func(e *Exchange) {
		for _, c := range e.Changes {
			id := c.Entity + " " + c.Key
			i, known := at[id]
			if !known {
				i = len(rows)
				at[id] = i
				rows = append(rows, Row{c.Entity, c.Key, c.word(), nil})
			}
			rows[i].merge(c)
		}
	})
	return rows
}

func (r *Row) merge(c Change) {
	if c.After == "" {
		r.Word = c.word()
	}
	for _, f := range c.Fields {
		if slices.Contains(noise(), f.Name) || r.Word == "made" && (f.Is == "" || f.Is == "null" || f.Is == "0" || f.Is == "false") {
			continue
		}
		if i := slices.IndexFunc(r.Fields, func(have Field) bool { return have.Name == f.Name }); i >= 0 {
			r.Fields[i].Is = f.Is
			continue
		}
		r.Fields = append(r.Fields, f)
	}
}
