// Package drift lays side by side what a provider out there, the simulator and
// the documents say to the requests of the pacts, and names the places where
// they disagree.
package drift

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/contracts/matching"
	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/promise"
	"github.com/somsim/somsim/contracts/replay"
)

// Finding is a place where not all agree.
type Finding struct {
	// Place is "status", "header NAME", "body" and the path of a value, or "outcome".
	Place string `json:"place"`
	// Provider, Simulator and Document are what each has there.
	Provider  string `json:"provider"`
	Simulator string `json:"simulator"`
	Document  string `json:"document"`
	// Pact says how the consumer would notice; "" that it does not read the place.
	Pact string `json:"pact,omitempty"`
}

// Result is what came of an interaction.
type Result struct {
	Consumer    string `json:"consumer"`
	Description string `json:"description"`
	// Skipped says why it was not run.
	Skipped string `json:"skipped,omitempty"`
	// Problem says why nothing could be compared.
	Problem  string    `json:"problem,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
}

// Drifted says whether there is something to look at.
func (r Result) Drifted() bool { return r.Problem != "" || len(r.Findings) > 0 }

// Comparison is the three that are laid side by side.
type Comparison struct {
	Provider, Simulator replay.Provider
	Documents           promise.Specification
}

// Run makes an interaction's request of both and compares the answers. asked
// is the interaction as it is about the provider's own data, i as it is in
// the pact.
func (c Comparison) Run(ctx context.Context, consumer string, asked, i pactfile.Interaction) Result {
	result := Result{Consumer: consumer, Description: i.Description}
	theirs, ours := c.Provider.Verify(ctx, asked), c.Simulator.Verify(ctx, i)
	for who, r := range map[string]replay.Result{"provider": theirs, "simulator": ours} {
		if r.Err != nil {
			result.Problem = who + ": " + r.Err.Error()
		}
	}
	if result.Problem != "" {
		return result
	}
	result.Findings = c.compare(i, theirs, ours)
	return result
}

func (c Comparison) compare(i pactfile.Interaction, theirs, ours replay.Result) []Finding {
	found := map[string]*Finding{}
	at := func(where string) *Finding {
		if found[where] == nil {
			found[where] = &Finding{Place: where}
		}
		return found[where]
	}
	if theirs.Answer.Status != ours.Answer.Status {
		one := at("status") // answers of another kind are not worth comparing
		one.Provider, one.Simulator = fmt.Sprint(theirs.Answer.Status), fmt.Sprint(ours.Answer.Status)
		one.Document = c.status(theirs)
		if i.Response.Status != theirs.Answer.Status {
			one.Pact = fmt.Sprintf("want %d", i.Response.Status)
		}
		return []Finding{*one}
	}
	for _, m := range theirs.Mismatches {
		at(collapsed(m.Where)).Pact = m.Text
	}
	whole := "" // what the document says of the answer as a whole, such as that it is none of several schemas
	for _, f := range c.faults(theirs) {
		if len(f.Path) == 0 {
			whole = f.Text
			continue
		}
		at(place(f.Path)).Document = f.Text
	}
	a, b := shapeOf(theirs.Answer.Body), shapeOf(ours.Answer.Body)
	for _, where := range differ(a, b) {
		at(where)
	}
	for _, name := range headersOf(i, theirs.Answer.Header, ours.Answer.Header) {
		at("header " + name)
	}
	if whole != "" && len(found) == 0 {
		at("body $")
	}
	return listed(found, whole, theirs, ours, a, b)
}

// listed fills in what both have at each place, and leaves out what is below
// another one.
func listed(found map[string]*Finding, whole string, theirs, ours replay.Result, a, b shape) (all []Finding) {
	for where, one := range found {
		if belowAnother(where, found) {
			continue
		}
		switch name, isHeader := strings.CutPrefix(where, "header "); {
		case isHeader:
			one.Provider, one.Simulator = valueOf(theirs.Answer.Header, name), valueOf(ours.Answer.Header, name)
		case strings.HasPrefix(where, "body "):
			one.Provider, one.Simulator = a.says(where), b.says(where)
		}
		switch {
		case one.Document != "":
		case whole != "":
			one.Document = whole
		default:
			one.Document = "allows it"
		}
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b Finding) int { return strings.Compare(a.Place, b.Place) })
	return all
}

func belowAnother(where string, found map[string]*Finding) bool {
	for at := above(where); at != ""; at = above(at) {
		if found[at] != nil {
			return true
		}
	}
	return false
}

// headersOf are the headers that tell a difference: the media type, and those
// that the consumer reads. All others are a matter of infrastructure.
func headersOf(i pactfile.Interaction, a, b http.Header) (names []string) {
	if media(a) != media(b) {
		names = append(names, "Content-Type")
	}
	for name := range i.Response.Headers {
		name = http.CanonicalHeaderKey(name)
		if name != "Content-Type" && (a.Get(name) == "") != (b.Get(name) == "") {
			names = append(names, name)
		}
	}
	return names
}

func media(h http.Header) string {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return h.Get("Content-Type")
	}
	return kind
}

func valueOf(h http.Header, name string) string {
	if value := h.Get(name); value != "" {
		return value
	}
	return "nothing"
}

// collapsed is the place of a mismatch with * for every index.
func collapsed(where string) string {
	text, ok := strings.CutPrefix(where, "body ")
	if !ok {
		return where
	}
	path, err := matching.ParsePath(text)
	if err != nil {
		return where
	}
	return place(path)
}

func (c Comparison) faults(r replay.Result) []promise.Fault {
	return c.Documents.Faults(r.Sent, r.Answer.Status, r.Answer.Header, r.Answer.Body)
}

// status is what the documents say of a status.
func (c Comparison) status(r replay.Result) string {
	for _, f := range c.faults(r) {
		if f.Path == nil {
			return f.Text
		}
	}
	return "allows it"
}
