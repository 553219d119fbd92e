package returns

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/settle"
)

// job is one return under way.
type job struct {
	*Returns
	run command.Run
	row command.Row
	in  Input
	// now is the instant the command was accepted; deadlines are compared with it, also after a restart.
	now time.Time

	order order
	plan  plan
	// refund is what the shopper gets for the units by the latest preview or the submit, fee what is kept of their worth.
	refund, fee decimal.Decimal
	feeOrder    string // the change order of the fee

	answer    orderops.Return
	due       []command.Due
	workItems []command.WorkItem
}

// unknown is the error of a submit whose outcome could not be found out yet; resumeState says how to go on.
type unknown struct{ state resumeState }

func (unknown) Error() string { return "the outcome of the return is not known yet" }

// disputed is the error of an order that was changed by others in a way that looks like our own return.
type disputed struct{ detail string }

func (d disputed) Error() string { return d.detail }

// resumeState is what a later attempt to find the outcome out needs; ids and amounts only.
type resumeState struct {
	Order  order           `json:"order"`
	Plan   plan            `json:"plan"`
	Refund decimal.Decimal `json:"refund"`
	Fee    decimal.Decimal `json:"fee"`
}

// mode is how goods of the order's site come back.
func (j *job) mode() orderops.ReturnMode {
	if j.Policy.Mode.Of(j.row.Site) == orderops.ReturnRMA {
		return orderops.ReturnRMA
	}
	return orderops.ReturnSimple
}

// begin runs a return from its first step.
func (j *job) begin() error {
	if err := j.examine(); err != nil {
		return err
	}
	if err := j.preview(); err != nil {
		return err
	}
	if err := j.submit(); err != nil {
		return err
	}
	return j.follow()
}

// resume finds out what became of an earlier submit and goes on from there.
func (j *job) resume(raw json.RawMessage) error {
	var state resumeState
	if err := json.Unmarshal(raw, &state); err != nil {
		return fmt.Errorf("decode resume of return: %w", err)
	}
	j.order, j.plan, j.refund, j.fee = state.Order, state.Plan, state.Refund, state.Fee
	if err := j.settleFrom(0); err != nil {
		return err
	}
	return j.follow()
}

// follow brings about everything that follows: of goods that are back at once, of those that are announced once they come.
func (j *job) follow() error {
	if j.mode() == orderops.ReturnRMA {
		return j.await()
	}
	after := &settle.Aftermath{Systems: j.Systems, Run: command.Listen(j.run), Row: j.row, Now: j.now, Change: j.change()}
	for _, effects := range []func() error{after.PayBack, after.SettlePoints, after.Track} {
		if err := effects(); err != nil {
			return err
		}
	}
	j.answer.Effects, j.due, j.workItems = after.Effects, after.Due, after.WorkItems
	return nil
}

// change is what the return has taken off the order.
func (j *job) change() settle.Change {
	change := settle.Change{
		Currency: j.in.Currency, Refund: j.refund, Kept: j.fee, Fees: j.order.Fees, Grand: j.order.Grand, Ordered: j.in.Ordered.Decimal,
		Elsewhere: j.order.Elsewhere, Held: j.order.Held, Payments: j.order.Payments, AllPoints: j.plan.Whole, OrderSummaryID: j.order.ID, Fulfilled: true,
	}
	if id := j.answer.ChangeOrderID; id != "" {
		change.ChangeOrders = []string{id}
	}
	if j.feeOrder != "" {
		change.FeeOrders = []string{j.feeOrder}
	}
	for _, item := range j.plan.Items {
		change.Items = append(change.Items, settle.Item{ProductCode: item.ProductCode, Quantity: item.Quantity})
	}
	return change
}

// result turns the end of a job into what is stored.
func (j *job) result(err error) (command.Result, error) {
	var pending unknown
	var dispute disputed
	refusal, refused := orderops.AsRefusal(err)
	result := command.Result{State: command.Succeeded, Due: j.due, WorkItems: j.workItems}
	switch {
	case err == nil:
		result.Answer.Return = &j.answer
	case refused:
		result.Answer.Refusal, result.State = refusal, command.Refused
		if refusal.Retriable {
			result.State = command.Released
		}
	case errors.As(err, &pending):
		raw, encodeErr := json.Marshal(pending.state)
		if encodeErr != nil {
			return result, fmt.Errorf("encode resume of return: %w", encodeErr)
		}
		result.State, result.Resume = command.Unknown, raw
		result.Answer.Refusal = orderops.RefuseFor(retrySoon, orderops.OutcomeUnknown, "order management did not say whether it took the units back; it is being found out")
	case errors.As(err, &dispute):
		amount := orderops.NewAmount(j.refund)
		result.State = command.NeedsAttention
		result.Answer.Refusal = orderops.Refuse(orderops.OutcomeUnknown, "%s; it was handed to a person", dispute.detail)
		result.WorkItems = append(result.WorkItems, command.WorkItem{
			OrderNo: j.row.OrderNo, Entity: "som:orderSummary:" + j.order.ID, Amount: &amount, Currency: j.in.Currency, Reason: dispute.detail,
		})
	default:
		return result, err
	}
	return result, nil
}

// describe words the plan for the caller.
func (j *job) describe() orderops.Return {
	r := orderops.Return{
		OrderNo: j.row.OrderNo, Mode: j.mode(), Refund: orderops.NewAmount(j.refund), Fee: orderops.NewAmount(j.fee), Currency: j.in.Currency,
		Items: []orderops.ReturnedItem{}, LeftOut: []orderops.NotReturned{}, Effects: []orderops.Effect{},
	}
	r.LeftOut = append(r.LeftOut, j.plan.LeftOut...)
	for _, item := range j.plan.Items {
		r.Items = append(r.Items, orderops.ReturnedItem{
			OrderItemSummaryID: item.LineID, ProductCode: item.ProductCode, Quantity: orderops.NewAmount(item.Quantity),
		})
	}
	return r
}
