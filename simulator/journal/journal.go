// Package journal says what the record of an exchange holds and how much room it takes. Entries are rows of a sandbox's
// store; this package has the row, its search and the redactor that stands before it.
package journal

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Entry is one exchange, or one sub-request of a composite exchange.
type Entry struct {
	// Seq counts the exchanges of a sandbox from 1. Children have their parent's.
	Seq int64
	At  time.Time
	// System and Operation are empty when nothing simulated matched the path.
	System, Operation string
	Method, Path      string
	Query             string
	// Caller is the authenticated principal, as the face names it; empty when there was none.
	Caller         string
	RequestHeader  http.Header
	RequestBody    string
	Status         int
	ResponseHeader http.Header
	ResponseBody   string
	// Fault names the fault rules that struck, Rule the business rule behind a refusal.
	Fault []string
	Rule  string
	// Bug is set when the simulator itself was wrong: an answer that breaks its own specification, an unknown error.
	Bug string
	// Lost is set when the caller got no answer.
	Lost     bool
	TraceID  string
	Changes  []Change
	Children []Entry
}

// Change is a row as it was and as it became, rendered as JSON; empty means there was none.
type Change struct {
	Entity, Key   string
	Before, After string
}

// Key is the primary key of an entry: its sequence number, padded so that keys sort as numbers do.
func Key(seq int64) string { return fmt.Sprintf("%019d", seq) }

// Size estimates the bytes an entry holds on to.
func (e *Entry) Size() int {
	n := 512 + len(e.Path) + len(e.Query) + len(e.RequestBody) + len(e.ResponseBody)
	for _, c := range e.Changes {
		n += 64 + len(c.Before) + len(c.After)
	}
	for i := range e.Children {
		n += e.Children[i].Size()
	}
	return n
}

// Stats is the journal's bookkeeping in a sandbox: how many bytes its entries take, and how many had to go.
type Stats struct {
	Bytes   int
	Evicted int64
	// Last is the highest sequence number recorded.
	Last int64
}

// Query selects entries. Empty fields match everything.
type Query struct {
	System, Operation string
	// Contains must occur in the path, the query or the request body.
	Contains string
	// Fault is the name of a fault rule that struck the exchange.
	Fault    string
	AfterSeq int64
	Limit    int
}

// Matches reports whether the entry, or one of its children, is selected.
func (q Query) Matches(e *Entry) bool {
	if e.Seq <= q.AfterSeq {
		return false
	}
	return q.fits(e)
}

func (q Query) fits(e *Entry) bool {
	if (q.System == "" || q.System == e.System) && (q.Operation == "" || q.Operation == e.Operation) &&
		(q.Fault == "" || slices.Contains(e.Fault, q.Fault)) &&
		(q.Contains == "" || strings.Contains(e.Path, q.Contains) || strings.Contains(e.Query, q.Contains) ||
			strings.Contains(e.RequestBody, q.Contains)) {
		return true
	}
	for i := range e.Children {
		if q.fits(&e.Children[i]) {
			return true
		}
	}
	return false
}
