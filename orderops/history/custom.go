package history

import (
	"encoding/json"
	"fmt"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/somclient"
)

// Custom are custom attributes by their names in commerce, whichever side they were read from.
type Custom map[string]json.RawMessage

// customOrder is what the custom fields of an order and its parts say; the parts are by id.
type customOrder struct {
	order                       Custom
	items, deliveries, payments map[string]Custom
}

// custom translates what order management keeps in custom fields. It is nil when that is not known.
func (h *History) custom(page somclient.Page, orderNo string) (*customOrder, error) {
	row, ok := page.Custom[orderNo]
	if !ok {
		if page.Failure(somclient.PartCustomFields) != nil {
			return nil, nil
		}
		return &customOrder{order: Custom{}}, nil // none are asked for
	}
	var out customOrder
	order, err := h.Mapping.ToCommerce(mapping.Order, mapping.Fields(row.Order))
	if err != nil {
		return nil, fmt.Errorf("custom fields of order %s: %w", orderNo, err)
	}
	out.order = Custom(order)
	for _, part := range []struct {
		entity mapping.Entity
		rows   map[string]somclient.Row
		into   *map[string]Custom
	}{{mapping.Item, row.Items, &out.items}, {mapping.Delivery, row.Deliveries, &out.deliveries}, {mapping.Payment, row.Payments, &out.payments}} {
		*part.into = map[string]Custom{}
		for id, fields := range part.rows {
			translated, err := h.Mapping.ToCommerce(part.entity, mapping.Fields(fields))
			if err != nil {
				return nil, fmt.Errorf("custom fields of order %s: %w", orderNo, err)
			}
			(*part.into)[id] = Custom(translated)
		}
	}
	return &out, nil
}

// customOf picks the attributes that the table knows out of a commerce document.
func (h *History) customOf(doc b2cclient.Document) Custom {
	out := Custom{}
	fields, err := mapping.Flat(doc.Raw)
	if err != nil {
		return out
	}
	for _, rule := range h.Mapping.Rules(mapping.Order) {
		if value, ok := fields[rule.Commerce]; ok {
			out[rule.Commerce] = value
		}
	}
	return out
}

// of is the custom attributes of a part; null when they are not known.
func (c *customOrder) of(part func(*customOrder) map[string]Custom, id string) Custom {
	if c == nil {
		return nil
	}
	if custom, ok := part(c)[id]; ok {
		return custom
	}
	return Custom{}
}
