package som

import (
	"fmt"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// deleted tells whether a row is in the recycle bin.
func deleted(r *sobject.Record) bool { return r.Bool("IsDeleted") }

// living leaves rows in the recycle bin out.
func living(rows []*sobject.Record) []*sobject.Record {
	for i, r := range rows {
		if !deleted(r) {
			continue
		}
		kept := append([]*sobject.Record(nil), rows[:i]...)
		for _, other := range rows[i:] {
			if !deleted(other) {
				kept = append(kept, other)
			}
		}
		return kept
	}
	return rows
}

// Delete puts a row into the recycle bin with everything that cannot be without it. Rows that only point to it lose the
// reference; where that is not possible, nothing is deleted.
func (d *SOM) Delete(tx *sandbox.Tx, user string, o *sobject.Object, id string) error {
	r, err := d.livingRecord(tx, o, id)
	if err != nil {
		return fmt.Errorf("delete %s %s: %w", o.Name, id, err)
	}
	bin := &deletion{d: d, tx: tx, user: user, gone: map[string]bool{}}
	if err := bin.take(o, r, nil); err != nil {
		return fmt.Errorf("delete %s %s: %w", o.Name, id, err)
	}
	bin.empty()
	d.follow(tx, user, o, values{"OrderId": r.Get("OrderId"), "CartId": r.Get("CartId")})
	return nil
}

// deletion collects first and writes then, so that a refusal finds nothing changed.
type deletion struct {
	d    *SOM
	tx   *sandbox.Tx
	user string
	gone map[string]bool
	rows []*sobject.Record
	// loose are rows that will lose a reference.
	loose []looseEnd
}

type looseEnd struct {
	id, object, field string
	required          bool
}

// take adds a row and everything below it. The root is the row the client named, nil while that is taken itself.
func (b *deletion) take(o *sobject.Object, r, root *sobject.Record) error {
	if b.gone[r.ID] {
		return nil
	}
	if root == nil {
		root = r
	}
	if err := b.mayGo(o, r, root); err != nil {
		return err
	}
	b.gone[r.ID] = true
	b.rows = append(b.rows, r)
	for _, child := range o.Children {
		if !child.CascadeDelete {
			continue
		}
		below, _ := b.d.catalog.Object(child.Object)
		for _, row := range b.d.Rows(b.tx).children(child.Object, child.Field, r.ID) {
			if err := b.take(below, row, root); err != nil {
				return err
			}
		}
	}
	return b.loosen(o, r, root)
}

// mayGo applies the rules of one row's object. What keeps a row below from being deleted keeps the root.
func (b *deletion) mayGo(o *sobject.Object, r, root *sobject.Record) error {
	err := mayDelete(o)
	if err == nil {
		err = b.d.editable(b.tx, o, r.ID, r.Text("OrderId"))
	}
	if err == nil && o.Name == objOrder && r.Text("StatusCode") == statusActivated {
		err = refuse("som.order.delete-activated", CodeDeleteFailed, "Activated orders can't be deleted.")
	}
	if err != nil && r != root {
		return b.restricted(root, o)
	}
	return err
}

func (b *deletion) restricted(root *sobject.Record, by *sobject.Object) error {
	of, _ := b.d.catalog.Object(root.Object)
	return refuse("som.data.delete-restricted", CodeDeleteFailed,
		"Your attempt to delete the %s could not be completed because it is associated with the following: %s.", of.Label, by.LabelPlural)
}

// loosen finds rows that point to one that goes, by a reference that does not take them along.
func (b *deletion) loosen(o *sobject.Object, r, root *sobject.Record) error {
	for _, owner := range b.d.catalog.Objects() {
		var fields []*sobject.Field
		for _, f := range owner.Fields {
			if f.Refers(o.Name) && !b.cascades(o, owner, f) {
				fields = append(fields, f)
			}
		}
		for _, end := range b.pointing(owner, fields, r.ID) {
			if end.required || managedObject(owner.Name) || recordedObject(owner.Name) {
				return b.restricted(root, owner)
			}
			b.loose = append(b.loose, end)
		}
	}
	return nil
}

func (b *deletion) cascades(o, owner *sobject.Object, f *sobject.Field) bool {
	for _, child := range o.Children {
		if child.Object == owner.Name && child.Field == f.Name {
			return child.CascadeDelete
		}
	}
	return false
}

// pointing lists the references of one object's rows to an id.
func (b *deletion) pointing(owner *sobject.Object, fields []*sobject.Field, id string) []looseEnd {
	var ends []looseEnd
	for _, f := range fields {
		for _, r := range b.d.Rows(b.tx).children(owner.Name, f.Name, id) {
			ends = append(ends, looseEnd{r.ID, owner.Name, f.Name, f.Required})
		}
	}
	return ends
}

// empty writes what was collected.
func (b *deletion) empty() {
	for _, end := range b.loose {
		if r, ok := b.d.find(b.tx, end.object, end.id); ok && !b.gone[end.id] {
			t := tracked(r)
			t.put(end.field, nil)
			b.d.save(b.tx, b.user, t)
		}
	}
	for _, r := range b.rows {
		t := tracked(r)
		t.put("IsDeleted", true)
		b.d.save(b.tx, b.user, t)
	}
}
