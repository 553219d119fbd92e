package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// orderSummary is the summary graph of one order while it is being changed. Its rows are copies: nothing is stored
// before save.
type orderSummary struct {
	*row
	groups           []*row
	adjustmentGroups []*row
	items            []*orderItemSummary
	// how is what the org decides where the vendor leaves it open.
	how *decisions
}

// loadOrderSummary reads the graph below an OrderSummary row.
func (d *SOM) loadOrderSummary(tx *sandbox.Tx, r *sobject.Record) *orderSummary {
	s := &orderSummary{row: tracked(r), how: &d.decided}
	s.groups = d.below(tx, objDeliveryGroup, r.ID)
	s.adjustmentGroups = d.below(tx, objAdjustmentGroup, r.ID)
	header := map[string]bool{}
	for _, g := range s.adjustmentGroups {
		header[g.ID] = g.Text("Type") == string(GroupHeader)
	}
	items := map[string]*orderItemSummary{}
	for _, r := range d.below(tx, objOrderItemSummary, r.ID) {
		item := &orderItemSummary{row: r, how: &d.decided}
		items[r.ID] = item
		s.items = append(s.items, item)
	}
	lines := map[string]*adjustmentLine{}
	for _, r := range d.below(tx, objAdjustmentLine, r.ID) {
		line := &adjustmentLine{row: r, header: header[r.Text("OrderAdjustmentGroupSummaryId")]}
		lines[r.ID] = line
		if item := items[r.Text("OrderItemSummaryId")]; item != nil {
			item.adjustments = append(item.adjustments, line)
		}
	}
	for _, r := range d.below(tx, objTaxLine, r.ID) {
		if line := lines[r.Text("OrderItemAdjustmentLineSummaryId")]; line != nil {
			line.taxes = append(line.taxes, r)
		} else if item := items[r.Text("OrderItemSummaryId")]; item != nil {
			item.taxes = append(item.taxes, r)
		}
	}
	return s
}

// below lists the rows of an object that belong to an order summary.
func (d *SOM) below(tx *sandbox.Tx, object, summaryID string) []*row {
	found := d.Rows(tx).children(object, "OrderSummaryId", summaryID)
	out := make([]*row, len(found))
	for i, r := range found {
		out[i] = tracked(r)
	}
	return out
}

// digits is the number of decimals that amounts of the order are rounded to.
func (s *orderSummary) digits() int32 { return currencyDigits(s.Text("CurrencyIsoCode")) }

// item finds an item of the order by an id in either form.
func (s *orderSummary) item(id string) (*orderItemSummary, bool) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, false
	}
	for _, i := range s.items {
		if i.ID == long {
			return i, true
		}
	}
	return nil, false
}

// rollUp computes everything that follows from counters, lines, adjustments and taxes: on the items, the delivery
// groups, the adjustment groups and the order summary.
func (s *orderSummary) rollUp() {
	byGroup := map[string]*totals{}
	adjusted, adjustedTax := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, i := range s.items {
		i.rollUp()
		if byGroup[i.group()] == nil {
			byGroup[i.group()] = &totals{}
		}
		byGroup[i.group()].add(i.kind(), i.amounts())
		for _, line := range i.adjustments {
			group := line.Text("OrderAdjustmentGroupSummaryId")
			adjusted[group] = adjusted[group].Add(line.Decimal("Amount"))
			adjustedTax[group] = adjustedTax[group].Add(line.Decimal("TotalTaxAmount"))
		}
	}
	for _, g := range s.groups {
		if t := byGroup[g.ID]; t != nil {
			t.writeGroup(g)
		}
	}
	for _, g := range s.adjustmentGroups {
		g.put("TotalAmount", adjusted[g.ID])
		g.put("TotalTaxAmount", adjustedTax[g.ID])
	}
	s.totals().writeSummary(s.row, s.how)
}

// totals adds up the items.
func (s *orderSummary) totals() totals {
	var t totals
	for _, i := range s.items {
		t.add(i.kind(), i.amounts())
	}
	return t
}

// grandTotal is what the order is worth now, with tax.
func (s *orderSummary) grandTotal() decimal.Decimal { return s.totals().all().withTax() }

// save stores every row that was changed. New adjustment and tax lines must have been inserted before.
func (s *orderSummary) save(d *SOM, tx *sandbox.Tx, user string) {
	for _, i := range s.items {
		for _, line := range i.adjustments {
			d.saveAll(tx, user, line.taxes)
			d.save(tx, user, line.row)
		}
		d.saveAll(tx, user, i.taxes)
		d.save(tx, user, i.row)
	}
	d.saveAll(tx, user, s.groups)
	d.saveAll(tx, user, s.adjustmentGroups)
	d.save(tx, user, s.row)
}

func (d *SOM) saveAll(tx *sandbox.Tx, user string, rows []*row) {
	for _, r := range rows {
		d.save(tx, user, r)
	}
}

// managedSummary finds the order summary that an action is about and loads its graph. The actions work on managed
// order summaries only.
func (d *SOM) managedSummary(tx *sandbox.Tx, id string) (*orderSummary, error) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, refuse("som.connect.id-form", CodeInvalidID, "Invalid identifier: %s", id)
	}
	if o, ok := d.catalog.ByPrefix(long); !ok || o.Name != objOrderSummary {
		return nil, refuse("som.connect.id-object", CodeInvalidID, "The identifier %s is not of an OrderSummary.", id)
	}
	r, ok := d.find(tx, objOrderSummary, long)
	if !ok {
		return nil, refuse("som.connect.record-exists", CodeNotFound, "The requested resource does not exist")
	}
	if r.Text("OrderLifeCycleType") != string(Managed) {
		return nil, refuse("som.summary.managed", CodeInvalidInput,
			"The order summary %s is unmanaged; this action works on managed order summaries only.", r.ID)
	}
	return d.loadOrderSummary(tx, r), nil
}
