package soql_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// attribute is a field, or a field of a parent, that random queries ask for.
type attribute struct {
	path      string
	kind      kind
	groupable bool
}

// attributes are those of the three objects of the random world.
func attributes(object string) []attribute {
	account := []attribute{
		{"Id", identity, true}, {"Name", foldedText, true}, {"ParentId", identity, true}, {"Parent.Name", foldedText, true},
		{"Parent.Parent.Name", foldedText, true}, {"Parent.Parent.Parent.Parent.Parent.Name", foldedText, true},
	}
	order := []attribute{
		{"Id", identity, true}, {"OrderNumber", foldedText, true}, {"ExternalReferenceIdentifier", exactText, true}, {"Status", listed, true},
		{"AccountId", identity, true}, {"TotalAmount", number, false}, {"GrandTotalAmount", number, false}, {"OrderProductLineCount", number, true},
		{"IsSuspended", truth, true}, {"CreatedDate", instant, false}, {"EffectiveDate", calendarDay, true}, {"PoNumber", foldedText, true},
		{"Account.Name", foldedText, true}, {"Account.Parent.Name", foldedText, true},
	}
	item := []attribute{
		{"Id", identity, true}, {"Name", foldedText, true}, {"OrderSummaryId", identity, true}, {"QuantityOrdered", number, false},
		{"OrderSummary.OrderNumber", foldedText, true}, {"OrderSummary.Status", listed, true}, {"OrderSummary.TotalAmount", number, false},
		{"OrderSummary.CreatedDate", instant, false}, {"OrderSummary.EffectiveDate", calendarDay, true}, {"OrderSummary.IsSuspended", truth, true},
		{"OrderSummary.Account.Name", foldedText, true}, {"OrderSummary.AccountId", identity, true},
	}
	return map[string][]attribute{"Account": account, "OrderSummary": order, "OrderItemSummary": item}[object]
}

// texts have what is easily got wrong: case, wildcards, quotes, escapes.
func texts() []string {
	return []string{"a", "A", "ab", "aB", "b%", "b_x", "é", "É", "it's", `back\slash`, "x y", "_", "%"}
}

func statuses() []string { return []string{"Created", "Approved", "approved", "Elsewhere"} }

// randomWorld fills the engine's rows and the sheets with the same.
func randomWorld(t *rapid.T, w *world, now time.Time) *naive {
	n := &naive{
		byID: map[string]*sheet{}, kinds: map[string]kind{}, now: now, listedOrder: []string{"Created", "Activated", "Approved"},
		refs: map[string]string{
			"Account.Parent": "Account", "OrderSummary.Account": "Account", "OrderItemSummary.OrderSummary": "OrderSummary",
		},
	}
	for _, object := range []string{"Account", "OrderItemSummary", "OrderSummary"} {
		n.kinds[object+".IsDeleted"] = truth
		for _, a := range attributes(object) {
			if !strings.Contains(a.path, ".") {
				n.kinds[object+"."+a.path] = a.kind
			}
		}
	}
	sizes := map[string]int{
		"Account": rapid.IntRange(0, 5).Draw(t, "accounts"), "OrderSummary": rapid.IntRange(0, 9).Draw(t, "orders"),
		"OrderItemSummary": rapid.IntRange(0, 14).Draw(t, "items"),
	}
	for _, object := range []string{"Account", "OrderItemSummary", "OrderSummary"} { // as the ids are ordered
		for i := range sizes[object] {
			s := &sheet{object: object, id: w.id(object, i), values: map[string]any{}}
			for _, a := range attributes(object) {
				if !strings.Contains(a.path, ".") && a.path != "Id" && a.path != "GrandTotalAmount" {
					s.fill(t, w, n, a, sizes)
				}
			}
			s.deleted = rapid.IntRange(0, 7).Draw(t, "deleted") == 0
			n.sheets, n.byID[s.id] = append(n.sheets, s), s
			s.store(w, i)
		}
	}
	return n
}

// fill draws a value for a field; sometimes there is none.
func (s *sheet) fill(t *rapid.T, w *world, n *naive, a attribute, sizes map[string]int) {
	if rapid.IntRange(0, 4).Draw(t, "null") == 0 {
		return
	}
	label := s.id + "." + a.path
	switch a.kind {
	case foldedText, exactText:
		s.values[a.path] = rapid.SampledFrom(texts()).Draw(t, label)
	case listed:
		s.values[a.path] = rapid.SampledFrom(statuses()).Draw(t, label)
	case number:
		v := hundredths(rapid.IntRange(-3, 6).Draw(t, label) * 50)
		if a.path == "OrderProductLineCount" {
			v *= 2
		}
		s.values[a.path] = v
	case truth:
		s.values[a.path] = rapid.Bool().Draw(t, label)
	case instant:
		s.values[a.path] = n.now.Add(time.Duration(rapid.IntRange(-900, 900).Draw(t, label)) * 37 * time.Minute)
	case calendarDay:
		s.values[a.path] = n.now.AddDate(0, 0, rapid.IntRange(-40, 40).Draw(t, label)).Format(time.DateOnly)
	case identity:
		target := n.refs[s.object+"."+strings.TrimSuffix(a.path, "Id")]
		if sizes[target] > 0 {
			s.values[a.path] = w.id(target, rapid.IntRange(0, sizes[target]-1).Draw(t, label))
		}
	}
}

// store hands the row to the engine.
func (s *sheet) store(w *world, i int) {
	values := fields{"IsDeleted": nil}
	if s.deleted {
		values["IsDeleted"] = true
	}
	for name, v := range s.values {
		if h, ok := v.(hundredths); ok {
			v = decimal.New(int64(h), -2)
		}
		values[name] = v
	}
	w.add(s.object, i, values)
}

// asker draws queries about a world.
type asker struct {
	*rapid.T
	n *naive
}

func (a asker) chance(oneIn int) bool { return rapid.IntRange(1, oneIn).Draw(a.T, "chance") == 1 }

func pick[E any](a asker, from []E) E { return rapid.SampledFrom(from).Draw(a.T, "pick") }

func (a asker) query() *ask {
	q := &ask{object: pick(a, []string{"Account", "OrderSummary", "OrderItemSummary"}), limit: -1, allRows: a.chance(5)}
	a.filter(q, true)
	if a.chance(2) {
		a.grouped(q)
		return q
	}
	a.list(q, 2)
	return q
}

func (a asker) filter(q *ask, joins bool) {
	if a.chance(3) {
		return
	}
	q.where = a.cond(q.object, 2)
	for range 2 {
		if joins && a.chance(4) {
			q.where = &cond{op: "AND", kids: []*cond{a.join(q.object), q.where}}
		}
	}
}

// list makes a query of rows with child subqueries.
func (a asker) list(q *ask, depth int) {
	all := attributes(q.object)
	for range rapid.IntRange(1, 4).Draw(a.T, "fields") {
		if f := pick(a, all).path; !slices.Contains(q.fields, f) {
			q.fields = append(q.fields, f)
		}
	}
	a.sort(q)
	if a.chance(3) {
		q.limit = rapid.IntRange(0, 6).Draw(a.T, "limit")
	}
	if a.chance(4) && depth == 2 {
		q.offset = rapid.IntRange(0, 4).Draw(a.T, "offset")
	}
	if depth == 0 {
		return
	}
	for _, child := range map[string][]*ask{
		"Account":      {{object: "OrderSummary", relationship: "OrderSummaries", foreignKey: "AccountId"}, {object: "Account", relationship: "ChildAccounts", foreignKey: "ParentId"}},
		"OrderSummary": {{object: "OrderItemSummary", relationship: "OrderItemSummaries", foreignKey: "OrderSummaryId"}},
	}[q.object] {
		if a.chance(2) {
			child.limit = -1
			a.filter(child, false)
			a.list(child, depth-1)
			q.children = append(q.children, child)
		}
	}
}

func (a asker) sort(q *ask) {
	for range rapid.IntRange(0, 2).Draw(a.T, "keys") {
		q.order = append(q.order, a.key(pick(a, attributes(q.object)).path))
	}
}

func (a asker) key(expr string) sortKey {
	return sortKey{expr: expr, desc: a.chance(2), nullsLast: a.chance(2)}
}

// grouped makes a query with groups or with aggregates alone.
func (a asker) grouped(q *ask) {
	for range rapid.IntRange(0, 3).Draw(a.T, "groups") {
		if expr := a.groupExpr(q.object); !slices.Contains(q.groups, expr) {
			q.groups = append(q.groups, expr)
		}
	}
	for range rapid.IntRange(1, 3).Draw(a.T, "aggregates") {
		if g, ok := a.aggregation(q); ok {
			q.aggregates = append(q.aggregates, g)
		}
	}
	if len(q.groups) == 0 {
		if len(q.aggregates) == 0 {
			q.aggregates = []aggregation{{"COUNT", "Id"}}
		}
		return
	}
	if a.chance(3) {
		q.grouping = pick(a, []string{"ROLLUP", "CUBE"})
	}
	if a.chance(2) {
		a.haveIt(q)
	}
	if q.grouping == "" && a.chance(2) {
		// All keys together make the order of groups certain, so that it can be cut.
		for _, expr := range q.groups {
			q.order = append(q.order, a.key(expr))
		}
		q.limit = rapid.IntRange(0, 5).Draw(a.T, "limit")
	}
}

func (a asker) groupExpr(object string) string {
	at := pick(a, attributes(object))
	switch {
	case at.kind == instant || at.kind == calendarDay && a.chance(2):
		return a.dateExpr(at)
	case !at.groupable:
		return "Id"
	default:
		return at.path
	}
}

func (a asker) dateExpr(at attribute) string {
	functions := []string{"CALENDAR_YEAR", "CALENDAR_MONTH", "CALENDAR_QUARTER", "DAY_IN_MONTH", "DAY_IN_WEEK", "WEEK_IN_MONTH"}
	arg := at.path
	if at.kind == instant {
		functions = append(functions, "DAY_ONLY", "HOUR_IN_DAY")
		if a.chance(2) {
			arg = "convertTimezone(" + arg + ")"
		}
	}
	return pick(a, functions) + "(" + arg + ")"
}

func (a asker) aggregation(q *ask) (aggregation, bool) {
	at := pick(a, attributes(q.object))
	if slices.Contains(q.groups, at.path) || at.kind == truth {
		return aggregation{}, false
	}
	functions := []string{"COUNT", "COUNT_DISTINCT", "MIN", "MAX"}
	if at.kind == number {
		functions = append(functions, "SUM", "AVG")
	}
	return aggregation{pick(a, functions), at.path}, true
}

// haveIt adds HAVING over a key or an aggregate of the query.
func (a asker) haveIt(q *ask) {
	expr, k := q.groups[0], foldedText
	_, k = a.n.eval(nil, q.object, expr)
	if len(q.aggregates) > 0 && q.aggregates[0].function != "AVG" && a.chance(2) {
		g := q.aggregates[0]
		expr = g.function + "(" + g.path + ")"
		_, k = a.n.get(nil, q.object, g.path)
		if strings.HasPrefix(g.function, "COUNT") {
			k = number
		}
	}
	q.having = a.test(expr, k, q.object)
}

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
			return a.test(expr, k, object)
		}
		return a.test(at.path, at.kind, object)
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
func (a asker) test(expr string, k kind, object string) *cond {
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
