package soql

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// predicate is a checked part of WHERE. Logic is of two values, as seen from outside: a comparison with a null field is false, but != and NOT IN
// are true for it.
type predicate interface {
	match(x *execution, r *sobject.Record) bool
}

type (
	allOf  []predicate
	anyOf  []predicate
	negate struct{ inner predicate }

	// compareWith compares a field with a literal.
	compareWith struct {
		field   *fieldPath
		op      string
		operand operand
	}
	// likeTo matches a text field against a pattern in lower case.
	likeTo struct {
		field   *fieldPath
		pattern []rune
	}
	// oneOf is IN and NOT IN with a list. Texts are folded unless the field is case-sensitive.
	oneOf struct {
		field    *fieldPath
		negated  bool
		null     bool
		texts    map[string]bool
		operands []operand
	}
	// joinedTo is a semi-join or, negated, an anti-join.
	joinedTo struct {
		field   *fieldPath
		negated bool
		inner   *plan
		column  *sobject.Field
	}
)

func (all allOf) match(x *execution, r *sobject.Record) bool {
	for _, p := range all {
		if !p.match(x, r) {
			return false
		}
	}
	return true
}

func (some anyOf) match(x *execution, r *sobject.Record) bool {
	for _, p := range some {
		if p.match(x, r) {
			return true
		}
	}
	return false
}

func (n negate) match(x *execution, r *sobject.Record) bool { return !n.inner.match(x, r) }

func (c *compareWith) match(x *execution, r *sobject.Record) bool {
	v := c.field.value(x, r)
	switch {
	case c.operand == nil:
		return (v == nil) == (c.op == "=")
	case v == nil:
		return c.op == "!="
	}
	if span, ok := c.operand.(dateSpan); ok {
		return holds(c.op, compareSpan(v, span, x.opt.Now))
	}
	return holds(c.op, compareValues(c.field.leaf, v, c.operand))
}

// holds says whether an order of two values, below, at or above zero, satisfies the operator.
func holds(op string, order int) bool {
	switch op {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default:
		return order >= 0
	}
}

// compareValues orders two values of a field. Values of different kinds, which no checked plan compares, count as different.
func compareValues(f *sobject.Field, a, b any) int {
	switch a := a.(type) {
	case string:
		b, _ := b.(string)
		if folds(f) {
			return strings.Compare(strings.ToLower(a), strings.ToLower(b))
		}
		return strings.Compare(a, b)
	case decimal.Decimal:
		if b, ok := b.(decimal.Decimal); ok {
			return a.Cmp(b)
		}
	case bool:
		if b, ok := b.(bool); ok && a == b {
			return 0
		}
		if a {
			return 1
		}
	case time.Time:
		if b, ok := b.(time.Time); ok {
			return a.Compare(b)
		}
	}
	return -1
}

// folds says whether the field is compared without regard to case.
func folds(f *sobject.Field) bool { return f.Type.Textual() && !f.CaseSensitive }

// compareSpan says whether a date or an instant lies before, within or after a named stretch of time.
func compareSpan(v any, span dateSpan, now time.Time) int {
	from, to := span.bounds(now)
	t, ok := v.(time.Time)
	if !ok {
		text, _ := v.(string)
		parsed, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return -1
		}
		t = parsed
	}
	switch {
	case t.Before(from):
		return -1
	case t.Before(to):
		return 0
	default:
		return 1
	}
}

func (l *likeTo) match(x *execution, r *sobject.Record) bool {
	text, ok := l.field.value(x, r).(string)
	if !ok {
		return false
	}
	if folds(l.field.leaf) {
		text = strings.ToLower(text)
	}
	return like(l.pattern, []rune(text))
}

func (o *oneOf) match(x *execution, r *sobject.Record) bool { return o.contains(x, r) != o.negated }

func (o *oneOf) contains(x *execution, r *sobject.Record) bool {
	v := o.field.value(x, r)
	if v == nil {
		return o.null
	}
	if text, ok := v.(string); ok && o.texts != nil {
		if folds(o.field.leaf) {
			text = strings.ToLower(text)
		}
		return o.texts[text]
	}
	return slices.ContainsFunc(o.operands, func(op operand) bool {
		if span, ok := op.(dateSpan); ok {
			return compareSpan(v, span, x.opt.Now) == 0
		}
		return compareValues(o.field.leaf, v, op) == 0
	})
}

func (j *joinedTo) match(x *execution, r *sobject.Record) bool {
	id, ok := j.field.value(x, r).(string)
	return (ok && x.joined(j)[id]) != j.negated
}
