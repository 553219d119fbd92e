package features

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/simulator/simtest"
)

// contested is an order of five units of one thing, paid for before histories begin: three at the warehouse, to which a
// fourth is handed beside them, and one free.
const (
	contested      = "00000109"
	contestedBy    = "shopper-3"
	contestedUnits = 5
)

// TestHistoriesOfOneOrder has shoppers cancel, modify, confirm and return one order while the warehouse ships it and somebody
// looks on, all at the same time, whoever owns the money. Whatever each of them was told must be what they could have been told
// one after the other, in an order that contradicts nobody's clock; and in the end every truth between the systems holds.
func TestHistoriesOfOneOrder(t *testing.T) {
	t.Parallel()
	for _, owner := range []service.MoneyOwner{settle.OwnedByOrderOps, settle.OwnedBySOM} {
		t.Run(string(owner), func(t *testing.T) {
			t.Parallel()
			env := startContest(t, owner)
			var mu sync.Mutex
			done := map[string]int{}
			t.Run("seeds", func(t *testing.T) {
				for seed := range uint64(histories) {
					t.Run(fmt.Sprint(seed), func(t *testing.T) {
						t.Parallel()
						c := beginContest(t, env)
						c.play(seed)
						c.judge()
						c.spoil()
						mu.Lock()
						defer mu.Unlock()
						for _, op := range c.history {
							done[string(op.Input.(asked).move)+" "+op.Output.(heard).code]++
						}
					})
				}
			})
			t.Logf("what came of %d histories: %v", histories, done)
			coverAll(t, done)
		})
	}
}

// coverAll asserts that every move was done in some history, and that people met each other.
func coverAll(t *testing.T, done map[string]int) {
	t.Helper()
	for _, m := range []move{moveCancel, moveModify, moveConfirm, moveReturn, moveShip} {
		if done[string(m)+" "] == 0 {
			t.Errorf("in no history a %s was done: %v", m, slices.Sorted(maps.Keys(done)))
		}
	}
	if done[string(moveCancel)+" "+codeActionInProgress]+done[string(moveModify)+" "+codeActionInProgress] == 0 {
		t.Error("nobody ever met anybody else: the histories are not concurrent")
	}
}

// startContest starts a simulator and an order-ops, and makes the sandbox of which histories get copies.
func startContest(t *testing.T, owner service.MoneyOwner) environment {
	t.Helper()
	sim := simtest.Start(t)
	cfg := service.Defaults().Simulation(sim.URL, sim.ControlURL)
	cfg.Database, cfg.RemoteTimeout, cfg.AnswerWithin = filepath.Join(t.TempDir(), "orderops.db"), time.Minute, time.Minute
	cfg.MoneyOwners = map[string]service.MoneyOwner{service.AllSites: owner}
	svc, err := service.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server, operators := httptest.NewServer(svc.Handler()), httptest.NewServer(svc.OperatorHandler())
	svc.Start(server.URL)
	t.Cleanup(func() {
		server.Close()
		operators.Close()
		if err := svc.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	t.Cleanup(client.CloseIdleConnections)
	env := environment{api: sim.URL, control: sim.ControlURL, orderOps: server.URL, operator: operators.URL, http: client, patience: usualPatience, reach: &reach{}}
	origin, err := makeOrigin(t.Context(), env, 1)
	if err != nil {
		t.Fatal(err)
	}
	env.origin = origin.sandbox
	w := newWorld(env)
	w.control, w.auditor.control, w.orderNo = origin, origin, contested
	w.office.sandbox, w.auditor.sandbox = origin.sandbox, origin.sandbox
	for _, step := range []func(context.Context) error{w.office.logIn, w.auditor.logIn} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	now, err := w.now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	no, err := w.office.allocate(t.Context(), now.summary, map[string]decimal.Decimal{now.summary.products()[0].ID: decimal.NewFromInt(1)})
	if err != nil || no != nil {
		t.Fatalf("hand a unit to the warehouse: %v %v", no, err)
	}
	cashier := till{wire: wire{client}, api: env.api, sandbox: env.origin, office: w.office, books: w.auditor}
	if err := cashier.take(t.Context(), now.summary, now.payments[0], 0, opening()); err != nil {
		t.Fatal(err)
	}
	return env
}
