package main

import (
	"context"
	"os"
	"testing"

	"github.com/somsim/somsim/simulator"
)

// TestTheBasketsPageWorks runs the commands of docs/baskets.md and looks for the answers the page shows.
func TestTheBasketsPageWorks(t *testing.T) {
	t.Parallel()
	walkPage(t, "../../docs/baskets.md", "empty")
}

// TestTheGuestOrdersPageWorks runs the commands of docs/guest-orders.md and looks for the answers the page shows.
func TestTheGuestOrdersPageWorks(t *testing.T) {
	t.Parallel()
	walkPage(t, "../../docs/guest-orders.md", "omnichannel")
}

// TestTheIdentityProviderPageWorks runs the commands of docs/identity-provider.md and looks for the answers the page shows.
func TestTheIdentityProviderPageWorks(t *testing.T) {
	t.Parallel()
	walkPage(t, "../../docs/identity-provider.md", "omnichannel")
}

// walkPage runs the commands of a page against everything in one process, over a preset.
func walkPage(t *testing.T, path, preset string) {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	running, wait, err := startUp(ctx, simulator.Config{Preset: preset})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := wait(); err != nil {
			t.Error(err)
		}
	})
	steps := stepsOf(string(page), running)
	if len(steps) < 3 {
		t.Fatalf("the page has %d steps", len(steps))
	}
	walk(t, t.TempDir(), steps)
}
