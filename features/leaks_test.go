package features_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/somsim/somsim/internal/relay"
)

// kept is what an order-ops leaves behind: what it logs, and its database.
type kept struct {
	mu       sync.Mutex
	log      bytes.Buffer
	database string
	url      string
	// journals are what the control plane gave out: what reports and bundles are made of.
	journals bytes.Buffer
}

// journalsOf is the control plane at an address, whose journals are kept where they are read whole.
func (k *kept) journalsOf(t *testing.T, control string) string {
	t.Helper()
	target, err := url.Parse(control)
	if err != nil {
		t.Fatal(err)
	}
	proxy := relay.To(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		if !strings.HasSuffix(r.Request.URL.Path, "/journal") || r.Request.URL.RawQuery != "" {
			return nil
		}
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		r.Body = io.NopCloser(bytes.NewReader(text))
		k.mu.Lock()
		defer k.mu.Unlock()
		_, err = k.journals.Write(text)
		return err
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// Write takes in a line of the log.
func (k *kept) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.log.Write(p)
}

// logger logs everything that there is to log.
func (k *kept) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(k, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// persons are who lives in the preset, and what lets somebody in: names, addresses, mail and telephone of its shoppers, tokens
// of every kind, secrets and card numbers. Numbers of orders and ids of records are none of these.
func persons() map[string]tell {
	names := []string{"Grace", "Joan", "Katherine", "Dorothy", "Nolan", "Meyer", "Diaz", "Okafor"}
	// Three letters happen to stand among the numbers of a database's pages: as a name they stand as text does.
	short := []string{"Ada", "Ito"}
	return map[string]tell{
		"a name":             {names, regexp.MustCompile(`\b(` + strings.Join(names, "|") + `)\b`)},
		"a short name":       {short, regexp.MustCompile(`["' >=(](` + strings.Join(short, "|") + `)["' <,.)]`)},
		"a mail address":     {[]string{"@somsim.test"}, regexp.MustCompile(`[A-Za-z0-9._-]+@somsim\.test`)},
		"a street":           {[]string{"lm Street", "lm street", "stra"}, regexp.MustCompile(`(?i)elm street|\bstra(ss|ß)e\b`)},
		"a JSON web token":   {[]string{"eyJ"}, regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`)},
		"a session":          {[]string{"00D"}, regexp.MustCompile(`00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]+`)},
		"a guest's access":   {[]string{"oog_"}, regexp.MustCompile(`oog_[A-Za-z0-9]+`)},
		"an order's token":   {[]string{"rder_token", "rderToken"}, regexp.MustCompile(`(?i)order_?token[\\": ]+[A-Za-z0-9+/=_-]{8,}`)},
		"a header of a call": {[]string{"earer ", "asic "}, regexp.MustCompile(`(?i)bearer [a-z0-9._~-]{8,}|basic [a-z0-9+/=]{12,}`)},
		"a card number":      {[]string{"411111", "555555", "401200"}, regexp.MustCompile(`(?:^|[^0-9.])[45][0-9]{15}\b|\b[45][0-9]{3} [0-9]{4} [0-9]{4} [0-9]{4}\b`)},
		"a secret":           {[]string{"somsim~", "client_secret="}, regexp.MustCompile(`somsim~[a-z0-9-]+:somsim|client_secret=[^\[]`)},
	}
}

// holdsNobody looks at all that order-ops has left behind, and at the journals and the bundle of the run, when every scenario
// has run: nothing of it tells who anybody is, or lets anybody in.
func (k *kept) holdsNobody(t *testing.T, bundle []byte) {
	t.Helper()
	k.mu.Lock()
	left := map[string][]byte{
		"the log": bytes.Clone(k.log.Bytes()), "the metrics": k.metrics(t), "a journal": bytes.Clone(k.journals.Bytes()), "the bundle": bundle,
	}
	k.mu.Unlock()
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(k.database + suffix)
		if err != nil && suffix == "" {
			t.Fatal(err)
		}
		left["the database"+suffix] = text
	}
	if !bytes.Contains(left["a journal"], []byte("DeliverToName")) || !bytes.Contains(bundle, []byte("DeliverToName")) {
		t.Error("no journal tells of a fulfillment order: the test looks in the wrong place")
	}
	if !bytes.Contains(left["the log"], []byte(`"msg":"audit"`)) || !bytes.Contains(append(left["the database"], left["the database-wal"]...), []byte("00000101")) {
		t.Error("there is no audit log, or no order in the database: the test looks in the wrong place")
	}
	for where, text := range left {
		for what, p := range persons() {
			for _, at := range p.in(text, 20) {
				t.Errorf("%s holds %s: %q in …%q…", where, what, text[at[0]:at[1]], text[max(at[0]-120, 0):min(at[1]+20, len(text))])
			}
		}
	}
}

// tell is what gives somebody away. What it is found by comes first: journals are too long to be searched by a pattern.
type tell struct {
	hints   []string
	pattern *regexp.Regexp
}

// in is where a text holds it, at most so many times.
func (p tell) in(text []byte, most int) [][]int {
	const around = 200
	var found [][]int
	for _, hint := range p.hints {
		for at := 0; len(found) < most; at++ {
			next := bytes.Index(text[at:], []byte(hint))
			if next < 0 {
				break
			}
			at += next
			from := max(at-around, 0)
			for _, m := range p.pattern.FindAllIndex(text[from:min(at+around, len(text))], -1) {
				if m = []int{m[0] + from, m[1] + from}; m[0] <= at && at < m[1] {
					found = append(found, m)
				}
			}
		}
	}
	return found
}

func (k *kept) metrics(t *testing.T) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, k.url+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
