package features_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/report"
	"github.com/somsim/somsim/internal/relay"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/simtest"
)

// lesser is an order-ops that can less than ours: a proxy before ours, which changes requests or refuses them.
func lesser(t *testing.T, orderOps string, pass func(r *http.Request) bool) string {
	t.Helper()
	target, err := url.Parse(orderOps)
	if err != nil {
		t.Fatal(err)
	}
	proxy := relay.To(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !pass(r) {
			http.NotFound(w, r)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Where systems report to is part of neither face.
func ocapiOnly(r *http.Request) bool {
	return strings.Contains(r.URL.Path, "/dw/") || strings.Contains(r.URL.Path, "/events/")
}

func restOnly(r *http.Request) bool { return !strings.Contains(r.URL.Path, "/dw/") }

// deaf drops what says by itself in which sandbox a request is made.
func deaf(r *http.Request) bool {
	r.Header.Del("baggage")
	return true
}

// settled makes an order-ops of one that has the credentials of one sandbox: whoever asks, it works there.
func settled(sandbox string) func(r *http.Request) bool {
	return func(r *http.Request) bool {
		r.Header.Set("baggage", "sandbox="+sandbox)
		return true
	}
}

// An order-ops that can less is proved as far as it goes. What it cannot be asked is counted apart, and why it cannot.
func TestScenariosProveAnOrderOpsThatCanLess(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	left := &kept{}
	orderOps, operator := startOrderOps(t, sim, left)
	tests := []struct {
		name   string
		pass   func(r *http.Request) bool
		manner string
		why    []string
	}{
		{"the commerce face alone", ocapiOnly, "ocapi, sandboxes by baggage", []string{"it is about the app, and this order-ops does not speak to it (rest)"}},
		{"its own face alone", restOnly, "rest, sandboxes by baggage", []string{"it is about the storefront, and this order-ops does not speak to it (ocapi)"}},
		{"sandboxes by the caller's token alone", deaf, "ocapi and rest, sandboxes by credential", []string{"it is about a caller without a shopper's token, whose sandbox this order-ops does not know"}},
		{
			"one sandbox whoever asks", settled("default"),
			"ocapi and rest, in the sandbox default, which is made anew for each scenario, so one after another", nil,
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			run, err := features.Run(t.Context(), features.Options{
				API: sim.URL, Control: sim.ControlURL, OrderOps: lesser(t, orderOps, tc.pass), Operator: operator, Seed: -1, Now: clock.Real{}.Now,
				Tags: foreign, Out: &out, Patience: busy,
			})
			if err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			if run.Manner != tc.manner || !strings.Contains(out.String(), tc.manner) {
				t.Errorf("it was asked by %s, want %s", run.Manner, tc.manner)
			}
			var why []string
			unasked := 0
			for _, group := range run.Unasked() {
				why = append(why, group.Why)
				unasked += len(group.Scenarios)
				for _, s := range group.Scenarios {
					if s.Took >= busy {
						t.Errorf("%s (%s) was not asked, and took %s: what waited for what?", s.Name, s.Place(), s.Took)
					}
				}
			}
			if strings.Join(why, "; ") != strings.Join(tc.why, "; ") || unasked+run.Count(report.Passed) != len(run.Scenarios) || run.Count(report.Passed) == 0 {
				t.Errorf("%d of %d passed, not asked was %d for %q:\n%s", run.Count(report.Passed), len(run.Scenarios), unasked, why, out.String())
			}
			t.Logf("%d passed, %d not asked, in %s", run.Count(report.Passed), unasked, run.Took)
		})
	}
}
