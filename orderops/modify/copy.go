package modify

import (
	"context"
	"fmt"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// copyFields puts the values of custom fields that are marked for it into the follow-up basket as order management has them
// now. What is empty there is left out of the basket, whatever commerce had.
func (j *job) copyFields(ctx context.Context, f *followUp) error {
	if !j.copies() {
		return nil
	}
	page, err := j.SOM.Orders(ctx, []string{j.row.OrderNo})
	if err != nil {
		return err
	}
	row, ok := page.Custom[j.row.OrderNo]
	summary, found := page.Find(j.row.OrderNo)
	if !ok || !found {
		failure := &remote.Error{System: somclient.System, Operation: "query", Class: remote.Unavailable}
		if part := page.Failure(somclient.PartCustomFields); part != nil {
			failure.Status, failure.VendorCode = part.Status, part.Code
		}
		return failure
	}
	if f.basket.Custom, err = j.copied(mapping.Order, row.Order, f.basket.Custom); err != nil {
		return err
	}
	groups := map[string]string{} // the delivery group of a shipment
	for i := range f.basket.Items {
		item := &f.basket.Items[i]
		for _, l := range summary.Items.Records {
			if l.ProductCode != item.ProductID && l.StockKeepingUnit != item.ProductID {
				continue
			}
			groups[item.ShipmentID] = l.OrderDeliveryGroupSummaryID
			if item.Custom, err = j.copied(mapping.Item, row.Items[l.ID], item.Custom); err != nil {
				return err
			}
			break
		}
	}
	for i := range f.basket.Shipments {
		s := &f.basket.Shipments[i]
		if s.Custom, err = j.copied(mapping.Delivery, row.Deliveries[groups[s.ID]], s.Custom); err != nil {
			return err
		}
	}
	return nil
}

// copies says that some field is marked. Payments are never copied.
func (j *job) copies() bool {
	for _, e := range []mapping.Entity{mapping.Order, mapping.Item, mapping.Delivery} {
		if j.Mapping != nil && len(j.Mapping.Rules(e)) > 0 {
			return true
		}
	}
	return false
}

// copied lays the translated fields of a row over what commerce has.
func (j *job) copied(e mapping.Entity, row somclient.Row, over b2cclient.Custom) (b2cclient.Custom, error) {
	rules := j.Mapping.Rules(e)
	if len(rules) == 0 || row == nil {
		return over, nil
	}
	values, err := j.Mapping.ToCommerce(e, mapping.Fields(row))
	if err != nil {
		return over, fmt.Errorf("copy custom fields of order %s: %w", j.row.OrderNo, err)
	}
	out := b2cclient.Custom{}
	for name, value := range over {
		out[name] = value
	}
	for _, r := range rules {
		if value, ok := values[r.Commerce]; ok {
			out[r.Commerce] = value
		} else {
			delete(out, r.Commerce)
		}
	}
	return out, nil
}
