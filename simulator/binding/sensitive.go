package binding

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Sensitive returns the names of the properties and parameters that the documents of faces mark x-sensitive, for the
// redactor, sorted.
func Sensitive(faces ...*Face) ([]string, error) {
	names := map[string]bool{}
	var problems []error
	for _, f := range faces {
		var document yaml.Node
		if err := yaml.Unmarshal(f.Spec, &document); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", f.SpecFile, err))
			continue
		}
		collectSensitive(&document, "", names)
	}
	return slices.Sorted(maps.Keys(names)), errors.Join(problems...)
}

// collectSensitive walks a document. A property is called as its key, a parameter says its name.
func collectSensitive(n *yaml.Node, key string, names map[string]bool) {
	marked, name := false, key
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			switch child := n.Content[i+1]; {
			case n.Content[i].Value == "x-sensitive":
				marked = child.Value == "true"
			case n.Content[i].Value == "name" && child.Kind == yaml.ScalarNode:
				name = child.Value
			default:
				collectSensitive(child, n.Content[i].Value, names)
			}
		}
	} else {
		for _, child := range n.Content {
			collectSensitive(child, key, names)
		}
	}
	if marked {
		names[name] = true
	}
}
