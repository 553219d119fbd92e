package ocapi

import (
	"fmt"
	"strconv"
	"strings"
)

// Selector says which properties of a document are wanted: the parameter select, and the attributes of OCAPI settings.
// Each clause adds to the one before or takes away from it.
type Selector struct{ clauses []clause }

// clause is one property, or all of them, between the commas of a selector.
type clause struct {
	exclude bool
	// name is a property, which may hold stars: "**" is everything at every level, "*" every simple property of this one.
	name  string
	pick  picker
	below *Selector
}

// picker chooses elements of an array by their index, by a filter, or all of them when it is nil.
type picker func(index int, element value) bool

// maxSelectorDepth bounds how deep selectors nest; no document is deeper.
const maxSelectorDepth = 16

// ParseSelector reads a selector such as (**), (order_no,product_items.(product_id)) or (**,-notes). The error tells what
// is wrong, and where.
func ParseSelector(text string) (Selector, error) {
	p := &selectorParser{text: text}
	s, err := p.selector(0)
	if err == nil && p.at < len(text) {
		err = p.wrong("something after its end")
	}
	return s, err
}

type selectorParser struct {
	text string
	at   int
}

func (p *selectorParser) wrong(what string) error {
	return fmt.Errorf("selector %q: %s at character %d", cut(p.text), what, p.at+1)
}

// accept skips a token when it is next.
func (p *selectorParser) accept(token string) bool {
	p.at += len(p.text[p.at:]) - len(strings.TrimLeft(p.text[p.at:], " "))
	if strings.HasPrefix(p.text[p.at:], token) {
		p.at += len(token)
		return true
	}
	return false
}

func (p *selectorParser) selector(depth int) (Selector, error) {
	var s Selector
	if !p.accept("(") {
		return s, p.wrong("no opening parenthesis")
	}
	if depth > maxSelectorDepth {
		return s, p.wrong("too many levels")
	}
	for {
		c, err := p.clause(depth, len(s.clauses) > 0)
		if err != nil {
			return s, err
		}
		s.clauses = append(s.clauses, c)
		if p.accept(")") {
			return s, nil
		}
		if !p.accept(",") {
			return s, p.wrong("neither comma nor closing parenthesis")
		}
	}
}

// clause reads one clause. An exclusion needs something before it that it takes away from.
func (p *selectorParser) clause(depth int, follows bool) (c clause, err error) {
	if c.exclude = p.accept("-"); !c.exclude {
		p.accept("+")
	} else if !follows {
		return c, p.wrong("an exclusion before any inclusion")
	}
	if c.name = p.name(); c.name == "" {
		return c, p.wrong("no property")
	}
	if p.accept("[") {
		if c.pick, err = p.index(); err != nil {
			return c, err
		}
	}
	if !p.accept(".") {
		return c, nil
	}
	below, err := p.selector(depth + 1)
	c.below = &below
	return c, err
}

func (p *selectorParser) name() string {
	p.accept("")
	start := p.at
	for p.at < len(p.text) && (p.text[p.at] == '_' || p.text[p.at] == '*' || p.text[p.at] == '@' || isWord(p.text[p.at])) {
		p.at++
	}
	return p.text[start:p.at]
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// index reads what stands between brackets: 0, 0:4, 1,3,5 or a filter.
func (p *selectorParser) index() (picker, error) {
	if p.accept("?") {
		return p.filter()
	}
	first, err := p.number()
	if err != nil {
		return nil, err
	}
	if p.accept(":") {
		last, err := p.number()
		if err == nil && !p.accept("]") {
			err = p.wrong("no closing bracket")
		}
		return func(i int, _ value) bool { return first <= i && i <= last }, err
	}
	wanted := map[int]bool{first: true}
	for p.accept(",") {
		n, err := p.number()
		if err != nil {
			return nil, err
		}
		wanted[n] = true
	}
	if !p.accept("]") {
		return nil, p.wrong("no closing bracket")
	}
	return func(i int, _ value) bool { return wanted[i] }, nil
}

func (p *selectorParser) number() (int, error) {
	p.accept("")
	start := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	n, err := strconv.Atoi(p.text[start:p.at])
	if err != nil {
		return 0, p.wrong("no index")
	}
	return n, nil
}

// filter reads (@.name=='color' && @.id=='size').
func (p *selectorParser) filter() (picker, error) {
	if !p.accept("(") {
		return nil, p.wrong("no opening parenthesis")
	}
	holds, err := p.alternatives()
	if err == nil && !(p.accept(")") && p.accept("]")) {
		err = p.wrong("an unfinished filter")
	}
	return func(_ int, element value) bool { return holds(element) }, err
}

func (p *selectorParser) alternatives() (func(value) bool, error) {
	left, err := p.conjunction()
	for err == nil && p.accept("||") {
		first := left
		var second func(value) bool
		second, err = p.conjunction()
		left = func(v value) bool { return first(v) || second(v) }
	}
	return left, err
}

func (p *selectorParser) conjunction() (func(value) bool, error) {
	left, err := p.comparison()
	for err == nil && p.accept("&&") {
		first := left
		var second func(value) bool
		second, err = p.comparison()
		left = func(v value) bool { return first(v) && second(v) }
	}
	return left, err
}

func (p *selectorParser) comparison() (func(value) bool, error) {
	if !p.accept("@.") {
		return nil, p.wrong("no property of the element")
	}
	name := p.name()
	for _, operator := range []string{"==", "!=", "<=", ">=", "<", ">"} {
		if !p.accept(operator) {
			continue
		}
		literal, err := p.literal()
		return func(v value) bool { return compares(v.property(name), operator, literal) }, err
	}
	return nil, p.wrong("no operator")
}

// literal reads a text in quotes, or a number or truth value as it is.
func (p *selectorParser) literal() (string, error) {
	for _, quote := range []string{"'", `"`} {
		if !p.accept(quote) {
			continue
		}
		end := strings.Index(p.text[p.at:], quote)
		if end < 0 {
			return "", p.wrong("an open quotation")
		}
		text := p.text[p.at : p.at+end]
		p.at += end + 1
		return text, nil
	}
	p.accept("")
	start := p.at
	for p.at < len(p.text) && (isWord(p.text[p.at]) || p.text[p.at] == '.') {
		p.at++
	}
	if start == p.at {
		return "", p.wrong("no value")
	}
	return p.text[start:p.at], nil
}
