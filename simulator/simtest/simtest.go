// Package simtest starts a simulator for a test, as httptest starts a server.
package simtest

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Simulator is a simulator that lives as long as a test.
type Simulator struct {
	// URL and ControlURL are the base URLs of the simulated systems and of the control plane.
	URL, ControlURL string
	// Handler serves the simulated systems without a network.
	Handler http.Handler
	// Default is the sandbox of callers that name none.
	Default *sandbox.World
	t       testing.TB
	sim     *simulator.Simulator
}

// Start runs a simulator with the preset omnichannel, a fixed seed and a clock that stands still at a Monday morning,
// unless a change says otherwise. When the test ends it stops and fails the test if the simulator broke a
// specification of its own, or if a call matched no simulated operation.
func Start(t testing.TB, changes ...func(*simulator.Config)) *Simulator {
	t.Helper()
	cfg := simulator.Config{
		Preset: "omnichannel", Seed: 1, Clock: clock.ModeManual, At: time.Date(2026, 6, 1, 13, 0, 0, 0, time.UTC),
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	for _, change := range changes {
		change(&cfg)
	}
	sim, err := simulator.New(cfg)
	if err != nil {
		t.Fatalf("start a simulator: %v", err)
	}
	api, control := httptest.NewServer(sim.API), httptest.NewServer(sim.Control)
	world, _ := sim.Worlds.Get(sandbox.Default)
	s := &Simulator{URL: api.URL, ControlURL: control.URL, Handler: sim.API, Default: world, t: t, sim: sim}
	t.Cleanup(func() {
		sim.Worlds.Stop() // long polls would hold it up
		api.Close()
		control.Close()
		s.check()
	})
	return s
}

// Sandbox makes a sandbox in which a test can do what it likes.
func (s *Simulator) Sandbox(name string, o sandbox.Options) *sandbox.World {
	s.t.Helper()
	w, err := s.sim.Worlds.Create(name, o)
	if err != nil {
		s.t.Fatalf("make sandbox %s: %v", name, err)
	}
	return w
}

func (s *Simulator) check() {
	s.t.Helper()
	for _, w := range s.sim.Worlds.All() {
		entries, _ := w.Journal(journal.Query{})
		for i := range entries {
			s.checkEntry(w.Name(), &entries[i])
		}
	}
}

func (s *Simulator) checkEntry(world string, e *journal.Entry) {
	s.t.Helper()
	if e.Bug != "" {
		s.t.Errorf("sandbox %s: %s %s: %s", world, e.Method, e.Path, e.Bug)
	}
	if e.Operation == "" {
		s.t.Errorf("sandbox %s: %s %s matches no simulated operation", world, e.Method, e.Path)
	}
	for i := range e.Children {
		if e.Children[i].Bug != "" {
			s.checkEntry(world, &e.Children[i])
		}
	}
}
