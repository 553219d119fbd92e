package service

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/opsclock"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/scapiclient"
	"github.com/somsim/somsim/orderops/slasclient"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/specguard"
	"github.com/somsim/somsim/orderops/telemetry"
	"github.com/somsim/somsim/orderops/trackingclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
	"github.com/somsim/somsim/specs"
)

// observe makes what the service shows of itself.
func (s *Service) observe(ctx context.Context) error {
	s.registry = prometheus.NewRegistry()
	metrics, err := telemetry.NewMetrics(s.registry)
	if err != nil {
		return err
	}
	s.telemetry, err = telemetry.New(ctx, metrics, opsclock.Wall{}, telemetry.Export{Endpoint: s.cfg.OTLPEndpoint, Instance: s.cfg.instance(), Processor: s.cfg.spans})
	return err
}

// scrapeTimeout bounds what one look at the metrics may ask of the database.
const scrapeTimeout = 2 * time.Second

// backlog shows what waits to be done, and the systems before they are called for the first time.
func (s *Service) backlog(store *command.Store) error {
	for _, system := range []string{somclient.System, b2cclient.System, slotsclient.System, worldlineclient.System, ociclient.System, loyaltyclient.System, trackingclient.System, slasclient.System, scapiclient.System} {
		s.telemetry.Remote(system)
	}
	return s.telemetry.Backlog(s.registry, func() (commands, due, items float64) {
		ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
		defer cancel()
		b, err := store.Backlog(ctx)
		if err != nil {
			return math.NaN(), math.NaN(), math.NaN()
		}
		return float64(b.Commands), float64(b.Due), float64(b.WorkItems)
	})
}

// guard reads the service's own document.
func guard() (*specguard.Guard, error) {
	text, err := specs.FS.ReadFile("orderops/openapi.yaml")
	if err != nil {
		return nil, err
	}
	return specguard.New(text)
}

// strict says whether answers that are not as documented are kept back: in a simulation, where somebody is to notice.
// Shoppers get what there is, and the operators are told.
func (s *Service) strict() bool {
	if s.cfg.OffSpec == "" {
		return s.simulating()
	}
	return s.cfg.OffSpec == OffSpecRefuse
}

// pollSwitches puts other switches in force when their file has changed.
func (s *Service) pollSwitches(ctx context.Context) {
	changed, err := s.switches.Poll()
	switch {
	case err != nil:
		s.log.ErrorContext(ctx, "switches not read; what was in force stays in force", "error", err.Error())
	case changed:
		s.log.InfoContext(ctx, "audit", "decision", "switches reloaded", "by", "file", "version", s.switches.Status().Version)
	}
	s.telemetry.SwitchesStale(s.switches.Status().Problem != "")
}

// What becomes of an answer that is not as documented.
const (
	OffSpecRefuse = "refuse"
	OffSpecReport = "report"
)

// ended counts what a command came to.
func (s *Service) ended(ctx context.Context, row command.Row, result command.Result) {
	code := orderops.Code("")
	if r := result.Answer.Refusal; r != nil {
		code = r.Code
	}
	s.telemetry.Action(row.Action, string(result.State), code, s.clock.Now(ctx).Sub(row.CreatedAt))
	for _, effect := range *result.Answer.Effects() {
		s.telemetry.Effect(effect)
	}
}

// jitter is a source of chance for the pauses between repetitions, which nothing depends on.
func jitter() func() float64 {
	var mu sync.Mutex
	source := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec,forbidigo // spreads pauses; nothing is repeated by it
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return source.Float64()
	}
}

var _ remote.Observer = (*telemetry.Telemetry)(nil)
