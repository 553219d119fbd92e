package b2c

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// AttributeType is the type of a custom attribute in its definition, in the vendor's words.
type AttributeType string

// The types of custom attributes. Values of the types after the boolean travel as texts.
const (
	TypeString   AttributeType = "string"
	TypeText     AttributeType = "text"
	TypeInt      AttributeType = "int"
	TypeDouble   AttributeType = "double"
	TypeBoolean  AttributeType = "boolean"
	TypeDate     AttributeType = "date"
	TypeDateTime AttributeType = "datetime"
	TypeEnum     AttributeType = "enum_of_string"
	TypeSet      AttributeType = "set_of_string"
)

// AttributeTypes lists the types a definition can have.
func AttributeTypes() []AttributeType {
	return []AttributeType{TypeString, TypeText, TypeInt, TypeDouble, TypeBoolean, TypeDate, TypeDateTime, TypeEnum, TypeSet}
}

// AttributeDefinition says what a custom attribute of orders can hold. Values are those of an enumeration.
type AttributeDefinition struct {
	ID     string
	Type   AttributeType
	Values []string
}

// AttributeDefinitions are all custom attributes that the orders of a site can have.
type AttributeDefinitions struct {
	SiteID     string
	Attributes []AttributeDefinition
}

func (d AttributeDefinitions) clone() AttributeDefinitions {
	d.Attributes = slices.Clone(d.Attributes)
	return d
}

// DefineAttributes says which custom attributes the orders of a site have; those of other ids are refused from then on.
// A site without definitions takes every attribute. No definitions at all return to that.
func (b *B2C) DefineAttributes(tx *sandbox.Tx, d AttributeDefinitions) error {
	if _, err := b.Site(tx, d.SiteID); err != nil {
		return err
	}
	for i, a := range d.Attributes {
		switch {
		case a.ID == "":
			return fmt.Errorf("attributes[%d]: it has no id", i)
		case !slices.Contains(AttributeTypes(), a.Type):
			return fmt.Errorf("attributes[%d] %s: there is no type %q", i, a.ID, a.Type)
		case (a.Type == TypeEnum) == (len(a.Values) == 0):
			return fmt.Errorf("attributes[%d] %s: an enumeration has values, and nothing else has", i, a.ID)
		}
	}
	if len(d.Attributes) == 0 {
		b.definitions.Delete(tx.Tx, d.SiteID)
		return nil
	}
	b.definitions.Put(tx.Tx, d)
	return nil
}

// Definitions returns the custom attributes that the orders of a site can have; none when every attribute is taken.
func (b *B2C) Definitions(tx *sandbox.Tx, siteID string) AttributeDefinitions {
	d, _ := b.definitions.Get(tx.Tx, siteID)
	d.SiteID = siteID
	return d
}

// checkDefined refuses attributes that the site does not define, or not with such values. What commerce shows by itself is
// always defined.
func (b *B2C) checkDefined(tx *sandbox.Tx, siteID string, set Attributes) error {
	d, ok := b.definitions.Peek(tx.Tx, siteID)
	if !ok {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(set)) {
		if id == SummaryAttribute || id == CurrentOrderAttribute || id == ModifiesAttribute {
			continue
		}
		why := "is not defined"
		if i := slices.IndexFunc(d.Attributes, func(a AttributeDefinition) bool { return a.ID == id }); i >= 0 {
			why = d.Attributes[i].refuses(set[id])
		}
		if why != "" {
			return &Error{
				Code: InvalidCustomProperty, Rule: "b2c.order.custom-defined", Message: fmt.Sprintf("The property 'c_%s' %s.", id, why),
				Arguments: map[string]string{"property": "c_" + id, "document": "order"},
			}
		}
	}
	return nil
}

// refuses tells why a value is none of the attribute's, empty when it is one.
func (d AttributeDefinition) refuses(v Attribute) string {
	fits := v.Kind == KindString
	switch d.Type {
	case TypeInt:
		fits = v.Kind == KindNumber && v.Number.IsInteger()
	case TypeDouble:
		fits = v.Kind == KindNumber
	case TypeBoolean:
		fits = v.Kind == KindBoolean
	case TypeSet:
		fits = v.Kind == KindSet
	case TypeEnum:
		fits = fits && slices.Contains(d.Values, v.Text)
	case TypeDate:
		_, err := time.Parse(time.DateOnly, v.Text)
		fits = fits && err == nil
	case TypeDateTime:
		_, err := time.Parse(time.RFC3339, v.Text)
		fits = fits && err == nil
	case TypeString, TypeText:
	}
	if fits {
		return ""
	}
	return "is of the type " + string(d.Type) + " and cannot hold that value"
}
