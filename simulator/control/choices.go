package control

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/choice"
)

type choiceWire struct {
	Face       string   `json:"face"`
	ID         string   `json:"id"`
	Text       string   `json:"text"`
	Value      string   `json:"value"`
	Default    string   `json:"default"`
	Overridden bool     `json:"overridden"`
	Allowed    []string `json:"allowed"`
	Takes      string   `json:"takes"`
	Evidence   string   `json:"evidence"`
	Source     string   `json:"source"`
}

type choicesOutput struct {
	Choices []choiceWire `json:"choices"`
}

// listChoices tells what holds where the vendors leave it open. It was chosen when the simulator started and holds in
// every sandbox.
func (a *API) listChoices(*binding.Call, noInput) (choicesOutput, error) {
	out := choicesOutput{Choices: []choiceWire{}}
	for _, c := range a.Choices.List() {
		out.Choices = append(out.Choices, wireChoice(c))
	}
	return out, nil
}

func wireChoice(c choice.Effective) choiceWire {
	wire := choiceWire{
		Face: c.Face, ID: c.ID, Text: c.Text, Value: c.Value, Default: c.Default, Overridden: c.Overridden,
		Allowed: []string{}, Takes: c.Takes(), Evidence: c.Evidence, Source: c.Source,
	}
	wire.Allowed = append(wire.Allowed, c.Allowed...)
	return wire
}
