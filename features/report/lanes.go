package report

import (
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"
)

// The measures of a swim-lane drawing, in pixels.
const (
	laneWidth = 120
	rowHeight = 18
	laneHead  = 24
	laneLabel = 300
)

// Lanes draws the exchanges of a scenario as SVG: a lane for each caller and each system, an arrow for each exchange, top
// to bottom in the order they happened. Refusals are red, what a fault struck is bold, a lost answer is dashed.
func (s *Scenario) Lanes() template.HTML {
	var flat []Exchange
	walk(s.Journal, func(e *Exchange) { flat = append(flat, *e) })
	if len(flat) == 0 {
		return ""
	}
	lanes := lanesOf(flat)
	var svg strings.Builder
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(&svg, format, args...) }
	height := laneHead + rowHeight*(len(flat)+1)
	put(`<svg class="lanes" width="%d" height="%d" role="img">`, laneWidth*len(lanes)+laneLabel, height)
	for i, name := range lanes {
		x := laneWidth/2 + i*laneWidth
		put(`<text x="%d" y="14" class="h">%s</text><path d="M%d %dV%d" class="l"/>`, x, html.EscapeString(name), x, laneHead, height)
	}
	for i := range flat {
		from, to := flat[i].ends()
		a, b := slices.Index(lanes, from), slices.Index(lanes, to)
		y := laneHead + rowHeight*(i+1)
		put(`<path d="M%d %dH%d" class="%s"/>`, laneWidth/2+a*laneWidth, y-4, laneWidth/2+b*laneWidth, flat[i].class())
		put(`<text x="%d" y="%d" class="%s">%s</text>`, laneWidth*len(lanes), y, flat[i].class(), html.EscapeString(flat[i].label()))
	}
	put(`</svg>`)
	return template.HTML(svg.String()) //nolint:gosec // every text in it is escaped above
}

// shopperLane and the others are who may be on the near end of an exchange.
const (
	shopperLane = "shopper"
	serviceLane = "services"
	outsideLane = "outside"
)

// lanesOf are the lanes in use: callers first, then the systems in the order of their first exchange.
func lanesOf(list []Exchange) []string {
	var callers, systems []string
	for i := range list {
		from, to := list[i].ends()
		for _, name := range []string{from, to} {
			into := &systems
			if name == shopperLane || name == serviceLane || name == outsideLane {
				into = &callers
			}
			if !slices.Contains(*into, name) {
				*into = append(*into, name)
			}
		}
	}
	slices.Sort(callers)
	slices.Reverse(callers)
	return append(callers, systems...)
}

// ends are the lanes an exchange goes between.
func (e *Exchange) ends() (from, to string) {
	system := e.System
	if system == "" {
		system = "nowhere"
	}
	kind, _, _ := strings.Cut(e.Caller, ":")
	switch {
	case e.Outbound:
		return system, outsideLane
	case kind == "registered" || kind == "guest":
		return shopperLane, system
	default:
		return serviceLane, system
	}
}

func (e *Exchange) label() string {
	text := fmt.Sprintf("%d %s %d", e.Seq, e.Operation, e.Status)
	if e.Operation == "" {
		text = fmt.Sprintf("%d %s %s %d", e.Seq, e.Method, e.Path, e.Status)
	}
	return strings.Join(append([]string{text}, e.notes()...), ", ")
}

func (e *Exchange) class() string {
	class := "a"
	if e.Status >= 400 {
		class += " bad"
	}
	if len(e.Fault) > 0 {
		class += " struck"
	}
	if e.Lost {
		class += " lost"
	}
	return class
}
