package report

import (
	"cmp"
	"slices"
)

// Machine is the life cycle of one kind of object, as a field of it tells.
type Machine struct {
	System string `json:"system"`
	// ID is object and field in the vendor's words; Entity and Field are how changes name them.
	ID     string `json:"id"`
	Entity string `json:"entity"`
	Field  string `json:"field"`
	// Initial is the state of an object whose field is empty; without it the field of every object says one.
	Initial     string       `json:"initial,omitempty"`
	Transitions []Transition `json:"transitions"`
}

// Transition is one status that may follow another; From is empty for a new object, To for one that goes.
type Transition struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Reached is how often scenarios of a run came by something.
type Reached struct {
	Operations map[Operation]int
	Rules      map[string]int
	// Transitions are by machine; those of no machine's list are in it too.
	Transitions map[string]map[Transition]int
}

// Reach counts what the scenarios of a run came by.
func Reach(machines []Machine, scenarios ...Scenario) Reached {
	found := Reached{map[Operation]int{}, map[string]int{}, map[string]map[Transition]int{}}
	for _, m := range machines {
		found.Transitions[m.ID] = map[Transition]int{}
	}
	for _, s := range scenarios {
		walk(s.Journal, func(e *Exchange) {
			if e.Operation != "" && !e.Outbound {
				found.Operations[Operation{e.System, e.Operation}]++
			}
			if e.Rule != "" {
				found.Rules[e.Rule]++
			}
			found.take(machines, e.Changes)
		})
		found.take(machines, s.Later)
		for _, code := range s.Codes {
			found.Rules[CodeRule(code)]++
		}
	}
	return found
}

// CodeRule is the rule that is behind one of order-ops' own words for an answer.
func CodeRule(code string) string { return "orderops.code." + code }

// take counts the transitions that changes are.
func (r Reached) take(machines []Machine, changes []Change) {
	for _, c := range changes {
		for _, m := range machines {
			if t, ok := m.taken(c); ok {
				r.Transitions[m.ID][t]++
			}
		}
	}
}

// taken is the transition that a change is, if it is one of the machine's object.
func (m Machine) taken(c Change) (Transition, bool) {
	if m.Entity != c.Entity {
		return Transition{}, false
	}
	var said Field
	for _, f := range c.Fields {
		if f.Name == m.Field {
			said = f
		}
	}
	var t Transition
	if c.Before != "" {
		t.From = cmp.Or(said.Was, m.Initial)
	}
	if c.After != "" {
		t.To = cmp.Or(said.Is, m.Initial)
	}
	return t, t.From != t.To && (said.Name != "" || c.Before == "" || c.After == "")
}

// Undeclared are the transitions of a run that no life cycle lists, as `Object.Field: from → to`.
func (r *Run) Undeclared() []string {
	var list []string
	reached := Reach(r.Machines, r.Scenarios...)
	for _, m := range r.Machines {
		for t := range reached.Transitions[m.ID] {
			if !slices.Contains(m.Transitions, t) {
				list = append(list, m.ID+": "+t.String())
			}
		}
	}
	slices.Sort(list)
	return list
}

// String writes the transition as people say it.
func (t Transition) String() string {
	return cmp.Or(t.From, "(new)") + " → " + cmp.Or(t.To, "(gone)")
}
