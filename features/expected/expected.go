// Package expected has the settings of order-ops that the scenarios are written for: each policy that a site can choose is
// in force on one of the sites of the preset. docs/examples/orderops-for-scenarios.yaml says the same to a service that is
// started by itself.
package expected

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/returns"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/orderops/settle"
)

// Names of sites with policies of their own.
const (
	outlet = "RefArchOutlet"
	global = "RefArchGlobal"
)

// Settle sets what scenarios expect of an order-ops: its policies, and that it answers callers sooner than it gives up a
// remote call, so that a shopper who comes back too early can be told so.
func Settle(cfg *service.Config) {
	cfg.AnswerWithin, cfg.RemoteTimeout = 3*time.Second, time.Minute
	cfg.Settle.SpentPoints = settle.BySite[settle.SpentPoints]{
		settle.AllSites: settle.NegativeBalance, global: settle.Forgive, outlet: settle.DeductFromRefund,
	}
	cfg.Settle.RefundOrder = settle.BySite[settle.RefundOrder]{settle.AllSites: settle.CardsFirst, outlet: settle.CertificatesFirst}
	cfg.Settle.PointValue = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.New(10, -2)}
	cfg.Modify.When = settle.BySite[orderops.ModifyPolicy]{settle.AllSites: orderops.KeepUntilConfirm, global: orderops.CancelFirst}
	cfg.Modify.Prices = settle.BySite[orderops.PricePolicy]{settle.AllSites: orderops.PricesOfToday, outlet: orderops.KeepOriginalPrice}
	cfg.Cancel.Prices = settle.BySite[cancel.Prices]{settle.AllSites: cancel.KeepPrice, global: cancel.Reprice}
	cfg.Cancel.Least = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.NewFromInt(5)}
	cfg.Returns.Mode = settle.BySite[orderops.ReturnMode]{settle.AllSites: orderops.ReturnSimple, outlet: orderops.ReturnRMA}
	cfg.Returns.Bonus = settle.BySite[returns.Bonus]{
		settle.AllSites: returns.DeductBonus, global: returns.RequireBonus, outlet: returns.ForgiveBonus,
	}
	cfg.Returns.Fee = settle.BySite[decimal.Decimal]{global: decimal.NewFromInt(10)}
	cfg.ReturnPolicies, _ = returnby.Parse(features.ReturnPolicies()) // a file of our own, which the tests parse
}
