package cancel

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// releaseTask is the due work of one booking, or of all bookings of an order when they could not be listed.
type releaseTask struct {
	BookingID string `json:"booking_id,omitempty"`
	// Types are the types of slots for which nothing of the order is left; Any means all of them.
	Types []string `json:"types,omitempty"`
	Any   bool     `json:"any,omitempty"`
}

// releaseSlots gives those slots back for which nothing of the order is left. Groups that are delivered and groups that
// are collected have slots of their own.
func (j *job) releaseSlots() error {
	effect := orderops.Effect{System: slotsclient.System, Action: "release"}
	emptied := j.plan.emptied(j.order)
	switch {
	case len(emptied) == 0 && !j.plan.Whole:
		effect.State = orderops.EffectNotApplicable
		return j.effect(effect, kindRelease, releaseTask{})
	case !j.slots.Known:
		effect.State = orderops.EffectPending
		return j.effect(effect, kindRelease, releaseTask{Types: emptied, Any: j.plan.Whole})
	}
	found := false
	for _, b := range j.slots.Bookings {
		if !b.Booked || !j.plan.Whole && !slices.Contains(emptied, b.Type) {
			continue
		}
		found = true
		if err := j.releaseOne(b); err != nil {
			return err
		}
	}
	if !found {
		effect.State = orderops.EffectNotApplicable
		return j.effect(effect, kindRelease, releaseTask{})
	}
	return nil
}

func (j *job) releaseOne(b booking) error {
	effect := orderops.Effect{System: slotsclient.System, Action: "release", Reference: b.ID}
	if b.End.Before(j.now) { // no capacity to give back
		effect.State = orderops.EffectNotApplicable
		return j.effect(effect, kindRelease, releaseTask{})
	}
	out, err := command.Call(j.run, "slots.release/"+b.ID, func(ctx context.Context) (nothing, error) {
		return nothing{}, j.Slots.Release(ctx, b.ID)
	})
	if err != nil {
		return err
	}
	effect.State, effect.Code = releaseState(out.Failure)
	return j.effect(effect, kindRelease, releaseTask{BookingID: b.ID})
}

// releaseState is the state of a release after an attempt; a booking that is not there any more takes no capacity.
func releaseState(failure *remote.Error) (orderops.EffectState, string) {
	if failure != nil && failure.Class == remote.NotFound {
		return orderops.EffectNotApplicable, failure.VendorCode
	}
	return stateAfter(failure)
}

func (c *Cancels) performRelease(ctx context.Context, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var task releaseTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	ids := []string{task.BookingID}
	if task.BookingID == "" {
		bookings, err := c.Slots.Bookings(ctx, row.OrderNo)
		if failure, ok := remote.AsError(err); ok {
			return after(failure), nil
		}
		ids = ids[:0]
		for _, b := range bookings {
			if b.Status == slotsclient.Booked && (task.Any || slices.Contains(task.Types, b.Slot.Type)) {
				ids = append(ids, b.BookingID)
			}
		}
		if len(ids) == 0 {
			return command.EffectResult{State: orderops.EffectNotApplicable}, err
		}
	}
	for _, id := range ids {
		if failure, ok := remote.AsError(c.Slots.Release(ctx, id)); ok && failure.Class != remote.NotFound {
			return after(failure), nil
		}
	}
	return command.EffectResult{State: orderops.EffectDone, Reference: ids[0]}, nil
}
