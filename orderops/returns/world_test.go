package returns

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/trackingclient"
	"github.com/somsim/somsim/orderops/window"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// world is one delivered order, simple enough to check by eye: a product line of three units at 10.00, a delivery charge
// of 5.00, one captured payment of 35.00, 35 points earned and 10 spent.
type world struct {
	calls  []string
	faults map[string]fault // by call and count, "som.submit#1"
	counts map[string]int

	ordered, initiated, returned int64
	changes                      []somclient.OrderItemSummaryChange
	announced                    []somclient.Announced
	worth                        map[string]decimal.Decimal
	deliveryBack                 bool
	fees                         decimal.Decimal
	why                          returnby.Why
	payment                      worldlineclient.Payment
	keys                         map[string]bool
	recorded                     map[string]int64 // in SOM, by the provider's operation
	rowsMade                     int
	events                       []loyaltyclient.Event
	balance                      int64
	adjusted                     map[string]string // events by key
	tracked                      map[string][]trackingclient.Refund
}

// fault makes a call fail: with the change made or not.
type fault struct {
	class    remote.Class
	code     string
	happened bool
	// alsoDo happens in the world at the moment of the call.
	alsoDo func(w *world)
}

const (
	me      = "005me"
	lineID  = "10u000000000001AAA"
	orderNo = "00001"
	payID   = "pay1"
)

var (
	start    = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	returnBy = time.Date(2026, 3, 16, 22, 59, 59, 999e6, time.UTC)
)

func newWorld() *world {
	return &world{
		faults: map[string]fault{}, counts: map[string]int{}, keys: map[string]bool{}, recorded: map[string]int64{},
		adjusted: map[string]string{}, balance: 50, ordered: 3, why: returnby.Open, worth: map[string]decimal.Decimal{},
		tracked: map[string][]trackingclient.Refund{}, events: []loyaltyclient.Event{
			{ID: "ev2", Type: loyaltyclient.Accumulated, AccountID: "acc1", Points: 35},
			{ID: "ev0", Type: loyaltyclient.RewardMade, AccountID: "acc1", RewardID: "rw1", Points: -10},
			{ID: "ev1", Type: loyaltyclient.RewardUsed, AccountID: "acc1", RewardID: "rw1"},
		},
		payment: worldlineclient.Payment{ID: payID, Status: "CAPTURED", Currency: "EUR", Authorized: 3500, Captured: 3500},
	}
}

// call records a call, and fails it when a fault is set; do is the change it makes.
func (w *world) call(name string, do func()) error {
	w.counts[name]++
	w.calls = append(w.calls, name)
	f, ok := w.faults[fmt.Sprintf("%s#%d", name, w.counts[name])]
	if f.alsoDo != nil {
		f.alsoDo(w)
	}
	if (!ok || f.happened) && do != nil {
		do()
	}
	if !ok || f.class == "" {
		return nil
	}
	return &remote.Error{System: "test", Operation: name, Class: f.class, VendorCode: f.code}
}

// grand is what the order is worth.
func (w *world) grand() decimal.Decimal {
	sum := decimal.NewFromInt(10 * (w.ordered - w.returned)).Add(w.fees)
	if !w.deliveryBack {
		sum = sum.Add(decimal.NewFromInt(5))
	}
	return sum
}

func (w *world) Orders(context.Context, []string) (somclient.Page, error) {
	if err := w.call("som.read", nil); err != nil {
		return somclient.Page{}, err
	}
	d := decimal.NewFromInt
	o := somclient.OrderSummary{ID: "1Os1", OrderNumber: orderNo, GrandTotalAmount: w.grand()}
	o.Items.Records = []somclient.OrderItemSummary{
		{
			ID: lineID, ProductCode: "SKU1", TypeCode: "Product", OrderDeliveryGroupSummaryID: "0ag1", Quantity: d(w.ordered - w.returned),
			QuantityOrdered: d(w.ordered), QuantityFulfilled: d(w.ordered), QuantityReturnInitiated: d(w.initiated), QuantityReturned: d(w.returned),
			QuantityAvailableToReturn: d(w.ordered - w.initiated),
		},
		{ID: "10u2", TypeCode: "Charge", OrderDeliveryGroupSummaryID: "0ag1", QuantityOrdered: d(1), TotalAmtWithTax: d(5)},
	}
	p := somclient.OrderPaymentSummary{ID: "0bM1"}
	p.Authorizations.Records = []somclient.Transaction{{ID: "0Xc1", GatewayRefNumber: payID}}
	o.Payments.Records = []somclient.OrderPaymentSummary{p}
	o.Changes.Records = slices.Clone(w.changes)
	for _, a := range w.announced {
		o.ReturnOrders.Records = append(o.ReturnOrders.Records, somclient.ReturnOrder{ID: a.ID})
	}
	return somclient.Page{Orders: []somclient.OrderSummary{o}}, nil
}

// Decide implements Windows.
func (w *world) Decide(context.Context, []window.Order, time.Time) (map[string]returnby.Decision, error) {
	return map[string]returnby.Decision{lineID: {Why: w.why, By: returnBy, Reason: "hygiene"}}, nil
}

// units of a change are worth 10.00 each, and with the last of them the delivery; a fee is a share of it.
func (w *world) worthOf(items []somclient.ChangeItem) somclient.Change {
	sum, fees := decimal.Zero, decimal.Zero
	for _, i := range items {
		sum = sum.Add(i.Quantity.Mul(decimal.NewFromInt(10)))
		if i.ReduceShipping && !w.deliveryBack {
			sum = sum.Add(decimal.NewFromInt(5))
		}
		if len(i.Fees) > 0 {
			fees = i.Quantity.Mul(i.Fees[0].Percent).Div(decimal.NewFromInt(10))
		}
	}
	return somclient.Change{GrandTotalAmount: sum.Sub(fees), Fees: fees}
}

func (w *world) refuse(items []somclient.ChangeItem) error {
	if items[0].Quantity.IntPart() > w.ordered-w.initiated {
		return &remote.Error{System: "som", Class: remote.Rejected, VendorCode: "QUANTITY"}
	}
	return nil
}

func (w *world) PreviewReturn(_ context.Context, _ string, items []somclient.ChangeItem) (somclient.Change, error) {
	if err := w.call("som.preview", nil); err != nil {
		return somclient.Change{}, err
	}
	return w.worthOf(items), w.refuse(items)
}

func (w *world) SubmitReturn(_ context.Context, _ string, items []somclient.ChangeItem) (somclient.Change, error) {
	change, bad := w.worthOf(items), error(nil)
	change.ChangeOrderID = "801R"
	if change.Fees.IsPositive() {
		change.FeeChangeOrderID = "801F"
	}
	err := w.call("som.submit", func() {
		if bad = w.refuse(items); bad != nil {
			return
		}
		units := items[0].Quantity.IntPart()
		w.initiated, w.returned = w.initiated+units, w.returned+units
		w.deliveryBack = w.deliveryBack || items[0].ReduceShipping
		w.fees = w.fees.Add(change.Fees)
		w.addChange(units, items[0].Reason, me)
		if items[0].ReduceShipping {
			w.addChargeChange("10u2", change.ChangeOrderID)
		}
		if change.FeeChangeOrderID != "" {
			w.addChargeChange("10u3", change.FeeChangeOrderID)
		}
	})
	if err == nil {
		err = bad
	}
	return change, err
}

func (w *world) addChange(units int64, reason, by string) {
	c := somclient.OrderItemSummaryChange{ID: fmt.Sprintf("1oc%d", len(w.changes)+1), OrderItemSummaryID: lineID, Reason: reason, CreatedByID: by}
	c.ChangeOrderItem.Quantity, c.ChangeOrderItem.OrderID = decimal.NewFromInt(-units), "801R"
	w.changes = append(w.changes, c)
}

// unitChanges counts the changes of units.
func (w *world) unitChanges() (n int) {
	for _, c := range w.changes {
		if c.OrderItemSummaryID == lineID {
			n++
		}
	}
	return n
}

// addChargeChange is a change of a charge that goes with one of units.
func (w *world) addChargeChange(line, changeOrder string) {
	c := somclient.OrderItemSummaryChange{ID: fmt.Sprintf("1oc%d", len(w.changes)+1), OrderItemSummaryID: line, CreatedByID: me}
	c.ChangeOrderItem.OrderID = changeOrder
	w.changes = append(w.changes, c)
}

func (w *world) CreateReturnOrder(_ context.Context, n somclient.NewReturnOrder) (string, error) {
	id := fmt.Sprintf("2oN%d", len(w.announced)+1)
	err := w.call("som.createReturnOrder", func() { w.announce(id, n.Lines[0].Quantity.IntPart(), n.Lines[0].Reason, me) })
	return id, err
}

func (w *world) announce(id string, units int64, reason, by string) {
	a := somclient.Announced{ID: id, Status: "Approved", StatusCategory: "Activated", CreatedByID: by}
	a.Lines.Records = []somclient.AnnouncedLine{{
		ID: id + ".1", OrderItemSummaryID: lineID, TypeCode: "Product", ReasonForReturn: reason, QuantityExpected: decimal.NewFromInt(units),
	}}
	w.initiated += units
	w.announced = append(w.announced, a)
}

// arrive books units of the first return order as arrived; the rest is still expected.
func (w *world) arrive(units int64) {
	a := &w.announced[0]
	a.Lines.Records = slices.Clone(a.Lines.Records)
	last := len(a.Lines.Records) - 1
	change := fmt.Sprintf("801.%d", last+1)
	l := &a.Lines.Records[last]
	rest := l.QuantityExpected.IntPart() - units
	l.QuantityExpected, l.QuantityReturned = decimal.NewFromInt(units), decimal.NewFromInt(units)
	l.ChangeOrderItem = &struct {
		OrderID string `json:"OrderId"`
	}{change}
	w.returned += units
	w.worth[change] = decimal.NewFromInt(10 * units)
	if rest > 0 {
		a.Lines.Records = append(a.Lines.Records, somclient.AnnouncedLine{
			ID: fmt.Sprintf("%s.%d", a.ID, last+2), OrderItemSummaryID: lineID, TypeCode: "Product", QuantityExpected: decimal.NewFromInt(rest),
		})
	}
}

func (w *world) ReturnOrdersOf(context.Context, string) ([]somclient.Announced, error) {
	return slices.Clone(w.announced), w.call("som.readReturns", nil)
}

func (w *world) ReturnOrder(_ context.Context, id string) (somclient.Receipt, error) {
	err := w.call("som.readReturn", nil)
	for _, a := range w.announced {
		if a.ID == id {
			return somclient.Receipt{Announced: a, Worth: w.worth}, err
		}
	}
	return somclient.Receipt{}, err
}

func (w *world) FeeBasis(_ context.Context, _, _, product string) (somclient.FeeBasis, error) {
	basis := somclient.FeeBasis{OrderSummaryID: "1Os1"}
	if product == "RESTOCKING-FEE" {
		basis.ProductID = "01t1"
	}
	return basis, w.call("som.feeProduct", nil)
}

func (w *world) UserID(context.Context) (string, error) { return me, nil }

func (w *world) ChargeFee(context.Context, somclient.Fee) (string, error) {
	return "", w.call("som.charge", nil)
}

func (w *world) RecordReversal(context.Context, somclient.Reversal) (string, error) {
	return "", w.call("som.recordReversal", nil)
}

func (w *world) RenameRefund(_ context.Context, refundID, reference string) error {
	return w.call("som.renameRefund", func() {
		former := strings.TrimPrefix(refundID, "row.")
		w.recorded[reference] += w.recorded[former]
		delete(w.recorded, former)
	})
}

func (w *world) RecordRefund(_ context.Context, r somclient.Refund) (string, error) {
	return "row." + r.Reference, w.call("som.recordRefund", func() {
		w.rowsMade++
		w.recorded[r.Reference] += orderops.MinorUnits(r.Amount, "EUR")
	})
}

func (w *world) Recorded(_ context.Context, reference, _ string) (somclient.Record, error) {
	err := w.call("som.recorded", nil)
	if _, ok := w.recorded[reference]; ok {
		return somclient.Record{ID: "row." + reference}, err
	}
	return somclient.Record{Captures: []somclient.Capture{{PaymentID: "0aQ1", Left: decimal.NewFromInt(35)}}}, err
}

func (w *world) returns(mode orderops.ReturnMode) *Returns {
	policy := DefaultPolicy()
	policy.Mode = settle.BySite[orderops.ReturnMode]{settle.AllSites: mode}
	return &Returns{SOM: w, Windows: w, Policy: policy, Systems: &settle.Systems{
		SOM: w, Payments: w, Points: w, Tracking: others{w}, Slots: others{w}, Commerce: others{w}, Policy: settle.DefaultPolicy(),
	}}
}

func quantity(s string) orderops.Amount { return orderops.NewAmount(decimal.RequireFromString(s)) }

func items(id, units string) []orderops.LineQuantity {
	return []orderops.LineQuantity{{ItemID: id, Quantity: quantity(units)}}
}

// rowOf is a stored return of the world's order.
func rowOf(t *testing.T, in Input) command.Row {
	t.Helper()
	if in.CommerceStatus == "" {
		in.CommerceStatus = "open"
	}
	in.Currency, in.Ordered = "EUR", quantity("35.00")
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	return command.Row{ID: "op1", CreatedAt: start, Command: command.Command{Sandbox: "default", Site: "RefArch", OrderNo: orderNo, Key: "k1", Input: raw}}
}

// settled performs due work until nothing is owed but goods that are waited for.
func settled(t *testing.T, r *Returns, row command.Row, result *command.Result) {
	t.Helper()
	commandtest.Settle(t, r, row, result, func(d command.Due, got command.EffectResult) bool { return got.Again > 0 && d.Kind == KindAwait })
}
