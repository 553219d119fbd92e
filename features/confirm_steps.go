package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

func (w *world) confirmSteps() []step {
	return []step{
		{when, `^somebody else takes the (booking|room) that was held$`, w.losesHeld},
		{then, `^the new order is the only one that lives$`, w.onlyNewLives},
		{then, `^the two orders name each other in the shop$`, w.ordersLinked},
		{then, `^no new order was placed$`, w.noNewOrder},
	}
}

func (w *world) checkOut(ctx context.Context) error {
	o, err := w.shopper.checkOut(ctx, w.follow.basketID)
	w.follow.newOrder = o.OrderNo
	return err
}

// declineInCheckout has the shop do what its checkout does when a card is declined: the order fails, and its basket is open
// again.
func (w *world) declineInCheckout(ctx context.Context) error {
	o, err := w.shopper.submit(ctx, w.follow.basketID, badCard)
	if err != nil {
		return err
	}
	pay := "/orders/" + o.OrderNo + "/payment_instruments/" + o.Payments[0].ID
	if err := w.shopper.inShop(ctx, http.MethodPatch, pay, map[string]string{"payment_method_id": "CREDIT_CARD"}, nil); err == nil {
		return errors.New("the card was not declined")
	}
	if refused, err := w.auditor.setShopStatus(ctx, o.OrderNo, "failed_with_reopen"); err != nil || refused != "" {
		return fmt.Errorf("the shop does not fail order %s: %s: %w", o.OrderNo, refused, err)
	}
	if err := w.hasFollowUpAgain(ctx); err != nil {
		return err
	}
	return w.shopper.takeOut(ctx, w.follow.basketID)
}

func (w *world) losesHeld(ctx context.Context, what string) error {
	if what == "booking" {
		return w.loseHold(ctx)
	}
	return w.loseRoom(ctx)
}

// loseHold gives the hold on the booking up and has somebody else wait for it.
func (w *world) loseHold(ctx context.Context) error {
	m, err := w.modified()
	if err != nil {
		return err
	}
	return errors.Join(
		w.slotService(ctx, http.MethodDelete, "/holds/"+m.Slots[0].HoldID, nil, nil),
		w.slotService(ctx, http.MethodPost, "/bookings/"+m.Slots[0].BookingID+"/successor", map[string]any{"holder_ref": "somebody", "ttl_seconds": 600}, nil))
}

// loseRoom gives the hold on a window up and has somebody else take its room, which is the last: nobody else gets in then.
func (w *world) loseRoom(ctx context.Context) error {
	m, err := w.modified()
	if err != nil {
		return err
	}
	window, holder := w.before.bookings[0].Window.ID, map[string]any{"holder_ref": "somebody else", "ttl_seconds": 14400}
	return errors.Join(
		w.slotService(ctx, http.MethodDelete, "/holds/"+m.Slots[0].HoldID, nil, nil),
		w.slotService(ctx, http.MethodPost, "/slots/"+window+"/holds", holder, nil))
}

// confirmed is the last answer's confirmation.
func (w *world) confirmed() (*confirmation, error) {
	got, err := w.latest()
	if err == nil && got.confirmation == nil {
		err = fmt.Errorf("the shopper was told %s", got)
	}
	return got.confirmation, err
}

func (w *world) toldConfirmed(context.Context) error {
	c, err := w.confirmed()
	if err == nil && (c.NewOrderNo == "" || c.NewOrderNo != w.follow.newOrder || c.AlreadyConfirmed || c.Cancellation == nil || !c.Cancellation.Whole) {
		err = fmt.Errorf("the shopper was told %+v", c)
	}
	return err
}

func (w *world) toldConfirmedAlready(context.Context) error {
	c, err := w.confirmed()
	if err == nil && (c.NewOrderNo != w.follow.newOrder || !c.AlreadyConfirmed) {
		err = fmt.Errorf("the shopper was told %+v", c)
	}
	return err
}

func (w *world) toldDifference(context.Context) error {
	c, err := w.confirmed()
	want := w.follow.total.Sub(w.before.summary.Grand)
	if err == nil && (!c.Difference.Equal(want) || !c.After.Equal(w.follow.total)) {
		err = fmt.Errorf("the shopper was told of %s, the difference is %s", c.Difference, want)
	}
	return err
}

// onlyNewLives lets the new order reach order management, which takes a moment.
func (w *world) onlyNewLives(ctx context.Context) error {
	if err := w.letPass(ctx, quiet); err != nil {
		return err
	}
	if err := w.everyUnitCancelled(ctx); err != nil {
		return err
	}
	if err := w.shopShows(ctx, shopCancelled); err != nil {
		return err
	}
	now, err := w.auditor.order(ctx, w.follow.newOrder)
	if err != nil {
		return err
	}
	if now.shop.Status != "new" || now.summary.ID == "" || now.summary.cancelled() || len(now.payments) == 0 || now.payments[0].open() == 0 {
		return fmt.Errorf("the new order %s is %s in the shop and %+v in order management", w.follow.newOrder, now.shop.Status, now.summary)
	}
	return nil
}

func (w *world) ordersLinked(ctx context.Context) error {
	var old, next shopOrderDocument
	err := errors.Join(
		w.shopper.inShop(ctx, http.MethodGet, "/orders/"+w.orderNo, nil, &old),
		w.shopper.inShop(ctx, http.MethodGet, "/orders/"+w.follow.newOrder, nil, &next))
	if err == nil && (old.Current != w.follow.newOrder || next.Replaced != w.orderNo) {
		err = fmt.Errorf("the old order names %q, the new one %q", old.Current, next.Replaced)
	}
	return err
}

func (w *world) noNewOrder(ctx context.Context) error {
	id, err := w.shopper.customer(ctx, w.orderNo)
	if err != nil {
		return err
	}
	var list struct {
		Data []struct {
			Status   string `json:"status"`
			Modifies string `json:"c_modifiesOrderNo"`
		} `json:"data"`
	}
	if err := w.shopper.inShop(ctx, http.MethodGet, "/customers/"+id+"/orders?count=50", nil, &list); err != nil {
		return err
	}
	for _, o := range list.Data {
		if o.Modifies == w.orderNo && o.Status != "failed" {
			return fmt.Errorf("there is a new order: %+v", o)
		}
	}
	return nil
}

func (w *world) hasFollowUpAgain(ctx context.Context) error {
	b, err := w.shopper.current(ctx, w.orderNo)
	if err == nil && (b.Modifies != w.orderNo || len(b.Items) == 0) {
		err = fmt.Errorf("the shopper has the basket %+v", b)
	}
	w.follow.basketID = b.ID // a basket that is opened again may have another id
	return err
}
