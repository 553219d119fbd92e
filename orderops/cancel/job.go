package cancel

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/readback"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
)

// job is one cancel under way.
type job struct {
	*Cancels
	run command.Run
	row command.Row
	in  Input
	// now is the instant the command was accepted; deadlines are compared with it, also after a restart.
	now time.Time

	order  order
	plan   plan
	slots  settle.SlotView
	refund decimal.Decimal // what the cancelled units are worth, by the latest preview or the submit
	taken  []take          // units taken back from their locations so far
	again  bool            // it was planned a second time, since a parcel had left
	// claimed is the change order of a submit whose answer was lost.
	claimed string
	// feeOrder is the change order of what is kept; empty where nothing is.
	feeOrder string
	// asking says that nothing is to be done, only told.
	asking bool

	done         bool // the order was cancelled already
	cancellation orderops.Cancellation
	due          []command.Due
	workItems    []command.WorkItem
}

// unknown is the error of a submit whose outcome could not be found out yet; resumeState says how to go on.
type unknown struct{ state resumeState }

func (unknown) Error() string { return "the outcome of submit-cancel is not known yet" }

// disputed is the error of an order that was changed by others in a way that looks like our own cancel.
type disputed struct{ detail string }

func (d disputed) Error() string { return d.detail }

// resumeState is what a later attempt to find the outcome out needs; ids and amounts only.
type resumeState struct {
	OrderSummaryID string           `json:"order_summary_id"`
	Plan           plan             `json:"plan"`
	Before         []string         `json:"before"`
	Refund         decimal.Decimal  `json:"refund"`
	Grand          decimal.Decimal  `json:"grand"`
	Elsewhere      decimal.Decimal  `json:"elsewhere"`
	Held           decimal.Decimal  `json:"held"`
	Slots          settle.SlotView  `json:"slots"`
	Payments       []settle.Payment `json:"payments"`
	Lines          []line           `json:"lines"`
	Taken          []take           `json:"taken"`
	Again          bool             `json:"again,omitempty"`
}

// begin runs a cancel from its first step.
func (j *job) begin() error {
	if err := j.examine(); err != nil || j.done {
		return err
	}
	if err := j.preview(); err != nil {
		return err
	}
	err := j.carryOut(j.plan.Takes)
	var left parcelLeft
	if errors.As(err, &left) {
		err = j.carryOutRest(left)
	}
	if err != nil {
		return j.undo(err)
	}
	return j.follow()
}

// carryOut takes units back from where they are and cancels what is planned.
func (j *job) carryOut(takes []take) error {
	for _, step := range []func() error{func() error { return j.takeBack(takes) }, j.reread, j.submit} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// step names a step of the plan that is being carried out.
func (j *job) step(name string) string {
	if j.again {
		return name + "/again"
	}
	return name
}

// resume finds out what became of an earlier submit and goes on from there.
func (j *job) resume(raw json.RawMessage) error {
	var state resumeState
	if err := json.Unmarshal(raw, &state); err != nil {
		return fmt.Errorf("decode resume of cancel: %w", err)
	}
	j.order = order{Found: true, ID: state.OrderSummaryID, Payments: state.Payments, Grand: state.Grand, Elsewhere: state.Elsewhere, Held: state.Held, Lines: state.Lines}
	for _, id := range state.Before {
		j.order.Changes = append(j.order.Changes, readback.Change{ID: id})
	}
	j.plan, j.refund, j.slots, j.taken, j.again = state.Plan, state.Refund, state.Slots, state.Taken, state.Again
	if err := j.settleSubmit(); err != nil {
		var left parcelLeft
		if errors.As(err, &left) {
			err = left.refusal
		}
		return j.undo(err)
	}
	return j.follow()
}

// result turns the end of a job into what is stored.
func (j *job) result(err error) (command.Result, error) {
	var pending unknown
	var dispute disputed
	refusal, refused := orderops.AsRefusal(err)
	result := command.Result{State: command.Succeeded, Due: j.due, WorkItems: j.workItems}
	switch {
	case err == nil:
		result.Answer.Cancellation = &j.cancellation
	case refused:
		result.Answer.Refusal = refusal
		result.State = command.Refused
		if refusal.Retriable && len(j.due) == 0 {
			result.State = command.Released
		}
	case errors.As(err, &pending):
		raw, encodeErr := json.Marshal(pending.state)
		if encodeErr != nil {
			return result, fmt.Errorf("encode resume of cancel: %w", encodeErr)
		}
		result.State, result.Resume = command.Unknown, raw
		result.Answer.Refusal = orderops.RefuseFor(5*time.Second, orderops.OutcomeUnknown, "order management did not say whether it cancelled; it is being found out")
	case errors.As(err, &dispute):
		result.State = command.NeedsAttention
		result.Answer.Refusal = orderops.Refuse(orderops.OutcomeUnknown, "%s; it was handed to a person", dispute.detail)
		result.WorkItems = append(result.WorkItems, j.workItem("som:orderSummary:"+j.order.ID, dispute.detail))
	default:
		return result, err
	}
	return result, nil
}

func (j *job) workItem(entity, reason string) command.WorkItem {
	amount := orderops.NewAmount(j.refund)
	return command.WorkItem{OrderNo: j.row.OrderNo, Entity: entity, Amount: &amount, Currency: j.in.Currency, Reason: reason}
}

// describe words the plan for the caller.
func (j *job) describe() orderops.Cancellation {
	c := orderops.Cancellation{
		OrderNo: j.row.OrderNo, Whole: j.plan.Whole, Refund: orderops.NewAmount(j.refund), Currency: j.in.Currency,
		Items: []orderops.CancelledItem{}, Effects: []orderops.Effect{},
	}
	for _, item := range j.plan.Items {
		c.Items = append(c.Items, orderops.CancelledItem{
			OrderItemSummaryID: item.LineID, ProductCode: item.ProductCode, Quantity: orderops.NewAmount(item.Quantity),
		})
	}
	j.plan.Reprice.tell(&c)
	return c
}

// changeItems is the plan in the words of SOM. Only the part that is free already counts when free is set.
func (j *job) changeItems(free bool) []somclient.ChangeItem {
	var items []somclient.ChangeItem
	for _, item := range j.plan.Items {
		quantity := item.Quantity
		if free {
			quantity = item.Free
		}
		if !quantity.IsPositive() {
			continue
		}
		items = append(items, somclient.ChangeItem{
			OrderItemSummaryID: item.LineID, Quantity: quantity, Reason: j.plan.Reason, ReduceShipping: item.ReduceShipping,
		})
	}
	if free && j.plan.allocated() {
		return items // a part of what is cancelled; what is kept is of all of it
	}
	return j.plan.Reprice.with(items, j.plan.Reason)
}
