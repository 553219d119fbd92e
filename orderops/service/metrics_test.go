package service_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// metricsOf is what a service shows, by the names of the metrics.
func metricsOf(t *testing.T, g *rig) (names map[string]bool, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.server.URL+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	names = map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z_]+)[ {]`).FindAllStringSubmatch(string(raw), -1) {
		names[m[1]] = true
	}
	return names, string(raw)
}

var metricName = regexp.MustCompile(`\b(?:orderops|process|go)_[a-z_]+\b`)

// What alerts and the dashboard look at is there in a service that has just begun to work, so that none of them is silent
// for a name that nobody counts under.
func TestEveryMetricThatAlertsAndDashboardNameIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	g.cancel("k", "")
	g.do(request{path: "/order-ops/v1/events/som", body: "{}"})
	shown, text := metricsOf(t, g)
	found := 0
	for _, file := range []string{"deploy/prometheus/order-ops.rules.yaml", "deploy/grafana/order-ops.json"} {
		source, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range metricName.FindAllString(string(source), -1) {
			if found++; !shown[name] {
				t.Errorf("%s names %s, which is not shown", file, name)
			}
		}
	}
	if found < 30 {
		t.Errorf("%d names are found in the files: the test looks for the wrong thing", found)
	}
	for _, want := range []string{
		`orderops_actions_total{action="cancel",code="",outcome="succeeded"} 1`, `orderops_requests_total{operation="cancelOrder",status="200"} 1`,
		`orderops_remote_calls_total{class="ok",operation="submitCancel",remote="som"} 1`, `orderops_work_items_open 0`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not shown: %s", want)
		}
	}
}

// The alert rules and the dashboard are what Prometheus and Grafana read, and each alert says what to do about it.
func TestAlertsAndDashboardAreWellFormed(t *testing.T) {
	t.Parallel()
	var rules struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	source, err := os.ReadFile("../../deploy/prometheus/order-ops.rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(source)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&rules); err != nil || len(rules.Groups) != 1 {
		t.Fatalf("%v in %+v", err, rules)
	}
	handbook, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	headings := map[string]bool{}
	for _, line := range strings.Split(string(handbook), "\n") {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			headings["docs/operations.md#"+strings.ReplaceAll(strings.ToLower(strings.ReplaceAll(title, ",", "")), " ", "-")] = true
		}
	}
	for _, r := range rules.Groups[0].Rules {
		if r.Alert == "" || r.Annotations["summary"] == "" || r.Labels["severity"] == "" || strings.Count(r.Expr, "(") != strings.Count(r.Expr, ")") {
			t.Errorf("rule %+v", r)
		}
		if !headings[r.Annotations["runbook"]] {
			t.Errorf("%s sends people to %s, which is no heading", r.Alert, r.Annotations["runbook"])
		}
	}
	var board struct {
		Title  string
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if source, err = os.ReadFile("../../deploy/grafana/order-ops.json"); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(source, &board); err != nil || board.Title == "" || len(board.Panels) < 10 {
		t.Fatalf("%v in %+v", err, board)
	}
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			if target.Expr == "" || strings.Count(target.Expr, "(") != strings.Count(target.Expr, ")") {
				t.Errorf("panel %s asks for %q", p.Title, target.Expr)
			}
		}
	}
}
