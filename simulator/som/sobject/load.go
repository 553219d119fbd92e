package sobject

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Load reads every *.yaml file at the root of fsys, one object a file, and adds the system fields and child relationships. It reports every
// problem at once, each with its file and, where it lies in one, its field.
func Load(fsys fs.FS) (*Catalog, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list object files: %w", err)
	}
	if len(names) == 0 {
		return nil, errors.New("no object files (*.yaml) found")
	}
	parser, err := newFormulaParser()
	if err != nil {
		return nil, err
	}
	l := &loader{formulas: parser, catalog: &Catalog{byName: map[string]*Object{}, byPrefix: map[string]*Object{}}, files: map[*Object]string{}}
	for _, name := range names {
		l.read(fsys, name)
	}
	l.link()
	if len(l.errs) > 0 {
		return nil, errors.Join(l.errs...)
	}
	return l.catalog, nil
}

// loader gathers objects and problems.
type loader struct {
	formulas *formulaParser
	catalog  *Catalog
	files    map[*Object]string
	links    []link
	errs     []error
}

// link is a child relationship still to be hung on its parent.
type link struct {
	owner   *Object
	field   *Field
	name    string
	cascade bool
}

func (l *loader) problem(o *Object, f *Field, format string, args ...any) {
	where := l.files[o]
	if f != nil {
		where += ": field " + f.Name
	}
	l.errs = append(l.errs, fmt.Errorf("%s: %w", where, fmt.Errorf(format, args...)))
}

func (l *loader) read(fsys fs.FS, file string) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("%s: %w", file, err))
		return
	}
	d, errs := decodeObject(file, text)
	l.errs = append(l.errs, errs...)
	if d == nil {
		return
	}
	o := d.object()
	l.files[o] = file
	if want := strings.TrimSuffix(path.Base(file), ".yaml"); o.Name != want {
		l.problem(o, nil, "the object is called %q, not as the file", o.Name)
	}
	l.register(o)
	for _, f := range systemFields(o) {
		l.addField(o, f)
	}
	for i := range d.fields {
		l.addDecoded(o, &d.fields[i])
	}
	sortSystemFieldsLast(o)
}

func (l *loader) register(o *Object) {
	if len(o.KeyPrefix) != prefixLength || !alphanumeric(o.KeyPrefix) {
		l.problem(o, nil, "key prefix %q is not three letters and digits", o.KeyPrefix)
	}
	if other, taken := l.catalog.byPrefix[o.KeyPrefix]; taken {
		l.problem(o, nil, "key prefix %s already belongs to %s", o.KeyPrefix, other.Name)
	}
	if _, taken := l.catalog.byName[strings.ToLower(o.Name)]; taken {
		l.problem(o, nil, "a second object is called %s", o.Name)
		return
	}
	l.catalog.byPrefix[o.KeyPrefix] = o
	l.catalog.byName[o.Name] = o
	l.catalog.byName[strings.ToLower(o.Name)] = o
	l.catalog.sorted = append(l.catalog.sorted, o)
	sort.Slice(l.catalog.sorted, func(i, j int) bool { return l.catalog.sorted[i].Name < l.catalog.sorted[j].Name })
}

func (l *loader) addDecoded(o *Object, d *fieldYAML) {
	f, err := d.field(l.formulas)
	if err != nil {
		l.problem(o, f, "%w", err)
	}
	if !l.addField(o, f) || d.Children == "" {
		return
	}
	f.Indexed = true
	l.links = append(l.links, link{owner: o, field: f, name: d.Children, cascade: d.Cascade})
}

func (l *loader) addField(o *Object, f *Field) bool {
	if _, taken := o.fields[strings.ToLower(f.Name)]; taken {
		l.problem(o, f, "the object has it already")
		return false
	}
	o.Fields = append(o.Fields, f)
	o.fields[f.Name] = f
	o.fields[strings.ToLower(f.Name)] = f
	if f.RelationshipName != "" {
		key := strings.ToLower(f.RelationshipName)
		if other, taken := o.parents[key]; taken {
			l.problem(o, f, "relationship %s already belongs to %s", f.RelationshipName, other.Name)
		}
		o.parents[key] = f
	}
	return true
}

// link settles what needs all objects to be known.
func (l *loader) link() {
	for _, o := range l.catalog.sorted {
		l.checkReferences(o)
		l.bindFormulas(o)
		if _, ok := o.Field(o.NameField); o.NameField != "" && !ok {
			l.problem(o, nil, "name field %s does not exist", o.NameField)
		}
	}
	for _, k := range l.links {
		for _, to := range k.field.ReferenceTo {
			l.addChild(k, to)
		}
	}
	for _, o := range l.catalog.sorted {
		sort.Slice(o.Children, func(i, j int) bool { return o.Children[i].Name < o.Children[j].Name })
		for i, c := range o.Children {
			o.children[strings.ToLower(c.Name)] = i
		}
	}
}

func (l *loader) checkReferences(o *Object) {
	for _, f := range o.Fields {
		for _, to := range f.ReferenceTo {
			if parent, ok := l.catalog.byName[to]; !ok || parent.Name != to {
				l.problem(o, f, "refers to an unknown object %s", to)
			}
		}
	}
}

func (l *loader) bindFormulas(o *Object) {
	bound := true
	for _, f := range o.Fields {
		if f.Formula == nil {
			continue
		}
		if err := f.Formula.bind(o); err != nil {
			l.problem(o, f, "%w", err)
			bound = false
		}
	}
	if !bound {
		return
	}
	if err := checkCycles(o); err != nil {
		l.problem(o, nil, "%w", err)
	}
}

func (l *loader) addChild(k link, to string) {
	parent, ok := l.catalog.byName[to]
	if !ok {
		return
	}
	key := strings.ToLower(k.name)
	if at, taken := parent.children[key]; taken {
		other := parent.Children[at]
		l.problem(k.owner, k.field, "child relationship %s of %s already belongs to %s.%s", k.name, to, other.Object, other.Field)
		return
	}
	parent.children[key] = len(parent.Children)
	parent.Children = append(parent.Children, ChildRelationship{Name: k.name, Object: k.owner.Name, Field: k.field.Name, CascadeDelete: k.cascade})
}
