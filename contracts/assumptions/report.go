package assumptions

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Report writes results as a page that is kept: what was seen, where and when.
func Report(w io.Writer, where string, when time.Time, results []Result) error {
	var s strings.Builder
	fmt.Fprintf(&s, "# Assumptions at %s, %s\n\n| number | verdict | belief |\n|---|---|---|\n", where, when.UTC().Format(time.RFC3339))
	for _, r := range results {
		fmt.Fprintf(&s, "| %s | %s | %s |\n", r.Check.ID, r.Verdict, strings.ReplaceAll(r.Check.Belief, "|", `\|`))
	}
	for _, r := range results {
		fmt.Fprintf(&s, "\n## %s: %s\n\nNot known: %s\nBelieved: %s\nSource: %s\n", r.Check.ID, r.Verdict, r.Check.Unknown, r.Check.Belief, r.Check.Source)
		if r.Check.Ask != "" {
			fmt.Fprintf(&s, "Ask: %s\n", r.Check.Ask)
		}
		for _, seen := range r.Seen {
			fmt.Fprintf(&s, "- %s\n", seen)
		}
	}
	_, err := io.WriteString(w, s.String())
	return err
}
