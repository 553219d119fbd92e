package som

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Ambiguous is the refusal to choose between several rows with the same value of an external id.
type Ambiguous struct {
	Object string
	// IDs are the rows, 18 characters each, in their order.
	IDs []string
}

func (e *Ambiguous) Error() string {
	return fmt.Sprintf("%d rows of %s have the external id", len(e.IDs), e.Object)
}

// RuleID returns the id of the rule behind the refusal.
func (e *Ambiguous) RuleID() string { return "som.data.external-id-once" }

// ExternalID finds a field by which rows can be addressed: the id, an external id, or another field whose values the org
// keeps apart (idLookup in describe).
func (d *SOM) ExternalID(o *sobject.Object, name string) (*sobject.Field, error) {
	f, ok := o.Field(name)
	if !ok || f.Type != sobject.TypeID && !f.ExternalID && !f.Unique && !f.AutoNumber {
		return nil, refuse("som.data.external-id", CodeNotFound,
			"Provided external ID field does not exist or is not accessible: %s", name)
	}
	return f, nil
}

// ByExternalID finds the row whose external id has the value; [Ambiguous] when there are several.
func (d *SOM) ByExternalID(tx *sandbox.Tx, o *sobject.Object, f *sobject.Field, value string) (*sobject.Record, error) {
	rows := d.rowsWith(tx, o, f, value)
	switch len(rows) {
	case 0:
		return nil, refuse("som.data.record-exists", CodeNotFound, "The requested resource does not exist")
	case 1:
		return rows[0], nil
	}
	several := &Ambiguous{Object: o.Name}
	for _, r := range rows {
		several.IDs = append(several.IDs, r.ID)
	}
	return nil, several
}

// Upsert updates the row whose external id has the value, or creates one that has it.
func (d *SOM) Upsert(
	tx *sandbox.Tx, user string, o *sobject.Object, f *sobject.Field, value string, fields []sobject.FieldValue,
) (id string, created bool, err error) {
	rows := d.rowsWith(tx, o, f, value)
	switch len(rows) {
	case 0:
		key := sobject.FieldValue{Name: f.Name, Value: value}
		if f.Type.Numeric() {
			key.Value, err = decimal.NewFromString(value)
			if err != nil {
				return "", false, refuse("som.data.field-type", CodeWrongFieldType, "%s: value not of required type: %s", f.Label, value).on(f.Name)
			}
		}
		id, err = d.Create(tx, user, o, append([]sobject.FieldValue{key}, fields...))
		return id, true, err
	case 1:
		return rows[0].ID, false, d.Update(tx, user, o.Name, rows[0].ID, fields)
	default:
		_, err = d.ByExternalID(tx, o, f, value)
		return "", false, err
	}
}

// Foreign turns a parent that is named by an external id into the reference that holds it.
func (d *SOM) Foreign(tx *sandbox.Tx, o *sobject.Object, relationship, field, value string) (sobject.FieldValue, error) {
	reference, ok := o.Parent(relationship)
	if !ok || len(reference.ReferenceTo) == 0 {
		return sobject.FieldValue{}, noSuchField(o, relationship)
	}
	for _, name := range reference.ReferenceTo {
		parent, _ := d.catalog.Object(name)
		f, err := d.ExternalID(parent, field)
		if err != nil {
			continue
		}
		if rows := d.rowsWith(tx, parent, f, value); len(rows) == 1 {
			return sobject.FieldValue{Name: reference.Name, Value: rows[0].ID}, nil
		}
	}
	return sobject.FieldValue{}, refuse("som.data.foreign-key", CodeInvalidField,
		"Foreign key external ID: %s not found for field %s in entity %s", value, field, reference.ReferenceTo[0])
}

// rowsWith lists the living rows that have a value in a field, in the order of their ids. Case counts only where the
// field says so.
func (d *SOM) rowsWith(tx *sandbox.Tx, o *sobject.Object, f *sobject.Field, value string) []*sobject.Record {
	if value == "" {
		return nil
	}
	if f.Type == sobject.TypeID {
		if r, ok := d.find(tx, o.Name, value); ok {
			return []*sobject.Record{r}
		}
		return nil
	}
	has := func(r *sobject.Record) bool {
		switch v := r.Get(f.Name).(type) {
		case string:
			return v == value || !f.CaseSensitive && strings.EqualFold(v, value)
		case decimal.Decimal:
			n, err := decimal.NewFromString(value)
			return err == nil && n.Equal(v)
		default:
			return false
		}
	}
	var rows []*sobject.Record
	keep := func(r *sobject.Record) bool {
		if !deleted(r) && has(r) {
			rows = append(rows, r)
		}
		return true
	}
	if f.Indexed && !f.Type.Numeric() {
		for _, r := range d.Rows(tx).Lookup(o.Name, f.Name, value) {
			keep(r)
		}
		return rows
	}
	d.Rows(tx).Scan(o.Name, keep)
	return rows
}
