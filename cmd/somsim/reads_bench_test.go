package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/somsim/somsim/internal/spare"
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/simtest"
)

// The benchmarks of order-ops' reads run it as a process of its own beside a simulator on loopback, as its users would,
// and report what a caller waits for. Their goals are in docs/history.md.

// readers is an order-ops in a process of its own, with a shopper's client.
type readers struct {
	b     *testing.B
	sim   *simtest.Simulator
	base  string
	pid   int
	token string
	http  *http.Client
}

func startReaders(b *testing.B, flags ...string) *readers {
	b.Helper()
	b.Cleanup(spare.Heap(os.LookupEnv)) // as main does, in whose place this process has the simulator
	r := &readers{b: b, sim: simtest.Start(b), http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	binary := filepath.Join(b.TempDir(), "orderops")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", binary, "../orderops").CombinedOutput(); err != nil {
		b.Fatalf("build orderops: %v %s", err, out)
	}
	cmd := exec.CommandContext(b.Context(), binary, append([]string{
		"serve", "--listen", "127.0.0.1:0", "--operator", "", "--simulator", r.sim.URL,
		"--simulator-control", r.sim.ControlURL, "--db", filepath.Join(b.TempDir(), "orderops.db"),
	}, flags...)...)
	lines, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	first, err := bufio.NewReader(lines).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	r.base, r.pid = strings.TrimPrefix(strings.TrimSpace(first), "orderops="), cmd.Process.Pid
	basic := http.Request{Header: http.Header{}}
	basic.SetBasicAuth("shopper-2@somsim.test", "somsim")
	_, header := r.shop(http.MethodPost, "/customers/auth", `{"type":"credentials"}`, basic.Header.Get("Authorization"))
	r.token = header.Get("Authorization")
	return r
}

// shop sends a request to the shop itself.
func (r *readers) shop(method, path, body, authorization string) (map[string]json.RawMessage, http.Header) {
	r.b.Helper()
	req, err := http.NewRequestWithContext(r.b.Context(), method, r.sim.URL+"/s/RefArch/dw/shop/v23_2"+path, strings.NewReader(body))
	if err != nil {
		r.b.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("x-dw-client-id", b2c.DefaultClientID)
	req.Header.Set("Authorization", authorization)
	res, err := r.http.Do(req)
	if err != nil {
		r.b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	doc := map[string]json.RawMessage{}
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= http.StatusMultipleChoices || len(text) > 0 && json.Unmarshal(text, &doc) != nil {
		r.b.Fatalf("%s %s: %d %s %v", method, path, res.StatusCode, text, err)
	}
	return doc, res.Header
}

// order has the shopper place an order, and pay for it. It returns the number.
func (r *readers) order() string {
	r.b.Helper()
	basket, _ := r.shop(http.MethodPost, "/baskets", `{}`, r.token)
	var id, no string
	if err := json.Unmarshal(basket["basket_id"], &id); err != nil {
		r.b.Fatal(err)
	}
	at := "/baskets/" + id
	r.shop(http.MethodPost, at+"/items", `[{"product_id":"SHIRT-M","quantity":1},{"product_id":"MUG","quantity":1}]`, r.token)
	r.shop(http.MethodPut, at+"/billing_address?use_as_shipping=true",
		`{"first_name":"Grace","last_name":"Ito","address1":"12 Elm Street","city":"Boston","state_code":"MA","postal_code":"02110","country_code":"US"}`, r.token)
	r.shop(http.MethodPut, at+"/shipments/me/shipping_method", `{"id":"delivery"}`, r.token)
	r.shop(http.MethodPost, at+"/payment_instruments", `{"payment_method_id":"CREDIT_CARD","payment_card":{"card_type":"Visa","number":"4111111111111111"}}`, r.token)
	order, _ := r.shop(http.MethodPost, "/orders", `{"basket_id":"`+id+`"}`, r.token)
	var payments []struct {
		ID string `json:"payment_instrument_id"`
	}
	if json.Unmarshal(order["order_no"], &no) != nil || json.Unmarshal(order["payment_instruments"], &payments) != nil {
		r.b.Fatalf("order %s", order)
	}
	r.shop(http.MethodPatch, "/orders/"+no+"/payment_instruments/"+payments[0].ID, `{}`, r.token)
	return no
}

// read asks order-ops and returns how long that took. Anything but the whole answer fails the benchmark.
func (r *readers) read(path string, whole func(body []byte) bool) time.Duration {
	start := time.Now()
	if err := r.ask(path, whole); err != nil {
		r.b.Error(err)
	}
	return time.Since(start)
}

// ask is an error when the answer is not whole.
func (r *readers) ask(path string, whole func(body []byte) bool) error {
	req, err := http.NewRequestWithContext(r.b.Context(), http.MethodGet, r.base+path, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", r.token)
	res, err := r.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !whole(body) {
		return errors.Join(fmt.Errorf("%s: %d %.300s", path, res.StatusCode, body), err)
	}
	return nil
}

// fromSOM says that an answer has order management's view.
func fromSOM(body []byte) bool { return bytes.Contains(body, []byte(`"source":"som"`)) }

// of is how many orders of a page come from order management. Reading the whole page would be work beside what is measured.
func of(count int) func([]byte) bool {
	return func(body []byte) bool {
		return bytes.Count(body, []byte(`"order_no":`)) == count && bytes.Count(body, []byte(`"som_order":{`)) == count
	}
}

const detailsPath = "/order-ops/v1/orders/00000113"

// report tells what callers waited, and what processor time each call took of order-ops and of everything else: the
// simulator and the callers. Other work on the machine makes callers wait; it changes the processor time little.
func (r *readers) report(waits []time.Duration, since spent) {
	slices.Sort(waits)
	now := r.spent()
	each := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) / float64(len(waits)) }
	r.metric(each(now.orderOps-since.orderOps), "orderops-cpu-ms/call")
	r.metric(each(now.rest-since.rest), "simulator-cpu-ms/call")
	at := func(share float64) float64 {
		return float64(waits[int(share*float64(len(waits)-1))]) / float64(time.Millisecond)
	}
	r.metric(at(0.5), "p50-ms")
	r.metric(at(0.99), "p99-ms")
	r.metric(float64(r.memory())/(1<<20), "rss-MB")
	r.b.ReportMetric(0, "ns/op")
}

// metric reports a number, and logs it for a benchmark that fails.
func (r *readers) metric(n float64, unit string) {
	r.b.Helper()
	r.b.ReportMetric(n, unit)
	r.b.Logf("%.2f %s", n, unit)
}

// spent is processor time, in user mode and in the kernel.
type spent struct{ orderOps, rest time.Duration }

// ticks are how many of the units of /proc/PID/stat a second has on every Linux that Go runs on.
const ticks = 100

func (r *readers) spent() spent {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		r.b.Fatal(err)
	}
	s := spent{rest: time.Duration(usage.Utime.Nano() + usage.Stime.Nano())}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.pid))
	if err != nil {
		return s // where the system does not tell
	}
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:])) // from the third field on
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			r.b.Fatal(err)
		}
		s.orderOps += time.Duration(n) * time.Second / ticks
	}
	return s
}

// machine is, in ticks since it was started, how much time the processors had and how much of it they worked; zero where the
// system does not tell.
func (r *readers) machine() (all, worked int64) {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	for i, field := range strings.Fields(line)[1:] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			r.b.Fatal(err)
		}
		if all += n; i != 3 && i != 4 { // idle, and waiting for a disk
			worked += n
		}
	}
	return all, worked
}

// memory is what order-ops has resident, in bytes; zero where the system does not tell.
func (r *readers) memory() int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", r.pid))
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseInt(strings.Fields(string(raw))[1], 10, 64)
	if err != nil {
		r.b.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

// BenchmarkDetails is one caller after the other on the page of an order.
func BenchmarkDetails(b *testing.B) {
	r := startReaders(b)
	for range 50 {
		r.read(detailsPath, fromSOM)
	}
	since := r.spent()
	var waits []time.Duration
	for range 500 {
		waits = append(waits, r.read(detailsPath, fromSOM))
	}
	r.report(waits, since)
}

// BenchmarkHistoryOf50Orders is one caller after the other on a page of 50 orders.
func BenchmarkHistoryOf50Orders(b *testing.B) {
	r := startReaders(b)
	for range 50 {
		r.order()
	}
	if _, err := r.sim.Default.Advance(b.Context(), time.Minute); err != nil { // they go over to order management
		b.Fatal(err)
	}
	const page = "/order-ops/v1/orders?limit=50"
	for range 10 {
		r.read(page, of(50))
	}
	since := r.spent()
	var waits []time.Duration
	for range 100 {
		waits = append(waits, r.read(page, of(50)))
	}
	r.report(waits, since)
}

// BenchmarkDetailsAtRate is 300 callers a second for a minute, whether or not those before have their answer. A caller who
// was not answered whole is counted, and fails the benchmark in the end: on a machine that is busy with something else, which
// others-cpu-% tells, nothing else is to be expected.
func BenchmarkDetailsAtRate(b *testing.B) {
	const perSecond, seconds = 300, 60
	r := startReaders(b)
	r.read(detailsPath, fromSOM)
	waits := make([]time.Duration, perSecond*seconds)
	var all sync.WaitGroup
	var failed atomic.Int64
	busy, worked := r.machine()
	pace := time.NewTicker(time.Second / perSecond)
	defer pace.Stop()
	since, start := r.spent(), time.Now()
	for i := range waits {
		due := start.Add(time.Duration(i) * time.Second / perSecond)
		for time.Now().Before(due) {
			<-pace.C
		}
		all.Go(func() {
			begun := time.Now()
			if err := r.ask(detailsPath, fromSOM); err != nil {
				failed.Add(1)
			}
			waits[i] = time.Since(begun)
		})
	}
	all.Wait()
	r.metric(float64(len(waits))/time.Since(start).Seconds(), "req/s")
	r.metric(float64(failed.Load()), "failed")
	nowBusy, nowWorked := r.machine()
	own := r.spent()
	mine := (own.orderOps + own.rest - since.orderOps - since.rest).Seconds() * ticks
	r.metric(100*max(0, float64(nowWorked-worked)-mine)/max(1, float64(nowBusy-busy)), "others-cpu-%")
	r.report(waits, since)
	if failed.Load() > 0 {
		b.Errorf("%d of %d callers were not answered whole", failed.Load(), len(waits))
	}
}
