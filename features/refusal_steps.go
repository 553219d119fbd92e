package features

import (
	"context"
	"errors"
	"fmt"
)

func (w *world) refusalSteps() []step {
	return []step{
		{then, `^every reason that the shopper was told of would do$`, w.everyReasonWouldDo},
		{then, `^order management has noted the reason "([^"]+)"$`, w.reasonNoted},
	}
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
