package sobject

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// ownFile is one file of an org's own.
type ownFile struct {
	name string
	d    *objectYAML
}

var (
	ownName      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*__c$`)
	ownChildName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*__r$`)
)

// readOwn reads a file of an org's own: an object, or with extends the further fields of a standard one. Names of objects and fields end in
// __c, those of ways to children in __r, as the platform makes them. An object needs nothing but a name and fields: it can be created, updated
// and deleted, gets a free key prefix, and has a Name and an owner beside what its file says.
func (l *loader) readOwn(fsys fs.FS, file string) {
	if d, ok := l.decode(fsys, file); ok {
		l.own = append(l.own, ownFile{file, d})
	}
}

// addOwn adds what the org's own files say: first the objects with a key prefix, so that the others get free ones, then the fields of
// standard objects.
func (l *loader) addOwn() {
	rank := func(f ownFile) int {
		switch {
		case f.d.Extends != "":
			return 2
		case f.d.Prefix == "":
			return 1
		default:
			return 0
		}
	}
	slices.SortStableFunc(l.own, func(a, b ownFile) int { return rank(a) - rank(b) })
	for _, f := range l.own {
		if f.d.Extends != "" {
			l.extend(f)
		} else {
			l.addOwnObject(f)
		}
	}
}

func (l *loader) addOwnObject(f ownFile) {
	d := f.d
	d.Custom = true
	if d.Operations == nil {
		d.Operations = []string{"create", "update", "delete"}
	}
	d.fields = append(furnishing(d), d.fields...)
	if d.NameField == "" {
		d.NameField = "Name"
	}
	if d.Prefix == "" {
		d.Prefix = l.freePrefix()
	}
	o := d.object()
	l.files[o] = f.name
	if !ownName.MatchString(o.Name) {
		l.problem(o, nil, "the name of an own object is letters, digits and single underscores before __c")
	}
	for i := range d.fields {
		l.checkOwn(o, &Field{Name: d.fields[i].Name}, &d.fields[i])
	}
	l.add(o, d)
}

// furnishing are the fields that every own object has and its file does not mention.
func furnishing(d *objectYAML) []fieldYAML {
	has := func(name string) bool {
		return slices.ContainsFunc(d.fields, func(f fieldYAML) bool { return strings.EqualFold(f.Name, name) })
	}
	var fields []fieldYAML
	if !has("Name") && d.NameField == "" {
		fields = append(fields, fieldYAML{Name: "Name", Type: TypeString, Length: 80, Label: "Name"})
	}
	// The owner of a detail is its master's.
	detail := slices.ContainsFunc(d.fields, func(f fieldYAML) bool { return f.Cascade })
	if !has("OwnerId") && !detail {
		fields = append(fields, fieldYAML{Name: "OwnerId", Type: TypeReference, Label: "Owner ID", Required: true, To: []string{"Group", "User"}})
	}
	return fields
}

// checkOwn refuses names that the platform would not give.
func (l *loader) checkOwn(o *Object, f *Field, d *fieldYAML) {
	furnished := o.Custom && (f.Name == "Name" || f.Name == "OwnerId")
	if !furnished && !ownName.MatchString(f.Name) {
		l.problem(o, f, "the name of an own field is letters, digits and single underscores before __c")
	}
	if d.Children != "" && !ownChildName.MatchString(d.Children) {
		l.problem(o, f, "children %q is not letters, digits and single underscores before __r", d.Children)
	}
}

// freePrefix is the first key prefix of own objects that nobody has.
func (l *loader) freePrefix() string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for _, second := range digits {
		for _, third := range digits {
			prefix := "a" + string(second) + string(third)
			if _, taken := l.catalog.byPrefix[prefix]; !taken {
				return prefix
			}
		}
	}
	return ""
}

// extend adds an org's own fields to a standard object, behind all others.
func (l *loader) extend(file ownFile) {
	d := file.d
	if key := d.beside(); key != "" {
		l.errs = append(l.errs, fmt.Errorf("%s: object %s: extends stands with fields alone, not with %s", file.name, d.Extends, key))
	}
	o, ok := l.catalog.byName[d.Extends]
	if !ok || o.Name != d.Extends {
		l.errs = append(l.errs, fmt.Errorf("%s: object %s: there is no such object to extend", file.name, d.Extends))
		return
	}
	for i := range d.fields {
		f := &Field{Name: d.fields[i].Name}
		l.ownFields[f] = file.name
		l.checkOwn(o, f, &d.fields[i])
		l.addDecoded(o, &d.fields[i], file.name)
	}
}

// beside names what an extension has and only an object of its own may have.
func (d *objectYAML) beside() string {
	var said []string
	for key, present := range map[string]bool{
		"name": d.Name != "", "label": d.Label != "", "plural": d.Plural != "", "prefix": d.Prefix != "", "nameField": d.NameField != "",
		"operations": d.Operations != nil, "custom": d.Custom,
	} {
		if present {
			said = append(said, key)
		}
	}
	slices.Sort(said)
	return strings.Join(said, ", ")
}
