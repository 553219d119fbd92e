package binding_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// toy is a simulated system with one kind of row, small enough to see the pipeline through it.
type toy struct {
	counters store.Table[toyCounter]
	runs     *int
}

type toyCounter struct {
	ID    string
	Value int
}

type toyError struct{ rule string }

func (e *toyError) Error() string  { return "refused" }
func (e *toyError) RuleID() string { return e.rule }

type counterOut struct {
	Value int `json:"value"`
}

func (s toy) read(c *binding.Call, in struct {
	ID string `path:"id"`
},
) (counterOut, error) {
	row, _ := s.counters.Get(c.Tx.Tx, in.ID)
	switch in.ID {
	case "noted":
		c.Note(&toyError{"toy.by.not-zero"})
		c.Note(&toyError{"the first one stands"})
	case "misnoted":
		c.Note(&toyError{"toy.nobody.listed-this"})
	case "unruled":
		c.Note(errNoToken)
	}
	return counterOut{row.Value}, nil
}

func (s toy) add(c *binding.Call, in struct {
	ID   string `path:"id"`
	Body struct {
		By int `json:"by"`
	}
},
) (counterOut, error) {
	row, _ := s.counters.Get(c.Tx.Tx, in.ID)
	row.ID, row.Value = in.ID, row.Value+in.Body.By
	s.counters.Put(c.Tx.Tx, row)
	switch {
	case in.Body.By == 0:
		return counterOut{}, &toyError{"toy.by.not-zero"}
	case in.Body.By < 0:
		return counterOut{}, &toyError{"toy.nobody.listed-this"}
	}
	return counterOut{row.Value}, nil
}

func (s toy) lazy(c *binding.Call, _ struct{}) (counterOut, error) {
	*s.runs++
	s.counters.Put(c.Tx.Tx, toyCounter{ID: "lazy", Value: *s.runs})
	return counterOut{*s.runs}, nil
}

func (toy) broken(*binding.Call, struct{}) (map[string]string, error) {
	return map[string]string{"value": "text where the document has a number"}, nil
}

func (toy) batch(c *binding.Call) (*binding.Response, error) {
	var subs []struct {
		Method, URL string
		Body        json.RawMessage
	}
	if err := json.Unmarshal(c.Request.Body, &subs); err != nil {
		return nil, err
	}
	statuses := []int{}
	for _, sub := range subs {
		statuses = append(statuses, c.Sub(binding.SubRequest{Method: sub.Method, URL: sub.URL, Body: sub.Body}).Status)
	}
	return binding.JSONResponse(http.StatusOK, statuses), nil
}

type strictOut struct {
	Value int `json:"value"`
	unit  string
}

// AnswerHeader leaves out the header that the document requires when it is told to.
func (o strictOut) AnswerHeader() http.Header {
	if o.unit == "" {
		return http.Header{}
	}
	return http.Header{"X-Unit": {o.unit}}
}

func (toy) strict(c *binding.Call, _ struct{}) (strictOut, error) {
	return strictOut{unit: c.Request.Header.Get("X-Say-Unit")}, nil
}

// narrow leaves what the parameter keep asks for: nothing, or it refuses.
func narrow(c *binding.Call, resp *binding.Response) error {
	switch c.Request.Query("keep") {
	case "nothing":
		resp.Body = []byte("{}")
	case "refused":
		return &toyError{"toy.by.not-zero"}
	}
	return nil
}

func toyFailure(_ *binding.Call, err error) *binding.Response {
	status := http.StatusInternalServerError
	var (
		invalid   *binding.InvalidRequest
		notFound  *binding.NotFound
		method    *binding.MethodNotAllowed
		sandboxed *binding.SandboxError
		refused   *toyError
		vendor    *binding.VendorFault
		bug       *binding.Bug
		excluded  *binding.NotComposable
	)
	switch {
	case errors.As(err, &bug):
	case errors.As(err, &vendor):
		status = vendor.Status
	case errors.As(err, &invalid), errors.As(err, &sandboxed), errors.As(err, &excluded):
		status = http.StatusBadRequest
	case errors.As(err, &refused):
		status = http.StatusConflict
	case errors.As(err, &notFound):
		status = http.StatusNotFound
	case errors.As(err, &method):
		status = http.StatusMethodNotAllowed
	case errors.Is(err, errNoToken):
		status = http.StatusUnauthorized
	}
	return binding.JSONResponse(status, map[string]string{"error": err.Error()})
}

var errNoToken = errors.New("no token")

func bearer(c *binding.Call) (binding.Principal, error) {
	token := strings.TrimPrefix(c.Request.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		return binding.Principal{}, errNoToken
	}
	caller := binding.Principal{Kind: "user", ID: token, Client: "test"}
	if token == "throttled" {
		return caller, &toyError{"toy.by.not-zero"}
	}
	return caller, nil
}

// book counts the exchanges of callers it knows, the way a face counts API calls.
func (s toy) book(c *binding.Call, resp *binding.Response) {
	n, _ := c.Tx.Tally("booked", 1, 99)
	resp.Header.Set("X-Booked", fmt.Sprint(n))
}

func (s toy) face(t *testing.T) *binding.Face {
	t.Helper()
	spec, err := os.ReadFile("testdata/toy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return &binding.Face{
		System: "toy", Name: "toy", Spec: spec, SpecFile: "toy.yaml", Errors: toyFailure, Narrow: narrow,
		Rules:   map[string]bool{"toy.by.not-zero": true},
		Schemes: map[string]binding.Authenticator{"token": bearer},
		Sandbox: func(r *binding.Request) string {
			_, name, _ := strings.Cut(r.Header.Get("Authorization"), "~")
			return name
		},
		Version: func(r *binding.Request) int { return len(r.Vars["version"]) },
		Settle:  s.book,
		Operations: map[string]binding.Handler{
			"readCounter":               binding.JSON(s.read),
			"addToCounter":              binding.JSON(s.add),
			"awaitCounter":              binding.JSON(s.above),
			"awaitCounterTwice":         binding.JSON(s.twice),
			"askForCounter":             binding.JSON(s.ask),
			"lazyWrite":                 binding.JSON(s.lazy),
			"breaksItsOwnSpecification": binding.JSON(s.broken),
			"batch":                     binding.Raw(s.batch),
			"youngCounter":              binding.JSON(s.read),
			"youngProperties":           binding.JSON(s.read),
			"strict":                    binding.JSON(s.strict),
			"onlyAnExample":             binding.Example("to test examples"),
		},
	}
}

// bench is a toy simulator on a listener, with the sandboxes default and other.
type bench struct {
	t      *testing.T
	worlds *sandbox.Worlds
	router *binding.Router
	server *httptest.Server
	toy    toy
	oracle *oracle
}

func newBench(t *testing.T) *bench {
	t.Helper()
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	s := toy{
		runs:     new(int),
		counters: store.Add(schema, store.Def[toyCounter]{Name: "toy.Counter", Key: func(c *toyCounter) string { return c.ID }}),
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Real{}, Log: log, Redactor: journal.NewRedactor(),
		Presets: map[string]sandbox.Preset{"empty": func(*sandbox.Tx) error { return nil }},
		Aliases: []func(*sandbox.Tx, string) []string{func(_ *sandbox.Tx, order string) []string { return []string{"alias-of-" + order} }},
	})
	for _, name := range []string{sandbox.Default, "other"} {
		options := sandbox.Options{From: "empty", Mode: clock.ModeManual, At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
		if _, err := worlds.Create(name, options); err != nil {
			t.Fatal(err)
		}
	}
	oracle := &oracle{}
	router, err := binding.NewRouter(binding.Options{Worlds: worlds, Redactor: worlds.Redactor, Log: log, Outbound: oracle}, s.face(t))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, worlds: worlds, router: router, toy: s, server: httptest.NewServer(router), oracle: oracle}
	t.Cleanup(b.server.Close)
	return b
}

func (b *bench) world(name string) *sandbox.World {
	b.t.Helper()
	w, ok := b.worlds.Get(name)
	if !ok {
		b.t.Fatalf("no sandbox %s", name)
	}
	return w
}

func (b *bench) booked() int {
	tx := b.world("default").Read()
	defer tx.Abort()
	return tx.Tallied("booked", 1)
}

func (b *bench) counter(sandboxName, id string) int {
	tx := b.world(sandboxName).Read()
	defer tx.Abort()
	row, _ := b.toy.counters.Get(tx.Tx, id)
	return row.Value
}

type reply struct {
	status int
	body   string
	header http.Header
	err    error
}

// call sends "METHOD /path" with header lines "Name: value" and a body.
func (b *bench) call(line, body string, headers ...string) reply {
	b.t.Helper()
	method, path, _ := strings.Cut(line, " ")
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer me")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := b.server.Client().Do(req)
	if err != nil {
		return reply{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, string(text), resp.Header, err}
}

func (b *bench) last(sandboxName string) journal.Entry {
	b.t.Helper()
	entries, _ := b.world(sandboxName).Journal(journal.Query{})
	if len(entries) == 0 {
		b.t.Fatal("the journal is empty")
	}
	return entries[len(entries)-1]
}

func (r reply) String() string { return fmt.Sprintf("%d %s %v", r.status, r.body, r.err) }
