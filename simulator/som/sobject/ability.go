package sobject

import "strings"

// longestFiltered is how long a text area may be and still stand in a filter.
const longestFiltered = 255

// Filterable fields may stand in a WHERE clause: all but compounds and long texts.
func (f *Field) Filterable() bool {
	return f.Type != TypeAddress && f.Type != TypeLocation && f.Type != TypeEncrypted && (f.Type != TypeTextarea || f.Length <= longestFiltered)
}

// Sortable fields may stand in ORDER BY.
func (f *Field) Sortable() bool { return f.Filterable() && f.Type != TypeMultipicklist }

// Groupable fields may stand in GROUP BY: neither amounts nor instants.
func (f *Field) Groupable() bool {
	switch f.Type {
	case TypeCurrency, TypeDouble, TypePercent, TypeDatetime, TypeTime, TypeMultipicklist:
		return false
	default:
		return f.Filterable()
	}
}

// Aggregatable fields may stand in a function such as COUNT_DISTINCT.
func (f *Field) Aggregatable() bool {
	switch f.Type {
	case TypeBoolean, TypeTime, TypeMultipicklist:
		return false
	default:
		return f.Filterable()
	}
}

// Custom fields are an org's own; their names end in __c.
func (f *Field) Custom() bool { return strings.HasSuffix(f.Name, customSuffix) }

const customSuffix = "__c"

// System reports whether every object has the field.
func (f *Field) System() bool { return f.system }

// Compound returns the compound field that a field is a part of, such as BillingAddress for BillingCity; empty for none.
func (o *Object) Compound(f *Field) string {
	for _, whole := range o.Fields {
		part, ok := strings.CutPrefix(f.Name, whole.Prefix)
		if !ok || whole == f {
			continue
		}
		switch {
		case whole.Type == TypeAddress && addressPart(part), whole.Type == TypeLocation && (part == "Latitude" || part == "Longitude"):
			return whole.Name
		}
	}
	return ""
}

func addressPart(name string) bool {
	switch name {
	case "Street", "City", "State", "StateCode", "PostalCode", "Country", "CountryCode", "Latitude", "Longitude", "GeocodeAccuracy":
		return true
	default:
		return false
	}
}
