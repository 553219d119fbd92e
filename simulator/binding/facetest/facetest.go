// Package facetest puts one face into sandboxes of its own for the tests of that face, without the other systems of a
// simulator. For tests of several systems together there is simtest.
package facetest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// Monday is the time in the sandboxes, and of the machine: 1 June 2026, eight o'clock UTC.
func Monday() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

// Other is the sandbox beside the default one. Both begin alike.
const Other = "other"

// Domain is what a simulated system offers the engine.
type Domain interface {
	Runners() map[string]sandbox.Runner
}

// Bench is one face over two sandboxes whose clocks stand still on [Monday].
type Bench struct {
	T      *testing.T
	Worlds *sandbox.Worlds
	// World is the default sandbox.
	World  *sandbox.World
	Router *binding.Router
	// Header is what every [Bench.Call] sends unless told otherwise.
	Header map[string]string
	// Watch, when it is set, sees every answer.
	Watch func(*httptest.ResponseRecorder)
}

// Start declares a domain, mounts its face, and further ones of the same domain, and fills both sandboxes.
func Start[D Domain](
	t *testing.T, declare func(*store.Schema) D, face func(D) (*binding.Face, error), fill func(*sandbox.Tx, D) error, further ...func(D) (*binding.Face, error),
) (*Bench, D) {
	t.Helper()
	schema := store.NewSchema()
	tables, domain := sandbox.Declare(schema), declare(schema)
	var mounted []*binding.Face
	for _, open := range append([]func(D) (*binding.Face, error){face}, further...) {
		f, err := open(domain)
		if err != nil {
			t.Fatal(err)
		}
		mounted = append(mounted, f)
	}
	sensitive, err := binding.Sensitive(mounted...)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	b := &Bench{T: t, Header: map[string]string{}}
	b.Worlds = sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(Monday()), Log: log, Runners: domain.Runners(), Redactor: journal.NewRedactor(sensitive...),
		Presets: map[string]sandbox.Preset{"small": func(tx *sandbox.Tx) error { return fill(tx, domain) }},
	})
	if b.Router, err = binding.NewRouter(binding.Options{Worlds: b.Worlds, Redactor: b.Worlds.Redactor, Log: log}, mounted...); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{Other, sandbox.Default} {
		if b.World, err = b.Worlds.Create(name, sandbox.Options{From: "small", Mode: clock.ModeManual, At: Monday()}); err != nil {
			t.Fatal(err)
		}
	}
	return b, domain
}

// Call sends a request and returns status and body of its answer. A body is JSON and the bench's header is sent too,
// unless the names and values at the end say otherwise.
func (b *Bench) Call(method, path, body string, header ...string) (int, string) {
	b.T.Helper()
	r := httptest.NewRequestWithContext(b.T.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range b.Header {
		r.Header.Set(name, value)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := b.Serve(r)
	out, err := io.ReadAll(w.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	return w.Code, string(out)
}

// Serve answers a request without a network and checks that the simulator kept its own rules.
func (b *Bench) Serve(r *http.Request) *httptest.ResponseRecorder {
	b.T.Helper()
	w := httptest.NewRecorder()
	b.Router.ServeHTTP(w, r)
	if e := b.Last(); e.Bug != "" {
		b.T.Fatalf("%s %s: %s", r.Method, r.URL, e.Bug)
	}
	if b.Watch != nil {
		b.Watch(w)
	}
	return w
}

// Last returns the newest entry in the journal of the default sandbox, empty when there is none.
func (b *Bench) Last() journal.Entry {
	entries, _ := b.World.Journal(journal.Query{})
	if len(entries) == 0 {
		return journal.Entry{}
	}
	return entries[len(entries)-1]
}
