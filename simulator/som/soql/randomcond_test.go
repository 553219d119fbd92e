package soql_test

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// cond draws a condition with AND, OR and NOT to the depth.
func (a asker) cond(object string, depth int) *cond {
	if a.chance(4) {
		return a.sought(object)
	}
	if depth == 0 || a.chance(3) {
		at := pick(a, attributes(object))
		if (at.kind == instant || at.kind == calendarDay) && a.chance(3) {
			expr := a.dateExpr(at)
			_, k := a.n.eval(nil, object, expr)
			return a.test(expr, k)
		}
		return a.test(at.path, at.kind)
	}
	if a.chance(4) {
		return &cond{op: "NOT", kids: []*cond{a.cond(object, depth-1)}}
	}
	c := &cond{op: pick(a, []string{"AND", "OR"})}
	for range rapid.IntRange(2, 3).Draw(a.T, "kids") {
		c.kids = append(c.kids, a.cond(object, depth-1))
	}
	return c
}

// sought asks for a value of an indexed field, or for one of several.
func (a asker) sought(object string) *cond {
	indexed := map[string][]attribute{
		"Account":          {{"Id", identity, true}, {"ParentId", identity, true}, {"Parent.Id", identity, true}},
		"OrderSummary":     {{"Id", identity, true}, {"OrderNumber", foldedText, true}, {"AccountId", identity, true}, {"ExternalReferenceIdentifier", exactText, true}},
		"OrderItemSummary": {{"Id", identity, true}, {"OrderSummaryId", identity, true}, {"OrderSummary.OrderNumber", foldedText, true}, {"OrderSummary.AccountId", identity, true}},
	}[object]
	c := &cond{op: pick(a, []string{"OR", "OR", "AND"})}
	for range rapid.IntRange(2, 3).Draw(a.T, "kids") {
		at := pick(a, indexed)
		kid := &cond{op: pick(a, []string{"=", "IN"}), expr: at.path}
		for range map[string]int{"=": 1, "IN": 3}[kid.op] {
			kid.literals = append(kid.literals, a.literal(at.kind, false))
		}
		c.kids = append(c.kids, kid)
	}
	return c
}

// test draws one comparison.
func (a asker) test(expr string, k kind) *cond {
	if (k == foldedText || k == exactText) && a.chance(4) {
		return &cond{op: "LIKE", expr: expr, literals: []lit{a.pattern()}}
	}
	c := &cond{op: pick(a, []string{"=", "!=", "<", "<=", ">", ">=", "IN", "NOT IN"}), expr: expr}
	if k == truth {
		c.op = pick(a, []string{"=", "!=", "IN"})
	}
	count := 1
	if strings.HasSuffix(c.op, "IN") {
		count = rapid.IntRange(1, 3).Draw(a.T, "literals")
	}
	nullable := count > 1 || c.op == "=" || c.op == "!="
	for range count {
		c.literals = append(c.literals, a.literal(k, nullable))
	}
	return c
}

// join draws a semi-join or an anti-join.
func (a asker) join(object string) *cond {
	choices := map[string][]cond{
		"Account":          {{expr: "Id", sub: &ask{object: "OrderSummary", fields: []string{"AccountId"}}}},
		"OrderSummary":     {{expr: "Id", sub: &ask{object: "OrderItemSummary", fields: []string{"OrderSummaryId"}}}, {expr: "AccountId", sub: &ask{object: "Account", fields: []string{"Id"}}}},
		"OrderItemSummary": {{expr: "OrderSummaryId", sub: &ask{object: "OrderSummary", fields: []string{"Id"}}}},
	}
	c := pick(a, choices[object])
	c.op, c.sub.limit = pick(a, []string{"IN SELECT", "NOT IN SELECT"}), -1
	a.filter(c.sub, false)
	return &c
}

func (a asker) pattern() lit {
	text := ""
	for range rapid.IntRange(1, 4).Draw(a.T, "pieces") {
		text += pick(a, []string{"%", "_", "a", "B", "é", `\%`, `\_`, `\\`, "x"})
	}
	return lit{text: "'" + text + "'", value: text}
}

func (a asker) literal(k kind, nullable bool) lit {
	if nullable && a.chance(5) {
		return lit{text: "null"}
	}
	switch k {
	case number:
		return a.numberLiteral()
	case truth:
		v := a.chance(2)
		return lit{text: fmt.Sprint(v), value: v}
	case instant:
		if a.chance(2) {
			return a.namedDate()
		}
		at := a.n.now.Add(time.Duration(rapid.IntRange(-900, 900).Draw(a.T, "instant")) * 37 * time.Minute)
		return lit{text: at.In(time.FixedZone("", rapid.IntRange(-5, 5).Draw(a.T, "offset")*3600)).Format(time.RFC3339), value: at}
	case calendarDay:
		if a.chance(2) {
			return a.namedDate()
		}
		day := a.n.now.AddDate(0, 0, rapid.IntRange(-40, 40).Draw(a.T, "day")).Format(time.DateOnly)
		return lit{text: day, value: day}
	case identity:
		if len(a.n.sheets) == 0 {
			return lit{text: "'001000000000000AAA'", value: "001000000000000AAA"}
		}
		id := pick(a, a.n.sheets).id
		return lit{text: "'" + id[:pick(a, []int{15, 18})] + "'", value: id}
	case listed:
		return quoted(pick(a, statuses()))
	default:
		return quoted(pick(a, texts()))
	}
}

func quoted(text string) lit {
	return lit{text: "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'", value: text}
}

func (a asker) numberLiteral() lit {
	v := hundredths(rapid.IntRange(-4, 8).Draw(a.T, "number") * 50)
	texts := []string{v.String(), fmt.Sprintf("%d.%02d", v/100, max(v%100, -v%100)), fmt.Sprintf("%de-2", v)}
	if v > -100 && v < 0 { // -0.50 has no whole part to carry the sign
		texts = []string{v.String(), fmt.Sprintf("%de-2", v)}
	}
	return lit{text: pick(a, texts), value: v}
}

// namedDate draws a named date with the units it covers.
func (a asker) namedDate() lit {
	unit := pick(a, []string{"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"})
	count := rapid.IntRange(1, 30).Draw(a.T, "n")
	fiscal := ""
	if (unit == "QUARTER" || unit == "YEAR") && a.chance(2) {
		fiscal = "FISCAL_"
	}
	plural := fiscal + unit + "S"
	forms := []lit{
		{fmt.Sprintf("LAST_N_%s:%d", plural, count), named{unit, -count, -1}},
		{fmt.Sprintf("NEXT_N_%s:%d", plural, count), named{unit, 1, count}},
		{fmt.Sprintf("N_%s_AGO:%d", plural, count), named{unit, -count, -count}},
		{"LAST_" + fiscal + unit, named{unit, -1, -1}},
		{"this_" + strings.ToLower(fiscal+unit), named{unit, 0, 0}},
		{"NEXT_" + fiscal + unit, named{unit, 1, 1}},
	}
	if unit == "DAY" {
		forms[0].value = named{unit, -count, 0} // of the days alone, the last ones include the present one
		forms[3], forms[4], forms[5] = lit{"YESTERDAY", named{unit, -1, -1}}, lit{"today", named{unit, 0, 0}}, lit{"TOMORROW", named{unit, 1, 1}}
		forms = append(forms, lit{"LAST_90_DAYS", named{unit, -90, 0}}, lit{"NEXT_90_DAYS", named{unit, 1, 90}})
	}
	return pick(a, forms)
}
