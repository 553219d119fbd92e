package frontdesk

import (
	"context"
	"encoding/json"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/switches"
)

// Switches says whether an action is on for somebody.
type Switches interface {
	Mode(u switches.Use) switches.Mode
}

// mode is what the switches say of an action on an order for the present caller.
func (d *Desk) mode(ctx context.Context, site string, order b2cclient.Order, action orderops.Action) switches.Mode {
	if d.Switches == nil {
		return switches.On
	}
	customer := order.CustomerInfo.CustomerID
	if customer == "" {
		customer = order.OrderNo
	}
	return d.Switches.Mode(switches.Use{Action: action, Site: site, Channel: IdentityOf(ctx).Channel, Customer: customer})
}

// Permits says whether an action may be offered: one that is off, or runs dry, is not.
func (d *Desk) Permits(ctx context.Context, order b2cclient.Order, action orderops.Action) bool {
	return d.mode(ctx, order.SiteID, order, action) == switches.On
}

// switched refuses an action that is not on for the caller. One that runs dry has its plan told to the operators first; what
// had been taken in before goes on whatever the switches say, and so does a repetition of it.
func (d *Desk) switched(ctx context.Context, o order) error {
	mode := d.mode(ctx, o.site, o.doc.Order, o.action)
	if mode == switches.On {
		return nil
	}
	known, err := d.Engine.Knows(ctx, remote.ScopeOf(ctx).Sandbox, o.doc.Order.OrderNo, o.key)
	if err != nil || known {
		return err
	}
	d.Watch.Switched(o.action, string(mode))
	if mode == switches.DryRun {
		return d.dryRun(ctx, o)
	}
	return orderops.Refuse(orderops.ActionNotAvailable, "%s is switched off here", o.action)
}

// dryRun writes what would be done to the audit log.
func (d *Desk) dryRun(ctx context.Context, o order) error {
	scope := remote.ScopeOf(ctx)
	attrs := []any{
		"decision", "dry_run", "action", o.action, "sandbox", scope.Sandbox, "order_no", o.doc.Order.OrderNo, "site", o.site,
		"actor", IdentityOf(ctx).Actor(), "correlation_id", scope.CorrelationID,
	}
	var plan any
	var err error
	if o.plan != nil {
		plan, err = o.plan(ctx)
	}
	if refusal, ok := orderops.AsRefusal(refused(err)); ok {
		attrs = append(attrs, "refused", refusal.Code)
	} else if err != nil {
		return err
	} else if raw, err := json.Marshal(plan); err == nil {
		attrs = append(attrs, "plan", string(raw))
	}
	d.Log.InfoContext(ctx, "audit", attrs...)
	return orderops.Refuse(orderops.ActionNotAvailable, "%s runs dry here: nothing was changed", o.action)
}
