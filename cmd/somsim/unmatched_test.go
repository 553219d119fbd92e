package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/somsim/somsim/internal/relay"
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
	proxy := relay.To(target)
	calling := func(path string, own bool) string {
		strays := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			baggage := ""
			if own {
				baggage = r.Header.Get("baggage")
			}
			if r.Method != http.MethodGet {
				stray(t, running.API+path, baggage)
			}
			proxy.ServeHTTP(w, r)
		}))
		t.Cleanup(strays.Close)
		return strays.URL
	}
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
	tests := []struct {
		name, path string
		own        bool // in the scenario's sandbox, or in that of whoever names none
		exit       int
		says       string
	}{
		{"in the sandbox of the scenario", "/pallets/v1/oldest", true, 1, "nothing simulated serves GET /pallets/v1/oldest"},
		{"in nobody's", "/pallets/v1/oldest", false, 1, "in the sandbox default, where no scenario takes place, nothing simulated serves GET /pallets/v1/oldest"},
		{"in nobody's, of what is simulated", "/dw/oauth2/jwks", false, 0, "1 calls reached the sandbox default, where no scenario takes place."},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			out, err := scenariosOf(t, at(calling(tc.path, tc.own))...)
			if exitCode(err) != tc.exit || !strings.Contains(fmt.Sprint(err)+out, tc.says) {
				t.Errorf("exit %d, %v:\n%s", exitCode(err), err, out)
			}
		})
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
	if baggage != "" {
		req.Header.Set("baggage", baggage)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	_ = res.Body.Close()
}
