package features

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v21"
)

func TestEverySentenceIsAnchoredAndAppearsOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range new(world).steps() {
		if !strings.HasPrefix(s.expression, "^") || !strings.HasSuffix(s.expression, "$") {
			t.Errorf("%s is not anchored", s.expression)
		}
		if seen[s.expression] {
			t.Errorf("%s appears twice", s.expression)
		}
		seen[s.expression] = true
	}
}

func TestEverySentenceIsUsedByAScenario(t *testing.T) {
	t.Parallel()
	p, err := Options{}.read("", []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	spoken := p.spoken()
	for _, s := range new(world).steps() {
		expression := regexp.MustCompile(s.expression)
		used := false
		for _, text := range spoken {
			used = used || expression.MatchString(text)
		}
		if !used {
			t.Errorf("nobody says %s", s.expression)
		}
	}
}

// Nobody has to guess which of two sentences a text was understood as.
func TestNoTextIsUnderstoodAsTwoSentences(t *testing.T) {
	t.Parallel()
	p, err := Options{}.read("", []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	compiled := expressions()
	for _, text := range p.spoken() {
		var known []string
		for expression, compiled := range compiled {
			if compiled.MatchString(text) {
				known = append(known, expression)
			}
		}
		if len(known) != 1 {
			t.Errorf("%q is understood as %d sentences: %q", text, len(known), known)
		}
	}
}

func TestExpressionsAreShownToPeople(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, expression, want string }{
		{"what is quoted", `^the order "([^"]+)" of "([^"]+)"$`, `the order "…" of "…"`},
		{"a number, and a plural", `^(\d+) units? are free$`, `<number> units are free`},
		{"a choice", `^the (shop|store \(in town\)) is down\.$`, `the <shop|store (in town)> is down.`},
		{"what may be left out", `^it comes(?: on the site "([^"]+)")?( again)?$`, `it comes[ on the site "…"][ again]`},
		{"a choice in what may be left out", `^back(?:, and (one|(?:all )?others) stay)?$`, `back[, and <one|[all ]others> stay]`},
		{"whatever", `^refused because (.+) and nothing else$`, `refused because … and nothing else`},
		{"a long choice", `^told (the order was never placed by anybody|the order went to somebody else|nobody knows what has become of it in the meantime)$`, `told <words> [words: the order was never placed by anybody, the order went to somebody else, nobody knows what has become of it in the meantime]`},
		{"a named choice", `^it was (?P<state>lost|found)$`, `it was <lost|found>`},
		{"a long choice with a name", `^refused because (?P<reason>the order was never placed by anybody|"([^"]+)" is gone|nobody knows what has become of it in the meantime)$`, `refused because <reason> [reason: the order was never placed by anybody, "…" is gone, nobody knows what has become of it in the meantime]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			regexp.MustCompile(tc.expression)
			got, choices := patternOf(tc.expression)
			for _, c := range choices {
				got += " [" + c.Name + ": " + strings.Join(c.Words, ", ") + "]"
			}
			if got != tc.want {
				t.Errorf("%s is shown as\n%s, not\n%s", tc.expression, got, tc.want)
			}
		})
	}
}

// A case that a test proves names one that exists.
func TestCasesProvedElsewhereNameTheirTests(t *testing.T) {
	t.Parallel()
	list, err := Catalogue(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		for _, test := range c.Tests {
			folder, name, _ := strings.Cut(test, " ")
			files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(folder), "*_test.go"))
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				found = found || strings.Contains(string(text), "\nfunc "+name+"(t *testing.T) {")
			}
			if !found {
				t.Errorf("there is no test %s in %s", name, folder)
			}
		}
	}
}

// Scenarios are read by people who never see the wire.
func TestScenariosSpeakBusinessWords(t *testing.T) {
	t.Parallel()
	technical := regexp.MustCompile(`(?i)https?:|/dw/|\{|\bstatus code\b|\bjson\b|\b[45]\d\d\b|[A-Z]{3,}_[A-Z]`)
	points := regexp.MustCompile(`\b\d+ points\b`) // are counted, and may look like a status
	err := fs.WalkDir(embedded, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := embedded.ReadFile(path)
		for i, line := range strings.Split(string(text), "\n") {
			if found := technical.FindString(points.ReplaceAllString(line, "points")); found != "" {
				t.Errorf("%s:%d says %q", path, i+1, found)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEffectTableIsStrict(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		rows [][]string
		want string // in the error; "" for none
	}{
		{"two columns", [][]string{{"effect", "state"}, {"refund", "done"}}, ""},
		{"an unknown column", [][]string{{"effect", "colour"}}, `"colour"`},
		{"a column too many", [][]string{{"effect", "state", "amount"}}, "3 columns"},
		{"a cell too few", [][]string{{"effect", "state"}, {"refund"}}, "row 2 has 1 columns"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			lines, err := effectTable(tableOf(tc.rows))
			switch {
			case tc.want == "" && (err != nil || len(lines) != 1 || lines[0] != "refund: done"):
				t.Errorf("lines %q, error %v", lines, err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("error %v, want one with %s", err, tc.want)
			}
		})
	}
}

func tableOf(rows [][]string) *godog.Table {
	table := &godog.Table{}
	for _, cells := range rows {
		row := &messages.PickleTableRow{}
		for _, cell := range cells {
			row.Cells = append(row.Cells, &messages.PickleTableCell{Value: cell})
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func TestBothChannelsAreReadAlike(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                string
		storefront, app     string
		storefrontStatus    int
		appStatus           int
		code                string
		done, open, allowed bool
	}{
		{
			"done", `{"status":"cancelled","c_actionResult":{"operation_id":"op","cancellation":{"order_no":"1","effects":[]}}}`,
			`{"operation_id":"op","cancellation":{"order_no":"1","effects":[]}}`, 200, 200, "", true, false, false,
		},
		{
			"still running", `{"c_actionResult":{"operation_id":"op","code":"IN_PROGRESS"}}`,
			`{"operation_id":"op","code":"IN_PROGRESS"}`, 202, 202, codeInProgress, false, true, false,
		},
		{
			"too late", `{"fault":{"type":"HookStatusException","arguments":{"statusCode":"NOT_CANCELLABLE","statusDetails":{"allowed":["return"]}}}}`,
			`{"code":"NOT_CANCELLABLE","allowed":["return"]}`, 400, 409, codeNotCancellable, false, false, true,
		},
		{"no such order", `{"fault":{"type":"OrderNotFoundException","arguments":{}}}`, `{"code":"ORDER_NOT_FOUND"}`, 404, 404, codeOrderNotFound, false, false, false},
		{"no token", `{"fault":{"type":"InvalidAccessTokenException","arguments":{}}}`, `{"code":"UNAUTHENTICATED"}`, 401, 401, codeUnknownCaller, false, false, false},
		{"not a document", `oops`, `oops`, 502, 502, "unreadable", false, false, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for channel, got := range map[channel]answer{
				storefront: storefrontAnswer(reply{tc.storefrontStatus, http.Header{}, []byte(tc.storefront)}),
				app:        appAnswer(reply{tc.appStatus, http.Header{}, []byte(tc.app)}),
			} {
				if got.code != tc.code || got.done() != tc.done || got.open != tc.open || (len(got.allowed) > 0) != tc.allowed {
					t.Errorf("%s: %s, done %t, open %t, allowed %v", channel, got, got.done(), got.open, got.allowed)
				}
			}
		})
	}
}
