package modify

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// job is one modification under way.
type job struct {
	*Modifies
	run    *command.Listening
	row    command.Row
	in     Input
	shop   b2cclient.Shop
	policy orderops.ModifyPolicy
	// now is the instant the command was accepted; deadlines are compared with it, also after a restart.
	now time.Time

	order    Order
	bookings []slotsclient.Booking // those that stand and are not over
	aside    string                // the basket that the shopper has, to be set aside
	merged   b2cclient.Basket      // the same, where its content is taken over
	made     made
	slots    []orderops.KeptSlot
	held     bool
	short    []orderops.UnavailableLine // what only the order itself could give
	claims   []claim                    // what has gone over from the order to the basket
	looked   bool                       // it is known what the order itself could give up
	unpriced bool                       // a preview cannot tell what the basket would cost
	own      []claim                    // what a preview counts as available, since the order could give it up

	undoing []compensation // noted before the call that each undoes

	answer    *orderops.Modification
	editing   bool
	effects   []orderops.Effect // of the cancel of the old order, where the policy is cancel_first
	due       []command.Due
	workItems []command.WorkItem
	pending   json.RawMessage // what the cancel of the old order is resumed with, while its outcome is not known
}

// begin runs a modification from its first step.
func (j *job) begin() error {
	before, err := Find(j.run, j.Commands, j.row)
	if err != nil {
		return err
	}
	if before.State == command.Editing {
		return j.again(before)
	}
	if err := j.eligible(); err != nil {
		return err
	}
	if j.in.Request.SlotID != "" {
		return j.move()
	}
	if err := j.existing(); err != nil {
		return err
	}
	if err := j.create(); err != nil {
		return err
	}
	if len(j.made.Short) > 0 {
		if err := j.takeOver(); err != nil {
			return err
		}
	}
	for _, step := range []func() error{j.keepPrices, j.expected} {
		if err := step(); err != nil {
			return err
		}
	}
	if j.policy == orderops.CancelFirst {
		return j.cancelFirst()
	}
	for _, step := range []func() error{j.succeed, j.secure, j.show} {
		if err := step(); err != nil {
			return err
		}
	}
	return j.opened()
}

// again answers a second modification of an order that is being edited: whoever edits it goes on with the same basket.
func (j *job) again(before Edited) error {
	switch {
	case before.Note.CustomerID != j.in.CustomerID:
		return orderops.Refuse(orderops.CustomerMismatch, "another customer is editing the order")
	case before.Answer.ExpiresAt != nil && j.now.After(*before.Answer.ExpiresAt):
		return orderops.RefuseFor(retrySoon, orderops.OrderActionInProgress, "the last editing of the order is being ended")
	}
	answer := *before.Answer
	answer.Resumed, answer.Redirect = true, j.redirect()
	j.answer = &answer
	return nil
}

// opened words what the shopper can edit now.
func (j *job) opened() error {
	expires := j.now.Add(j.Policy.EditFor)
	j.editing = true
	j.answer = j.describe()
	j.answer.State, j.answer.BasketID, j.answer.ExpiresAt = orderops.BeingEdited, j.made.BasketID, &expires
	return nil
}

// describe words the follow-up for the caller.
func (j *job) describe() *orderops.Modification {
	m := &orderops.Modification{
		OrderNo: j.row.OrderNo, Policy: j.policy, Currency: j.in.Currency, Before: orderops.NewAmount(j.made.Before), After: orderops.NewAmount(j.made.After),
		Difference:  orderops.NewAmount(j.made.After.Sub(j.made.Before)),
		PriceDeltas: listed(j.made.Deltas), UnavailableLines: listed(j.made.Unavailable), Coupons: listed(j.made.Coupons), Slots: listed(j.slots),
		SetAsideBasketID: j.aside, Redirect: j.redirect(), Warnings: j.warnings(), Effects: listed(j.effects),
	}
	add := func(system, action, reference string) {
		m.Effects = append(m.Effects, orderops.Effect{System: system, Action: action, State: orderops.EffectDone, Reference: reference})
	}
	if j.made.BasketID != "" {
		add(b2cclient.System, "create_basket", j.made.BasketID)
	}
	for _, c := range j.claims {
		add(ociclient.System, actionTakeOver, c.SKU)
	}
	for _, s := range j.slots {
		e := orderops.Effect{System: slotsclient.System, Action: "hold", State: orderops.EffectDone, Reference: s.HoldID, Code: s.Code}
		if s.HoldID == "" {
			e.State, e.Reference = orderops.EffectNotApplicable, s.BookingID
		}
		m.Effects = append(m.Effects, e)
	}
	if j.held {
		add("som", "hold", j.order.ID)
	}
	return m
}

// listed is a list that is never null in JSON.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// warnings are what the shopper should know before going on.
func (j *job) warnings() []orderops.Warning {
	out := []orderops.Warning{}
	add := func(code, text string) { out = append(out, orderops.Warning{Code: code, Text: text}) }
	if j.policy == orderops.CancelFirst {
		add("ORDER_GIVEN_UP", "the order is cancelled now; without ordering the basket there is no order")
		add("SLOT_MAY_BE_LOST", "the slot is given back now; it may be full when it is wanted again")
	}
	for _, s := range j.slots {
		if s.HoldID == "" {
			add("SLOT_NOT_KEPT", "the slot of the order could not be kept; another one has to be chosen")
		}
	}
	if j.unpriced {
		add("TOTAL_NOT_KNOWN", "what the basket costs is told when it is made: the last units of the order go into it")
	}
	if len(j.made.Unavailable) > 0 {
		add("LINES_UNAVAILABLE", "not everything of the order can be bought today")
	}
	return out
}

// result turns the end of a job into what is stored.
func (j *job) result(err error) (command.Result, error) {
	refusal, refused := orderops.AsRefusal(err)
	result := command.Result{State: command.Succeeded, Due: j.due, WorkItems: j.workItems}
	switch {
	case refused:
		result.Answer.Refusal, result.State = refusal, command.Refused
		if len(j.pending) > 0 {
			result.State, result.Resume = command.Unknown, j.pending
			return result, nil
		}
		if refusal.Retriable && len(j.due) == 0 {
			result.State = command.Released
		}
	case err != nil:
		return result, err
	default:
		result.Answer.Modification = j.answer
		if !j.editing {
			return result, nil
		}
		result.State = command.Editing
		raw, err := json.Marshal(j.noteFor())
		if err != nil {
			return result, fmt.Errorf("encode note of modification: %w", err)
		}
		result.Resume = raw
		watch, err := json.Marshal(struct{}{})
		if err != nil {
			return result, fmt.Errorf("encode watch of modification: %w", err)
		}
		result.Due = append(result.Due, command.Due{Effect: -1, Kind: kindWatch, Payload: watch, Wait: j.Policy.WatchEvery})
	}
	return result, nil
}

func (j *job) noteFor() Note {
	n := Note{CustomerID: j.in.CustomerID, SessionID: j.in.SessionID, OrderSummaryID: j.order.ID, Claims: j.claims}
	if j.held {
		n.Hold, n.Before = j.Policy.HoldStatus, j.order.Status
	}
	return n
}

func numbered(name string, n int) string { return name + "#" + strconv.Itoa(n) }

// workItem asks a person to settle something of this order.
func (j *job) workItem(entity, reason string) command.WorkItem {
	return command.WorkItem{OrderNo: j.row.OrderNo, Entity: entity, Currency: j.in.Currency, Reason: reason}
}
