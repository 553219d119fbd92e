package soql_test

import (
	"regexp"
	"slices"
)

// holds decides a condition for a row.
func (n *naive) holds(c *cond, s *sheet, object string) bool {
	value := func(expr string) (any, kind) { return n.eval(s, object, expr) }
	return n.decide(c, value)
}

// decide decides a condition over values, of a row or of a group.
func (n *naive) decide(c *cond, value func(expr string) (any, kind)) bool {
	switch c.op {
	case "AND":
		return !slices.ContainsFunc(c.kids, func(k *cond) bool { return !n.decide(k, value) })
	case "OR":
		return slices.ContainsFunc(c.kids, func(k *cond) bool { return n.decide(k, value) })
	case "NOT":
		return !n.decide(c.kids[0], value)
	}
	v, k := value(c.expr)
	switch c.op {
	case "IN", "NOT IN":
		found := slices.ContainsFunc(c.literals, func(l lit) bool { return n.equal(k, v, l.value) })
		return found == (c.op == "IN")
	case "IN SELECT", "NOT IN SELECT":
		found := v != nil && slices.Contains(n.ids(c.sub), v.(string))
		return found == (c.op == "IN SELECT")
	case "LIKE":
		return v != nil && likeMatches(k, c.literals[0].value.(string), v.(string))
	}
	l := c.literals[0].value
	if v == nil || l == nil {
		return (v == nil && l == nil) == (c.op == "=") && (c.op == "=" || c.op == "!=")
	}
	side := 0
	if span, ok := l.(named); ok {
		side = n.side(v, span)
	} else {
		side = n.order(k, v, l)
	}
	return map[string]bool{"=": side == 0, "!=": side != 0, "<": side < 0, "<=": side <= 0, ">": side > 0, ">=": side >= 0}[c.op]
}

func (n *naive) equal(k kind, v, l any) bool {
	if v == nil || l == nil {
		return v == nil && l == nil
	}
	if span, ok := l.(named); ok {
		return n.side(v, span) == 0
	}
	return n.order(k, v, l) == 0
}

// likeMatches takes the pattern as text with its own escapes.
func likeMatches(k kind, pattern, text string) bool {
	expr := "(?s)^"
	if k != exactText {
		expr = "(?si)^"
	}
	runes := []rune(pattern)
	for i := 0; i < len(runes); i++ {
		switch {
		case runes[i] == '\\' && i+1 < len(runes):
			i++
			expr += regexp.QuoteMeta(string(runes[i]))
		case runes[i] == '%':
			expr += ".*"
		case runes[i] == '_':
			expr += "."
		default:
			expr += regexp.QuoteMeta(string(runes[i]))
		}
	}
	return regexp.MustCompile(expr + "$").MatchString(text)
}
