package cancel

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/trackingclient"
)

func (w *world) RecordReversal(_ context.Context, r somclient.Reversal) (string, error) {
	return "row." + r.Reference, w.call("som.recordReversal", func() { w.put(r.Reference, r.Amount) })
}

func (w *world) RecordRefund(_ context.Context, r somclient.Refund) (string, error) {
	return "row." + r.Reference, w.call("som.recordRefund", func() { w.put(r.Reference, r.Amount) })
}

func (w *world) RenameRefund(_ context.Context, refundID, reference string) error {
	return w.call("som.renameRefund", func() {
		former := strings.TrimPrefix(refundID, "row.")
		w.recorded[reference] += w.recorded[former]
		delete(w.recorded, former)
	})
}

func (w *world) FeeBasis(_ context.Context, _, reference, product string) (somclient.FeeBasis, error) {
	if err := w.call("som.fee", nil); err != nil {
		return somclient.FeeBasis{}, err
	}
	basis := somclient.FeeBasis{OrderSummaryID: "1Os1", DeliveryGroupID: "0ag1", ProductID: w.feeProduct}
	if product != "SPENT-POINTS" && product != lostPromotion {
		basis.ProductID = ""
	}
	if _, ok := w.fees[reference]; ok {
		basis.ChangeOrderID = "fee of " + reference
	}
	return basis, nil
}

func (w *world) ChargeFee(_ context.Context, f somclient.Fee) (string, error) {
	return "fee of " + f.Reference, w.call("som.charge", func() {
		w.feesMade++
		w.fees[f.Reference] += orderops.MinorUnits(f.Amount, "EUR")
	})
}

// charged is what SOM has fees of.
func (w *world) charged() (sum int64) {
	for _, amount := range w.fees {
		sum += amount
	}
	return sum
}

func (w *world) put(reference string, amount decimal.Decimal) {
	w.rowsMade++
	w.recorded[reference] += orderops.MinorUnits(amount, "EUR")
}

func (w *world) Recorded(_ context.Context, reference, _ string) (somclient.Record, error) {
	if err := w.call("som.recorded", nil); err != nil {
		return somclient.Record{}, err
	}
	if _, ok := w.recorded[reference]; ok {
		return somclient.Record{ID: "row." + reference}, nil
	}
	return somclient.Record{Captures: []somclient.Capture{{PaymentID: "0aQ1", Left: decimal.NewFromInt(35)}}}, nil
}

// unrecorded says what of the payment's ledger SOM does not have exactly once.
func (w *world) unrecorded() (wrong []string) {
	for _, op := range w.payment.Operations {
		if w.recorded[op.ID] != op.Amount && !op.Refused() {
			wrong = append(wrong, fmt.Sprintf("%s of %d is on record with %d", op.ID, op.Amount, w.recorded[op.ID]))
		}
	}
	if w.rowsMade > len(w.payment.Operations) {
		wrong = append(wrong, fmt.Sprintf("%d rows for %d operations", w.rowsMade, len(w.payment.Operations)))
	}
	return wrong
}

func (w *world) Holdings(context.Context, string) ([]ociclient.Holding, error) {
	if err := w.call("oci.read", nil); err != nil {
		return nil, err
	}
	var held []ociclient.Holding
	if n := w.reserved[group]; n > 0 {
		held = append(held, ociclient.Holding{ReservationID: "r1", SKU: "SKU1", Quantity: decimal.NewFromInt(n), Group: group})
	}
	if n := w.reserved[warehouse]; n > 0 {
		held = append(held, ociclient.Holding{ReservationID: "r1", SKU: "SKU1", Quantity: decimal.NewFromInt(n), Location: warehouse})
	}
	return held, nil
}

func (w *world) releaseStock(records []ociclient.Release) (failed []ociclient.Failed) {
	for _, r := range records {
		n, _ := r.Quantity.Int64()
		switch place := r.Location + r.Group; {
		case w.stubborn > 0:
			w.stubborn--
			failed = append(failed, ociclient.Failed{Code: "TRY_LATER", Record: r})
		case w.released[r.ActionRequestID]:
		case w.reserved[place] < n:
			failed = append(failed, ociclient.Failed{Code: "QUANTITY_EXCEEDS_RESERVED", Record: r})
		default:
			w.released[r.ActionRequestID] = true
			w.reserved[place] -= n
		}
	}
	return failed
}

// stock is the inventory of the world; another type, since slots are released too.
type stock struct{ *world }

func (s stock) Release(_ context.Context, records []ociclient.Release) (failed []ociclient.Failed, err error) {
	err = s.call("oci.release", func() { failed = s.releaseStock(records) })
	return failed, err
}

func (w *world) Events(context.Context, string) ([]loyaltyclient.Event, error) {
	return slices.Clone(w.events), w.call("loyalty.read", nil)
}

func (w *world) Balance(context.Context, string) (int64, error) {
	return w.balance, w.call("loyalty.balance", nil)
}

func (w *world) Adjust(_ context.Context, account string, a loyaltyclient.Adjustment) (string, error) {
	var refused error
	id := ""
	err := w.call("loyalty.adjust", func() {
		switch {
		case w.adjusted[a.Key] != "":
			id = w.adjusted[a.Key]
		case w.balance+a.Points < 0 && a.Points < 0 && !a.AllowNegative:
			refused = &remote.Error{System: "loyalty", Class: remote.Rejected, VendorCode: "BAD_REQUEST"}
		default:
			id = fmt.Sprintf("adj%d", len(w.events))
			w.adjusted[a.Key] = id
			w.balance += a.Points
			w.events = append(w.events, loyaltyclient.Event{
				ID: id, Type: loyaltyclient.Adjusted, AccountID: account, Points: a.Points, Reverses: a.Reverses,
			})
		}
	})
	if err == nil {
		err = refused
	}
	return id, err
}

func (w *world) DeleteReward(_ context.Context, id string) error {
	return w.call("loyalty.deleteReward", func() {
		w.events = append(w.events, loyaltyclient.Event{ID: "gone", Type: loyaltyclient.RewardGone, RewardID: id})
	})
}

// analytics is web analytics; another type, since payments have refunds too.
type analytics struct{ *world }

func (a analytics) Refund(_ context.Context, e trackingclient.Refund) error {
	return a.call("tracking.refund", func() { a.tracked[e.EventID] = append(a.tracked[e.EventID], e) })
}

// leftOf is what of the points of an event was not reversed.
func (w *world) leftOf(e loyaltyclient.Event) int64 {
	points := e.Points
	for _, other := range w.events {
		if other.Reverses == e.ID {
			points += other.Points
		}
	}
	return points
}
