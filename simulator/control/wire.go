package control

import (
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

type clockWire struct {
	Mode clock.Mode `json:"mode"`
	Now  time.Time  `json:"now"`
}

type sandboxWire struct {
	Name   string    `json:"name"`
	Preset string    `json:"preset"`
	Seed   int64     `json:"seed"`
	Clock  clockWire `json:"clock"`
}

func toSandboxWire(w *sandbox.World) sandboxWire {
	tx := w.Read()
	defer tx.Abort()
	meta := tx.Meta()
	return sandboxWire{Name: w.Name(), Preset: meta.Preset, Seed: meta.Seed, Clock: clockWire{meta.Clock.Mode, tx.Now()}}
}

type matchWire struct {
	System      string            `json:"system,omitempty"`
	Operation   string            `json:"operation,omitempty"`
	Order       string            `json:"order,omitempty"`
	Contains    string            `json:"contains,omitempty"`
	Header      map[string]string `json:"header,omitempty"`
	Nth         int               `json:"nth,omitempty"`
	Probability float64           `json:"probability,omitempty"`
	From        *time.Time        `json:"from,omitempty"`
	Until       *time.Time        `json:"until,omitempty"`
}

type effectWire struct {
	Kind       fault.Kind  `json:"kind"`
	Phase      fault.Phase `json:"phase,omitempty"`
	DelayMS    int64       `json:"delay_ms,omitempty"`
	Status     int         `json:"status,omitempty"`
	Code       string      `json:"code,omitempty"`
	Message    string      `json:"message,omitempty"`
	RetryAfter int         `json:"retry_after,omitempty"`
	Record     string      `json:"record,omitempty"`
}

type faultWire struct {
	Name   string     `json:"name"`
	Match  matchWire  `json:"match"`
	Effect effectWire `json:"effect"`
	Times  int        `json:"times,omitempty"`
}

type armedFaultWire struct {
	faultWire
	Matched int `json:"matched"`
	Fired   int `json:"fired"`
}

func (f faultWire) rule() fault.Rule {
	return fault.Rule{
		Name: f.Name, Times: f.Times,
		Match: fault.Match{
			System: f.Match.System, Operation: f.Match.Operation, Order: f.Match.Order, Contains: f.Match.Contains,
			Header: f.Match.Header, Nth: f.Match.Nth, Probability: f.Match.Probability,
			From: instant(f.Match.From), Until: instant(f.Match.Until),
		},
		Effect: fault.Effect{
			Kind: f.Effect.Kind, Phase: f.Effect.Phase, Delay: time.Duration(f.Effect.DelayMS) * time.Millisecond,
			HTTPStatus: f.Effect.Status, Code: f.Effect.Code, Message: f.Effect.Message, RetryAfter: f.Effect.RetryAfter,
			Record: f.Effect.Record,
		},
	}
}

func toFaultWire(r fault.Rule) armedFaultWire {
	m, e := r.Match, r.Effect
	return armedFaultWire{
		faultWire: faultWire{
			Name: r.Name, Times: r.Times,
			Match: matchWire{
				System: m.System, Operation: m.Operation, Order: m.Order, Contains: m.Contains, Header: m.Header, Nth: m.Nth,
				Probability: m.Probability, From: optional(m.From), Until: optional(m.Until),
			},
			Effect: effectWire{
				Kind: e.Kind, Phase: e.Phase, DelayMS: e.Delay.Milliseconds(), Status: e.HTTPStatus, Code: e.Code,
				Message: e.Message, RetryAfter: e.RetryAfter, Record: e.Record,
			},
		},
		Matched: r.Matched, Fired: r.Fired,
	}
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type messageWire struct {
	Header map[string][]string `json:"header,omitempty"`
	Body   string              `json:"body"`
}

type changeWire struct {
	Entity string `json:"entity"`
	Key    string `json:"key"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

type entryWire struct {
	Seq       int64        `json:"seq"`
	At        time.Time    `json:"at"`
	System    string       `json:"system"`
	Operation string       `json:"operation,omitempty"`
	Outbound  bool         `json:"outbound,omitempty"`
	Parent    int64        `json:"parent,omitempty"`
	Method    string       `json:"method"`
	Path      string       `json:"path"`
	Query     string       `json:"query,omitempty"`
	Caller    string       `json:"caller,omitempty"`
	Request   messageWire  `json:"request"`
	Status    int          `json:"status"`
	Response  messageWire  `json:"response"`
	Fault     []string     `json:"fault,omitempty"`
	Rule      string       `json:"rule,omitempty"`
	Bug       string       `json:"bug,omitempty"`
	Lost      bool         `json:"lost,omitempty"`
	Omitted   int64        `json:"omitted,omitempty"`
	TraceID   string       `json:"trace_id,omitempty"`
	Changes   []changeWire `json:"changes,omitempty"`
	Children  []entryWire  `json:"children,omitempty"`
}

func toEntryWire(e journal.Entry) entryWire {
	out := entryWire{
		Seq: e.Seq, At: e.At, System: e.System, Operation: e.Operation, Outbound: e.Outbound, Parent: e.Parent, Method: e.Method, Path: e.Path, Query: e.Query,
		Caller: e.Caller, Status: e.Status, Fault: e.Fault, Rule: e.Rule, Bug: e.Bug, Lost: e.Lost, Omitted: e.Omitted, TraceID: e.TraceID,
		Request:  messageWire{e.RequestHeader.Values(), e.RequestBody},
		Response: messageWire{e.ResponseHeader.Values(), e.ResponseBody},
	}
	for _, c := range e.Changes {
		out.Changes = append(out.Changes, changeWire(c))
	}
	for _, child := range e.Children {
		out.Children = append(out.Children, toEntryWire(child))
	}
	return out
}

// shorten leaves out what is long: headers, bodies and the rows that changed.
func (e *entryWire) shorten() {
	e.Request, e.Response = messageWire{}, messageWire{}
	for i, c := range e.Changes {
		e.Changes[i] = changeWire{Entity: c.Entity, Key: c.Key}
	}
	for i := range e.Children {
		e.Children[i].shorten()
	}
}

type operationWire struct {
	System    string `json:"system"`
	Face      string `json:"face"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	Operation string `json:"operation"`
	Summary   string `json:"summary,omitempty"`
	Stateful  bool   `json:"stateful"`
	Reason    string `json:"reason,omitempty"`
}

func toOperationWire(op binding.Operation) operationWire {
	return operationWire{
		System: op.System, Face: op.Face, Method: op.Method, Path: op.Path, Operation: op.ID, Summary: op.Summary,
		Stateful: op.Example == "", Reason: op.Example,
	}
}
