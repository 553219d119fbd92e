package som

import (
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// checkValue checks a value against its field and returns it as it is stored.
func (d *SOM) checkValue(tx *sandbox.Tx, f *sobject.Field, v sobject.Value) (sobject.Value, *Error) {
	if v == nil || v == "" {
		if f.Required && f.Type != sobject.TypeBoolean {
			return nil, missingFields(f.Name)
		}
		return nil, nil
	}
	if !fits(f, v) {
		return nil, refuse("som.data.field-type", CodeWrongFieldType, "%s: value not of required type: %s", f.Label, plainText(v)).on(f.Name)
	}
	switch v := v.(type) {
	case decimal.Decimal:
		return checkNumber(f, v)
	case string:
		return d.checkText(tx, f, v)
	default:
		return v, nil
	}
}

func missingFields(names ...string) *Error {
	return refuse("som.data.field-required", CodeRequiredFieldMissing,
		"Required fields are missing: [%s]", strings.Join(names, ", ")).on(names...)
}

func fits(f *sobject.Field, v sobject.Value) bool {
	switch v := v.(type) {
	case bool:
		return f.Type == sobject.TypeBoolean
	case decimal.Decimal:
		return f.Type.Numeric() && (f.Type != sobject.TypeInt || !sane(v) || v.IsInteger())
	case time.Time:
		return f.Type == sobject.TypeDatetime
	case string:
		return f.Type != sobject.TypeBoolean && !f.Type.Numeric() && f.Type != sobject.TypeDatetime
	default:
		return false
	}
}

// plainText shows a value of the wrong type as its sender wrote it, roughly.
func plainText(v sobject.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	case decimal.Decimal:
		if sane(v) {
			return v.String()
		}
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	}
	return "?"
}

// maxExponent bounds the powers of ten that are calculated with: no field holds a number near it, and a longer one
// would cost its sender a few bytes and the simulator gigabytes.
const maxExponent = 64

func sane(n decimal.Decimal) bool {
	return n.Exponent() <= maxExponent && n.Exponent() >= -maxExponent && n.NumDigits() <= 2*maxExponent
}

// checkNumber holds a number to the digits of its field. Decimals beyond the field's scale are rounded, as the platform
// does for what is sent to it.
func checkNumber(f *sobject.Field, n decimal.Decimal) (sobject.Value, *Error) {
	limit := decimal.New(1, int32(f.Length-f.Scale))
	if f.Length == 0 {
		limit = decimal.New(1, int32(defaultDigits))
	}
	if !sane(n) || n.Abs().GreaterThanOrEqual(limit) {
		shown := "a number of that size"
		if sane(n) {
			shown = n.String()
		}
		return nil, refuse("som.data.number-range", CodeNumberRange, "%s: value outside of valid range on numeric field: %s", f.Label, shown).on(f.Name)
	}
	return n.Round(int32(f.Scale)), nil
}

const defaultDigits = 18

// email is the form of an address: something, an at sign, and a domain of at least two labels.
var email = regexp.MustCompile(`^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$`)

func (d *SOM) checkText(tx *sandbox.Tx, f *sobject.Field, text string) (sobject.Value, *Error) {
	switch {
	case f.Type == sobject.TypePicklist && len(f.Picklist) > 0:
		return checkPicklist(f, text)
	case f.Type == sobject.TypeReference:
		return d.checkReference(tx, f, text)
	case f.Type.Textual() && f.Length > 0 && len([]rune(text)) > f.Length:
		return nil, refuse("som.data.text-length", CodeStringTooLong,
			"%s: data value too large: %s (max length=%d)", f.Label, text, f.Length).on(f.Name)
	case f.Type == sobject.TypeEmail && !email.MatchString(text):
		return nil, refuse("som.data.email", CodeInvalidEmail, "%s: invalid email address: %s", f.Label, text).on(f.Name)
	case f.Type == sobject.TypeDate && !isDay(text):
		return nil, refuse("som.data.field-type", CodeWrongFieldType, "%s: value not of required type: %s", f.Label, text).on(f.Name)
	}
	return text, nil
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func checkPicklist(f *sobject.Field, text string) (sobject.Value, *Error) {
	value, ok := f.PicklistValue(text)
	switch {
	case ok && !value.Inactive:
		return value.Value, nil
	case f.Restricted:
		return nil, badPicklistValue(f.Name, text)
	case f.Length > 0 && len([]rune(text)) > f.Length:
		return nil, refuse("som.data.text-length", CodeStringTooLong,
			"%s: data value too large: %s (max length=%d)", f.Label, text, f.Length).on(f.Name)
	default:
		return text, nil
	}
}

func badPicklistValue(field, value string) *Error {
	return refuse("som.data.picklist-value", CodeBadPicklistValue,
		"%s: bad value for restricted picklist field: %s", field, value).on(field)
}

func (d *SOM) checkReference(tx *sandbox.Tx, f *sobject.Field, id string) (sobject.Value, *Error) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, refuse("som.data.reference-form", CodeMalformedID, "%s: id value of incorrect type: %s", f.Label, id).on(f.Name)
	}
	if len(f.ReferenceTo) == 0 {
		return long, nil
	}
	if of, known := d.catalog.ByPrefix(long); known && !f.Refers(of.Name) {
		return nil, refuse("som.data.reference-object", CodeIntegrity, "%s: id value of incorrect type: %s", f.Label, id).on(f.Name)
	}
	r, ok := d.Rows(tx).Get(long)
	switch {
	case !ok || !f.Refers(r.Object):
		return nil, refuse("som.data.reference-exists", CodeInvalidCrossReference, "invalid cross reference id").on(f.Name)
	case deleted(r):
		return nil, refuse("som.data.reference-deleted", CodeDeleted, "entity is deleted").on(f.Name)
	}
	return long, nil
}

// picklistValue finds a value of a picklist, in any case.
func (d *SOM) picklistValue(object, field, value string) (sobject.PicklistValue, bool) {
	o, ok := d.catalog.Object(object)
	if !ok {
		return sobject.PicklistValue{}, false
	}
	f, ok := o.Field(field)
	if !ok {
		return sobject.PicklistValue{}, false
	}
	return f.PicklistValue(value)
}

// canonicalReason is a reason in the spelling of its picklist.
func (d *SOM) canonicalReason(reason string) string {
	value, _ := d.picklistValue(objItemChange, "Reason", reason)
	return value.Value
}
