// Package knowledge is what the simulator says of itself, for coverage: the named rules behind its refusals, with how we
// know them, and the life cycles of its objects, which are the statuses that may follow each other.
package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"
)

// Rule is a reason to refuse something.
type Rule struct {
	// System is the folder of its document: som, b2c, oci and so on.
	System string `yaml:"-" json:"system"`
	ID     string `yaml:"id" json:"id"`
	Text   string `yaml:"text" json:"text"`
	// Evidence is documented, seen, recalled or proposed; Source is where it is documented or was seen.
	Evidence string `yaml:"evidence" json:"evidence"`
	Source   string `yaml:"source" json:"source"`
}

// Machine is the life cycle of one kind of object, as a field of it tells.
type Machine struct {
	System string `yaml:"-" json:"system"`
	// ID is Object.Field in the vendor's words.
	ID string `yaml:"id" json:"id"`
	// Entity is the object as the journal's changes name it, Field the one that holds the state.
	Entity string `yaml:"entity" json:"entity"`
	Field  string `yaml:"field" json:"field"`
	// Initial is the state of an object whose field is empty; without it the field of every object says one.
	Initial string `yaml:"initial" json:"initial,omitempty"`
	// Transitions are the statuses that may follow each other. From is empty for a new object, To for one that goes.
	Transitions []Transition `yaml:"transitions" json:"transitions"`
}

// Transition is one status that may follow another.
type Transition struct {
	From string `yaml:"from" json:"from"`
	To   string `yaml:"to" json:"to"`
}

// UnmarshalYAML reads `[from, to]`, which is how a table of them reads best.
func (t *Transition) UnmarshalYAML(node *yaml.Node) error {
	var pair []string
	if err := node.Decode(&pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("line %d: a transition is [from, to], not %d words", node.Line, len(pair))
	}
	t.From, t.To = pair[0], pair[1]
	return nil
}

// The documents of each system's folder.
const (
	rulesFile  = "rules.yaml"
	statesFile = "states.yaml"
)

// Load reads the rules and the life cycles of these systems. All problems are told at once.
func Load(documents fs.FS, systems ...string) ([]Rule, []Machine, error) {
	var rules []Rule
	var machines []Machine
	var problems []error
	for _, system := range systems {
		var own []Rule
		problems = append(problems, read(documents, path.Join(system, rulesFile), &own))
		for _, r := range own {
			r.System = system
			rules = append(rules, r)
		}
		var cycles []Machine
		problems = append(problems, read(documents, path.Join(system, statesFile), &cycles))
		for _, m := range cycles {
			m.System = system
			problems = append(problems, m.check())
			machines = append(machines, m)
		}
	}
	return rules, machines, errors.Join(problems...)
}

// read decodes a document; a system may do without one.
func read(documents fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(documents, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func (m Machine) check() error {
	if m.ID == "" || m.Entity == "" || m.Field == "" || len(m.Transitions) == 0 {
		return fmt.Errorf("%s: life cycle %q lacks an id, an entity, a field or its transitions", m.System, m.ID)
	}
	seen := map[Transition]bool{}
	for _, t := range m.Transitions {
		if seen[t] || t.From == t.To {
			return fmt.Errorf("%s: life cycle %q has %q to %q twice, or in place", m.System, m.ID, t.From, t.To)
		}
		seen[t] = true
	}
	return nil
}
