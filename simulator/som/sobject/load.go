package sobject

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Load reads every *.yaml file at the root of fsys, one object a file, and adds the system fields and child relationships. Of each further
// folder it reads an org's own objects and fields, see [loader.readOwn]. It reports every problem at once, each with its file and, where it
// lies in one, its object and field.
func Load(fsys fs.FS, own ...fs.FS) (*Catalog, error) {
	parser, err := newFormulaParser()
	if err != nil {
		return nil, err
	}
	l := &loader{
		formulas: parser, catalog: &Catalog{byName: map[string]*Object{}, byPrefix: map[string]*Object{}},
		files: map[*Object]string{}, ownFields: map[*Field]string{},
	}
	l.readAll(fsys, l.read)
	for _, folder := range own {
		l.readAll(folder, l.readOwn)
	}
	l.addOwn()
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
	// own is what an org's own files say, ownFields the files of fields they add to standard objects.
	own       []ownFile
	ownFields map[*Field]string
	links     []link
	errs      []error
}

// readAll reads the files of one folder.
func (l *loader) readAll(fsys fs.FS, read func(fsys fs.FS, file string)) {
	names, err := fs.Glob(fsys, "*.yaml")
	switch {
	case err != nil:
		l.errs = append(l.errs, fmt.Errorf("list object files: %w", err))
	case len(names) == 0:
		l.errs = append(l.errs, errors.New("no object files (*.yaml) found"))
	}
	for _, name := range names {
		read(fsys, name)
	}
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
	if own := l.ownFields[f]; own != "" {
		where = own
	}
	where += ": object " + o.Name
	if f != nil {
		where += ": field " + f.Name
	}
	for _, err := range each(fmt.Errorf(format, args...)) {
		l.errs = append(l.errs, fmt.Errorf("%s: %w", where, err))
	}
}

// each takes an error that joins several apart, so that every one of them can be told with its place.
func each(err error) []error {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []error{err}
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, each(one)...)
	}
	return all
}

// decode reads a file; nothing comes of one that cannot be used at all.
func (l *loader) decode(fsys fs.FS, file string) (*objectYAML, bool) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("%s: %w", file, err))
		return nil, false
	}
	d, errs := decodeObject(file, text)
	l.errs = append(l.errs, errs...)
	return d, d != nil
}

func (l *loader) read(fsys fs.FS, file string) {
	d, ok := l.decode(fsys, file)
	if !ok {
		return
	}
	o := d.object()
	l.files[o] = file
	if d.Extends != "" {
		l.problem(o, nil, "only an org's own files extend other objects")
	}
	if want := strings.TrimSuffix(path.Base(file), ".yaml"); o.Name != want {
		l.problem(o, nil, "the object is called %q, not as the file", o.Name)
	}
	l.add(o, d)
}

// add enters an object with its fields.
func (l *loader) add(o *Object, d *objectYAML) {
	l.register(o)
	for _, f := range systemFields(o) {
		l.addField(o, f)
	}
	for i := range d.fields {
		l.addDecoded(o, &d.fields[i], "")
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

// addDecoded adds a field; file is its own when that is not the object's.
func (l *loader) addDecoded(o *Object, d *fieldYAML, file string) {
	f, err := d.field(l.formulas)
	if file != "" {
		l.ownFields[f] = file
	}
	if err != nil {
		l.problem(o, f, "%w", err)
	}
	if !l.addField(o, f) || d.Children == "" {
		return
	}
	f.Children = d.Children
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
	l.numberIndexes()
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
		f.Indexed = f.Indexed || len(f.ReferenceTo) > 0
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
