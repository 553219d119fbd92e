// Package simulator puts the simulated systems together behind one listener, with the control plane behind another.
package simulator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/control"
	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/invariant"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/knowledge"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/specs"
)

// Config says how a simulator starts. Its zero value is a simulator on free ports with the preset omnichannel, seed 0
// and a real clock.
type Config struct {
	// APIAddress and ControlAddress are host:port; an empty one is 127.0.0.1 with a free port.
	APIAddress, ControlAddress string
	// Certificate, when set, has the simulated systems served over TLS too, at TLSAddress; an empty address is as above.
	Certificate *tls.Certificate
	TLSAddress  string
	// ControlToken, when set, has to be sent as a bearer token to the control plane.
	ControlToken string
	// Preset, Seed, Clock and At make the sandbox named default. A zero At is now.
	Preset string
	Seed   int64
	Clock  clock.Mode
	At     time.Time
	// JournalBytes bounds the journal of each sandbox, and eight times as much all of them together; 0 means 32 MiB.
	JournalBytes int
	// Egress lists the addresses outside this machine that the simulator may call, each host:port.
	Egress []string
	// SOM is the Salesforce org.
	SOM Org
	// OrderOps gets the org's platform events; see [Simulator.SendEvents].
	OrderOps EventTarget
	// Webhooks gets what the payment platform tells of payments; see [Simulator.SendWebhooks].
	Webhooks WebhookTarget
	// OCAPISettings say what API clients of B2C Commerce may do, in YAML or JSON; everything when empty. See docs/ocapi-settings.md.
	OCAPISettings []byte
	// Hooks are who is called at the extension points of B2C Commerce's APIs, in YAML or JSON; nobody when empty. See
	// docs/hooks.md.
	Hooks []byte
	// Warehouse has goods move in every sandbox that is made from a preset.
	Warehouse bool
	// Machine is the clock behind the sandboxes'; nil means the machine's.
	Machine clock.Clock
	Log     *slog.Logger
}

// MinJournalBytes is the least that [Config.JournalBytes] may be: enough for what happened in a composite of 25 requests,
// if not for what was said.
const MinJournalBytes = 64 << 10

// Simulator is a running or startable simulator.
type Simulator struct {
	// Worlds are the sandboxes.
	Worlds *sandbox.Worlds
	// API serves the simulated systems, Control the control plane.
	API, Control http.Handler
	router       *binding.Router
	courier      *courier.Courier
	commerce     *b2c.B2C
	config       Config
}

// New builds the simulated systems and the sandbox named default. Mistakes in documents, tables and rules come back all
// at once.
func New(cfg Config) (*Simulator, error) {
	cfg = cfg.withDefaults()
	if cfg.JournalBytes != 0 && cfg.JournalBytes < MinJournalBytes {
		return nil, fmt.Errorf("journal bytes: %d is too little to record an exchange; the least is %d", cfg.JournalBytes, MinJournalBytes)
	}
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	all, err := build(schema, cfg.SOM)
	if err != nil {
		return nil, err
	}
	if len(cfg.OCAPISettings) > 0 {
		settings, err := ocapi.ParseSettings(cfg.OCAPISettings)
		if err != nil {
			return nil, err
		}
		all.domains.B2C.Configure(settings)
	}
	sensitive, err := binding.Sensitive(all.faces...)
	if err != nil {
		return nil, err
	}
	s := &Simulator{config: cfg, courier: courier.Declare(schema, lines()...), commerce: all.domains.B2C}
	s.Worlds = sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: cfg.Machine, Log: cfg.Log, JournalBytes: int64(cfg.JournalBytes), Redactor: journal.NewRedactor(slices.Concat(sensitive, all.sensitive)...),
		Presets: all.presets(cfg.Warehouse), Runners: all.runners, Aliases: all.aliases,
		Born: s.courier.Born,
	})
	if err := s.startCourier(all.domains.SOM); err != nil {
		return nil, err
	}
	s.sendWebhooks(all.domains.Worldline)
	if err := s.attachHooks(); err != nil {
		return nil, err
	}
	options := binding.Options{Worlds: s.Worlds, Redactor: s.Worlds.Redactor, Log: cfg.Log, Outbound: s.courier}
	if s.router, err = binding.NewRouter(options, all.faces...); err != nil {
		return nil, err
	}
	s.API = s.router
	if err := s.addControl(options, all); err != nil {
		return nil, err
	}
	_, err = s.Worlds.Create(sandbox.Default, sandbox.Options{From: cfg.Preset, Seed: cfg.Seed, Mode: cfg.Clock, At: cfg.At})
	return s, err
}

func (c Config) withDefaults() Config {
	if c.APIAddress == "" {
		c.APIAddress = "127.0.0.1:0"
	}
	if c.ControlAddress == "" {
		c.ControlAddress = "127.0.0.1:0"
	}
	if c.TLSAddress == "" {
		c.TLSAddress = "127.0.0.1:0"
	}
	if c.Machine == nil {
		c.Machine = clock.Real{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

func (s *Simulator) addControl(options binding.Options, all parts) error {
	domains := all.domains
	spec, err := specs.FS.ReadFile("control/openapi.yaml")
	if err != nil {
		return fmt.Errorf("control plane: %w", err)
	}
	rules, states, err := knowledge.Load(specs.FS, "som", "b2c", "oci", "slots", "worldline", "loyalty", "cdc", "tracking")
	if err != nil {
		return err
	}
	steered := commerce{domains.B2C, s.courier.MayCall}
	face := control.Face(control.Config{
		Knowledge: control.Knowledge{Rules: rules, States: states},
		Spec:      spec, Worlds: s.Worlds, Simulated: s.router, Egress: control.Egress(s.config.Egress),
		Invariants: func(tx *sandbox.Tx) []invariant.Violation { return invariant.Check(domains, tx) },
		// A service may wait long, in real time, for what a tick began: it is given up only after its own patience.
		Client: &http.Client{Timeout: 10 * time.Minute},
		Quota:  quota{domains.SOM}, Choices: s.config.SOM.choices(), Events: events{domains.SOM}, Commerce: steered, CommerceOrders: steered, Elapsed: steered, Mailbox: steered, Warehouse: all.goods,
		Courier: s.courier, Payments: domains.Worldline, Tracking: domains.Tracking,
	})
	router, err := binding.NewRouter(options, face)
	if err != nil {
		return err
	}
	s.Control = control.Guard(router, s.config.ControlToken)
	return nil
}

// Operations lists every simulated operation.
func (s *Simulator) Operations() []binding.Operation { return s.router.Operations() }

func (s *Simulator) server(h http.Handler) *http.Server {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(s.config.Log.Handler(), slog.LevelWarn)}
	server.RegisterOnShutdown(s.Worlds.Stop) // long polls would hold it up
	return server
}

// shutdown lets requests under way end, for a while; the context of the run is over by then.
func shutdown(servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var problems []error
	for _, server := range servers {
		err := server.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) { // what is still open had its while
			err = server.Close()
		}
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// runDue lets the sandboxes whose clock runs by itself do what has become due, so that things happen without requests.
func (s *Simulator) runDue(context.Context) {
	for _, w := range s.Worlds.All() {
		if w.Mode() != clock.ModeReal {
			continue
		}
		if _, what, err := w.RunDue(); err != nil {
			s.config.Log.Error("due work failed", "sandbox", w.Name(), "work", what, "error", err)
		}
	}
}

// deliverEvery is how often a sandbox whose clock runs by itself looks for something to deliver, in real time.
const deliverEvery = 200 * time.Millisecond

// deliver takes out what the sandboxes whose clock runs by itself have to tell others.
func (s *Simulator) deliver(ctx context.Context) {
	for _, w := range s.Worlds.All() {
		if w.Mode() != clock.ModeReal {
			continue
		}
		if _, _, err := s.Worlds.Deliver(ctx, w); err != nil && ctx.Err() == nil {
			s.config.Log.Error("deliveries failed", "sandbox", w.Name(), "error", err)
		}
	}
}
