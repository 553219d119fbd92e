package ga4_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/tracking"
	"github.com/somsim/somsim/simulator/tracking/ga4"
)

func monday() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

const (
	query   = "?measurement_id=G-1&api_secret=somsim"
	collect = "/mp/collect" + query
	debug   = "/debug/mp/collect" + query
	good    = `{"client_id":"client","user_id":"user","timestamp_micros":1780300799000000,"events":[{"name":"refund","params":{"transaction_id":"O-1",` +
		`"event_id":"cancel-1","currency":"EUR","value":12.50,"consented":true,"nested":{},"items":[{"item_id":"MUG","quantity":2,"price":6.25}]}}]}`
)

type service struct {
	worlds   *sandbox.Worlds
	world    *sandbox.World
	router   *binding.Router
	tracking *tracking.Tracking
	t        *testing.T
}

func start(t *testing.T) *service {
	t.Helper()
	schema := store.NewSchema()
	tables, domain := sandbox.Declare(schema), tracking.Declare(schema)
	face, err := ga4.New(domain)
	if err != nil {
		t.Fatal(err)
	}
	sensitive, err := binding.Sensitive(face)
	if err != nil {
		t.Fatal(err)
	}
	redactor := journal.NewRedactor(sensitive...)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(monday()), Runners: domain.Runners(), Redactor: redactor,
		Presets: map[string]sandbox.Preset{"empty": func(*sandbox.Tx) error { return nil }},
	})
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	router, err := binding.NewRouter(binding.Options{Worlds: worlds, Redactor: redactor, Log: log}, face)
	if err != nil {
		t.Fatal(err)
	}
	s := &service{worlds: worlds, router: router, tracking: domain, t: t}
	for _, name := range []string{"other", sandbox.Default} {
		if s.world, err = worlds.Create(name, sandbox.Options{From: "empty", Mode: clock.ModeManual, At: monday()}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// call sends a request and checks that the simulator kept its own rules.
func (s *service) call(method, path, body string, header ...string) (int, string) {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.router.ServeHTTP(w, r)
	out, err := io.ReadAll(w.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if e := s.last(); e.Bug != "" {
		s.t.Fatalf("simulator bug: %s", e.Bug)
	}
	return w.Code, string(out)
}

func (s *service) last() journal.Entry {
	entries, _ := s.world.Journal(journal.Query{})
	if len(entries) == 0 {
		return journal.Entry{}
	}
	return entries[len(entries)-1]
}

// events renders what a sandbox received: name, order, what became of it.
func (s *service) events(name string) []string {
	s.t.Helper()
	w, _ := s.worlds.Get(name)
	tx := w.Read()
	defer tx.Abort()
	var found []string
	for _, e := range s.tracking.Events(tx, "") {
		found = append(found, strings.Join(append([]string{e.Name, e.TransactionID, string(e.Status)}, e.Rules...), " "))
	}
	return found
}

func TestEventsShowInTheJournalWithoutTheSecret(t *testing.T) {
	t.Parallel()
	s := start(t)
	if code, body := s.call("POST", collect, good); code != http.StatusNoContent || body != "" {
		t.Errorf("%d %s", code, body)
	}
	e := s.last()
	if e.Operation != "collectEvents" || e.Rule != "" || strings.Contains(e.Query, "somsim") || len(e.Changes) != 1 {
		t.Errorf("%+v", e)
	}
	const row = `{"Number":1,"MeasurementID":"G-1","ClientID":"client","UserID":"user","Name":"refund","TransactionID":"O-1","EventID":"cancel-1",` +
		`"Currency":"EUR","Value":"12.5","Items":[{"ID":"MUG","Name":"","Quantity":"2","Price":"6.25"}],"Status":"accepted","Rules":null,` +
		`"At":"2026-06-01T07:59:59Z","ReceivedAt":"2026-06-01T08:00:00Z"}`
	if diff := cmp.Diff(journal.Change{Entity: "tracking.Event", Key: "000000000001", After: row}, e.Changes[0]); diff != "" {
		t.Error(diff)
	}
}

func TestTheCollectorAnswers204WhateverComes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, path, body string
		header           []string
		want             []string
	}{
		{"an event as a beacon", collect, good, []string{"Content-Type", "text/plain"}, []string{"refund O-1 accepted"}},
		{"an event without media type", collect, good, []string{"Content-Type", ""}, []string{"refund O-1 accepted"}},
		{"a wrong secret", "/mp/collect?measurement_id=G-1&api_secret=wrong", good, nil, []string{"refund O-1 rejected tracking.secret.known"}},
		{"no query", "/mp/collect", good, nil, []string{"refund O-1 rejected tracking.secret.known tracking.stream.named"}},
		{"no body", collect, "", nil, []string{"  rejected tracking.payload.json"}},
		{"no JSON", collect, "{", nil, []string{"  rejected tracking.payload.json"}},
		{"no object", collect, "[]", nil, []string{"  rejected tracking.payload.json"}},
		{"no list of events", collect, `{"client_id":"c","events":{}}`, nil, []string{"  rejected tracking.payload.json"}},
		{"no client", collect, `{"events":[{"name":"login"}]}`, nil, []string{"login  rejected tracking.client.required"}},
		{"a client that is a number", collect, `{"client_id":1,"events":[{"name":"login"}]}`, nil, []string{"login  rejected tracking.client.required"}},
		{"one of two is wrong", collect, `{"client_id":"c","events":[{"name":"_x"},{"name":"login","params":null}]}`, nil, []string{"_x  rejected tracking.event.name", "login  accepted"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			if code, body := s.call("POST", tc.path, tc.body, tc.header...); code != http.StatusNoContent || body != "" {
				t.Errorf("%d %s", code, body)
			}
			if diff := cmp.Diff(tc.want, s.events(sandbox.Default)); diff != "" {
				t.Error(diff)
			}
			if rejected := strings.Contains(tc.want[0], "rejected"); rejected != (s.last().Rule != "") {
				t.Errorf("rule %q", s.last().Rule)
			}
		})
	}
}

func TestTheValidationServerTellsAndForgets(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, path, body, want, rule string }{
		{"a good event", debug, good, `{"validationMessages":[]}`, ""},
		{"a good event without credentials", "/debug/mp/collect", good, `{"validationMessages":[]}`, ""},
		{
			"a bad name", debug, `{"client_id":"c","events":[{"name":"_badEventName","params":{}}]}`,
			`{"validationMessages":[{"fieldPath":"events","description":"Event at index: [0] has invalid name [_badEventName].","validationCode":"NAME_INVALID"}]}`, "tracking.event.name",
		},
		{
			"a refund of nothing", debug, `{"client_id":"c","events":[{"name":"refund","params":{"value":1}}]}`,
			`{"validationMessages":[{"fieldPath":"events.params.transaction_id","description":"Event at index: [0] requires a transaction_id.","validationCode":"VALUE_REQUIRED"},` +
				`{"fieldPath":"events.params.currency","description":"Event at index: [0] has a value and requires a currency.","validationCode":"VALUE_REQUIRED"}]}`, "tracking.transaction.required",
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			code, body := s.call("POST", tc.path, tc.body)
			if diff := cmp.Diff(tc.want, body); code != http.StatusOK || diff != "" {
				t.Errorf("%d %s", code, diff)
			}
			if e := s.last(); e.Rule != tc.rule || len(e.Changes) != 0 || s.events(sandbox.Default) != nil {
				t.Errorf("rule %q, changes %v", e.Rule, e.Changes)
			}
		})
	}
}

func TestARepeatedEventIsADuplicate(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.call("POST", collect, good)
	s.call("POST", collect, good)
	if diff := cmp.Diff([]string{"refund O-1 accepted", "refund O-1 duplicate tracking.event.once"}, s.events(sandbox.Default)); diff != "" {
		t.Error(diff)
	}
	if s.last().Rule != "tracking.event.once" {
		t.Errorf("rule %q", s.last().Rule)
	}
}

func TestTheSecretSelectsTheSandbox(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.call("POST", collect+"~other", good)
	if s.events(sandbox.Default) != nil || len(s.events("other")) != 1 {
		t.Errorf("default %v, other %v", s.events(sandbox.Default), s.events("other"))
	}
	if code, body := s.call("POST", collect+"~nowhere", good); code != 400 || !strings.Contains(body, "nowhere") {
		t.Errorf("%d %s", code, body)
	}
}

func TestOtherRequestsAreRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, method, path, want string
		status                   int
	}{
		{"reading", "GET", collect, `"code":405`, 405},
		{"an unknown path", "POST", "/mp/nothing", `"code":404`, 404},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			if code, body := s.call(tc.method, tc.path, good); code != tc.status || !strings.Contains(body, tc.want) || len(s.last().Changes) != 0 {
				t.Errorf("%d %s", code, body)
			}
		})
	}
}
