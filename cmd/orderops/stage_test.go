package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// stage is one sandbox of a simulator, with an order-ops process that may serve others too.
type stage struct {
	t                  *testing.T
	api, control, name string
	db                 string
	ops                *process
	token              string
	// basket is the one in which the order is being edited.
	basket string
	subject
}

// subject is an order of the omnichannel preset, and whose it is.
type subject struct {
	order, shopper string
	// changes are the operations by which the systems follow its cancel, each once.
	changes []string
}

// origin is the sandbox of which stages get copies, which is sooner done than filling one for each.
const origin = "origin"

// serve starts a simulator for stages. Only one service at a time is ticked when time passes in its sandboxes.
func serve(t *testing.T) *process {
	t.Helper()
	p := launch(t, built.somsim, 2, "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0")
	s := &stage{t: t, control: p.addresses["control"]}
	s.must(http.MethodPost, s.control+"/control/v1/sandboxes", nil, map[string]any{"name": origin, "from": "omnichannel", "clock": "manual"})
	return p
}

func newStage(t *testing.T, simulator *process, name string, about subject) *stage {
	t.Helper()
	s := openStage(t, simulator, name, about)
	s.start()
	return s
}

// openStage is a stage on which no service plays yet.
func openStage(t *testing.T, simulator *process, name string, about subject) *stage {
	t.Helper()
	s := &stage{
		t: t, api: simulator.addresses["api"], control: simulator.addresses["control"], name: name, subject: about,
		db: filepath.Join(t.TempDir(), "orderops.db"),
	}
	s.must(http.MethodPost, s.control+"/control/v1/sandboxes", nil, map[string]any{"name": name, "from": origin})
	s.token = s.login()
	return s
}

// close takes the sandbox away again.
func (s *stage) close() {
	s.t.Helper()
	s.must(http.MethodDelete, s.sandbox(""), nil, nil)
}

// start begins the service, or begins it again on the same database.
func (s *stage) start() {
	s.t.Helper()
	s.ops = startOn(s.t, built.orderops, s.db, s.api, s.control)
}

// startOn starts a build of the service on a SQLite file, beside a simulator.
func startOn(t *testing.T, binary, db, api, control string, flags ...string) *process {
	t.Helper()
	return launch(t, binary, 2, append([]string{
		"--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--db", db, "--simulator", api,
		"--simulator-control", control, "--remote-timeout", "20m", "--answer-within", "30s",
	}, flags...)...)
}

// login gets a shopper's token in the sandbox.
func (s *stage) login() string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.api+"/s/RefArch/dw/shop/v23_2/customers/auth", strings.NewReader(`{"type":"credentials"}`))
	if err != nil {
		s.t.Fatal(err)
	}
	req.SetBasicAuth(s.shopper+"@somsim.test", "somsim")
	req.Header.Set("x-dw-client-id", strings.Repeat("a", 30)+"~"+s.name)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = res.Body.Close()
	token := res.Header.Get("Authorization")
	if token == "" {
		s.t.Fatalf("log-in answered %d without a token", res.StatusCode)
	}
	return token
}

// call sends a JSON request and returns status and answer.
func (s *stage) call(method, url string, header map[string]string, body any) (int, []byte, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	req, err := http.NewRequestWithContext(context.WithoutCancel(s.t.Context()), method, url, bytes.NewReader(raw))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// must is call for requests that have to succeed.
func (s *stage) must(method, url string, header map[string]string, body any) []byte {
	s.t.Helper()
	status, answer, err := s.call(method, url, header, body)
	if err != nil || status >= 300 {
		s.t.Fatalf("%s %s answered %d %s %v", method, url, status, answer, err)
	}
	return answer
}

func (s *stage) sandbox(path string) string {
	return s.control + "/control/v1/sandboxes/" + s.name + path
}

// pass lets time pass.
func (s *stage) pass(duration string) {
	s.t.Helper()
	s.must(http.MethodPost, s.sandbox("/clock/advance"), nil, map[string]any{"duration": duration})
}

// ask asks for an action on the order, under the same key each time.
func (s *stage) ask(action string, body any) (int, []byte, error) {
	header := map[string]string{"Authorization": s.token, "Idempotency-Key": "kill-" + action, "X-Sandbox": s.name}
	return s.call(http.MethodPost, s.ops.addresses["orderops"]+"/order-ops/v1/orders/"+s.order+"/"+action, header, body)
}

// cancel asks for the cancel of everything.
func (s *stage) cancel() (int, []byte, error) { return s.ask("cancellations", struct{}{}) }

// parked is a call of a workflow, on some order, at which the process is killed or which fails.
type parked struct {
	system, operation string
	nth               int
	about             subject
}

// park begins something and waits until the call is parked. The channel is closed when it has ended.
func (s *stage) park(at parked, phase string, begin func()) <-chan struct{} {
	s.t.Helper()
	s.must(http.MethodPost, s.sandbox("/faults"), nil, map[string]any{
		"name": "park", "match": map[string]any{"system": at.system, "operation": at.operation, "nth": at.nth},
		"effect": map[string]any{"kind": "hold", "phase": phase},
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		begin()
	}()
	s.must(http.MethodPost, s.sandbox("/journal/await"), nil, map[string]any{
		"match": map[string]any{"fault": "park", "phase": "opened"}, "count": 1, "timeout_ms": 30000,
	})
	return ended
}

// await waits until an operation has been called so often.
func (s *stage) await(system, operation string, count int) {
	s.t.Helper()
	s.must(http.MethodPost, s.sandbox("/journal/await"), nil, map[string]any{
		"match": map[string]any{"system": system, "operation": operation}, "count": count, "timeout_ms": 30000,
	})
}

// letGo takes the fault away that parks the call.
func (s *stage) letGo() {
	s.t.Helper()
	s.must(http.MethodDelete, s.sandbox("/faults?name=park"), nil, nil)
}

// happened counts the calls in the journal that changed something, by operation. A composite that writes is one that
// records a refund; an analytics event that was known already changed nothing.
func (s *stage) happened() map[string]int {
	s.t.Helper()
	var journal struct {
		Entries []struct {
			Operation string
			Changes   []struct{ Entity, After string }
		}
	}
	if err := json.Unmarshal(s.must(http.MethodGet, s.sandbox("/journal?limit=1000"), nil, nil), &journal); err != nil {
		s.t.Fatal(err)
	}
	happened := map[string]int{}
	for _, e := range journal.Entries {
		if e.Operation == "composite" {
			e.Operation = "recordRefund"
		}
		for _, c := range e.Changes {
			if !strings.Contains(c.After, `"Status":"duplicate"`) {
				happened[e.Operation]++
				break
			}
		}
	}
	return happened
}

// changed asserts how often operations changed something.
func (s *stage) changed(want map[string]int) {
	s.t.Helper()
	happened := s.happened()
	for operation, n := range want {
		if happened[operation] != n {
			s.t.Errorf("%s changed something %d times, want %d", operation, happened[operation], n)
		}
	}
}

// hold asserts that all invariants do.
func (s *stage) hold() {
	s.t.Helper()
	if found := s.must(http.MethodGet, s.sandbox("/invariants"), nil, nil); !bytes.Contains(found, []byte(`"holds":true`)) {
		_, broken, _ := bytes.Cut(found, []byte(`"violations":`))
		s.t.Errorf("the systems do not agree: %s", broken)
	}
}
