package broker

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/contracts/matrix"
	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/verification"
)

// standIn is as much of a Pact Broker's HAL interface as an import asks for.
type standIn struct {
	mu    sync.Mutex
	asked []string
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body) // a GET has none
	s.mu.Lock()
	line := r.Method + " " + r.URL.EscapedPath()
	if version, ok := body["providerApplicationVersion"].(string); ok {
		line += " " + version
	}
	if success, ok := body["success"].(bool); ok && !success {
		line += " failed"
	}
	s.asked = append(s.asked, line)
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/hal+json")
	switch {
	case r.Header.Get("Authorization") != "Bearer secret":
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path == "/environments":
		_, _ = w.Write([]byte(`{"_embedded":{"environments":[{"name":"test"}]}}`))
	case strings.HasPrefix(r.URL.Path, "/pacts/provider/gone/"):
		_, _ = w.Write([]byte(`{"_links":{}}`))
	case r.Method == http.MethodGet:
		_, _ = w.Write([]byte(`{"_links":{"pb:publish-verification-results":{"href":"http://` + r.Host + r.URL.Path + `/results"},"curies":[]}}`))
	default:
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{}`))
	}
}

// recorder is a command line that notes what it is told.
func recorder(t *testing.T) (executable, notes string) {
	t.Helper()
	folder := t.TempDir()
	executable, notes = filepath.Join(folder, "pact"), filepath.Join(folder, "notes")
	script := "#!/bin/sh\necho \"$@ as $PACT_BROKER_TOKEN at $PACT_BROKER_BASE_URL\" >> " + notes + "\ncase \"$*\" in *--version\\ bad*) exit 1;; esac\n"
	if err := os.WriteFile(executable, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return executable, notes
}

func TestFilesAreBroughtIntoABroker(t *testing.T) {
	t.Parallel()
	folder := matrix.Folder{Dir: t.TempDir()}
	p := pactfile.Pact{File: "order-ops-slots.json", Source: []byte(`{"a":1}`)}
	p.Consumer.Name, p.Provider.Name = "order-ops", "slots"
	report := verification.Report{Provider: "slots", Verifier: "replay", Pacts: []verification.PactReport{{Consumer: "order-ops", SHA256: verification.Sum(p)}}}
	at := time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC)
	for _, err := range []error{
		folder.Publish(matrix.Version{Pacticipant: "order-ops", Version: "1", Branch: "main", Tags: []string{"v1"}, At: at}, []pactfile.Pact{p}, nil),
		folder.Publish(matrix.Version{Pacticipant: "slots", Version: "9", Branch: "trunk", Tags: []string{"s9"}, At: at}, []pactfile.Pact{p}, []verification.Report{report}),
		folder.Deploy(matrix.Deployment{Pacticipant: "slots", Environment: "production", Version: "9", At: at}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	hal := &standIn{}
	server := httptest.NewServer(hal)
	t.Cleanup(server.Close)
	executable, notes := recorder(t)
	b := Broker{Executable: executable, URL: server.URL, Token: "secret", Client: server.Client(), Out: t.Output()}
	if err := b.Import(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"GET /pacts/provider/slots/consumer/order-ops/version/1",
		"PUT /pacticipants/slots/branches/trunk/versions/9",
		"PUT /pacticipants/slots/versions/9/tags/s9",
		"POST /pacts/provider/slots/consumer/order-ops/version/1/results 9",
		"GET /environments",
	}
	if diff := cmp.Diff(want, hal.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	text, err := os.ReadFile(notes)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if !strings.HasPrefix(lines[0], "broker publish /") || !strings.Contains(lines[0], "slots.json --consumer-app-version 1 --branch main --tag v1 as secret") {
		t.Errorf("published by %q", lines[0])
	}
	for _, begins := range []string{
		"broker create-environment --name production as secret at " + server.URL,
		"broker record-deployment --pacticipant slots --version 9 --environment production as secret",
	} {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, begins) }) {
			t.Errorf("%q is not in %q", begins, lines)
		}
	}
}

func TestWhatTheBrokerRefusesIsAnError(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(&standIn{})
	t.Cleanup(server.Close)
	executable, _ := recorder(t)
	b := Broker{Executable: executable, URL: server.URL, Token: "secret", Client: server.Client(), Out: t.Output()}
	if err := b.CanDeploy(t.Context(), "order-ops", "good", "production"); err != nil {
		t.Errorf("a version that may be deployed: %v", err)
	}
	if err := b.CanDeploy(t.Context(), "order-ops", "bad", "production"); err == nil {
		t.Error("a version that may not be deployed was let pass")
	}
	if err := b.PublishResult(t.Context(), Result{Consumer: "a", ConsumerVersion: "1", Provider: "gone", ProviderVersion: "2"}); err == nil {
		t.Error("a result without a place was taken")
	}
	b.Token = "wrong"
	if err := b.PublishResult(t.Context(), Result{Consumer: "a", ConsumerVersion: "1", Provider: "b", ProviderVersion: "2"}); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("a wrong token: %v", err)
	}
}
