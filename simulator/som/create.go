package som

import (
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Create stores a new row as a client of the data API may, and returns its id. Rows that Order Management keeps itself
// come about by its actions and cannot be created. Values have the types of [sobject.Value]. The user becomes the
// creator; empty means the integration user. What is wrong with several values comes back as [Refusals].
func (d *SOM) Create(tx *sandbox.Tx, user string, o *sobject.Object, fields []sobject.FieldValue) (string, error) {
	id, err := d.create(tx, user, o, fields)
	if err != nil {
		return "", fmt.Errorf("create %s: %w", o.Name, err)
	}
	d.Viewed(tx, user, id)
	return id, nil
}

func (d *SOM) create(tx *sandbox.Tx, user string, o *sobject.Object, fields []sobject.FieldValue) (string, error) {
	if err := mayCreate(o); err != nil {
		return "", err
	}
	v, err := d.newValues(tx, o, fields)
	if err != nil {
		return "", err
	}
	switch o.Name {
	case objRefundLine:
		return d.createRefundLine(tx, user, v)
	case objPayment, objRefund, objAuthAdjustment, objAuthorization:
		return d.createTransaction(tx, user, o.Name, v)
	}
	if err := d.prepare(tx, o, v); err != nil {
		return "", err
	}
	id := d.insert(tx, user, o.Name, v)
	d.follow(tx, user, o, v)
	return id, nil
}

// newValues checks the fields of a new row: that they exist and may be sent, that none is missing, and their values.
func (d *SOM) newValues(tx *sandbox.Tx, o *sobject.Object, fields []sobject.FieldValue) (values, error) {
	if err := known(o, fields, func(f *sobject.Field) bool { return f.Createable }); err != nil {
		return nil, err
	}
	sent := values{}
	for _, fv := range fields {
		f, _ := o.Field(fv.Name)
		sent[f.Name] = fv.Value
	}
	if missing := d.missing(o, sent); len(missing) > 0 {
		return nil, missingFields(missing...)
	}
	v, err := d.checkedValues(tx, o, fields)
	if err != nil {
		return nil, err
	}
	for name, value := range v {
		if value == nil {
			delete(v, name)
		}
	}
	return v, d.checkUnique(tx, o, "", v)
}

// known refuses fields that the object does not have, the first alone, and fields that may not be sent, all at once.
func known(o *sobject.Object, fields []sobject.FieldValue, writable func(*sobject.Field) bool) error {
	var fixed []string
	for _, fv := range fields {
		f, ok := o.Field(fv.Name)
		if !ok {
			return noSuchField(o, fv.Name)
		}
		if !writable(f) {
			fixed = append(fixed, f.Name)
		}
	}
	if len(fixed) > 0 {
		return notWritable(fixed...)
	}
	return nil
}

// checkedValues checks all values against their fields, in the caller's order, and tells everything that is wrong.
func (d *SOM) checkedValues(tx *sandbox.Tx, o *sobject.Object, fields []sobject.FieldValue) (values, error) {
	v, wrong := values{}, refusals{}
	for _, fv := range fields {
		f, _ := o.Field(fv.Name)
		value, refusal := d.checkValue(tx, f, fv.Value)
		wrong.add(refusal)
		v[f.Name] = value
	}
	return v, wrong.err()
}

// missing lists the fields a client has to send and did not, in the order of the object.
func (d *SOM) missing(o *sobject.Object, sent values) []string {
	var names []string
	for _, f := range o.Fields {
		if f.Required && f.Createable && !d.filledIn(o, f) && (sent[f.Name] == nil || sent[f.Name] == "") {
			names = append(names, f.Name)
		}
	}
	return names
}

// filledIn tells whether the org fills the field in when nobody sends it.
func (d *SOM) filledIn(o *sobject.Object, f *sobject.Field) bool {
	if f.Name == "OwnerId" || f.Type == sobject.TypeBoolean {
		return true
	}
	return slices.ContainsFunc(d.defaults[o.Name], func(fv sobject.FieldValue) bool { return fv.Name == f.Name })
}

// checkUnique refuses values that another row has in a field where each may occur once. The row itself is named by id,
// empty for a new one.
func (d *SOM) checkUnique(tx *sandbox.Tx, o *sobject.Object, id string, v values) error {
	wrong := refusals{}
	for _, f := range o.Fields {
		if !f.Unique || v[f.Name] == nil {
			continue
		}
		text := plainText(v[f.Name])
		for _, r := range d.rowsWith(tx, o, f, text) {
			if r.ID != id {
				wrong.add(refuse("som.data.unique", CodeDuplicate,
					"duplicate value found: %s duplicates value on record with id: %s", f.Name, r.ID).on(f.Name))
				break
			}
		}
	}
	return wrong.err()
}
