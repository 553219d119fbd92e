package modify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// world is one order of two lines in three systems, simple enough to check by eye: two shirts and a scarf, one booking, and
// a shopper who may have a basket.
type world struct {
	calls  []string
	faults map[string]fault // by call and count, "slots.succeed#1", or by call
	counts map[string]int

	status                         string // in order management
	canceled, allocated, fulfilled int64
	fulfillments                   []string
	desired                        time.Time
	baskets                        map[string]b2cclient.Basket
	shown                          string // the basket of the storefront
	made                           int
	booked                         bool
	holds                          map[string]string // the booking or slot by hold
	full                           bool              // the slot has room for its booking alone
	slot                           string            // of the booking
	cutoff                         *time.Time
	offline                        map[string]bool
	prices                         map[string]string
	stock                          map[string]int64
	orders                         []b2cclient.Order
	gift                           bool
	reduced                        map[string]bool
	asked                          b2cclient.NewBasket // the last one
	custom                         map[string]somclient.CustomRow
	keeps                          map[string]map[string]int64 // units of products that are reserved, by order or basket
	once                           map[string]bool             // what inventory has done, by its key

	row       command.Row // of the modification, once it is stored
	note      json.RawMessage
	submitted []command.Command
	now       time.Time
	cancelled string // what the cancel of the old order comes to; empty is a success
}

// fault makes a call fail: with the change made or not.
type fault struct {
	class    remote.Class
	code     string
	happened bool
	status   int
	alsoDo   func(w *world)
}

const (
	orderNo  = "00001"
	shopper  = "customer1"
	ownOne   = "basket-own"
	theSlot  = "slot1"
	theOther = "slot2"
)

var start = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func newWorld() *world {
	return &world{
		faults: map[string]fault{}, counts: map[string]int{}, status: "Created", baskets: map[string]b2cclient.Basket{}, booked: true,
		holds: map[string]string{}, slot: theSlot, offline: map[string]bool{}, stock: map[string]int64{"SHIRT": 10, "SCARF": 10}, now: start,
		prices: map[string]string{"SHIRT": "50.00", "SCARF": "30.00"}, reduced: map[string]bool{},
		keeps: map[string]map[string]int64{orderNo: {"SHIRT": 2, "SCARF": 1}}, once: map[string]bool{},
	}
}

// lastScarf leaves no scarf to anybody but the order.
func (w *world) lastScarf() { w.stock["SCARF"] = 0 }

// scarves are all that there are: in stock, and reserved for whomever.
func (w *world) scarves() int64 {
	sum := w.stock["SCARF"]
	for _, kept := range w.keeps {
		sum += kept["SCARF"]
	}
	return sum
}

// has gives the shopper a basket.
func (w *world) has(id string) {
	b := b2cclient.Basket{BasketID: id, Currency: "EUR", ProductItems: []b2cclient.BasketItem{{ItemID: "x", ProductID: "SCARF", Quantity: decimal.NewFromInt(2)}}}
	w.baskets[id], w.shown = b, id
}

// call records a call, and fails it when a fault is set; do is the change it makes.
func (w *world) call(system, name string, do func()) error {
	w.counts[name]++
	w.calls = append(w.calls, name)
	f, ok := w.faults[fmt.Sprintf("%s#%d", name, w.counts[name])]
	if !ok {
		f, ok = w.faults[name]
	}
	if f.alsoDo != nil {
		f.alsoDo(w)
	}
	if (!ok || f.happened || f.class == "") && do != nil {
		do()
	}
	if !ok || f.class == "" {
		return nil
	}
	return &remote.Error{System: system, Operation: name, Class: f.class, VendorCode: f.code, Status: f.status}
}

func (w *world) Orders(context.Context, []string) (somclient.Page, error) {
	if err := w.call(somclient.System, "som.read", nil); err != nil {
		return somclient.Page{}, err
	}
	d := decimal.NewFromInt
	o := somclient.OrderSummary{ID: "1Os1", OrderNumber: orderNo, Status: w.status, GrandTotalAmount: d(130)}
	o.Items.Records = []somclient.OrderItemSummary{
		{ID: "10u1", ProductCode: "SHIRT", TypeCode: "Product", OrderDeliveryGroupSummaryID: "0ag1", QuantityOrdered: d(2), QuantityCanceled: d(w.canceled), QuantityAllocated: d(w.allocated), QuantityFulfilled: d(w.fulfilled)},
		{ID: "10u2", ProductCode: "SCARF", TypeCode: "Product", OrderDeliveryGroupSummaryID: "0ag1", QuantityOrdered: d(1), QuantityCanceled: d(w.canceled / 2)},
	}
	for _, id := range w.fulfillments {
		o.FulfillmentOrders.Records = append(o.FulfillmentOrders.Records, somclient.FulfillmentOrder{ID: id, StatusCategory: somclient.CategoryActivated})
	}
	return somclient.Page{Orders: []somclient.OrderSummary{o}, Custom: w.custom}, nil
}

func (w *world) SetStatus(_ context.Context, _, status string) error {
	return w.call(somclient.System, "som.setStatus", func() { w.status = status })
}

func (w *world) SetDesiredDelivery(_ context.Context, _ string, at time.Time) error {
	return w.call(somclient.System, "som.setDesiredDelivery", func() { w.desired = at })
}

func (w *world) booking() slotsclient.Booking {
	b := slotsclient.Booking{BookingID: "bk1", SlotID: w.slot, Status: slotsclient.Released}
	b.Slot = slotsclient.Slot{SlotID: w.slot, Type: slotsclient.Delivery, Start: start.Add(48 * time.Hour), End: start.Add(50 * time.Hour), CutoffAt: w.cutoff}
	if w.booked {
		b.Status = slotsclient.Booked
	}
	return b
}

func (w *world) Bookings(context.Context, string) ([]slotsclient.Booking, error) {
	if err := w.call(slotsclient.System, "slots.read", nil); err != nil {
		return nil, err
	}
	return []slotsclient.Booking{w.booking()}, nil
}

func (w *world) Succeed(_ context.Context, bookingID, _ string, life time.Duration) (slotsclient.Hold, error) {
	var refused error
	err := w.call(slotsclient.System, "slots.succeed", func() {
		if !w.booked {
			refused = &remote.Error{System: slotsclient.System, Class: remote.Conflict, VendorCode: slotsclient.BookingReleased}
			return
		}
		w.holds["h-"+bookingID] = bookingID
	})
	if err == nil {
		err = refused
	}
	return slotsclient.Hold{HoldID: "h-" + bookingID, ExpiresAt: w.now.Add(life)}, err
}

func (w *world) Hold(_ context.Context, slotID, _ string, life time.Duration) (slotsclient.Hold, error) {
	var refused error
	err := w.call(slotsclient.System, "slots.hold", func() {
		if w.full && w.booked {
			refused = &remote.Error{System: slotsclient.System, Class: remote.Conflict, VendorCode: slotsclient.SlotFull}
			return
		}
		w.holds["h-"+slotID] = slotID
	})
	if err == nil {
		err = refused
	}
	return slotsclient.Hold{HoldID: "h-" + slotID, SlotID: slotID, ExpiresAt: w.now.Add(life)}, err
}

func (w *world) ReleaseHold(_ context.Context, id string) error {
	return w.call(slotsclient.System, "slots.releaseHold", func() { delete(w.holds, id) })
}

func (w *world) Move(_ context.Context, _, slotID string) (slotsclient.Booking, error) {
	err := w.call(slotsclient.System, "slots.move", func() { w.slot = slotID })
	return w.booking(), err
}

func (w *world) OrderAsService(context.Context, b2cclient.Shop, string) (b2cclient.Document, error) {
	var doc b2cclient.Document
	if err := w.call(b2cclient.System, "b2c.order", nil); err != nil {
		return doc, err
	}
	raw := `{"order_no":"00001","currency":"EUR","order_total":136,"customer_info":{"customer_id":"customer1"},
		"billing_address":{"first_name":"Ada","city":"Berlin"},"c_gift":"yes","c_somOrderSummaryId":"1Os1",
		"shipments":[{"shipment_id":"me","shipping_method":{"id":"home"},"shipping_address":{"first_name":"Ada"},"c_door":"back"}],
		"product_items":[
			{"item_id":"i1","product_id":"SHIRT","quantity":2,"price_after_order_discount":100,"shipment_id":"me","c_size":"M"},
			{"item_id":"i2","product_id":"SCARF","quantity":1,"price_after_order_discount":30,"shipment_id":"me"},
			{"item_id":"i3","product_id":"SAMPLE","quantity":1,"price_after_order_discount":0,"shipment_id":"me","bonus_product_line_item":true}],
		"coupon_items":[{"code":"SPRING"}]}`
	return doc, json.Unmarshal([]byte(raw), &doc)
}

func (w *world) Products(_ context.Context, _ b2cclient.Shop, _ string, ids []string) ([]b2cclient.Product, error) {
	if err := w.call(b2cclient.System, "b2c.products", nil); err != nil {
		return nil, err
	}
	var list []b2cclient.Product
	for _, id := range ids {
		if w.offline[id] {
			continue
		}
		price := decimal.RequireFromString(w.prices[id])
		p := b2cclient.Product{ID: id, MinOrderQuantity: decimal.NewFromInt(1), StepQuantity: decimal.NewFromInt(1), Price: &price}
		p.Inventory = &struct {
			Available decimal.Decimal `json:"ats"`
			Orderable bool            `json:"orderable"`
		}{decimal.NewFromInt(w.stock[id]), w.stock[id] > 0}
		list = append(list, p)
	}
	return list, nil
}

func (w *world) CustomerBaskets(context.Context, b2cclient.Shop, string) ([]b2cclient.Basket, error) {
	if err := w.call(b2cclient.System, "b2c.baskets", nil); err != nil {
		return nil, err
	}
	var list []b2cclient.Basket
	for _, id := range []string{ownOne, "b1", "b2"} {
		if b, ok := w.baskets[id]; ok {
			b.AgentBasket = w.shown != id
			list = append(list, b)
		}
	}
	return list, nil
}

func (w *world) CreateBasket(_ context.Context, _ b2cclient.Shop, n b2cclient.NewBasket) (b2cclient.Basket, error) {
	w.asked = n
	w.made++
	b := b2cclient.Basket{BasketID: fmt.Sprintf("b%d", w.made), Currency: n.Currency}
	_ = json.Unmarshal(n.Custom[b2cclient.ModificationAttribute], &b.ModificationID)
	_ = json.Unmarshal(n.Custom[b2cclient.ModifiesAttribute], &b.ModifiesOrderNo)
	for i, item := range n.Items {
		price := decimal.RequireFromString(w.prices[item.ProductID]).Mul(item.Quantity)
		b.OrderTotal = b.OrderTotal.Add(price)
		b.ProductItems = append(b.ProductItems, b2cclient.BasketItem{ItemID: fmt.Sprint(i), ProductID: item.ProductID, Quantity: item.Quantity, Price: price})
	}
	for _, code := range n.Coupons {
		b.CouponItems = append(b.CouponItems, b2cclient.CouponItem{Code: code, StatusCode: "coupon_code_already_redeemed"})
	}
	for _, item := range n.Items {
		if w.stock[item.ProductID] < item.Quantity.IntPart() {
			return b, errors.Join(w.call(b2cclient.System, "b2c.createBasket", nil), &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.ItemNotAvailable, Status: 400})
		}
	}
	return b, w.call(b2cclient.System, "b2c.createBasket", func() { w.baskets[b.BasketID] = b })
}

func (w *world) Basket(_ context.Context, _ b2cclient.Shop, id string) (b2cclient.Basket, error) {
	return w.baskets[id], w.call(b2cclient.System, "b2c.basket", nil)
}

func (w *world) Reduce(_ context.Context, _ b2cclient.Shop, id string, r b2cclient.Reduction) (b2cclient.Basket, error) {
	err := w.call(b2cclient.System, "b2c.reduce", func() {
		b := w.baskets[id]
		b.ProductItems = slices.Clone(b.ProductItems)
		for i := range b.ProductItems {
			if b.ProductItems[i].ItemID == r.ItemID && !w.reduced[r.ID] {
				b.ProductItems[i].Price = b.ProductItems[i].Price.Sub(r.Amount)
				b.OrderTotal = b.OrderTotal.Sub(r.Amount)
			}
		}
		w.baskets[id] = b
	})
	if w.reduced[r.ID] && err == nil {
		err = &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.InvalidPromotion, Status: 400}
	}
	w.reduced[r.ID] = true
	return w.baskets[id], err
}

func (w *world) ReserveBasket(_ context.Context, _ b2cclient.Shop, id string, _ time.Duration) error {
	var refused error
	err := w.call(b2cclient.System, "b2c.reserveBasket", func() {
		for _, i := range w.baskets[id].ProductItems {
			if w.stock[i.ProductID]+w.keeps[id][i.ProductID] < i.Quantity.IntPart() {
				refused = &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.ItemNotAvailable, Status: 400}
				return
			}
		}
		if w.keeps[id] == nil {
			w.keeps[id] = map[string]int64{}
			for _, i := range w.baskets[id].ProductItems {
				w.stock[i.ProductID] -= i.Quantity.IntPart()
				w.keeps[id][i.ProductID] += i.Quantity.IntPart()
			}
		}
	})
	if err == nil {
		err = refused
	}
	return err
}

// Inventory: what is reserved for the order, at the group of all locations.

func (w *world) Holdings(context.Context, string) ([]ociclient.Holding, error) {
	if err := w.call(ociclient.System, "oci.read", nil); err != nil {
		return nil, err
	}
	var held []ociclient.Holding
	for _, sku := range []string{"SCARF", "SHIRT"} {
		if n := w.keeps[orderNo][sku]; n > 0 {
			held = append(held, ociclient.Holding{ReservationID: "r1", SKU: sku, Quantity: decimal.NewFromInt(n), Group: "ALL"})
		}
	}
	return held, nil
}

func (w *world) Release(_ context.Context, records []ociclient.Release) ([]ociclient.Failed, error) {
	return nil, w.call(ociclient.System, "oci.release", func() {
		for _, r := range records {
			if n, _ := r.Quantity.Int64(); !w.once[r.ActionRequestID] {
				w.once[r.ActionRequestID] = true
				w.keeps[orderNo][r.SKU] -= n
				w.stock[r.SKU] += n
			}
		}
	})
}

func (w *world) Reserve(_ context.Context, r ociclient.Reservation) error {
	var refused error
	err := w.call(ociclient.System, "oci.reserve", func() {
		for _, wanted := range r.Records {
			n, _ := wanted.Quantity.Int64()
			switch {
			case w.once[r.ActionRequestID]:
			case w.stock[wanted.SKU] < n:
				refused = &remote.Error{System: ociclient.System, Class: remote.Rejected, VendorCode: "INSUFFICIENT_AVAILABILITY"}
			default:
				w.keeps[orderNo][wanted.SKU] += n
				w.stock[wanted.SKU] -= n
			}
		}
		w.once[r.ActionRequestID] = refused == nil
	})
	if err == nil {
		err = refused
	}
	return err
}

func (w *world) ShowBasket(_ context.Context, _ b2cclient.Shop, id string, exchange bool) error {
	var refused error
	err := w.call(b2cclient.System, "b2c.showBasket", func() {
		if w.shown != "" && w.shown != id && !exchange {
			refused = &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.BasketsQuotaExceeded, Status: 400}
			return
		}
		w.shown = id
	})
	if err == nil {
		err = refused
	}
	return err
}

func (w *world) DeleteBasket(_ context.Context, _ b2cclient.Shop, id string) error {
	_, there := w.baskets[id]
	err := w.call(b2cclient.System, "b2c.deleteBasket", func() {
		for sku, n := range w.keeps[id] {
			w.stock[sku] += n
		}
		delete(w.keeps, id)
		delete(w.baskets, id)
		if w.shown == id {
			w.shown = ""
		}
	})
	if err == nil && !there {
		err = &remote.Error{System: b2cclient.System, Class: remote.NotFound}
	}
	return err
}

func (w *world) NewestOrders(context.Context, b2cclient.Shop, string) ([]b2cclient.Order, error) {
	return w.orders, w.call(b2cclient.System, "b2c.newestOrders", nil)
}

// The command engine.

func (w *world) Modification(context.Context, string, string) (command.Row, json.RawMessage, error) {
	return w.row, w.note, nil
}

func (w *world) EndEditing(_ context.Context, _ string, end orderops.EditingEnd) error {
	w.calls = append(w.calls, "ops.end:"+string(end.State))
	w.row.State = command.Succeeded
	if w.row.Answer.Modification != nil {
		w.row.Answer.Modification.EditingEnd = end
	}
	return nil
}

func (w *world) Submit(_ context.Context, c command.Command) (command.Row, error) {
	w.calls = append(w.calls, "ops.submit:"+string(c.Action))
	w.submitted = append(w.submitted, c)
	return command.Row{Command: c}, nil
}

func (w *world) Now(context.Context) time.Time { return w.now }

// giver is the cancel of the old order, of which only the end matters here.
type giver struct{ w *world }

func (g giver) Run(_ context.Context, run command.Run, _ command.Row, resume json.RawMessage) (command.Result, error) {
	if _, err := run.Step("submit", func(context.Context) (json.RawMessage, error) { return json.RawMessage("null"), nil }); err != nil {
		return command.Result{}, err
	}
	end := g.w.cancelled
	if len(resume) > 0 {
		end = ""
	}
	g.w.calls = append(g.w.calls, "old.cancel")
	switch end {
	case "unknown":
		return command.Result{State: command.Unknown, Resume: json.RawMessage(`{}`), Answer: command.Answer{Refusal: orderops.RefuseFor(time.Second, orderops.OutcomeUnknown, "")}}, nil
	case "busy":
		return command.Result{State: command.Released, Answer: command.Answer{Refusal: orderops.RefuseFor(time.Second, orderops.OrderChanged, "")}}, nil
	case "shipped":
		return command.Result{State: command.Refused, Answer: command.Answer{Refusal: orderops.Refuse(orderops.NotCancellable, "")}}, nil
	case "attention":
		return command.Result{State: command.NeedsAttention, Answer: command.Answer{Refusal: orderops.Refuse(orderops.OutcomeUnknown, "")}, WorkItems: []command.WorkItem{{Entity: "x"}}}, nil
	}
	g.w.canceled, g.w.booked = 2, false
	c := &orderops.Cancellation{Whole: true, Effects: []orderops.Effect{{System: "worldline", Action: "void", State: orderops.EffectPending}}}
	return command.Result{State: command.Succeeded, Answer: command.Answer{Cancellation: c}, Due: []command.Due{{Effect: 0, Kind: "worldline.void", Payload: json.RawMessage(`{}`)}}}, nil
}

func (g giver) Perform(context.Context, command.Row, command.Due) command.EffectResult {
	return command.EffectResult{State: orderops.EffectDone}
}

func (w *world) modifies(policy orderops.ModifyPolicy) *Modifies {
	p := DefaultPolicy()
	p.When = settle.BySite[orderops.ModifyPolicy]{settle.AllSites: policy}
	return &Modifies{SOM: w, Slots: w, Stock: w, Commerce: w, Commands: w, Clock: w, Cancels: giver{w}, Cancel: cancel.DefaultPolicy(), Policy: p, Organization: "org"}
}

// memoryRun remembers steps in memory, like a workflow that is never interrupted.
type memoryRun struct {
	steps map[string]json.RawMessage
	began map[string]bool
	order []string
	// dieAfter loses the process right after the named step's call, before its answer is remembered; once.
	dieAfter string
}

type died struct{}

func newRun() *memoryRun {
	return &memoryRun{steps: map[string]json.RawMessage{}, began: map[string]bool{}}
}

func (r *memoryRun) Step(name string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	if raw, ok := r.steps[name]; ok {
		return raw, nil
	}
	raw, err := f(context.Background())
	if r.dieAfter == name {
		r.dieAfter = ""
		panic(died{})
	}
	if err == nil {
		r.steps[name] = raw
		r.order = append(r.order, name)
	}
	return raw, err
}

func (r *memoryRun) First(_ context.Context, name string) (bool, error) {
	first := !r.began[name]
	r.began[name] = true
	return first, nil
}

// rowOf is a stored modification of the world's order.
func rowOf(t *testing.T, w *world, request orderops.ModifyRequest) command.Row {
	t.Helper()
	raw, err := json.Marshal(Input{
		Request: request, CustomerID: shopper, CommerceStatus: "open", ExportStatus: "exported", Currency: "EUR",
		Ordered: orderops.NewAmount(decimal.NewFromInt(136)), Token: orderops.TokenOCAPI, GiftCertificates: w.gift,
	})
	if err != nil {
		t.Fatal(err)
	}
	return command.Row{ID: "op1", CreatedAt: start, Command: command.Command{Sandbox: "default", Site: "RefArch", OrderNo: orderNo, Key: "k1", Action: orderops.ActionModify, Input: raw}}
}

// stored keeps a result as the engine would.
func (w *world) stored(row command.Row, result command.Result) command.Row {
	row.State, row.Answer = result.State, result.Answer
	w.row, w.note = row, result.Resume
	return row
}

// settle performs due work until nothing but the watch is owed, as ticks would.
func settleDue(t *testing.T, m *Modifies, row command.Row, result *command.Result) {
	t.Helper()
	due := result.Due
	for rounds := 0; len(due) > 0; rounds++ {
		if rounds > 20 {
			t.Fatalf("due work does not end: %+v", due)
		}
		d := due[0]
		due = due[1:]
		if d.Kind == kindWatch {
			continue
		}
		r := m.Perform(context.Background(), row, d)
		if r.State == orderops.EffectPending {
			due = append(due, d)
			continue
		}
		effects := result.Answer.Effects()
		(*effects)[d.Effect].State = r.State
		for _, then := range r.Then {
			due = append(due, command.Due{Effect: len(*effects), Kind: then.Kind, Payload: then.Payload})
			*effects = append(*effects, then.Effect)
		}
	}
}
