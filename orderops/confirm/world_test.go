package confirm

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/modify"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/trackingclient"
)

// world is an order that is being edited: its basket with one payment, the hold on its booking, the order on hold.
type world struct {
	calls  []string
	faults map[string]fault // by call and count, "b2c.submit#1", or by call
	counts map[string]int

	status    string // of the old order in order management
	left      int64
	fulfilled int64
	linked    map[string]string
	basket    bool
	placed    *b2cclient.Order // what the basket has become
	declined  bool
	held      bool // the hold on the booking stands
	booked    bool
	bookedFor string
	shown     string
	tracked   map[string]int
	inShop    string   // the status of the old order in commerce, where it was set
	codes     []string // of the old order, which the follow-up basket has too
	stale     bool     // the basket was ordered before, and does not show that they are used
	room      bool
	lapses    int           // how many more holds lapse before they are confirmed
	kept      time.Duration // for which the basket keeps its units

	editing   command.State
	answer    orderops.Modification
	note      modify.Note
	cancelled string // what the cancel of the old order comes to; empty is a success
}

// fault makes a call fail: with the change made or not.
type fault struct {
	class    remote.Class
	code     string
	happened bool
	status   int
}

const (
	orderNo  = "00001"
	newNo    = "00002"
	basketID = "b1"
	shopper  = "customer1"
	aside    = "basket-own"
)

var start = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func newWorld() *world {
	expires := start.Add(30 * time.Minute)
	return &world{
		faults: map[string]fault{}, counts: map[string]int{}, status: "On Hold", left: 2, linked: map[string]string{}, basket: true, held: true,
		booked: true, bookedFor: orderNo, tracked: map[string]int{}, editing: command.Editing,
		answer: orderops.Modification{
			OrderNo: orderNo, Policy: orderops.KeepUntilConfirm, EditingEnd: orderops.EditingEnd{State: orderops.BeingEdited}, BasketID: basketID,
			ExpiresAt: &expires, Currency: "EUR", SetAsideBasketID: aside,
			Slots: []orderops.KeptSlot{{BookingID: "bk1", SlotID: "slot1", Type: "delivery", HoldID: "h1"}},
		},
		note: modify.Note{CustomerID: shopper, OrderSummaryID: "1Os1", Hold: "On Hold", Before: "Created"},
	}
}

// order makes the shopper order the basket in checkout.
func (w *world) order(status string) {
	w.basket = false
	w.placed = &b2cclient.Order{
		OrderNo: newNo, Status: status, Currency: "EUR", OrderTotal: decimal.NewFromInt(150), ModifiesOrderNo: orderNo, ModificationID: "op1",
		ProductItems:       []b2cclient.ProductItem{{ItemID: "i1", ProductID: "SHIRT", Quantity: decimal.NewFromInt(3)}},
		PaymentInstruments: []b2cclient.PaymentInstrument{{ID: "p1", PaymentMethodID: "CREDIT_CARD"}},
	}
	w.placed.CustomerInfo.CustomerID = shopper
}

func (w *world) call(system, name string, do func()) error {
	w.counts[name]++
	w.calls = append(w.calls, name)
	f, ok := w.faults[fmt.Sprintf("%s#%d", name, w.counts[name])]
	if !ok {
		f, ok = w.faults[name]
	}
	if (!ok || f.happened) && do != nil {
		do()
	}
	if !ok {
		return nil
	}
	return &remote.Error{System: system, Operation: name, Class: f.class, VendorCode: f.code, Status: f.status}
}

func (w *world) Orders(context.Context, []string) (somclient.Page, error) {
	if err := w.call(somclient.System, "som.read", nil); err != nil {
		return somclient.Page{}, err
	}
	o := somclient.OrderSummary{ID: "1Os1", OrderNumber: orderNo, Status: w.status, GrandTotalAmount: decimal.NewFromInt(50 * w.left)}
	o.Items.Records = []somclient.OrderItemSummary{{
		ID: "10u1", TypeCode: "Product", QuantityOrdered: decimal.NewFromInt(2), QuantityCanceled: decimal.NewFromInt(2 - w.left), QuantityFulfilled: decimal.NewFromInt(w.fulfilled),
	}}
	return somclient.Page{Orders: []somclient.OrderSummary{o}}, nil
}

func (w *world) SetStatus(_ context.Context, _, status string) error {
	return w.call(somclient.System, "som.setStatus", func() { w.status = status })
}

func (w *world) Succeed(_ context.Context, bookingID, _ string, _ time.Duration) (slotsclient.Hold, error) {
	var refused error
	err := w.call(slotsclient.System, "slots.succeed", func() {
		if bookingID != "bk1" {
			refused = &remote.Error{System: slotsclient.System, Class: remote.NotFound, VendorCode: "NOT_FOUND"}
			return
		}
		if !w.booked {
			refused = &remote.Error{System: slotsclient.System, Class: remote.Conflict, VendorCode: slotsclient.BookingReleased}
			return
		}
		w.held = true
	})
	if err == nil {
		err = refused
	}
	return slotsclient.Hold{HoldID: "h1"}, err
}

func (w *world) Hold(_ context.Context, slotID, _ string, _ time.Duration) (slotsclient.Hold, error) {
	var refused error
	err := w.call(slotsclient.System, "slots.hold", func() {
		if !w.room && slotID == "slot1" {
			refused = &remote.Error{System: slotsclient.System, Class: remote.Conflict, VendorCode: slotsclient.SlotFull}
		}
	})
	if err == nil {
		err = refused
	}
	return slotsclient.Hold{HoldID: "h-" + slotID, SlotID: slotID}, err
}

func (w *world) Confirm(_ context.Context, holdID, no string) (slotsclient.Booking, error) {
	var refused error
	err := w.call(slotsclient.System, "slots.confirm", func() {
		if w.lapses > 0 {
			w.lapses, w.held = w.lapses-1, false
		}
		if holdID == "h1" && !w.held && w.bookedFor != no {
			refused = &remote.Error{System: slotsclient.System, Class: remote.NotFound, VendorCode: slotsclient.HoldExpired, Status: 410}
			return
		}
		w.bookedFor = no
	})
	if err == nil {
		err = refused
	}
	return slotsclient.Booking{BookingID: "bk1", OrderNo: no}, err
}

func (w *world) Slot(context.Context, string) (slotsclient.Slot, error) {
	return slotsclient.Slot{SlotID: "slot1", Type: "delivery", LocationID: "L", Start: start.Add(48 * time.Hour)}, w.call(slotsclient.System, "slots.slot", nil)
}

func (w *world) Find(context.Context, string, string, time.Time, time.Time) ([]slotsclient.Slot, error) {
	free := slotsclient.Slot{SlotID: "slot2", Type: "delivery", Start: start.Add(50 * time.Hour)}
	free.Capacity.Available = 1
	return []slotsclient.Slot{{SlotID: "slot1"}, free}, w.call(slotsclient.System, "slots.find", nil)
}

func (w *world) OrderAsService(_ context.Context, _ b2cclient.Shop, no string) (b2cclient.Document, error) {
	if no == orderNo {
		o := b2cclient.Order{OrderNo: no, Status: "open", ExportStatus: "exported", Currency: "EUR", OrderTotal: decimal.NewFromInt(100)}
		for _, code := range w.codes {
			o.CouponItems = append(o.CouponItems, b2cclient.CouponItem{Code: code})
		}
		return b2cclient.Document{Order: o}, w.call(b2cclient.System, "b2c.oldOrder", nil)
	}
	err := w.call(b2cclient.System, "b2c.newOrder", nil)
	if err == nil && (w.placed == nil || no != newNo) {
		err = &remote.Error{System: b2cclient.System, Class: remote.NotFound, VendorCode: b2cclient.OrderNotFound, Status: 404}
	}
	if err != nil {
		return b2cclient.Document{}, err
	}
	return b2cclient.Document{Order: *w.placed}, nil
}

func (w *world) theBasket() b2cclient.Basket {
	b := b2cclient.Basket{
		BasketID: basketID, Currency: "EUR", OrderTotal: decimal.NewFromInt(150), ModifiesOrderNo: orderNo, ModificationID: "op1",
		PaymentInstruments: []b2cclient.PaymentInstrument{{ID: "p1", PaymentMethodID: "CREDIT_CARD"}},
	}
	for _, code := range w.codes {
		c := b2cclient.CouponItem{Code: code, StatusCode: b2cclient.CouponUsed}
		if w.stale {
			c.StatusCode = "applied"
		}
		b.CouponItems = append(b.CouponItems, c)
	}
	b.CustomerInfo.CustomerID = shopper
	return b
}

func (w *world) Basket(context.Context, b2cclient.Shop, string) (b2cclient.Basket, error) {
	err := w.call(b2cclient.System, "b2c.basket", nil)
	if err == nil && !w.basket {
		err = &remote.Error{System: b2cclient.System, Class: remote.NotFound, Status: 404}
	}
	return w.theBasket(), err
}

func (w *world) CustomerBaskets(context.Context, b2cclient.Shop, string) ([]b2cclient.Basket, error) {
	if err := w.call(b2cclient.System, "b2c.baskets", nil); err != nil || !w.basket {
		return nil, err
	}
	return []b2cclient.Basket{w.theBasket()}, nil
}

func (w *world) ReserveBasket(_ context.Context, _ b2cclient.Shop, _ string, length time.Duration) error {
	return w.call(b2cclient.System, "b2c.reserveBasket", func() { w.kept = length })
}

func (w *world) NewestOrders(context.Context, b2cclient.Shop, string) ([]b2cclient.Order, error) {
	if err := w.call(b2cclient.System, "b2c.newestOrders", nil); err != nil || w.placed == nil {
		return nil, err
	}
	return []b2cclient.Order{*w.placed}, nil
}

// elsewhereNo is an order that the shopper placed on another site.
const elsewhereNo = "00007"

// inShop is the world as commerce.
type inShop struct{ *world }

func (s inShop) SetStatus(_ context.Context, _ b2cclient.Shop, _, status string) error {
	return s.call(b2cclient.System, "b2c.setStatus", func() { s.inShop = status })
}

func (w *world) NewestAnywhere(context.Context, b2cclient.Shop, string) ([]b2cclient.Order, error) {
	if err := w.call(b2cclient.System, "b2c.newestAnywhere", nil); err != nil {
		return nil, err
	}
	return []b2cclient.Order{{OrderNo: elsewhereNo, SiteID: "Elsewhere"}}, nil
}

func (w *world) Submit(context.Context, b2cclient.Shop, string) (b2cclient.Order, error) {
	if w.stale && w.inShop != b2cclient.StatusCancelled {
		w.calls = append(w.calls, "b2c.submit")
		return b2cclient.Order{}, &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.CouponRefused, Status: 400}
	}
	if err := w.call(b2cclient.System, "b2c.submit", func() { w.order("created") }); err != nil {
		return b2cclient.Order{}, err
	}
	return *w.placed, nil
}

func (w *world) Authorize(context.Context, b2cclient.Shop, string, b2cclient.PaymentInstrument) (b2cclient.Order, error) {
	if w.declined {
		w.calls = append(w.calls, "b2c.authorize")
		return b2cclient.Order{}, &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.HookStatus, Status: 400}
	}
	if err := w.call(b2cclient.System, "b2c.authorize", func() { w.placed.Status = "new" }); err != nil {
		return b2cclient.Order{}, err
	}
	return *w.placed, nil
}

func (w *world) Fail(context.Context, b2cclient.Shop, string) error {
	return w.call(b2cclient.System, "b2c.fail", func() { w.placed, w.basket = nil, true })
}

func (w *world) Annotate(_ context.Context, _ b2cclient.Shop, no string, attributes map[string]string) error {
	return w.call(b2cclient.System, "b2c.link", func() {
		for name, value := range attributes {
			w.linked[no+" "+name] = value
		}
	})
}

func (w *world) ShowBasket(_ context.Context, _ b2cclient.Shop, id string, _ bool) error {
	return w.call(b2cclient.System, "b2c.showBasket", func() { w.shown = id })
}

func (w *world) Purchase(_ context.Context, p trackingclient.Purchase) error {
	return w.call(trackingclient.System, "tracking.purchase", func() { w.tracked[p.EventID]++ })
}

// The command engine.

func (w *world) Modification(context.Context, string, string) (command.Row, json.RawMessage, error) {
	note, err := json.Marshal(w.note)
	answer := w.answer
	return command.Row{ID: "op1", State: w.editing, Answer: command.Answer{Modification: &answer}}, note, err
}

func (w *world) EndEditing(_ context.Context, _ string, end orderops.EditingEnd) error {
	if w.editing == command.Editing {
		w.editing, w.answer.EditingEnd = command.Succeeded, end
	}
	return nil
}

// giver is the cancel of the old order, of which only the end matters here.
type giver struct{ w *world }

func (g giver) Run(_ context.Context, run command.Run, row command.Row, resume json.RawMessage) (command.Result, error) {
	_, err := run.Step("submit", func(context.Context) (json.RawMessage, error) {
		g.w.calls = append(g.w.calls, "old.cancel")
		return json.RawMessage("null"), nil
	})
	if err != nil {
		return command.Result{}, err
	}
	var in cancel.Input
	if err := json.Unmarshal(row.Input, &in); err != nil {
		return command.Result{}, err
	}
	end := g.w.cancelled
	if len(resume) > 0 {
		end = ""
	}
	whole := true
	switch end {
	case "unknown":
		return command.Result{State: command.Unknown, Resume: json.RawMessage(`{}`), Answer: command.Answer{Refusal: orderops.RefuseFor(time.Second, orderops.OutcomeUnknown, "")}}, nil
	case "busy":
		return command.Result{State: command.Released, Answer: command.Answer{Refusal: orderops.RefuseFor(time.Second, orderops.OMSUnavailable, "")}}, nil
	case "shipped":
		return command.Result{State: command.Refused, Answer: command.Answer{Refusal: orderops.Refuse(orderops.NotCancellable, "")}}, nil
	case "partly":
		whole = false
	}
	already := g.w.left == 0
	g.w.left = 0
	if !in.KeepSlots {
		g.w.booked = false
	}
	c := &orderops.Cancellation{Whole: whole, AlreadyCancelled: already, Refund: orderops.NewAmount(decimal.NewFromInt(100)), Effects: []orderops.Effect{{System: "worldline", Action: "void", State: orderops.EffectPending}}}
	return command.Result{State: command.Succeeded, Answer: command.Answer{Cancellation: c}, Due: []command.Due{{Effect: 0, Kind: "worldline.void", Payload: json.RawMessage(`{}`)}}}, nil
}

func (g giver) Perform(context.Context, command.Row, command.Due) command.EffectResult {
	return command.EffectResult{State: orderops.EffectDone}
}

func (w *world) confirms() *Confirms {
	return &Confirms{SOM: w, Slots: w, Commerce: inShop{w}, Tracking: w, Editing: w, Cancels: giver{w}, Cancel: cancel.DefaultPolicy(), Policy: modify.DefaultPolicy()}
}

func rowOf(t *testing.T, in Input) command.Row {
	t.Helper()
	if in.CustomerID == "" {
		in.CustomerID = shopper
	}
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	return command.Row{ID: "op2", CreatedAt: start, Command: command.Command{Sandbox: "default", Site: "RefArch", OrderNo: orderNo, Key: "k2", Action: orderops.ActionConfirm, Input: raw}}
}

// confirm runs a confirmation.
func (w *world) confirm(t *testing.T, in Input) (command.Row, command.Result) {
	t.Helper()
	row := rowOf(t, in)
	result, err := w.confirms().Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	return row, result
}

// settleDue resumes what is not known, and performs due work until nothing is owed, as ticks would.
func settleDue(t *testing.T, c *Confirms, row command.Row, result *command.Result) {
	t.Helper()
	for rounds := 0; result.State == command.Unknown; rounds++ {
		next, err := c.Run(context.Background(), commandtest.NewRun(), row, result.Resume)
		if err != nil || rounds > 30 {
			t.Fatalf("it stays unknown: %v", err)
		}
		*result = next
	}
	commandtest.Settle(t, c, row, result, nil)
}
