package report

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Compact leaves of the changes the fields that differ, and of bodies those of refusals, unless bodies are wanted.
func Compact(list []Exchange, bodies bool) {
	for i := range list {
		e := &list[i]
		for k := range e.Changes {
			e.Changes[k] = e.Changes[k].compact()
		}
		if !bodies {
			e.Request.Body = ""
			if e.Status < 400 {
				e.Response.Body = ""
			}
		}
		Compact(e.Children, bodies)
	}
}

// Compacted are changes with the fields that differ alone.
func Compacted(changes []Change) []Change {
	for i := range changes {
		changes[i] = changes[i].compact()
	}
	return changes
}

// compact works the fields out.
func (c Change) compact() Change {
	kind, before := rowOf(c.Before)
	other, after := rowOf(c.After)
	short := Change{Entity: c.Entity, Key: c.Key, Before: mark(c.Before), After: mark(c.After)}
	if kind = max(kind, other); kind != "" {
		short.Entity = kind
	}
	for _, name := range names(before, after) {
		if before[name] != after[name] {
			short.Fields = append(short.Fields, Field{name, before[name], after[name]})
		}
	}
	return short
}

// mark keeps of a row that there was one.
func mark(row string) string {
	if row == "" {
		return ""
	}
	return "…"
}

// word says what happened to the row.
func (c Change) word() string {
	switch {
	case c.Before == "":
		return "made"
	case c.After == "":
		return "removed"
	default:
		return "changed"
	}
}

// rowOf reads a row as texts by field. A record of order management has its object and its fields in a list.
func rowOf(text string) (kind string, row map[string]string) {
	row = map[string]string{}
	var record struct {
		Object string
		Fields []struct{ Name, Value string }
	}
	if json.Unmarshal([]byte(text), &record) == nil && record.Object != "" {
		for _, f := range record.Fields {
			row[f.Name] = f.Value
		}
		return record.Object, row
	}
	var whole map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &whole) != nil {
		return "", row
	}
	for name, value := range whole {
		row[name] = plain(value)
	}
	return "", row
}

// longest is what is kept of a value, in bytes.
const longest = 200

func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) != nil {
		text = string(value)
	}
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	return text
}

func names(a, b map[string]string) []string {
	all := slices.Collect(maps.Keys(a))
	for name := range b {
		if _, twice := a[name]; !twice {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}
