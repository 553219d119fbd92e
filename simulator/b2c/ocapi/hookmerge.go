package ocapi

import (
	"bytes"
	"encoding/json"
	"strings"
)

// mergeValue writes a value with the custom attributes of another version of it.
func mergeValue(out *bytes.Buffer, base, other value) {
	switch {
	case base.members != nil && other.members != nil:
		mergeMembers(out, base, other)
	case base.elements != nil && len(base.elements) == len(other.elements):
		out.WriteByte('[')
		for i, element := range base.elements {
			if i > 0 {
				out.WriteByte(',')
			}
			mergeValue(out, element, other.elements[i])
		}
		out.WriteByte(']')
	default:
		out.Write(base.raw)
	}
}

func mergeMembers(out *bytes.Buffer, base, other value) {
	taken := map[string]value{}
	for _, m := range other.members {
		taken[plainName(m.name)] = m.value
	}
	out.WriteByte('{')
	first := true
	write := func(name string, render func()) {
		if !first {
			out.WriteByte(',')
		}
		first = false
		text, _ := json.Marshal(name) //nolint:errchkjson // a text always is JSON
		out.Write(text)
		out.WriteByte(':')
		render()
	}
	own := map[string]bool{}
	for _, m := range base.members {
		own[plainName(m.name)] = true
		changed, both := taken[plainName(m.name)]
		write(m.name, func() {
			switch {
			case !both:
				out.Write(m.raw)
			case strings.HasPrefix(m.name, customPrefix):
				out.Write(changed.raw)
			default:
				mergeValue(out, m.value, changed)
			}
		})
	}
	for _, m := range other.members {
		if strings.HasPrefix(m.name, customPrefix) && !own[plainName(m.name)] {
			write(m.name, func() { out.Write(m.raw) })
		}
	}
	out.WriteByte('}')
}

// plainName is a name as both APIs would write it if they agreed; names of custom attributes are the same in both.
func plainName(name string) string {
	if strings.HasPrefix(name, customPrefix) {
		return name
	}
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}
