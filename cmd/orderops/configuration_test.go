package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew from the settings")

const (
	configurationPage = "../../docs/configuration.md"
	tableBegins       = "| setting | environment | when left out | what |\n|---|---|---|---|\n"
)

// settingsTable is the settings as the page shows them.
func settingsTable() string {
	var table strings.Builder
	table.WriteString(tableBegins)
	for _, s := range serveSettings(func(string) (string, bool) { return "", false }).List {
		fallback := ""
		switch {
		case s.Secret:
			fallback = "secret: no flag"
		case s.Name == "db":
			fallback = "`orderops.db` in the user's state folder"
		case s.Fallback != "":
			fallback = "`" + s.Fallback + "`"
		}
		variable := "ORDEROPS_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
		_, _ = fmt.Fprintf(&table, "| `%s` | `%s` | %s | %s |\n", s.Name, variable, fallback, strings.ReplaceAll(s.Usage, "|", "\\|"))
	}
	return table.String()
}

// TestConfigurationIsDocumented keeps the table of docs/configuration.md to what the settings are.
func TestConfigurationIsDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(configurationPage)
	if err != nil {
		t.Fatal(err)
	}
	before, table, ok := strings.Cut(string(text), tableBegins)
	if !ok {
		t.Fatalf("%s has no table that begins with %s", configurationPage, tableBegins)
	}
	after := ""
	if i := strings.Index(table, "\n\n"); i >= 0 {
		table, after = table[:i+1], table[i+1:]
	}
	if *update {
		if err := os.WriteFile(configurationPage, []byte(before+settingsTable()+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(settingsTable(), tableBegins+table); diff != "" {
		t.Errorf("the page is not what the settings are; run `go test ./cmd/orderops -run ConfigurationIsDocumented -update` (-settings +page):\n%s", diff)
	}
	for _, s := range serveSettings(func(string) (string, bool) { return "", false }).List {
		if s.Usage == "" {
			t.Errorf("%s does not say what it is for", s.Name)
		}
	}
}
