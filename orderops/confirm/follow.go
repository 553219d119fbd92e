package confirm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/oldorder"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/trackingclient"
)

// nothing is the value of a call that only succeeds or fails.
type nothing struct{}

// The kinds of due work after the point of no return.
const (
	kindSlot  = "confirm.slot"
	kindLink  = "confirm.link"
	kindAside = "confirm.restoreBasket"
	kindLift  = "confirm.liftHold"
	kindTrack = "confirm.track"
)

// task is what a piece of due work is about.
type task struct {
	OrderNo  string                `json:"order_no,omitempty"` // that the work is done to
	Other    string                `json:"other,omitempty"`    // that it is linked with
	Slot     orderops.KeptSlot     `json:"slot,omitzero"`
	Policy   orderops.ModifyPolicy `json:"policy,omitempty"`
	BasketID string                `json:"basket_id,omitempty"`
	// The status in order management goes from Hold back to Before.
	OrderSummaryID string         `json:"order_summary_id,omitempty"`
	Hold           string         `json:"hold,omitempty"`
	Before         string         `json:"before,omitempty"`
	Event          *purchaseEvent `json:"event,omitempty"`
	// Waits says that another order has the codes as long as it has not failed, which is owed too.
	Waits bool `json:"waits,omitempty"`
}

type purchaseEvent struct {
	EventID  string          `json:"event_id"`
	OrderNo  string          `json:"order_no"`
	Value    orderops.Amount `json:"value"`
	Currency string          `json:"currency"`
	Items    []item          `json:"items"`
}

// end notes that the order is not being edited any more: the new one is placed, whatever is still to be done.
func (j *job) end() error {
	_, err := command.Call(j.run, "order-ops.ended", func(ctx context.Context) (nothing, error) {
		return nothing{}, j.Editing.EndEditing(ctx, j.edited.ID, orderops.EditingEnd{
			State: orderops.Confirmed, NewOrderNo: j.next.OrderNo, Triggered: j.in.Triggered,
		})
	})
	return err
}

// follow brings about everything that follows from the new order. Nothing in here can undo it.
func (j *job) follow(resume json.RawMessage) error {
	effects, cancelled, err := j.giveUp(resume)
	if err != nil {
		return err
	}
	j.answer = j.describe()
	j.answer.Effects, j.answer.Cancellation = append(j.answer.Effects, effects...), cancelled
	for _, next := range []func() error{j.takeSlots, j.link, j.restore, j.lift, j.track} {
		if err := next(); err != nil {
			return err
		}
	}
	return nil
}

// giveUp cancels the old order. While that does not come about it is tried again; what was shipped meanwhile is the
// shopper's to give back, for nothing.
func (j *job) giveUp(resume json.RawMessage) ([]orderops.Effect, *orderops.CancelledOrder, error) {
	if j.edited.Answer.Policy == orderops.CancelFirst {
		return nil, nil, nil
	}
	out, err := oldorder.GiveUp(j.Cancels, j.run, j.row, oldorder.Order{
		Status: j.old.Status, ExportStatus: j.old.ExportStatus, Currency: j.old.Currency, Ordered: orderops.NewAmount(j.old.Total),
		Reason: j.Policy.Reason, KeepSlots: !j.chosen && j.keptAny(),
	}, resume)
	if err != nil {
		return nil, nil, err
	}
	refusal := out.Answer.Refusal
	switch {
	case out.State == command.Unknown:
		return nil, nil, j.later(out.Resume)
	case refusal != nil && refusal.Retriable:
		return nil, nil, j.later(nil)
	case refusal != nil:
		j.workItems = append(append(j.workItems, out.WorkItems...), j.workItem("order:"+j.row.OrderNo,
			"order "+j.next.OrderNo+" has taken its place and it could not be cancelled: "+string(refusal.Code)+"; offer the shopper to give it back for nothing"))
		failed := orderops.Effect{System: somclient.System, Action: "cancel_old_order", State: orderops.EffectFailed, Reference: j.order.ID, Code: string(refusal.Code)}
		return []orderops.Effect{failed}, nil, nil
	}
	c := out.Answer.Cancellation
	j.worth = c.Refund.Decimal
	j.due, j.workItems = append(j.due, out.Due...), append(j.workItems, out.WorkItems...)
	if !c.Whole {
		j.workItems = append(j.workItems, j.workItem("order:"+j.row.OrderNo,
			"order "+j.next.OrderNo+" has taken its place and a part of it was shipped meanwhile; offer the shopper to give that back for nothing"))
	}
	done := orderops.Effect{System: somclient.System, Action: "cancel_old_order", State: orderops.EffectDone, Reference: c.ChangeOrderID}
	if c.AlreadyCancelled {
		done.State = orderops.EffectNotNeeded
	}
	return append(c.Effects, done), &orderops.CancelledOrder{
		AlreadyCancelled: c.AlreadyCancelled, Whole: c.Whole, Refund: c.Refund, ChangeOrderID: c.ChangeOrderID,
	}, nil
}

// keptAny says that the new order takes a booking over.
func (j *job) keptAny() bool {
	for _, s := range j.slots {
		if s.HoldID != "" {
			return true
		}
	}
	return false
}

// takeSlots gives the slots to the new order.
func (j *job) takeSlots() error {
	taken := false
	for _, s := range j.slots {
		if s.HoldID == "" {
			continue
		}
		taken = true
		t := task{OrderNo: j.next.OrderNo, Slot: s, Policy: j.edited.Answer.Policy, BasketID: j.edited.Answer.BasketID}
		if j.chosen {
			t.Policy = orderops.CancelFirst // an ordinary hold
		}
		effect, err := j.takeSlot(j.run, t)
		if err != nil {
			return err
		}
		if effect.State == orderops.EffectDone {
			j.answer.Bookings = append(j.answer.Bookings, effect.Reference)
		}
		if err := j.effect(effect, kindSlot, t); err != nil {
			return err
		}
	}
	if !taken {
		return j.effect(orderops.Effect{System: slotsclient.System, Action: "take_over", State: orderops.EffectNotApplicable}, kindSlot, task{})
	}
	return nil
}

// heldAgainAtMost is how often a hold is asked for again that has lapsed. More than one may, one after the other: between two
// calls there can be a crash, and a long time until somebody starts the service again.
const heldAgainAtMost = 3

// takeSlot makes a hold the booking of the new order. One that has lapsed is asked for again first.
func (c *Confirms) takeSlot(run command.Run, t task) (orderops.Effect, error) {
	effect := orderops.Effect{System: slotsclient.System, Action: "take_over", Reference: t.Slot.BookingID}
	out, err := c.confirmHold(run, "slots.confirm/"+t.Slot.HoldID, t.Slot.HoldID, t.OrderNo)
	for again := 1; err == nil && out.Class() == remote.NotFound && again <= heldAgainAtMost; again++ {
		var held bool
		if out, held, err = c.confirmAgain(run, t, again); !held {
			break
		}
	}
	if err != nil {
		return effect, err
	}
	effect.State, effect.Code = stateAfter(out.Failure)
	if out.Failure == nil {
		effect.Reference = out.Value
	}
	return effect, nil
}

// confirmAgain asks for a hold that has lapsed for the nth time, and makes it the booking of the new order if there is one.
func (c *Confirms) confirmAgain(run command.Run, t task, n int) (out command.Outcome[string], held bool, err error) {
	name := t.Slot.HoldID
	if n > 1 {
		name += "/" + strconv.Itoa(n)
	}
	hold, err := command.Call(run, "slots.holdAgain/"+name, func(ctx context.Context) (slotsclient.Hold, error) {
		return c.holdAgain(ctx, t.Slot, t.Policy, t.BasketID)
	})
	if err != nil || hold.Failure != nil {
		return command.Outcome[string]{Failure: hold.Failure}, false, err
	}
	out, err = c.confirmHold(run, "slots.confirmAgain/"+name, hold.Value.HoldID, t.OrderNo)
	return out, true, err
}

func (c *Confirms) confirmHold(run command.Run, name, holdID, orderNo string) (command.Outcome[string], error) {
	return command.Call(run, name, func(ctx context.Context) (string, error) {
		b, err := c.Slots.Confirm(ctx, holdID, orderNo)
		return b.BookingID, err
	})
}

// link has both orders name each other in commerce.
func (j *job) link() error {
	for _, t := range []task{{OrderNo: j.row.OrderNo, Other: j.next.OrderNo, Hold: b2cclient.CurrentOrderAttribute}, {OrderNo: j.next.OrderNo, Other: j.row.OrderNo, Hold: b2cclient.ReplacedOrderAttribute}} {
		effect, err := j.linkNow(j.run, j.shop, t)
		if err != nil {
			return err
		}
		if err := j.effect(effect, kindLink, t); err != nil {
			return err
		}
	}
	return nil
}

func (c *Confirms) linkNow(run command.Run, shop b2cclient.Shop, t task) (orderops.Effect, error) {
	effect := orderops.Effect{System: b2cclient.System, Action: "link", Reference: t.OrderNo}
	out, err := command.Call(run, "b2c.link/"+t.OrderNo, func(ctx context.Context) (nothing, error) {
		return nothing{}, c.Commerce.Annotate(ctx, shop, t.OrderNo, map[string]string{t.Hold: t.Other})
	})
	effect.State, effect.Code = stateAfter(out.Failure)
	return effect, err
}

// restore gives the shopper the basket back that was set aside for the follow-up, unless there is another one by now.
func (j *job) restore() error {
	id := j.edited.Answer.SetAsideBasketID
	if id == "" {
		return nil
	}
	t := task{BasketID: id}
	effect, err := j.restoreNow(j.run, j.shop, t)
	if err != nil {
		return err
	}
	return j.effect(effect, kindAside, t)
}

func (c *Confirms) restoreNow(run command.Run, shop b2cclient.Shop, t task) (orderops.Effect, error) {
	effect := orderops.Effect{System: b2cclient.System, Action: "restore_basket", Reference: t.BasketID}
	out, err := command.Call(run, "b2c.restoreBasket", func(ctx context.Context) (nothing, error) {
		return nothing{}, c.Commerce.ShowBasket(ctx, shop, t.BasketID, false)
	})
	if effect.State, effect.Code = stateAfter(out.Failure); effect.State == orderops.EffectFailed {
		effect.State = orderops.EffectNotNeeded // it is gone, or the shopper has another one
	}
	return effect, err
}

// lift takes the old order off hold.
func (j *job) lift() error {
	note := j.edited.Note
	if note.Hold == "" {
		return nil
	}
	t := task{OrderSummaryID: note.OrderSummaryID, Hold: note.Hold, Before: note.Before}
	effect, err := j.liftNow(j.run, t)
	if err != nil {
		return err
	}
	return j.effect(effect, kindLift, t)
}

func (c *Confirms) liftNow(run command.Run, t task) (orderops.Effect, error) {
	effect := orderops.Effect{System: somclient.System, Action: "lift_hold", Reference: t.OrderSummaryID}
	out, err := command.Call(run, "som.lift", func(ctx context.Context) (nothing, error) {
		return nothing{}, c.SOM.SetStatus(ctx, t.OrderSummaryID, t.Before)
	})
	effect.State, effect.Code = stateAfter(out.Failure)
	return effect, err
}

// track tells web analytics of the new order. It comes last: only an order that has taken the other's place counts.
func (j *job) track() error {
	effect := orderops.Effect{System: trackingclient.System, Action: "purchase_event"}
	if j.Tracking == nil {
		effect.State, effect.Code = orderops.EffectNotApplicable, "not_configured"
		return j.effect(effect, kindTrack, task{})
	}
	sum := sha256.Sum256([]byte("purchase/" + j.row.Sandbox + "/" + j.next.OrderNo)) // of the order, whoever confirms it
	t := task{Event: &purchaseEvent{
		EventID: hex.EncodeToString(sum[:])[:32], OrderNo: j.next.OrderNo, Value: orderops.NewAmount(j.next.Total), Currency: j.next.Currency, Items: j.next.Items,
	}}
	effect, err := j.trackNow(j.run, t)
	if err != nil {
		return err
	}
	return j.effect(effect, kindTrack, t)
}

func (c *Confirms) trackNow(run command.Run, t task) (orderops.Effect, error) {
	effect := orderops.Effect{System: trackingclient.System, Action: "purchase_event", Reference: t.Event.EventID}
	event := trackingclient.Purchase{EventID: t.Event.EventID, TransactionID: t.Event.OrderNo, Value: t.Event.Value.Decimal, Currency: t.Event.Currency}
	for _, i := range t.Event.Items {
		event.Items = append(event.Items, trackingclient.Item{ID: i.ProductID, Quantity: i.Quantity})
	}
	out, err := command.Call(run, "tracking.purchase", func(ctx context.Context) (nothing, error) { return nothing{}, c.Tracking.Purchase(ctx, event) })
	effect.State, effect.Code = stateAfter(out.Failure)
	return effect, err
}

// effect records an effect, and owes it when it is pending.
func (j *job) effect(e orderops.Effect, kind string, t task) error {
	at := len(j.answer.Effects)
	j.answer.Effects = append(j.answer.Effects, e)
	if e.State != orderops.EffectPending {
		j.run.Pause() // is over: the system was asked and has answered
	}
	switch e.State {
	case orderops.EffectPending:
		return j.owe(at, kind, t, nil)
	case orderops.EffectFailed:
		raw, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("encode due work %s: %w", kind, err)
		}
		item := j.workItem(e.System+":"+e.Action+":"+e.Reference, "the effect failed: "+e.Code)
		item.Retry = &command.Due{Effect: at, Kind: kind, Payload: raw}
		j.workItems = append(j.workItems, item)
	case orderops.EffectDone, orderops.EffectNotApplicable, orderops.EffectNotNeeded:
	}
	return nil
}

// owe adds due work for the effect of that index, not before the system that it is of wants to be asked again.
func (j *job) owe(effect int, kind string, t task, item *command.WorkItem) error {
	raw, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("encode due work %s: %w", kind, err)
	}
	j.due = append(j.due, command.Due{Effect: effect, Kind: kind, Payload: raw, Item: item, Wait: j.run.Pause()})
	return nil
}

// stateAfter is the state of an effect after an attempt: a passing failure leaves it pending, another one fails it.
func stateAfter(failure *remote.Error) (orderops.EffectState, string) {
	switch {
	case failure == nil:
		return orderops.EffectDone, ""
	case failure.Class.Passing(), failure.VendorCode == somclient.LockedRow:
		return orderops.EffectPending, failure.VendorCode
	default:
		return orderops.EffectFailed, failure.VendorCode
	}
}

// Perform implements command.Handler: one attempt at an effect that is owed.
func (c *Confirms) Perform(ctx context.Context, row command.Row, due command.Due) command.EffectResult {
	if oldorder.Owes(due) {
		return oldorder.Perform(ctx, c.Cancels, row, due)
	}
	run := command.Listen(direct{ctx})
	effect, err := c.perform(run, row, due)
	if err != nil { // a fault of our own: a person has to look
		return command.EffectResult{State: orderops.EffectFailed, Code: string(orderops.InternalError)}
	}
	return command.EffectResult{State: effect.State, Code: effect.Code, Reference: effect.Reference, RetryAfter: run.Pause()}
}

func (c *Confirms) perform(run command.Run, row command.Row, due command.Due) (orderops.Effect, error) {
	var t task
	if err := json.Unmarshal(due.Payload, &t); err != nil {
		return orderops.Effect{}, fmt.Errorf("decode due work %s: %w", due.Kind, err)
	}
	switch due.Kind {
	case kindSlot:
		return c.takeSlot(run, t)
	case kindLink:
		return c.linkNow(run, shopOf(row), t)
	case kindAside:
		return c.restoreNow(run, shopOf(row), t)
	case kindLift:
		return c.liftNow(run, t)
	case kindTrack:
		return c.trackNow(run, t)
	case kindCodes:
		return c.takeCodes(run, shopOf(row), t)
	case kindFail:
		return c.failOrder(run, shopOf(row), t.OrderNo)
	default:
		return orderops.Effect{State: orderops.EffectFailed, Code: "unknown_kind"}, nil
	}
}
