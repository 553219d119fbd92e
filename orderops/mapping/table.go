// Package mapping translates between order management and commerce: one table says which field of which object is which
// property of which document, and how its values are written on either side. The table ships with what both systems have
// out of the box; a merchant adds custom fields in a file. It only translates: what is shown or copied is decided by those
// who ask.
package mapping

import (
	"cmp"
	"slices"
	"strings"
)

// Entity is a pair of things that say the same: an object of order management and a document, or a part of one, of commerce.
type Entity string

// The entities.
const (
	Order    Entity = "order"    // OrderSummary, the order document
	Item     Entity = "item"     // OrderItemSummary, one of product_items
	Delivery Entity = "delivery" // OrderDeliveryGroupSummary, one of shipments
	Payment  Entity = "payment"  // OrderPaymentSummary, one of payment_instruments
)

// Entities lists them from the outside in.
func Entities() []Entity { return []Entity{Order, Item, Delivery, Payment} }

// Object is the entity's object in order management.
func (e Entity) Object() string {
	return map[Entity]string{
		Order: "OrderSummary", Item: "OrderItemSummary", Delivery: "OrderDeliveryGroupSummary", Payment: "OrderPaymentSummary",
	}[e]
}

// schema is the entity's schema in commerce's document.
func (e Entity) schema() string {
	return map[Entity]string{Order: "Order", Item: "ProductItem", Delivery: "Shipment", Payment: "PaymentInstrument"}[e]
}

// Form is how a value is written on either side.
type Form string

// The forms.
const (
	Text    Form = "text"
	Number  Form = "number"
	Flag    Form = "flag"
	Instant Form = "instant" // with milliseconds, in UTC
	Date    Form = "date"    // without a time
	Choice  Form = "choice"  // one of Values
)

// Rule says that a field and a property are the same.
type Rule struct {
	SOM      string `yaml:"som"`
	Commerce string `yaml:"commerce"`
	As       Form   `yaml:"as"`
	// Values are those of a choice: order management's word and commerce's.
	Values map[string]string `yaml:"values"`
	// Copy has the value go into the follow-up basket when an order is modified, as order management has it then.
	Copy bool `yaml:"copy"`
}

// Custom says that the rule is about a custom field or attribute.
func (r Rule) Custom() bool {
	return strings.HasSuffix(r.SOM, "__c") || strings.HasPrefix(r.Commerce, "c_")
}

// Table is all rules. It does not change; the zero table has none.
type Table struct{ rules map[Entity][]Rule }

// Rules are those of an entity, in the order of the file.
func (t *Table) Rules(e Entity) []Rule { return slices.Clone(t.rules[e]) }

// CustomFields are the fields of an entity's object that custom rules read, in alphabetical order.
func (t *Table) CustomFields(e Entity) []string {
	var fields []string
	for _, r := range t.rules[e] {
		if r.Custom() {
			fields = append(fields, r.SOM)
		}
	}
	slices.SortFunc(fields, cmp.Compare)
	return fields
}

// only is the table with the rules that f picks.
func (t *Table) only(f func(Rule) bool) *Table {
	out := &Table{map[Entity][]Rule{}}
	for e, rules := range t.rules {
		for _, r := range rules {
			if f(r) {
				out.rules[e] = append(out.rules[e], r)
			}
		}
	}
	return out
}

// OnlyCustom is the table with the rules about custom fields and attributes alone: what is shown beside the rest.
func (t *Table) OnlyCustom() *Table { return t.only(Rule.Custom) }

// OnlyCopied is the table with the rules whose values go into a follow-up basket.
func (t *Table) OnlyCopied() *Table { return t.only(func(r Rule) bool { return r.Copy }) }
