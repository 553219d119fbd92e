package control

import (
	"slices"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/invariant"
	"github.com/somsim/somsim/simulator/sandbox"
)

type invariantWire struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

type violationWire struct {
	Invariant string `json:"invariant"`
	Entity    string `json:"entity"`
	Detail    string `json:"detail"`
	Since     int64  `json:"since,omitempty"`
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
		out.Violations = append(out.Violations, violationWire{Invariant: v.Invariant, Entity: v.Entity, Detail: v.Detail})
	}
	a.since(w, out.Violations)
	out.Holds = len(out.Violations) == 0
	return out, nil
}

// since finds out, going back in time, after which exchange each of the violations began. How a violation is worded may
// change while it lasts.
func (a *API) since(w *sandbox.World, violations []violationWire) {
	open := len(violations)
	began := make([]bool, len(violations))
	w.Backward(func(seq int64, tx *sandbox.Tx) bool {
		if open == 0 {
			return false
		}
		then := a.Invariants(tx)
		for i := range violations {
			v := &violations[i]
			there := slices.ContainsFunc(then, func(o invariant.Violation) bool { return o.Invariant == v.Invariant && o.Entity == v.Entity })
			switch {
			case began[i]:
			case there:
				v.Since = seq
			default:
				began[i] = true
				open--
			}
		}
		return true
	})
	for i := range violations {
		if !began[i] { // it was there already in the oldest state that is known
			violations[i].Since = 0
		}
	}
}
