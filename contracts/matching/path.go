package matching

import (
	"fmt"
	"strconv"
	"strings"
)

// Path leads to a value in a JSON document: names and indexes, with Any for
// every name or index in the path of a rule.
type Path []string

// Any stands for every name, or every index.
const Any = "*"

// ParsePath reads the JSON paths that pacts are written with: $, .name, [0],
// ['name'] and *.
func ParsePath(text string) (Path, error) {
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return nil, fmt.Errorf("%q is no path: it does not begin with $", text)
	}
	path := Path{}
	for rest != "" {
		var segment string
		switch {
		case strings.HasPrefix(rest, "['"):
			end := strings.Index(rest, "']")
			if end < 0 {
				return nil, fmt.Errorf("%q is no path: a bracket is not closed", text)
			}
			segment, rest = rest[2:end], rest[end+2:]
		case rest[0] == '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, fmt.Errorf("%q is no path: a bracket is not closed", text)
			}
			segment, rest = rest[1:end], rest[end+1:]
			if _, err := strconv.Atoi(segment); err != nil && segment != Any {
				return nil, fmt.Errorf("%q is no path: %q is no index", text, segment)
			}
		case rest[0] == '.':
			rest = rest[1:]
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			segment, rest = rest[:end], rest[end:]
		default:
			return nil, fmt.Errorf("%q is no path", text)
		}
		if segment == "" {
			return nil, fmt.Errorf("%q is no path: a name is missing", text)
		}
		path = append(path, segment)
	}
	return path, nil
}

// String writes a path as pacts do.
func (p Path) String() string {
	var s strings.Builder
	s.WriteByte('$')
	for _, segment := range p {
		if _, err := strconv.Atoi(segment); err == nil || segment == Any {
			fmt.Fprintf(&s, "[%s]", segment)
			continue
		}
		s.WriteString("." + segment)
	}
	return s.String()
}

// below is the path of a value inside of the one at p.
func (p Path) below(segment string) Path {
	return append(append(Path{}, p...), segment)
}

// covers says whether a rule at p holds at, or above, the value at another
// path, and how closely: a rule that names more wins over one that names less.
func (p Path) covers(value Path) (weight int, ok bool) {
	if len(p) > len(value) {
		return 0, false
	}
	weight = 1
	for i, segment := range p {
		switch segment {
		case value[i]:
			weight *= 2
		case Any:
		default:
			return 0, false
		}
	}
	return weight * (len(p) + 1), true
}
