package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Path is the module path that every import of our own starts with.
const Path = "github.com/somsim/somsim"

// Module is the parsed source of a module.
type Module struct {
	Files []File
}

// File is one parsed Go file.
type File struct {
	// Name is the slash-separated path below the module root, Dir its folder
	// ("." for the root itself).
	Name, Dir string
	// Test says whether the file is compiled by go test only.
	Test bool
	// Imports holds import paths; those of our own module are shortened to
	// "/" and the folder: "/simulator/store".
	Imports []string

	syntax    *ast.File
	positions *token.FileSet
}

// Load parses every Go file below root. Folders that the go tool ignores
// (testdata, vendor, names that start with "." or "_") and node_modules are
// left out. The error names the first file that cannot be read or parsed.
func Load(root fs.FS) (Module, error) {
	var m Module
	positions := token.NewFileSet()
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && ignored(name):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		file, err := parse(root, name, positions)
		if err != nil {
			return err
		}
		m.Files = append(m.Files, file)
		return nil
	})
	if err != nil {
		return Module{}, fmt.Errorf("load module: %w", err)
	}
	return m, nil
}

func ignored(dir string) bool {
	base := path.Base(dir)
	hidden := base != "." && strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")
	return hidden || slices.Contains([]string{"testdata", "vendor", "node_modules"}, base)
}

func parse(root fs.FS, name string, positions *token.FileSet) (File, error) {
	source, err := fs.ReadFile(root, name)
	if err != nil {
		return File{}, err
	}
	syntax, err := parser.ParseFile(positions, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return File{}, err
	}
	file := File{
		Name: name, Dir: path.Dir(name), Test: strings.HasSuffix(name, "_test.go"),
		syntax: syntax, positions: positions,
	}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return File{}, fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
		}
		if own, ok := strings.CutPrefix(imported, Path); ok {
			imported = own
		}
		file.Imports = append(file.Imports, imported)
	}
	return file, nil
}

// imports reports the first import at or below one of the given paths.
func (f File) imports(paths ...string) (string, bool) {
	for _, imported := range f.Imports {
		if within(imported, paths...) {
			return imported, true
		}
	}
	return "", false
}

// in reports whether the file lies in or below one of the given folders.
func (f File) in(dirs ...string) bool { return within(f.Dir, dirs...) }

// where is the place of a node as "file:line".
func (f File) where(node ast.Node) string {
	return fmt.Sprintf("%s:%d", f.Name, f.positions.Position(node.Pos()).Line)
}

// uses lists the places where the file names something of pkg that is wanted,
// whatever the file calls the package.
func (f File) uses(pkg string, wanted func(name string) bool) []ast.Node {
	local := f.localName(pkg)
	if local == "" {
		return nil
	}
	var found []ast.Node
	ast.Inspect(f.syntax, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		qualifier, ok := selector.X.(*ast.Ident)
		if ok && qualifier.Name == local && wanted(selector.Sel.Name) {
			found = append(found, selector)
		}
		return true
	})
	return found
}

// localName is what the file calls the imported package, "" if it does not
// import it.
func (f File) localName(pkg string) string {
	for i, imported := range f.Imports {
		if imported != pkg {
			continue
		}
		if name := f.syntax.Imports[i].Name; name != nil {
			return name.Name
		}
		return path.Base(pkg)
	}
	return ""
}

// within reports whether p is one of roots or lies below one of them.
func within(p string, roots ...string) bool {
	for _, root := range roots {
		if p == root || strings.HasPrefix(p, root+"/") {
			return true
		}
	}
	return false
}
