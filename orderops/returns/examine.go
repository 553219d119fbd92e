package returns

import (
	"context"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/window"
)

// retrySoon is the wait announced with refusals that may pass by themselves.
const retrySoon = 5 * time.Second

// examine reads the order with its windows and decides what comes back, or refuses. Nothing is changed.
func (j *job) examine() error {
	if err := j.placed(); err != nil {
		return err
	}
	out, err := command.Call(j.run, "som.read", func(ctx context.Context) (order, error) { return j.readWindows(ctx) })
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return unread(out.Failure)
	}
	if j.order = out.Value; !j.order.Found {
		return orderops.RefuseFor(30*time.Second, orderops.OrderNotYetInOMS, "export status is %s", j.in.ExportStatus)
	}
	if j.plan, err = j.makePlan(); err != nil {
		return err
	}
	return j.chargeFee()
}

// placed refuses by what only commerce knows.
func (j *job) placed() error {
	switch j.in.CommerceStatus {
	case b2cclient.StatusCreated, b2cclient.StatusFailed:
		return orderops.Refuse(orderops.OrderNotPlaced, "the order is %s", j.in.CommerceStatus)
	case b2cclient.StatusReplaced:
		refusal := orderops.Refuse(orderops.OrderReplaced, "the order was replaced")
		refusal.Extra.CurrentOrderNo = j.in.CurrentOrderNo
		return refusal
	default:
		return nil
	}
}

// readWindows reads the order and decides until when its lines may be given back. The request counts when it came in, not
// when it is looked at.
func (j *job) readWindows(ctx context.Context) (order, error) {
	page, o, err := j.readNow(ctx, j.row.OrderNo)
	if err != nil || !o.Found {
		return o, err
	}
	summary, _ := page.Find(j.row.OrderNo)
	decisions, err := j.Windows.Decide(ctx, []window.Order{{Site: j.row.Site, Summary: summary, Methods: page.DeliveryMethods}}, j.now)
	if err != nil {
		return o, err
	}
	for i := range o.Lines {
		if d, ok := decisions[o.Lines[i].ID]; ok {
			o.Lines[i].Window = verdictOf(d)
		}
	}
	return o, nil
}

func (r *Returns) readNow(ctx context.Context, orderNo string) (somclient.Page, order, error) {
	page, err := r.SOM.Orders(ctx, []string{orderNo})
	if err != nil {
		return page, order{}, err
	}
	if failed := page.Failure(somclient.PartOrders); failed != nil {
		return page, order{}, &remote.Error{
			System: somclient.System, Operation: "query", Class: remote.Unavailable, Status: failed.Status, VendorCode: failed.Code,
		}
	}
	return page, project(page, orderNo), nil
}

// chargeFee adds the fee of the site to the plan.
func (j *job) chargeFee() error {
	percent := j.Policy.Fee.Of(j.row.Site)
	if !percent.IsPositive() && len(j.plan.Kept) == 0 {
		return nil
	}
	out, err := command.Call(j.run, "som.feeProduct", func(ctx context.Context) (somclient.FeeBasis, error) {
		return j.SOM.FeeBasis(ctx, j.row.OrderNo, j.row.ID, j.Policy.FeeProduct)
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return unread(out.Failure)
	case out.Value.ProductID == "":
		return orderops.Refuse(orderops.UpstreamError, "order management has no product %s to book the fee on", j.Policy.FeeProduct)
	}
	j.plan.FeeProduct, j.plan.Fee = out.Value.ProductID, percent
	return nil
}

// preview asks SOM what the units are worth and compares the refund with the caller's expectation.
func (j *job) preview() error {
	out, err := command.Call(j.run, "som.previewReturn", func(ctx context.Context) (somclient.Change, error) {
		return j.SOM.PreviewReturn(ctx, j.order.ID, j.plan.changeItems())
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return refuseFor(out.Failure)
	}
	j.refund, j.fee = out.Value.GrandTotalAmount, out.Value.Fees
	want := j.in.Request.ExpectedRefund
	if want == nil || want.Equal(j.refund) {
		return nil
	}
	actual := orderops.NewAmount(j.refund)
	refusal := orderops.Refuse(orderops.AmountChanged, "expected a refund of %s, it would be %s", want, actual)
	refusal.Extra.ExpectedRefund, refusal.Extra.ActualRefund = want, &actual
	return refusal
}

// unread words a failed read: whatever the reason, order management could not be asked.
func unread(failure *remote.Error) *orderops.Refusal {
	refusal := orderops.RefuseFor(max(retrySoon, failure.RetryAfter), orderops.OMSUnavailable, "nothing was changed")
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}

// refuseFor words a failure of SOM before the point of no return.
func refuseFor(failure *remote.Error) *orderops.Refusal {
	var refusal *orderops.Refusal
	switch failure.Class {
	case remote.Rejected, remote.NotFound:
		refusal = orderops.Refuse(orderops.NotReturnable, "order management refused")
	case remote.Conflict:
		refusal = orderops.RefuseFor(retrySoon, orderops.OrderChanged, "order management is busy with the order")
	case remote.Throttled, remote.Unavailable, remote.Unauthorized, remote.Ambiguous:
		return unread(failure)
	default:
		return unread(failure)
	}
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}
