package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/clock"
)

// An order-ops that calls something that nothing simulates fails the scenario, though every step of it holds.
func TestACallThatNothingServesFailsTheScenario(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	running, wait, err := startUp(ctx, simulator.Config{Preset: "empty", Clock: clock.ModeManual}, asExpected)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		if err := wait(); err != nil {
			t.Error(err)
		}
	})
	target, err := url.Parse(running.OrderOps)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	strays := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			stray(t, running.API+"/pallets/v1/oldest", r.Header.Get("baggage"))
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(strays.Close)
	const cancels = "When the shopper cancels the order in the app\n    Then the shopper is told that the order is cancelled"
	at := func(orderOps string) []string {
		return []string{
			"--features", mine(t, cancels), "--orderops", orderOps, "--simulator", running.API, "--control", running.Control,
			"--operator", running.Operator, "--face", "both", "--sandbox", "baggage",
		}
	}
	if out, err := scenariosOf(t, at(running.OrderOps)...); err != nil {
		t.Fatalf("without the stray call: %v\n%s", err, out)
	}
	out, err := scenariosOf(t, at(strays.URL)...)
	if exitCode(err) != 1 || !strings.Contains(out, "nothing simulated serves GET /pallets/v1/oldest") {
		t.Errorf("exit %d:\n%s", exitCode(err), out)
	}
}

// stray calls what is not there in a caller's sandbox.
func stray(t *testing.T, target, baggage string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Error(err)
		return
	}
	req.Header.Set("baggage", baggage)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	_ = res.Body.Close()
}
