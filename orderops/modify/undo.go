package modify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// The kinds of compensations, which are those of their due work too.
const (
	kindDelete  = "modify.deleteBasket"
	kindRestore = "modify.restoreBasket"
	kindFree    = "modify.releaseHold"
	kindLift    = "modify.liftHold"
	kindBack    = "modify.moveBack"
	kindReclaim = "modify.reclaim"
)

// compensation undoes one call. It is noted before the call is made, so that one that was never answered is undone too, and
// it changes nothing where there is nothing to undo.
type compensation struct {
	Kind string `json:"kind"`
	// BasketID is the basket to delete or to show again. Without one, a basket to delete is looked for by the operation that
	// made it.
	BasketID    string `json:"basket_id,omitempty"`
	CustomerID  string `json:"customer_id,omitempty"`
	OperationID string `json:"operation_id,omitempty"`
	// HoldID is the hold to release; without one it was not answered, and lapses by itself.
	HoldID    string `json:"hold_id,omitempty"`
	BookingID string `json:"booking_id,omitempty"`
	SlotID    string `json:"slot_id,omitempty"`
	// The status in order management goes from Hold back to Before.
	OrderSummaryID string `json:"order_summary_id,omitempty"`
	Hold           string `json:"hold,omitempty"`
	Before         string `json:"before,omitempty"`
	// Claims are the units to reserve for the order again.
	Claims []claim `json:"claims,omitempty"`
	// Then is what has to wait until this one has come about.
	Then []compensation `json:"then,omitempty"`
}

// effect words the compensation for the caller.
func (c compensation) effect() orderops.Effect {
	switch c.Kind {
	case kindDelete:
		return orderops.Effect{System: b2cclient.System, Action: "delete_basket", Reference: c.BasketID}
	case kindRestore:
		return orderops.Effect{System: b2cclient.System, Action: "restore_basket", Reference: c.BasketID}
	case kindFree:
		return orderops.Effect{System: slotsclient.System, Action: "release_hold", Reference: c.HoldID}
	case kindBack:
		return orderops.Effect{System: slotsclient.System, Action: "move_back", Reference: c.BookingID}
	case kindReclaim:
		return orderops.Effect{System: ociclient.System, Action: "reserve_again", Reference: skus(c.Claims)}
	default:
		return orderops.Effect{System: systemSOM, Action: "lift_hold", Reference: c.OrderSummaryID}
	}
}

func (j *job) note(c compensation) { j.undoing = append(j.undoing, c) }

// found tells the compensation of the basket which one it is.
func (j *job) found(basketID string) {
	for i := range j.undoing {
		if j.undoing[i].Kind == kindDelete {
			j.undoing[i].BasketID = basketID
		}
	}
}

// undo makes good for everything that was done, the last first, and returns the reason. What cannot be made good now is
// owed, and said.
func (j *job) undo(reason error) error {
	refusal, ok := orderops.AsRefusal(reason)
	if !ok {
		return reason
	}
	slices.Reverse(j.undoing)
	effects, err := j.makeGood(j.undoing, refusal.Effects)
	if err != nil {
		return err
	}
	refusal.Effects, j.undoing = effects, nil
	return refusal
}

// makeGood makes compensations in order and adds their effects to those that there are. What cannot be done now is owed, or a
// person's; what has to wait for it comes after it then.
func (j *job) makeGood(list []compensation, effects []orderops.Effect) ([]orderops.Effect, error) {
	for len(list) > 0 {
		c := list[0]
		list = list[1:]
		j.run.Pause() // of what was done before
		effect, err := j.compensate(j.run, j.shop, j.row, c)
		if err != nil {
			return nil, err
		}
		switch effect.State {
		case orderops.EffectPending:
			c.Then, list = waiting(c, list)
			if err := j.owe(len(effects), c); err != nil {
				return nil, err
			}
		case orderops.EffectFailed:
			c.Then, list = waiting(c, list)
			j.workItems = append(j.workItems, j.failed(len(effects), c, effect))
		case orderops.EffectDone, orderops.EffectNotNeeded, orderops.EffectNotApplicable:
		}
		effects = append(effects, effect)
	}
	return effects, nil
}

// waiting parts what follows a compensation that has not come about into what has to wait for it and what has not. The
// order has its units again only after the basket has given them up, and is held back until it has them.
func waiting(c compensation, next []compensation) (wait, others []compensation) {
	claims := func(c compensation) bool { return c.Kind == kindReclaim }
	if !claims(c) && (c.Kind != kindDelete || !slices.ContainsFunc(next, claims)) {
		return nil, next
	}
	for _, n := range next {
		if claims(n) || n.Kind == kindLift {
			wait = append(wait, n)
			continue
		}
		others = append(others, n)
	}
	return wait, others
}

// then is what has waited for a compensation that has come about.
func (c compensation) then() ([]command.Owed, error) {
	if len(c.Then) == 0 {
		return nil, nil
	}
	next := c.Then[0]
	next.Then = c.Then[1:]
	raw, err := json.Marshal(next)
	if err != nil {
		return nil, fmt.Errorf("encode due work %s: %w", next.Kind, err)
	}
	effect := next.effect()
	effect.State = orderops.EffectPending
	return []command.Owed{{Effect: effect, Kind: next.Kind, Payload: raw}}, nil
}

// skus names what some claims are about.
func skus(claims []claim) string {
	names := make([]string, len(claims))
	for i, c := range claims {
		names[i] = c.SKU
	}
	return strings.Join(names, ",")
}

// owe adds due work for the effect of that index, not before the system that it is of wants to be asked again.
func (j *job) owe(effect int, c compensation) error {
	raw, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode due work %s: %w", c.Kind, err)
	}
	j.due = append(j.due, command.Due{Effect: effect, Kind: c.Kind, Payload: raw, Wait: j.run.Pause()})
	return nil
}

func (j *job) failed(index int, c compensation, effect orderops.Effect) command.WorkItem {
	item := j.workItem(effect.System+":"+effect.Action+":"+effect.Reference, "the effect failed: "+effect.Code)
	if raw, err := json.Marshal(c); err == nil {
		item.Retry = &command.Due{Effect: index, Kind: c.Kind, Payload: raw}
	}
	return item
}

// compensate makes one attempt at a compensation.
func (m *Modifies) compensate(run command.Run, shop b2cclient.Shop, row command.Row, c compensation) (orderops.Effect, error) {
	effect := c.effect()
	var out command.Outcome[bool]
	var err error
	switch c.Kind {
	case kindDelete:
		out, err = m.deleteBasket(run, shop, c)
	case kindRestore:
		out, err = step(run, "b2c.restoreBasket", func(ctx context.Context) (bool, error) {
			return true, m.Commerce.ShowBasket(ctx, shop, c.BasketID, true)
		})
	case kindFree:
		out, err = step(run, "slots.releaseHold/"+c.BookingID+c.SlotID, func(ctx context.Context) (bool, error) {
			if c.HoldID == "" {
				return false, nil
			}
			return true, m.Slots.ReleaseHold(ctx, c.HoldID)
		})
	case kindBack:
		out, err = step(run, "slots.moveBack", func(ctx context.Context) (bool, error) {
			_, err := m.Slots.Move(ctx, c.BookingID, c.SlotID)
			return true, err
		})
	case kindReclaim:
		out, err = m.reclaim(run, row, c)
	case kindLift:
		out, err = m.lift(run, row.OrderNo, c)
	default:
		effect.State, effect.Code = orderops.EffectFailed, "unknown_kind"
		return effect, nil
	}
	if err != nil {
		return effect, err
	}
	effect.State, effect.Code = compensated(out)
	return effect, nil
}

// compensated is the state of a compensation after an attempt. What is gone needs none.
func compensated(out command.Outcome[bool]) (orderops.EffectState, string) {
	switch {
	case out.Failure == nil && out.Value:
		return orderops.EffectDone, ""
	case out.Failure == nil:
		return orderops.EffectNotNeeded, ""
	case out.Failure.Class == remote.NotFound:
		return orderops.EffectNotNeeded, out.Failure.VendorCode
	case out.Failure.Class.Passing(), out.Failure.Class == remote.Conflict:
		return orderops.EffectPending, out.Failure.VendorCode
	default:
		return orderops.EffectFailed, out.Failure.VendorCode
	}
}

// step runs a compensation's call as a step. Its value says whether there was something to undo.
func step(run command.Run, name string, f func(context.Context) (bool, error)) (command.Outcome[bool], error) {
	return command.Call(run, name, f)
}

// deleteBasket deletes the follow-up basket, which is looked for where it is not known, or is not there under its id.
func (m *Modifies) deleteBasket(run command.Run, shop b2cclient.Shop, c compensation) (command.Outcome[bool], error) {
	id := c.BasketID
	if id != "" {
		out, err := step(run, "b2c.deleteBasket", func(ctx context.Context) (bool, error) { return true, m.Commerce.DeleteBasket(ctx, shop, id) })
		if err != nil || out.Class() != remote.NotFound || c.OperationID == "" {
			return out, err
		}
		id = "" // it was ordered, and may have been opened again under another id when that came to nothing
	}
	if id == "" {
		out, err := command.Call(run, "b2c.lookForBasket", func(ctx context.Context) (string, error) {
			baskets, err := m.Commerce.CustomerBaskets(ctx, shop, c.CustomerID)
			for _, b := range baskets {
				if b.ModificationID == c.OperationID {
					return b.BasketID, err
				}
			}
			return "", err
		})
		if err != nil || out.Failure != nil || out.Value == "" {
			return command.Outcome[bool]{Failure: out.Failure}, err
		}
		id = out.Value
	}
	return step(run, "b2c.deleteFound", func(ctx context.Context) (bool, error) { return true, m.Commerce.DeleteBasket(ctx, shop, id) })
}

// lift takes the order off hold, unless somebody else has given it another status meanwhile.
func (m *Modifies) lift(run command.Run, orderNo string, c compensation) (command.Outcome[bool], error) {
	read, err := ReadOrder(run, m.SOM, m.Cancel, "som.readHold", orderNo)
	if err != nil || read.Failure != nil || read.Value.Status != c.Hold {
		return command.Outcome[bool]{Failure: read.Failure}, err
	}
	return step(run, "som.lift", func(ctx context.Context) (bool, error) { return true, m.SOM.SetStatus(ctx, c.OrderSummaryID, c.Before) })
}
