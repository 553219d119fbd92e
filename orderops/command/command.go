// Package command makes the service's actions durable. A command is a row keyed by sandbox, order and the caller's
// idempotency key; its work is a DBOS workflow whose remote calls are steps; what is still owed after the point of no
// return is due work, run by tick(now); what cannot settle itself is a work item. The package knows no action: each
// use case hands in a Handler.
package command

import (
	"context"
	"encoding/json"
	"time"

	"github.com/somsim/somsim/orderops"
)

// Command is what a face hands in. It holds ids and amounts, never tokens, names or addresses, because it is stored.
type Command struct {
	Sandbox       string
	Site          string
	OrderNo       string
	Key           string // the caller's idempotency key
	Action        orderops.Action
	BodyHash      string // of the canonical request body: the same key with another body is refused
	Input         json.RawMessage
	CorrelationID string
	TraceParent   string // W3C traceparent of the request that began it
	// Actor is who asked, as the audit log names them: nobody's name and no customer's id.
	Actor string
	// Overrides are the rules that the actor, an agent, set aside.
	Overrides orderops.Overrides
}

// State says how far a command has come.
type State string

// The states. Running and unknown commands are open: an order has at most one of them.
const (
	Running        State = "running"
	Unknown        State = "outcome_unknown" // an ambiguous call could not be read back yet; due work settles it
	Succeeded      State = "succeeded"
	Refused        State = "refused"
	Released       State = "released"        // refused for a passing reason with nothing changed: the key may be used again
	NeedsAttention State = "needs_attention" // a work item says what a person has to settle
	// Editing is a modification that waits for its confirmation. It is not open: other actions on the order may run.
	Editing State = "editing"
)

// Open says that the command is not finished.
func (s State) Open() bool { return s == Running || s == Unknown }

// Answer is what the caller of a command is told: the result of its action, or a refusal. It is stored and changes only as
// its effects come true.
type Answer struct {
	Cancellation *orderops.Cancellation `json:"cancellation,omitempty"`
	Modification *orderops.Modification `json:"modification,omitempty"`
	Confirmation *orderops.Confirmation `json:"confirmation,omitempty"`
	Return       *orderops.Return       `json:"return,omitempty"`
	Refusal      *orderops.Refusal      `json:"refusal,omitempty"`
}

// Effects gives access to the effects of whichever answer there is.
func (a *Answer) Effects() *[]orderops.Effect {
	switch {
	case a.Cancellation != nil:
		return &a.Cancellation.Effects
	case a.Modification != nil:
		return &a.Modification.Effects
	case a.Confirmation != nil:
		return &a.Confirmation.Effects
	case a.Return != nil:
		return &a.Return.Effects
	case a.Refusal != nil:
		return &a.Refusal.Effects
	default:
		return &[]orderops.Effect{}
	}
}

// Row is a stored command.
type Row struct {
	ID string // opaque; the id of the operation that callers poll
	Command
	State     State
	Attempt   int // counts the uses of a released key
	Answer    Answer
	CreatedAt time.Time // sandbox time, UTC
}

// WorkflowID is the id of the workflow that runs the command.
func (r Row) WorkflowID() string {
	if r.Attempt > 1 {
		return r.baseID() + "/" + itoa(r.Attempt)
	}
	return r.baseID()
}

// baseID is what the ids of all workflows of the command begin with.
func (r Row) baseID() string { return "orderops/" + r.Sandbox + "/" + r.OrderNo + "/" + r.Key }

// Result is what the work of a command came to.
type Result struct {
	State  State
	Answer Answer
	// Resume is handed to Handler.Run again, by due work, while State is Unknown. While it is Editing, it is what the handler
	// notes for whoever ends that: see Store.Modification.
	Resume    json.RawMessage
	Due       []Due
	WorkItems []WorkItem
}

// Due is one piece of work that is still owed: an effect of a finished command.
type Due struct {
	// Effect is the index of the effect in the answer that the work brings about.
	Effect  int             `json:"effect"`
	Kind    string          `json:"kind"`
	Payload json.RawMessage `json:"payload"`
	// Wait is how long it is put off at first. Work of an Effect below zero belongs to none and watches over the command.
	Wait time.Duration `json:"-"`
	// Item, unless nil, tells a person at once, before the work is given up. It is settled when the work is done.
	Item *WorkItem `json:"-"`
}

// WorkItem asks a person to settle something.
type WorkItem struct {
	OrderNo  string
	Entity   string // what it is about: `som:orderSummary:1Os…`, `worldline:payment:…`
	Amount   *orderops.Amount
	Currency string
	Reason   string
	// Retry is the work that a person may have tried again; nil when there is none.
	Retry *Due
}

// EffectResult is what one attempt at a piece of due work came to. EffectPending asks for another attempt.
type EffectResult struct {
	State     orderops.EffectState
	Reference string
	Code      string
	// Note is what a person should know of work that has failed, where the code does not say enough.
	Note string
	// RetryAfter is the least wait before the next attempt.
	RetryAfter time.Duration
	// Again, unless zero, has the work run once more after that long. It is no failed attempt: work that watches may go on
	// for as long as it likes.
	Again time.Duration
	// Payload is what a later attempt works with, by itself or on behalf of a person; nil leaves it as it was.
	Payload json.RawMessage
	// Instead replaces the work by other work, for instance once it is known what has to be done. The first takes the
	// place of the effect, the others are added.
	Instead []Owed
	// Then is what follows once the effect has come about: effects that are added, with their work.
	Then []Owed
}

// Owed is an effect with the due work that brings it about.
type Owed struct {
	Effect  orderops.Effect
	Kind    string
	Payload json.RawMessage
}

// Handler is a use case as the engine sees it.
type Handler interface {
	// Run does the work of a command. Everything outside run's steps must be a function of its arguments. resume is nil
	// except when an earlier Run ended Unknown. An error is a fault of the service itself, never of a remote system.
	Run(ctx context.Context, run Run, row Row, resume json.RawMessage) (Result, error)
	// Perform makes one attempt at a piece of due work. It may run more than once and must then have one effect.
	Perform(ctx context.Context, row Row, due Due) EffectResult
}
