package service_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/somsim/somsim/orderops/service"
)

// logged is what a service wrote to its log.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewJSONHandler(l, nil)) }

// switchesFile is a file of switches with that text.
func switchesFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "switches.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// An action that is switched off is not offered and not taken in, by either face; what was taken in before stays true.
func TestSwitchedOffActionIsNotTakenIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := simulation(w)
	cfg.Switches = switchesFile(t, "default: on")
	g := start(t, w, cfg)
	if got := g.cancel("before", `{"items":[{"item_id":"line-a","quantity":1}]}`); got.status != 200 {
		t.Fatalf("answered %d %s", got.status, got.raw)
	}
	if err := os.WriteFile(cfg.Switches, []byte("rules: [{actions: [cancel], sites: [RefArch], mode: off}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	op := operatorsOf(t, g)
	if status, raw := op.ask("POST", "/operator/v1/switches/reload", `{"by":"ada"}`); status != 200 || !strings.Contains(raw, `"mode":"off"`) {
		t.Fatalf("reload answers %d %s", status, raw)
	}
	if got := g.cancel("after", ""); got.status != http.StatusNotImplemented || got.body.Code != "ACTION_NOT_AVAILABLE" {
		t.Errorf("a new cancel answers %d %s", got.status, got.raw)
	}
	shop := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: `{"c_action":"cancel","c_actionRequestId":"after"}`})
	if shop.status != http.StatusBadRequest || shop.body.Fault.Arguments.StatusCode != "ACTION_NOT_AVAILABLE" {
		t.Errorf("the storefront answers %d %s", shop.status, shop.raw)
	}
	if got := g.cancel("before", `{"items":[{"item_id":"line-a","quantity":1}]}`); got.status != 200 {
		t.Errorf("the cancel of before answers %d %s", got.status, got.raw)
	}
	seen := g.do(request{method: http.MethodGet, path: "/order-ops/v1/orders/" + orderNo})
	if seen.body.SOMOrder == nil || slices.Contains(seen.body.SOMOrder.AllowedActions, "cancel") {
		t.Errorf("the order offers what is switched off: %s", seen.raw)
	}
	if w.count("submit-cancel") != 1 {
		t.Errorf("%d submits, want 1", w.count("submit-cancel"))
	}
	if err := os.WriteFile(cfg.Switches, []byte("default: perhaps"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, raw := op.ask("POST", "/operator/v1/switches/reload", `{"by":"ada"}`); status != 409 || !strings.Contains(raw, "perhaps") {
		t.Errorf("a wrong file answers %d %s", status, raw)
	}
	if status, raw := op.ask("GET", "/operator/v1/switches", ""); status != 200 || !strings.Contains(raw, `"problem"`) || !strings.Contains(raw, `"mode":"off"`) {
		t.Errorf("the switches in force are %d %s", status, raw)
	}
}

// A dry run tells the operators what would be done, and does nothing.
func TestDryRunTellsThePlanAndChangesNothing(t *testing.T) {
	t.Parallel()
	w, log := newWorld(t), &logged{}
	cfg := simulation(w)
	cfg.Switches, cfg.Log = switchesFile(t, "rules: [{actions: [cancel], mode: dry_run}]"), log.logger()
	g := start(t, w, cfg)
	got := g.cancel("k", "")
	if got.status != http.StatusNotImplemented || !strings.Contains(got.raw, "runs dry") {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
	for _, call := range []string{"submit-cancel", "void", "release", "releaseStock", "adjust", "patchOrder", "collect"} {
		if n := w.count(call); n != 0 {
			t.Errorf("%d calls of %s", n, call)
		}
	}
	for _, want := range []string{`"decision":"dry_run"`, `"actor":"registered:`, `\"refund\":20`, `"order_no":"` + orderNo} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
}

func TestWrongSwitchesKeepTheServiceFromStarting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := simulation(w)
	cfg.Switches = switchesFile(t, "default: perhaps")
	cfg.Site = ""
	_, err := service.New(cfg)
	var problems *service.ConfigError
	if !errors.As(err, &problems) || len(problems.Problems) != 2 {
		t.Errorf("got %v, want it and the missing site", err)
	}
}
