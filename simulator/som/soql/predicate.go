package soql

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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
		term    *term
		op      string
		operand operand
	}
	// likeTo matches a text field against a pattern in lower case.
	likeTo struct {
		term    *term
		pattern []rune
	}
	// oneOf is IN and NOT IN with a list. Texts are folded unless the field is case-sensitive.
	oneOf struct {
		term     *term
		negated  bool
		null     bool
		texts    map[string]bool
		operands []operand
	}
	// includes is INCLUDES and, negated, EXCLUDES of a multi-select picklist.
	includes struct {
		term    *term
		negated bool
		null    bool
		sets    [][]string
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
	v := c.term.value(x, r)
	switch {
	case c.operand == nil:
		return (v == nil) == (c.op == "=")
	case v == nil:
		return c.op == "!="
	}
	return holds(c.op, x.compareOperand(c.term, r, v, c.operand))
}

// compareOperand orders the value of a row against a literal.
func (x *execution) compareOperand(t *term, r *sobject.Record, v sobject.Value, op operand) int {
	switch op := op.(type) {
	case dateSpan:
		return x.stretch(op).compare(v)
	case money:
		amount, _ := v.(decimal.Decimal)
		return x.convert(amount, x.currencyAt(t, r), op.code).Cmp(op.amount)
	default:
		return compareValues(t.field, v, op)
	}
}

// currencyAt is the currency the value of a term is in: that of its row, or for sums over groups that of the org.
func (x *execution) currencyAt(t *term, r *sobject.Record) string {
	if t.path.grouped {
		return CorporateCurrency
	}
	owner, ok := t.path.owner(x, r)
	if !ok {
		return CorporateCurrency
	}
	return currencyOf(owner)
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

// compareValues orders two values of a field, texts without regard to case where it does not count.
func compareValues(f *sobject.Field, a, b any) int {
	if left, ok := a.(string); ok && folds(f) {
		right, _ := b.(string)
		return compareFolded(left, right)
	}
	return compareExact(a, b)
}

// compareFolded orders two texts as their lower case spellings are ordered.
func compareFolded(a, b string) int {
	for i := range min(len(a), len(b)) {
		left, right := a[i], b[i]
		if left >= utf8.RuneSelf || right >= utf8.RuneSelf {
			return strings.Compare(strings.ToLower(a), strings.ToLower(b))
		}
		if order := cmp.Compare(lower(left), lower(right)); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(a), len(b))
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// compareExact orders two values of one kind. Values of different kinds, which no checked plan compares, count as different.
func compareExact(a, b any) int {
	switch a := a.(type) {
	case string:
		b, _ := b.(string)
		return strings.Compare(a, b)
	case decimal.Decimal:
		if b, ok := b.(decimal.Decimal); ok {
			return compareNumbers(a, b)
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

func (l *likeTo) match(x *execution, r *sobject.Record) bool {
	text, ok := l.term.value(x, r).(string)
	if !ok {
		return false
	}
	if folds(l.term.field) {
		text = strings.ToLower(text)
	}
	return like(l.pattern, []rune(text))
}

func (o *oneOf) match(x *execution, r *sobject.Record) bool { return o.contains(x, r) != o.negated }

func (o *oneOf) contains(x *execution, r *sobject.Record) bool {
	v := o.term.value(x, r)
	if v == nil {
		return o.null
	}
	if text, ok := v.(string); ok && o.texts != nil {
		if folds(o.term.field) {
			text = strings.ToLower(text)
		}
		if o.texts[text] {
			return true
		}
	}
	return slices.ContainsFunc(o.operands, func(op operand) bool { return x.compareOperand(o.term, r, v, op) == 0 })
}

func (i *includes) match(x *execution, r *sobject.Record) bool { return i.contains(x, r) != i.negated }

func (i *includes) contains(x *execution, r *sobject.Record) bool {
	text, ok := i.term.value(x, r).(string)
	if !ok {
		return i.null
	}
	values := chosen(text)
	return slices.ContainsFunc(i.sets, func(set []string) bool {
		return !slices.ContainsFunc(set, func(value string) bool { return !slices.Contains(values, value) })
	})
}

// compareNumbers orders two numbers. Those that fit a machine word with their decimals brought in line, as amounts do, are compared without
// memory.
func compareNumbers(a, b decimal.Decimal) int {
	const wordDigits = 18
	shift := int(a.Exponent()) - int(b.Exponent())
	if shift == 0 || shift > wordDigits || shift < -wordDigits {
		return a.Cmp(b)
	}
	if a.NumDigits()+max(shift, 0) > wordDigits || b.NumDigits()+max(-shift, 0) > wordDigits {
		return a.Cmp(b)
	}
	left, right := a.CoefficientInt64(), b.CoefficientInt64()
	for ; shift > 0; shift-- {
		left *= 10
	}
	for ; shift < 0; shift++ {
		right *= 10
	}
	return cmp.Compare(left, right)
}
