package telemetry

import (
	"context"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/somsim/somsim/orderops/remote"
)

// Clock measures how long things take, by the machine's clock whatever a sandbox's says.
type Clock interface {
	Now(ctx context.Context) time.Time
}

// Telemetry sees requests and calls.
type Telemetry struct {
	*Metrics
	clock    Clock
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	w3c      propagation.TraceContext
}

// Export says where traces go.
type Export struct {
	// Endpoint is the base URL of an OTLP collector over HTTP, as http://collector:4318; empty exports nothing, and the
	// context of traces is handed on all the same.
	Endpoint string
	// Instance is the name of this instance.
	Instance string
	// Processor takes the place of the exporter, in tests.
	Processor sdktrace.SpanProcessor
}

// New makes the telemetry of a service.
func New(ctx context.Context, m *Metrics, clock Clock, e Export) (*Telemetry, error) {
	options := []sdktrace.TracerProviderOption{sdktrace.WithResource(resource.NewSchemaless(
		attribute.String("service.name", "order-ops"), attribute.String("service.instance.id", e.Instance),
	))}
	if e.Processor != nil {
		options = append(options, sdktrace.WithSpanProcessor(e.Processor))
	}
	if e.Endpoint != "" {
		exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(tracesURL(e.Endpoint)))
		if err != nil {
			return nil, err
		}
		options = append(options, sdktrace.WithBatcher(exporter))
	}
	provider := sdktrace.NewTracerProvider(options...)
	return &Telemetry{Metrics: m, clock: clock, provider: provider, tracer: provider.Tracer("order-ops")}, nil
}

// tracesURL adds OTLP's own path to a base URL.
func tracesURL(base string) string {
	for len(base) > 0 && base[len(base)-1] == '/' {
		base = base[:len(base)-1]
	}
	return base + "/v1/traces"
}

// Close sends what is still to be sent.
func (t *Telemetry) Close(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// Inbound begins the trace of a request: that of its caller goes on. The answer ends it.
func (t *Telemetry) Inbound(ctx context.Context, operation, traceParent string) (context.Context, func(status int)) {
	ctx, span := t.tracer.Start(t.joined(ctx, traceParent), operation, trace.WithSpanKind(trace.SpanKindServer))
	began := t.clock.Now(ctx)
	return ctx, func(status int) {
		t.Request(operation, status, t.clock.Now(ctx).Sub(began))
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// joined makes a context go on with the trace of a traceparent, unless it has one already.
func (t *Telemetry) joined(ctx context.Context, traceParent string) context.Context {
	if traceParent == "" || trace.SpanContextFromContext(ctx).IsValid() {
		return ctx
	}
	return t.w3c.Extract(ctx, propagation.MapCarrier{"traceparent": traceParent})
}

// TraceParent is the context of a trace as its header says it; empty without one.
func (t *Telemetry) TraceParent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	t.w3c.Inject(ctx, carrier)
	return carrier["traceparent"]
}

// Attempt implements remote.Observer: one span and one count for each attempt of a call. Background work goes on with the
// trace of the request that began it.
func (t *Telemetry) Attempt(ctx context.Context, system, operation string) (context.Context, func(err error)) {
	scope := remote.ScopeOf(ctx)
	ctx, span := t.tracer.Start(t.joined(ctx, scope.TraceParent), system+" "+operation, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("peer.service", system), attribute.String("orderops.operation", operation),
			attribute.String("orderops.correlation_id", scope.CorrelationID)))
	scope.TraceParent = t.TraceParent(ctx)
	ctx = remote.WithScope(ctx, scope)
	began := t.clock.Now(ctx)
	return ctx, func(err error) {
		t.call(system, operation, err, t.clock.Now(ctx).Sub(began))
		if failure, ok := remote.AsError(err); ok {
			span.SetAttributes(attribute.String("orderops.class", string(failure.Class)), attribute.Int("http.response.status_code", failure.Status))
			span.SetStatus(codes.Error, string(failure.Class))
		}
		span.End()
	}
}

// Held implements remote.Observer: a call that was not sent.
func (t *Telemetry) Held(system, reason string) { t.held.WithLabelValues(system, reason).Inc() }

// BreakerOpen implements remote.Observer.
func (t *Telemetry) BreakerOpen(system string, open bool) {
	value := 0.0
	if open {
		value = 1
	}
	t.breakers.WithLabelValues(system).Set(value)
}
