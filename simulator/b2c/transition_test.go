package b2c_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestTheTableOfTransitionsIsSound(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, tr := range b2c.Transitions() {
		if seen[tr.ID()] || tr.From == tr.To || tr.Action == "" {
			t.Errorf("%+v", tr)
		}
		seen[tr.ID()] = true
		for _, s := range []b2c.Status{tr.From, tr.To} {
			if s != "" && !slices.Contains(b2c.Statuses(), s) {
				t.Errorf("%s is no status", s)
			}
		}
	}
}

// possible is the table once more, by channel; scripts have what the others have as well.
func possible(channel b2c.Channel) map[b2c.Status]string {
	matrix := allowed()
	if channel != b2c.ByShop {
		matrix[b2c.Created], matrix[b2c.Failed] = "new failed", "created"
	}
	if channel == b2c.ByScript {
		matrix[b2c.New] += " replaced"
		matrix[b2c.Open] += " replaced"
	}
	return matrix
}

// The table is what possible says, channel by channel, and has so many transitions.
func TestTheTableOfTransitionsIsTheDocumentedOne(t *testing.T) {
	t.Parallel()
	if n := len(b2c.Transitions()); n != 17 {
		t.Errorf("the table has %d transitions", n)
	}
	for channel, want := range map[b2c.Channel]int{b2c.ByShop: 12, b2c.ByData: 14, b2c.ByScript: 16} {
		got := map[string]bool{}
		for _, tr := range b2c.Transitions() {
			if tr.From != "" && (channel == b2c.ByScript || slices.Contains(tr.Channels, channel)) {
				got[string(tr.From)+">"+string(tr.To)] = true
			}
		}
		documented := map[string]bool{}
		for from, all := range possible(channel) {
			for _, to := range strings.Fields(all) {
				documented[string(from)+">"+to] = true
			}
		}
		if diff := cmp.Diff(documented, got); diff != "" || len(got) != want {
			t.Errorf("%s has %d transitions, want %d: %s", channel, len(got), want, diff)
		}
	}
}

// setters take an order to a status by each of the channels.
func setters() map[b2c.Channel]func(w *world, tx *sandbox.Tx, no string, to b2c.Status) error {
	return map[b2c.Channel]func(w *world, tx *sandbox.Tx, no string, to b2c.Status) error{
		b2c.ByShop: func(w *world, tx *sandbox.Tx, no string, to b2c.Status) error {
			_, err := w.ChangeOrder(tx, b2c.Reader{}, no, b2c.Change{Status: to})
			return err
		},
		b2c.ByData: func(w *world, tx *sandbox.Tx, no string, to b2c.Status) error {
			_, err := w.PutStatus(tx, b2c.Reader{}, no, to)
			return err
		},
		b2c.ByScript: func(w *world, tx *sandbox.Tx, no string, to b2c.Status) error { return w.SetStatus(tx, no, to) },
	}
}

// Every transition of the table happens by its channels, every other pair of statuses is refused and changes nothing.
func TestEveryPairOfStatusesByEveryChannel(t *testing.T) {
	t.Parallel()
	for channel, set := range setters() {
		t.Run(string(channel), func(t *testing.T) {
			t.Parallel()
			happened, refused := 0, 0
			for _, from := range b2c.Statuses() {
				for _, to := range b2c.Statuses() {
					w := newWorld(t)
					n := w.twoShirts("gross")
					n.Status = from
					o := w.place(n)
					work := func(tx *sandbox.Tx) error { return set(w, tx, o.OrderNo, to) }
					listed := slices.ContainsFunc(b2c.Transitions(), func(tr b2c.Transition) bool {
						return tr.From == from && tr.To == to && (channel == b2c.ByScript || slices.Contains(tr.Channels, channel))
					})
					if listed || from == to {
						w.do(work)
						if got := w.read(o.OrderNo).Status; got != to {
							t.Errorf("%s to %s leads to %s", from, to, got)
						}
						if from != to {
							happened++
						}
						continue
					}
					refused++
					w.refused(faultOf(channel, from, to), work)
					if diff := cmp.Diff(o, w.read(o.OrderNo)); diff != "" {
						t.Error(diff)
					}
				}
			}
			pairs := len(b2c.Statuses()) * (len(b2c.Statuses()) - 1)
			if want := map[b2c.Channel]int{b2c.ByShop: 12, b2c.ByData: 14, b2c.ByScript: 16}[channel]; happened != want || refused != pairs-want {
				t.Errorf("%d transitions happened and %d were refused, want %d of %d pairs", happened, refused, want, pairs)
			}
		})
	}
}

// faultOf is the vendor's name of a refused transition.
func faultOf(channel b2c.Channel, from, to b2c.Status) b2c.Code {
	switch {
	case channel != b2c.ByData:
		return b2c.StatusTransitionNotPossible
	case to == b2c.Cancelled:
		return b2c.CancelOrder
	case from == b2c.Cancelled:
		return b2c.UndoCancelOrder
	case to == b2c.New && (from == b2c.Failed || from == b2c.Replaced):
		return b2c.PlaceOrderFailed
	}
	return b2c.OrderStatusTransition
}

func (w *world) created() b2c.Order {
	w.t.Helper()
	n := w.twoShirts("gross")
	n.Status = b2c.Created
	return w.place(n)
}

func TestPlacingMakesAnOrderBinding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.created()
	w.do(func(tx *sandbox.Tx) error { return w.Place(tx, o.OrderNo) })
	got := w.read(o.OrderNo)
	if got.Status != b2c.New || got.InvoiceNo == "" || !got.PlaceDate.Equal(monday()) || got.ConfirmationStatus != b2c.Confirmed || got.ExportStatus != b2c.NotExported {
		t.Errorf("%+v", got)
	}
}

func TestCancellingKeepsTheReasonUntilItIsUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(w.twoShirts("gross"))
	w.do(func(tx *sandbox.Tx) error {
		return w.Cancel(tx, o.OrderNo, b2c.Cancellation{Code: "size", Description: "Too small"})
	})
	if got := w.read(o.OrderNo); got.Status != b2c.Cancelled || got.CancelCode != "size" || got.CancelDescription != "Too small" {
		t.Errorf("%+v", got)
	}
	w.refused(b2c.StatusTransitionNotPossible, func(tx *sandbox.Tx) error {
		_, err := w.Fail(tx, o.OrderNo, false)
		return err
	})
	w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, b2c.Open) })
	if got := w.read(o.OrderNo); got.Status != b2c.Open || got.CancelCode != "" {
		t.Errorf("%+v", got)
	}
}

// sold is an order of two of the three candles, by a coupon that works once, partly paid by gift certificate.
func (w *world) sold() b2c.Order {
	w.t.Helper()
	return w.submit(w.open(put("candle", "2"), coupon("ONCE"), payByGift, ready))
}

// held tells what an order holds: candles on order, redemptions of the coupon, and what the gift certificate has left.
func (w *world) held() string {
	w.t.Helper()
	redeemed := look(w, func(tx *sandbox.Tx) int { return len(w.Redemptions(tx, "once")) })
	stock := w.stock("candle")
	return fmt.Sprintf("%s+%s candles, %d coupons, %s left", stock.OnOrder, stock.Turnover, redeemed, certificate(w, "GIFT-1").Balance)
}

func TestWhatActionsGiveBackAndTakeAgain(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	o := w.sold()
	left := dec("30").Sub(o.PaymentInstruments[0].Amount).String()
	all := "2+0 candles, 1 coupons, " + left + " left"
	steps := []struct {
		name string
		to   b2c.Status
		want string
	}{
		{"failing gives all back", b2c.Failed, "0+0 candles, 0 coupons, 30 left"},
		{"undoing that takes it again", b2c.Created, all},
		{"placing changes nothing of it", b2c.New, all},
		{"cancelling leaves what was paid", b2c.Cancelled, "0+0 candles, 0 coupons, " + left + " left"},
		{"undoing that takes stock and coupon", b2c.Open, all},
		{"completing changes nothing", b2c.Completed, all},
	}
	for _, step := range steps {
		w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, step.to) })
		if got := w.held(); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
	w.do(func(tx *sandbox.Tx) error { return w.MarkExported(tx, o.OrderNo, "1Os1") })
	if got := w.held(); got != "0+2 candles, 1 coupons, "+left+" left" {
		t.Errorf("exporting sells: %s", got)
	}
}

func TestAnUndoIsRefusedWhenWhatWasGivenBackIsGone(t *testing.T) {
	t.Parallel()
	for from, codes := range map[b2c.Status][2]b2c.Code{
		b2c.Failed: {b2c.ProductItemNotAvailable, b2c.UndoFailOrder}, b2c.Cancelled: {b2c.ProductItemNotAvailable, b2c.UndoCancelOrder},
	} {
		t.Run(string(from), func(t *testing.T) {
			t.Parallel()
			w := stocked(t)
			o, back := w.sold(), b2c.Created
			if from == b2c.Cancelled {
				back = b2c.New
				w.do(func(tx *sandbox.Tx) error { return w.Place(tx, o.OrderNo) })
			}
			w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, from) })
			w.submit(w.open(put("candle", "3"), ready))
			w.refused(codes[0], func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, back) })
			w.refused(codes[1], func(tx *sandbox.Tx) error {
				_, err := w.PutStatus(tx, b2c.Reader{}, o.OrderNo, back)
				return err
			})
			if got := w.read(o.OrderNo).Status; got != from {
				t.Errorf("status %s", got)
			}
		})
	}
}

func TestBoughtGiftCertificatesPayWhileTheirOrderStands(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	o := w.submit(w.open(put("mug", "1"), func(e *b2c.BasketEdit) error {
		return e.AddGiftCertificateItem(b2c.GiftCertificateItem{Amount: dec("20"), RecipientEmail: "bob@somsim.test"})
	}, ready))
	for _, step := range []struct {
		to      b2c.Status
		enabled bool
	}{{b2c.New, true}, {b2c.Cancelled, false}, {b2c.Open, true}} {
		w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, step.to) })
		g := look(w, func(tx *sandbox.Tx) b2c.GiftCertificate { return w.GiftCertificatesOf(tx, o.OrderNo)[0] })
		if g.Disabled == step.enabled {
			t.Errorf("the order is %s, the certificate disabled: %t", step.to, g.Disabled)
		}
	}
}

func TestAFailedOrderGivesItsBasketBack(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	first := w.sold()
	second := w.submit(w.open(put("mug", "1"), ready))
	var id string
	w.do(func(tx *sandbox.Tx) (err error) { id, err = w.Fail(tx, first.OrderNo, true); return err })
	basket := look(w, func(tx *sandbox.Tx) b2c.Basket {
		basket, err := w.Basket(tx, w.shopper().Reader, id)
		if err != nil {
			t.Error(err)
		}
		return basket
	})
	if !basket.Totals.OrderTotal.Equal(first.Totals.OrderTotal) || len(basket.ProductItems) != 1 || len(basket.PaymentInstruments) != 2 ||
		basket.Coupons[0].Status != b2c.CouponApplied || basket.PaymentInstruments[1].Card.Token != "" {
		t.Errorf("%+v", basket)
	}
	if got := w.read(first.OrderNo).Status; got != b2c.Failed {
		t.Errorf("status %s", got)
	}
	w.do(func(tx *sandbox.Tx) (err error) { id, err = w.Fail(tx, second.OrderNo, true); return err })
	if id != "" {
		t.Errorf("a second basket %q was opened", id)
	}
	w.refused(b2c.StatusTransitionNotPossible, func(tx *sandbox.Tx) error {
		_, err := w.Fail(tx, second.OrderNo, true)
		return err
	})
}

func TestDataReopensToo(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	o := w.sold()
	var id string
	w.do(func(tx *sandbox.Tx) (err error) {
		id, err = w.PutStatus(tx, b2c.Reader{SiteID: "net"}, o.OrderNo, b2c.FailedWithReopen)
		return err
	})
	if id == "" || w.read(o.OrderNo).Status != b2c.Failed {
		t.Errorf("basket %q, order %s", id, w.read(o.OrderNo).Status)
	}
	w.refused(b2c.OrderStatusTransition, func(tx *sandbox.Tx) error {
		_, err := w.PutStatus(tx, b2c.Reader{}, o.OrderNo, b2c.FailedWithReopen)
		return err
	})
	w.refused(b2c.OrderNotFound, func(tx *sandbox.Tx) error {
		_, err := w.PutStatus(tx, b2c.Reader{SiteID: "gross"}, o.OrderNo, b2c.New)
		return err
	})
}

func TestAReplacedOrderAndItsSuccessorNameEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b, c := w.place(w.twoShirts("net")), w.place(w.twoShirts("net")), w.place(w.twoShirts("net"))
	w.do(func(tx *sandbox.Tx) error {
		return w.ReplaceFor(tx, a.OrderNo, b.OrderNo, b2c.Replacement{Code: "edit", Description: "Changed by the shopper"})
	})
	w.do(func(tx *sandbox.Tx) error { return w.Replace(tx, b.OrderNo, c.OrderNo) })
	type chain struct{ Original, Replaced, Replacement, Current, Code string }
	of := func(no string) chain {
		o := w.read(no)
		return chain{o.OriginalOrderNo, o.ReplacedOrderNo, o.ReplacementOrderNo, o.CurrentOrderNo, o.ReplaceCode}
	}
	want := map[string]chain{
		a.OrderNo: {"", "", b.OrderNo, c.OrderNo, "edit"},
		b.OrderNo: {a.OrderNo, a.OrderNo, c.OrderNo, c.OrderNo, ""},
		c.OrderNo: {a.OrderNo, b.OrderNo, "", "", ""},
	}
	if diff := cmp.Diff(want, map[string]chain{a.OrderNo: of(a.OrderNo), b.OrderNo: of(b.OrderNo), c.OrderNo: of(c.OrderNo)}); diff != "" {
		t.Error(diff)
	}
	d := w.place(w.twoShirts("net"))
	args := w.refused(b2c.NotModifiable, func(tx *sandbox.Tx) error { return w.Replace(tx, d.OrderNo, c.OrderNo) })
	if args["reason"] != "REPLACES_ANOTHER" {
		t.Errorf("%v", args)
	}
}

func TestUpdatesOfTheDataAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(w.twoShirts("gross"))
	w.do(func(tx *sandbox.Tx) error {
		return w.UpdateOrder(tx, b2c.Reader{SiteID: "gross"}, o.OrderNo, b2c.OrderUpdate{
			Confirmation: b2c.NotConfirmed, Export: b2c.Exported, Payment: b2c.Paid, Shipping: b2c.Shipped, ExternalStatus: "packed",
			Custom: b2c.Attributes{"a": b2c.Text("1")},
		})
	})
	got := w.read(o.OrderNo)
	if got.ConfirmationStatus != b2c.NotConfirmed || got.ExportStatus != b2c.Exported || got.PaymentStatus != b2c.Paid ||
		got.ShippingStatus != b2c.Shipped || got.ExternalOrderStatus != "packed" || got.Custom["a"].Text != "1" || got.Revision != o.Revision+1 {
		t.Errorf("%+v", got)
	}
	w.refused(b2c.OrderNotFound, func(tx *sandbox.Tx) error {
		return w.UpdateOrder(tx, b2c.Reader{SiteID: "net"}, o.OrderNo, b2c.OrderUpdate{})
	})
}
