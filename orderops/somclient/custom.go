package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// CustomFields are fields that one org has and others have not, by the object that they are of.
type CustomFields struct{ Order, Items, Deliveries, Payments []string }

// Row is the values of one row by field, as JSON.
type Row map[string]json.RawMessage

// CustomRow is the custom fields of an order and, by id, of its parts.
type CustomRow struct {
	Order                       Row
	Items, Deliveries, Payments map[string]Row
}

// PartCustomFields is the part of the composite call that reads custom fields. It is apart from the rest, so that a field
// that the org does not have, or hides, takes nothing else away.
const PartCustomFields = "customFields"

// relations are the child relationships of OrderSummary by the fields read of them.
func (f CustomFields) relations() []relation {
	return []relation{
		{"OrderItemSummaries", f.Items, func(r *CustomRow) map[string]Row { return r.Items }},
		{"OrderDeliveryGroupSummaries", f.Deliveries, func(r *CustomRow) map[string]Row { return r.Deliveries }},
		{"OrderPaymentSummaries", f.Payments, func(r *CustomRow) map[string]Row { return r.Payments }},
	}
}

type relation struct {
	name   string
	fields []string
	rows   func(*CustomRow) map[string]Row
}

// query is the statement that reads the fields of some orders; empty when there are none.
func (f CustomFields) query(in string) string {
	selected := append([]string{"OrderNumber"}, f.Order...)
	for _, r := range f.relations() {
		if len(r.fields) > 0 {
			selected = append(selected, "(SELECT Id, "+strings.Join(r.fields, ", ")+" FROM "+r.name+")")
		}
	}
	if len(selected) == 1 {
		return ""
	}
	return "SELECT " + strings.Join(selected, ", ") + " FROM OrderSummary WHERE OrderNumber IN (" + in + ")"
}

// custom reads the answer, by order number.
func (c *Client) custom(ctx context.Context, body json.RawMessage) (map[string]CustomRow, error) {
	rows, err := decode[Row](ctx, c, body)
	if err != nil {
		return nil, err
	}
	found := map[string]CustomRow{}
	for _, row := range rows {
		var number string
		if err := json.Unmarshal(row["OrderNumber"], &number); err != nil {
			return nil, fmt.Errorf("read order number: %w", err)
		}
		out := CustomRow{Order: row, Items: map[string]Row{}, Deliveries: map[string]Row{}, Payments: map[string]Row{}}
		for _, r := range c.Custom.relations() {
			if err := c.customOf(ctx, row[r.name], r.rows(&out)); err != nil {
				return nil, err
			}
		}
		found[number] = out
	}
	return found, nil
}

// customOf reads the rows of one child relationship.
func (c *Client) customOf(ctx context.Context, body json.RawMessage, into map[string]Row) error {
	if len(body) == 0 {
		return nil
	}
	rows, err := decode[Row](ctx, c, body)
	if err != nil {
		return err
	}
	for _, row := range rows {
		var id string
		if err := json.Unmarshal(row["Id"], &id); err != nil {
			return fmt.Errorf("read id: %w", err)
		}
		into[id] = row
	}
	return nil
}
