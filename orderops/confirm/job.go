package confirm

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/modify"
)

// job is one confirmation under way.
type job struct {
	*Confirms
	run *command.Listening
	row command.Row
	in  Input
	// now is the instant the command was accepted; deadlines are compared with it, also after a restart.
	now  time.Time
	shop b2cclient.Shop

	edited modify.Edited
	old    old
	next   successor
	order  modify.Order
	slots  []orderops.KeptSlot
	sent   int             // how often the basket was submitted
	chosen bool            // the caller chose another slot than the held one
	worth  decimal.Decimal // of what was cancelled of the old order

	answer    *orderops.Confirmation
	due       []command.Due
	workItems []command.WorkItem
}

// waiting is the error of a confirmation whose cancel of the old order has not come about yet; the new order is placed.
type waiting struct{ resume json.RawMessage }

func (waiting) Error() string { return "the old order is not cancelled yet" }

// begin runs a confirmation from its first step.
func (j *job) begin() error {
	if err := j.examine(); err != nil || j.answer != nil {
		return err
	}
	j.slots = j.edited.Answer.Slots
	if j.in.Request.SlotID != "" {
		if err := j.otherSlot(); err != nil {
			return err
		}
	}
	if j.next.OrderNo == "" {
		if err := j.renew(); err != nil {
			return err
		}
		if err := j.place(); err != nil {
			return j.keepUnits(err)
		}
	}
	if err := j.end(); err != nil {
		return err
	}
	return j.follow(nil)
}

// begun is what a confirmation goes on with whose cancel of the old order has not come about.
type begun struct {
	Cancel json.RawMessage     `json:"cancel,omitempty"`
	Edited modify.Edited       `json:"edited"`
	Old    old                 `json:"old"`
	Next   successor           `json:"next"`
	Order  modify.Order        `json:"order"`
	Slots  []orderops.KeptSlot `json:"slots"`
	Chosen bool                `json:"chosen,omitempty"`
}

func (j *job) resume(raw json.RawMessage) error {
	var b begun
	if err := json.Unmarshal(raw, &b); err != nil {
		return fmt.Errorf("decode resume of confirm: %w", err)
	}
	j.edited, j.old, j.next, j.order, j.slots, j.chosen = b.Edited, b.Old, b.Next, b.Order, b.Slots, b.Chosen
	return j.follow(b.Cancel)
}

// later leaves the cancel of the old order to due work, and tells a person that there are two live orders until then.
func (j *job) later(cancel json.RawMessage) error {
	raw, err := json.Marshal(begun{cancel, j.edited, j.old, j.next, j.order, j.slots, j.chosen})
	if err != nil {
		return fmt.Errorf("encode resume of confirm: %w", err)
	}
	return waiting{raw}
}

// result turns the end of a job into what is stored.
func (j *job) result(err error) (command.Result, error) {
	refusal, refused := orderops.AsRefusal(err)
	var wait waiting
	result := command.Result{State: command.Succeeded, Due: j.due, WorkItems: j.workItems}
	switch {
	case errors.As(err, &wait):
		result.State, result.Resume = command.Unknown, wait.resume
		answer := j.describe()
		answer.Effects = []orderops.Effect{{System: "som", Action: "cancel_old_order", State: orderops.EffectPending, Reference: j.order.ID}}
		result.Answer.Confirmation = answer
		result.Due = append(result.Due, command.Resuming(j.workItem("order:"+j.row.OrderNo,
			"order "+j.next.OrderNo+" is placed and the order that it replaces is not cancelled yet; it is held and tried again")))
	case refused:
		result.Answer.Refusal, result.State = refusal, command.Refused
		if refusal.Retriable && len(j.due) == 0 {
			result.State = command.Released
		}
	case err != nil:
		return result, err
	default:
		result.Answer.Confirmation = j.answer
	}
	return result, nil
}

func (j *job) workItem(entity, reason string) command.WorkItem {
	return command.WorkItem{OrderNo: j.row.OrderNo, Entity: entity, Currency: j.old.Currency, Reason: reason}
}

// describe words the confirmation for the caller.
func (j *job) describe() *orderops.Confirmation {
	before := j.worth
	switch {
	case j.edited.Answer.Policy == orderops.CancelFirst:
		before = j.edited.Answer.Before.Decimal
	case before.IsZero():
		before = j.order.Worth
	}
	return &orderops.Confirmation{
		OrderNo: j.row.OrderNo, NewOrderNo: j.next.OrderNo, Policy: j.edited.Answer.Policy, Currency: j.old.Currency,
		Before: orderops.NewAmount(before), After: orderops.NewAmount(j.next.Total), Difference: orderops.NewAmount(j.next.Total.Sub(before)),
		Bookings: []string{}, Effects: []orderops.Effect{},
	}
}
