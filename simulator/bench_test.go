package simulator_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/simtest"
)

// The benchmarks compare with a baseline in the same run, since machines differ and drift. Both sides are driven by the
// same raw client over 32 kept-alive connections, which costs far less than net/http's.
const (
	connections = 32
	rounds      = 5
	// perRound is small enough that all rounds stay below the daily limit of an org's API requests.
	perRound = 16_000
)

// BenchmarkOverHTTP reports requests a second as a share of a bare gorilla/mux handler that writes the same bytes. All
// validation, state and journal are on, and the bare handler is spared the headers that prove who asks. Where the system
// tells, the same share of requests for a second of processor time, the client's included, says what other programs on
// the machine cannot disturb.
func BenchmarkOverHTTP(b *testing.B) {
	for _, target := range []struct {
		name    string
		request func(s *simtest.Simulator) string
	}{
		{"OCAPI order", func(s *simtest.Simulator) string {
			return get(s, "/s/RefArch/dw/shop/v23_2/orders/00000101", "Authorization: "+shopperToken(b, s), "x-dw-client-id: "+strings.Repeat("a", 30))
		}},
		{"SOM row", func(s *simtest.Simulator) string {
			return get(s, "/services/data/v60.0/query?q=SELECT+Id,OrderNumber,Status,GrandTotalAmount+FROM+OrderSummary+WHERE+OrderNumber='00000101'",
				"Authorization: Bearer "+integrationToken(b, s))
		}},
	} {
		b.Run(target.name, func(b *testing.B) {
			s := simtest.Start(b)
			request := target.request(s)
			bare := bareServer(b, answer(b, s.URL, request))
			var ratios, rates, byCPU []float64
			for range rounds {
				base := rate(b, bare.URL, "GET / HTTP/1.1\r\nHost: bare\r\n\r\n")
				ours := rate(b, s.URL, request)
				ratios, rates = append(ratios, ours.second/base.second), append(rates, ours.second)
				byCPU = append(byCPU, ours.cpuSecond/base.cpuSecond)
			}
			b.ReportMetric(median(ratios), "x-bare-mux")
			b.ReportMetric(slices.Max(ratios)-slices.Min(ratios), "spread")
			b.ReportMetric(median(rates), "req/s")
			if cpuTime() > 0 {
				b.ReportMetric(median(byCPU), "x-bare-mux-by-cpu")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

func get(s *simtest.Simulator, target string, headers ...string) string {
	host := strings.TrimPrefix(s.URL, "http://")
	return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n"
}

// bareServer answers the same body with nothing but a router before it.
func bareServer(b *testing.B, body []byte) *httptest.Server {
	b.Helper()
	router := mux.NewRouter()
	router.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
	server := httptest.NewServer(router)
	b.Cleanup(server.Close)
	return server
}

func answer(b *testing.B, url, request string) []byte {
	b.Helper()
	c := dial(b, url)
	defer func() { _ = c.conn.Close() }()
	status, body, err := c.exchange([]byte(request))
	if err != nil || status != http.StatusOK {
		b.Fatalf("the measured request answers %d, %v: %s", status, err, body)
	}
	return body
}

// throughput is how many requests were answered in a second, and for a second of processor time.
type throughput struct{ second, cpuSecond float64 }

// rate measures over all connections.
func rate(b *testing.B, url, request string) throughput {
	b.Helper()
	var wg sync.WaitGroup
	clients := make([]*client, connections)
	for i := range clients {
		clients[i] = dial(b, url)
	}
	start, busy := time.Now(), cpuTime()
	for _, c := range clients {
		wg.Go(func() {
			for range perRound / connections {
				if status, _, err := c.exchange([]byte(request)); err != nil || status != http.StatusOK {
					b.Errorf("status %d, %v", status, err)
					return
				}
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	busy = cpuTime() - busy
	for _, c := range clients {
		_ = c.conn.Close()
	}
	return throughput{perRound / elapsed.Seconds(), perRound / busy.Seconds()}
}

// client speaks just enough HTTP to send the same bytes again and again.
type client struct {
	conn net.Conn
	read *textproto.Reader
	buf  *bufio.Reader
	body []byte
}

func dial(b *testing.B, url string) *client {
	b.Helper()
	conn, err := (&net.Dialer{}).DialContext(b.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		b.Fatal(err)
	}
	buf := bufio.NewReaderSize(conn, 16<<10)
	return &client{conn: conn, buf: buf, read: textproto.NewReader(buf)}
}

func (c *client) exchange(request []byte) (int, []byte, error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, err
	}
	line, err := c.read.ReadLine()
	if err != nil || len(line) < 12 {
		return 0, nil, fmt.Errorf("status line %q: %w", line, err)
	}
	status, length := 0, 0
	if status, err = strconv.Atoi(line[9:12]); err != nil {
		return 0, nil, err
	}
	for {
		header, err := c.read.ReadLineBytes()
		if err != nil {
			return 0, nil, err
		}
		if len(header) == 0 {
			break
		}
		if value, ok := strings.CutPrefix(string(header), "Content-Length: "); ok {
			if length, err = strconv.Atoi(value); err != nil {
				return 0, nil, err
			}
		}
	}
	c.body = slices.Grow(c.body[:0], length)[:length]
	_, err = io.ReadFull(c.buf, c.body)
	return status, c.body, err
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkLargeSandbox shows that what a sandbox of ten thousand orders costs does not grow with them: a fork, and a
// query by an indexed field through the whole pipeline, without the network.
func BenchmarkLargeSandbox(b *testing.B) {
	for _, preset := range []string{"omnichannel", "crowd"} {
		s := simtest.Start(b, func(c *simulator.Config) { c.Preset = preset })
		b.Run("fork/"+preset, func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				s.Sandbox(fmt.Sprintf("fork-%d-%d", b.N, i), sandbox.Options{From: sandbox.Default})
			}
		})
		b.Run("query/"+preset, func(b *testing.B) {
			token := integrationToken(b, s)
			for b.Loop() {
				req := httptest.NewRequestWithContext(b.Context(), http.MethodGet,
					"/services/data/v60.0/query?q=SELECT+Id,Status+FROM+OrderSummary+WHERE+OrderNumber='00000107'", nil)
				req.Header.Set("Authorization", "Bearer "+token)
				answer := httptest.NewRecorder()
				s.Handler.ServeHTTP(answer, req)
				if answer.Code != http.StatusOK {
					b.Fatal(answer.Body)
				}
			}
		})
	}
}

func shopperToken(tb testing.TB, s *simtest.Simulator) string {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, s.URL+"/s/RefArch/dw/shop/v23_2/customers/auth", strings.NewReader(`{"type":"credentials"}`))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("x-dw-client-id", strings.Repeat("a", 30))
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("shopper-1@somsim.test:somsim")))
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.Header.Get("Authorization")
}
