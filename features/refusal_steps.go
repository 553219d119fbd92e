package features

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

func (w *world) refusalSteps() []step {
	return []step{
		{when, `^the shopper asks for another cancel in the (storefront|app)$`, w.askForAnother},
		{when, `^the shopper cancels the order for the reason "([^"]+)" in the (storefront|app)$`, w.cancelForReason},
		{when, `^the shopper cancels what is still open in the (storefront|app)$`, w.cancelWhatIsOpen},
		{then, `^the shopper is told that another action is still under way$`, w.toldBusy},
		{then, `^the shopper is told that the order was cancelled already$`, w.toldAlready},
		{then, `^the shopper is told that "([^"]+)" left already and what is open can be cancelled$`, w.toldPartlyGone},
		{then, `^the shopper is told that "(\d+)" units of "([^"]+)" are cancelled and no others$`, w.toldUnits},
		{then, `^the shopper is told that what the cancelled units were worth comes back$`, w.toldShare},
		{then, `^the shop does not show the order as cancelled$`, w.shopNotCancelled},
		{then, `^the shopper is told that the order was never placed$`, w.toldNeverPlaced},
		{then, `^the shopper is told that the order "([^"]+)" took its place$`, w.toldReplaced},
		{then, `^the shopper is told that there is no such reason, and which there are$`, w.toldReasons},
		{then, `^every reason that the shopper was told of would do$`, w.everyReasonWouldDo},
		{then, `^order management has noted the reason "([^"]+)"$`, w.reasonNoted},
	}
}

// askForAnother is a wish of its own beside one that may be under way. It is answered at once.
func (w *world) askForAnother(ctx context.Context, channel string) error {
	first := w.wish
	err := w.cancelOrder(ctx, channel)
	w.wish = first
	return err
}

// cancelForReason sends the code of a reason, which is its words with underscores between.
func (w *world) cancelForReason(ctx context.Context, reason, channel string) error {
	w.newWish(channel)
	w.wish.reason = strings.ReplaceAll(reason, " ", "_")
	return w.repeatCancel(ctx)
}

// cancelWhatIsOpen is a wish for all that has not left yet.
func (w *world) cancelWhatIsOpen(ctx context.Context, channel string) error {
	w.newWish(channel)
	w.wish.partial = true
	return w.repeatCancel(ctx)
}

func (w *world) toldUnits(_ context.Context, units, product string) error {
	got, err := w.latest()
	if err != nil || !got.done() {
		return errors.Join(err, fmt.Errorf("the answer is %s", got))
	}
	for _, l := range w.before.summary.products() {
		want := "no"
		if l.ProductCode == product {
			want = units
		}
		if told := got.cancellation.units(l.ID); told != want {
			return fmt.Errorf("the answer says that %s units of %s are cancelled", told, l.ProductCode)
		}
	}
	if got.cancellation.Whole || got.cancellation.AlreadyCancelled {
		return fmt.Errorf("the answer says that nothing is left: %+v", *got.cancellation)
	}
	return nil
}

func (w *world) toldShare(ctx context.Context) error {
	got, err := w.latest()
	if err != nil || !got.done() {
		return errors.Join(err, fmt.Errorf("the answer is %s", got))
	}
	now, err := w.now(ctx)
	if worth := w.before.summary.Grand.Sub(now.summary.Grand); err == nil && (!got.cancellation.Refund.Equal(worth) || !worth.IsPositive()) {
		err = fmt.Errorf("%s was promised, the cancelled units were worth %s", got.cancellation.Refund, worth)
	}
	return err
}

func (w *world) shopNotCancelled(ctx context.Context) error {
	now, err := w.now(ctx)
	if err == nil && now.shop.Status != w.before.shop.Status {
		err = fmt.Errorf("the shop shows the order as %s", now.shop.Status)
	}
	return err
}

// refusedFor makes sure that the latest answer is a refusal of a code, and that the shopper may try again, or may not.
func (w *world) refusedFor(code string, retriable bool) (problem, error) {
	got, err := w.latest()
	if err != nil {
		return problem{}, err
	}
	if got.code != code || got.retriable != retriable || got.open || got.cancellation != nil {
		return problem{}, fmt.Errorf("the answer is %s, and may be tried again: %t", got, got.retriable)
	}
	return got.refused, nil
}

func (w *world) toldBusy(context.Context) error {
	_, err := w.refusedFor(codeActionInProgress, true)
	return err
}

// toldAlready is an answer like that of a cancel, of which nothing follows.
func (w *world) toldAlready(context.Context) error {
	got, err := w.latest()
	if err != nil || !got.done() {
		return errors.Join(err, fmt.Errorf("the answer is %s", got))
	}
	c := *got.cancellation
	if !c.AlreadyCancelled || !c.Whole || c.OrderNo != w.orderNo || !c.Refund.IsZero() || len(c.Items) > 0 || len(c.Effects) > 0 {
		return fmt.Errorf("the answer is %+v", c)
	}
	return nil
}

func (w *world) toldPartlyGone(_ context.Context, product string) error {
	told, err := w.refusedFor(codePartlyFulfilled, false)
	if err != nil {
		return err
	}
	gone, _ := w.before.summary.shipped()
	if len(gone) != 1 || gone[0].ProductCode != product || !slices.Equal(told.Items, []string{gone[0].ID}) {
		return fmt.Errorf("the shopper was told of the lines %q, those that left are %+v", told.Items, gone)
	}
	return nil
}

func (w *world) toldNeverPlaced(context.Context) error {
	_, err := w.refusedFor(codeNotPlaced, false)
	return err
}

func (w *world) toldReplaced(_ context.Context, by string) error {
	told, err := w.refusedFor(codeReplaced, false)
	if err == nil && told.CurrentOrderNo != by {
		err = fmt.Errorf("the shopper was told of order %q", told.CurrentOrderNo)
	}
	return err
}

func (w *world) toldReasons(context.Context) error {
	told, err := w.refusedFor(codeUnknownReason, false)
	if err == nil && len(told.ReasonCodes) == 0 {
		err = errors.New("no reason is named")
	}
	return err
}

// everyReasonWouldDo has order-ops work out a cancel for each reason that it named, without carrying it out.
func (w *world) everyReasonWouldDo(ctx context.Context) error {
	got, err := w.latest()
	if err != nil {
		return err
	}
	for _, reason := range got.refused.ReasonCodes {
		if preview := w.shopper.preview(ctx, wish{orderNo: w.orderNo, reason: reason}); preview.status != 200 {
			return fmt.Errorf("for the reason %s the answer is %s", reason, preview)
		}
	}
	return nil
}

func (w *world) reasonNoted(ctx context.Context, reason string) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	records := now.summary.cancelRecords(w.before.summary)
	for _, l := range now.summary.products() {
		list := records[l.ID]
		if len(list) != 1 || list[0].Reason != reason {
			return fmt.Errorf("the cancel of %s is on record as %+v", l.ProductCode, list)
		}
	}
	return nil
}
