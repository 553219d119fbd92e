package inbound

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
)

// hook is a webhook of a payment or refund.
func hook(id, kind, op, status string, code int, at string) string {
	subject, _, _ := strings.Cut(kind, ".")
	return fmt.Sprintf(`{"apiVersion":"v1","id":"%s","created":"2026-06-01T12:00:00Z","merchantId":"shop","type":"%s","%s":{"id":"%s","status":"%s",`+
		`"statusOutput":{"statusCode":%d,"statusCodeChangeDateTime":"%s"}}}`, id, kind, subject, op, status, code, at)
}

// provider is what takes webhooks, over statuses and effects in memory.
type provider struct {
	*Webhooks
	known    map[string]string // thing → the latest "time rank"
	events   map[string]bool
	effects  map[string]bool // references of effects that are done
	overturn []string
	broken   error
	log      strings.Builder
	noting   string // is noted as done while a webhook is kept
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	metrics, err := NewMetrics(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{known: map[string]string{}, events: map[string]bool{}, effects: map[string]bool{"pay_2": true}}
	p.Webhooks = &Webhooks{
		Statuses: p, Effects: p, Clock: &desk{now: noon(), true: noon()}, KeyID: "key", Secret: "s3cret", MerchantID: "shop", Metrics: metrics,
		RefundAgain: func(command.Row, orderops.Effect) (command.Due, error) { return command.Due{}, nil },
		Log:         slog.New(slog.NewTextHandler(&p.log, nil)),
	}
	return p
}

func place(rank int, at time.Time) string { return fmt.Sprintf("%s %d", at.Format(time.RFC3339), rank) }

func (p *provider) Later(_ context.Context, _, thing string, rank int, at time.Time) (bool, error) {
	return p.known[thing] > place(rank, at), p.broken
}

func (p *provider) Advance(_ context.Context, e command.Event, thing, _ string, rank int, at time.Time) (fresh, newer bool, err error) {
	if p.broken != nil || p.events[e.UUID] {
		return false, false, p.broken
	}
	p.events[e.UUID] = true
	if p.noting != "" {
		p.effects[p.noting] = true
	}
	if newer = p.known[thing] < place(rank, at); newer {
		p.known[thing] = place(rank, at)
	}
	return true, newer, nil
}

func (p *provider) Overturn(_ context.Context, o command.Overturned) (command.Row, error) {
	if p.broken != nil || !p.effects[o.Reference] {
		return command.Row{}, errors.Join(p.broken, command.ErrNoCommand)
	}
	delete(p.effects, o.Reference)
	p.overturn = append(p.overturn, o.Reference+" "+o.Code)
	return command.Row{}, nil
}

func mac(secret, body string) string {
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(sum.Sum(nil))
}

func (p *provider) send(t *testing.T, body string) []Receipt {
	t.Helper()
	got, err := p.Take(t.Context(), "key", mac("s3cret", body), []byte(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return got
}

func TestAStatusCountsOnceAndInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	requested := hook("w-1", "refund.refund_requested", "pay_2", "REFUND_REQUESTED", 81, "20260601120000")
	rejected := hook("w-2", "refund.rejected", "pay_2", "REJECTED", 83, "20260603120000")
	sameSecond := hook("w-3", "refund.rejected", "pay_2", "REJECTED", 83, "20260601120000")
	paidAfterAll := hook("w-4", "refund.refunded", "pay_2", "REFUNDED", 8, "20260604120000")
	captured := hook("w-5", "payment.captured", "pay_1", "CAPTURED", 9, "20260601120000")
	other := hook("w-6", "refund.rejected", "other_9", "REJECTED", 83, "20260601120000")
	cases := []struct {
		name string
		sent []string
		want []string
	}{
		{"in order", []string{requested, rejected}, []string{"pay_2 83"}},
		{"each twice", []string{requested, requested, rejected, rejected}, []string{"pay_2 83"}},
		{"out of order", []string{rejected, requested}, []string{"pay_2 83"}},
		{"within a second", []string{requested, sameSecond}, []string{"pay_2 83"}},
		{"when the provider had thought better of it", []string{paidAfterAll, rejected}, nil},
		{"a refund of somebody else", []string{other}, nil},
		{"what is no refund", []string{captured}, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			seen := map[string]bool{}
			for _, body := range tc.sent {
				for _, r := range p.send(t, body) {
					if r.Duplicate != seen[r.UUID] {
						t.Errorf("%s is a duplicate: %t", r.UUID, r.Duplicate)
					}
					seen[r.UUID] = true
				}
			}
			if diff := cmp.Diff(tc.want, p.overturn); diff != "" {
				t.Error(diff)
			}
		})
	}
	all := newProvider(t)
	if got := all.send(t, "["+requested+","+captured+","+rejected+"]"); len(got) != 3 || len(all.overturn) != 1 {
		t.Errorf("a list: %v, %v", got, all.overturn)
	}
}

// What could not be kept comes again, and does then what it was to do.
func TestAWebhookThatCouldNotBeKeptComesAgain(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	body := hook("w-2", "refund.rejected", "pay_2", "REJECTED", 83, "20260603120000")
	p.broken = errors.New("the database is away")
	if _, err := p.Take(t.Context(), "key", mac("s3cret", body), []byte(body)); err == nil {
		t.Fatal("it was taken")
	}
	p.broken = nil
	if got := p.send(t, body); len(p.overturn) != 1 || got[0].Duplicate {
		t.Errorf("%v, %v", got, p.overturn)
	}
}

// A refund may be noted as done between the look for it and the keeping of what the provider told of its end; or it is noted
// after that, and looks back then.
func TestAWebhookThatOvertakesTheAnswer(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.noting = "late_2"
	p.send(t, hook("w-1", "refund.rejected", "late_2", "REJECTED", 83, "20260603120000"))
	if diff := cmp.Diff([]string{"late_2 83"}, p.overturn); diff != "" {
		t.Error(diff)
	}
	for status, want := range map[string]bool{statusRefused: true, "REFUNDED": false, "REFUND_REQUESTED": false} {
		o, ok := p.Overtaken("s", orderops.Effect{Reference: "late_3"}, status)
		if ok != want || o.Sandbox != "s" || o.Reference != "late_3" || o.System != "worldline" || o.Code != "83" {
			t.Errorf("%s: %+v, %t", status, o, ok)
		}
	}
}

func TestWebhooksThatAreRefused(t *testing.T) {
	t.Parallel()
	good := hook("w-1", "payment.captured", "pay_1", "CAPTURED", 9, "20260601120000")
	cases := []struct {
		name, key, signature, body string
		code                       orderops.Code
	}{
		{"no signature", "key", "", good, orderops.InvalidSignature},
		{"another secret", "key", mac("guess", good), good, orderops.InvalidSignature},
		{"another key", "old", mac("s3cret", good), good, orderops.InvalidSignature},
		{"another body", "key", mac("s3cret", good), good + " ", orderops.InvalidSignature},
	}
	for name, body := range map[string]string{
		"no JSON": "hello", "nothing": "", "a list of nothing that fits": `[1]`, "no id": strings.Replace(good, `"w-1"`, `""`, 1),
		"no type": strings.Replace(good, "payment.captured", "", 1), "another merchant": strings.Replace(good, `"shop"`, `"thief"`, 1),
		"a payment without status": strings.Replace(good, "CAPTURED", "", 1), "no time": strings.Replace(good, "20260601120000", "soon", 1),
	} {
		cases = append(cases, struct {
			name, key, signature, body string
			code                       orderops.Code
		}{name, "key", mac("s3cret", body), body, orderops.InvalidRequest})
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			_, err := p.Take(t.Context(), tc.key, tc.signature, []byte(tc.body))
			if refusal, ok := orderops.AsRefusal(err); !ok || refusal.Code != tc.code || len(p.events) != 0 || p.log.Len() != 0 {
				t.Errorf("%v, kept %v, logged %s", err, p.events, p.log.String())
			}
		})
	}
	p := newProvider(t)
	p.Secret = ""
	if refusal, ok := orderops.AsRefusal(func() error { _, err := p.Take(t.Context(), "key", mac("", good), []byte(good)); return err }()); !ok || refusal.Code != orderops.EventsNotConfigured {
		t.Errorf("%v", refusal)
	}
}

// Nothing that anybody sends who knows the secret brings the reader down.
func FuzzWebhooks(f *testing.F) {
	f.Add(hook("w-1", "refund.rejected", "pay_2", "REJECTED", 83, "20260603120000"))
	f.Add(`[{}]`)
	f.Fuzz(func(t *testing.T, body string) {
		documents, err := (&Webhooks{MerchantID: "shop"}).parse([]byte(body))
		for _, d := range documents {
			if err != nil || d.ID == "" || !json.Valid(d.raw) {
				t.Fatalf("%+v, %v", d, err)
			}
		}
	})
}
