package som

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Object finds an object of the org by its API name in any case.
func (d *SOM) Object(name string) (*sobject.Object, error) {
	o, ok := d.catalog.Object(name)
	if !ok {
		return nil, refuse("som.data.object-exists", CodeNotFound, "The requested resource does not exist")
	}
	return o, nil
}

// Record finds one row by an id in either form.
func (d *SOM) Record(tx *sandbox.Tx, o *sobject.Object, id string) (*sobject.Record, error) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, refuse("som.data.record-exists", CodeNotFound,
			"Provided external ID field does not exist or is not accessible: %s", id)
	}
	if of, ok := d.catalog.ByPrefix(long); ok && of.Name != o.Name {
		return nil, refuse("som.data.id-object", CodeMalformedID, "%s: id value of incorrect type: %s", o.Label+" ID", id).on("Id")
	}
	r, ok := d.find(tx, o.Name, long)
	if !ok {
		return nil, refuse("som.data.record-exists", CodeNotFound, "The requested resource does not exist")
	}
	return r, nil
}

// Update changes fields of one row as a client of the data API may. Values have the types of [sobject.Value]; nil
// clears a field. The user becomes the last editor; empty means the integration user.
func (d *SOM) Update(tx *sandbox.Tx, user, object, id string, changes []sobject.FieldValue) error {
	o, err := d.Object(object)
	if err != nil {
		return err
	}
	r, err := d.Record(tx, o, id)
	if err != nil {
		return fmt.Errorf("update %s %s: %w", object, id, err)
	}
	if err := d.editable(tx, o, r); err != nil {
		return fmt.Errorf("update %s %s: %w", object, id, err)
	}
	for _, change := range changes {
		// A status change writes rows of its own, so each step starts from what is stored now.
		if err := d.updateField(tx, user, o, r.ID, change); err != nil {
			return fmt.Errorf("update %s %s: %w", object, id, err)
		}
	}
	return nil
}

func (d *SOM) updateField(tx *sandbox.Tx, user string, o *sobject.Object, id string, change sobject.FieldValue) error {
	f, ok := o.Field(change.Name)
	if !ok {
		return noSuchField(o, change.Name)
	}
	if !f.Updateable || !o.Updateable || d.guarded(o.Name, f.Name) {
		return notWritable(f)
	}
	value, err := d.checkValue(tx, f, change.Value)
	if err != nil {
		return err
	}
	if o.Name == objFulfillmentOrder && f.Name == "Status" {
		return d.SetFulfillmentOrderStatus(tx, user, id, value.(string))
	}
	r, _ := d.find(tx, o.Name, id)
	t := tracked(r)
	t.put(f.Name, value)
	d.save(tx, user, t)
	return nil
}

func noSuchField(o *sobject.Object, name string) error {
	return refuse("som.data.field-exists", CodeInvalidField, "No such column '%s' on sobject of type %s", name, o.Name).on(name)
}

func notWritable(f *sobject.Field) error {
	return refuse("som.data.field-writable", CodeFieldNotWritable,
		"Unable to create/update fields: %s. Please check the security settings of this field and verify that it is "+
			"read/write for your profile or permission set.", f.Name).on(f.Name)
}

// guarded fields are writable in the vendor's metadata, but quantities and money of the order follow from them; they
// change through actions only.
func (d *SOM) guarded(object, field string) bool {
	switch object {
	case objFulfillmentLine:
		return field == "Quantity"
	case objAuthorization, objPayment, objRefund, objAuthAdjustment:
		switch field {
		case "Amount", "Status", "Type", "OrderPaymentSummaryId", "PaymentAuthorizationId":
			return true
		}
		return false
	default:
		return false
	}
}

// editable refuses changes of an order that has been summarised: the order is locked from then on.
func (d *SOM) editable(tx *sandbox.Tx, o *sobject.Object, r *sobject.Record) error {
	orderID := ""
	switch o.Name {
	case objOrder:
		orderID = r.ID
	case objOrderItem, objOrderDeliveryGroup, objOrderAdjGroup, objOrderItemAdjustment, objOrderItemTax:
		orderID = r.Text("OrderId")
	default:
		return nil
	}
	summarised := len(d.Rows(tx).children(objOrderSummary, "OriginalOrderId", orderID)) > 0
	order, ok := d.find(tx, objOrder, orderID)
	if summarised || ok && order.Text("RelatedOrderId") != "" {
		return refuse("som.order.locked", CodeLocked, "The order %s has been summarised and is locked.", orderID)
	}
	return nil
}

// checkValue checks a value against its field and returns it as it is stored.
func (d *SOM) checkValue(tx *sandbox.Tx, f *sobject.Field, v sobject.Value) (sobject.Value, error) {
	if v == nil || v == "" {
		if f.Required {
			return nil, refuse("som.data.field-required", CodeRequiredFieldMissing, "Required fields are missing: [%s]", f.Name).on(f.Name)
		}
		return nil, nil
	}
	if !fits(f, v) {
		return nil, refuse("som.data.field-type", CodeWrongType, "Cannot deserialize the value of %s as %s", f.Name, f.Type).on(f.Name)
	}
	text, ok := v.(string)
	if !ok {
		return v, nil
	}
	switch {
	case f.Type == sobject.TypePicklist && len(f.Picklist) > 0:
		return checkPicklist(f, text)
	case f.Type == sobject.TypeReference:
		return d.checkReference(tx, f, text)
	case f.Type.Textual() && f.Length > 0 && len([]rune(text)) > f.Length:
		return nil, refuse("som.data.text-length", CodeStringTooLong,
			"%s: data value too large: %s (max length=%d)", f.Label, text, f.Length).on(f.Name)
	}
	return text, nil
}

func fits(f *sobject.Field, v sobject.Value) bool {
	switch v.(type) {
	case bool:
		return f.Type == sobject.TypeBoolean
	case decimal.Decimal:
		return f.Type.Numeric()
	case time.Time:
		return f.Type == sobject.TypeDatetime
	case string:
		return f.Type != sobject.TypeBoolean && !f.Type.Numeric() && f.Type != sobject.TypeDatetime
	default:
		return false
	}
}

func checkPicklist(f *sobject.Field, text string) (sobject.Value, error) {
	value, ok := f.PicklistValue(text)
	switch {
	case ok && !value.Inactive:
		return value.Value, nil
	case !f.Restricted:
		return text, nil
	default:
		return nil, badPicklistValue(f.Name, text)
	}
}

func badPicklistValue(field, value string) error {
	return refuse("som.data.picklist-value", CodeBadPicklistValue,
		"%s: bad value for restricted picklist field: %s", field, value).on(field)
}

func (d *SOM) checkReference(tx *sandbox.Tx, f *sobject.Field, id string) (sobject.Value, error) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, refuse("som.data.reference-form", CodeMalformedID, "%s: id value of incorrect type: %s", f.Label, id).on(f.Name)
	}
	if len(f.ReferenceTo) == 0 {
		return long, nil
	}
	r, ok := d.Rows(tx).Get(long)
	if !ok || !f.Refers(r.Object) {
		return nil, refuse("som.data.reference-exists", CodeInvalidCrossReference, "invalid cross reference id").on(f.Name)
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
