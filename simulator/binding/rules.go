package binding

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Rule is one entry of a system's rules.yaml: why something is refused, and how we know.
type Rule struct {
	ID       string `yaml:"id"`
	Text     string `yaml:"text"`
	Evidence string `yaml:"evidence"`
	Source   string `yaml:"source"`
}

// evidences are the ways in which we know a rule, from best to least.
func evidences() []string { return []string{"documented", "seen", "recalled", "proposed"} }

// LoadRules reads a rules.yaml and returns the set of its ids. Every entry has to be complete and unique; all problems
// are reported at once.
func LoadRules(document []byte) (map[string]bool, error) {
	var rules []Rule
	decoder := yaml.NewDecoder(bytes.NewReader(document))
	decoder.KnownFields(true)
	if err := decoder.Decode(&rules); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	ids := map[string]bool{}
	var problems []error
	for _, rule := range rules {
		if rule.ID == "" || rule.Text == "" || rule.Source == "" {
			problems = append(problems, fmt.Errorf("rule %q lacks an id, a text or a source", rule.ID))
		}
		if !slices.Contains(evidences(), rule.Evidence) {
			problems = append(problems, fmt.Errorf("rule %q: evidence %q is none of %v", rule.ID, rule.Evidence, evidences()))
		}
		if ids[rule.ID] {
			problems = append(problems, fmt.Errorf("rule %q is listed twice", rule.ID))
		}
		ids[rule.ID] = true
	}
	return ids, errors.Join(problems...)
}
