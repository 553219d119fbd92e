package service_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops/service"
)

func withSnapshots(cfg service.Config) service.Config {
	cfg.Snapshots = service.SnapshotConfig{TTL: time.Hour, Key: base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))}
	return cfg
}

// While order management is away an order is shown as it was, marked stale and without actions, by both faces; the
// database holds nothing that can be read without the key, and after its time a snapshot is not shown.
func TestSnapshotsAreShownWhileOrderManagementIsAway(t *testing.T) {
	t.Parallel()
	w, db := newWorld(t), newDatabase(t)
	g := startOn(t, db, w, withSnapshots(simulation(w)))
	order := request{method: "GET", path: "/order-ops/v1/orders/" + orderNo}
	w.set("composite", nil)
	w.complete = true
	if got := g.do(order); got.body.SOMOrder == nil || strings.Contains(got.raw, "stale") {
		t.Fatalf("answered %d %s", got.status, got.raw)
	}
	w.set("composite", status(503))
	got := g.do(order)
	if got.body.SOMOrder == nil || !strings.Contains(got.raw, `"stale":true`) || len(got.body.SOMOrder.AllowedActions) != 0 || got.body.SOMError == nil || got.body.SOMError.Code != "OMS_UNAVAILABLE" {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
	shop := g.do(request{method: "GET", path: ocapiOrder})
	if !strings.Contains(string(shop.body.CSOMOrder), `"stale":true`) || !strings.Contains(string(shop.body.CSOMOrder), `"allowedActions":[]`) || len(shop.body.CSOMError) == 0 {
		t.Errorf("the storefront answers %d %s", shop.status, shop.raw)
	}
	if cancel := g.cancel("k", ""); cancel.status != 503 {
		t.Errorf("a cancel answers %d %s", cancel.status, cancel.raw)
	}
	if text := db.dump(t); strings.Contains(text, "SKU1") {
		t.Error("the database holds what a snapshot says")
	}
	g.tick(time.Hour + time.Minute)
	if got := g.do(order); got.body.SOMOrder != nil || got.body.SOMError == nil {
		t.Errorf("after its time: %s", got.raw)
	}
}

// A snapshot that was sealed under another key, or for another order, is none.
func TestSnapshotsOpenWithTheirKeyAlone(t *testing.T) {
	t.Parallel()
	w, db := newWorld(t), newDatabase(t)
	w.complete = true
	cfg := withSnapshots(simulation(w))
	g := startOn(t, db, w, cfg)
	g.do(request{method: "GET", path: "/order-ops/v1/orders/" + orderNo})
	g.stop()
	w.set("composite", status(503))
	cfg.Snapshots.Key = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 32)))
	g = startOn(t, db, w, cfg)
	if got := g.do(request{method: "GET", path: "/order-ops/v1/orders/" + orderNo}); got.status != 200 || got.body.SOMOrder != nil {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
}

func TestSnapshotsNeedAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for key, fits := range map[string]bool{"": false, "short": false, base64.StdEncoding.EncodeToString(make([]byte, 31)): false, base64.StdEncoding.EncodeToString(make([]byte, 32)): true} {
		cfg := simulation(w)
		cfg.Snapshots = service.SnapshotConfig{TTL: time.Hour, Key: key}
		if problems := cfg.Problems(); (len(problems) == 0) != fits || !fits && problems[0].Value != "(hidden)" {
			t.Errorf("key %q: %v", key, problems)
		}
	}
}
