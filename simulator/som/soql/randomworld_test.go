package soql_test

import (
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
		{"Id", identity, true},
		{"Name", foldedText, true},
		{"ParentId", identity, true},
		{"Parent.Name", foldedText, true},
		{"Parent.Parent.Name", foldedText, true},
		{"Parent.Parent.Parent.Parent.Parent.Name", foldedText, true},
	}
	order := []attribute{
		{"Id", identity, true},
		{"OrderNumber", foldedText, true},
		{"ExternalReferenceIdentifier", exactText, true},
		{"Status", listed, true},
		{"AccountId", identity, true},
		{"TotalAmount", number, false},
		{"GrandTotalAmount", number, false},
		{"OrderProductLineCount", number, true},
		{"IsSuspended", truth, true},
		{"CreatedDate", instant, false},
		{"EffectiveDate", calendarDay, true},
		{"PoNumber", foldedText, true},
		{"Account.Name", foldedText, true},
		{"Account.Parent.Name", foldedText, true},
		{"OwnerId", identity, true},
		{"Owner.Name", foldedText, true},
		{"Owner.Type", foldedText, true},
	}
	item := []attribute{
		{"Id", identity, true},
		{"Name", foldedText, true},
		{"OrderSummaryId", identity, true},
		{"QuantityOrdered", number, false},
		{"OrderSummary.OrderNumber", foldedText, true},
		{"OrderSummary.Status", listed, true},
		{"OrderSummary.TotalAmount", number, false},
		{"OrderSummary.CreatedDate", instant, false},
		{"OrderSummary.EffectiveDate", calendarDay, true},
		{"OrderSummary.IsSuspended", truth, true},
		{"OrderSummary.Account.Name", foldedText, true},
		{"OrderSummary.AccountId", identity, true},
	}
	owner := []attribute{{"Id", identity, true}, {"Name", foldedText, true}}
	return map[string][]attribute{
		"Group": owner, "User": owner, "Account": account,
		"OrderSummary": order, "OrderItemSummary": item,
	}[object]
}

// objects are those of the random world, in the order of their ids.
func objects() []string {
	return []string{"Account", "User", "Group", "OrderItemSummary", "OrderSummary"}
}

// texts have what is easily got wrong: case, wildcards, quotes, escapes.
func texts() []string {
	return []string{"a", "A", "ab", "aB", "b%", "b_x", "é", "É", "it's", `back\slash`, "x y", "_", "%", "User", "group"}
}

func statuses() []string { return []string{"Created", "Approved", "approved", "Elsewhere"} }

// randomWorld fills the engine's rows and the sheets with the same.
func randomWorld(t *rapid.T, w *world, now time.Time) *naive {
	n := &naive{
		byID: map[string]*sheet{}, kinds: map[string]kind{}, now: now, listedOrder: []string{"Created", "Activated", "Approved"},
		refs: map[string]string{
			"Account.Parent": "Account", "OrderSummary.Owner": "User", "OrderSummary.Account": "Account", "OrderItemSummary.OrderSummary": "OrderSummary",
		},
	}
	for _, object := range objects() {
		n.kinds[object+".IsDeleted"], n.kinds[object+".Type"] = truth, foldedText
		for _, a := range attributes(object) {
			if !strings.Contains(a.path, ".") {
				n.kinds[object+"."+a.path] = a.kind
			}
		}
	}
	sizes := map[string]int{
		"Account": rapid.IntRange(0, 5).Draw(t, "accounts"), "OrderSummary": rapid.IntRange(0, 9).Draw(t, "orders"),
		"OrderItemSummary": rapid.IntRange(0, 14).Draw(t, "items"), "Group": 2, "User": 2,
	}
	for _, object := range objects() {
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
		if a.path == "OwnerId" {
			target = rapid.SampledFrom([]string{"Group", "User"}).Draw(t, label)
		}
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
