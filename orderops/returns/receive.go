package returns

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
)

// KindAwait is the due work that waits for announced goods, actionReceive the effect it brings about.
const (
	KindAwait     = "som.awaitReturn"
	actionReceive = "receive_goods"
)

// The codes of announced goods that did not come.
const (
	codeCanceled = "return_canceled"
	codeClosed   = "return_closed"
	codeMissing  = "no_return_order"
)

// awaited is a return order whose goods are waited for.
type awaited struct {
	ReturnOrderID string `json:"return_order_id"`
	// OrderSummaryID is what events tell of.
	OrderSummaryID string          `json:"order_summary_id"`
	Currency       string          `json:"currency"`
	Ordered        decimal.Decimal `json:"ordered"`
	// Settled are the change orders that have been paid back for, or are owed.
	Settled []string `json:"settled,omitempty"`
}

// await leaves the rest to the day the goods come.
func (j *job) await() error {
	task := awaited{ReturnOrderID: j.answer.ReturnOrderID, OrderSummaryID: j.order.ID, Currency: j.in.Currency, Ordered: j.in.Ordered.Decimal}
	raw, err := json.Marshal(task)
	amount := orderops.NewAmount(j.refund)
	j.answer.Effects = []orderops.Effect{{
		System: somclient.System, Action: actionReceive, State: orderops.EffectPending, Reference: task.ReturnOrderID,
		Amount: &amount, Currency: j.in.Currency,
	}}
	j.due = []command.Due{{Kind: KindAwait, Payload: raw, Wait: j.Policy.LookAgain}}
	return err
}

// Perform implements command.Handler: one attempt at an effect that is owed.
func (r *Returns) Perform(ctx context.Context, row command.Row, due command.Due) command.EffectResult {
	if due.Kind != KindAwait {
		return r.Systems.Perform(ctx, row, due)
	}
	result, err := r.look(ctx, row, due.Payload)
	if failure, ok := remote.AsError(err); ok && failure.Class.Passing() {
		return command.EffectResult{State: orderops.EffectPending, Again: max(retrySoon, failure.RetryAfter)}
	}
	if err != nil { // a fault of our own: a person has to look
		return command.EffectResult{State: orderops.EffectFailed, Code: string(orderops.InternalError)}
	}
	return result
}

// look looks what has come of an announced return. What has arrived is settled change order by change order, each as work
// of its own that is stored before it is done; the rest is waited for.
func (r *Returns) look(ctx context.Context, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var task awaited
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	receipt, err := r.SOM.ReturnOrder(ctx, task.ReturnOrderID)
	if err != nil {
		return command.EffectResult{}, err
	}
	if receipt.ID == "" {
		return command.EffectResult{State: orderops.EffectFailed, Code: codeMissing}, nil
	}
	fresh := task.fresh(receipt)
	if len(fresh) == 0 {
		return task.outcome(receipt, r.Policy), nil
	}
	_, o, err := r.readNow(ctx, row.OrderNo)
	switch {
	case err != nil:
		return command.EffectResult{}, err
	case !o.Found:
		return command.EffectResult{}, errors.New("the order of a return order is gone")
	}
	owed, err := r.Systems.Owe(row, task.change(receipt, o, fresh))
	if err != nil {
		return command.EffectResult{}, err
	}
	task.Settled = append(task.Settled, fresh...)
	raw, err := json.Marshal(task)
	still := command.Owed{Kind: KindAwait, Payload: raw, Effect: orderops.Effect{
		System: somclient.System, Action: actionReceive, State: orderops.EffectPending, Reference: task.ReturnOrderID,
	}}
	return command.EffectResult{State: orderops.EffectPending, Instead: append([]command.Owed{still}, owed...)}, err
}

// fresh are the change orders of goods that arrived since the last look, and of the fees for them.
func (t awaited) fresh(receipt somclient.Receipt) []string {
	var ids []string
	for _, l := range receipt.Lines.Records {
		if id := l.ChangeOrder(); id != "" && !slices.Contains(t.Settled, id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// outcome says whether anything is still to come.
func (t awaited) outcome(receipt somclient.Receipt, policy Policy) command.EffectResult {
	open := slices.ContainsFunc(receipt.Lines.Records, func(l somclient.AnnouncedLine) bool {
		return l.TypeCode == somclient.TypeCodeProduct && l.ChangeOrder() == ""
	})
	came := len(t.Settled) > 0
	switch {
	case receipt.StatusCategory == somclient.ReturnCanceled && !came:
		return command.EffectResult{State: orderops.EffectNotApplicable, Code: codeCanceled}
	case receipt.StatusCategory == somclient.ReturnClosed && !came:
		return command.EffectResult{State: orderops.EffectNotApplicable, Code: codeClosed}
	case receipt.StatusCategory == somclient.ReturnCanceled, receipt.StatusCategory == somclient.ReturnClosed, !open:
		return command.EffectResult{State: orderops.EffectDone}
	default:
		return command.EffectResult{State: orderops.EffectPending, Again: policy.LookAgain}
	}
}

// change is what the goods of some change orders have taken off the order, which has been lowered by them already.
func (t awaited) change(receipt somclient.Receipt, o order, ids []string) settle.Change {
	change := settle.Change{
		Currency: t.Currency, Ordered: t.Ordered, Fees: o.Fees, Elsewhere: o.Elsewhere, Held: o.Held, Payments: o.Payments, AllPoints: !o.kept(),
		Origin: ids[0], OrderSummaryID: o.ID, Fulfilled: true,
	}
	for _, id := range ids {
		worth := receipt.Worth[id]
		change.Refund = change.Refund.Add(worth)
		if worth.IsNegative() {
			change.Kept, change.FeeOrders = change.Kept.Sub(worth), append(change.FeeOrders, id)
			continue
		}
		change.ChangeOrders = append(change.ChangeOrders, id)
	}
	change.Grand = o.Grand.Add(change.Refund)
	change.Fees = o.Fees.Sub(change.Kept)
	for _, l := range receipt.Lines.Records {
		if item, ok := o.line(l.OrderItemSummaryID); ok && item.Product && slices.Contains(ids, l.ChangeOrder()) {
			change.Items = append(change.Items, settle.Item{ProductCode: item.ProductCode, Quantity: l.QuantityReturned})
		}
	}
	return change
}
