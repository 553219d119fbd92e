package returns

import (
	"context"
	"fmt"
	"slices"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/trackingclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

func (w *world) Payment(context.Context, string) (worldlineclient.Payment, error) {
	return w.payment, w.call("worldline.read", nil)
}

func (w *world) Void(context.Context, string, worldlineclient.Movement) error {
	return w.call("worldline.void", nil)
}

func (w *world) Refund(_ context.Context, _ string, m worldlineclient.Movement) (worldlineclient.Operation, error) {
	err := w.call("worldline.refund", func() {
		if w.keys[m.Key] {
			return
		}
		w.keys[m.Key] = true
		w.payment.Refunded += m.Amount
		id := fmt.Sprintf("%s.%d", payID, len(w.payment.Operations)+1)
		w.payment.Operations = append(slices.Clone(w.payment.Operations), worldlineclient.Operation{
			ID: id, Status: "REFUND_REQUESTED", Amount: m.Amount, Reference: m.Key, At: start,
		})
	})
	op, _ := w.payment.Operation(m.Key)
	return op, err
}

func (w *world) Events(context.Context, string) ([]loyaltyclient.Event, error) {
	return slices.Clone(w.events), w.call("loyalty.read", nil)
}

func (w *world) Balance(context.Context, string) (int64, error) {
	return w.balance, w.call("loyalty.balance", nil)
}

func (w *world) Adjust(_ context.Context, account string, a loyaltyclient.Adjustment) (string, error) {
	id := ""
	err := w.call("loyalty.adjust", func() {
		if id = w.adjusted[a.Key]; id != "" {
			return
		}
		id = fmt.Sprintf("adj%d", len(w.events))
		w.adjusted[a.Key] = id
		w.balance += a.Points
		w.events = append(w.events, loyaltyclient.Event{
			ID: id, Type: loyaltyclient.Adjusted, AccountID: account, Points: a.Points, Reverses: a.Reverses,
		})
	})
	return id, err
}

func (w *world) DeleteReward(context.Context, string) error {
	return w.call("loyalty.deleteReward", nil)
}

// moved are the points that were reversed of an event.
func (w *world) moved(event string) (sum int64) {
	for _, e := range w.events {
		if e.Reverses == event {
			sum += e.Points
		}
	}
	return sum
}

// others are the systems that a return leaves alone, and web analytics.
type others struct{ *world }

func (o others) Refund(_ context.Context, e trackingclient.Refund) error {
	return o.call("tracking.refund", func() { o.tracked[e.EventID] = append(o.tracked[e.EventID], e) })
}

func (o others) Bookings(context.Context, string) ([]slotsclient.Booking, error) {
	return nil, o.call("slots.read", nil)
}

func (o others) Release(context.Context, string) error { return o.call("slots.release", nil) }

func (o others) SetStatus(context.Context, b2cclient.Shop, string, string) error {
	return o.call("b2c.mirror", nil)
}

func (o others) Status(context.Context, b2cclient.Shop, string) (string, error) {
	return "", o.call("b2c.status", nil)
}
