package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
)

// The benchmarks of order-ops' commands run it, like those of its reads, as a process of its own beside a simulator on
// loopback, on a SQLite file. Their goals are in docs/operations.md.

// request sends JSON with a header and returns status and answer; what gets no answer fails the benchmark.
func (r *readers) request(method, url, authorization string, header map[string]string, body string) (int, []byte) {
	req, err := http.NewRequestWithContext(r.b.Context(), method, url, strings.NewReader(body))
	if err != nil {
		r.b.Error(err)
		return 0, nil
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", authorization)
	for name, value := range header {
		req.Header.Set(name, value)
	}
	res, err := r.http.Do(req)
	if err != nil {
		r.b.Error(err)
		return 0, nil
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		r.b.Error(err)
	}
	return res.StatusCode, answer
}

// control asks the control plane for something that it has to do.
func (r *readers) control(method, path, body string) []byte {
	r.b.Helper()
	status, answer := r.request(method, r.sim.ControlURL+"/control/v1/sandboxes"+path, "", nil, body)
	if status >= http.StatusMultipleChoices {
		r.b.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	return answer
}

// enter logs a shopper of a sandbox in.
func (r *readers) enter(sandbox, name string) string {
	r.b.Helper()
	req, err := http.NewRequestWithContext(r.b.Context(), http.MethodPost, r.sim.URL+"/s/RefArch/dw/shop/v23_2/customers/auth", strings.NewReader(`{"type":"credentials"}`))
	if err != nil {
		r.b.Fatal(err)
	}
	req.SetBasicAuth(name+"@somsim.test", "somsim")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("x-dw-client-id", b2c.DefaultClientID+"~"+sandbox)
	res, err := r.http.Do(req)
	if err != nil {
		r.b.Fatal(err)
	}
	_ = res.Body.Close()
	return res.Header.Get("Authorization")
}

// cancel has an order cancelled and returns what came of it, how far its effects are, and how long the caller waited.
func (r *readers) cancel(orderNo, authorization, sandbox string) (op operation, took time.Duration) {
	header := map[string]string{"Idempotency-Key": "bench-" + orderNo, "X-Sandbox": sandbox}
	start := time.Now()
	status, answer := r.request(http.MethodPost, r.base+"/order-ops/v1/orders/"+orderNo+"/cancellations", authorization, header, `{}`)
	took = time.Since(start)
	if status != http.StatusOK && status != http.StatusAccepted || json.Unmarshal(answer, &op) != nil {
		r.b.Errorf("cancel of %s: %d %s", orderNo, status, answer)
	}
	for tries := 0; op.State == "running" && tries < 1000; tries++ {
		_, answer = r.request(http.MethodGet, r.base+"/order-ops/v1/operations/"+op.ID, authorization, header, "")
		if err := json.Unmarshal(answer, &op); err != nil {
			r.b.Error(err)
		}
	}
	return op, took
}

// operation is what order-ops says of a cancel.
type operation struct {
	ID           string `json:"operation_id"`
	State        string
	Cancellation struct {
		Effects []struct{ System, State string }
	}
}

// effect is how far the effect in a system has come.
func (o operation) effect(system string) string {
	for _, e := range o.Cancellation.Effects {
		if e.System == system {
			return e.State
		}
	}
	return ""
}

// place has the shopper place that many orders, which go over to order management.
func (r *readers) place(n int) []string {
	r.b.Helper()
	orders := make([]string, n)
	for i := range orders {
		orders[i] = r.order()
		if i%500 == 0 || i == n-1 { // an advance takes a thousand pieces of work for one that never ends
			if _, err := r.sim.Default.Advance(r.b.Context(), time.Minute); err != nil {
				r.b.Fatal(err)
			}
		}
	}
	return orders
}

// holds asserts that the systems agree.
func (r *readers) holds() {
	r.b.Helper()
	if found := r.control(http.MethodGet, "/default/invariants", ""); !strings.Contains(string(found), `"holds":true`) {
		_, broken, _ := strings.Cut(string(found), `"violations":`)
		r.b.Errorf("the systems do not agree: %.2000s", broken)
	}
}

// BenchmarkCancel is one caller after the other who cancels an order of which every unit is at the warehouse, each in a sandbox
// of its own and after a look at the order, as a shopper has had one.
func BenchmarkCancel(b *testing.B) {
	const order, cancels = "00000102", 200
	r := startReaders(b)
	waits, since := make([]time.Duration, 0, cancels), r.spent()
	for i := range cancels {
		sandbox := fmt.Sprintf("cancel-%d", i)
		r.control(http.MethodPost, "", `{"name":"`+sandbox+`","from":"default"}`)
		token := r.enter(sandbox, "shopper-1")
		if status, answer := r.request(http.MethodGet, r.base+"/order-ops/v1/orders/"+order, token, map[string]string{"X-Sandbox": sandbox}, ""); status != http.StatusOK {
			b.Fatalf("the order is shown as %d %s", status, answer)
		}
		op, took := r.cancel(order, token, sandbox)
		for _, system := range []string{"worldline", "som", "oci", "slots", "b2c", "tracking"} {
			if op.State != "succeeded" || op.effect(system) != "done" {
				b.Errorf("the cancel ended as %+v", op)
			}
		}
		waits = append(waits, took)
		r.control(http.MethodDelete, "/"+sandbox, "")
	}
	r.report(waits, since)
}

// patient has order-ops wait for systems that share one busy machine with it and with the callers. How long callers wait is
// measured; that they give up is not what is asked.
func patient() []string { return []string{"--remote-timeout", "1m", "--answer-within", "1m"} }

// BenchmarkConcurrentCancels is 300 callers at the same moment, each with an order of their own.
func BenchmarkConcurrentCancels(b *testing.B) {
	const callers = 300
	r := startReaders(b, patient()...)
	orders := r.place(callers)
	waits, since := make([]time.Duration, callers), r.spent()
	start := time.Now()
	var all sync.WaitGroup
	for i, no := range orders {
		all.Go(func() {
			op, took := r.cancel(no, r.token, "default")
			if waits[i] = took; op.State != "succeeded" {
				b.Errorf("the cancel of %s ended as %+v", no, op)
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(callers)/time.Since(start).Seconds(), "cancels/s")
	r.holds()
	r.report(waits, since)
}

// BenchmarkDrainAfterOutage cancels 1,000 orders while web analytics is out for ten minutes of the sandbox's clock, and measures
// how long it takes until every event that was owed has been sent once, and none twice.
func BenchmarkDrainAfterOutage(b *testing.B) {
	const owed = 1000
	r := startReaders(b, patient()...)
	orders := r.place(owed)
	r.control(http.MethodPost, "/default/faults", `{"name":"outage","match":{"system":"tracking","operation":"collectEvents"},"effect":{"kind":"status","status":503}}`)
	var all sync.WaitGroup
	next := make(chan string)
	for range 8 {
		all.Go(func() {
			for no := range next {
				if op, _ := r.cancel(no, r.token, "default"); op.State != "succeeded" || op.effect("tracking") != "pending" {
					b.Errorf("during the outage the cancel of %s ended as %+v", no, op)
				}
			}
		})
	}
	for _, no := range orders {
		next <- no
	}
	close(next)
	all.Wait()
	r.advance("10m")
	if sent := r.refunds(orders); len(sent) != 0 {
		b.Errorf("%d events were sent during the outage", len(sent))
	}
	r.control(http.MethodDelete, "/default/faults?name=outage", "")
	start, minutes := time.Now(), 0
	for ; len(r.refunds(orders)) < owed && minutes < 120; minutes++ {
		r.advance("1m")
	}
	b.ReportMetric(time.Since(start).Seconds(), "drain-s")
	b.ReportMetric(float64(minutes), "drain-sandbox-min")
	b.ReportMetric(0, "ns/op")
	r.advance("2h")
	sent := r.refunds(orders)
	for _, no := range orders {
		if sent[no] != 1 {
			b.Errorf("web analytics counts %d refunds of order %s, want 1", sent[no], no)
		}
	}
	r.holds()
}

func (r *readers) advance(by string) {
	r.b.Helper()
	r.control(http.MethodPost, "/default/clock/advance", `{"duration":"`+by+`"}`)
}

// refunds counts, by order and of some orders alone, every event about a refund that reached web analytics, those that it did
// not count again included.
func (r *readers) refunds(of []string) map[string]int {
	r.b.Helper()
	var out struct {
		Events []struct {
			Name    string `json:"event"`
			OrderNo string `json:"transaction_id"`
		}
	}
	if err := json.Unmarshal(r.control(http.MethodGet, "/default/tracked-events", ""), &out); err != nil {
		r.b.Fatal(err)
	}
	sent := map[string]int{}
	for _, e := range out.Events {
		if e.Name == "refund" && slices.Contains(of, e.OrderNo) {
			sent[e.OrderNo]++
		}
	}
	return sent
}
