// Package fault describes failures as data: which calls a rule matches and what happens to them. The request pipeline
// asks it once before and once after a handler; handlers know nothing of faults.
//
// A business refusal (no stock, a declined card) is not a fault: it is state.
package fault

import (
	"strings"
	"time"
)

// Kind is what a fault does to a call.
type Kind string

// The kinds of effect. Hold parks a call until the rule is disarmed, so that a test can let something else happen in
// between. Partial refuses some records of a request that carries many, while the others are carried out. LostBefore and
// LostAfterCommit cut the connection without an answer: with the first nothing has happened, with the second the change
// is made and the caller never hears of it.
const (
	Delay           Kind = "delay"
	Hold            Kind = "hold"
	Status          Kind = "status"
	VendorError     Kind = "vendor_error"
	Partial         Kind = "partial"
	Reset           Kind = "reset"
	LostBefore      Kind = "lost_before"
	LostAfterCommit Kind = "lost_after_commit"
	// Duplicate and Reorder strike what the simulator sends out by itself: it is delivered twice, or after what follows it.
	Duplicate Kind = "duplicate"
	Reorder   Kind = "reorder"
)

// Kinds lists every effect.
func Kinds() []Kind {
	return []Kind{Delay, Hold, Status, VendorError, Partial, Reset, LostBefore, LostAfterCommit, Duplicate, Reorder}
}

// ForDeliveries reports whether the kind strikes what the simulator sends out, ForCalls whether it strikes what is asked of it.
func (k Kind) ForDeliveries() bool { return k != VendorError && k != Partial }

// ForCalls is the counterpart of [Kind.ForDeliveries].
func (k Kind) ForCalls() bool { return k != Duplicate && k != Reorder }

// Phase says on which side of the handler an effect takes place.
type Phase string

// Before the handler nothing has changed; After, the change is committed.
const (
	Before Phase = "before"
	After  Phase = "after"
)

// Match selects calls. Empty fields match everything; filled ones all have to fit.
type Match struct {
	// System and Operation are the folder name and the operationId of a simulated operation.
	System    string
	Operation string
	// Order is an order number: the call must concern that order, by its number or by an id that belongs to it in any
	// system (order summary, payment, booking …).
	Order string
	// Contains must occur in the path, the query or the body.
	Contains string
	// Header names a request header and the value it must have.
	Header map[string]string
	// Nth is the first matching call that the rule strikes, counted from 1; 0 means the first.
	Nth int
	// Probability strikes a matching call by chance out of the sandbox's seed; 0 means always.
	Probability float64
	// From and Until bound the sandbox's clock; zero means no bound.
	From, Until time.Time
}

// Effect is what happens to a call that a rule strikes.
type Effect struct {
	Kind Kind
	// Phase is where Delay, Hold, Status, VendorError and Reset act; empty means Before.
	Phase Phase
	// Delay is real time: callers' time-outs run in real time.
	Delay time.Duration
	// HTTPStatus is the status of Status and, when set, of VendorError.
	HTTPStatus int
	// Code and Message go into the vendor's own error document (VendorError), or into what it says of a record (Partial).
	Code, Message string
	// Record occurs in the records that Partial refuses.
	Record string
	// RetryAfter, in seconds, is sent as the header of that name when above 0.
	RetryAfter int
}

// Rule is one fault. Names are unique in a sandbox.
type Rule struct {
	Name   string
	Match  Match
	Effect Effect
	// Times is how many calls the rule strikes at the most; 0 means one when Nth is set, otherwise no end.
	Times int
	// Matched and Fired count the calls that matched and those that were struck.
	Matched, Fired int
}

// Call is what a rule sees of a request.
type Call struct {
	System, Operation string
	// Outbound is set for what the simulator sends out. Only rules that name its operation strike it.
	Outbound    bool
	Path, Query string
	Header      func(name string) string
	Body        []byte
	Now         time.Time
	// Chance is a number in [0,1) drawn from the sandbox's seed for the rule's Matched-th match.
	Chance func(rule string, matched int) float64
	// Concerns reports whether the call is about the order with that number.
	Concerns func(order string) bool
}

// Clone returns a copy that shares nothing with r.
func (r Rule) Clone() Rule {
	header := r.Match.Header
	r.Match.Header = make(map[string]string, len(header))
	for name, value := range header {
		r.Match.Header[name] = value
	}
	return r
}

// When returns the side of the handler on which the effect takes place.
func (e Effect) When() Phase {
	switch {
	case e.Kind == LostAfterCommit:
		return After
	case e.Kind == LostBefore || e.Phase == "":
		return Before
	default:
		return e.Phase
	}
}

// Try counts the call against the rule and reports whether it strikes. The caller stores the rule it returns.
func (r Rule) Try(c Call) (Rule, bool) {
	if !r.Match.fits(c) {
		return r, false
	}
	r.Matched++
	first := max(r.Match.Nth, 1)
	limit := r.Times
	if limit == 0 && r.Match.Nth > 0 {
		limit = 1
	}
	if r.Matched < first || (limit > 0 && r.Fired >= limit) {
		return r, false
	}
	if p := r.Match.Probability; p > 0 && c.Chance(r.Name, r.Matched) >= p {
		return r, false
	}
	r.Fired++
	return r, true
}

func (m Match) fits(c Call) bool {
	return (m.System == "" || m.System == c.System) &&
		(m.Operation == "" && !c.Outbound || m.Operation == c.Operation) &&
		(m.From.IsZero() || !c.Now.Before(m.From)) &&
		(m.Until.IsZero() || c.Now.Before(m.Until)) &&
		(m.Contains == "" || c.contains(m.Contains)) &&
		m.fitsHeader(c) &&
		(m.Order == "" || c.Concerns(m.Order))
}

func (m Match) fitsHeader(c Call) bool {
	for name, value := range m.Header {
		if c.Header(name) != value {
			return false
		}
	}
	return true
}

func (c Call) contains(text string) bool {
	return strings.Contains(c.Path, text) || strings.Contains(c.Query, text) || strings.Contains(string(c.Body), text)
}

// Mentions reports whether any of the texts occurs in the call's path, query or body.
func (c Call) Mentions(texts []string) bool {
	for _, text := range texts {
		if text != "" && c.contains(text) {
			return true
		}
	}
	return false
}
