package telemetry

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/somsim/somsim/orderops/remote"
)

type stillClock struct{ now time.Time }

func (c *stillClock) Now(context.Context) time.Time {
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *stillClock) Wait(context.Context, time.Duration) error { return nil }

func open(t *testing.T) (*Telemetry, *tracetest.InMemoryExporter, *prometheus.Registry) {
	t.Helper()
	registry := prometheus.NewRegistry()
	metrics, err := NewMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	kept := tracetest.NewInMemoryExporter()
	tel, err := New(t.Context(), metrics, &stillClock{}, Export{Processor: sdktrace.NewSimpleSpanProcessor(kept)})
	if err != nil {
		t.Fatal(err)
	}
	return tel, kept, registry
}

const callers = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

// A request and each attempt of each call are spans of the caller's trace, and the system that is called learns of the
// attempt that calls it.
func TestTraceGoesThroughEveryAttempt(t *testing.T) {
	t.Parallel()
	tel, kept, registry := open(t)
	var told []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if told = append(told, r.Header.Get("traceparent")); len(told) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	ctx, answered := tel.Inbound(t.Context(), "getOrder", callers)
	ctx = remote.WithScope(ctx, remote.Scope{CorrelationID: "c-1", TraceParent: tel.TraceParent(ctx)})
	caller := remote.Caller{System: "som", BaseURL: server.URL, Clock: &stillClock{}, Observer: tel}
	if _, err := caller.Do(ctx, remote.Call{Operation: "composite", Method: http.MethodGet, Path: "/"}); err != nil {
		t.Fatal(err)
	}
	answered(http.StatusOK)
	spans := kept.GetSpans()
	if len(spans) != 3 || len(told) != 2 || told[0] == told[1] {
		t.Fatalf("%d spans, told %v", len(spans), told)
	}
	request := spans[2]
	for i, attempt := range spans[:2] {
		id := attempt.SpanContext
		if attempt.Name != "som composite" || attempt.Parent.SpanID() != request.SpanContext.SpanID() || !strings.Contains(told[i], id.SpanID().String()) {
			t.Errorf("attempt %d is %s of %s, and the system was told %s", i, attempt.Name, attempt.Parent.SpanID(), told[i])
		}
	}
	if request.SpanContext.TraceID().String() != "0af7651916cd43dd8448eb211c80319c" {
		t.Errorf("the request is of trace %s, not its caller's", request.SpanContext.TraceID())
	}
	want := `
# HELP orderops_remote_calls_total Attempts of calls to other systems, by the class they came to; ok is a 2xx.
# TYPE orderops_remote_calls_total counter
orderops_remote_calls_total{class="ok",operation="composite",remote="som"} 1
orderops_remote_calls_total{class="unavailable",operation="composite",remote="som"} 1
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "orderops_remote_calls_total"); err != nil {
		t.Error(err)
	}
}

// What is done in the background, where no request is, goes on with the trace that its command has kept.
func TestBackgroundWorkGoesOnWithTheTraceOfItsRequest(t *testing.T) {
	t.Parallel()
	tel, kept, _ := open(t)
	ctx := remote.WithScope(t.Context(), remote.Scope{TraceParent: callers})
	_, done := tel.Attempt(ctx, "slots", "releaseBooking")
	done(&remote.Error{System: "slots", Class: remote.Throttled, Status: 429})
	spans := kept.GetSpans()
	if len(spans) != 1 || spans[0].Parent.SpanID().String() != "b7ad6b7169203331" || spans[0].Status.Description != "throttled" {
		t.Errorf("spans %+v", spans)
	}
}

func TestBreakersAndBulkheadsAreSeen(t *testing.T) {
	t.Parallel()
	tel, _, _ := open(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	t.Cleanup(server.Close)
	caller := remote.Caller{System: "som", BaseURL: server.URL, Observer: tel, Breakers: remote.NewBreakers(&stillClock{})}
	for range 10 {
		_, _ = caller.Do(t.Context(), remote.Call{Operation: "query", Method: http.MethodGet, Path: "/"}) // fails, as it should
	}
	if got := testutil.ToFloat64(tel.breakers.WithLabelValues("som")); got != 1 {
		t.Errorf("the open breaker is shown as %v", got)
	}
	if got := testutil.ToFloat64(tel.held.WithLabelValues("som", "circuit_open")); got != 2 {
		t.Errorf("%v calls are shown as held back, want 2", got)
	}
}
