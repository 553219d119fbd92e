package som

import (
	"fmt"

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

// Record finds one row by an id in either form. Rows in the recycle bin are not found.
func (d *SOM) Record(tx *sandbox.Tx, o *sobject.Object, id string) (*sobject.Record, error) {
	r, err := d.anyRecord(tx, o, id)
	if err == nil && deleted(r) {
		return nil, refuse("som.data.record-exists", CodeNotFound, "The requested resource does not exist")
	}
	return r, err
}

// anyRecord finds one row, in the recycle bin too.
func (d *SOM) anyRecord(tx *sandbox.Tx, o *sobject.Object, id string) (*sobject.Record, error) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, refuse("som.data.record-exists", CodeNotFound,
			"Provided external ID field does not exist or is not accessible: %s", id)
	}
	if of, ok := d.catalog.ByPrefix(long); ok && of.Name != o.Name {
		return nil, refuse("som.data.id-object", CodeMalformedID, "%s: id value of incorrect type: %s", o.Label+" ID", id).on("Id")
	}
	r, ok := d.Rows(tx).Get(long)
	if !ok || r.Object != o.Name {
		return nil, refuse("som.data.record-exists", CodeNotFound, "The requested resource does not exist")
	}
	return r, nil
}

// livingRecord finds one row that is to be changed.
func (d *SOM) livingRecord(tx *sandbox.Tx, o *sobject.Object, id string) (*sobject.Record, error) {
	r, err := d.anyRecord(tx, o, id)
	if err == nil && deleted(r) {
		return nil, refuse("som.data.record-deleted", CodeDeleted, "entity is deleted")
	}
	return r, err
}

// Update changes fields of one row as a client of the data API may. Values have the types of [sobject.Value]; nil
// clears a field. The user becomes the last editor; empty means the integration user. What is wrong with several values
// comes back as [Refusals].
func (d *SOM) Update(tx *sandbox.Tx, user, object, id string, changes []sobject.FieldValue) error {
	o, err := d.Object(object)
	if err != nil {
		return err
	}
	r, err := d.livingRecord(tx, o, id)
	if err != nil {
		return fmt.Errorf("update %s %s: %w", object, id, err)
	}
	if err := d.update(tx, user, o, r, changes); err != nil {
		return fmt.Errorf("update %s %s: %w", object, id, err)
	}
	d.Viewed(tx, user, r.ID)
	return nil
}

func (d *SOM) update(tx *sandbox.Tx, user string, o *sobject.Object, r *sobject.Record, changes []sobject.FieldValue) error {
	if err := mayUpdate(o); err != nil {
		return err
	}
	if err := d.editable(tx, o, r.ID, r.Text("OrderId")); err != nil {
		return err
	}
	writable := func(f *sobject.Field) bool { return f.Updateable && !guarded(o.Name, f.Name) }
	if err := known(o, changes, writable); err != nil {
		return err
	}
	v, err := d.checkedValues(tx, o, changes)
	if err != nil {
		return err
	}
	if err := d.checkUnique(tx, o, r.ID, v); err != nil {
		return err
	}
	return d.applyChanges(tx, user, o, r.ID, v)
}

// applyChanges writes checked values. A status may write rows of its own and comes last, from what is stored then.
func (d *SOM) applyChanges(tx *sandbox.Tx, user string, o *sobject.Object, id string, v values) error {
	status, moved := v["Status"].(string)
	if o.Name == objFulfillmentOrder || o.Name == objReturnOrder {
		delete(v, "Status")
	}
	r, _ := d.find(tx, o.Name, id)
	if err := d.beforeUpdate(tx, o, r, v); err != nil {
		return err
	}
	t := tracked(r)
	for name, value := range v {
		t.put(name, value)
	}
	t.changed = true // an update counts as one even when it changes nothing
	d.save(tx, user, t)
	d.follow(tx, user, o, values{"OrderId": t.Get("OrderId"), "CartId": t.Get("CartId")})
	switch {
	case o.Name == objPickTicket && moved:
		d.completePicking(tx, user, &t.Record)
	case o.Name == objFulfillmentOrder && moved:
		return d.SetFulfillmentOrderStatus(tx, user, id, status)
	case o.Name == objReturnOrder && moved:
		return d.SetReturnOrderStatus(tx, user, id, status)
	}
	return nil
}

func noSuchField(o *sobject.Object, name string) *Error {
	return refuse("som.data.field-exists", CodeInvalidField, "No such column '%s' on sobject of type %s", name, o.Name).on(name)
}

// editable refuses changes of an order that has been summarised: the order is locked from then on. The row is an order,
// or belongs to the order of that id.
func (d *SOM) editable(tx *sandbox.Tx, o *sobject.Object, id, orderID string) error {
	switch o.Name {
	case objOrder:
		orderID = id
	case objOrderItem, objOrderDeliveryGroup, objOrderAdjGroup, objOrderItemAdjustment, objOrderItemTax:
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

// Children lists the rows behind a child relationship of a row, in the order of their ids.
func (d *SOM) Children(tx *sandbox.Tx, relationship sobject.ChildRelationship, id string) []*sobject.Record {
	return d.Rows(tx).children(relationship.Object, relationship.Field, id)
}
