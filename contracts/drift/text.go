package drift

import (
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize/english"
)

// Text writes results for a terminal: each interaction, and below it the places
// where not all agree.
func Text(w io.Writer, provider string, results []Result) error {
	var s strings.Builder
	ran, drifted := 0, 0
	for _, r := range results {
		name := fmt.Sprintf("%s → %s: %s", r.Consumer, provider, r.Description)
		switch {
		case r.Skipped != "":
			fmt.Fprintf(&s, "not run   %s: %s\n", name, r.Skipped)
			continue
		case r.Problem != "":
			fmt.Fprintf(&s, "failed    %s: %s\n", name, r.Problem)
		case len(r.Findings) > 0:
			fmt.Fprintf(&s, "DRIFT     %s\n", name)
		default:
			fmt.Fprintf(&s, "agree     %s\n", name)
		}
		ran++
		if r.Drifted() {
			drifted++
		}
		for _, f := range r.Findings {
			reads := "no consumer reads it"
			if f.Pact != "" {
				reads = "the consumer reads it: " + f.Pact
			}
			fmt.Fprintf(&s, "          %s: provider %s, simulator %s, document %s; %s\n", f.Place, f.Provider, f.Simulator, f.Document, reads)
		}
	}
	fmt.Fprintf(&s, "\n%s run, %d not run, %d with a drift\n", english.Plural(ran, "interaction", ""), len(results)-ran, drifted)
	_, err := io.WriteString(w, s.String())
	return err
}
