package sobject

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Value is what a field holds: nil, string (text, also ids, dates as 2006-01-02 and times of day as 15:04:05.000Z), bool, decimal.Decimal (every
// number), time.Time (date and time, UTC) or, only as an answer of [Catalog.Value], [Address] or [Geolocation].
type Value = any

// FieldValue is one field of a row, under its canonical name.
type FieldValue struct {
	Name  string
	Value Value
}

// Record is a stored row. Fields holds only what is not null, sorted by name and without Id; use Set to keep it so.
type Record struct {
	Object, ID string
	Fields     []FieldValue
}

// New is a row without fields. The id is expected in its 18 character form.
func New(object, id string) Record { return Record{Object: object, ID: id} }

// Get is the stored value of a field by its canonical name, or nil. "Id" is the row's id. Formulas and compound fields are not stored:
// [Catalog.Value] computes them.
func (r *Record) Get(name string) Value {
	if name == "Id" {
		return r.ID
	}
	if i, ok := r.find(name); ok {
		return r.Fields[i].Value
	}
	return nil
}

// Hint is where a reader of many rows of one object last found a field. Rows of one object mostly have the same fields, so the
// next one is mostly found without a search.
type Hint int

// near is Get for a reader of many rows; hint is its own for the field.
func (r *Record) near(name string, hint *Hint) Value {
	i := int(*hint)
	if i < len(r.Fields) && r.Fields[i].Name == name {
		return r.Fields[i].Value
	}
	if i <= len(r.Fields) && (i == 0 || r.Fields[i-1].Name < name) && (i == len(r.Fields) || r.Fields[i].Name > name) {
		return nil
	}
	i, found := r.find(name)
	*hint = Hint(i)
	if !found {
		return nil
	}
	return r.Fields[i].Value
}

// Text is the stored text of a field, "" when it is null or no text.
func (r *Record) Text(name string) string {
	s, _ := r.Get(name).(string)
	return s
}

// Decimal is the stored number of a field, zero when it is null or no number.
func (r *Record) Decimal(name string) decimal.Decimal {
	d, _ := r.Get(name).(decimal.Decimal)
	return d
}

// Bool is the stored truth of a field, false when it is null.
func (r *Record) Bool(name string) bool {
	b, _ := r.Get(name).(bool)
	return b
}

// BoolNear is Bool for a reader of many rows.
func (r *Record) BoolNear(name string, hint *Hint) bool {
	b, _ := r.near(name, hint).(bool)
	return b
}

// Time is the stored instant of a field in UTC, the zero time when it is null.
func (r *Record) Time(name string) time.Time {
	t, _ := r.Get(name).(time.Time)
	return t
}

// Set stores a value under the canonical name. Nil and the empty string remove the field, since Salesforce knows no empty text. A time is
// turned to UTC. Rows this one was cloned from, and its own earlier clones, do not change.
func (r *Record) Set(name string, v Value) {
	if t, ok := v.(time.Time); ok {
		v = t.UTC()
	}
	i, found := r.find(name)
	switch remove := v == nil || v == ""; {
	case remove && !found:
		return
	case remove:
		r.Fields = slices.Concat(r.Fields[:i], r.Fields[i+1:])
	case found:
		r.Fields = slices.Clone(r.Fields)
		r.Fields[i].Value = v
	default:
		r.Fields = slices.Concat(r.Fields[:i], []FieldValue{{Name: name, Value: v}}, r.Fields[i:])
	}
}

// Clone is a row that can be changed without altering this one.
func (r Record) Clone() Record {
	r.Fields = slices.Clone(r.Fields)
	return r
}

func (r *Record) find(name string) (int, bool) {
	return slices.BinarySearchFunc(r.Fields, name, func(f FieldValue, name string) int { return strings.Compare(f.Name, name) })
}
