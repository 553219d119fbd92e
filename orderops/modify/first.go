package modify

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/oldorder"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// cancelFirst gives the old order up at once. The slot is held as anybody else's would be: where it is full but for the
// order's own booking, it is asked for again once that is released.
func (j *job) cancelFirst() error {
	if err := j.holdSlots(1); err != nil {
		return err
	}
	if err := j.show(); err != nil {
		return err
	}
	return j.giveUp(nil)
}

// holdSlots holds the slots of the order that are not held yet.
func (j *job) holdSlots(n int) error {
	if len(j.slots) == 0 {
		for _, b := range j.bookings {
			j.slots = append(j.slots, keptSlot(b).KeptSlot)
		}
	}
	for i := range j.slots {
		s := slot{j.slots[i]}
		if s.HoldID != "" {
			continue
		}
		j.note(compensation{Kind: kindFree, BookingID: s.BookingID})
		out, err := command.Call(j.run, numbered("slots.hold/"+s.SlotID, n), func(ctx context.Context) (slotsclient.Hold, error) {
			return j.Slots.Hold(ctx, s.SlotID, j.made.BasketID, j.Policy.EditFor)
		})
		switch {
		case err != nil:
			return err
		case out.Failure != nil && out.Failure.Class.Passing() && n == 1:
			return j.undo(refuseFor(out.Failure))
		case out.Failure != nil:
			s.Code = out.Failure.VendorCode
		default:
			s.Code = ""
			s.hold(out.Value)
		}
		j.slots[i] = s.KeptSlot
		j.undoing[len(j.undoing)-1].HoldID = s.HoldID
	}
	return nil
}

// begun is what a modification whose cancel of the old order has no known outcome goes on with.
type begun struct {
	Cancel   json.RawMessage       `json:"cancel"`
	Order    Order                 `json:"order"`
	Bookings []slotsclient.Booking `json:"bookings"`
	Aside    string                `json:"aside,omitempty"`
	Made     made                  `json:"made"`
	Slots    []orderops.KeptSlot   `json:"slots"`
	Undoing  []compensation        `json:"undoing"`
}

// resume goes on where the outcome of the cancel was not known.
func (j *job) resume(raw json.RawMessage) error {
	var b begun
	if err := json.Unmarshal(raw, &b); err != nil {
		return fmt.Errorf("decode resume of modify: %w", err)
	}
	j.order, j.bookings, j.aside, j.made, j.slots, j.undoing = b.Order, b.Bookings, b.Aside, b.Made, b.Slots, b.Undoing
	return j.giveUp(b.Cancel)
}

// giveUp cancels the old order, and holds the slots that only it had kept from being had.
func (j *job) giveUp(resume json.RawMessage) error {
	out, err := oldorder.GiveUp(j.Cancels, j.run, j.row, oldorder.Order{
		Status: j.in.CommerceStatus, ExportStatus: j.in.ExportStatus, Currency: j.in.Currency, Ordered: j.in.Ordered, Reason: j.Policy.Reason,
	}, resume)
	if err != nil {
		return err
	}
	switch {
	case out.State == command.Unknown:
		raw, err := json.Marshal(begun{out.Resume, j.order, j.bookings, j.aside, j.made, j.slots, j.undoing})
		if err != nil {
			return fmt.Errorf("encode resume of modify: %w", err)
		}
		j.pending = raw
		return out.Answer.Refusal
	case out.State == command.NeedsAttention:
		j.workItems = append(j.workItems, out.WorkItems...)
		return out.Answer.Refusal
	case out.Answer.Refusal != nil:
		j.due = append(j.due, out.Due...)
		return j.undo(out.Answer.Refusal)
	}
	j.effects = out.Answer.Cancellation.Effects
	j.due, j.workItems = append(j.due, out.Due...), append(j.workItems, out.WorkItems...)
	if err := j.holdSlots(2); err != nil {
		return err
	}
	return j.opened()
}
