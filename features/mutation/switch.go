package mutation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// switchSource is the package that the switches ask. It comes by overlay and is in no source tree.
const switchSource = `package mutant

import (
	"bufio"
	"errors"
	"os"
	"sync/atomic"
)

// switched is what is off, and whether anything came by it since.
type switched struct {
	name   string
	struck atomic.Bool
}

var off atomic.Pointer[switched]

// Listen takes the name of what to switch off from each line of the input, and says what became of the one before.
func Listen() {
	off.Store(&switched{})
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		before := off.Swap(&switched{name: lines.Text()})
		word := "` + untouched + `"
		if before.struck.Load() {
			word = "` + switchMark + `"
		}
		os.Stdout.WriteString(word + "\n")
	}
}

func struck(s *switched, by bool) bool {
	if by {
		s.struck.Store(true)
	}
	return by
}

// Rule says that a refusal is by the rule that is switched off.
func Rule(refusal any) bool {
	s := off.Load()
	if s == nil || s.name == "" {
		return false
	}
	err, ok := refusal.(error)
	if !ok || err == nil {
		return false
	}
	var ruled interface{ RuleID() string }
	return struck(s, errors.As(err, &ruled) && ruled.RuleID() == s.name)
}

// Call says that a call of order-ops is switched off.
func Call(name string) bool {
	s := off.Load()
	return s != nil && struck(s, s.name == name)
}
`

// placeSource is a somsim that starts a simulator and an order-ops as the scenarios expect them, and takes in what to
// switch off. It comes by overlay too.
const placeSource = `package main

import (
	"context"
	"fmt"
	"os"

	"github.com/somsim/somsim/internal/mutant"
	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/clock"
)

func init() {
	if os.Getenv("` + placeSwitch + `") == "" {
		return
	}
	cfg := simulator.Config{Preset: "omnichannel", Clock: clock.ModeManual, Log: logger("text")}
	started, wait, err := startUp(context.Background(), cfg, asExpected)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("api=%s\ncontrol=%s\norderops=%s\noperator=%s\n", started.API, started.Control, started.OrderOps, started.Operator)
	go mutant.Listen()
	fmt.Fprintln(os.Stderr, wait())
	os.Exit(1)
}
`

// What a place says of the mutant before, when it gets the next one: whether anything came by its switch.
const (
	switchMark = "switched off"
	untouched  = "untouched"
)

// placeSwitch is the variable of the environment by which somsim is such a place.
const placeSwitch = "SOMSIM_MUTANTS"

const switchPath = "github.com/somsim/somsim/internal/mutant"

// overlay writes the sources with their switches to dir and returns the file that tells the go command of them.
func overlay(root, dir string) (string, error) {
	replace := map[string]string{}
	put := func(original string, text []byte) error {
		copied := filepath.Join(dir, strconv.Itoa(len(replace))+".go")
		replace[original] = copied
		return os.WriteFile(copied, text, 0o600)
	}
	for path, source := range map[string]string{"internal/mutant/mutant.go": switchSource, "cmd/somsim/place.go": placeSource} {
		if err := put(filepath.Join(root, filepath.FromSlash(path)), []byte(source)); err != nil {
			return "", err
		}
	}
	for _, half := range []string{"simulator", "orderops"} {
		err := filepath.WalkDir(filepath.Join(root, half), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, changed, err := switched(path, half == "orderops")
			if err != nil || !changed {
				return err
			}
			return put(path, text)
		})
		if err != nil {
			return "", err
		}
	}
	raw, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, raw, 0o600)
}

// edit replaces the bytes from one offset to another.
type edit struct {
	from, to int
	text     string
}

// switched is a source file with switches: at every refusal of the simulator, or at the top of every method of a client of
// order-ops. The rest of the text stays as it is, comments that mean something to the compiler included.
func switched(path string, client bool) (text []byte, changed bool, err error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, false, err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, 0)
	if err != nil {
		return nil, false, err
	}
	s := &switcher{source: source, base: set.File(file.Pos()).Base()}
	if client {
		s.calls(file)
	} else {
		s.refusals(file)
	}
	if len(s.edits) == 0 {
		return nil, false, nil
	}
	s.replace(file.Name.End(), file.Name.End(), "; import mutant "+strconv.Quote(switchPath))
	return s.apply(), true, nil
}

type switcher struct {
	source []byte
	base   int
	edits  []edit
}

func (s *switcher) replace(from, to token.Pos, text string) {
	s.edits = append(s.edits, edit{int(from) - s.base, int(to) - s.base, text})
}

func (s *switcher) text(from, to token.Pos) string {
	return string(s.source[int(from)-s.base : int(to)-s.base])
}

func (s *switcher) apply() []byte {
	slices.SortStableFunc(s.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out bytes.Buffer
	at := 0
	for _, e := range s.edits {
		_, _ = out.Write(s.source[at:e.from])
		_, _ = out.WriteString(e.text)
		at = e.to
	}
	_, _ = out.Write(s.source[at:])
	return out.Bytes()
}

// refusals finds `if … { …; return …, refusal }` and has it return only a refusal that is not switched off.
func (s *switcher) refusals(file *ast.File) {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		results := []int{fields(f.Type.Results)}
		var visit func(n ast.Node) bool
		visit = func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				results = append(results, fields(n.Type.Results))
				ast.Inspect(n.Body, visit)
				results = results[:len(results)-1]
				return false
			case *ast.IfStmt:
				if n.Else == nil {
					s.refusal(n.Body, results[len(results)-1])
				}
			}
			return true
		}
		ast.Inspect(f.Body, visit)
	}
}

// refusal rewrites the last statement of a block if it returns what may be a refusal.
func (s *switcher) refusal(block *ast.BlockStmt, results int) {
	if len(block.List) == 0 {
		return
	}
	back, ok := block.List[len(block.List)-1].(*ast.ReturnStmt)
	if !ok || len(back.Results) != results || results == 0 || !mayRefuse(back.Results[results-1]) {
		return
	}
	last := back.Results[results-1]
	before := s.text(back.Pos(), last.Pos())
	s.replace(back.Pos(), last.Pos(), "if refusalOfMutant := (")
	s.replace(last.End(), last.End(), "); !mutant.Rule(refusalOfMutant) { "+before+"refusalOfMutant }")
}

// mayRefuse says that an expression may be an error: the result of a call, a new one, or a variable that is called so.
func mayRefuse(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CallExpr:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND
	case *ast.Ident:
		return e.Name == "err" || e.Name == "refused"
	default:
		return false
	}
}

// calls has the methods of a client return nothing, and no error, when they are switched off.
func (s *switcher) calls(file *ast.File) {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Body == nil || !f.Name.IsExported() || receiver(f) != "Client" || f.Type.Results == nil {
			continue
		}
		name := strings.TrimSuffix(file.Name.Name, "client") + "." + f.Name.Name
		guard := " if mutant.Call(" + strconv.Quote(name) + ") { "
		var zeros []string
		for i, result := range f.Type.Results.List {
			zero := "mutant" + strconv.Itoa(i)
			guard += "var " + zero + " " + s.text(result.Type.Pos(), result.Type.End()) + "; "
			zeros = append(zeros, zero)
		}
		s.replace(f.Body.Lbrace+1, f.Body.Lbrace+1, guard+"return "+strings.Join(zeros, ", ")+" };")
	}
}

func fields(list *ast.FieldList) int {
	if list == nil {
		return 0
	}
	return list.NumFields()
}

func receiver(f *ast.FuncDecl) string {
	star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return ""
	}
	name, _ := star.X.(*ast.Ident)
	if name == nil {
		return ""
	}
	return name.Name
}
