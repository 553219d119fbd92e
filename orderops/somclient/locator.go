package somclient

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops/remote"
)

// follow reads the pages after the first one of a (nested) query result, while the org says that there are more.
func follow[T any](ctx context.Context, c *Client, rows *Rows[T]) error {
	for rows.NextRecordsURL != "" && rows.Done != nil && !*rows.Done {
		next, err := do[Rows[T]](ctx, c, remote.Call{Operation: "queryMore", Method: http.MethodGet, Path: rows.NextRecordsURL})
		if err != nil {
			return err
		}
		rows.Records = append(rows.Records, next.Records...)
		rows.Done, rows.NextRecordsURL = next.Done, next.NextRecordsURL
	}
	return nil
}

// complete follows the locators of an order's children. Nearly always there are none.
func (c *Client) complete(ctx context.Context, o *OrderSummary) error {
	steps := []func() error{
		func() error { return follow(ctx, c, &o.Items) },
		func() error { return follow(ctx, c, &o.DeliveryGroups) },
		func() error { return follow(ctx, c, &o.Payments) },
		func() error { return follow(ctx, c, &o.FulfillmentOrders) },
		func() error { return follow(ctx, c, &o.ReturnOrders) },
		func() error { return follow(ctx, c, &o.Changes) },
	}
	for i := range o.FulfillmentOrders.Records {
		steps = append(steps,
			func() error { return follow(ctx, c, &o.FulfillmentOrders.Records[i].Lines) },
			func() error { return follow(ctx, c, &o.FulfillmentOrders.Records[i].Shipments) })
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
