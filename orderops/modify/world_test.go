package modify

import (
	"context"
	"encoding/json"
	"fmt"
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
func (w *world) modifies(policy orderops.ModifyPolicy) *Modifies {
	p := DefaultPolicy()
	p.When = settle.BySite[orderops.ModifyPolicy]{settle.AllSites: policy}
	return &Modifies{SOM: w, Slots: w, Stock: w, Commerce: w, Commands: w, Clock: w, Cancels: giver{w}, Cancel: cancel.DefaultPolicy(), Policy: p, Organization: "org"}
}

// memoryRun remembers steps in memory, like a workflow that is never interrupted.
// rowOf is a stored modification of the world's order.
// stored keeps a result as the engine would.
// settle performs due work until nothing but the watch is owed, as ticks would.
