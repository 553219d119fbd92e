package courier

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// Courier delivers. It is safe for concurrent use.
type Courier struct {
	lines   []Line
	targets store.Table[Target]
	parcels store.Table[Parcel]
	rounds  rounds
	// asks are the names under which simulated systems put questions.
	asks []Line

	worlds   *sandbox.Worlds
	redactor *journal.Redactor
	client   *http.Client
	timeout  time.Duration
	egress   func(address string) error
	log      *slog.Logger

	mu       sync.Mutex
	standing []Target
	// trusted are addresses that were configured, so that they may be called.
	trusted []string
}

// Target is who gets what is sent on a line.
type Target struct {
	Name, Line string
	URL        string
	// KeyID and Secret are what its deliveries are signed with. They are told to nobody.
	KeyID, Secret string
	// Waiting counts what is on its way, Delivered what arrived, GivenUp what was too old or too much.
	Waiting, Delivered, GivenUp int
}

// Parcel is one message on its way to one target.
type Parcel struct {
	Target string
	// Number orders the parcels of a target.
	Number uint64
	// ID is the same at every attempt. Subject is what its sender calls the message.
	ID, Subject       string
	ContentType, Body string
	// TraceParent is sent along (W3C trace context).
	TraceParent string
	At, NextAt  time.Time
	Attempts    int
	LastStatus  int
	LastError   string
	// Overtaken is set when a fault has put the parcel off: it no longer holds up those behind it.
	Overtaken bool
}

func (p *Parcel) key() string { return fmt.Sprintf("%s/%020d", p.Target, p.Number) }

// mostWaiting is how many parcels may wait for a target. The oldest go, as a queue that nobody empties overflows.
const mostWaiting = 10_000

// Errors of targets; test with errors.Is.
var (
	ErrTarget   = errors.New("bad target")
	ErrNoTarget = errors.New("unknown target")
)

// Declare adds the tables of a courier to the schema.
func Declare(s *store.Schema, lines ...Line) *Courier {
	return &Courier{
		lines:   lines,
		targets: store.Add(s, store.Def[Target]{Name: "courier.Target", Internal: true, Key: func(t *Target) string { return t.Name }}),
		parcels: store.Add(s, store.Def[Parcel]{Name: "courier.Parcel", Internal: true, Key: (*Parcel).key}),
	}
}

// Options are what a courier needs to go out.
type Options struct {
	Worlds   *sandbox.Worlds
	Redactor *journal.Redactor
	// Timeout is how long a target may take to answer, in real time.
	Timeout time.Duration
	// Egress tells whether an address may be called.
	Egress func(address string) error
	Log    *slog.Logger
}

// Start makes the courier ready to go out. Redirects are not followed: they could lead anywhere.
func (c *Courier) Start(o Options) {
	c.worlds, c.redactor, c.egress, c.log = o.Worlds, o.Redactor, o.Egress, o.Log
	c.timeout = o.Timeout
	c.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

var targetName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// Register adds a target to a sandbox, replacing one of the same name; what waits for it stays. Errors are [ErrTarget].
func (c *Courier) Register(tx *sandbox.Tx, t Target) (Target, error) {
	if err := c.check(t); err != nil {
		return Target{}, err
	}
	if err := c.mayCall(t.URL); err != nil {
		return Target{}, fmt.Errorf("%w: url: %w", ErrTarget, err)
	}
	if was, known := c.targets.Get(tx.Tx, t.Name); known {
		t.Waiting, t.Delivered, t.GivenUp = was.Waiting, was.Delivered, was.GivenUp
	}
	c.targets.Put(tx.Tx, t)
	return t, nil
}

func (c *Courier) check(t Target) error {
	u, err := url.Parse(t.URL)
	switch _, known := c.line(t.Line); {
	case !targetName.MatchString(t.Name):
		return fmt.Errorf("%w: name: %q (lower-case letters, digits and hyphens, at most 63)", ErrTarget, t.Name)
	case !known:
		return fmt.Errorf("%w: line: there is no %q; there are %s", ErrTarget, t.Line, strings.Join(c.Lines(), ", "))
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: url: it is not like http://127.0.0.1:8702/path", ErrTarget)
	case u.User != nil:
		return fmt.Errorf("%w: url: it holds a user, which the journal would tell", ErrTarget)
	case t.Secret == "":
		return fmt.Errorf("%w: secret: it is required", ErrTarget)
	}
	return nil
}

// Drop removes a target and what waits for it. Errors are [ErrNoTarget].
func (c *Courier) Drop(tx *sandbox.Tx, name string) error {
	if !c.targets.Delete(tx.Tx, name) {
		return fmt.Errorf("%w: %q", ErrNoTarget, name)
	}
	for _, p := range c.Waiting(tx, name, 0) {
		c.parcels.Delete(tx.Tx, p.key())
	}
	return nil
}

// Targets lists the targets of a sandbox by name.
func (c *Courier) Targets(tx *sandbox.Tx) []Target { return c.targets.Range(tx.Tx, "", "", "", 0) }

// Waiting lists what is on its way to a target, in order, at most limit of it (0: all).
func (c *Courier) Waiting(tx *sandbox.Tx, target string, limit int) []Parcel {
	return c.parcels.Range(tx.Tx, "", target+"/", target+"0", limit)
}

// Message is what is to be delivered.
type Message struct {
	// Subject is what its sender calls the message: an id, never anything personal.
	Subject string
	// ContentType is application/json when it is empty.
	ContentType string
	Body        []byte
}

// Send hands a message over to every target of a line. It is written only when there is any.
func (c *Courier) Send(tx *sandbox.Tx, line string, write func() Message) {
	targets := slices.DeleteFunc(c.Targets(tx), func(t Target) bool { return t.Line != line })
	if len(targets) == 0 {
		return
	}
	m := write()
	if m.ContentType == "" {
		m.ContentType = "application/json"
	}
	for _, t := range targets {
		c.parcels.Put(tx.Tx, Parcel{
			Target: t.Name, Number: tx.Next("courier.parcel"), ID: tx.UUID("courier.id"), Subject: m.Subject,
			ContentType: m.ContentType, Body: string(m.Body), TraceParent: traceParent(tx), At: tx.Now(), NextAt: tx.Now(),
		})
		t.Waiting++
		if t.Waiting > mostWaiting {
			oldest := c.Waiting(tx, t.Name, 1)[0]
			c.parcels.Delete(tx.Tx, oldest.key())
			t.Waiting, t.GivenUp = t.Waiting-1, t.GivenUp+1
		}
		c.targets.Put(tx.Tx, t)
	}
}

// traceParent begins a trace for a delivery.
func traceParent(tx *sandbox.Tx) string {
	hex := func(kind string) string { return strings.ReplaceAll(tx.UUID(kind), "-", "") }
	return "00-" + hex("courier.trace") + "-" + hex("courier.span")[:16] + "-01"
}
