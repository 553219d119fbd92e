package cancel

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// nothing is the value of a call that only succeeds or fails.
type nothing struct{}

// takeBack takes allocated units out of their fulfillment orders, one call each.
func (j *job) takeBack(takes []take) error {
	for _, t := range takes {
		failure, err := j.takeOne(t)
		if err != nil {
			return err
		}
		if failure != nil {
			return j.notTaken(failure)
		}
		j.taken = append(j.taken, t)
	}
	return nil
}

// takeOne takes units out of one fulfillment order. After an ambiguous answer it looks whether they are out.
func (j *job) takeOne(t take) (*remote.Error, error) {
	name := j.step("som.cancelItem/" + t.FulfillmentOrderID)
	out, err := j.takeStep(name+"#1", t)
	if err != nil || out.Class() != remote.Ambiguous {
		return out.Failure, err
	}
	read, err := j.orderStep(j.step("som.readBack.cancelItem/" + t.FulfillmentOrderID))
	if err != nil {
		return nil, err
	}
	switch {
	case read.Failure != nil:
		j.taken = append(j.taken, t) // they may be out: putting them back looks first
		return read.Failure, nil
	case isOut(read.Value, t):
		return nil, nil
	}
	out, err = j.takeStep(name+"#2", t)
	if out.Class() == remote.Ambiguous {
		j.taken = append(j.taken, t)
	}
	return out.Failure, err
}

func (j *job) takeStep(name string, t take) (command.Outcome[nothing], error) {
	return command.CallOnce(j.run, name, func(ctx context.Context) (nothing, error) {
		lines := make([]somclient.LineToCancel, len(t.Lines))
		for i, l := range t.Lines {
			lines[i] = somclient.LineToCancel{FulfillmentOrderLineItemID: l.ID, Quantity: l.Quantity}
		}
		return nothing{}, j.SOM.CancelFulfillmentOrderItem(ctx, t.FulfillmentOrderID, lines)
	})
}

// isOut says that the units of a take have left their fulfillment order.
func isOut(o order, t take) bool {
	for _, f := range o.Fulfillments {
		if f.ID != t.FulfillmentOrderID {
			continue
		}
		for _, l := range f.Lines {
			for _, taken := range t.Lines {
				if l.ID == taken.ID && l.Quantity.GreaterThan(taken.Before.Sub(taken.Quantity)) {
					return false
				}
			}
		}
	}
	return true
}

// actionReallocate and its kind name the compensation for units that were taken back in vain.
const (
	actionReallocate = "reallocate"
	kindReallocate   = "som.reallocate"
)

// reallocate gives the taken units back to their locations. What does not work now is owed, and said.
func (j *job) reallocate(refusal *orderops.Refusal) error {
	for _, t := range j.taken {
		out, err := j.putBack(j.run, j.row.OrderNo, t)
		if err != nil {
			return err
		}
		effect := orderops.Effect{System: somclient.System, Action: actionReallocate, State: orderops.EffectDone, Reference: out.Value}
		switch {
		case out.Failure != nil:
			effect.State, effect.Reference, effect.Code = orderops.EffectPending, t.FulfillmentOrderID, out.Failure.VendorCode
			if err := j.owe(len(refusal.Effects), kindReallocate, t); err != nil {
				return err
			}
			item := j.workItem("som:fulfillmentOrder:"+t.FulfillmentOrderID,
				"units were taken out of a fulfillment order, the cancel was refused, and they could not be given back at once")
			j.due[len(j.due)-1].Item = &item
		case out.Value == "": // somebody else has allocated them meanwhile
			effect.State = orderops.EffectNotNeeded
		}
		refusal.Effects = append(refusal.Effects, effect)
	}
	return refusal
}

// putBack allocates what the location no longer holds of a take. It looks first, so that due work may try again after an
// answer that was lost. Its value is the new fulfillment order's id, or "" when nothing was missing.
func (c *Cancels) putBack(run command.Run, orderNo string, t take) (command.Outcome[string], error) {
	read, err := c.readStep(run, "som.reallocate.read/"+t.FulfillmentOrderID, orderNo)
	if err != nil || read.Failure != nil {
		return command.Outcome[string]{Failure: read.Failure}, err
	}
	items := missingUnits(read.Value, t)
	if len(items) == 0 {
		return command.Outcome[string]{}, nil
	}
	return command.CallOnce(run, "som.createFulfillmentOrder/"+t.FulfillmentOrderID, func(ctx context.Context) (string, error) {
		return c.SOM.CreateFulfillmentOrder(ctx, somclient.Allocation{
			OrderSummaryID: read.Value.ID, OrderDeliveryGroupSummaryID: t.Group,
			Groups: []somclient.AllocatedGroup{{FulfilledFromLocationID: t.Location, FulfillmentType: t.Type, Items: items}},
		})
	})
}

// missingUnits is what the location held of a take's lines before, does not hold now, and nobody else got.
func missingUnits(o order, t take) []somclient.AllocatedItem {
	var items []somclient.AllocatedItem
	for _, l := range t.Lines {
		missing := l.AllocatedBefore.Sub(o.allocatedAt(t.Location, l.LineID))
		if now, ok := o.line(l.LineID); ok {
			missing = decimal.Min(missing, now.Available)
		}
		if missing.IsPositive() {
			items = append(items, somclient.AllocatedItem{OrderItemSummaryID: l.LineID, Quantity: missing.IntPart()})
		}
	}
	return items
}

// owe adds due work for the effect of that index.
func (j *job) owe(effect int, kind string, payload any) error {
	raw, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("encode due work %s: %w", kind, err)
	}
	j.due = append(j.due, command.Due{Effect: effect, Kind: kind, Payload: raw})
	return nil
}
