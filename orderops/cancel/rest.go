package cancel

import (
	"errors"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// parcelLeft is the error of units that were fulfilled while their cancel was under way: the order as it is then, and what the
// caller is told unless the rest is cancelled.
type parcelLeft struct {
	order   order
	refusal *orderops.Refusal
}

func (p parcelLeft) Error() string { return p.refusal.Error() }

// notTaken words the failure to take units back from a location, which may have been quicker.
func (j *job) notTaken(failure *remote.Error) error {
	if failure.Class != remote.Rejected || !j.wantsRest() {
		return refuseFor(failure)
	}
	out, err := j.orderStep(j.step("som.readNotTaken"))
	if err != nil {
		return err
	}
	if out.Failure != nil {
		return refuseFor(failure)
	}
	for _, item := range j.plan.Items {
		now, _ := out.Value.line(item.LineID)
		if was, _ := j.order.line(item.LineID); now.Fulfilled.GreaterThan(was.Fulfilled) {
			return parcelLeft{out.Value, refuseFor(failure)}
		}
	}
	return refuseFor(failure)
}

// wantsRest says that the caller wants whatever can still be cancelled.
func (j *job) wantsRest() bool { return j.in.Request.AllowPartial && len(j.in.Request.Items) == 0 }

// carryOutRest cancels what is left of an order of which a parcel has left meanwhile, where the caller wants that. It does so
// once: whoever keeps sending parcels is quicker.
func (j *job) carryOutRest(left parcelLeft) error {
	if !j.wantsRest() {
		return left.refusal
	}
	j.again, j.order = true, left.order
	takes, err := j.planRest()
	if err != nil {
		return err
	}
	for _, step := range []func() error{j.least, j.reprice, j.preview, func() error { return j.carryOut(takes) }} {
		if err := step(); err != nil {
			if errors.As(err, &left) {
				return left.refusal
			}
			return err
		}
	}
	return nil
}

// planRest plans anew. Units that were taken back before are free by now, and are still known to be where they were taken
// from; the units that are still to be taken are returned.
func (j *job) planRest() ([]take, error) {
	p, err := j.makePlan(j.order, j.in)
	if err != nil {
		return nil, err
	}
	before := map[string]decimal.Decimal{}
	for _, t := range j.taken {
		for _, l := range t.Lines {
			before[l.LineID] = before[l.LineID].Add(l.Quantity)
		}
	}
	for i := range p.Items {
		p.Items[i].Free = decimal.Max(decimal.Zero, p.Items[i].Free.Sub(before[p.Items[i].LineID]))
	}
	takes := p.Takes
	p.Takes = slices.Concat(j.taken, takes)
	j.plan = p
	return takes, nil
}
