package som

import (
	"fmt"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Create stores a new row as a client of the data API may, and returns its id. Rows that record money which moved
// outside of Salesforce can be created; everything else comes about by actions and by the import. Values have the types
// of [sobject.Value]. The user becomes the creator; empty means the integration user.
func (d *SOM) Create(tx *sandbox.Tx, user string, o *sobject.Object, fields []sobject.FieldValue) (string, error) {
	id, err := d.create(tx, user, o, fields)
	if err != nil {
		return "", fmt.Errorf("create %s: %w", o.Name, err)
	}
	return id, nil
}

func (d *SOM) create(tx *sandbox.Tx, user string, o *sobject.Object, fields []sobject.FieldValue) (string, error) {
	switch o.Name {
	case objPayment, objRefund, objAuthAdjustment, objRefundLine:
	default:
		return "", refuse("som.data.creatable", CodeNotCreatable,
			"entity type cannot be inserted: %s (the simulation creates Payment, PaymentAuthAdjustment, Refund and RefundLinePayment)", o.Label)
	}
	v, err := d.newValues(tx, o, fields)
	if err != nil {
		return "", err
	}
	if o.Name == objRefundLine {
		return d.createRefundLine(tx, user, v)
	}
	return d.createTransaction(tx, user, o.Name, v)
}

// newValues checks the fields of a new row: that they exist and may be sent, that none is missing, and their values.
func (d *SOM) newValues(tx *sandbox.Tx, o *sobject.Object, fields []sobject.FieldValue) (values, error) {
	sent := values{}
	for _, fv := range fields {
		f, ok := o.Field(fv.Name)
		if !ok {
			return nil, noSuchField(o, fv.Name)
		}
		if !f.Createable {
			return nil, notWritable(f)
		}
		sent[f.Name] = fv.Value
	}
	if missing := d.missing(o, sent); len(missing) > 0 {
		return nil, refuse("som.data.field-required", CodeRequiredFieldMissing,
			"Required fields are missing: [%s]", strings.Join(missing, ", ")).on(missing...)
	}
	v := values{}
	for _, fv := range fields { // in the caller's order, so that the first wrong field is the one told
		f, _ := o.Field(fv.Name)
		value, err := d.checkValue(tx, f, fv.Value)
		if err != nil {
			return nil, err
		}
		if value != nil {
			v[f.Name] = value
		}
	}
	return v, nil
}

// missing lists the fields a client has to send and did not, in the order of the object.
func (d *SOM) missing(o *sobject.Object, sent values) []string {
	var names []string
	for _, f := range o.Fields {
		defaulted := slices.ContainsFunc(d.defaults[o.Name], func(fv sobject.FieldValue) bool { return fv.Name == f.Name })
		if f.Required && f.Createable && !defaulted && (sent[f.Name] == nil || sent[f.Name] == "") {
			names = append(names, f.Name)
		}
	}
	return names
}
