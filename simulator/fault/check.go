package fault

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Check returns every reason why the rule cannot be armed. The function known tells whether an operation exists; an
// empty operation stands for all of a system.
func (r Rule) Check(known func(system, operation string) bool) error {
	var problems []error
	add := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if r.Name == "" {
		add("name: a fault needs a name")
	}
	m, e := r.Match, r.Effect
	if m.System == "" && m.Operation != "" {
		add("match.operation: %q needs match.system beside it", m.Operation)
	}
	switch {
	case m.System == "" || known(m.System, m.Operation):
	case known(m.System, ""):
		add("match.operation: there is no operation %q in system %q", m.Operation, m.System)
	default:
		add("match.system: there is no system %q", m.System)
	}
	if m.Nth < 0 || r.Times < 0 {
		add("match.nth, times: must not be negative")
	}
	if m.Probability < 0 || m.Probability > 1 {
		add("match.probability: %v is not between 0 and 1", m.Probability)
	}
	if !m.From.IsZero() && !m.Until.IsZero() && !m.From.Before(m.Until) {
		add("match.until: %s is not after match.from, so nothing would match", m.Until.Format(time.RFC3339))
	}
	return errors.Join(append(problems, e.check()...)...)
}

func (e Effect) check() []error {
	var problems []error
	if !slices.Contains(Kinds(), e.Kind) {
		problems = append(problems, fmt.Errorf("effect.kind: %q is none of %v", e.Kind, Kinds()))
	}
	if e.Phase != "" && e.Phase != Before && e.Phase != After {
		problems = append(problems, fmt.Errorf("effect.phase: %q is neither before nor after", e.Phase))
	}
	if e.Kind == Delay && e.Delay <= 0 {
		problems = append(problems, errors.New("effect.delay_ms: a delay has to be above 0"))
	}
	if e.Kind == Status && (e.HTTPStatus < 400 || e.HTTPStatus > 599) {
		problems = append(problems, fmt.Errorf("effect.status: %d is not between 400 and 599", e.HTTPStatus))
	}
	if e.Kind == VendorError && e.Code == "" {
		problems = append(problems, errors.New("effect.code: a vendor error needs the vendor's code"))
	}
	if e.Kind == Partial && (e.Code == "" || e.Record == "" || e.Phase == After) {
		problems = append(problems, errors.New("effect: a partial failure needs the vendor's code and what occurs in the records it refuses, and acts before"))
	}
	return append(problems, e.idle()...)
}

// idle names what the effect was given and would not use: whoever gave it expects something else than will happen.
func (e Effect) idle() []error {
	if !slices.Contains(Kinds(), e.Kind) {
		return nil
	}
	speaks := e.Kind == Status || e.Kind == VendorError
	coded := e.Kind == VendorError || e.Kind == Partial
	fields := []struct {
		name        string
		given, used bool
	}{
		{"phase", e.Phase != "", e.Kind != LostBefore && e.Kind != LostAfterCommit && e.Kind.ForCalls()},
		{"delay_ms", e.Delay != 0, e.Kind == Delay},
		{"status", e.HTTPStatus != 0, speaks},
		{"code", e.Code != "", coded},
		{"message", e.Message != "", coded},
		{"record", e.Record != "", e.Kind == Partial},
		{"retry_after", e.RetryAfter != 0, speaks},
	}
	var problems []error
	for _, f := range fields {
		if f.given && !f.used {
			problems = append(problems, fmt.Errorf("effect.%s: it means nothing for the kind %s", f.name, e.Kind))
		}
	}
	return problems
}
