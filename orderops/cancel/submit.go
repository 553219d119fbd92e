package cancel

import (
	"context"
	"errors"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/readback"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// maxSubmits bounds how often a submit is sent in one execution, after answers that allow another one.
const maxSubmits = 3

// reread looks at the order again right before the submit, notes the changes that exist, and refuses when the units are
// not there any more. After units were taken back it asks SOM for the exact amount.
func (j *job) reread() error {
	latest, err := j.readOrder(j.step("som.reread"))
	if err != nil {
		return err
	}
	before := j.order
	j.order = latest
	for _, item := range j.plan.Items {
		now, _ := latest.line(item.LineID)
		was, _ := before.line(item.LineID)
		switch {
		case now.Available.GreaterThanOrEqual(item.Quantity):
		case now.Fulfilled.GreaterThan(was.Fulfilled):
			return parcelLeft{latest, refuseCancel("line %s was fulfilled in the meantime", item.LineID)}
		default:
			return orderops.RefuseFor(retrySoon, orderops.OrderChanged, "line %s changed in the meantime", item.LineID)
		}
	}
	if !j.plan.allocated() {
		return nil
	}
	out, err := j.previewStep(j.step("som.previewCancel.all"), j.changeItems(false))
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return refuseFor(out.Failure)
	}
	j.refund = out.Value.GrandTotalAmount
	return j.expected()
}

// submit cancels in SOM: the point of no return.
func (j *job) submit() error {
	for n := 1; n <= maxSubmits; n++ {
		out, err := j.submitStep(n)
		if err != nil {
			return err
		}
		switch {
		case out.Failure == nil:
			return j.submitted(out.Value)
		case out.Failure.Class == remote.Ambiguous:
			return j.settleSubmitFrom(n)
		case out.Failure.VendorCode == somclient.LockedRow && n < maxSubmits:
			continue // somebody else held the record; nothing changed
		default:
			return j.refused(out.Failure)
		}
	}
	return orderops.RefuseFor(retrySoon, orderops.OrderChanged, "order management is busy with the order")
}

// refused words SOM's refusal of a submit. When units have been allocated or cancelled since they were last looked at,
// another try may do: what a location holds is taken back first then. What has been fulfilled meanwhile is gone.
func (j *job) refused(failure *remote.Error) error {
	if failure.Class != remote.Rejected {
		return refuseFor(failure)
	}
	out, err := j.orderStep(j.step("som.readRefused"))
	if err != nil {
		return err
	}
	changed := false
	for _, item := range j.plan.Items {
		now, found := out.Value.line(item.LineID)
		was, _ := j.order.line(item.LineID)
		if !found {
			return refuseFor(failure)
		}
		if now.Fulfilled.GreaterThan(was.Fulfilled) {
			return parcelLeft{out.Value, refuseFor(failure)}
		}
		changed = changed || now.Available.LessThan(item.Quantity)
	}
	if !changed {
		return refuseFor(failure)
	}
	refusal := orderops.RefuseFor(retrySoon, orderops.OrderChanged, "units were allocated or cancelled in the meantime")
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}

func (j *job) submitStep(n int) (command.Outcome[somclient.Change], error) {
	return command.CallOnce(j.run, j.step("som.submitCancel")+"#"+strconv.Itoa(n), func(ctx context.Context) (somclient.Change, error) {
		return j.SOM.SubmitCancel(ctx, j.order.ID, j.changeItems(false))
	})
}

func (j *job) submitted(c somclient.Change) error {
	j.refund, j.feeOrder = c.GrandTotalAmount, c.FeeChangeOrderID
	j.cancellation = j.describe()
	j.cancellation.ChangeOrderID = c.ChangeOrderID
	return nil
}

// settleSubmit finds out what became of a submit of an earlier execution.
func (j *job) settleSubmit() error { return j.settleSubmitFrom(0) }

// settleSubmitFrom reads back after the nth submit of this execution got no answer, and sends another one only when the
// order shows that the last one did not happen.
func (j *job) settleSubmitFrom(n int) error {
	for {
		verdict, err := j.readBack(n)
		if err != nil {
			return err
		}
		switch verdict {
		case readback.Claimed:
			j.cancellation = j.describe()
			j.cancellation.ChangeOrderID = j.claimed
			return nil
		case readback.Others:
			return disputed{"the order was changed by somebody else while the outcome of the cancel was unknown"}
		case readback.Unreadable:
			return j.unknown()
		case readback.None:
		}
		if n++; n > maxSubmits {
			return j.unknown()
		}
		out, err := j.submitStep(n)
		switch {
		case err != nil:
			return err
		case out.Failure == nil:
			return j.submitted(out.Value)
		case out.Failure.Class == remote.Rejected, out.Failure.Class == remote.NotFound:
			return j.refused(out.Failure)
		case out.Failure.Class != remote.Ambiguous:
			return j.unknown()
		}
	}
}

// unknown leaves the finding out to due work.
func (j *job) unknown() error {
	state := resumeState{
		OrderSummaryID: j.order.ID, Plan: j.plan, Refund: j.refund, Grand: j.order.Grand, Slots: j.slots, Payments: j.order.Payments, Taken: j.taken,
		Lines: j.order.Lines, Elsewhere: j.order.Elsewhere, Held: j.order.Held, Again: j.again,
	}
	for _, c := range j.order.Changes {
		state.Before = append(state.Before, c.ID)
	}
	return unknown{state}
}

// backRead is an order read together with the id of the user we change orders as.
type backRead struct {
	Order order  `json:"order"`
	Me    string `json:"me"`
}

func (j *job) readBack(n int) (readback.Verdict, error) {
	out, err := command.Call(j.run, j.step("som.readBack")+"#"+strconv.Itoa(n), func(ctx context.Context) (backRead, error) {
		read, err := j.readNow(ctx, j.row.OrderNo)
		if err != nil {
			return backRead{}, err
		}
		me, err := j.SOM.UserID(ctx) // known from the log-in: no call of its own
		return backRead{read, me}, err
	})
	if err != nil {
		return "", err
	}
	if out.Failure != nil || !out.Value.Order.Found {
		return readback.Unreadable, nil
	}
	return j.claim(out.Value), nil
}

// claim looks for the records of the planned changes among those that are new since the last read.
func (j *job) claim(now backRead) readback.Verdict {
	asked := readback.Asked{Units: map[string]decimal.Decimal{}, Reason: j.plan.Reason, Me: now.Me}
	for _, item := range j.plan.Items {
		asked.Units[item.LineID] = item.Quantity
	}
	j.plan.Reprice.ask(asked.Units)
	orders, fees := asked.Orders(j.order.Changes, now.Order.Changes)
	if len(orders) == 1 {
		j.claimed = orders[0]
	}
	if len(fees) == 1 && j.plan.Reprice.kept().IsPositive() {
		j.feeOrder = fees[0]
	}
	return asked.Claim(j.order.Changes, now.Order.Changes)
}

// undo gives units that were taken back to their locations again, when the cancel does not come about, and returns the
// reason. A submit whose outcome is open, or disputed, leaves them where they are.
func (j *job) undo(reason error) error {
	var pending unknown
	var dispute disputed
	if errors.As(reason, &pending) || errors.As(reason, &dispute) {
		return reason
	}
	refusal, ok := orderops.AsRefusal(reason)
	if !ok || len(j.taken) == 0 {
		return reason
	}
	return j.reallocate(refusal)
}
