package settle

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// SlotView is what an action knows of the order's slot bookings.
type SlotView struct {
	// Known is false when the slot service could not be asked. An action goes on then: whether it is possible is
	// decided by order management, and the release is owed.
	Known    bool      `json:"known"`
	Bookings []Booking `json:"bookings"`
}

// Booking is a booked slot.
type Booking struct {
	ID       string     `json:"id"`
	Type     string     `json:"type"` // of the slot: delivery or pickup
	Booked   bool       `json:"booked"`
	End      time.Time  `json:"end"`
	CutoffAt *time.Time `json:"cutoff_at,omitempty"`
}

// releaseTask is the due work of one booking, or of all bookings of an order when they could not be listed.
type releaseTask struct {
	BookingID string `json:"booking_id,omitempty"`
	// Types are the types of slots for which nothing of the order is left; Any means all of them.
	Types []string `json:"types,omitempty"`
	Any   bool     `json:"any,omitempty"`
}

// ReleaseSlots gives those slots back for which nothing of the order is left. Groups that are delivered and groups that
// are collected have slots of their own.
func (a *Aftermath) ReleaseSlots(bookings SlotView, emptied []string) error {
	effect := orderops.Effect{System: slotsclient.System, Action: "release"}
	switch {
	case a.Change.SlotsTakenOver:
		effect.State, effect.Code = orderops.EffectNotApplicable, codeTakenOver
		return a.effect(effect, kindRelease, releaseTask{})
	case len(emptied) == 0 && !a.Change.Whole:
		effect.State = orderops.EffectNotApplicable
		return a.effect(effect, kindRelease, releaseTask{})
	case !bookings.Known:
		effect.State = orderops.EffectPending
		return a.effect(effect, kindRelease, releaseTask{Types: emptied, Any: a.Change.Whole})
	}
	found := false
	for _, b := range bookings.Bookings {
		if !b.Booked || !a.Change.Whole && !slices.Contains(emptied, b.Type) {
			continue
		}
		found = true
		if err := a.releaseOne(b); err != nil {
			return err
		}
	}
	if !found {
		effect.State = orderops.EffectNotApplicable
		return a.effect(effect, kindRelease, releaseTask{})
	}
	return nil
}

func (a *Aftermath) releaseOne(b Booking) error {
	effect := orderops.Effect{System: slotsclient.System, Action: "release", Reference: b.ID}
	if b.End.Before(a.Now) { // no capacity to give back
		effect.State = orderops.EffectNotApplicable
		return a.effect(effect, kindRelease, releaseTask{})
	}
	out, err := command.Call(a.Run, "slots.release/"+b.ID, func(ctx context.Context) (nothing, error) {
		return nothing{}, a.Slots.Release(ctx, b.ID)
	})
	if err != nil {
		return err
	}
	effect.State, effect.Code = releaseState(out.Failure)
	return a.effect(effect, kindRelease, releaseTask{BookingID: b.ID})
}

// releaseState is the state of a release after an attempt; a booking that is not there any more takes no capacity.
func releaseState(failure *remote.Error) (orderops.EffectState, string) {
	if failure != nil && failure.Class == remote.NotFound {
		return orderops.EffectNotApplicable, failure.VendorCode
	}
	return StateAfter(failure)
}

func (s *Systems) performRelease(ctx context.Context, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var task releaseTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	ids := []string{task.BookingID}
	if task.BookingID == "" {
		bookings, err := s.Slots.Bookings(ctx, row.OrderNo)
		if failure, ok := remote.AsError(err); ok {
			return After(failure), nil
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
		if failure, ok := remote.AsError(s.Slots.Release(ctx, id)); ok && failure.Class != remote.NotFound {
			return After(failure), nil
		}
	}
	return command.EffectResult{State: orderops.EffectDone, Reference: ids[0]}, nil
}
