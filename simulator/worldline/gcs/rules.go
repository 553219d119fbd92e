package gcs

import (
	"fmt"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/specs"
)

// Rules are the ids that refusals of the platform may carry.
func Rules() (map[string]bool, error) {
	listed, err := specs.FS.ReadFile("worldline/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("worldline: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("worldline/rules.yaml: %w", err)
	}
	return rules, nil
}
