// Package gate turns what is known of contracts into one verdict before a
// release: a table with a row for each check, and the first thing to fix.
package gate

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize/english"
)

// The checks, in the order in which their problems are best fixed.
const (
	Specs     = "pact ⊂ spec"
	Simulator = "simulator ⊨ pact"
	OrderOps  = "order-ops ⊨ pact"
	Scenarios = "scenarios"
	Breaking  = "breaking changes"
	Coverage  = "coverage"
)

// Checks lists all checks, by the short names that flags and files use.
func Checks() []Check {
	return []Check{
		{"specs", Specs},
		{"simulator", Simulator},
		{"order-ops", OrderOps},
		{"scenarios", Scenarios},
		{"breaking", Breaking},
		{"coverage", Coverage},
	}
}

// Check is a row of the table, by its short and its full name.
type Check struct{ Name, Title string }

// Verdict says what came of a check.
type Verdict string

// What may come of a check. Missing is one that nothing is known of, which no
// more lets a release pass than a broken one; LeftOut is one that was waived.
const (
	Holds   Verdict = "holds"
	Broken  Verdict = "broken"
	Missing Verdict = "missing"
	LeftOut Verdict = "left out"
)

// Row is what came of a check.
type Row struct {
	Check   string  `json:"check"`
	Verdict Verdict `json:"verdict"`
	// Detail is a summary such as "14 interactions"; By says who found out.
	Detail string `json:"detail"`
	By     string `json:"by,omitempty"`
	// Problems are all that is wrong, Notes what is worth a look and stops nothing.
	Problems []string `json:"problems,omitempty"`
	Notes    []string `json:"notes,omitempty"`
	// Fix says what to do about the problems.
	Fix string `json:"fix,omitempty"`
	// Pacts are the checksums of the pacts that the row is about, by file; a
	// row that was kept is about those alone.
	Pacts map[string]string `json:"pacts,omitempty"`
	// Table are the lines of a check that is a table itself.
	Table [][]string `json:"table,omitempty"`
}

// Table is the verdict.
type Table struct {
	Rows []Row `json:"rows"`
}

// OK says whether a release may pass.
func (t Table) OK() bool {
	return len(t.Rows) > 0 && !slices.ContainsFunc(t.Rows, func(r Row) bool { return r.Verdict == Broken || r.Verdict == Missing })
}

// First is the first thing to fix, or "".
func (t Table) First() string {
	for _, r := range t.Rows {
		switch {
		case r.Verdict == Broken && len(r.Problems) > 0:
			return fmt.Sprintf("%s: %s (%s)", r.Check, r.Problems[0], r.Fix)
		case r.Verdict == Broken, r.Verdict == Missing:
			return fmt.Sprintf("%s: %s (%s)", r.Check, r.Detail, r.Fix)
		}
	}
	return ""
}

func (t Table) verdict() string {
	if t.OK() {
		return "pass"
	}
	return "stop"
}

// Text writes the table for a terminal.
func (t Table) Text(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "CHECK\tVERDICT\tDETAIL\tBY") // Flush tells
	for _, r := range t.Rows {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Check, r.Verdict, r.Detail, r.By)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	var rest strings.Builder
	for _, r := range t.Rows {
		for _, p := range r.Problems {
			fmt.Fprintf(&rest, "  %s: %s\n", r.Check, p)
		}
		for _, n := range r.Notes {
			fmt.Fprintf(&rest, "  %s, by the way: %s\n", r.Check, n)
		}
	}
	fmt.Fprintf(&rest, "\n%s\n", t.verdict())
	if first := t.First(); first != "" {
		fmt.Fprintf(&rest, "fix first: %s\n", first)
	}
	_, err := io.WriteString(w, rest.String())
	return err
}

// JSON writes the table for tools.
func (t Table) JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Verdict  string `json:"verdict"`
		FixFirst string `json:"fix_first,omitempty"`
		Rows     []Row  `json:"rows"`
	}{t.verdict(), t.First(), t.Rows})
}

// Markdown writes the table for a pull request.
func (t Table) Markdown(w io.Writer) error {
	var s strings.Builder
	fmt.Fprintf(&s, "### Contracts: %s\n\n", t.verdict())
	if first := t.First(); first != "" {
		fmt.Fprintf(&s, "**Fix first:** %s\n\n", cell(first))
	}
	s.WriteString("| check | verdict | detail | by |\n|---|---|---|---|\n")
	for _, r := range t.Rows {
		fmt.Fprintf(&s, "| %s | %s | %s | %s |\n", cell(r.Check), mark(r.Verdict), cell(r.Detail), cell(r.By))
	}
	for _, r := range t.Rows {
		if len(r.Problems)+len(r.Notes)+len(r.Table) == 0 {
			continue
		}
		fmt.Fprintf(&s, "\n<details><summary>%s: %s</summary>\n\n", cell(r.Check), english.Plural(len(r.Problems), "problem", ""))
		for _, p := range r.Problems {
			fmt.Fprintf(&s, "- %s\n", cell(p))
		}
		for _, n := range r.Notes {
			fmt.Fprintf(&s, "- (by the way) %s\n", cell(n))
		}
		markdownTable(&s, r.Table)
		s.WriteString("\n</details>\n")
	}
	_, err := io.WriteString(w, s.String())
	return err
}

func markdownTable(s *strings.Builder, lines [][]string) {
	for i, line := range lines {
		cells := make([]string, len(line))
		for n, text := range line {
			cells[n] = cell(text)
		}
		fmt.Fprintf(s, "\n| %s |", strings.Join(cells, " | "))
		if i == 0 {
			s.WriteString("\n|" + strings.Repeat("---|", len(line)))
		}
	}
	if len(lines) > 0 {
		s.WriteString("\n")
	}
}

func mark(v Verdict) string {
	switch v {
	case Holds:
		return "✅ holds"
	case LeftOut:
		return "➖ left out"
	case Broken:
		return "❌ broken"
	default:
		return "❌ missing"
	}
}

// cell keeps a text within its cell, and from being read as HTML.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", ">", "&gt;").Replace(text)
}
