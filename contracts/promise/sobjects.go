package promise

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/contracts/pactfile"
)

// catalog is what specs/som/sobjects says of the org's objects, by their names.
// To an OpenAPI document a row is an object with any fields.
type catalog map[string]sobject

type sobject struct {
	Name   string
	Fields []sobjectField
}

type sobjectField struct {
	Name, Formula, Write, Children string

	To         []string
	AutoNumber bool `yaml:"autoNumber"`
}

// loadCatalog reads the objects of a system; most have none.
func loadCatalog(folder fs.FS) (catalog, error) {
	files, err := fs.Glob(folder, "sobjects/*.yaml")
	if err != nil {
		return nil, err
	}
	all := catalog{}
	for _, file := range files {
		source, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, err
		}
		var o sobject
		if err := yaml.Unmarshal(source, &o); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all[o.Name] = o
	}
	return all, nil
}

// judge lists what an interaction counts on that no object has: fields that a
// query asks for, fields that are read without having been asked for, and
// fields of a new row that do not exist or cannot be written.
func (c catalog) judge(i pactfile.Interaction) []string {
	below, ok := strings.CutPrefix(i.Request.Path, "/services/data/")
	_, resource, _ := strings.Cut(below, "/")
	switch {
	case !ok || len(c) == 0:
		return nil
	case resource == "query":
		asked, problems := c.asked("", i.Request.Query.Get("q"))
		var answer struct{ Records []map[string]any }
		if json.Unmarshal(i.Response.Body.Content, &answer) == nil {
			problems = append(problems, unasked("", asked, answer.Records)...)
		}
		return problems
	case i.Request.Method == http.MethodPost && path.Dir(resource) == "sobjects":
		return c.unwritable(path.Base(resource), i.Request.Body.Content)
	default:
		return nil
	}
}

// asked is the tree of what a statement selects; leaves are nil. parent is the
// object above a subquery.
func (c catalog) asked(parent, statement string) (selection, []string) {
	list, rest := cutOutside(strings.TrimPrefix(strings.TrimSpace(statement), "SELECT "), " FROM ")
	name, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if parent != "" {
		name = c.child(parent, name)
	}
	if _, known := c[name]; !known {
		return nil, []string{fmt.Sprintf("query: there is no object or relationship behind %q", statement)}
	}
	tree := selection{}
	var problems []string
	for list != "" {
		var item string
		item, list = cutOutside(list, ",")
		if item = strings.TrimSpace(item); strings.HasPrefix(item, "(") {
			sub := strings.TrimSuffix(strings.TrimPrefix(item, "("), ")")
			_, from := cutOutside(sub, " FROM ")
			relationship, _, _ := strings.Cut(strings.TrimSpace(from), " ")
			below, more := c.asked(name, sub)
			tree[relationship], problems = below, append(problems, more...)
			continue
		}
		problems = append(problems, c.reach(name, item, tree)...)
	}
	return tree, problems
}

// selection is what is selected, by field and relationship.
type selection map[string]selection

// reach adds a field, or the path to one, to what is selected of an object.
func (c catalog) reach(object, item string, tree selection) []string {
	first, rest, isPath := strings.Cut(item, ".")
	if !isPath {
		tree[first] = nil
		if _, ok := c.field(object, first); !ok {
			return []string{fmt.Sprintf("query: %s has no field %s", object, first)}
		}
		return nil
	}
	reference, ok := c.field(object, first+"Id")
	if !ok || len(reference.To) == 0 {
		return []string{fmt.Sprintf("query: %s has no relationship %s", object, first)}
	}
	if tree[first] == nil {
		tree[first] = selection{}
	}
	return c.reach(reference.To[0], rest, tree[first])
}

func (c catalog) field(object, name string) (sobjectField, bool) {
	if slices.Contains([]string{"Id", "CreatedById", "CreatedDate", "LastModifiedById", "LastModifiedDate", "SystemModstamp"}, name) {
		return sobjectField{Name: name, To: []string{"User"}}, true
	}
	i := slices.IndexFunc(c[object].Fields, func(f sobjectField) bool { return f.Name == name })
	if i < 0 {
		return sobjectField{}, false
	}
	return c[object].Fields[i], true
}

// child is the object at the other end of a parent's relationship to children.
func (c catalog) child(parent, relationship string) string {
	for name, object := range c {
		for _, f := range object.Fields {
			if f.Children == relationship && slices.Contains(f.To, parent) {
				return name
			}
		}
	}
	return ""
}

// unasked lists what is read of rows without having been selected.
func unasked(where string, tree selection, rows []map[string]any) (problems []string) {
	for _, row := range rows {
		for name, value := range row {
			below, ok := tree[name]
			if !ok {
				problems = append(problems, fmt.Sprintf("response: %s%s is read, and not selected", where, name))
			}
			nested, isObject := value.(map[string]any)
			if !isObject || below == nil {
				continue
			}
			children := []map[string]any{nested}
			if list, ok := nested["records"].([]any); ok {
				children = nil
				for _, element := range list {
					if child, ok := element.(map[string]any); ok {
						children = append(children, child)
					}
				}
			}
			problems = append(problems, unasked(where+name+".", below, children)...)
		}
	}
	return problems
}

// unwritable lists the fields of a new row that its object does not have, or
// that only the org writes.
func (c catalog) unwritable(object string, body json.RawMessage) (problems []string) {
	var row map[string]json.RawMessage
	if _, known := c[object]; !known || json.Unmarshal(body, &row) != nil {
		return []string{"request: no row of an object " + object}
	}
	for name := range row {
		f, ok := c.field(object, name)
		switch {
		case !ok:
			problems = append(problems, fmt.Sprintf("request: %s has no field %s", object, name))
		case f.Write == "never" || f.Formula != "" || f.AutoNumber:
			problems = append(problems, fmt.Sprintf("request: %s.%s is for the org to write", object, name))
		}
	}
	return problems
}

// cutOutside cuts at the first separator that is outside of parentheses.
func cutOutside(text, separator string) (before, after string) {
	depth := 0
	for i := range len(text) {
		switch {
		case text[i] == '(':
			depth++
		case text[i] == ')':
			depth--
		case depth == 0 && strings.HasPrefix(text[i:], separator):
			return text[:i], text[i+len(separator):]
		}
	}
	return text, ""
}
