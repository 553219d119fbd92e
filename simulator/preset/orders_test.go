package preset_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/preset"
)

var update = flag.Bool("update", false, "write the page anew")

const page = "../../docs/orders.md"

// docs/orders.md lists the orders with their stories; -update writes it anew.
func TestThePageOfOrdersHasEveryStory(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("# The orders of the preset omnichannel\n\n" +
		"Every shopper's password is `somsim`. Each order is consistent in every system that knows it. This page is written by\n" +
		"`go test ./simulator/preset -run Page -update`.\n\n| order | shopper | story |\n|---|---|---|\n")
	for _, s := range preset.Stories() {
		fmt.Fprintf(&text, "| %s | %s | %s |\n", s.OrderNo, s.Shopper, s.About)
	}
	if *update {
		if err := os.WriteFile(page, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text.String(), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryOrderHasAStoryAndANumberOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range preset.Stories() {
		if s.About == "" || seen[s.OrderNo] {
			t.Errorf("order %s: %q", s.OrderNo, s.About)
		}
		seen[s.OrderNo] = true
	}
}
