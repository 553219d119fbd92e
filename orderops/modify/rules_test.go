package modify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/settle"
)

// modify runs a modification with the policy keep_until_confirm.
func modify(t *testing.T, w *world, request orderops.ModifyRequest) command.Result {
	t.Helper()
	result, err := w.modifies(orderops.KeepUntilConfirm).Run(context.Background(), commandtest.NewRun(), rowOf(t, w, request), nil)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	past := start.Add(-time.Minute)
	asked := func(item, quantity string) orderops.ModifyRequest {
		return orderops.ModifyRequest{Items: []orderops.LineQuantity{{ItemID: item, Quantity: orderops.NewAmount(decimal.RequireFromString(quantity))}}}
	}
	for _, tc := range []struct {
		name    string
		arrange func(w *world)
		request orderops.ModifyRequest
		want    orderops.Code
		reason  string
	}{
		{"gift certificates are bought", func(w *world) { w.gift = true }, orderops.ModifyRequest{}, orderops.NotModifiable, "GIFT_CERTIFICATE"},
		{"a unit has left", func(w *world) { w.fulfilled = 1 }, orderops.ModifyRequest{}, orderops.NotModifiable, "FULFILLED"},
		{"everything is cancelled", func(w *world) { w.canceled = 2 }, orderops.ModifyRequest{}, orderops.NotModifiable, "CANCELLED"},
		{"the cut-off has passed", func(w *world) { w.cutoff = &past }, orderops.ModifyRequest{}, orderops.CutoffPassed, ""},
		{"the shopper has a basket", func(w *world) { w.has(ownOne) }, orderops.ModifyRequest{}, orderops.BasketExists, ""},
		{"the shopper would rather not", func(w *world) { w.has(ownOne) }, orderops.ModifyRequest{OnExistingBasket: orderops.AbortOnBasket}, orderops.BasketExists, ""},
		{"nothing is sold any more", func(w *world) { w.offline["SHIRT"], w.offline["SCARF"] = true, true }, orderops.ModifyRequest{}, orderops.NothingTransferable, ""},
		{"nothing is left", func(w *world) {
			w.stock["SHIRT"], w.stock["SCARF"], w.keeps = 0, 0, map[string]map[string]int64{}
		}, orderops.ModifyRequest{}, orderops.NothingTransferable, ""},
		{"an unknown line", nil, asked("nope", "1"), orderops.UnknownItems, ""},
		{"more than is sold of a line", nil, asked("i1", "1000"), orderops.QuantityInvalid, ""},
		{"allocated while it was held", func(w *world) {
			w.faults["som.setStatus"] = fault{alsoDo: func(w *world) { w.fulfillments = []string{"0a3"} }}
		}, orderops.ModifyRequest{}, orderops.OrderChanged, ""},
		{"a basket came up meanwhile", func(w *world) {
			w.faults["som.setStatus"] = fault{alsoDo: func(w *world) { w.has(ownOne) }}
		}, orderops.ModifyRequest{}, orderops.BasketExists, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			if tc.arrange != nil {
				tc.arrange(w)
			}
			shown := w.shown
			result := modify(t, w, tc.request)
			refusal := result.Answer.Refusal
			if refusal == nil || refusal.Code != tc.want || refusal.Extra.Reason != tc.reason {
				t.Fatalf("answered %s %+v, want %s %s", result.State, refusal, tc.want, tc.reason)
			}
			if tc.name == "a basket came up meanwhile" {
				shown = ownOne
			}
			if w.status != "Created" || w.shown != shown || len(w.holds) > 0 || w.baskets["b1"].BasketID != "" {
				t.Errorf("refused, but the world is %s, shows %q, holds %v", w.status, w.shown, w.holds)
			}
		})
	}
}

func TestWhatIsNotTheSameAnyMoreIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.prices["SHIRT"], w.stock["SHIRT"], w.offline["SCARF"] = "55.00", 1, true
	w.keeps = map[string]map[string]int64{} // a location was told to fulfil what the order had
	m := modify(t, w, orderops.ModifyRequest{}).Answer.Modification
	if m == nil {
		t.Fatal("refused")
	}
	amount := func(text string) orderops.Amount { return orderops.NewAmount(decimal.RequireFromString(text)) }
	wantDeltas := []orderops.PriceDelta{{ItemID: "i1", ProductID: "SHIRT", Quantity: amount("1"), Before: amount("50"), After: amount("55")}}
	wantLines := []orderops.UnavailableLine{
		{ItemID: "i1", ProductID: "SHIRT", Quantity: amount("1"), Reason: orderops.LineLittle},
		{ItemID: "i2", ProductID: "SCARF", Quantity: amount("1"), Reason: orderops.LineGone},
	}
	same := cmp.Comparer(func(x, y decimal.Decimal) bool { return x.Equal(y) })
	if diff := cmp.Diff(wantDeltas, m.PriceDeltas, same); diff != "" {
		t.Errorf("price deltas (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantLines, m.UnavailableLines, same); diff != "" {
		t.Errorf("unavailable lines (-want +got):\n%s", diff)
	}
	if len(m.Coupons) != 1 || m.Coupons[0].Valid {
		t.Errorf("coupons %+v, want one that is not valid", m.Coupons)
	}
}

func TestASecondModificationGoesOnWithTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld()
	row := rowOf(t, w, orderops.ModifyRequest{})
	first := modify(t, w, orderops.ModifyRequest{})
	w.stored(row, first)
	w.calls = nil
	second := modify(t, w, orderops.ModifyRequest{Channel: orderops.ChannelPWA})
	m := second.Answer.Modification
	if m == nil || !m.Resumed || m.BasketID != first.Answer.Modification.BasketID || second.State != command.Succeeded || len(w.calls) > 0 {
		t.Errorf("answered %s %+v after %v", second.State, m, w.calls)
	}
	if m.Redirect == nil || m.Redirect.Target != "/cart" || m.Redirect.Bridge == nil || m.Redirect.Bridge.To != "slas" {
		t.Errorf("redirect %+v", m.Redirect)
	}
}

func TestMovingASlotNeedsNoBasket(t *testing.T) {
	t.Parallel()
	w := newWorld()
	result := modify(t, w, orderops.ModifyRequest{SlotID: theOther})
	if result.State != command.Succeeded || w.slot != theOther || w.desired != w.booking().Slot.Start || len(w.baskets) > 0 {
		t.Errorf("ended %s %v; slot %s, wanted %s, baskets %d", result.State, result.Answer.Refusal, w.slot, w.desired, len(w.baskets))
	}
	w = newWorld()
	w.faults["som.setDesiredDelivery"] = fault{class: "unavailable", status: 503}
	if result = modify(t, w, orderops.ModifyRequest{SlotID: theOther}); result.Answer.Refusal == nil || w.slot != theSlot {
		t.Errorf("ended %s with the slot %s, want it moved back", result.State, w.slot)
	}
}

// The slot is full but for the order's own booking: it can be had once that is released.
func TestCancelFirstHoldsTheSlotThatTheOldOrderGivesBack(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.full = true
	m := w.modifies(orderops.CancelFirst)
	row := rowOf(t, w, orderops.ModifyRequest{})
	result, err := m.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil || result.State != command.Editing || w.holds["h-"+theSlot] == "" {
		t.Errorf("ended %s, %v with holds %v", result.State, err, w.holds)
	}
	if !slices.ContainsFunc(result.Answer.Modification.Warnings, func(w orderops.Warning) bool { return w.Code == "ORDER_GIVEN_UP" }) {
		t.Errorf("warnings %+v, want one that the order is given up", result.Answer.Modification.Warnings)
	}
}

func TestCancelFirstAndTheEndsOfTheCancel(t *testing.T) {
	t.Parallel()
	for end, want := range map[string]command.State{
		"": command.Editing, "unknown": command.Unknown, "busy": command.Released, "shipped": command.Refused, "attention": command.Refused,
	} {
		t.Run("ends "+end, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.cancelled = end
			m := w.modifies(orderops.CancelFirst)
			row := rowOf(t, w, orderops.ModifyRequest{})
			result, err := m.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil || result.State != want {
				t.Fatalf("ended %s, %v, want %s", result.State, err, want)
			}
			if end == "busy" || end == "shipped" {
				holds(t, wAs(w, ""), m, row, result)
			}
			if end == "unknown" {
				if result, err = m.Run(context.Background(), commandtest.NewRun(), row, result.Resume); err != nil || result.State != command.Editing {
					t.Errorf("resumed to %s, %v, want editing", result.State, err)
				}
			}
		})
	}
}

// wAs lets holds look at a world whose shopper never had a basket.
func wAs(w *world, shown string) *world {
	if w.shown == shown && len(w.baskets) == 0 {
		w.has(ownOne)
	}
	return w
}

func TestTheWatchConfirmsWhatWasOrderedAndEndsWhatWasNot(t *testing.T) {
	t.Parallel()
	placed := b2cclient.Order{OrderNo: "00002", Status: "new", ModificationID: "op1"}
	for _, tc := range []struct {
		name    string
		arrange func(w *world)
		want    string
	}{
		{"nothing has happened", func(w *world) { w.now = start.Add(time.Minute) }, ""},
		{"the last instant", func(w *world) { w.now = start.Add(30 * time.Minute) }, ""},
		{"the time is over", func(w *world) { w.now = start.Add(30*time.Minute + time.Millisecond) }, "ops.submit:abandon"},
		{"the basket was ordered", func(w *world) { w.baskets, w.orders = nil, []b2cclient.Order{placed} }, "ops.submit:confirm"},
		{"ordered at the last moment", func(w *world) {
			w.baskets, w.orders, w.now = nil, []b2cclient.Order{placed}, start.Add(time.Hour)
		}, "ops.submit:confirm"},
		{"ordered and not paid yet", func(w *world) {
			w.baskets, w.orders = nil, []b2cclient.Order{{OrderNo: "00002", Status: "created", ModificationID: "op1"}}
		}, ""},
		{"another order", func(w *world) { w.baskets, w.orders = nil, []b2cclient.Order{{OrderNo: "00009", Status: "new"}} }, ""},
		{"commerce is down", func(w *world) {
			w.faults["b2c.baskets"] = fault{class: "unavailable"}
			w.now = start.Add(time.Hour)
		}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			row := w.stored(rowOf(t, w, orderops.ModifyRequest{}), modify(t, w, orderops.ModifyRequest{}))
			tc.arrange(w)
			w.calls = nil
			r := w.modifies(orderops.KeepUntilConfirm).Perform(context.Background(), row, command.Due{Effect: -1, Kind: kindWatch})
			got := ""
			for _, call := range w.calls {
				if strings.HasPrefix(call, "ops.") {
					got = call
				}
			}
			if got != tc.want || r.Again <= 0 || r.State != orderops.EffectPending {
				t.Errorf("did %q, want %q; %+v", got, tc.want, r)
			}
		})
	}
}

func TestAbandoningLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.has(ownOne)
	row := w.stored(rowOf(t, w, orderops.ModifyRequest{}), modify(t, w, orderops.ModifyRequest{OnExistingBasket: orderops.MergeBasket}))
	if w.baskets["b1"].ProductItems[2].ProductID != "SCARF" {
		t.Errorf("the basket holds %+v, want the shopper's scarves in it", w.baskets["b1"].ProductItems)
	}
	abandon := row
	abandon.Action, abandon.Input = orderops.ActionAbandon, []byte(`{"operation_id":"op1"}`)
	result, err := (&Abandons{w.modifies(orderops.KeepUntilConfirm)}).Run(context.Background(), commandtest.NewRun(), abandon, nil)
	if err != nil || result.State != command.Succeeded {
		t.Fatalf("ended %s, %v", result.State, err)
	}
	if w.shown != ownOne || len(w.baskets) != 1 || w.status != "Created" || !w.booked || len(w.holds) > 0 || w.row.Answer.Modification.State != orderops.Expired {
		t.Errorf("abandoned, but the world shows %q of %d baskets, is %s, booked %t, holds %v, %s", w.shown, len(w.baskets), w.status, w.booked, w.holds, w.row.Answer.Modification.State)
	}
}

// A basket that was opened again, under another id, after an order of it had come to nothing goes as well.
func TestAbandoningFindsTheBasketThatWasOpenedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld()
	row := w.stored(rowOf(t, w, orderops.ModifyRequest{}), modify(t, w, orderops.ModifyRequest{}))
	again := w.baskets["b1"]
	again.BasketID = "b2"
	w.baskets = map[string]b2cclient.Basket{"b2": again}
	abandon := row
	abandon.Action, abandon.Input = orderops.ActionAbandon, []byte(`{"operation_id":"op1"}`)
	result, err := (&Abandons{w.modifies(orderops.KeepUntilConfirm)}).Run(context.Background(), commandtest.NewRun(), abandon, nil)
	if err != nil || result.State != command.Succeeded || len(w.baskets) > 0 {
		t.Errorf("ended %s, %v; left are %v", result.State, err, w.baskets)
	}
}

func TestAPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.offline["SCARF"] = true
	var in Input
	in.CustomerID, in.CommerceStatus, in.Currency = shopper, "open", "EUR"
	m, err := w.modifies(orderops.KeepUntilConfirm).Preview(context.Background(), "RefArch", orderNo, "default", in, start)
	if err != nil || len(m.UnavailableLines) != 1 || len(m.Slots) != 1 || len(w.baskets) > 0 || w.status != "Created" || len(w.holds) > 0 {
		t.Errorf("%+v, %v; made %d, %s, holds %v", m, err, w.made, w.status, w.holds)
	}
}

// A preview tells what the order cost, what the basket would cost and the difference, by either price policy, as the basket
// costs when it is made.
func TestAPreviewTellsBothAmounts(t *testing.T) {
	t.Parallel()
	for policy, want := range map[orderops.PricePolicy]string{
		orderops.PricesOfToday: "136 145 9", orderops.KeepOriginalPrice: "136 125 -11", // 100 and 30 in the order, 120 and 25 today
	} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.prices = map[string]string{"SHIRT": "60.00", "SCARF": "25.00"}
			m, row := w.modifies(orderops.KeepUntilConfirm), rowOf(t, w, orderops.ModifyRequest{})
			m.Policy.Prices = settle.BySite[orderops.PricePolicy]{settle.AllSites: policy}
			var in Input
			if err := json.Unmarshal(row.Input, &in); err != nil {
				t.Fatal(err)
			}
			told, err := m.Preview(context.Background(), row.Site, orderNo, "default", in, start)
			if got := fmt.Sprint(told.Before, told.After, told.Difference); err != nil || got != want {
				t.Errorf("told %s, %v, want %s", got, err, want)
			}
			if len(w.baskets) > 0 || len(told.PriceDeltas) == 0 {
				t.Errorf("left %v, told of %+v", w.baskets, told.PriceDeltas)
			}
			in.Request.ExpectedTotal = &told.After
			if row.Input, err = json.Marshal(in); err != nil {
				t.Fatal(err)
			}
			made, err := m.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil || made.State != command.Editing || !made.Answer.Modification.After.Equal(told.After.Decimal) || !made.Answer.Modification.Difference.Equal(told.Difference.Decimal) {
				t.Errorf("ended %s %+v, %v", made.State, made.Answer, err)
			}
		})
	}
}

// Another total than the expected one refuses, whatever was made by then is taken back.
func TestAnotherTotalThanExpectedRefuses(t *testing.T) {
	t.Parallel()
	for _, lastScarf := range []bool{false, true} {
		w := newWorld()
		if lastScarf {
			w.lastScarf()
		}
		expected := orderops.NewAmount(decimal.NewFromInt(1))
		refusal := modify(t, w, orderops.ModifyRequest{ExpectedTotal: &expected}).Answer.Refusal
		if refusal == nil || refusal.Code != orderops.PriceChanged || refusal.Extra.ExpectedTotal.String() != "1" || refusal.Extra.ActualTotal.String() != "130" {
			t.Errorf("answered %+v", refusal)
		}
		if len(w.baskets) > 0 || w.status != "Created" || w.keeps[orderNo]["SCARF"] != 1 {
			t.Errorf("left %v, the order is %s, kept are %v", w.baskets, w.status, w.keeps)
		}
	}
}
