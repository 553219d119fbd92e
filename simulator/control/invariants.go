package control

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/invariant"
)

type invariantWire struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

type violationWire struct {
	Invariant string `json:"invariant"`
	Entity    string `json:"entity"`
	Detail    string `json:"detail"`
}

type invariantsOutput struct {
	Holds      bool            `json:"holds"`
	Invariants []invariantWire `json:"invariants"`
	Violations []violationWire `json:"violations"`
}

func (a *API) checkInvariants(_ *binding.Call, in named) (invariantsOutput, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return invariantsOutput{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	out := invariantsOutput{Violations: []violationWire{}}
	for _, truth := range invariant.All() {
		out.Invariants = append(out.Invariants, invariantWire{truth.ID, truth.Text})
	}
	for _, v := range a.Invariants(tx) {
		out.Violations = append(out.Violations, violationWire(v))
	}
	out.Holds = len(out.Violations) == 0
	return out, nil
}
