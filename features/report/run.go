// Package report makes of a run of the scenarios what people and tools read: one HTML page, JUnit XML, Cucumber's JSON
// and messages, and a file of the run itself, which a later run draws its trend from. It reads no clock and no network:
// everything it tells is in a Run.
package report

import (
	"slices"
	"time"
)

// Run is what happened when scenarios were run. As JSON it is the file run.json of a report, and of a bundle.
type Run struct {
	Started time.Time     `json:"started"`
	Took    time.Duration `json:"took_ns"`
	// Seed gives the order of the scenarios and the ids in their sandboxes.
	Seed int64 `json:"seed"`
	// Shard is i/n when only that part of the scenarios ran, Tags what selected them.
	Shard string `json:"shard,omitempty"`
	Tags  string `json:"tags,omitempty"`
	// Chosen says that scenarios were chosen by their places, as those that failed before are.
	Chosen      bool `json:"chosen,omitempty"`
	Concurrency int  `json:"concurrency"`
	// Manner says how the order-ops was asked: by which faces, in whose sandbox.
	Manner string `json:"manner,omitempty"`
	// MoneyOwner is who voided and refunded for that order-ops; empty for order-ops itself.
	MoneyOwner string      `json:"money_owner,omitempty"`
	Scenarios  []Scenario  `json:"scenarios"`
	Operations []Operation `json:"operations,omitempty"`
	Rules      []Rule      `json:"rules,omitempty"`
	Machines   []Machine   `json:"machines,omitempty"`
	// Strays are the calls that reached the sandbox of whoever names none while the scenarios ran in others.
	Strays []string `json:"strays,omitempty"`
	// Sources are the feature files by path, so that a run can be replayed without the folder it came from.
	Sources map[string]string `json:"sources,omitempty"`
}

// Status is how a scenario or a step ended.
type Status string

// The ways to end.
const (
	Passed    Status = "passed"
	Failed    Status = "failed"
	Undefined Status = "undefined"
	Skipped   Status = "skipped"
	// Unasked is a scenario about what the order-ops of the run cannot be asked; it is neither passed nor failed.
	Unasked Status = "unasked"
)

// Scenario is one scenario, or one row of an outline's examples.
type Scenario struct {
	Feature string `json:"feature"`
	Name    string `json:"name"`
	// Path and Line are where the scenario, or its outline, begins; Row is that of the examples, in the file, or zero.
	Path    string        `json:"path"`
	Line    int64         `json:"line"`
	Row     int64         `json:"row,omitempty"`
	Tags    []string      `json:"tags,omitempty"`
	Started time.Time     `json:"started"`
	Took    time.Duration `json:"took_ns"`
	Status  Status        `json:"status"`
	// Unasked says what the order-ops of the run could not be asked.
	Unasked string `json:"unasked,omitempty"`
	// Error says why it failed, in the words of the step or of the truths after the last one.
	Error   string     `json:"error,omitempty"`
	Steps   []Step     `json:"steps"`
	Sandbox string     `json:"sandbox,omitempty"`
	Journal []Exchange `json:"journal,omitempty"`
	// Later is what changed because its time had come, and what became of the requests to order-ops; neither is an exchange.
	Later []Change `json:"later,omitempty"`
	// Codes are order-ops' own words for its answers where it refused or was not done.
	Codes []string `json:"codes,omitempty"`
	// Faults are the names of those that were armed.
	Faults []string `json:"faults,omitempty"`
	// Broken are the invariants that did not hold in the end.
	Broken []Violation `json:"broken,omitempty"`
}

// Step is one sentence of a scenario.
type Step struct {
	Keyword string `json:"keyword"`
	Text    string `json:"text"`
	Line    int64  `json:"line"`
	// Table is the data table below the sentence.
	Table  [][]string    `json:"table,omitempty"`
	Status Status        `json:"status"`
	Error  string        `json:"error,omitempty"`
	Took   time.Duration `json:"took_ns"`
}

// Exchange is one request to a simulated system; a composite has its sub-requests as children.
type Exchange struct {
	Seq       int64      `json:"seq"`
	At        time.Time  `json:"at"`
	System    string     `json:"system"`
	Operation string     `json:"operation,omitempty"`
	Outbound  bool       `json:"outbound,omitempty"`
	Method    string     `json:"method"`
	Path      string     `json:"path"`
	Caller    string     `json:"caller,omitempty"`
	Status    int        `json:"status"`
	Fault     []string   `json:"fault,omitempty"`
	Rule      string     `json:"rule,omitempty"`
	Bug       string     `json:"bug,omitempty"`
	Lost      bool       `json:"lost,omitempty"`
	Changes   []Change   `json:"changes,omitempty"`
	Children  []Exchange `json:"children,omitempty"`
	Request   Message    `json:"request"`
	Response  Message    `json:"response"`
}

// Change is what became of a row.
type Change struct {
	// Entity is the row's table, or its object where a table holds objects of many kinds.
	Entity string `json:"entity"`
	Key    string `json:"key"`
	// Before and After are the whole row as JSON texts; empty means that there was none. A run keeps the fields alone.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// Fields are those that changed, by name.
	Fields []Field `json:"fields,omitempty"`
}

// Field is a field of a row as it was and as it became; empty means that there was none.
type Field struct {
	Name string `json:"name"`
	Was  string `json:"was,omitempty"`
	Is   string `json:"is,omitempty"`
}

// Message is what was said in one direction.
type Message struct {
	Body string `json:"body,omitempty"`
}

// Violation is one thing that contradicts an invariant.
type Violation struct {
	Invariant string `json:"invariant"`
	Entity    string `json:"entity"`
	Detail    string `json:"detail"`
	// Since is the first exchange after which it was broken and stayed so; zero when that is not known.
	Since int64 `json:"since,omitempty"`
}

// Operation is one that the simulator serves.
type Operation struct {
	System    string `json:"system"`
	Operation string `json:"operation"`
}

// Rule is a named reason of the simulator to refuse something.
type Rule struct {
	System   string `json:"system"`
	ID       string `json:"id"`
	Text     string `json:"text"`
	Evidence string `json:"evidence"`
	Source   string `json:"source"`
}

// Count says how many scenarios ended in one of the ways.
func (r *Run) Count(s Status) int {
	n := 0
	for i := range r.Scenarios {
		if r.Scenarios[i].Status == s {
			n++
		}
	}
	return n
}

// Failures are the scenarios that did not pass, although they could be asked.
func (r *Run) Failures() []Scenario {
	return slices.DeleteFunc(slices.Clone(r.Scenarios), func(s Scenario) bool { return !s.Status.bad() })
}

// Failed says that the scenario could be asked and did not pass.
func (s *Scenario) Failed() bool { return s.Status.bad() }

// bad says that the scenario, or the step, failed.
func (s Status) bad() bool { return s != Passed && s != Unasked && s != Skipped }

// walk shows every exchange to see, sub-requests after their composite.
func walk(list []Exchange, see func(*Exchange)) {
	for i := range list {
		see(&list[i])
		walk(list[i].Children, see)
	}
}
