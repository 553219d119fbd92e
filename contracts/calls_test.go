package contracts

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/contracts/coverage"
	"github.com/somsim/somsim/contracts/promise"
	"github.com/somsim/somsim/specs"
)

// TestEveryOperationThatIsCalledIsAgreedOn proves that no client of order-ops
// calls an operation that no pact has an interaction with.
func TestEveryOperationThatIsCalledIsAgreedOn(t *testing.T) {
	t.Parallel()
	calls, err := coverage.ReadCalls(Calls)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := coverage.Table(calls, "order-ops", allPacts(t), specs.FS)
	if err != nil || len(rows) == 0 {
		t.Fatalf("no table (%v)", err)
	}
	for _, row := range rows {
		if !row.Covered() {
			t.Errorf("%s %s is called in %v, and no pact has an interaction with it; add one in consumer/ and run `make pacts`", row.System, row.Operation, row.By)
		}
	}
}

var update = flag.Bool("update", false, "write calls.yaml anew from the clients")

// TestCallsAreThoseOfTheClients keeps calls.yaml, which the binary carries, to
// what the clients' sources say.
func TestCallsAreThoseOfTheClients(t *testing.T) {
	t.Parallel()
	found := callsInSource(t)
	if *update {
		out, err := yaml.Marshal(found)
		if err != nil {
			t.Fatal(err)
		}
		head := "# The operations that the clients of order-ops call, read out of their sources by\n# `go test ./contracts -run CallsAreThose -update`.\n"
		if err := os.WriteFile("calls.yaml", append([]byte(head), out...), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := coverage.ReadCalls(Calls)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(kept, found); diff != "" {
		t.Errorf("calls.yaml is not what the clients call; run `go test ./contracts -run CallsAreThose -update` (-kept +found):\n%s", diff)
	}
}

// callsInSource are the operations that any client calls, by system.
func callsInSource(t *testing.T) (all []coverage.Call) {
	t.Helper()
	folders, err := filepath.Glob("../orderops/*client")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no client found (%v)", err)
	}
	documents := operationsBySystem(t)
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			own := strings.TrimSuffix(filepath.Base(folder), "client")
			if own == "slas" {
				own = "b2c" // whose documents its own stands among
			}
			for _, s := range append(sentIn(t, file), namedIn(t, file, documents[own])...) {
				system, operation := s.operation(t, documents, own)
				all = add(all, system, operation, path.Join("orderops", filepath.Base(folder), filepath.Base(file)))
			}
		}
	}
	slices.SortFunc(all, func(a, b coverage.Call) int {
		return strings.Compare(a.System+"."+a.Operation, b.System+"."+b.Operation)
	})
	return all
}

func add(all []coverage.Call, system, operation, file string) []coverage.Call {
	i := slices.IndexFunc(all, func(c coverage.Call) bool { return c.System == system && c.Operation == operation })
	if i < 0 {
		return append(all, coverage.Call{System: system, Operation: operation, By: []string{file}})
	}
	if !slices.Contains(all[i].By, file) {
		all[i].By = append(all[i].By, file)
	}
	return all
}

func operationsBySystem(t *testing.T) map[string][]promise.Operation {
	t.Helper()
	folders, err := promise.Folders(specs.FS)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]promise.Operation{}
	for _, folder := range folders {
		s, err := promise.Load(specs.FS, folder)
		if err != nil {
			t.Fatal(err)
		}
		all[folder] = s.Operations()
	}
	return all
}

// sending is a place in a client that makes a request, or a part of a
// composite: it names the operation, or a method and (the end of) a path, in
// which * stands for what is put in.
type sending struct {
	where, id    string
	method, path string
	// elsewhere says that the operation is named where this is called from.
	elsewhere bool
}

// operation finds the one operation that is sent; a place of which that cannot
// be said is an error, since a call would go unseen.
func (s sending) operation(t *testing.T, documents map[string][]promise.Operation, own string) (system, id string) {
	t.Helper()
	best, score := "", -1
	for folder, operations := range documents {
		for _, o := range operations {
			n := -1
			switch {
			case s.id != "" && s.id == o.ID:
				n = 100
			case s.method == o.Method && s.path != "":
				n = endsLike(o.Path, s.path)
			}
			if n >= 0 && folder == own {
				n += 1000 // names are unique within a system only
			}
			if n > score {
				best, score, system = o.ID, n, folder
			}
		}
	}
	if score < 0 {
		t.Errorf("%s: no document has what is sent here: %s %s %s", s.where, s.id, s.method, s.path)
	}
	return system, best
}

// endsLike counts the segments in which a template ends as a path does, so that
// the better of two matches wins; -1 is none.
func endsLike(template, end string) int {
	want, have := strings.Split(strings.Trim(end, "/"), "/"), strings.Split(strings.Trim(template, "/"), "/")
	if len(want) > len(have) {
		return -1
	}
	score := 0
	for i, segment := range have[len(have)-len(want):] {
		variable := strings.HasPrefix(segment, "{")
		switch {
		case segment == want[i]:
			score += 2
		case variable && want[i] == "*":
			score += 2
		case !variable:
			return -1
		}
	}
	return 10*score - len(have) // of equally good ones the shortest
}

// sentIn lists the literals and calls in a file that have an operation, or a
// method with a path.
func sentIn(t *testing.T, file string) (all []sending) {
	t.Helper()
	files := token.NewFileSet()
	source, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(source, func(n ast.Node) bool {
		var parts []ast.Expr
		switch n := n.(type) {
		case *ast.CompositeLit:
			parts = n.Elts
		case *ast.CallExpr:
			parts = n.Args
		default:
			return true
		}
		if s := sendingOf(parts); !s.elsewhere && s.method != "" && (s.id != "" || s.path != "") {
			s.where = files.Position(n.Pos()).String()
			all = append(all, s)
		}
		return true
	})
	return all
}

// namedIn lists the operations of the client's own system that a file names
// anywhere, such as in a call of a function that sends what it is told.
func namedIn(t *testing.T, file string, operations []promise.Operation) (all []sending) {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(source, func(n ast.Node) bool {
		if pair, ok := n.(*ast.KeyValueExpr); ok {
			key, isField := pair.Key.(*ast.Ident)
			return isField && (key.Name == "Operation" || pattern(pair.Value) == "*") // a word in another field is something else
		}
		if compared, ok := n.(*ast.BinaryExpr); ok && (compared.Op == token.EQL || compared.Op == token.NEQ) {
			return false
		}
		if literal, ok := n.(*ast.BasicLit); ok {
			named := pattern(literal)
			if slices.ContainsFunc(operations, func(o promise.Operation) bool { return o.ID == named }) {
				all = append(all, sending{id: named})
			}
		}
		return true
	})
	return all
}

func sendingOf(parts []ast.Expr) (s sending) {
	for _, part := range parts {
		field := ""
		if pair, ok := part.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				field = key.Name
			}
			part = pair.Value
		}
		if selector, ok := part.(*ast.SelectorExpr); ok {
			if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "http" && strings.HasPrefix(selector.Sel.Name, "Method") {
				s.method = strings.ToUpper(strings.TrimPrefix(selector.Sel.Name, "Method"))
			}
		}
		text, _, _ := strings.Cut(pattern(part), "?")
		switch {
		case field == "Operation" && text == "*":
			s.elsewhere = true
		case field == "Operation", field == "" && isName(text):
			s.id = text
		case strings.HasPrefix(text, "/"):
			s.path = text
		}
	}
	return s
}

// isName tells an operationId from other literals that calls are made with.
func isName(text string) bool {
	return text != "" && text[0] >= 'a' && text[0] <= 'z' && !strings.ContainsAny(text, " */:.=_-?%")
}

// pattern is a string as far as it is written down: what is put in becomes *.
func pattern(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil || e.Kind != token.STRING {
			return "*"
		}
		return strings.NewReplacer("%s", "*", "%d", "*").Replace(text)
	case *ast.BinaryExpr:
		return pattern(e.X) + pattern(e.Y)
	case *ast.CallExpr: // of a function that puts what all paths have before a path
		for _, arg := range e.Args {
			if text := pattern(arg); strings.HasPrefix(text, "/") {
				return text
			}
		}
	}
	return "*"
}

func TestPathsAreKnownByTheirEnds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		template, end string
		matches       bool
	}{
		{"/v2/{merchantId}/payments/{paymentId}/cancel", "/payments/*/cancel", true},
		{"/services/data/{version}/sobjects/{object}", "/sobjects/Refund", true},
		{"/services/data/{version}/query", "/query", true},
		{"/services/data/{version}/query", "/queryAll", false},
		{"/query", "/services/query", false},
	} {
		if got := endsLike(tc.template, tc.end) >= 0; got != tc.matches {
			t.Errorf("%s ends like %s: %v", tc.template, tc.end, got)
		}
	}
	if endsLike("/services/data/{version}/query", "/query") <= endsLike("/services/data/{version}/sobjects/{object}", "/query") {
		t.Error("a variable is better than the word itself")
	}
}
