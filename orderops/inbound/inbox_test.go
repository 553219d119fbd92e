package inbound

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
)

const created = `{"channel":"/event/OrderSummaryCreatedEvent","data":{"schema":"s","payload":{"CreatedDate":"2026-06-01T13:00:00.000Z",` +
	`"CreatedById":"0055i0000000001AAA","OrderId":"8015i0000000001AAA","OrderSummaryId":"1Os5i0000000001CAA"},"event":{"EventUuid":"uuid-1","replayId":7}}}`

func noon() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }

// desk is an inbox over a store in memory, with a clock that shows another time once it is read anew.
type desk struct {
	*Inbox
	kept      map[string]command.Event
	now, true time.Time
	broken    error
	log       strings.Builder
	registry  *prometheus.Registry
	woken     []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{kept: map[string]command.Event{}, now: noon(), true: noon(), registry: prometheus.NewRegistry()}
	metrics, err := NewMetrics(d.registry)
	if err != nil {
		t.Fatal(err)
	}
	d.Inbox = &Inbox{Store: d, Clock: d, Secret: "s3cret", Metrics: metrics, Log: slog.New(slog.NewTextHandler(&d.log, nil))}
	return d
}

func (d *desk) KeepEvent(_ context.Context, e command.Event) (bool, error) {
	_, known := d.kept[e.Sandbox+e.UUID]
	if d.broken == nil && !known {
		d.kept[e.Sandbox+e.UUID] = e
	}
	return !known, d.broken
}

func (d *desk) WakeDue(_ context.Context, sandbox, kind, id string, at time.Time) error {
	d.woken = append(d.woken, sandbox+" "+kind+" "+id+" "+at.Format("15:04"))
	return nil
}

func (d *desk) Now(context.Context) time.Time { return d.now }

func (d *desk) Refresh(context.Context) { d.now = d.true }

// count is what the metric says of an event and an outcome.
func (d *desk) count(t *testing.T, event string, o outcome) float64 {
	t.Helper()
	families, err := d.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			labels := map[string]string{}
			for _, l := range metric.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if labels["event"] == event && labels["outcome"] == string(o) {
				return metric.GetCounter().GetValue()
			}
		}
	}
	return 0
}

func signed(secret string, at time.Time, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(fmt.Sprintf("%d.%s", at.Unix(), body)))
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(mac.Sum(nil)))
}

func TestAnEventIsKeptOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := remote.WithScope(t.Context(), remote.Scope{Sandbox: "blue", CorrelationID: "c-1"})
	for i, want := range []Receipt{{"uuid-1", false}, {"uuid-1", true}} {
		// Each attempt is signed anew.
		got, err := d.Take(ctx, signed("s3cret", noon().Add(time.Duration(i)*time.Second), created), []byte(created))
		if err != nil || got != want {
			t.Errorf("attempt %d: %+v, %v", i, got, err)
		}
	}
	want := command.Event{Sandbox: "blue", UUID: "uuid-1", Channel: "/event/OrderSummaryCreatedEvent", ReplayID: 7, Body: created, ReceivedAt: noon()}
	if len(d.kept) != 1 || d.kept["blueuuid-1"] != want {
		t.Errorf("kept %+v", d.kept)
	}
	if other, err := d.Take(t.Context(), signed("s3cret", noon(), created), []byte(created)); err != nil || other.Duplicate {
		t.Errorf("another sandbox: %+v, %v", other, err)
	}
	if log := d.log.String(); strings.Count(log, "msg=audit") != 2 || !strings.Contains(log, "event=OrderSummaryCreatedEvent") ||
		!strings.Contains(log, "order_summary_id=1Os5i0000000001CAA") || !strings.Contains(log, "order_id=8015i0000000001AAA") ||
		!strings.Contains(log, "correlation_id=c-1") || strings.Contains(log, "s3cret") {
		t.Errorf("the audit log says\n%s", log)
	}
	if n := d.count(t, "OrderSummaryCreatedEvent", outcomeAccepted); n != 2 {
		t.Errorf("accepted %v", n)
	}
	if n := d.count(t, "OrderSummaryCreatedEvent", outcomeDuplicate); n != 1 {
		t.Errorf("duplicates %v", n)
	}
}

func TestEventsThatAreRefused(t *testing.T) {
	t.Parallel()
	good := signed("s3cret", noon(), created)
	withBody := func(body string) (string, string) { return signed("s3cret", noon(), body), body }
	type tc struct {
		name, signature, body string
		code                  orderops.Code
		detail                string
		counted               outcome
	}
	cases := []tc{
		{"no signature", "", created, orderops.InvalidSignature, "is missing", outcomeUnproved},
		{"no time", strings.SplitN(good, ",", 2)[1], created, orderops.InvalidSignature, "is missing", outcomeUnproved},
		{"two times", good + ",t=1", created, orderops.InvalidSignature, "is missing", outcomeUnproved},
		{"a time that is no number", strings.Replace(good, "t=", "t=x", 1), created, orderops.InvalidSignature, "is missing", outcomeUnproved},
		{"no digest", "t=1780315200", created, orderops.InvalidSignature, "is missing", outcomeUnproved},
		{"another secret", signed("other", noon(), created), created, orderops.InvalidSignature, "not of this body", outcomeUnproved},
		{"another body", good, created + " ", orderops.InvalidSignature, "not of this body", outcomeUnproved},
		{"another time", strings.Replace(good, "t=", "t=1", 1), created, orderops.InvalidSignature, "not of this body", outcomeUnproved},
		{"too old", signed("s3cret", noon().Add(-301*time.Second), created), created, orderops.InvalidSignature, "more than 5m0s from now", outcomeUnproved},
		{"from the future", signed("s3cret", noon().Add(301*time.Second), created), created, orderops.InvalidSignature, "more than 5m0s from now", outcomeUnproved},
	}
	for name, body := range map[string]string{
		"no JSON":           "hello",
		"nothing":           "",
		"a list":            "[" + created + "]",
		"no channel":        strings.Replace(created, "channel", "chan", 1),
		"another channel":   strings.Replace(created, "/event/", "/data/", 1),
		"no UUID":           strings.Replace(created, "EventUuid", "Uuid", 1),
		"a UUID of signs":   strings.Replace(created, "uuid-1", "uuid 1", 1),
		"a negative replay": strings.Replace(created, `"replayId":7`, `"replayId":-7`, 1),
		"no payload":        strings.Replace(created, "payload", "load", 1),
	} {
		signature, body := withBody(body)
		cases = append(cases, tc{name, signature, body, orderops.InvalidRequest, "", outcomeMalformed})
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			_, err := d.Take(t.Context(), tc.signature, []byte(tc.body))
			refusal, ok := orderops.AsRefusal(err)
			if !ok || refusal.Code != tc.code || !strings.Contains(refusal.Detail, tc.detail) || refusal.Retriable {
				t.Fatalf("got %v, want %s %s", err, tc.code, tc.detail)
			}
			if len(d.kept) != 0 || d.log.Len() != 0 {
				t.Errorf("kept %v, logged %s", d.kept, d.log.String())
			}
			if n := d.count(t, "", tc.counted); n != 1 {
				t.Errorf("counted %v", n)
			}
		})
	}
}

func TestOneOfSeveralSignaturesIsEnough(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, second, _ := strings.Cut(signed("s3cret", noon(), created), ",")
	if _, err := d.Take(t.Context(), signed("retired", noon(), created)+", "+second, []byte(created)); err != nil {
		t.Error(err)
	}
}

func TestAClockThatWasReadTooLongAgoIsReadAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.true = noon().Add(240 * time.Hour)
	if _, err := d.Take(t.Context(), signed("s3cret", d.true, created), []byte(created)); err != nil {
		t.Errorf("signed now: %v", err)
	}
	if _, err := d.Take(t.Context(), signed("s3cret", noon(), created), []byte(created)); err == nil {
		t.Error("what was signed ten days ago is taken")
	}
}

func TestWithoutASecretNothingIsTaken(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Secret = ""
	_, err := d.Take(t.Context(), signed("", noon(), created), []byte(created))
	refusal, ok := orderops.AsRefusal(err)
	if !ok || refusal.Code != orderops.EventsNotConfigured || !refusal.Retriable || refusal.RetryAfter == 0 || len(d.kept) != 0 {
		t.Errorf("got %v", err)
	}
}

func TestAnEventThatCannotBeKeptIsNoRefusal(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.broken = errors.New("the disk is full")
	_, err := d.Take(t.Context(), signed("s3cret", noon(), created), []byte(created))
	if _, refused := orderops.AsRefusal(err); err == nil || refused {
		t.Errorf("got %v", err)
	}
	if n := d.count(t, "OrderSummaryCreatedEvent", outcomeAccepted); n != 0 {
		t.Errorf("accepted %v", n)
	}
}

// What waits for an order is woken by an event about it, once.
func TestAnEventWakesWhatWaitsForIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Wakes = []string{"som.awaitReturn"}
	own := strings.Replace(strings.Replace(created, "OrderSummaryCreatedEvent", "Return_Received__e", 1), `"OrderSummaryId"`, `"ReturnOrderId__c"`, 1)
	for _, body := range []string{created, created, strings.Replace(own, "uuid-1", "uuid-2", 1)} {
		if _, err := d.Take(t.Context(), signed(d.Secret, noon(), body), []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	want := "default som.awaitReturn 1Os5i0000000001CAA 12:00"
	if len(d.woken) != 2 || d.woken[0] != want || d.woken[1] != want {
		t.Errorf("woken: %q", d.woken)
	}
}
