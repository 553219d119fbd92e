package report

import "slices"

// Unanswerable are scenarios that the order-ops of a run could not be asked, for one reason.
type Unanswerable struct {
	Why       string
	Scenarios []Scenario
}

// Unasked are the scenarios that could not be asked, by reason, in the order of the files.
func (r *Run) Unasked() []Unanswerable {
	var groups []Unanswerable
	for _, s := range r.Scenarios {
		if s.Status != Unasked {
			continue
		}
		at := slices.IndexFunc(groups, func(g Unanswerable) bool { return g.Why == s.Unasked })
		if at < 0 {
			at = len(groups)
			groups = append(groups, Unanswerable{Why: s.Unasked})
		}
		groups[at].Scenarios = append(groups[at].Scenarios, s)
	}
	return groups
}
