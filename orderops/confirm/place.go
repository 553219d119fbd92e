package confirm

import (
	"context"
	"strconv"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// renew makes sure, before the new order is placed, that it can have the slots. A hold that has lapsed is asked for again:
// with keep_until_confirm the old order's booking still stands.
func (j *job) renew() error {
	for i, s := range j.slots {
		if s.HoldID == "" || j.chosen {
			continue // it could not be kept, and the shopper knows; or it was held a moment ago
		}
		out, err := command.Call(j.run, "slots.renew/"+s.BookingID, func(ctx context.Context) (slotsclient.Hold, error) {
			return j.holdAgain(ctx, s, j.edited.Answer.Policy, j.edited.Answer.BasketID)
		})
		switch {
		case err != nil:
			return err
		case out.Failure != nil && out.Failure.Class.Passing():
			return refuseFor(out.Failure, orderops.SlotHoldExpired)
		case out.Failure != nil:
			return j.slotLost(s, out.Failure)
		}
		j.slots[i].HoldID = out.Value.HoldID
	}
	return nil
}

// holdAgain asks for the hold on a slot once more, in the way that the policy has it. The holder is the one of before.
func (c *Confirms) holdAgain(ctx context.Context, s orderops.KeptSlot, policy orderops.ModifyPolicy, holder string) (slotsclient.Hold, error) {
	if policy == orderops.CancelFirst {
		return c.Slots.Hold(ctx, s.SlotID, holder, c.Policy.EditFor)
	}
	return c.Slots.Succeed(ctx, s.BookingID, holder, c.Policy.EditFor)
}

// slotLost refuses for a slot that cannot be had any more, with others that can.
func (j *job) slotLost(s orderops.KeptSlot, failure *remote.Error) error {
	refusal := orderops.Refuse(orderops.SlotHoldExpired, "the slot cannot be had any more")
	refusal.Extra.UpstreamCode = failure.VendorCode
	out, err := command.Call(j.run, "slots.alternatives/"+s.SlotID, func(ctx context.Context) ([]orderops.SlotOffer, error) {
		return j.alternatives(ctx, s)
	})
	if err != nil {
		return err
	}
	refusal.Extra.Alternatives = out.Value
	return refusal
}

// alternativesWithin is how far around the start of a lost slot others are looked for.
const alternativesWithin = 48 * time.Hour

// alternatives are slots with room of the same type and place, not before now.
func (j *job) alternatives(ctx context.Context, lost orderops.KeptSlot) ([]orderops.SlotOffer, error) {
	was, err := j.Slots.Slot(ctx, lost.SlotID)
	if err != nil {
		return nil, err
	}
	from := was.Start.Add(-alternativesWithin)
	if from.Before(j.now) {
		from = j.now
	}
	found, err := j.Slots.Find(ctx, was.Type, was.LocationID, from, was.Start.Add(alternativesWithin))
	var offers []orderops.SlotOffer
	for _, s := range found {
		open := s.CutoffAt == nil || !j.now.After(*s.CutoffAt)
		if open && s.Capacity.Available > 0 && s.SlotID != lost.SlotID {
			offers = append(offers, orderops.SlotOffer{SlotID: s.SlotID, Type: s.Type, Start: s.Start, End: s.End})
		}
	}
	return offers, err
}

// otherSlot holds the slot that the caller chose instead. The old order's booking goes with the old order then.
func (j *job) otherSlot() error {
	id := j.in.Request.SlotID
	out, err := command.Call(j.run, "slots.hold/"+id, func(ctx context.Context) (slotsclient.Hold, error) {
		return j.Slots.Hold(ctx, id, j.edited.Answer.BasketID, j.Policy.EditFor)
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil && out.Failure.Class.Passing():
		return refuseFor(out.Failure, orderops.SlotFull)
	case out.Failure != nil:
		refusal := orderops.Refuse(orderops.SlotFull, "the slot cannot be had")
		refusal.Extra.UpstreamCode = out.Failure.VendorCode
		return refusal
	}
	j.slots = []orderops.KeptSlot{{SlotID: id, HoldID: out.Value.HoldID}}
	j.chosen = true
	return nil
}

// place makes an order of the basket and has it paid: the point of no return. Whatever fails before it is placed, the order
// fails with it, and the shopper has a basket again.
func (j *job) place() error {
	if len(j.next.Payments) == 0 {
		return orderops.Refuse(orderops.BasketIncomplete, "the basket holds no payment; have the shopper place the order in checkout")
	}
	freed, err := j.freeCodes(j.next.Used)
	if err != nil {
		return err
	}
	err = j.placeNow()
	if !freed && codeRefused(err) { // a basket that was ordered before still shows the code as good
		if freed, failed := j.freeCodes(j.next.Codes); failed != nil || !freed {
			return joined(failed, err)
		}
		freed, err = true, j.placeNow()
	}
	if err != nil && freed {
		return j.takeCodesBack(err)
	}
	return err
}

// codeRefused says that commerce refuses a basket for a code in it.
func codeRefused(err error) bool {
	refusal, ok := orderops.AsRefusal(err)
	return ok && refusal.Code == orderops.BasketIncomplete && refusal.Extra.UpstreamCode == b2cclient.CouponRefused
}

// joined is the first of two errors that there is.
func joined(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// placeNow orders the basket and has it paid.
func (j *job) placeNow() error {
	placed, err := j.submit()
	if err != nil {
		return err
	}
	for _, p := range placed.Payments {
		if placed.Status != b2cclient.StatusCreated {
			break
		}
		if placed, err = j.authorize(placed, p); err != nil {
			return err
		}
	}
	if placed.Status == b2cclient.StatusCreated {
		return j.giveBack(placed.OrderNo, orderops.Refuse(orderops.BasketIncomplete, "the payments of the basket do not come to its total"))
	}
	j.next = placed
	return nil
}

// maxSubmits bounds how often the basket is submitted.
const maxSubmits = 2

func (j *job) submit() (successor, error) {
	for n := 1; ; n++ {
		j.sent++
		nth := "#" + strconv.Itoa(j.sent)
		out, err := command.CallOnce(j.run, "b2c.submit"+nth, func(ctx context.Context) (successor, error) {
			o, err := j.Commerce.Submit(ctx, j.shop, j.next.BasketID)
			return ofOrder(o), err
		})
		switch {
		case err != nil || out.Failure == nil:
			return out.Value, err
		case out.Class() == remote.Rejected:
			refusal := orderops.Refuse(orderops.BasketIncomplete, "commerce refused to make an order of the basket")
			refusal.Extra.UpstreamCode = out.Failure.VendorCode
			return successor{}, refusal
		case out.Class() != remote.Ambiguous:
			return successor{}, refuseFor(out.Failure, orderops.BasketNotFound)
		}
		found, err := j.findArrived("b2c.findSubmitted" + nth)
		switch {
		case err != nil:
			return successor{}, err
		case found.Failure == nil && found.Value.OrderNo != "":
			read := *j
			if err := read.readNew("b2c.readSubmitted"+nth, found.Value.OrderNo, orderops.UpstreamError); err != nil {
				return successor{}, err
			}
			return read.next, nil
		case found.Failure != nil || n >= maxSubmits:
			return successor{}, refuseFor(out.Failure, orderops.BasketNotFound)
		}
	}
}

// maxAuthorizations bounds how often a payment is asked for whose answer gets lost.
const maxAuthorizations = 2

// authorize has one payment authorised. After an answer that was lost the order tells: while it is not placed, nothing came
// of it, and it is asked for once more.
func (j *job) authorize(o successor, p b2cclient.PaymentInstrument) (successor, error) {
	for n := 1; ; n++ {
		out, err := command.CallOnce(j.run, "b2c.authorize/"+p.ID+"#"+strconv.Itoa(n), func(ctx context.Context) (successor, error) {
			done, err := j.Commerce.Authorize(ctx, j.shop, o.OrderNo, p)
			return ofOrder(done), err
		})
		if err != nil || out.Failure == nil {
			return out.Value, err
		}
		if out.Class() == remote.Ambiguous {
			read := *j
			if err := read.readNew("b2c.readAuthorized/"+p.ID+"#"+strconv.Itoa(n), o.OrderNo, orderops.UpstreamError); err != nil {
				return successor{}, j.giveBack(o.OrderNo, err)
			}
			if read.next.Status != b2cclient.StatusCreated {
				return read.next, nil
			}
			if n < maxAuthorizations {
				continue
			}
		}
		refusal := refuseFor(out.Failure, orderops.UpstreamError)
		if out.Failure.VendorCode == b2cclient.HookStatus {
			refusal = orderops.Refuse(orderops.PaymentDeclined, "the payment was declined; the order stays as it is")
			refusal.Extra.UpstreamCode = out.Failure.VendorCode
		}
		return successor{}, j.giveBack(o.OrderNo, refusal)
	}
}

// kindFail is the due work of an order that was submitted and could not be paid, actionReopen what it brings about.
const (
	kindFail     = "confirm.failOrder"
	actionReopen = "reopen_basket"
)

// giveBack fails an order that was not placed, so that the shopper has the basket again, and returns the reason.
func (j *job) giveBack(orderNo string, reason error) error {
	refusal, ok := orderops.AsRefusal(reason)
	if !ok {
		return reason
	}
	effect, err := j.failOrder(j.run, j.shop, orderNo)
	if err != nil {
		return err
	}
	if effect.State == orderops.EffectPending {
		if err := j.owe(len(refusal.Effects), kindFail, task{OrderNo: orderNo}, nil); err != nil {
			return err
		}
	}
	refusal.Effects = append(refusal.Effects, effect)
	return refusal
}

func (c *Confirms) failOrder(run command.Run, shop b2cclient.Shop, orderNo string) (orderops.Effect, error) {
	effect := orderops.Effect{System: b2cclient.System, Action: actionReopen, Reference: orderNo}
	out, err := command.Call(run, "b2c.fail", func(ctx context.Context) (nothing, error) { return nothing{}, c.Commerce.Fail(ctx, shop, orderNo) })
	effect.State, effect.Code = stateAfter(out.Failure)
	if out.Class() == remote.Conflict { // it has failed already
		effect.State = orderops.EffectDone
	}
	return effect, err
}
