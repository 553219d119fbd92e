package features_test

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/somsim/somsim/features/expected"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/simulator/simtest"
)

// startOrderOps serves an order-ops as the scenarios expect it.
func startOrderOps(t testing.TB, sim *simtest.Simulator, left *kept) (url, operator string) {
	t.Helper()
	return startOrderOpsOf(t, sim, left, service.OwnedByOrderOps)
}

// startOrderOpsOf is startOrderOps where the money of every site has that owner.
func startOrderOpsOf(t testing.TB, sim *simtest.Simulator, left *kept, owner service.MoneyOwner) (url, operator string) {
	t.Helper()
	cfg := service.Defaults().Simulation(sim.URL, sim.ControlURL)
	expected.Settle(&cfg)
	cfg.Database, cfg.MoneyOwners = filepath.Join(t.TempDir(), "orderops.db"), map[string]service.MoneyOwner{service.AllSites: owner}
	cfg.Log, left.database = left.logger(), cfg.Database
	svc, err := service.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server, operators := httptest.NewServer(svc.Handler()), httptest.NewServer(svc.OperatorHandler())
	svc.Start(server.URL)
	left.url = server.URL
	t.Cleanup(func() {
		server.Close()
		operators.Close()
		if err := svc.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return server.URL, operators.URL
}
