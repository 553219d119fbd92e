package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// Rule is one sentence of the import law.
type Rule struct {
	// ID is short and stable; Says is the sentence a reader needs when it fails.
	ID, Says string
	// Check lists what breaks the rule, each with its place.
	Check func(Module) []string
}

// domains are the packages that hold vendors' rules and no transport. A face
// is any other package below one of them.
func domains() []string {
	return []string{
		"simulator/som", "simulator/som/sobject", "simulator/som/soql", "simulator/som/sosl",
		"simulator/b2c", "simulator/oci", "simulator/slots", "simulator/worldline",
		"simulator/loyalty", "simulator/cdc", "simulator/tracking",
	}
}

// Rules returns the whole law.
func Rules() []Rule {
	return []Rule{
		{"halves", "simulator and orderops never import each other; only cmd/somsim and features see both", halves},
		{"contract-halves", "a package below contracts sees one half only", contractHalves},
		{"domain-transport", "a domain knows no HTTP, no JSON and no binding", domainTransport},
		{"face-domain", "a face knows its own domain and no other, and not what assembles the simulator", faceDomain},
		{"nouns", "package orderops holds nouns and rules, no input or output", nouns},
		{"binding-only", "only simulator/binding imports kin-openapi and gorilla/mux outside tests; contracts and orderops/specguard read documents with kin-openapi", bindingOnly},
		{"specs-leaf", "specs embeds documents and imports nothing of ours", specsLeaf},
		{"package-name", "a package is named after what it is about", packageName},
		{"package-comment", "every package has a package comment", packageComment},
		{"no-init", "nothing happens by being imported", noInit},
		{"handed-in", "time, environment and standard output are handed in", handedIn},
	}
}

func halves(m Module) []string {
	return eachFile(m, func(f File) (found []string) {
		if f.in("cmd/somsim", "features", "contracts") {
			return nil
		}
		if got, ok := f.imports("/orderops"); ok && !f.in("orderops", "cmd/orderops") {
			found = append(found, fmt.Sprintf("%s imports %s", f.Name, got))
		}
		if got, ok := f.imports("/simulator"); ok && !f.in("simulator") {
			found = append(found, fmt.Sprintf("%s imports %s", f.Name, got))
		}
		return found
	})
}

func contractHalves(m Module) (found []string) {
	seen := map[string]string{} // folder → the half it imported first
	for _, f := range m.Files {
		for _, half := range []string{"/simulator", "/orderops"} {
			if _, ok := f.imports(half); !ok || !f.in("contracts") {
				continue
			}
			if first := seen[f.Dir]; first != "" && first != half {
				found = append(found, fmt.Sprintf("%s imports %s, its package imports %s too", f.Name, half, first))
			}
			seen[f.Dir] = half
		}
	}
	return found
}

func domainTransport(m Module) []string {
	return eachFile(m, func(f File) []string {
		if f.Test || !slices.Contains(domains(), f.Dir) {
			return nil
		}
		if got, ok := f.imports("net/http", "encoding/json", "/simulator/binding"); ok {
			return []string{fmt.Sprintf("%s imports %s", f.Name, got)}
		}
		return nil
	})
}

func faceDomain(m Module) []string {
	return eachFile(m, func(f File) []string {
		own := domainOfFace(f.Dir)
		if f.Test || own == "" {
			return nil
		}
		var others []string
		for _, domain := range domains() {
			if !within(domain, own) {
				others = append(others, "/"+domain)
			}
		}
		for _, assembly := range []string{"control", "console", "preset", "simtest", "invariant"} {
			others = append(others, "/simulator/"+assembly)
		}
		if got, ok := f.imports(others...); ok {
			return []string{fmt.Sprintf("%s imports %s", f.Name, got)}
		}
		if slices.Contains(f.Imports, "/simulator") {
			return []string{fmt.Sprintf("%s imports /simulator", f.Name)}
		}
		return nil
	})
}

// domainOfFace is the folder of the domain that a face presents, "" if dir
// holds no face.
func domainOfFace(dir string) string {
	if slices.Contains(domains(), dir) {
		return ""
	}
	for _, domain := range domains() {
		if path.Dir(domain) == "simulator" && within(dir, domain) {
			return domain
		}
	}
	return ""
}

func nouns(m Module) []string {
	return eachFile(m, func(f File) []string {
		if f.Test || f.Dir != "orderops" {
			return nil
		}
		if got, ok := f.imports("os", "io", "database/sql", "encoding/json"); ok {
			return []string{fmt.Sprintf("%s imports %s", f.Name, got)}
		}
		// A code may say which HTTP status it is; that is a number.
		transport := f.uses("net/http", func(name string) bool { return !strings.HasPrefix(name, "Status") })
		if len(transport) > 0 {
			return []string{fmt.Sprintf("%s uses net/http", f.where(transport[0]))}
		}
		for _, imported := range f.Imports {
			if strings.HasPrefix(imported, "/") {
				return []string{fmt.Sprintf("%s imports %s", f.Name, imported)}
			}
		}
		return nil
	})
}

func bindingOnly(m Module) []string {
	return eachFile(m, func(f File) []string {
		if f.Test || f.in("simulator/binding") {
			return nil
		}
		imports := []string{"github.com/getkin/kin-openapi", "github.com/gorilla/mux"}
		if f.in("contracts", "orderops/specguard") {
			imports = imports[1:]
		}
		if got, ok := f.imports(imports...); ok {
			return []string{fmt.Sprintf("%s imports %s", f.Name, got)}
		}
		return nil
	})
}

func specsLeaf(m Module) []string {
	return eachFile(m, func(f File) []string {
		if f.Test || !f.in("specs") {
			return nil
		}
		for _, imported := range f.Imports {
			if strings.HasPrefix(imported, "/") {
				return []string{fmt.Sprintf("%s imports %s", f.Name, imported)}
			}
		}
		return nil
	})
}

func packageName(m Module) []string {
	banned := []string{"util", "utils", "common", "model", "models", "types", "helper", "helpers", "misc", "base", "shared"}
	return eachFile(m, func(f File) []string {
		name := strings.TrimSuffix(f.syntax.Name.Name, "_test")
		if slices.Contains(banned, name) || strings.HasSuffix(name, "util") || strings.HasSuffix(name, "utils") {
			return []string{fmt.Sprintf("%s: package %s says nothing about its content", f.Name, name)}
		}
		return nil
	})
}

func packageComment(m Module) (found []string) {
	documented := map[string]bool{} // folder → somebody documented it
	for _, f := range m.Files {
		doc := f.syntax.Doc
		documented[f.Dir] = documented[f.Dir] || doc != nil && strings.TrimSpace(doc.Text()) != ""
	}
	for dir, ok := range documented {
		if !ok {
			found = append(found, fmt.Sprintf("%s has no package comment", dir))
		}
	}
	slices.Sort(found)
	return found
}

func noInit(m Module) []string {
	return eachFile(m, func(f File) (found []string) {
		for _, decl := range f.syntax.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if ok && function.Recv == nil && function.Name.Name == "init" {
				found = append(found, fmt.Sprintf("%s has an init function", f.where(function)))
			}
		}
		return found
	})
}

// reserved is a set of functions that only some folders may name.
type reserved struct {
	pkg   string
	names []string
	// allowed are the folders that may; tests says whether every test may.
	allowed []string
	tests   bool
}

// Each half has one real clock; everybody else is handed a time or a clock.
// Sleeping is barred in tests as well: a test waits for what it awaits.
func reservations() []reserved {
	clocks := []string{"simulator/clock", "orderops/opsclock", "cmd"}
	return []reserved{
		{"time", []string{"Sleep"}, clocks, false},
		{"time", []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}, clocks, true},
		{"os", []string{"Getenv", "LookupEnv", "Environ"}, []string{"cmd"}, true},
		{"fmt", []string{"Print", "Printf", "Println"}, []string{"cmd"}, false},
	}
}

func handedIn(m Module) []string {
	return eachFile(m, func(f File) (found []string) {
		for _, r := range reservations() {
			if f.in(r.allowed...) || f.Test && r.tests {
				continue
			}
			for _, use := range f.uses(r.pkg, func(name string) bool { return slices.Contains(r.names, name) }) {
				name := use.(*ast.SelectorExpr).Sel.Name
				found = append(found, fmt.Sprintf("%s uses %s.%s", f.where(use), r.pkg, name))
			}
		}
		return found
	})
}

func eachFile(m Module, check func(File) []string) (found []string) {
	for _, f := range m.Files {
		found = append(found, check(f)...)
	}
	return found
}
