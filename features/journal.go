package features

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/features/report"
)

// journal is what happened between the systems, oldest first.
type journal []exchange

// exchange is one request to a simulated system; a composite has its sub-requests as children.
type exchange struct {
	Seq       int64     `json:"seq"`
	At        time.Time `json:"at"`
	System    string    `json:"system"`
	Operation string    `json:"operation"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Status    int       `json:"status"`
	Fault     []string  `json:"fault"`
	Rule      string    `json:"rule"`
	Bug       string    `json:"bug"`
	Lost      bool      `json:"lost"`
	Changes   []change  `json:"changes"`
	Children  journal   `json:"children"`
	Request   message   `json:"request"`
	Response  message   `json:"response"`
}

type change struct {
	Entity string `json:"entity"`
	Key    string `json:"key"`
	Before string `json:"before"`
	After  string `json:"after"`
}

type message struct {
	Body string `json:"body"`
}

// journalOf is what a report keeps of a journal, as steps look at it. Only what changed is not in it.
func journalOf(list []report.Exchange) journal {
	whole := make(journal, len(list))
	for i := range list {
		e := &list[i]
		whole[i] = exchange{
			Seq: e.Seq, At: e.At, System: e.System, Operation: e.Operation, Method: e.Method, Path: e.Path, Status: e.Status, Fault: e.Fault,
			Rule: e.Rule, Bug: e.Bug, Lost: e.Lost, Children: journalOf(e.Children), Request: message{e.Request.Body}, Response: message{e.Response.Body},
		}
	}
	return whole
}

// last is the number of the latest exchange.
func (j journal) last() int64 {
	if len(j) == 0 {
		return 0
	}
	return j[len(j)-1].Seq
}

// of selects the exchanges of an operation.
func (j journal) of(op operation) journal {
	var found journal
	for _, e := range j {
		if e.System == op.system() && e.Operation == op.name() {
			found = append(found, e)
		}
		found = append(found, e.Children.of(op)...)
	}
	return found
}

// asking selects the requests for an operation that contain something, or those to the system where it names none.
func (j journal) asking(op operation, something string) journal {
	found := j
	if op.name() != "" {
		found = j.of(op)
	}
	return slices.DeleteFunc(slices.Clone(found), func(e exchange) bool {
		return e.System != op.system() || !strings.Contains(e.Path, something) && !strings.Contains(e.Request.Body, something)
	})
}

// heard leaves out what a system did not even look at, because the caller's login had ended: the caller logs in and comes again.
func (j journal) heard() journal {
	return slices.DeleteFunc(slices.Clone(j), func(e exchange) bool { return e.Status == http.StatusUnauthorized })
}

// askedAnew leaves out what was answered that the caller's login had ended, where the caller came again at once: that is one
// request to those who speak of how often somebody was asked.
func (j journal) askedAnew() journal {
	var found journal
	for i, e := range j {
		if e.Status != http.StatusUnauthorized || i+1 == len(j) || j[i+1].Status == http.StatusUnauthorized {
			found = append(found, e)
		}
	}
	return found
}

// effective selects the exchanges that changed something, whether or not the caller heard of it.
func (j journal) effective() journal {
	var found journal
	for _, e := range j {
		if len(e.Changes) > 0 {
			found = append(found, e)
		}
	}
	return found
}

// String writes one line an exchange, with what it changed.
func (j journal) String() string {
	var text strings.Builder
	for _, e := range j {
		e.write(&text, "")
	}
	return text.String()
}

func (e exchange) write(text *strings.Builder, indent string) {
	_, _ = fmt.Fprintf(text, "%s%4d  %s  %-9s %-26s %-6s %s → %d", indent, e.Seq, e.At.Format(time.TimeOnly), e.System, e.Operation,
		e.Method, e.Path, e.Status)
	for _, note := range e.notes() {
		_, _ = text.WriteString("  " + note)
	}
	_, _ = text.WriteString("\n")
	for _, c := range e.Changes {
		_, _ = fmt.Fprintf(text, "%s        changed %s %s\n", indent, c.Entity, c.Key)
	}
	if e.Status >= 400 && e.Response.Body != "" {
		_, _ = fmt.Fprintf(text, "%s        answered %s\n", indent, e.Response.Body)
	}
	for _, child := range e.Children {
		child.write(text, indent+"      ")
	}
}

func (e exchange) notes() []string {
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
