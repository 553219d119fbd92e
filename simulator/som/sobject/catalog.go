package sobject

import (
	"maps"
	"slices"
	"strings"
)

// Catalog holds every object of an org. It is read-only after [Load] and safe for concurrent use.
type Catalog struct {
	byName   map[string]*Object
	byPrefix map[string]*Object
	sorted   []*Object
}

// Object finds an object by its API name, ignoring case.
func (c *Catalog) Object(name string) (*Object, bool) {
	if o, ok := c.byName[name]; ok {
		return o, true
	}
	o, ok := c.byName[strings.ToLower(name)]
	return o, ok
}

// ByPrefix finds the object whose ids start with the three characters; a whole id may be passed. Prefixes are case-sensitive.
func (c *Catalog) ByPrefix(prefix string) (*Object, bool) {
	if len(prefix) > prefixLength {
		prefix = prefix[:prefixLength]
	}
	o, ok := c.byPrefix[prefix]
	return o, ok
}

// Objects lists all objects by name. The slice belongs to the caller.
func (c *Catalog) Objects() []*Object { return append([]*Object(nil), c.sorted...) }

// Sensitive names the fields that tell who somebody is, of any object, in alphabetical order. Name is a field of nearly
// every object and tells it of few: it comes with its object before it, as Account.Name.
func (c *Catalog) Sensitive() []string {
	names := map[string]bool{}
	for _, o := range c.sorted {
		for _, f := range o.Fields {
			switch {
			case f.Sensitive && f.Name == "Name":
				names[o.Name+"."+f.Name] = true
			case f.Sensitive:
				names[f.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
