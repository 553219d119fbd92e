package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// ByPlace orders scenarios as they stand in their files.
func ByPlace(a, b Scenario) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Row, b.Row))
}

// Place is where the scenario stands, or the row of examples.
func (s *Scenario) Place() string {
	line := s.Line
	if s.Row > 0 {
		line = s.Row
	}
	return fmt.Sprintf("%s:%d", s.Path, line)
}

// Explain says why a scenario failed: the sentence, the reason, the invariants, and what happened between the systems.
func (s *Scenario) Explain() string {
	var text strings.Builder
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(&text, format+"\n", args...) }
	line("%s: %s", s.Feature, s.Name)
	line("  at %s, sandbox %s", s.Place(), s.Sandbox)
	told := false
	for _, step := range s.Steps {
		if step.Error == "" {
			continue
		}
		told = true
		line("  %s %s", step.Keyword, step.Text)
		line("  %s", indent(step.Error, "    "))
	}
	if !told || len(s.Broken) == 0 && !strings.Contains(s.lastError(), s.Error) {
		line("  %s", indent(s.Error, "    "))
	}
	for _, v := range s.Broken {
		line("  broken: %s", v)
	}
	line("  What happened:")
	for i := range s.Journal {
		s.Journal[i].explain(&text, "    ")
	}
	return text.String()
}

func (s *Scenario) lastError() string {
	for i := len(s.Steps) - 1; i >= 0; i-- {
		if s.Steps[i].Error != "" {
			return s.Steps[i].Error
		}
	}
	return ""
}

// String says what is broken, and since when.
func (v Violation) String() string {
	since := ""
	if v.Since > 0 {
		since = fmt.Sprintf(", since exchange %d", v.Since)
	}
	return fmt.Sprintf("%s: %s: %s%s", v.Invariant, v.Entity, v.Detail, since)
}

func indent(text, by string) string { return strings.ReplaceAll(text, "\n", "\n"+by) }

// explain writes one line an exchange, with what it changed.
func (e *Exchange) explain(text *strings.Builder, by string) {
	_, _ = fmt.Fprintf(text, "%s%4d  %s  %-9s %-26s %-6s %s → %d", by, e.Seq, e.At.Format(time.TimeOnly), e.System, e.Operation, e.Method, e.Path, e.Status)
	for _, note := range e.notes() {
		_, _ = text.WriteString("  " + note)
	}
	_, _ = text.WriteString("\n")
	for _, c := range e.Changes {
		_, _ = fmt.Fprintf(text, "%s        %s %s %s\n", by, c.word(), c.Entity, c.Key)
	}
	if e.Status >= 400 && e.Response.Body != "" {
		_, _ = fmt.Fprintf(text, "%s        answered %s\n", by, e.Response.Body)
	}
	for i := range e.Children {
		e.Children[i].explain(text, by+"      ")
	}
}

// notes are what is unusual about an exchange.
func (e *Exchange) notes() []string {
	var notes []string
	if len(e.Fault) > 0 {
		notes = append(notes, "struck by "+strings.Join(e.Fault, ", "))
	}
	if e.Lost {
		notes = append(notes, "answer lost")
	}
	if e.Rule != "" {
		notes = append(notes, "refused by "+e.Rule)
	}
	if e.Bug != "" {
		notes = append(notes, "BUG "+e.Bug)
	}
	return notes
}
