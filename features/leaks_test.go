package features_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"sync"
	"testing"
)

// kept is what an order-ops leaves behind: what it logs, and its database.
type kept struct {
	mu       sync.Mutex
	log      bytes.Buffer
	database string
	url      string
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
func persons() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"a name":             regexp.MustCompile(`\b(Ada|Grace|Joan|Katherine|Dorothy|Nolan|Ito|Meyer|Diaz|Okafor)\b`),
		"a mail address":     regexp.MustCompile(`[A-Za-z0-9._-]+@somsim\.test`),
		"a street":           regexp.MustCompile(`(?i)elm street|\bstra(ss|ß)e\b`),
		"a JSON web token":   regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`),
		"a session":          regexp.MustCompile(`00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]+`),
		"a guest's access":   regexp.MustCompile(`oog_[A-Za-z0-9]+`),
		"a header of a call": regexp.MustCompile(`(?i)bearer [a-z0-9._~-]{8,}|basic [a-z0-9+/=]{12,}`),
		"a card number":      regexp.MustCompile(`(?:^|[^0-9.])4[0-9]{15}\b|\b4[0-9]{3} [0-9]{4} [0-9]{4} [0-9]{4}\b`),
		"a secret":           regexp.MustCompile(`somsim~[a-z0-9-]+:somsim|client_secret=`),
	}
}

// holdsNobody looks at all that order-ops has left behind, when every scenario has run: nothing of it tells who anybody is,
// or lets anybody in.
func (k *kept) holdsNobody(t *testing.T) {
	t.Helper()
	k.mu.Lock()
	left := map[string][]byte{"the log": bytes.Clone(k.log.Bytes()), "the metrics": k.metrics(t)}
	k.mu.Unlock()
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(k.database + suffix)
		if err != nil && suffix == "" {
			t.Fatal(err)
		}
		left["the database"+suffix] = text
	}
	if !bytes.Contains(left["the log"], []byte(`"msg":"audit"`)) || !bytes.Contains(append(left["the database"], left["the database-wal"]...), []byte("00000101")) {
		t.Error("there is no audit log, or no order in the database: the test looks in the wrong place")
	}
	for where, text := range left {
		for what, pattern := range persons() {
			if found := pattern.Find(text); found != nil {
				at := bytes.Index(text, found)
				t.Errorf("%s holds %s: %q in …%q…", where, what, found, text[max(at-120, 0):min(at+120, len(text))])
			}
		}
	}
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
