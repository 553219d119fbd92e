package features

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/features/report"
	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/specs"
)

// commandEntity is what order-ops makes of a request.
const commandEntity = "orderops.Command"

// commands is how the operations behind answers went from state to state, as far as the shopper was told.
func commands(answers []answer) []report.Change {
	var changes []report.Change
	at := map[string]string{}
	for _, a := range answers {
		if a.operationID == "" || a.state == "" || at[a.operationID] == a.state {
			continue
		}
		changes = append(changes, report.Change{
			Entity: commandEntity, Key: a.operationID, Before: at[a.operationID], After: a.state,
			Fields: []report.Field{{Name: "state", Was: at[a.operationID], Is: a.state}},
		})
		at[a.operationID] = a.state
	}
	return changes
}

// aboutCommands adds what the simulator does not know to a run: the life cycles of order-ops, and the words that it has for
// refusals, each of which is a rule of its own.
func aboutCommands(run *report.Run) error {
	for _, code := range orderops.Codes() {
		run.Rules = append(run.Rules, report.Rule{
			System: "orderops", ID: report.CodeRule(string(code)), Text: code.Title() + ".", Evidence: "proposed", Source: "specs/orderops/rules.yaml",
		})
	}
	raw, err := specs.FS.ReadFile("orderops/states.yaml")
	if err != nil {
		return fmt.Errorf("read the states of order-ops: %w", err)
	}
	var list []struct {
		ID, Entity, Field string
		Transitions       [][2]string
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil {
		return fmt.Errorf("read the states of order-ops: %w", err)
	}
	for _, m := range list {
		machine := report.Machine{System: "orderops", ID: m.ID, Entity: m.Entity, Field: m.Field}
		for _, t := range m.Transitions {
			machine.Transitions = append(machine.Transitions, report.Transition{From: t[0], To: t[1]})
		}
		run.Machines = append(run.Machines, machine)
	}
	return nil
}
