package control

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/fault"
)

type faultsOutput struct {
	Faults []armedFaultWire `json:"faults"`
}

func (a *API) listFaults(_ *binding.Call, in named) (faultsOutput, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return faultsOutput{}, err
	}
	out := faultsOutput{Faults: []armedFaultWire{}}
	for _, rule := range w.Faults() {
		out.Faults = append(out.Faults, toFaultWire(rule))
	}
	return out, nil
}

type armInput struct {
	Name string `path:"name"`
	Body faultWire
}

func (a *API) armFault(_ *binding.Call, in armInput) (armedFaultWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return armedFaultWire{}, err
	}
	rule := in.Body.rule()
	if err := rule.Check(a.knows); err != nil {
		return armedFaultWire{}, refuse(http.StatusBadRequest, "fault %s: %v", rule.Name, err)
	}
	if m := rule.Match; rule.Effect.Kind == fault.Partial && !a.Simulated.TakesRecords(m.System, m.Operation) {
		return armedFaultWire{}, refuse(http.StatusBadRequest, "fault %s: match.operation: %q of %q is not carried out record by record", rule.Name, m.Operation, m.System)
	}
	if err := a.checkDelivery(rule); err != nil {
		return armedFaultWire{}, err
	}
	return toFaultWire(rule), w.Arm(rule)
}

// checkDelivery refuses effects that calls and deliveries do not have in common where they mean nothing.
func (a *API) checkDelivery(rule fault.Rule) error {
	m, kind := rule.Match, rule.Effect.Kind
	switch delivery := m.Operation != "" && a.Courier.Knows(m.System, m.Operation); {
	case delivery && !kind.ForDeliveries():
		return refuse(http.StatusBadRequest, "fault %s: effect.kind: %s means nothing for %q, which the simulator sends out", rule.Name, kind, m.Operation)
	case !delivery && !kind.ForCalls():
		return refuse(http.StatusBadRequest, "fault %s: match.operation: %s is for what the simulator sends out, as deliverEvent of som", rule.Name, kind)
	}
	return nil
}

type disarmInput struct {
	Name  string `path:"name"`
	Fault string `query:"name"`
}

func (a *API) disarmFaults(_ *binding.Call, in disarmInput) (binding.Empty, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return binding.Empty{}, err
	}
	if err := w.Disarm(in.Fault); err != nil {
		return binding.Empty{}, refuse(http.StatusNotFound, "%v", err)
	}
	return binding.Empty{}, nil
}
