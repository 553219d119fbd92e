package cancel

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/trackingclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// world is one order in four systems, simple enough to check by eye: a product line of three units at 10.00, two of
// them told to a warehouse, a delivery charge of 5.00, one payment, one slot booking.
type world struct {
	calls  []string
	faults map[string]fault // by call and count, "som.submit#1"
	counts map[string]int

	ordered, canceled, fulfilled, allocated int64
	canceledBy                              []somclient.OrderItemSummaryChange
	fulfillments                            []somclient.FulfillmentOrder
	deliveryCancelled                       bool
	payment                                 worldlineclient.Payment
	keys                                    map[string]bool
	refusals                                map[string]*remote.Error // by the key of the movement: it gets the same answer again
	morePayments                            []string                 // beside payID; tests that use them bring their own provider
	recorded                                map[string]int64         // in SOM, by the provider's operation
	rowsMade                                int
	fees                                    map[string]int64 // in SOM, by their reference
	feesMade                                int
	feeProduct                              string
	reserved                                map[string]int64 // units by place
	released                                map[string]bool  // by actionRequestId
	stubborn                                int              // that many records fail for a moment
	events                                  []loyaltyclient.Event
	balance                                 int64
	adjusted                                map[string]string                  // events by key
	tracked                                 map[string][]trackingclient.Refund // by event id
	booked                                  bool
	cutoff                                  *time.Time
	status                                  string
	giftCertificate                         int64 // what it paid of the order, in major units
	promotion                               promotion
}

// fault makes a call fail: with the change made or not.
type fault struct {
	class    remote.Class
	code     string
	happened bool
	status   int
	// wait is for how long the system wants to be left alone.
	wait time.Duration
	// alsoDo happens in the world at the moment of the call.
	alsoDo func(w *world)
}

const (
	me        = "005me"
	lineID    = "10u000000000001AAA"
	lineFO    = "0a4000000000001AAA"
	fulfilled = "0a3000000000001AAA"
	orderNo   = "00001"
	payID     = "pay1"
	warehouse = "WH"
	group     = "ALL"
)

var start = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func newWorld() *world {
	w := &world{
		faults: map[string]fault{}, counts: map[string]int{}, keys: map[string]bool{}, refusals: map[string]*remote.Error{}, recorded: map[string]int64{}, fees: map[string]int64{}, feeProduct: "01t1",
		reserved: map[string]int64{warehouse: 2, group: 1}, released: map[string]bool{}, adjusted: map[string]string{}, balance: 20, ordered: 3,
		tracked: map[string][]trackingclient.Refund{}, events: []loyaltyclient.Event{
			{ID: "ev2", Type: loyaltyclient.Accumulated, AccountID: "acc1", Points: 35},
			{ID: "ev1", Type: loyaltyclient.RewardUsed, AccountID: "acc1", RewardID: "rw1"},
			{ID: "ev0", Type: loyaltyclient.RewardMade, AccountID: "acc1", RewardID: "rw1", Points: -10},
		}, allocated: 2, booked: true, status: "open",
		payment: worldlineclient.Payment{ID: payID, Status: "PENDING_CAPTURE", Currency: "EUR", Authorized: 3500, Cancellable: true},
	}
	w.fulfillments = []somclient.FulfillmentOrder{fulfillmentOf(fulfilled, lineFO, 2)}
	return w
}

func fulfillmentOf(id, line string, units int64) somclient.FulfillmentOrder {
	f := somclient.FulfillmentOrder{ID: id, StatusCategory: somclient.CategoryActivated, Type: "Warehouse", FulfilledFromLocationID: "131W"}
	f.FulfilledFromLocation = &struct{ ExternalReference string }{warehouse}
	f.Lines.Records = []somclient.FulfillmentOrderLineItem{{ID: line, OrderItemSummaryID: lineID, Quantity: decimal.NewFromInt(units)}}
	return f
}

// call records a call, and fails it when a fault is set; do is the change it makes.
func (w *world) call(name string, do func()) error {
	w.counts[name]++
	w.calls = append(w.calls, name)
	f, ok := w.faults[fmt.Sprintf("%s#%d", name, w.counts[name])]
	if !ok {
		f, ok = w.faults[name]
	}
	if f.alsoDo != nil {
		f.alsoDo(w)
	}
	if (!ok || f.happened) && do != nil {
		do()
	}
	if !ok || f.class == "" {
		return nil
	}
	return &remote.Error{System: "test", Operation: name, Class: f.class, VendorCode: f.code, Status: f.status, RetryAfter: f.wait}
}

func (w *world) Orders(context.Context, []string) (somclient.Page, error) {
	if err := w.call("som.read", nil); err != nil {
		return somclient.Page{}, err
	}
	d := decimal.NewFromInt
	left := w.ordered - w.canceled
	o := somclient.OrderSummary{ID: "1Os1", OrderNumber: orderNo, GrandTotalAmount: d(10 * left)}
	if !w.deliveryCancelled {
		o.GrandTotalAmount = d(10*left + 5)
	}
	o.Items.Records = []somclient.OrderItemSummary{
		{
			ID: lineID, ProductCode: "SKU1", TypeCode: "Product", OrderDeliveryGroupSummaryID: "0ag1", Quantity: d(left),
			QuantityOrdered: d(w.ordered), QuantityCanceled: d(w.canceled), QuantityAllocated: d(w.allocated), QuantityFulfilled: d(w.fulfilled),
			QuantityAvailableToCancel: d(w.ordered - w.canceled - w.allocated), TotalAmtWithTax: d(10 * left),
		},
		{ID: "10u2", TypeCode: "Charge", OrderDeliveryGroupSummaryID: "0ag1", Quantity: d(1), QuantityOrdered: d(1), TotalAmtWithTax: d(5)},
	}
	w.promotion.addTo(&o)
	o.FulfillmentOrders.Records = slices.Clone(w.fulfillments)
	for i := range o.FulfillmentOrders.Records {
		o.FulfillmentOrders.Records[i].Lines.Records = slices.Clone(o.FulfillmentOrders.Records[i].Lines.Records)
	}
	p := somclient.OrderPaymentSummary{ID: "0bM1"}
	p.Authorizations.Records = []somclient.Transaction{{ID: "0Xc1", GatewayRefNumber: payID}}
	for _, id := range w.morePayments {
		p.Authorizations.Records = append(p.Authorizations.Records, somclient.Transaction{ID: "0Xc" + id, GatewayRefNumber: id})
	}
	o.Payments.Records = []somclient.OrderPaymentSummary{p}
	if w.giftCertificate > 0 {
		certificate := somclient.OrderPaymentSummary{ID: "0bM2"}
		certificate.Payments.Records = []somclient.Transaction{{ID: "0aQ2", Amount: d(w.giftCertificate), Status: "Processed"}}
		o.Payments.Records = append(o.Payments.Records, certificate)
	}
	o.Changes.Records = slices.Clone(w.canceledBy)
	return somclient.Page{Orders: []somclient.OrderSummary{o}}, nil
}

func (w *world) worth(items []somclient.ChangeItem) decimal.Decimal {
	sum := w.promotion.worth(items)
	for _, i := range items {
		if i.OrderItemSummaryID != lineID {
			continue
		}
		sum = sum.Add(i.Quantity.Mul(decimal.NewFromInt(10)))
		if i.ReduceShipping && !w.deliveryCancelled && i.Quantity.IntPart() == w.ordered-w.canceled {
			sum = sum.Add(decimal.NewFromInt(5))
		}
	}
	return sum
}

func (w *world) refuse(items []somclient.ChangeItem) error {
	for _, i := range items {
		if i.OrderItemSummaryID == lineID && i.Quantity.IntPart() > w.ordered-w.canceled-w.allocated {
			return &remote.Error{System: "som", Class: remote.Rejected, VendorCode: "QUANTITY"}
		}
	}
	return nil
}

func (w *world) PreviewCancel(_ context.Context, _ string, items []somclient.ChangeItem) (somclient.Change, error) {
	if err := w.call("som.preview", nil); err != nil {
		return somclient.Change{}, err
	}
	return somclient.Change{GrandTotalAmount: w.worth(items)}, w.refuse(items)
}

func (w *world) SubmitCancel(_ context.Context, _ string, items []somclient.ChangeItem) (somclient.Change, error) {
	change, bad := somclient.Change{ChangeOrderID: "801C", GrandTotalAmount: w.worth(items), FeeChangeOrderID: feeOrder(items)}, error(nil)
	err := w.call("som.submit", func() {
		if bad = w.refuse(items); bad != nil {
			return
		}
		w.promotion.book(w, items)
		for _, i := range items {
			if i.OrderItemSummaryID != lineID {
				continue
			}
			w.canceled += i.Quantity.IntPart()
			w.deliveryCancelled = w.deliveryCancelled || i.ReduceShipping
			w.addChange(i.Quantity.IntPart(), i.Reason, me)
		}
	})
	if err == nil {
		err = bad
	}
	return change, err
}

func (w *world) addChange(units int64, reason, by string) {
	c := somclient.OrderItemSummaryChange{ID: fmt.Sprintf("1oc%d", len(w.canceledBy)+1), OrderItemSummaryID: lineID, Reason: reason, CreatedByID: by}
	c.ChangeOrderItem.Quantity, c.ChangeOrderItem.OrderID = decimal.NewFromInt(-units), "801C"
	w.canceledBy = append(w.canceledBy, c)
}

func (w *world) CancelFulfillmentOrderItem(_ context.Context, id string, lines []somclient.LineToCancel) error {
	return w.call("som.cancelItem", func() {
		for i := range w.fulfillments {
			for j := range w.fulfillments[i].Lines.Records {
				if w.fulfillments[i].ID == id {
					l := &w.fulfillments[i].Lines.Records[j]
					l.Quantity = l.Quantity.Sub(lines[0].Quantity)
				}
			}
		}
		w.allocated -= lines[0].Quantity.IntPart()
	})
}

func (w *world) CreateFulfillmentOrder(_ context.Context, a somclient.Allocation) (string, error) {
	id := fmt.Sprintf("0a3new%d", len(w.fulfillments))
	err := w.call("som.createFulfillmentOrder", func() {
		units := a.Groups[0].Items[0].Quantity
		w.fulfillments = append(w.fulfillments, fulfillmentOf(id, "0a4"+id, units))
		w.allocated += units
	})
	return id, err
}

func (w *world) UserID(context.Context) (string, error) { return me, nil }

func (w *world) Payment(context.Context, string) (worldlineclient.Payment, error) {
	return w.payment, w.call("worldline.read", nil)
}

// remembered is the refusal that a key has got before.
func (w *world) remembered(key string) error {
	if failure, ok := w.refusals[key]; ok {
		return failure
	}
	return nil
}

// remember keeps a refusal for its key, as the provider does.
func (w *world) remember(key string, err error) error {
	if failure, ok := remote.AsError(err); ok && !failure.Class.Passing() {
		w.refusals[key] = failure
	}
	return err
}

func (w *world) Void(_ context.Context, _ string, m worldlineclient.Movement) error {
	if known := w.remembered(m.Key); known != nil {
		return w.remember(m.Key, cmp.Or(w.call("worldline.void", nil), known))
	}
	var refused error
	err := w.call("worldline.void", func() {
		if w.keys[m.Key] {
			return
		}
		if m.Amount > w.payment.Open() {
			refused = &remote.Error{System: "worldline", Class: remote.Conflict, VendorCode: worldlineclient.OperationNotPossible}
			return
		}
		w.keys[m.Key] = true
		w.payment.Voided += m.Amount
		w.operate("CANCELLED", m)
	})
	if err == nil {
		err = refused
	}
	return w.remember(m.Key, err)
}

func (w *world) Refund(_ context.Context, _ string, m worldlineclient.Movement) (worldlineclient.Operation, error) {
	if known := w.remembered(m.Key); known != nil {
		return worldlineclient.Operation{}, cmp.Or(w.call("worldline.refund", nil), known)
	}
	err := w.call("worldline.refund", func() {
		if !w.keys[m.Key] {
			w.payment.Refunded += m.Amount
			w.operate("REFUND_REQUESTED", m)
		}
		w.keys[m.Key] = true
	})
	op, _ := w.payment.Operation(m.Key)
	return op, w.remember(m.Key, err)
}

// operate adds to the ledger of the payment.
func (w *world) operate(status string, m worldlineclient.Movement) {
	id := fmt.Sprintf("%s.%d", payID, len(w.payment.Operations)+1)
	w.payment.Operations = append(slices.Clone(w.payment.Operations), worldlineclient.Operation{ID: id, Status: status, Amount: m.Amount, Reference: m.Key, At: start})
}

func (w *world) Bookings(context.Context, string) ([]slotsclient.Booking, error) {
	err := w.call("slots.read", nil)
	if err != nil {
		return nil, err
	}
	b := slotsclient.Booking{BookingID: "bk1", Status: slotsclient.Released, Slot: slotsclient.Slot{End: start.Add(24 * time.Hour), CutoffAt: w.cutoff}}
	if w.booked {
		b.Status = slotsclient.Booked
	}
	return []slotsclient.Booking{b}, nil
}

func (w *world) Release(context.Context, string) error {
	return w.call("slots.release", func() { w.booked = false })
}

func (w *world) SetStatus(_ context.Context, _ b2cclient.Shop, _, status string) error {
	return w.call("b2c.mirror", func() { w.status = status })
}

func (w *world) Status(context.Context, b2cclient.Shop, string) (string, error) {
	return w.status, w.call("b2c.status", nil)
}

func (w *world) cancels() *Cancels {
	return &Cancels{SOM: w, Policy: DefaultPolicy(), Pricer: w, Systems: &settle.Systems{
		SOM: w, Payments: w, Stock: stock{w}, Points: w, Tracking: analytics{w}, Slots: w, Commerce: w, Policy: settle.DefaultPolicy(),
	}}
}

// rowOf is a stored cancel of the world's order.
func rowOf(t *testing.T, request orderops.CancelRequest) command.Row {
	t.Helper()
	raw, err := json.Marshal(Input{Request: request, CommerceStatus: "open", ExportStatus: "exported", Currency: "EUR", Ordered: quantity("35.00")})
	if err != nil {
		t.Fatal(err)
	}
	return command.Row{ID: "op1", CreatedAt: start, Command: command.Command{Sandbox: "default", Site: "RefArch", OrderNo: orderNo, Key: "k1", Input: raw}}
}
