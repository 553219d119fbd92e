package inbound

import "github.com/prometheus/client_golang/prometheus"

// outcome is what became of an event that was sent to the service.
type outcome string

const (
	outcomeAccepted      outcome = "accepted"
	outcomeDuplicate     outcome = "duplicate"
	outcomeStale         outcome = "stale" // a later status is known
	outcomeUnproved      outcome = "invalid_signature"
	outcomeMalformed     outcome = "malformed"
	outcomeNotConfigured outcome = "not_configured"
)

// Metrics count what comes in.
type Metrics struct{ events *prometheus.CounterVec }

// NewMetrics registers the counter orderops_inbound_events_total: by event, which is empty for those whose sender is not
// proved, and by outcome.
func NewMetrics(r prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "orderops_inbound_events_total", Help: "Platform events of order management and webhooks of the payment provider that were sent to this service.",
	}, []string{"event", "outcome"})}
	return m, r.Register(m.events)
}

func (m *Metrics) count(event string, o outcome) { m.events.WithLabelValues(event, string(o)).Inc() }
