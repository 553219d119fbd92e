package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// follow brings what hangs on a changed row up to date: the totals of the order it is part of.
func (d *SOM) follow(tx *sandbox.Tx, user string, o *sobject.Object, v values) {
	switch o.Name {
	case objOrderItem, objOrderAdjGroup, objOrderItemAdjustment, objOrderItemTax, objOrderDeliveryGroup:
		if id, ok := v["OrderId"].(string); ok {
			d.sumUpOrder(tx, user, id)
		}
	case objCartItem, objCartTax:
		if id, ok := v["CartId"].(string); ok {
			d.sumUpCart(tx, user, id)
		}
	}
}

// orderTotals is an order's graph while its sums are computed.
type orderTotals struct {
	d        *SOM
	tx       *sandbox.Tx
	user     string
	whole    totals
	groups   map[string]*totals
	adjusted map[string]amounts
}

// sumUpOrder keeps an order, its items and its groups equal to the lines below them.
func (d *SOM) sumUpOrder(tx *sandbox.Tx, user, orderID string) {
	order, ok := d.find(tx, objOrder, orderID)
	if !ok {
		return
	}
	t := &orderTotals{d: d, tx: tx, user: user, groups: map[string]*totals{}, adjusted: map[string]amounts{}}
	rows := d.Rows(tx)
	for _, item := range rows.children(objOrderItem, "OrderId", orderID) {
		t.addItem(item)
	}
	for _, g := range rows.children(objOrderDeliveryGroup, "OrderId", orderID) {
		sums := t.groups[g.ID]
		if sums == nil {
			sums = &totals{}
		}
		t.write(g, sums.writeGroup)
	}
	for _, g := range rows.children(objOrderAdjGroup, "OrderId", orderID) {
		a := t.adjusted[g.ID]
		t.write(g, func(r *row) {
			r.put("TotalAmount", a.Line)
			r.put("TotalTaxAmount", a.LineTax)
		})
	}
	t.write(order, func(r *row) { t.whole.writeOrder(r, &t.d.decided) })
}

// write stores sums on a row that has them, and leaves rows alone whose sums are as they were.
func (t *orderTotals) write(r *sobject.Record, sums func(*row)) {
	changed := tracked(r)
	sums(changed)
	t.d.save(t.tx, t.user, changed)
}

func (t *orderTotals) addItem(item *sobject.Record) {
	rows := t.d.Rows(t.tx)
	a := amounts{Line: item.Decimal("TotalLineAmount")}
	taxes := map[string]decimal.Decimal{} // by adjustment, the line's own under no id
	for _, tax := range rows.children(objOrderItemTax, "OrderItemId", item.ID) {
		of := tax.Text("OrderItemAdjustmentLineItemId")
		taxes[of] = taxes[of].Add(tax.Decimal("Amount"))
	}
	a.LineTax = taxes[""]
	for _, adjustment := range rows.children(objOrderItemAdjustment, "OrderItemId", item.ID) {
		amount, tax := adjustment.Decimal("Amount"), taxes[adjustment.ID]
		t.write(adjustment, func(r *row) { r.put("TotalTaxAmount", tax) })
		group := t.d.parent(t.tx, objOrderAdjGroup, adjustment.Get("OrderAdjustmentGroupId"))
		if group.Text("Type") == string(GroupHeader) {
			a.Dist, a.DistTax = a.Dist.Add(amount), a.DistTax.Add(tax)
		} else {
			a.Adjustment, a.AdjustmentTax = a.Adjustment.Add(amount), a.AdjustmentTax.Add(tax)
		}
		t.adjusted[group.ID] = t.adjusted[group.ID].plus(amounts{Line: amount, LineTax: tax})
	}
	t.write(item, a.writeLine)
	kind := ItemType(item.Text("Type"))
	t.whole.add(kind, a)
	groupID := item.Text("OrderDeliveryGroupId")
	if t.groups[groupID] == nil {
		t.groups[groupID] = &totals{}
	}
	t.groups[groupID].add(kind, a)
}
