package features_test

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/returns"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/simulator/simtest"
)

// startOrderOps serves an order-ops that answers callers sooner than its own remote calls give up, so that a shopper who
// comes back too early can be told so, and that has a policy of its own for spent points on each site.
func startOrderOps(t testing.TB, sim *simtest.Simulator, left *kept) (url, operator string) {
	t.Helper()
	return startOrderOpsOf(t, sim, left, service.OwnedByOrderOps)
}

// startOrderOpsOf is startOrderOps where the money of every site has that owner.
func startOrderOpsOf(t testing.TB, sim *simtest.Simulator, left *kept, owner service.MoneyOwner) (url, operator string) {
	t.Helper()
	cfg := service.Defaults().Simulation(sim.URL, sim.ControlURL)
	cfg.Database, cfg.AnswerWithin = filepath.Join(t.TempDir(), "orderops.db"), 3*time.Second
	cfg.RemoteTimeout, cfg.MoneyOwners = time.Minute, map[string]service.MoneyOwner{service.AllSites: owner}
	cfg.Log, left.database = left.logger(), cfg.Database
	cfg.Settle.SpentPoints = settle.BySite[settle.SpentPoints]{
		settle.AllSites: settle.NegativeBalance, "RefArchGlobal": settle.Forgive, "RefArchOutlet": settle.DeductFromRefund,
	}
	cfg.Modify.When = settle.BySite[orderops.ModifyPolicy]{settle.AllSites: orderops.KeepUntilConfirm, "RefArchGlobal": orderops.CancelFirst}
	cfg.Returns.Mode = settle.BySite[orderops.ReturnMode]{settle.AllSites: orderops.ReturnSimple, "RefArchOutlet": orderops.ReturnRMA}
	cfg.Returns.Bonus = settle.BySite[returns.Bonus]{
		settle.AllSites: returns.DeductBonus, "RefArchGlobal": returns.RequireBonus, "RefArchOutlet": returns.ForgiveBonus,
	}
	cfg.Settle.RefundOrder = settle.BySite[settle.RefundOrder]{settle.AllSites: settle.CardsFirst, "RefArchOutlet": settle.CertificatesFirst}
	cfg.Modify.Prices = settle.BySite[orderops.PricePolicy]{settle.AllSites: orderops.PricesOfToday, "RefArchOutlet": orderops.KeepOriginalPrice}
	cfg.Cancel.Prices = settle.BySite[cancel.Prices]{settle.AllSites: cancel.KeepPrice, "RefArchGlobal": cancel.Reprice}
	cfg.Cancel.Least = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.NewFromInt(5)}
	cfg.Returns.Fee = settle.BySite[decimal.Decimal]{"RefArchGlobal": decimal.NewFromInt(10)}
	policies, err := returnby.Parse(features.ReturnPolicies())
	if err != nil {
		t.Fatal(err)
	}
	cfg.ReturnPolicies = policies
	cfg.Settle.PointValue = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.New(10, -2)}
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
