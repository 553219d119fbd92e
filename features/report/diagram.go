package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"
)

// Diagram is a life cycle as SVG with what a run came by of it.
type Diagram struct {
	Machine
	Reached map[Transition]int
}

// The measures of a diagram, in pixels.
const (
	diagramSize   = 420
	diagramMargin = 70
	stateRadius   = 6
)

// Never are the transitions that the run did not come by.
func (d Diagram) Never() []Transition {
	return slices.DeleteFunc(slices.Clone(d.Transitions), func(t Transition) bool { return d.Reached[t] > 0 })
}

// SVG draws the states on a circle and the transitions between them: green with how often they were taken, grey where they
// never were, red where no life cycle lists them.
func (d Diagram) SVG() template.HTML {
	all := slices.Clone(d.Transitions)
	for t := range d.Reached {
		if !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b Transition) int { return strings.Compare(a.String(), b.String()) })
	at := places(all)
	var svg strings.Builder
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(&svg, format, args...) }
	put(`<svg class="machine" width="%d" height="%d" role="img"><defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>`, diagramSize, diagramSize)
	for _, t := range all {
		a, b := at[t.From], at[t.To]
		class := "never"
		switch {
		case !slices.Contains(d.Transitions, t):
			class = "unlisted"
		case d.Reached[t] > 0:
			class = "taken"
		}
		bend := point{(a.x+b.x)/2 + (b.y-a.y)/6, (a.y+b.y)/2 - (b.x-a.x)/6}
		put(`<path class="%s" d="M%.0f %.0fQ%.0f %.0f %.0f %.0f" marker-end="url(#tip)"><title>%s</title></path>`,
			class, a.x, a.y, bend.x, bend.y, b.x, b.y, html.EscapeString(t.String()))
		if n := d.Reached[t]; n > 0 {
			put(`<text class="n" x="%.0f" y="%.0f">%d</text>`, (bend.x*2+a.x+b.x)/4, (bend.y*2+a.y+b.y)/4, n)
		}
	}
	for _, name := range states(all) {
		p := at[name]
		label := name
		if name == "" {
			label = "·"
		}
		put(`<circle cx="%.0f" cy="%.0f" r="%d"/><text class="s" x="%.0f" y="%.0f">%s</text>`, p.x, p.y, stateRadius, p.x, p.y-10, html.EscapeString(label))
	}
	put(`</svg>`)
	return template.HTML(svg.String()) //nolint:gosec // every text in it is escaped above
}

type point struct{ x, y float64 }

// places puts the states on a circle, beginning at its top.
func places(all []Transition) map[string]point {
	names := states(all)
	at := map[string]point{}
	middle, radius := float64(diagramSize)/2, float64(diagramSize)/2-diagramMargin
	for i, name := range names {
		turn := 2*math.Pi*float64(i)/float64(len(names)) - math.Pi/2
		at[name] = point{middle + radius*math.Cos(turn), middle + radius*math.Sin(turn)}
	}
	return at
}

// states are those of the transitions, the new object's first.
func states(all []Transition) []string {
	var names []string
	for _, t := range all {
		names = append(names, t.From, t.To)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
