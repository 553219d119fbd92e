package features_test

import (
	"testing"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/simtest"
)

// TestBothMoneyOwners runs the scenarios about money once more, where order management owns it: what a shopper is told and
// what becomes of the money is the same. That order-ops owns it they assume in [TestFeatures].
func TestBothMoneyOwners(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	left := &kept{}
	orderOps, operator := startOrderOpsOf(t, sim, left, service.OwnedBySOM)
	_, err := features.Run(t.Context(), features.Options{
		Faces: []features.Face{features.OCAPI, features.REST}, Sandbox: features.ByBaggage,
		API: sim.URL, Control: sim.ControlURL, OrderOps: orderOps, Operator: operator, Seed: -1, Now: clock.Real{}.Now,
		Tags: "@money", Shard: partOfMoney, MoneyOwner: "som", Patience: busy, Out: t.Output(), TestingT: t,
	})
	if err != nil {
		t.Error(err)
	}
}
