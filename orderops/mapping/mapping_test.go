package mapping

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func parse(t fataler, file string) *Table {
	t.Helper()
	table, err := Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

type fataler interface {
	Helper()
	Fatal(args ...any)
}

const own = `
order:
  - {som: StoreCode__c, commerce: c_storeCode}
  - {som: Priority__c, commerce: c_priority, as: choice, values: {Low: "3", Normal: "2", High: "1"}, copy: true}
item:
  - {som: Engraving__c, commerce: c_engraving, copy: true}
  - {som: Weight__c, commerce: c_weight, as: number}
delivery:
  - {som: Appointment__c, commerce: c_appointment, as: instant}
  - {som: Day__c, commerce: c_day, as: date}
  - {som: Lift__c, commerce: c_lift, as: flag}
`

func TestTheStandardTableIsWellFormed(t *testing.T) {
	t.Parallel()
	rules, err := read(standardFile)
	if err != nil {
		t.Fatal(err)
	}
	known, err := loadVendors()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range Entities() {
		if len(rules[e]) == 0 {
			t.Errorf("no rule about %s", e)
		}
		for _, p := range known.check(e, rules[e]) {
			t.Error(p)
		}
	}
}

// Whatever a row holds: there and back again it is the same.
func TestRowsSurviveTheRoundTrip(t *testing.T) {
	t.Parallel()
	table := parse(t, own)
	rapid.Check(t, func(r *rapid.T) {
		e := rapid.SampledFrom(Entities()).Draw(r, "entity")
		row := Fields{}
		for _, rule := range table.Rules(e) {
			row[rule.SOM] = value(r, rule, somInstant, slices.Sorted(maps.Keys(rule.Values)))
		}
		doc, err := table.ToCommerce(e, row)
		if err != nil {
			r.Fatal(err)
		}
		document, err := doc.Nested()
		if err != nil {
			r.Fatal(err)
		}
		flat, err := Flat(document)
		if err != nil {
			r.Fatal(err)
		}
		back, err := table.ToSOM(e, flat)
		if diff := cmp.Diff(texts(row), texts(back)); diff != "" || err != nil {
			r.Fatalf("(-row +back), %v:\n%s", err, diff)
		}
	})
}

// And so is what a document holds of what the table knows.
func TestDocumentsSurviveTheRoundTrip(t *testing.T) {
	t.Parallel()
	table := parse(t, own)
	rapid.Check(t, func(r *rapid.T) {
		e := rapid.SampledFrom(Entities()).Draw(r, "entity")
		doc := Fields{}
		for _, rule := range table.Rules(e) {
			if v := value(r, rule, commerceInstant, slices.Sorted(maps.Values(rule.Values))); !isNull(v) {
				doc[rule.Commerce] = v
			}
		}
		row, err := table.ToSOM(e, doc)
		if err != nil {
			r.Fatal(err)
		}
		back, err := table.ToCommerce(e, row)
		if diff := cmp.Diff(texts(doc), texts(back)); diff != "" || err != nil {
			r.Fatalf("(-document +back), %v:\n%s", err, diff)
		}
	})
}

// Any table of custom rules that is taken loses nothing.
func TestAnyTableThatIsTakenLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var file strings.Builder
		file.WriteString("order:\n")
		for i := range rapid.IntRange(1, 8).Draw(r, "rules") {
			form := rapid.SampledFrom([]Form{Text, Number, Flag, Instant, Date, Choice}).Draw(r, "form")
			fmt.Fprintf(&file, "  - {som: F%d__c, commerce: c_f%d, as: %s", i, i, form)
			if form == Choice {
				fmt.Fprintf(&file, ", values: {A: %q, B: %q}", rapid.StringN(1, 3, -1).Draw(r, "a")+"1", rapid.StringN(1, 3, -1).Draw(r, "b")+"2")
			}
			file.WriteString("}\n")
		}
		table, err := Parse([]byte(file.String()))
		if err != nil {
			r.Skip() // a word that YAML does not hold
		}
		row := Fields{}
		for _, rule := range table.OnlyCustom().Rules(Order) {
			row[rule.SOM] = value(r, rule, somInstant, slices.Sorted(maps.Keys(rule.Values)))
		}
		doc, err := table.OnlyCustom().ToCommerce(Order, row)
		if err != nil {
			r.Fatal(err)
		}
		back, err := table.OnlyCustom().ToSOM(Order, doc)
		if diff := cmp.Diff(texts(row), texts(back)); diff != "" || err != nil {
			r.Fatalf("%s(-row +back), %v:\n%s", file.String(), err, diff)
		}
	})
}

// value is any value of a rule's form, or none.
func value(r *rapid.T, rule Rule, instants string, words []string) json.RawMessage {
	if rapid.IntRange(0, 5).Draw(r, rule.SOM+" is missing") == 0 {
		return json.RawMessage("null")
	}
	var v any
	at := time.UnixMilli(rapid.Int64Range(0, 4_000_000_000_000).Draw(r, "at")).UTC()
	switch rule.As {
	case Number:
		return json.RawMessage(fmt.Sprintf("%d.%d", rapid.Int64Range(-1e9, 1e9).Draw(r, "number"), rapid.IntRange(1, 9).Draw(r, "digit")))
	case Flag:
		v = rapid.Bool().Draw(r, "flag")
	case Instant:
		v = at.Format(instants)
	case Date:
		v = at.Format(time.DateOnly)
	case Choice:
		v = rapid.SampledFrom(words).Draw(r, "word")
	default:
		v = rapid.String().Draw(r, "text")
	}
	raw, err := json.Marshal(v)
	if err != nil {
		r.Fatal(err)
	}
	return raw
}

func texts(f Fields) map[string]string {
	out := map[string]string{}
	for name, value := range f {
		out[name] = string(value)
	}
	return out
}

func TestValuesThatAreNotOfTheirForm(t *testing.T) {
	t.Parallel()
	table := parse(t, own)
	for _, tc := range []struct {
		entity Entity
		row    Fields
		want   string
	}{
		{Order, Fields{"Priority__c": json.RawMessage(`"Urgent"`)}, `OrderSummary.Priority__c: "Urgent" is none of the values of the rule`},
		{Order, Fields{"StoreCode__c": json.RawMessage(`7`)}, `OrderSummary.StoreCode__c: 7 is not a text`},
		{Item, Fields{"Weight__c": json.RawMessage(`"heavy"`)}, `OrderItemSummary.Weight__c: "heavy" is not a number`},
		{Item, Fields{"Weight__c": json.RawMessage(`"7"`)}, `OrderItemSummary.Weight__c: "7" is not a number`},
		{Delivery, Fields{"Appointment__c": json.RawMessage(`"soon"`)}, `OrderDeliveryGroupSummary.Appointment__c: "soon" is not an instant`},
		{Delivery, Fields{"Day__c": json.RawMessage(`"2026-02-30"`)}, `OrderDeliveryGroupSummary.Day__c: "2026-02-30" is not a day`},
		{Delivery, Fields{"Lift__c": json.RawMessage(`"yes"`)}, `OrderDeliveryGroupSummary.Lift__c: "yes" is neither true nor false`},
	} {
		if _, err := table.ToCommerce(tc.entity, tc.row); err == nil || err.Error() != tc.want {
			t.Errorf("%v, want %s", err, tc.want)
		}
	}
	if _, err := table.ToSOM(Order, Fields{"c_priority": json.RawMessage(`"9"`)}); err == nil {
		t.Error("a word of neither side is taken")
	}
}

// Every mistake is named, in one go.
func TestEveryMistakeInAFileIsNamed(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`
order:
  - {commerce: c_a}
  - {som: A__c}
  - {som: Colour, commerce: c_colour}
  - {som: B__c, commerce: colour}
  - {som: C__c, commerce: billing_address.planet}
  - {som: Double__c, commerce: c_one}
  - {som: Double__c, commerce: c_one}
  - {som: D__c, commerce: c_d, as: colour}
  - {som: E__c, commerce: c_e, as: choice}
  - {som: F__c, commerce: c_f, values: {a: b}}
  - {som: G__c, commerce: c_g, as: choice, values: {a: x, b: x}}
  - {som: OrderNumber, commerce: order_no, copy: true}
  - {som: _H__c, commerce: c_h}
`))
	if err == nil {
		t.Fatal("the file is taken")
	}
	want := []string{
		"order: rule 1 (, c_a): som is required: a field of OrderSummary",
		"order: rule 2 (A__c, ): commerce is required: a property of Order",
		"order: rule 3 (Colour, c_colour): OrderSummary has no field Colour; a custom one ends in __c",
		"order: rule 4 (B__c, colour): Order has no property colour; a custom one begins with c_",
		"order: rule 5 (C__c, billing_address.planet): Order has no property billing_address.planet; a custom one begins with c_",
		"order: rule 7 (Double__c, c_one): som Double__c is there twice",
		"order: rule 7 (Double__c, c_one): commerce c_one is there twice",
		`order: rule 8 (D__c, c_d): as "colour" is none of text, number, flag, instant, date, choice`,
		"order: rule 9 (E__c, c_e): values belong to as: choice, which needs some",
		"order: rule 10 (F__c, c_f): values belong to as: choice, which needs some",
		`order: rule 11 (G__c, c_g): values "a" and "b" are both "x": there would be no way back`,
		"order: rule 12 (OrderNumber, order_no): copy is for custom attributes; the rest of an order is copied as commerce has it",
		"order: rule 13 (_H__c, c_h): OrderSummary has no field _H__c; a custom one ends in __c",
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	for file, mention := range map[string]string{"orders: []": "field orders not found", "order: [{som: A__c, comerce: c_a}]": "field comerce not found", "order: 7": "line 1"} {
		if _, err := Parse([]byte(file)); err == nil || !strings.Contains(err.Error(), mention) {
			t.Errorf("%q: %v, want a mention of %q", file, err, mention)
		}
	}
}

// A rule of one's own takes the place of the standard one.
func TestOwnRulesTakeThePlaceOfStandardOnes(t *testing.T) {
	t.Parallel()
	table := parse(t, "order: [{som: BillingPhoneNumber, commerce: c_phone}]\nitem: [{som: Code__c, commerce: product_id}]")
	row := Fields{"BillingPhoneNumber": json.RawMessage(`"1"`), "BillingCity": json.RawMessage(`"Berlin"`)}
	doc, err := table.ToCommerce(Order, row)
	if diff := cmp.Diff(map[string]string{"c_phone": `"1"`, "billing_address.city": `"Berlin"`}, texts(doc)); diff != "" || err != nil {
		t.Errorf("(-want +got), %v:\n%s", err, diff)
	}
	item, err := table.ToSOM(Item, Fields{"product_id": json.RawMessage(`"MUG"`)})
	if err != nil || string(item["Code__c"]) != `"MUG"` || item["ProductCode"] != nil {
		t.Errorf("%v, %v", texts(item), err)
	}
}

func TestPartsOfATable(t *testing.T) {
	t.Parallel()
	table := parse(t, own)
	if got := table.CustomFields(Order); !slices.Equal(got, []string{"Priority__c", "StoreCode__c"}) {
		t.Errorf("custom fields %v", got)
	}
	if got := table.OnlyCopied().Rules(Order); len(got) != 1 || got[0].SOM != "Priority__c" {
		t.Errorf("copied %v", got)
	}
	if got := table.OnlyCustom().Rules(Item); len(got) != 2 {
		t.Errorf("custom %v", got)
	}
	standard := parse(t, "")
	for _, e := range Entities() {
		if got := standard.CustomFields(e); len(got) != 0 {
			t.Errorf("the standard table has the custom fields %v", got)
		}
	}
}

// The example in the docs is a file that works.
func TestTheExampleOfTheDocs(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/examples/mapping.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got := parse(t, string(raw)).CustomFields(Order); len(got) == 0 {
		t.Error("the example has no custom field of an order")
	}
}
