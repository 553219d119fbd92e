package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// realSettings are the settings of a service beside real systems, as environment variables, but for the database.
func realSettings(url string) map[string]string {
	env := map[string]string{
		"LISTEN": "127.0.0.1:0", "OPERATOR": "127.0.0.1:0", "OPERATOR_TOKEN": "of the operators", "SOM_CLIENT_ID": "app", "SOM_CLIENT_SECRET": "of the app", "SOM_EVENTS_SECRET": "of the events", "WORLDLINE_WEBHOOKS_SECRET": "of the webhooks", "HOOKS_SECRET": "of the hooks",
		"B2C_CLIENT_ID": "client", "B2C_CLIENT_SECRET": "of the client", "SLOTS_KEY": "of the slots", "WORLDLINE_MERCHANT": "merchant", "WORLDLINE_KEY_ID": "key",
		"WORLDLINE_SECRET": "of the key", "OCI_ORGANIZATION": "f_ecom_prod", "OCI_TOKEN": "of the stock", "LOYALTY_TOKEN": "of the points",
		"TRACKING_MEASUREMENT_ID": "G-REAL", "TRACKING_API_SECRET": "of the stream",
		"SLAS_CLIENT_ID": "guests", "SLAS_CLIENT_SECRET": "of the guests", "CDC_SECRET": "of the accounts",
	}
	for _, system := range []string{"SOM", "B2C", "SLOTS", "WORLDLINE", "OCI", "LOYALTY", "TRACKING"} {
		env[system+"_URL"] = url
	}
	return env
}

// environment spells settings for a process.
func environment(settings map[string]string) []string {
	var env []string
	for name, value := range settings {
		env = append(env, "ORDEROPS_"+name+"="+value)
	}
	return env
}

// wellKnown lists, by setting, what the simulator accepts out of the box. Everybody can read it in the README.
func wellKnown() map[string][]string {
	known := map[string][]string{"B2C_CLIENT_ID": {strings.Repeat("a", 30), strings.Repeat("a", 30) + "~blue"}}
	for _, name := range []string{
		"SOM_CLIENT_ID", "SOM_CLIENT_SECRET", "B2C_CLIENT_SECRET", "SLOTS_KEY", "WORLDLINE_KEY_ID", "WORLDLINE_SECRET", "OCI_TOKEN", "LOYALTY_TOKEN",
		"TRACKING_API_SECRET", "CDC_SECRET", "OPERATOR_TOKEN", "SOM_EVENTS_SECRET", "WORLDLINE_WEBHOOKS_SECRET", "HOOKS_SECRET", "SLAS_CLIENT_SECRET",
	} {
		known[name] = []string{"somsim", "somsim~blue"}
	}
	return known
}

// Production starts with none of the simulator's credentials, not even with one among real ones.
func TestProductionRefusesEachWellKnownCredential(t *testing.T) {
	t.Parallel()
	for name, values := range wellKnown() {
		for _, value := range values {
			t.Run(name+" "+value, func(t *testing.T) {
				t.Parallel()
				env := map[string]string{}
				for setting, real := range realSettings("http://127.0.0.1:9") {
					env["ORDEROPS_"+setting] = real
				}
				env["ORDEROPS_"+name] = value
				code, said := finishHere(t, env, "--db", filepath.Join(t.TempDir(), "orderops.db"))
				refusedFor(t, strings.ReplaceAll(strings.ToLower(name), "_", "-")+"=", code, said)
			})
		}
	}
}

// The list above must not miss a secret that is added later. Three are not credentials of a system: PostgreSQL's
// password, the key of snapshots, and the token of a simulator's control plane, with which there is no production.
func TestEverySecretIsAmongTheWellKnown(t *testing.T) {
	t.Parallel()
	own := []string{"DB_PASSWORD", "SNAPSHOTS_KEY", "SIMULATOR_CONTROL_TOKEN"}
	for _, setting := range serveSettings(os.LookupEnv).List {
		name := strings.ReplaceAll(strings.ToUpper(setting.Name), "-", "_")
		if setting.Secret && !slices.Contains(own, name) && wellKnown()[name] == nil {
			t.Errorf("%s is a secret, and no test says that production refuses the simulator's", setting.Name)
		}
	}
}

// In production what names a sandbox is dropped at the door: it reaches no system, and the simulator's tick is not there.
func TestProductionDropsWhatNamesASandbox(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []http.Header
	systems := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, r.Header.Clone())
		if strings.Contains(r.URL.Path, "evil") {
			t.Errorf("asked for %s", r.URL)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(systems.Close)
	ops := launchWith(t, environment(realSettings(systems.URL)), built.orderops, 2, "--db", filepath.Join(t.TempDir(), "orderops.db"))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ops.addresses["orderops"]+"/order-ops/v1/orders/00000042", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer x.y.z"}, "Baggage": {"sandbox=evil,user=x"}, "X-Sandbox": {"evil"}}
	ask := func(req *http.Request) int {
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	if status := ask(req); status < http.StatusBadRequest {
		t.Errorf("answered %d, though no system did its part", status)
	}
	tick, err := http.NewRequestWithContext(t.Context(), http.MethodPost, ops.addresses["orderops"]+"/order-ops/v1/tick", strings.NewReader(`{"sandbox":"evil","now":"2030-01-01T00:00:00Z"}`))
	if err != nil {
		t.Fatal(err)
	}
	if status := ask(tick); status != http.StatusNotFound {
		t.Errorf("the tick answers %d, want 404", status)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(seen) == 0 {
		t.Fatal("no system was asked: the test looks in the wrong place")
	}
	for _, header := range seen {
		for name, values := range header {
			if text := strings.Join(values, " "); strings.Contains(text, "evil") || strings.EqualFold(name, "X-Sandbox") {
				t.Errorf("forwarded %s: %s", name, text)
			}
		}
	}
}
