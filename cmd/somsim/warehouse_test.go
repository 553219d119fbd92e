package main

import (
	"context"
	"os"
	"testing"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/simulator"
)

// TestTheWarehousePageWorks runs the commands of docs/warehouse.md in one shell and looks for the answers the page shows.
func TestTheWarehousePageWorks(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/warehouse.md")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	running, wait, err := startUp(ctx, simulator.Config{Preset: "omnichannel"})
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
	if len(steps) < 7 {
		t.Fatalf("the page has %d steps", len(steps))
	}
	walk(t, t.TempDir(), steps)
}

func TestTheFlagSwitchesTheWarehouseOn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		flags []string
		on    bool
	}{
		"without": {nil, false}, "alone": {[]string{"--warehouse"}, true}, "on": {[]string{"--warehouse=on"}, true}, "off": {[]string{"--warehouse=off"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set, cmd := simulatorSettings(), &cobra.Command{}
			addSettings(cmd, set)
			if err := cmd.ParseFlags(tc.flags); err != nil {
				t.Fatal(err)
			}
			v, err := set.Resolve(cmd.Flags(), func(string) (string, bool) { return "", false }, "")
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := simulatorConfig(v)
			if err != nil || cfg.Warehouse != tc.on {
				t.Errorf("the warehouse is on: %t, %v", cfg.Warehouse, err)
			}
		})
	}
}
