package features

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"

	"github.com/somsim/somsim/features/report"
)

// progress tells while a run goes on how far it has come: on a terminal as one line that is drawn again and again,
// elsewhere a line for each scenario. In the end it tells what failed, and why.
type progress struct {
	out      io.Writer
	terminal bool
	all      int

	passed, failed, unasked int
	// problem is the first thing that could not be printed.
	problem error
}

func (p *progress) print(format string, args ...any) {
	if _, err := fmt.Fprintf(p.out, format, args...); err != nil && p.problem == nil {
		p.problem = fmt.Errorf("print how the scenarios run: %w", err)
	}
}

func (p *progress) opening(o Options) {
	part := ""
	if o.Shard != "" {
		part = ", part " + o.Shard
	}
	p.print("%s in the order of seed %d%s\n", english.Plural(p.all, "scenario", ""), o.Seed, part)
	if o.Operator == "" {
		p.print("scenarios tagged %s are left out: no operators of order-ops were named\n", operatorTag)
	}
}

// barWidth is that of the whole bar, in characters.
const barWidth = 40

// ended is told of one scenario at a time.
func (p *progress) ended(s report.Scenario) {
	word := "ok"
	switch s.Status {
	case report.Passed:
		p.passed++
	case report.Unasked:
		p.unasked++
		word = "not asked"
	default:
		p.failed++
		word = strings.ToUpper(string(s.Status))
	}
	if p.terminal {
		ended := p.passed + p.failed + p.unasked
		full := barWidth * ended / max(p.all, 1)
		p.print("\r[%s%s] %d of %d, %d failed", strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), ended, p.all, p.failed)
		return
	}
	p.print("%-9s %s: %s (%s)\n", word, s.Feature, s.Name, s.Took.Round(time.Millisecond))
}

// closing tells what failed, how often everything held, and how to have the same again.
func (p *progress) closing(run *report.Run) {
	if p.terminal {
		p.print("\n")
	}
	for _, s := range run.Failures() {
		p.print("\n%s", s.Explain())
	}
	p.unaskedOf(run)
	p.straysOf(run)
	unasked := ""
	if p.unasked > 0 {
		unasked = fmt.Sprintf(", %d not asked", p.unasked)
	}
	p.print("\n%s: %d passed, %d failed%s, in %s, seed %d\n", english.Plural(len(run.Scenarios), "scenario", ""), p.passed, p.failed, unasked, run.Took.Round(10*time.Millisecond), run.Seed)
}

// unaskedOf lists the scenarios that this order-ops cannot be asked, by what it lacks.
func (p *progress) unaskedOf(run *report.Run) {
	for _, group := range run.Unasked() {
		p.print("\nnot asked, %d: %s\n", len(group.Scenarios), group.Why)
		for _, s := range group.Scenarios {
			p.print("  %s: %s (%s)\n", s.Feature, s.Name, s.Place())
		}
	}
}
