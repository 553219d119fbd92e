package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/simtest"
)

// The first measurement is taken when the journal has long been full.
const (
	warmRequests = 100_000
	allRequests  = 1_000_000
)

// BenchmarkMillionRequests shows that a simulator that runs for days takes no more memory than one that has just become
// warm: it answers a million requests in process, one in ten of which changes an order, and compares the heap with what
// it was after the first hundred thousand.
func BenchmarkMillionRequests(b *testing.B) {
	s := simtest.Start(b)
	token := shopperToken(b, s)
	var warm uint64
	for i := range allRequests {
		if i == warmRequests {
			warm = liveHeap()
		}
		if err := orderRequest(b, s, token, i); err != nil {
			b.Fatal(err)
		}
	}
	after := liveHeap()
	ratio := float64(after) / float64(warm)
	if ratio > 1.1 {
		b.Errorf("the heap has grown from %d to %d bytes", warm, after)
	}
	b.ReportMetric(ratio, "x-heap-at-100k")
	b.ReportMetric(float64(after)/(1<<20), "MiB")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/allRequests, "µs/req")
	b.ReportMetric(0, "ns/op")
}

// orderRequest reads an order, or every tenth time alters it.
func orderRequest(tb testing.TB, s *simtest.Simulator, token string, i int) error {
	tb.Helper()
	method, body := http.MethodGet, ""
	if i%10 == 0 {
		method, body = http.MethodPatch, fmt.Sprintf(`{"c_note":"%d"}`, i)
	}
	req := httptest.NewRequestWithContext(tb.Context(), method, "/s/RefArch/dw/shop/v23_2/orders/00000101", strings.NewReader(body))
	req.Header.Set("Authorization", token)
	req.Header.Set("X-Dw-Client-Id", strings.Repeat("a", 30))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	answer := httptest.NewRecorder()
	s.Handler.ServeHTTP(answer, req)
	if answer.Code != http.StatusOK {
		return fmt.Errorf("request %d: %d %s", i, answer.Code, answer.Body)
	}
	return nil
}

func liveHeap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
