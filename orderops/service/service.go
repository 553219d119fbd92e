// Package service assembles order-ops: the one place where clients, workflows and faces meet. Run serves it; `somsim up`
// makes one with New and serves its Handler itself.
package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/frontdesk"
	"github.com/somsim/somsim/orderops/httpapi"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/modify"
	"github.com/somsim/somsim/orderops/ocapiface"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/operatorapi"
	"github.com/somsim/somsim/orderops/opsclock"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/returns"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/switches"
	"github.com/somsim/somsim/orderops/telemetry"
	"github.com/somsim/somsim/orderops/trackingclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// clock is the time as the whole service sees it.
type clock interface {
	opsclock.Clock
	Refresh(ctx context.Context)
}

// Service is a running order-ops.
type Service struct {
	cfg       Config
	log       *slog.Logger
	db        *command.Database
	instance  *command.Instance
	clock     clock
	simulated *opsclock.Simulated // nil in production
	engine    *command.Engine
	runtime   *command.Runtime
	handler   http.Handler
	operators http.Handler
	http      *http.Client
	switches  *switches.File
	registry  *prometheus.Registry
	telemetry *telemetry.Telemetry
	jitter    func() float64
	// forget makes an end of what is in memory about a sandbox.
	forget     []func(sandbox string)
	registered atomic.Bool
	beats      int // of the heartbeat's goroutine alone
	stop       context.CancelFunc
	background sync.WaitGroup
	// lost tells why this instance may not go on: another process has taken its name.
	lost chan error
}

// New assembles a service and takes up the work its instance left unfinished. The caller closes it. Problems of the
// configuration come as a *ConfigError, unfinished work of an unknown version as a *command.ForeignVersionError, an
// instance of the same name that is alive as a *command.InstanceAliveError, a SQLite file that another service works on as
// a *command.DatabaseInUseError.
func New(cfg Config) (*Service, error) {
	if problems := cfg.Problems(); len(problems) > 0 {
		return nil, &ConfigError{problems}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{cfg: cfg, log: cfg.Log, lost: make(chan error, 1), jitter: jitter(), http: &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second,
	}}}
	s.clock = opsclock.Wall{}
	if cfg.SimulatorControl != "" {
		s.simulated = opsclock.NewSimulated(cfg.SimulatorControl, cfg.SimulatorControlToken, s.http, cfg.Log)
		s.clock = s.simulated
	}
	ctx := context.Background()
	if err := s.observe(ctx); err != nil {
		return nil, err
	}
	var err error
	if s.switches, err = switches.Open(cfg.Switches); err != nil {
		return nil, err
	}
	db, err := command.OpenDatabase(ctx, cfg.database())
	if err != nil {
		return nil, err
	}
	s.db = db
	if err := s.assemble(ctx); err != nil {
		return nil, errors.Join(err, s.instance.Release(ctx), db.Close())
	}
	return s, nil
}

func (s *Service) simulating() bool { return s.simulated != nil }

// caller makes the sender of one client's calls.
func (s *Service) caller(baseURL string) remote.Caller {
	breakers := remote.NewBreakers(s.clock)
	s.remembers(breakers.Forget)
	return remote.Caller{
		BaseURL: baseURL, HTTP: s.http, Timeout: s.cfg.RemoteTimeout, Clock: s.clock, Breakers: breakers,
		Bulkhead: remote.NewBulkhead(s.cfg.RemoteConcurrency), Observer: s.telemetry, Jitter: s.jitter,
	}
}

// remembers notes who keeps something about sandboxes in memory, and how to have it forgotten.
func (s *Service) remembers(forget func(sandbox string)) { s.forget = append(s.forget, forget) }

// assemble wires clients, use cases, engine and faces.
func (s *Service) assemble(ctx context.Context) error {
	toSOM, toB2C := s.caller(s.cfg.SOMURL), s.caller(s.cfg.B2CURL)
	som := somclient.New(toSOM, somclient.Login(toSOM, s.cfg.SOM))
	b2c := b2cclient.New(toB2C, b2cclient.Login(toB2C, s.cfg.B2C)).Known(s.cfg.B2C.ClientID)
	systems := &settle.Systems{
		SOM: som, Funds: som, Commerce: b2c, Slots: slotsclient.New(s.caller(s.cfg.SlotsURL), s.cfg.SlotsKey),
		Payments: worldlineclient.New(s.caller(s.cfg.WorldlineURL), s.cfg.Worldline, s.clock), Policy: s.cfg.settling(),
	}
	s.addPartners(systems)
	cancels := &cancel.Cancels{SOM: som, Systems: systems, Policy: s.cfg.Cancel}
	store, err := command.OpenStore(ctx, s.db, s.cfg.instance())
	if err != nil {
		return err
	}
	systems.Turns = store
	if s.instance, err = command.Hold(ctx, s.db, s.cfg.instance()); err != nil {
		return err
	}
	modifies, confirms := s.modifications(som, b2c, cancels)
	windows := s.returnWindows(store)
	takesBack := &returns.Returns{SOM: som, Windows: windows, Systems: systems, Policy: s.cfg.Returns}
	handlers := map[orderops.Action]command.Handler{
		orderops.ActionCancel: cancels, orderops.ActionModify: modifies, orderops.ActionConfirm: confirms,
		orderops.ActionAbandon: &modify.Abandons{Modifies: modifies}, orderops.ActionReturn: takesBack,
	}
	s.engine = command.NewEngine(command.Options{
		Store: store, Clock: s.clock, Handlers: handlers,
		Log: s.log, AnswerWithin: s.cfg.AnswerWithin, TickWithin: s.tickWithin(), Forward: s.simulating(), Ended: s.ended,
	})
	modifies.Commands, confirms.Editing, cancels.Pricer = s.engine, s.engine, modifies
	in, err := s.inboxes(store, som, systems)
	if err != nil {
		return err
	}
	desk := &frontdesk.Desk{
		History: s.reads(b2c, som, windows, slices.Collect(maps.Keys(handlers))), Cancels: cancels, Modifies: modifies, Confirms: confirms, Returns: takesBack,
		Engine: s.engine, Clock: s.clock, Switches: s.switches, Watch: s.telemetry, Log: s.log,
	}
	desk.History.Permit = desk.Permits
	desk.Guests = s.guests(b2c, store)
	if err := s.keepSnapshots(desk.History, store); err != nil {
		return err
	}
	// Commands that were stored are begun here: by now every client is as it stays.
	if s.runtime, err = command.Launch(ctx, s.db, s.cfg.instance(), s.engine, s.log); err != nil {
		return err
	}
	identifier, err := s.identifier(b2c, som)
	if err != nil {
		return err
	}
	identifier.Guests = desk.Guests
	s.remembers(identifier.ForgetSandbox)
	document, err := guard()
	if err != nil {
		return err
	}
	gate := &frontdesk.Gate{
		Simulation: s.simulating(), ClientID: s.cfg.B2C.ClientID, Site: s.cfg.Site, Identifier: identifier, Guard: document, Watch: s.telemetry, Strict: s.strict(),
	}
	mux := http.NewServeMux()
	(&httpapi.API{Desk: desk, Gate: gate, Site: s.cfg.Site, Inbox: in.events, Webhooks: in.webhooks, Log: s.log}).Register(mux)
	shop := &ocapiface.Face{Desk: desk, Gate: gate, Commerce: b2c, Log: s.log}
	shop.Register(mux)
	s.hooks(shop).Register(mux)
	s.registerHealth(mux)
	mux.Handle("GET /metrics", in.metrics)
	if s.simulating() {
		mux.HandleFunc("POST /order-ops/v1/tick", s.tick)
	}
	s.handler = frontdesk.Browsers(s.cfg.CORSOrigins, mux)
	s.operators = (&operatorapi.API{
		Attention: s.engine, Adopter: s.runtime, Switches: s.switches, Returns: desk.History, Site: s.cfg.Site, Simulation: s.simulating(),
		Token: s.cfg.OperatorToken, Log: s.log,
	}).Handler()
	return nil
}

// OperatorHandler serves the operators' face, which belongs on a listener of its own.
func (s *Service) OperatorHandler() http.Handler { return s.operators }

// addPartners wires the systems that a configuration may leave out.
func (s *Service) addPartners(systems *settle.Systems) {
	if s.cfg.OCIURL != "" {
		systems.Stock = ociclient.New(s.caller(s.cfg.OCIURL), s.cfg.OCI)
	}
	if s.cfg.LoyaltyURL != "" {
		systems.Points = loyaltyclient.New(s.caller(s.cfg.LoyaltyURL), s.cfg.LoyaltyToken)
	}
	if s.cfg.TrackingURL != "" {
		systems.Tracking = trackingclient.New(s.caller(s.cfg.TrackingURL), s.cfg.Tracking)
	}
}

// Handler serves both faces, the health checks and, in simulation mode, the tick.
func (s *Service) Handler() http.Handler { return s.handler }

// WorkItems lists what waits for a person in a sandbox; production's is remote.DefaultSandbox.
func (s *Service) WorkItems(ctx context.Context, sandbox string) ([]command.WorkItem, error) {
	return s.engine.WorkItems(ctx, sandbox)
}

// Start begins the heartbeat: due work once a second and, in simulation mode, registering for the simulator's ticks
// under the URL that this service is served at.
func (s *Service) Start(selfURL string) {
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	s.register(ctx, selfURL)
	s.background.Go(func() {
		opsclock.Wall{}.Every(ctx, time.Second, func(ctx context.Context) {
			if s.beats%registerEvery == 0 || !s.registered.Load() {
				s.register(ctx, selfURL)
			}
			s.beat(ctx)
		})
	})
	s.background.Go(func() { opsclock.Wall{}.Every(ctx, time.Second, s.stayAlive) })
}

// registerEvery is how many beats pass until a service registers again: a simulator may have been started anew, or may
// have ticked another instance that is gone.
const registerEvery = 5

// stayAlive keeps hold of the instance's name.
func (s *Service) stayAlive(ctx context.Context) {
	err := s.instance.Beat(ctx)
	switch {
	case errors.Is(err, command.ErrInstanceLost):
		select {
		case s.lost <- err:
		default: // it is told already
		}
	case err != nil && ctx.Err() == nil:
		s.log.WarnContext(ctx, "no heartbeat", "instance", s.cfg.instance(), "error", err.Error())
	}
}

// forgetEvery is how many beats pass between two looks for commands that are old enough to be forgotten.
const forgetEvery = 3600

// beat runs the due work of every world whose time passes by itself.
func (s *Service) beat(ctx context.Context) {
	s.pollSwitches(ctx)
	if s.beats++; s.beats%forgetEvery == 1 && !s.simulating() { // a simulator's ticks do it there
		if err := s.engine.Forget(ctx, remote.DefaultSandbox, s.clock.Now(ctx)); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "old commands not forgotten", "error", err.Error())
		}
	}
	err := s.engine.TickAll(ctx, func(ctx context.Context, _ string) bool {
		if !s.simulating() {
			return true
		}
		s.simulated.Refresh(ctx)
		return !s.simulated.Manual(ctx)
	})
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "due work failed", "error", err.Error())
	}
}

// Close stops the service. Work that is going on is left to the next start of the same instance.
func (s *Service) Close(ctx context.Context) error {
	if s.stop != nil {
		s.stop()
		s.background.Wait()
	}
	s.http.CloseIdleConnections() // a server that stops too waits for those on which nothing was ever sent
	err := errors.Join(s.runtime.Shutdown(unwindTimeout), s.instance.Release(context.WithoutCancel(ctx)), s.db.Close(), s.telemetry.Close(ctx))
	if err != nil {
		return fmt.Errorf("close order-ops: %w", err)
	}
	return ctx.Err()
}

// unwindTimeout is how long a stopping service waits for workflows to notice.
const unwindTimeout = 5 * time.Second

// ConfigError is a configuration that does not work, with everything that is wrong.
type ConfigError struct{ Problems []Problem }

// Error implements error, one line a problem.
func (e *ConfigError) Error() string {
	text := ""
	for i, p := range e.Problems {
		if i > 0 {
			text += "\n"
		}
		text += fmt.Sprintf("%s=%q: %s", p.Key, p.Value, p.Why)
	}
	return text
}
