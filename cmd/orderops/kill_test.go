package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// programs are the two binaries, built once for all tests of this package.
type programs struct{ somsim, orderops string }

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "orderops-test-")
		if err != nil {
			panic(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		built = programs{filepath.Join(dir, "somsim"), filepath.Join(dir, "orderops")}
		for binary, source := range map[string]string{built.somsim: "../somsim", built.orderops: "."} {
			if out, err := exec.Command("go", "build", "-o", binary, source).CombinedOutput(); err != nil {
				fmt.Fprintf(os.Stderr, "build %s: %v\n%s", source, err, out)
				return 1
			}
		}
		return m.Run()
	}())
}

// built is set once by TestMain, before any test runs.
var built programs

// process is a running binary and the addresses it printed.
type process struct {
	cmd       *exec.Cmd
	addresses map[string]string
}

// launch starts a binary and reads the first n lines of `key=value` that it prints.
func launch(t *testing.T, binary string, n int, args ...string) *process {
	t.Helper()
	return launchWith(t, nil, binary, n, args...)
}

// launchWith is launch with more environment.
func launchWith(t *testing.T, env []string, binary string, n int, args ...string) *process {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, addresses: map[string]string{}}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(out)
	for len(p.addresses) < n && lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), "=")
		p.addresses[key] = value
	}
	if len(p.addresses) < n {
		t.Fatalf("%s printed only %v", filepath.Base(binary), p.addresses)
	}
	return p
}

// kill is kill −9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// stage is one sandbox of a simulator with an order-ops process of its own.
type stage struct {
	t                  *testing.T
	api, control, name string
	db                 string
	ops                *process
	token              string
}

const order = "00000102" // of the omnichannel preset: every unit is allocated to a warehouse, so a cancel takes all steps

func newStage(t *testing.T, simulator *process, name string) *stage {
	t.Helper()
	s := openStage(t, simulator, name)
	s.start()
	return s
}

// openStage is a stage on which no service plays yet.
func openStage(t *testing.T, simulator *process, name string) *stage {
	t.Helper()
	s := &stage{
		t: t, api: simulator.addresses["api"], control: simulator.addresses["control"], name: name,
		db: filepath.Join(t.TempDir(), "orderops.db"),
	}
	s.must(http.MethodPost, s.control+"/control/v1/sandboxes", nil, map[string]any{"name": name, "from": "omnichannel", "clock": "manual"})
	s.token = s.login()
	return s
}

// start begins the service, or begins it again on the same database.
func (s *stage) start() {
	s.t.Helper()
	s.ops = launch(s.t, built.orderops, 2, "--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--db", s.db, "--simulator", s.api,
		"--simulator-control", s.control, "--remote-timeout", "1m", "--answer-within", "30s", "--instance", s.name)
}

// login gets a shopper's token in the sandbox.
func (s *stage) login() string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.api+"/s/RefArch/dw/shop/v23_2/customers/auth", strings.NewReader(`{"type":"credentials"}`))
	if err != nil {
		s.t.Fatal(err)
	}
	req.SetBasicAuth("shopper-1@somsim.test", "somsim")
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
	req, err := http.NewRequestWithContext(s.t.Context(), method, url, bytes.NewReader(raw))
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

// cancel asks for the cancel; the same key each time.
func (s *stage) cancel() (int, []byte, error) {
	header := map[string]string{"Authorization": s.token, "Idempotency-Key": "kill-test", "X-Sandbox": s.name}
	return s.call(http.MethodPost, s.ops.addresses["orderops"]+"/order-ops/v1/orders/"+order+"/cancellations", header, struct{}{})
}

// parked is a call of the cancel at which the process is killed.
type parked struct {
	system, operation string
	nth               int
}

func cancelCalls() []parked {
	return []parked{
		{"som", "composite", 1},
		{"slots", "listBookings", 1},
		{"som", "cancelFulfillmentOrderItem", 1},
		{"som", "composite", 2},
		{"som", "previewCancel", 1},
		{"som", "submitCancel", 1},
		{"worldline", "getPaymentDetails", 1},
		{"worldline", "cancelPayment", 1},
		{"slots", "releaseBooking", 1},
		{"b2c", "patchOrder", 1},
	}
}

// TestKilledAtEveryCall parks each call of a cancel, before or after the simulator has committed it, kills the process with
// signal 9, starts it again on the same database and expects the cancel to be finished with every effect once.
func TestKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	simulator := launch(t, built.somsim, 2, "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0")
	for i, at := range cancelCalls() {
		for _, phase := range []string{"before", "after"} {
			t.Run(fmt.Sprintf("%s %s %s %d", phase, at.system, at.operation, at.nth), func(t *testing.T) {
				t.Parallel()
				s := newStage(t, simulator, fmt.Sprintf("kill-%d-%s", i, phase))
				s.killAt(at, phase)
				s.start()
				status, answer, err := s.cancel()
				if err != nil || status != http.StatusOK {
					t.Fatalf("after the restart the cancel answers %d %s %v", status, answer, err)
				}
				s.effectsOnce(answer)
			})
		}
	}
}

// killAt begins the cancel, waits until the call is parked and kills the process.
func (s *stage) killAt(at parked, phase string) {
	s.t.Helper()
	ended := s.parkAt(at, phase)
	s.ops.kill()
	<-ended
	s.letGo()
}

// parkAt begins the cancel and waits until the call is parked. The channel is closed when the caller has its answer, or
// none.
func (s *stage) parkAt(at parked, phase string) <-chan struct{} {
	s.t.Helper()
	s.must(http.MethodPost, s.sandbox("/faults"), nil, map[string]any{
		"name": "park", "match": map[string]any{"system": at.system, "operation": at.operation, "nth": at.nth},
		"effect": map[string]any{"kind": "hold", "phase": phase},
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _, _ = s.cancel() // the answer is lost with the process
	}()
	s.must(http.MethodPost, s.sandbox("/journal/await"), nil, map[string]any{
		"match": map[string]any{"fault": "park", "phase": "opened"}, "count": 1, "timeout_ms": 20000,
	})
	return ended
}

// letGo takes the fault away that parks the call.
func (s *stage) letGo() {
	s.t.Helper()
	s.must(http.MethodDelete, s.sandbox("/faults?name=park"), nil, nil)
}

// effectsOnce asserts that every effect of the cancel is in the simulator's journal exactly once.
func (s *stage) effectsOnce(answer []byte) {
	s.t.Helper()
	var op struct {
		State        string
		Cancellation struct {
			Effects []struct{ System, Action, State string }
		}
	}
	if err := json.Unmarshal(answer, &op); err != nil || op.State != "succeeded" || len(op.Cancellation.Effects) < 3 {
		s.t.Fatalf("the cancel ended as %s", answer)
	}
	for _, e := range op.Cancellation.Effects {
		if e.State != "done" && e.State != "not_applicable" {
			s.t.Errorf("effect %s:%s is %s, want done", e.System, e.Action, e.State)
		}
	}
	happened := s.happened()
	for _, operation := range []string{"cancelFulfillmentOrderItem", "submitCancel", "cancelPayment", "releaseBooking"} {
		if happened[operation] != 1 {
			s.t.Errorf("%s changed something %d times, want once", operation, happened[operation])
		}
	}
	if n := happened["createFulfillmentOrders"]; n != 0 {
		s.t.Errorf("%d fulfillment orders were created, want none", n)
	}
	header := map[string]string{"Authorization": s.token, "X-Sandbox": s.name}
	if doc := s.must(http.MethodGet, s.ops.addresses["orderops"]+"/order-ops/v1/orders/"+order, header, nil); !bytes.Contains(doc, []byte(`"status":"cancelled"`)) {
		s.t.Errorf("the order is shown as %s", doc)
	}
}

// happened counts the calls in the journal that changed something, by operation.
func (s *stage) happened() map[string]int {
	s.t.Helper()
	var journal struct {
		Entries []struct {
			Operation string
			Changes   []struct{ Entity string }
		}
	}
	if err := json.Unmarshal(s.must(http.MethodGet, s.sandbox("/journal?limit=1000"), nil, nil), &journal); err != nil {
		s.t.Fatal(err)
	}
	happened := map[string]int{}
	for _, e := range journal.Entries {
		if len(e.Changes) > 0 {
			happened[e.Operation]++
		}
	}
	return happened
}
