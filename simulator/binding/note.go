package binding

import "fmt"

// Note records the rule behind a refusal inside an answer that succeeds as a whole, as operations over several records
// give it. The first rule of an exchange stands. As with [Face.Errors], a rule that the face does not list is a bug.
func (c *Call) Note(refused error) {
	x, rule := c.exchange, ruleOf(refused)
	if rule == "" || x.entry.Rule != "" {
		return
	}
	x.entry.Rule = rule
	if !x.face.Rules[rule] {
		x.noteBug(&Bug{fmt.Errorf("rule %q is not in the rules of %s: %w", rule, x.face.System, refused)})
	}
}
