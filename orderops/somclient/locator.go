package somclient

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops/remote"
)

// follow reads the pages after the first one of a (nested) query result, while the org says that there are more.
func follow[T any](ctx context.Context, c *Client, rows *Rows[T]) error {
	for rows.NextRecordsURL != "" && rows.Done != nil && !*rows.Done {
		if c.Locators != nil {
			c.Locators.Inc()
		}
		next, err := do[Rows[T]](ctx, c, remote.Call{Operation: "queryMore", Method: http.MethodGet, Path: rows.NextRecordsURL})
		if err != nil {
			return err
		}
		rows.Records = append(rows.Records, next.Records...)
		rows.Done, rows.NextRecordsURL = next.Done, next.NextRecordsURL
	}
	return nil
}

// complete follows the locators of an order's children and of theirs. Nearly always there are none.
func (c *Client) complete(ctx context.Context, o *OrderSummary) error {
	err := firstError(
		follow(ctx, c, &o.Items), follow(ctx, c, &o.DeliveryGroups), follow(ctx, c, &o.Payments),
		follow(ctx, c, &o.FulfillmentOrders), follow(ctx, c, &o.ReturnOrders), follow(ctx, c, &o.Changes),
	)
	for i := range o.Payments.Records {
		p := &o.Payments.Records[i]
		err = firstError(err, follow(ctx, c, &p.Authorizations), follow(ctx, c, &p.Payments), follow(ctx, c, &p.Refunds))
	}
	for i := range o.FulfillmentOrders.Records {
		f := &o.FulfillmentOrders.Records[i]
		err = firstError(err, follow(ctx, c, &f.Lines), follow(ctx, c, &f.Shipments))
		for j := range f.Shipments.Records {
			err = firstError(err, follow(ctx, c, &f.Shipments.Records[j].Items))
		}
	}
	for i := range o.ReturnOrders.Records {
		err = firstError(err, follow(ctx, c, &o.ReturnOrders.Records[i].Lines))
	}
	return err
}

func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}
