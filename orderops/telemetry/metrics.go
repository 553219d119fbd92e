// Package telemetry is what the service shows of itself while it works: counters and durations for Prometheus, and traces
// over OpenTelemetry, whose context goes in and out as W3C headers. Neither holds anything about a person: labels and
// attributes are operations, systems, classes and codes.
package telemetry

import (
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// Metrics are the service's own; docs/operations.md says what each is for.
type Metrics struct {
	requests       *prometheus.CounterVec
	requestSeconds *prometheus.HistogramVec
	actions        *prometheus.CounterVec
	actionSeconds  *prometheus.HistogramVec
	effects        *prometheus.CounterVec
	calls          *prometheus.CounterVec
	callSeconds    *prometheus.HistogramVec
	held           *prometheus.CounterVec
	breakers       *prometheus.GaugeVec
	offSpec        *prometheus.CounterVec
	switched       *prometheus.CounterVec
	stale          prometheus.Gauge
	codes          *prometheus.CounterVec
	snapshots      *prometheus.CounterVec
}

// seconds are the buckets of all durations: a page in milliseconds, an action in seconds.
func seconds() []float64 {
	return []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
}

// NewMetrics registers the metrics, with those of the process and of Go.
func NewMetrics(r prometheus.Registerer) (*Metrics, error) {
	count := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "orderops_" + name, Help: help}, labels)
	}
	last := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "orderops_" + name, Help: help, Buckets: seconds()}, labels)
	}
	m := &Metrics{
		requests:       count("requests_total", "Requests of channels, by operation and status.", "operation", "status"),
		requestSeconds: last("request_seconds", "How long requests of channels took.", "operation"),
		actions:        count("actions_total", "Actions on orders that came to an end, by what they came to.", "action", "outcome", "code"),
		actionSeconds:  last("action_seconds", "How long actions on orders took, from being taken in.", "action"),
		effects:        count("effects_total", "Effects of actions, by system and how far they had come when they were told.", "remote", "action", "state"),
		calls:          count("remote_calls_total", "Attempts of calls to other systems, by the class they came to; ok is a 2xx.", "remote", "operation", "class"),
		callSeconds:    last("remote_call_seconds", "How long attempts of calls to other systems took.", "remote", "operation"),
		held:           count("remote_held_total", "Calls that were not sent, by why: circuit_open or bulkhead_full.", "remote", "reason"),
		breakers: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "orderops_remote_breaker_open", Help: "1 while the circuit breaker of a system is open.",
		}, []string{"remote"}),
		offSpec:  count("off_spec_total", "Answers of this service that are not as documented.", "operation"),
		switched: count("switched_off_total", "Actions that were refused because they are switched off for the caller, and dry runs.", "action", "mode"),
		stale: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "orderops_switches_stale", Help: "1 while the file of switches cannot be used and older ones are in force.",
		}),
		codes:     count("guest_codes_total", "Codes of guests, by what became of them.", "outcome"),
		snapshots: count("snapshots_total", "Answers of order management that were kept or served while it was away.", "outcome"),
	}
	m.begin()
	return m, errors.Join(
		r.Register(m.requests), r.Register(m.requestSeconds), r.Register(m.actions), r.Register(m.actionSeconds), r.Register(m.effects),
		r.Register(m.calls), r.Register(m.callSeconds), r.Register(m.held), r.Register(m.breakers), r.Register(m.offSpec),
		r.Register(m.switched), r.Register(m.stale), r.Register(m.codes), r.Register(m.snapshots),
		r.Register(collectors.NewGoCollector()), r.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})),
	)
}

// begin shows at zero what alerts look at, before it happens for the first time: a rate begins with a zero.
func (m *Metrics) begin() {
	for _, action := range []orderops.Action{orderops.ActionCancel, orderops.ActionModify, orderops.ActionConfirm, orderops.ActionReturn} {
		for _, outcome := range []string{"succeeded", "refused", "released", "needs_attention"} {
			m.actions.WithLabelValues(string(action), outcome, "")
		}
		m.switched.WithLabelValues(string(action), "off")
		m.switched.WithLabelValues(string(action), "dry_run")
		m.actionSeconds.WithLabelValues(string(action))
	}
	m.offSpec.WithLabelValues("unknown")
	for _, outcome := range []string{"requested", "request_held_back", "opened", "wrong", "locked"} {
		m.codes.WithLabelValues(outcome)
	}
	for _, outcome := range []string{"kept", "served", "unreadable"} {
		m.snapshots.WithLabelValues(outcome)
	}
}

// Remote shows a system's breaker and bulkhead before anything has happened to them.
func (m *Metrics) Remote(system string) {
	m.breakers.WithLabelValues(system)
	m.held.WithLabelValues(system, "circuit_open")
	m.held.WithLabelValues(system, "bulkhead_full")
	for _, class := range []remote.Class{remote.Unavailable, remote.Ambiguous, remote.Throttled, remote.Unauthorized} {
		m.calls.WithLabelValues(system, "any", string(class))
	}
}

// Backlog registers what waits to be done, counted when somebody looks.
func (m *Metrics) Backlog(r prometheus.Registerer, count func() (commands, due, items float64)) error {
	gauge := func(name, help string, pick func(commands, due, items float64) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "orderops_" + name, Help: help}, func() float64 { return pick(count()) })
	}
	return errors.Join(
		r.Register(gauge("commands_open", "Actions on orders that are under way.", func(c, _, _ float64) float64 { return c })),
		r.Register(gauge("due_pending", "Effects of actions that are still owed.", func(_, d, _ float64) float64 { return d })),
		r.Register(gauge("work_items_open", "Work items that wait for a person.", func(_, _, i float64) float64 { return i })),
	)
}

// Request counts a request of a channel that was answered.
func (m *Metrics) Request(operation string, status int, took time.Duration) {
	m.requests.WithLabelValues(operation, strconv.Itoa(status)).Inc()
	m.requestSeconds.WithLabelValues(operation).Observe(took.Seconds())
}

// OffSpec counts an answer that is not as documented.
func (m *Metrics) OffSpec(operation string) { m.offSpec.WithLabelValues(operation).Inc() }

// Action counts an action that came to an end.
func (m *Metrics) Action(action orderops.Action, outcome string, code orderops.Code, took time.Duration) {
	m.actions.WithLabelValues(string(action), outcome, string(code)).Inc()
	m.actionSeconds.WithLabelValues(string(action)).Observe(took.Seconds())
}

// Effect counts an effect of an action.
func (m *Metrics) Effect(e orderops.Effect) {
	m.effects.WithLabelValues(e.System, e.Action, string(e.State)).Inc()
}

// Switched counts an action that was refused for its switch, or run dry.
func (m *Metrics) Switched(action orderops.Action, mode string) {
	m.switched.WithLabelValues(string(action), mode).Inc()
}

// SwitchesStale tells whether the file of switches cannot be used.
func (m *Metrics) SwitchesStale(stale bool) {
	m.stale.Set(0)
	if stale {
		m.stale.Set(1)
	}
}

// GuestCode counts what became of a guest's code.
func (m *Metrics) GuestCode(outcome string) { m.codes.WithLabelValues(outcome).Inc() }

// Snapshot counts an answer that was kept, or served while order management was away.
func (m *Metrics) Snapshot(outcome string) { m.snapshots.WithLabelValues(outcome).Inc() }

// call counts an attempt of a call.
func (m *Metrics) call(system, operation string, err error, took time.Duration) {
	class := "ok"
	if err != nil {
		class = string(remote.ClassOf(err))
		if class == "" {
			class = "internal"
		}
	}
	m.calls.WithLabelValues(system, operation, class).Inc()
	m.callSeconds.WithLabelValues(system, operation).Observe(took.Seconds())
}
