package ga4_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/tracking"
	"github.com/somsim/somsim/simulator/tracking/ga4"
)

const (
	query   = "?measurement_id=G-1&api_secret=somsim"
	collect = "/mp/collect" + query
	debug   = "/debug/mp/collect" + query
	good    = `{"client_id":"client","user_id":"user","timestamp_micros":1780300799000000,"events":[{"name":"refund","params":{"transaction_id":"O-1",` +
		`"event_id":"cancel-1","currency":"EUR","value":12.50,"consented":true,"nested":{},"items":[{"item_id":"MUG","quantity":2,"price":6.25}]}}]}`
)

type service struct {
	*facetest.Bench
	tracking *tracking.Tracking
}

func start(t *testing.T) service {
	t.Helper()
	b, domain := facetest.Start(t, tracking.Declare, ga4.New, func(*sandbox.Tx, *tracking.Tracking) error { return nil })
	b.Header["Content-Type"] = "application/json"
	return service{b, domain}
}

// events renders what a sandbox received: name, order, what became of it.
func (s service) events(name string) []string {
	s.T.Helper()
	w, _ := s.Worlds.Get(name)
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
	if code, body := s.Call("POST", collect, good); code != http.StatusNoContent || body != "" {
		t.Errorf("%d %s", code, body)
	}
	e := s.Last()
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
			if code, body := s.Call("POST", tc.path, tc.body, tc.header...); code != http.StatusNoContent || body != "" {
				t.Errorf("%d %s", code, body)
			}
			if diff := cmp.Diff(tc.want, s.events(sandbox.Default)); diff != "" {
				t.Error(diff)
			}
			if rejected := strings.Contains(tc.want[0], "rejected"); rejected != (s.Last().Rule != "") {
				t.Errorf("rule %q", s.Last().Rule)
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
			code, body := s.Call("POST", tc.path, tc.body)
			if diff := cmp.Diff(tc.want, body); code != http.StatusOK || diff != "" {
				t.Errorf("%d %s", code, diff)
			}
			if e := s.Last(); e.Rule != tc.rule || len(e.Changes) != 0 || s.events(sandbox.Default) != nil {
				t.Errorf("rule %q, changes %v", e.Rule, e.Changes)
			}
		})
	}
}

func TestARepeatedEventIsADuplicate(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Call("POST", collect, good)
	s.Call("POST", collect, good)
	if diff := cmp.Diff([]string{"refund O-1 accepted", "refund O-1 duplicate tracking.event.once"}, s.events(sandbox.Default)); diff != "" {
		t.Error(diff)
	}
	if s.Last().Rule != "tracking.event.once" {
		t.Errorf("rule %q", s.Last().Rule)
	}
}

func TestTheSecretSelectsTheSandbox(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Call("POST", collect+"~other", good)
	if s.events(sandbox.Default) != nil || len(s.events("other")) != 1 {
		t.Errorf("default %v, other %v", s.events(sandbox.Default), s.events("other"))
	}
	if code, body := s.Call("POST", collect+"~nowhere", good); code != 400 || !strings.Contains(body, "nowhere") {
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
			if code, body := s.Call(tc.method, tc.path, good); code != tc.status || !strings.Contains(body, tc.want) || len(s.Last().Changes) != 0 {
				t.Errorf("%d %s", code, body)
			}
		})
	}
}
