package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// stage is one sandbox of a simulator with an order-ops process of its own.
type stage struct {
	t                  *testing.T
	api, control, name string
	db                 string
	ops                *process
	token              string
	// flags are more flags of the process.
	flags []string
	subject
}

// subject is an order of the omnichannel preset whose cancel takes all steps: every unit is allocated to a warehouse.
type subject struct {
	order, shopper string
	// changes are the operations by which the systems follow the cancel, each once.
	changes []string
}

// authorised is an order whose card was authorised and not charged: a cancel voids.
func authorised() subject {
	return subject{"00000102", "shopper-1", []string{"cancelPayment", "createRow", "releaseReservation", "releaseBooking", "collectEvents"}}
}

// captured is an order that was paid at once and brought points: a cancel refunds and takes the points back.
func captured() subject {
	return subject{"00000137", "shopper-3", []string{
		"refundPayment", "recordRefund", "releaseReservation", "releaseBooking", "adjustLoyaltyPoints", "collectEvents",
	}}
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
	s.must(http.MethodPost, s.control+"/control/v1/sandboxes", nil, map[string]any{"name": name, "from": "omnichannel", "clock": "manual"})
	s.token = s.login()
	return s
}

// start begins the service, or begins it again on the same database.
func (s *stage) start() {
	s.t.Helper()
	s.startOf(built.orderops)
}

// startOf is start with another build.
func (s *stage) startOf(binary string) {
	s.t.Helper()
	s.ops = launch(s.t, binary, 2, append([]string{
		"--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--db", s.db, "--simulator", s.api,
		"--simulator-control", s.control, "--remote-timeout", "1m", "--answer-within", "30s", "--instance", s.name,
	}, s.flags...)...)
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
	return s.call(http.MethodPost, s.ops.addresses["orderops"]+"/order-ops/v1/orders/"+s.order+"/cancellations", header, struct{}{})
}

// parked is a call of the cancel of an order at which the process is killed.
type parked struct {
	system, operation string
	nth               int
	about             subject
}

func cancelCalls() []parked {
	calls := []parked{
		{"som", "composite", 1, authorised()},
		{"slots", "listBookings", 1, authorised()},
		{"som", "cancelFulfillmentOrderItem", 1, authorised()},
		{"som", "composite", 2, authorised()},
		{"som", "previewCancel", 1, authorised()},
		{"som", "submitCancel", 1, authorised()},
		{"worldline", "getPaymentDetails", 1, authorised()},
		{"worldline", "cancelPayment", 1, authorised()},
		{"worldline", "getPaymentDetails", 2, authorised()},
		{"som", "createRow", 1, authorised()},
		{"oci", "getReservations", 1, authorised()},
		{"oci", "releaseReservation", 1, authorised()},
		{"slots", "releaseBooking", 1, authorised()},
		{"b2c", "patchOrder", 1, authorised()},
		{"tracking", "collectEvents", 1, authorised()},
		{"worldline", "refundPayment", 1, captured()},
		{"som", "composite", 3, captured()}, // is the refund on record
		{"som", "composite", 4, captured()}, // put it there
		{"loyalty", "searchLoyaltyEvents", 1, captured()},
		{"loyalty", "adjustLoyaltyPoints", 1, captured()},
	}
	return calls
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
				s := newStage(t, simulator, fmt.Sprintf("kill-%d-%s", i, phase), at.about)
				s.killAt(at, phase)
				s.start()
				status, answer, err := s.cancel()
				if err != nil || status != http.StatusOK {
					t.Fatalf("after the restart the cancel answers %d %s %v", status, answer, err)
				}
				if happened := s.effectsOnce(answer); happened["cancelFulfillmentOrderItem"] != 1 || happened["createFulfillmentOrders"] != 0 {
					t.Errorf("units were taken and given back: %v", happened)
				}
			})
		}
	}
}

// TestRebuiltBinaryFinishes has another build take up what a killed one began.
func TestRebuiltBinaryFinishes(t *testing.T) {
	t.Parallel()
	simulator := launch(t, built.somsim, 2, "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0")
	rebuilt := rebuild(t)
	for _, at := range []parked{{"som", "submitCancel", 1, authorised()}, {"worldline", "refundPayment", 1, captured()}} {
		t.Run(at.operation, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, simulator, "rebuilt-"+strings.ToLower(at.operation), at.about)
			s.killAt(at, "after")
			s.startOf(rebuilt)
			status, answer, err := s.cancel()
			if err != nil || status != http.StatusOK {
				t.Fatalf("after the restart the cancel answers %d %s %v", status, answer, err)
			}
			s.effectsOnce(answer)
		})
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
	return s.park(at, phase, func() { _, _, _ = s.cancel() }) // the answer is lost with the process
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
		"match": map[string]any{"fault": "park", "phase": "opened"}, "count": 1, "timeout_ms": 20000,
	})
	return ended
}

// letGo takes the fault away that parks the call.
func (s *stage) letGo() {
	s.t.Helper()
	s.must(http.MethodDelete, s.sandbox("/faults?name=park"), nil, nil)
}

// effectsOnce asserts that the answer tells of every effect as done, that each is in the simulator's journal exactly once,
// and that the systems agree on the order. It returns how often each operation changed something.
func (s *stage) effectsOnce(answer []byte) map[string]int {
	s.t.Helper()
	var op struct {
		State        string
		Cancellation struct {
			Effects []struct{ System, Action, State string }
		}
	}
	if err := json.Unmarshal(answer, &op); err != nil || op.State != "succeeded" {
		s.t.Fatalf("the cancel ended as %s", answer)
	}
	done := map[string]int{}
	for _, e := range op.Cancellation.Effects {
		if e.State == "done" {
			done[e.System]++
		} else if e.System != "loyalty" || e.State != "not_applicable" || s.order == captured().order {
			s.t.Errorf("effect %s:%s is %s, want done", e.System, e.Action, e.State)
		}
	}
	for _, system := range []string{"worldline", "som", "oci", "slots", "b2c", "tracking"} {
		if done[system] != 1 {
			s.t.Errorf("%d effects in %s, want 1: %s", done[system], system, answer)
		}
	}
	happened := s.happened()
	for _, operation := range append([]string{"submitCancel"}, s.changes...) {
		if happened[operation] != 1 {
			s.t.Errorf("%s changed something %d times, want once", operation, happened[operation])
		}
	}
	header := map[string]string{"Authorization": s.token, "X-Sandbox": s.name}
	if doc := s.must(http.MethodGet, s.ops.addresses["orderops"]+"/order-ops/v1/orders/"+s.order, header, nil); !bytes.Contains(doc, []byte(`"status":"cancelled"`)) {
		s.t.Errorf("the order is shown as %s", doc)
	}
	if found := s.must(http.MethodGet, s.sandbox("/invariants"), nil, nil); bytes.Contains(found, []byte("order "+s.order)) {
		s.t.Errorf("the systems do not agree: %s", found)
	}
	return happened
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
