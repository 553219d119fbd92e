package ocapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
)

type termQueryDocument struct {
	Fields   []string          `json:"fields"`
	Operator string            `json:"operator"`
	Values   []json.RawMessage `json:"values"`
}

func termQuery(raw json.RawMessage) (predicate, error) {
	var q termQueryDocument
	if err := strict(raw, &q, "term_query", "fields", "operator", "values"); err != nil {
		return nil, err
	}
	fields, err := findFields(q.Fields)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		if f.kind != fields[0].kind {
			return nil, Refuse("b2c.search.one-type", "QuerySearchTypesNomatch",
				fmt.Sprintf("The fields '%s' are not of one type.", strings.Join(q.Fields, ", ")), "fields", strings.Join(q.Fields, ", "))
		}
	}
	var each []predicate
	for _, f := range fields {
		p, err := f.term(q.Operator, q.Values)
		if err != nil {
			return nil, err
		}
		each = append(each, p)
	}
	return func(o *b2c.Order) bool { return slices.ContainsFunc(each, func(p predicate) bool { return p(o) }) }, nil
}

// operators are those of terms, with how many values they take: -1 is one or more.
func operators() map[string]int {
	return map[string]int{"is": 1, "one_of": -1, "is_null": 0, "is_not_null": 0, "less": 1, "greater": 1, "not_in": -1, "neq": 1}
}

// term makes the test of one field.
func (f searchField) term(operator string, raw []json.RawMessage) (predicate, error) {
	takes, known := operators()[operator]
	switch {
	case !known:
		return nil, Refuse("b2c.search.operator", "UnknownSearchOperator", "The operator '"+operator+"' is unknown.", "operator", operator)
	case takes >= 0 && len(raw) != takes, takes < 0 && len(raw) == 0:
		return nil, Refuse("b2c.search.operator-values", "TermOperatorMismatchValues",
			fmt.Sprintf("The operator '%s' does not take %d values.", operator, len(raw)), "operator", operator, "values", fmt.Sprint(len(raw)))
	case (operator == "less" || operator == "greater") && f.kind != numberField && f.kind != dateField:
		return nil, Refuse("b2c.search.operator-field", "SearchOperatorNotApplicable",
			fmt.Sprintf("The operator '%s' cannot be applied to the field '%s'.", operator, f.name), "operator", operator, "field", f.name)
	}
	values, err := f.read(raw)
	if err != nil {
		return nil, err
	}
	return f.test(operator, values), nil
}

// read checks what a field is compared with.
func (f searchField) read(raw []json.RawMessage) ([]string, error) {
	values := make([]string, 0, len(raw))
	for _, one := range raw {
		text := value{raw: one}.text()
		var err error
		switch f.kind {
		case numberField:
			if _, bad := decimal.NewFromString(text); bad != nil {
				err = f.wrongValue(text)
			}
		case dateField:
			t, bad := parseInstant(f.name, text)
			if err = bad; bad == nil {
				text = instant(t)
			}
		case enumField:
			if !slices.Contains(f.allowed, text) {
				err = Refuse("b2c.search.enumeration", "IllegalEnumerationValue", fmt.Sprintf("'%s' is no value of the field '%s'.", text, f.name), "value", text)
			}
		case textField, truthField:
		}
		if err != nil {
			return nil, err
		}
		values = append(values, text)
	}
	return values, nil
}

func (f searchField) wrongValue(text string) error {
	return Refuse("b2c.search.value", "MalformedParameter", fmt.Sprintf("The value '%s' of field '%s' is no %s.", text, f.name, f.kind),
		"parameter", f.name, "value", text)
}

func (f searchField) test(operator string, values []string) predicate {
	some := func(o *b2c.Order, holds func(have string) bool) bool { return slices.ContainsFunc(f.values(o), holds) }
	equal := func(have string) bool {
		return slices.ContainsFunc(values, func(want string) bool { return f.compare(have, want) == 0 })
	}
	switch operator {
	case "is_null":
		return func(o *b2c.Order) bool { return len(f.values(o)) == 0 }
	case "is_not_null":
		return func(o *b2c.Order) bool { return len(f.values(o)) > 0 }
	case "less":
		return func(o *b2c.Order) bool {
			return some(o, func(have string) bool { return f.compare(have, values[0]) < 0 })
		}
	case "greater":
		return func(o *b2c.Order) bool {
			return some(o, func(have string) bool { return f.compare(have, values[0]) > 0 })
		}
	case "not_in", "neq":
		return func(o *b2c.Order) bool { return !some(o, equal) }
	default: // is, one_of
		return func(o *b2c.Order) bool { return some(o, equal) }
	}
}

// filter reads an object with one property, which is the kind of the filter.
func filter(raw json.RawMessage, depth int) (predicate, error) {
	name, body, err := only(raw, "filter", depth)
	if err != nil {
		return nil, err
	}
	switch name {
	case "term_filter":
		return termFilter(body)
	case "range_filter":
		return rangeFilter(body)
	case "range2_filter":
		return range2Filter(body)
	case "bool_filter":
		return boolFilter(body, depth)
	case "query_filter":
		var q struct {
			Query json.RawMessage `json:"query"`
		}
		if err := strict(body, &q, "query_filter", "query"); err != nil {
			return nil, err
		}
		return query(q.Query, depth+1)
	}
	return nil, unknownIn(name, "filter")
}

func termFilter(raw json.RawMessage) (predicate, error) {
	var t struct {
		Field    string            `json:"field"`
		Operator string            `json:"operator"`
		Values   []json.RawMessage `json:"values"`
	}
	if err := strict(raw, &t, "term_filter", "field", "operator", "values"); err != nil {
		return nil, err
	}
	f, err := findField(t.Field)
	if err != nil {
		return nil, err
	}
	return f.term(t.Operator, t.Values)
}

func boolFilter(raw json.RawMessage, depth int) (predicate, error) {
	var b struct {
		Operator string            `json:"operator"`
		Filters  []json.RawMessage `json:"filters"`
	}
	if err := strict(raw, &b, "bool_filter", "operator", "filters"); err != nil {
		return nil, err
	}
	var each []predicate
	for _, one := range b.Filters {
		p, err := filter(one, depth+1)
		if err != nil {
			return nil, err
		}
		each = append(each, p)
	}
	switch b.Operator {
	case "and":
		return func(o *b2c.Order) bool { return !slices.ContainsFunc(each, func(p predicate) bool { return !p(o) }) }, nil
	case "or":
		return func(o *b2c.Order) bool { return slices.ContainsFunc(each, func(p predicate) bool { return p(o) }) }, nil
	case "not":
		return func(o *b2c.Order) bool { return !slices.ContainsFunc(each, func(p predicate) bool { return p(o) }) }, nil
	}
	return nil, Refuse("b2c.search.operator", "UnknownSearchOperator", "The operator '"+b.Operator+"' is unknown.", "operator", b.Operator)
}

// bound is one end of a range.
type bound struct {
	value  string
	open   bool
	strict bool
}

func rangeFilter(raw json.RawMessage) (predicate, error) {
	var r struct {
		Field         string          `json:"field"`
		From          json.RawMessage `json:"from"`
		To            json.RawMessage `json:"to"`
		FromInclusive *bool           `json:"from_inclusive"`
		ToInclusive   *bool           `json:"to_inclusive"`
	}
	if err := strict(raw, &r, "range_filter", "field", "from", "to", "from_inclusive", "to_inclusive"); err != nil {
		return nil, err
	}
	f, err := findField(r.Field)
	if err != nil {
		return nil, err
	}
	if f.kind != numberField && f.kind != dateField {
		return nil, Refuse("b2c.search.range-field", "RangeFilterType", "The field '"+f.name+"' has no range.", "field", f.name)
	}
	from, err := f.bound(r.From, r.FromInclusive)
	if err != nil {
		return nil, err
	}
	to, err := f.bound(r.To, r.ToInclusive)
	if err != nil {
		return nil, err
	}
	if from.open && to.open || !from.open && !to.open && f.compare(from.value, to.value) > 0 {
		return nil, Refuse("b2c.search.range", "RangeFilterValue", "The range of the field '"+f.name+"' holds nothing.", "field", f.name)
	}
	return func(o *b2c.Order) bool {
		return slices.ContainsFunc(f.values(o), func(v string) bool { return f.inRange(v, from, to) })
	}, nil
}

func (f searchField) bound(raw json.RawMessage, inclusive *bool) (bound, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return bound{open: true}, nil
	}
	values, err := f.read([]json.RawMessage{raw})
	if err != nil {
		return bound{}, err
	}
	return bound{value: values[0], strict: inclusive != nil && !*inclusive}, nil
}

func (f searchField) inRange(v string, from, to bound) bool {
	low, high := f.compare(v, from.value), f.compare(v, to.value)
	return (from.open || low > 0 || low == 0 && !from.strict) && (to.open || high < 0 || high == 0 && !to.strict)
}

// range2Filter wants two fields of an order, as a range, to overlap another range.
func range2Filter(raw json.RawMessage) (predicate, error) {
	var r struct {
		FromField     string          `json:"from_field"`
		ToField       string          `json:"to_field"`
		Mode          string          `json:"filter_mode"`
		From          json.RawMessage `json:"from_value"`
		To            json.RawMessage `json:"to_value"`
		FromInclusive *bool           `json:"from_inclusive"`
		ToInclusive   *bool           `json:"to_inclusive"`
	}
	if err := strict(raw, &r, "range2_filter", "from_field", "to_field", "filter_mode", "from_value", "to_value", "from_inclusive", "to_inclusive"); err != nil {
		return nil, err
	}
	fields, err := findFields([]string{r.FromField, r.ToField})
	if err != nil {
		return nil, err
	}
	from, err := fields[0].bound(r.From, r.FromInclusive)
	if err != nil {
		return nil, err
	}
	to, err := fields[1].bound(r.To, r.ToInclusive)
	if err != nil {
		return nil, err
	}
	anything := bound{open: true}
	return func(o *b2c.Order) bool {
		start, end := first(fields[0].values(o)), first(fields[1].values(o))
		switch r.Mode {
		case "containing":
			return fields[0].inRange(start, anything, from) && fields[1].inRange(end, to, anything)
		case "contained":
			return fields[0].inRange(start, from, anything) && fields[1].inRange(end, anything, to)
		default: // overlap
			return fields[0].inRange(start, anything, to) && fields[1].inRange(end, from, anything)
		}
	}, nil
}
