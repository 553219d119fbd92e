package modify

import (
	"context"
	"slices"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// move takes the order's booking to another slot, which is all that was asked for, and tells order management when its goods
// are wanted. There is no follow-up basket.
func (j *job) move() error {
	if len(j.bookings) == 0 {
		return orderops.Refuse(orderops.NotModifiable, "the order has no slot that could be moved")
	}
	b := j.bookings[0]
	j.note(compensation{Kind: kindBack, BookingID: b.BookingID, SlotID: b.SlotID})
	out, err := command.Call(j.run, "slots.move", func(ctx context.Context) (slotsclient.Booking, error) {
		return j.Slots.Move(ctx, b.BookingID, j.in.Request.SlotID)
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil && out.Failure.Class.Passing():
		return j.undo(refuseFor(out.Failure))
	case out.Failure != nil:
		j.undoing = nil
		refusal := orderops.Refuse(orderops.SlotFull, "the slot cannot be had")
		refusal.Extra.UpstreamCode = out.Failure.VendorCode
		return refusal
	}
	moved := out.Value
	for _, group := range j.groupsOf(moved.Slot.Type) {
		out, err := command.Call(j.run, "som.desiredDelivery/"+group, func(ctx context.Context) (nothing, error) {
			return nothing{}, j.SOM.SetDesiredDelivery(ctx, group, moved.Slot.Start)
		})
		if err != nil {
			return err
		}
		if out.Failure != nil {
			return j.undo(refuseFor(out.Failure))
		}
	}
	j.answer = j.describe()
	j.answer.State, j.answer.Before, j.answer.After, j.answer.Redirect = orderops.SlotMoved, orderops.NewAmount(j.order.Worth), orderops.NewAmount(j.order.Worth), nil
	j.answer.Warnings = []orderops.Warning{}
	j.answer.Slots = []orderops.KeptSlot{{BookingID: moved.BookingID, SlotID: moved.SlotID, Type: moved.Slot.Type}}
	j.answer.Effects = []orderops.Effect{
		{System: slotsclient.System, Action: "move", State: orderops.EffectDone, Reference: moved.BookingID},
		{System: systemSOM, Action: "desired_delivery", State: orderops.EffectDone, Reference: j.order.ID},
	}
	return nil
}

// groupsOf are the delivery groups whose goods take slots of a type.
func (j *job) groupsOf(kind string) []string {
	var groups []string
	for _, l := range j.order.Lines {
		if (l.Slots == "" || l.Slots == kind) && !slices.Contains(groups, l.Group) {
			groups = append(groups, l.Group)
		}
	}
	return groups
}
