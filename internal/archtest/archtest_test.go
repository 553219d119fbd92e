package archtest

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestThisModuleKeepsTheLaw(t *testing.T) {
	t.Parallel()
	module, err := Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(module.Files) == 0 {
		t.Fatal("no Go file found: the law was not checked")
	}
	for _, rule := range Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			for _, violation := range rule.Check(module) {
				t.Errorf("%s (%s)", violation, rule.Says)
			}
		})
	}
}

// Every rule is shown source that breaks it, so that no rule is an ornament,
// and the nearest source that keeps it, so that no rule says more than it means.
func TestEachRuleTellsBrokenFromKept(t *testing.T) {
	t.Parallel()
	cases := []struct {
		rule, name  string
		files       map[string]string
		wantMention string // "" when the rule is kept
	}{
		{"halves", "simulator imports orderops", one("simulator/som/a.go", importing(Path+"/orderops/cancel")), "/orderops/cancel"},
		{"halves", "orderops imports simulator in a test", one("orderops/a_test.go", importing(Path+"/simulator")), "/simulator"},
		{"halves", "cmd/orderops imports simulator", one("cmd/orderops/a.go", importing(Path+"/simulator")), "/simulator"},
		{"halves", "cmd/somsim sees both", one("cmd/somsim/a.go", importing(Path+"/simulator", Path+"/orderops")), ""},
		{"halves", "a namesake outside the module is no half", one("simulator/a.go", importing("example.test/orderops")), ""},

		{"contract-halves", "one package, two files, two halves", map[string]string{
			"contracts/consumer/a_test.go": importing(Path + "/orderops/somclient"),
			"contracts/consumer/b_test.go": importing(Path + "/simulator/simtest"),
		}, "contracts/consumer/b_test.go"},
		{"contract-halves", "two packages, one half each", map[string]string{
			"contracts/consumer/a_test.go": importing(Path + "/orderops/somclient"),
			"contracts/provider/b_test.go": importing(Path + "/simulator/simtest"),
		}, ""},

		{"domain-transport", "a domain imports net/http", one("simulator/slots/a.go", importing("net/http")), "net/http"},
		{"domain-transport", "the SOQL package imports encoding/json", one("simulator/som/soql/a.go", importing("encoding/json")), "encoding/json"},
		{"domain-transport", "a domain imports binding", one("simulator/b2c/a.go", importing(Path+"/simulator/binding")), "/simulator/binding"},
		{"domain-transport", "a face imports net/http", one("simulator/som/somrest/a.go", importing("net/http")), ""},

		{"face-domain", "a face imports another domain", one("simulator/b2c/ocapi/a.go", importing(Path+"/simulator/som")), "/simulator/som"},
		{"face-domain", "a face imports the control plane", one("simulator/som/somrest/a.go", importing(Path+"/simulator/control")), "/simulator/control"},
		{"face-domain", "a face imports the simulator", one("simulator/som/somrest/a.go", importing(Path+"/simulator")), "/simulator"},
		{"face-domain", "a face imports its own domain", one("simulator/som/somrest/a.go", importing(Path+"/simulator/som/soql", Path+"/simulator/binding")), ""},

		{"nouns", "orderops imports a client", one("orderops/a.go", importing(Path+"/orderops/somclient")), "/orderops/somclient"},
		{"nouns", "orderops imports database/sql", one("orderops/a.go", importing("database/sql")), "database/sql"},
		{"nouns", "orderops makes a request", one("orderops/a.go", body("net/http", "http.Get()")), "net/http"},
		{"nouns", "orderops names a status", one("orderops/a.go", body("net/http", "_ = http.StatusOK")), ""},
		{"nouns", "a use case imports a client", one("orderops/cancel/a.go", importing(Path+"/orderops/somclient", "net/http")), ""},

		{"binding-only", "a face imports mux", one("simulator/som/somrest/a.go", importing("github.com/gorilla/mux")), "gorilla/mux"},
		{"binding-only", "orderops imports kin-openapi", one("orderops/httpapi/a.go", importing("github.com/getkin/kin-openapi/openapi3")), "openapi3"},
		{"binding-only", "a test imports kin-openapi", one("orderops/httpapi/a_test.go", importing("github.com/getkin/kin-openapi/openapi3")), ""},
		{"binding-only", "contracts import kin-openapi", one("contracts/promise/a.go", importing("github.com/getkin/kin-openapi/openapi3")), ""},
		{"binding-only", "the guard of order-ops' document imports kin-openapi", one("orderops/specguard/a.go", importing("github.com/getkin/kin-openapi/openapi3")), ""},
		{"binding-only", "contracts import mux", one("contracts/promise/a.go", importing("github.com/gorilla/mux")), "gorilla/mux"},
		{"binding-only", "binding imports both", one("simulator/binding/a.go", importing("github.com/gorilla/mux", "github.com/getkin/kin-openapi/openapi3")), ""},

		{"specs-leaf", "specs imports the simulator", one("specs/a.go", importing(Path+"/simulator/binding")), "/simulator/binding"},
		{"specs-leaf", "specs imports the library", one("specs/a.go", importing("embed")), ""},

		{"package-name", "utils", one("orderops/utils/a.go", "package utils"), "utils"},
		{"package-name", "a suffix", one("simulator/testutil/a.go", "package testutil"), "testutil"},
		{"package-name", "a noun", one("simulator/journal/a.go", "package journal"), ""},

		{"package-comment", "none in two files", map[string]string{
			"specs/a.go": "package specs", "specs/b.go": "package specs",
		}, "specs has no package comment"},
		{"package-comment", "a licence is no package comment", one("specs/a.go", "// Copyright\n\npackage specs"), "specs has no"},
		{"package-comment", "one in the second file", map[string]string{
			"specs/a.go": "package specs", "specs/b.go": "// Package specs embeds.\npackage specs",
		}, ""},

		{"no-init", "an init function", one("simulator/a.go", "package simulator\n\nfunc init() {}"), "simulator/a.go:3"},
		{"no-init", "a method of that name", one("simulator/a.go", "package simulator\n\ntype t int\n\nfunc (t) init() {}"), ""},

		{"handed-in", "time.Now in a domain", one("simulator/som/a.go", body("time", "time.Now()")), "time.Now"},
		{"handed-in", "time under another name", one("orderops/a.go", "package orderops\nimport t \"time\"\nvar _ = t.Now"), "time.Now"},
		{"handed-in", "sleeping in a test", one("orderops/a_test.go", body("time", "time.Sleep(1)")), "time.Sleep"},
		{"handed-in", "the environment below cmd", one("cmd/somsim/a.go", body("os", `os.Getenv("A")`)), ""},
		{"handed-in", "the environment elsewhere", one("orderops/service/a.go", body("os", `os.Getenv("A")`)), "os.Getenv"},
		{"handed-in", "printing", one("simulator/a.go", body("fmt", "fmt.Println()")), "fmt.Println"},
		{"handed-in", "a clock", one("simulator/clock/a.go", body("time", "time.Now()")), ""},
		{"handed-in", "arithmetic on time", one("simulator/som/a.go", body("time", "time.Unix(0, 0)")), ""},
	}

	unproven := map[string]bool{}
	rules := map[string]Rule{}
	for _, rule := range Rules() {
		unproven[rule.ID], rules[rule.ID] = true, rule
	}
	for _, tc := range cases {
		if tc.wantMention != "" {
			delete(unproven, tc.rule)
		}
		t.Run(tc.rule+"/"+tc.name, func(t *testing.T) {
			t.Parallel()
			found := rules[tc.rule].Check(load(t, tc.files))
			switch {
			case tc.wantMention == "" && len(found) > 0:
				t.Errorf("the rule is kept, but found %q", found)
			case tc.wantMention != "" && len(found) != 1:
				t.Errorf("found %q, want one violation", found)
			case tc.wantMention != "" && !strings.Contains(found[0], tc.wantMention):
				t.Errorf("found %q, want a mention of %q", found[0], tc.wantMention)
			}
		})
	}
	if len(unproven) > 0 {
		t.Errorf("no case breaks %q", slices.Sorted(maps.Keys(unproven)))
	}
}

func TestLoadSkipsWhatTheGoToolIgnores(t *testing.T) {
	t.Parallel()
	module := load(t, map[string]string{
		"a.go": "package somsim", "testdata/b.go": "package b", ".hidden/c.go": "package c",
		"x/_d/d.go": "package d", "contracts/foreign/jsforce/node_modules/e/e.go": "package e",
	})
	if len(module.Files) != 1 || module.Files[0].Name != "a.go" {
		t.Errorf("loaded %+v, want a.go alone", module.Files)
	}
}

func TestLoadRefusesWhatItCannotParse(t *testing.T) {
	t.Parallel()
	_, err := Load(memory(map[string]string{"simulator/a.go": "package"}))
	if err == nil || !strings.Contains(err.Error(), "simulator/a.go") {
		t.Errorf("error %v, want one that names the file", err)
	}
}

func load(t *testing.T, files map[string]string) Module {
	t.Helper()
	module, err := Load(memory(files))
	if err != nil {
		t.Fatal(err)
	}
	return module
}

func memory(files map[string]string) fstest.MapFS {
	tree := fstest.MapFS{}
	for name, source := range files {
		tree[name] = &fstest.MapFile{Data: []byte(source)}
	}
	return tree
}

func one(name, source string) map[string]string { return map[string]string{name: source} }

func importing(paths ...string) string {
	return "package p\n\nimport (\n_ \"" + strings.Join(paths, "\"\n_ \"") + "\"\n)\n"
}

func body(pkg, expression string) string {
	return "package p\n\nimport \"" + pkg + "\"\n\nfunc f() { " + expression + " }\n"
}
