package courier_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

func nine() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }

// post is a sandbox with a courier and a target, the shop.
type post struct {
	t       *testing.T
	worlds  *sandbox.Worlds
	world   *sandbox.World
	courier *courier.Courier
	shop    *shop
}

// shop is a target: it answers what it is told, in turn, and then 204.
type shop struct {
	*httptest.Server
	mu      sync.Mutex
	bodies  []string
	headers []http.Header
	answers []int
	// meanwhile is done while a delivery is under way.
	meanwhile func()
	after     string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	s.mu.Lock()
	s.bodies, s.headers = append(s.bodies, string(body)), append(s.headers, r.Header)
	status := http.StatusNoContent
	if len(s.answers) > 0 {
		status, s.answers = s.answers[0], s.answers[1:]
	}
	meanwhile := s.meanwhile
	s.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	if s.after != "" {
		w.Header().Set("Retry-After", s.after)
	}
	w.Header().Set("Location", "http://example.com/elsewhere")
	w.WriteHeader(status)
}

// got is what arrived, in order.
func (s *shop) got() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.bodies, " ")
}

func newPost(t *testing.T) *post {
	t.Helper()
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	p := &post{t: t, shop: newShop(t)}
	p.courier = courier.Declare(schema, courier.Line{
		Name: "news", System: "paper", Operation: "deliverNews", Sign: courier.Timestamped("X-Signature"),
		Backoff: []time.Duration{time.Second, 10 * time.Second, time.Minute}, GiveUpAfter: 10 * time.Minute,
	})
	p.worlds = sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(nine()), Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Redactor: journal.NewRedactor(),
		Presets: map[string]sandbox.Preset{"old news": func(tx *sandbox.Tx) error {
			p.courier.Send(tx, "news", func() courier.Message { return courier.Message{Body: []byte("old")} })
			return nil
		}},
		Born: p.courier.Born,
	})
	p.courier.Start(courier.Options{
		Worlds: p.worlds, Redactor: p.worlds.Redactor, Timeout: 5 * time.Second, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Egress: func(address string) error {
			if u, err := url.Parse(address); err == nil && u.Hostname() == "127.0.0.1" {
				return nil
			}
			return fmt.Errorf("%s is far away", address)
		},
	})
	p.worlds.Outbound(p.courier)
	p.world = p.sandbox("default", "old news")
	p.register("shop")
	return p
}

func (p *post) sandbox(name, from string) *sandbox.World {
	p.t.Helper()
	w, err := p.worlds.Create(name, sandbox.Options{From: from, Mode: clock.ModeManual, At: nine()})
	if err != nil {
		p.t.Fatal(err)
	}
	return w
}

func (p *post) register(name string) {
	p.t.Helper()
	if err := p.put(courier.Target{Name: name, Line: "news", URL: p.shop.URL + "/in?key=1", Secret: "s3cret"}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) put(t courier.Target) error {
	return p.world.Update(func(tx *sandbox.Tx) error {
		_, err := p.courier.Register(tx, t)
		return err
	})
}

// send hands over messages, all in one transaction.
func (p *post) send(bodies ...string) {
	p.t.Helper()
	err := p.world.Update(func(tx *sandbox.Tx) error {
		for _, body := range bodies {
			p.courier.Send(tx, "news", func() courier.Message { return courier.Message{Subject: "s-" + body, Body: []byte(body)} })
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) advance(d time.Duration) sandbox.Advanced {
	p.t.Helper()
	done, err := p.world.Advance(p.t.Context(), d)
	if err != nil {
		p.t.Fatal(err)
	}
	return done
}

func (p *post) target(name string) courier.Target {
	p.t.Helper()
	tx := p.world.Read()
	defer tx.Abort()
	for _, t := range p.courier.Targets(tx) {
		if t.Name == name {
			return t
		}
	}
	p.t.Fatalf("no target %s", name)
	return courier.Target{}
}

func (p *post) waiting() []courier.Parcel {
	tx := p.world.Read()
	defer tx.Abort()
	return p.courier.Waiting(tx, "shop", 0)
}

func (p *post) arm(kind fault.Kind, change func(*fault.Rule)) {
	p.t.Helper()
	rule := fault.Rule{Name: string(kind), Match: fault.Match{System: "paper", Operation: "deliverNews"}, Effect: fault.Effect{Kind: kind}}
	if change != nil {
		change(&rule)
	}
	if err := p.world.Arm(rule); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) wantGot(want string) {
	p.t.Helper()
	if got := p.shop.got(); got != want {
		p.t.Errorf("arrived %q, want %q", got, want)
	}
}
