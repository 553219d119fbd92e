package control

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/knowledge"
)

// Knowledge is what the simulator says of itself: why it refuses, and what may follow what.
type Knowledge struct {
	Rules  []knowledge.Rule
	States []knowledge.Machine
}

type rulesOutput struct {
	Rules []knowledge.Rule `json:"rules"`
}

func (a *API) listRules(*binding.Call, struct{}) (rulesOutput, error) {
	return rulesOutput{a.Knowledge.Rules}, nil
}

type statesOutput struct {
	Machines []knowledge.Machine `json:"machines"`
}

func (a *API) listStates(*binding.Call, struct{}) (statesOutput, error) {
	return statesOutput{a.Knowledge.States}, nil
}
