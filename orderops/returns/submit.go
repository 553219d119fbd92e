package returns

import (
	"context"
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

// submitted is what a submit came to: the change that took the units back, or the return order that announces them.
type submitted struct {
	ChangeOrderID string          `json:"change_order_id,omitempty"`
	FeeOrderID    string          `json:"fee_order_id,omitempty"`
	ReturnOrderID string          `json:"return_order_id,omitempty"`
	Refund        decimal.Decimal `json:"refund"`
	Fee           decimal.Decimal `json:"fee"`
}

// submit takes the units back in SOM, or announces them there: the point of no return.
func (j *job) submit() error {
	for n := 1; n <= maxSubmits; n++ {
		out, err := j.submitStep(n)
		if err != nil {
			return err
		}
		switch {
		case out.Failure == nil:
			j.accept(out.Value)
			return nil
		case out.Failure.Class == remote.Ambiguous:
			return j.settleFrom(n)
		case out.Failure.VendorCode == somclient.LockedRow && n < maxSubmits:
			continue // somebody else held the record; nothing changed
		default:
			return j.refused(out.Failure)
		}
	}
	return orderops.RefuseFor(retrySoon, orderops.OrderChanged, "order management is busy with the order")
}

func (j *job) submitStep(n int) (command.Outcome[submitted], error) {
	if j.mode() == orderops.ReturnRMA {
		return command.CallOnce(j.run, "som.createReturnOrder#"+strconv.Itoa(n), func(ctx context.Context) (submitted, error) {
			id, err := j.SOM.CreateReturnOrder(ctx, somclient.NewReturnOrder{OrderSummaryID: j.order.ID, Lines: j.plan.changeItems()})
			return submitted{ReturnOrderID: id, Refund: j.refund, Fee: j.fee}, err
		})
	}
	return command.CallOnce(j.run, "som.submitReturn#"+strconv.Itoa(n), func(ctx context.Context) (submitted, error) {
		change, err := j.SOM.SubmitReturn(ctx, j.order.ID, j.plan.changeItems())
		return submitted{ChangeOrderID: change.ChangeOrderID, FeeOrderID: change.FeeChangeOrderID, Refund: change.GrandTotalAmount, Fee: change.Fees}, err
	})
}

func (j *job) accept(s submitted) {
	j.refund, j.fee, j.feeOrder = s.Refund, s.Fee, s.FeeOrderID
	j.answer = j.describe()
	j.answer.ChangeOrderID, j.answer.ReturnOrderID = s.ChangeOrderID, s.ReturnOrderID
}

// refused words SOM's refusal of a submit. Units that have come back meanwhile by another way are too many now.
func (j *job) refused(failure *remote.Error) error {
	if failure.Class != remote.Rejected {
		return refuseFor(failure)
	}
	out, err := command.Call(j.run, "som.readRefused", func(ctx context.Context) (order, error) {
		_, o, err := j.readNow(ctx, j.row.OrderNo)
		return o, err
	})
	if err != nil || out.Failure != nil {
		return joined(err, refuseFor(failure))
	}
	for _, item := range j.plan.Items {
		if now, _ := out.Value.line(item.LineID); now.Available.LessThan(item.Quantity) {
			refusal := orderops.Refuse(orderops.ReturnQuantityExceeded, "line %s: %s units asked, %s can be returned by now", item.LineID, item.Quantity, now.Available)
			refusal.Extra.UpstreamCode = failure.VendorCode
			return withItems(refusal, item.LineID)
		}
	}
	return refuseFor(failure)
}

// joined is a fault of our own, or else the refusal.
func joined(err error, refusal *orderops.Refusal) error {
	if err != nil {
		return err
	}
	return refusal
}

// settleFrom reads back after the nth submit of this execution got no answer, and sends another one only when the order
// shows that the last one did not happen.
func (j *job) settleFrom(n int) error {
	for {
		verdict, found, err := j.readBack(n)
		if err != nil {
			return err
		}
		switch verdict {
		case readback.Claimed:
			j.accept(found)
			return nil
		case readback.Others:
			return disputed{"the order was changed by somebody else while the outcome of the return was unknown"}
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
			j.accept(out.Value)
			return nil
		case out.Failure.Class == remote.Rejected, out.Failure.Class == remote.NotFound:
			return j.refused(out.Failure)
		case out.Failure.Class != remote.Ambiguous:
			return j.unknown()
		}
	}
}

// unknown leaves the finding out to due work.
func (j *job) unknown() error { return unknown{resumeState{j.order, j.plan, j.refund, j.fee}} }

// backRead is what an order shows after a submit, together with the id of the user we change orders as.
type backRead struct {
	Order     order       `json:"order"`
	Announced []announced `json:"announced,omitempty"`
	Me        string      `json:"me"`
}

// announced is a return order as far as it is compared.
type announced struct {
	ID    string            `json:"id"`
	By    string            `json:"by"`
	Lines []readback.Change `json:"lines"`
}

func (j *job) readBack(n int) (readback.Verdict, submitted, error) {
	out, err := command.Call(j.run, "som.readBack#"+strconv.Itoa(n), func(ctx context.Context) (backRead, error) {
		me, err := j.SOM.UserID(ctx) // known from the log-in: no call of its own
		if err != nil {
			return backRead{}, err
		}
		if j.mode() == orderops.ReturnRMA {
			list, err := j.readAnnounced(ctx)
			return backRead{Announced: list, Me: me}, err
		}
		_, read, err := j.readNow(ctx, j.row.OrderNo)
		return backRead{Order: read, Me: me}, err
	})
	if err != nil {
		return "", submitted{}, err
	}
	claimed := submitted{Refund: j.refund, Fee: j.fee}
	switch {
	case out.Failure != nil, j.mode() == orderops.ReturnSimple && !out.Value.Order.Found:
		return readback.Unreadable, claimed, nil
	case j.mode() == orderops.ReturnSimple:
		asked := readback.Asked{Units: j.plan.units(), Reason: j.plan.Reason, Me: out.Value.Me}
		changes, fees := asked.Orders(j.order.Changes, out.Value.Order.Changes)
		claimed.ChangeOrderID, claimed.FeeOrderID = only(changes), only(fees)
		return asked.Claim(j.order.Changes, out.Value.Order.Changes), claimed, nil
	default:
		verdict, id := j.claimAnnounced(out.Value)
		claimed.ReturnOrderID = id
		return verdict, claimed, nil
	}
}

// only is the one id of a list; none where several could be meant.
func only(ids []string) string {
	if len(ids) == 1 {
		return ids[0]
	}
	return ""
}

func (j *job) readAnnounced(ctx context.Context) ([]announced, error) {
	found, err := j.SOM.ReturnOrdersOf(ctx, j.order.ID)
	var list []announced
	for _, r := range found {
		a := announced{ID: r.ID, By: r.CreatedByID}
		for _, l := range r.Lines.Records {
			if l.TypeCode == somclient.TypeCodeProduct {
				a.Lines = append(a.Lines, readback.Change{
					ID: l.ID, LineID: l.OrderItemSummaryID, Reason: l.ReasonForReturn, By: r.CreatedByID, Quantity: l.QuantityExpected,
				})
			}
		}
		list = append(list, a)
	}
	return list, err
}

// claimAnnounced looks for our return order among those that are new.
func (j *job) claimAnnounced(now backRead) (readback.Verdict, string) {
	known := map[string]bool{}
	for _, id := range j.order.Returns {
		known[id] = true
	}
	asked := readback.Asked{Units: j.plan.units(), Reason: j.plan.Reason, Me: now.Me}
	var fresh []readback.Change
	id := ""
	for _, a := range now.Announced {
		if !known[a.ID] {
			fresh, id = append(fresh, a.Lines...), a.ID
		}
	}
	return asked.Claim(nil, fresh), id
}
