package b2c

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// AttributeKind is the type of a custom attribute's value.
type AttributeKind string

// The kinds of value a custom attribute can have.
const (
	KindString  AttributeKind = "string"
	KindNumber  AttributeKind = "number"
	KindBoolean AttributeKind = "boolean"
	KindSet     AttributeKind = "set"
)

// Attribute is the value of a custom attribute; Kind tells which field holds it.
type Attribute struct {
	Kind   AttributeKind
	Text   string
	Number decimal.Decimal
	Flag   bool
	Set    []string
}

// Text returns a custom attribute that holds a text.
func Text(s string) Attribute { return Attribute{Kind: KindString, Text: s} }

// Number returns a custom attribute that holds a number.
func Number(n decimal.Decimal) Attribute { return Attribute{Kind: KindNumber, Number: n} }

// Flag returns a custom attribute that holds a truth value.
func Flag(v bool) Attribute { return Attribute{Kind: KindBoolean, Flag: v} }

// SetOf returns a custom attribute that holds several texts.
func SetOf(s ...string) Attribute { return Attribute{Kind: KindSet, Set: s} }

// Attributes are the custom attributes of an object by their ids, without the prefix c_ that OCAPI puts before them.
type Attributes map[string]Attribute

func (a Attributes) clone() Attributes {
	out := maps.Clone(a)
	for id, v := range out {
		v.Set = slices.Clone(v.Set)
		out[id] = v
	}
	return out
}
