// Package journal says what the record of an exchange holds and how much room it takes. Entries are kept in a log of
// a sandbox's store; this package has the row, its search and the redactor that stands before it.
package journal

import (
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
	// Outbound is set when the simulator was the caller: a delivery, or a question. Its path is an address then. Parent is
	// the exchange that had to know the answer to the question; 0 for deliveries.
	Outbound     bool
	Parent       int64
	Method, Path string
	Query        string
	// Caller is the authenticated principal, as the face names it; empty when there was none.
	Caller         string
	RequestHeader  Header
	RequestBody    string
	Status         int
	ResponseHeader Header
	ResponseBody   string
	// Fault names the fault rules that struck, Rule the business rule behind a refusal.
	Fault []string
	Rule  string
	// Bug is set when the simulator itself was wrong: an answer that breaks its own specification, an unknown error.
	Bug string
	// Lost is set when the caller got no answer.
	Lost bool
	// Omitted counts the bytes of headers, bodies and changes that were left out, since with them the entry alone would
	// have been larger than the whole journal may be.
	Omitted  int64
	TraceID  string
	Changes  []Change
	Children []Entry
}

// Altered says that the exchange, or one of its children, changed something.
func (e *Entry) Altered() bool {
	return len(e.Changes) > 0 || slices.ContainsFunc(e.Children, func(c Entry) bool { return c.Altered() })
}

// Change is a row as it was and as it became, rendered as JSON; empty means there was none.
type Change struct {
	Entity, Key   string
	Before, After string
}

// Clone returns an entry whose lists are its own; headers and texts are shared, since nobody alters them once they are
// recorded.
func (e *Entry) Clone() Entry {
	out := *e
	out.Fault = slices.Clone(e.Fault)
	out.Changes = slices.Clone(e.Changes)
	out.Children = slices.Clone(e.Children)
	return out
}

// What an entry and a change take besides their texts, in bytes.
const (
	entryCost  = 512
	changeCost = 64
)

// Size estimates the bytes an entry holds on to: an eighth more than its texts have, since memory is handed out in steps.
func (e *Entry) Size() int64 {
	n := len(e.Path) + len(e.Query) + len(e.RequestBody) + len(e.ResponseBody) + len(e.Bug) + len(e.Caller) +
		len(e.RequestHeader) + len(e.ResponseHeader)
	for _, c := range e.Changes {
		n += changeCost + len(c.Key) + len(c.Before) + len(c.After)
	}
	size := int64(entryCost + n + n/8)
	for i := range e.Children {
		size += e.Children[i].Size()
	}
	return size
}

// longestPath is what is left of a path or a query, in bytes, in an entry that had to be cut.
const longestPath = 256

// Within returns the entry if it is no larger than the limit. Otherwise it returns one that still says what happened, and
// of the rest only how many bytes were left out.
func (e *Entry) Within(limit int64) *Entry {
	size := e.Size()
	if size <= limit {
		return e
	}
	short := e.Clone()
	short.cut()
	short.Omitted = size - short.Size()
	return &short
}

func (e *Entry) cut() {
	e.Path, e.Query = e.Path[:min(len(e.Path), longestPath)], e.Query[:min(len(e.Query), longestPath)]
	e.RequestHeader, e.RequestBody, e.ResponseHeader, e.ResponseBody, e.Changes = "", "", "", "", nil
	for i := range e.Children {
		e.Children[i].cut()
	}
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

// MatchesOpen is [Query.Matches] for an exchange that is under way: it looks at how the exchange began and at its faults.
func (q Query) MatchesOpen(e *Entry) bool { return e.Seq > q.AfterSeq && q.fitsItself(e) }

func (q Query) fitsItself(e *Entry) bool {
	return (q.System == "" || q.System == e.System) && (q.Operation == "" || q.Operation == e.Operation) &&
		(q.Fault == "" || slices.Contains(e.Fault, q.Fault)) &&
		(q.Contains == "" || strings.Contains(e.Path, q.Contains) || strings.Contains(e.Query, q.Contains) ||
			strings.Contains(e.RequestBody, q.Contains))
}

func (q Query) fits(e *Entry) bool {
	if q.fitsItself(e) {
		return true
	}
	for i := range e.Children {
		if q.fits(&e.Children[i]) {
			return true
		}
	}
	return false
}
