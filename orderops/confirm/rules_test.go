package confirm

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
)

func byOrder() Input  { return Input{Request: orderops.ConfirmRequest{NewOrderNo: newNo}} }
func byBasket() Input { return Input{Request: orderops.ConfirmRequest{BasketID: basketID}} }

func TestRefusals(t *testing.T) {
	t.Parallel()
	expect := func(in Input, total string) Input {
		amount := orderops.NewAmount(decimal.RequireFromString(total))
		in.Request.ExpectedTotal = &amount
		return in
	}
	ended := func(state orderops.EditingState) func(w *world) {
		return func(w *world) {
			w.editing, w.answer.EditingEnd = command.Succeeded, orderops.EditingEnd{State: state, NewOrderNo: newNo}
		}
	}
	for _, tc := range []struct {
		name    string
		in      Input
		arrange func(w *world)
		want    orderops.Code
	}{
		{"neither order nor basket", Input{}, nil, orderops.InvalidRequest},
		{"the order is not being edited", byBasket(), ended(orderops.Expired), orderops.NotEditing},
		{"confirmed under another key", byOrder(), ended(orderops.Confirmed), orderops.AlreadyConfirmed},
		{"another customer", Input{Request: byBasket().Request, CustomerID: "other"}, nil, orderops.CustomerMismatch},
		{"another session", Input{Request: byBasket().Request, SessionID: "s2"}, func(w *world) { w.note.SessionID = "s1" }, orderops.SessionMismatch},
		{"the new order is another customer's", byOrder(), func(w *world) { w.order("new"); w.placed.CustomerInfo.CustomerID = "other" }, orderops.CustomerMismatch},
		{"the new order follows nothing up", byOrder(), func(w *world) { w.order("new"); w.placed.ModifiesOrderNo = "" }, orderops.ContextMismatch},
		{"the new order follows another editing up", byOrder(), func(w *world) { w.order("new"); w.placed.ModificationID = "op9" }, orderops.ContextMismatch},
		{"the new order is in another currency", byOrder(), func(w *world) { w.order("new"); w.placed.Currency = "USD" }, orderops.ContextMismatch},
		{"the new order is not paid", byOrder(), func(w *world) { w.order("created") }, orderops.OrderNotPlaced},
		{"the payment of the new order failed", byOrder(), func(w *world) { w.order("failed") }, orderops.PaymentDeclined},
		{"there is no such order", Input{Request: orderops.ConfirmRequest{NewOrderNo: "9"}}, nil, orderops.OrderNotFound},
		{"the new order is on another site", Input{Request: orderops.ConfirmRequest{NewOrderNo: elsewhereNo}}, nil, orderops.ContextMismatch},
		{"there is no such basket", byBasket(), func(w *world) { w.basket = false }, orderops.BasketNotFound},
		{"the basket costs another amount", expect(byBasket(), "149.99"), nil, orderops.PriceChanged},
		{"the order costs another amount", expect(byOrder(), "149.99"), func(w *world) { w.order("new") }, orderops.PriceChanged},
		{"the old order was cancelled meanwhile", byBasket(), func(w *world) { w.left = 0 }, orderops.OrderChanged},
		{"the old order was shipped meanwhile", byBasket(), func(w *world) { w.fulfilled = 1 }, orderops.OrderChanged},
		{"the slot is lost", byBasket(), func(w *world) { w.booked = false }, orderops.SlotHoldExpired},
		{"the payment is declined", byBasket(), func(w *world) { w.declined = true }, orderops.PaymentDeclined},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			if tc.arrange != nil {
				tc.arrange(w)
			}
			left, status := w.left, w.editing
			_, result := w.confirm(t, tc.in)
			refusal := result.Answer.Refusal
			if refusal == nil || refusal.Code != tc.want {
				t.Fatalf("answered %s %v, want %s", result.State, refusal, tc.want)
			}
			if w.left != left || w.bookedFor != orderNo || w.editing != status || len(w.tracked) > 0 {
				t.Errorf("refused, but the old order has %d left, booked for %s, %s", w.left, w.bookedFor, w.editing)
			}
			switch tc.want {
			case orderops.AlreadyConfirmed:
				if refusal.Extra.NewOrderNo != newNo {
					t.Errorf("names %q, want the new order", refusal.Extra.NewOrderNo)
				}
			case orderops.SlotHoldExpired:
				if len(refusal.Extra.Alternatives) != 1 || refusal.Extra.Alternatives[0].SlotID != "slot2" {
					t.Errorf("offers %+v, want the slot with room", refusal.Extra.Alternatives)
				}
			case orderops.PaymentDeclined:
				if tc.name == "the payment is declined" && !w.basket {
					t.Error("declined, and the shopper has no basket")
				}
			}
		})
	}
}

// A new order that was found and confirmed without being asked for is the one that a later caller means.
func TestAConfirmationAfterTheOneThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.order("new")
	_, result := w.confirm(t, Input{Request: byOrder().Request, Triggered: true})
	if result.State != command.Succeeded || !w.answer.Triggered {
		t.Fatalf("ended %s %v", result.State, result.Answer.Refusal)
	}
	for _, in := range []Input{byOrder(), byBasket()} {
		_, later := w.confirm(t, in)
		if c := later.Answer.Confirmation; c == nil || !c.AlreadyConfirmed || c.NewOrderNo != newNo {
			t.Errorf("answered %s %+v", later.State, later.Answer)
		}
	}
	if len(w.tracked) != 1 {
		t.Errorf("%d purchases, want 1", len(w.tracked))
	}
}

func TestTheOldOrderIsTriedUntilItIsGivenUp(t *testing.T) {
	t.Parallel()
	for end, want := range map[string]struct {
		state command.State
		items int
	}{
		"": {command.Succeeded, 0}, "unknown": {command.Unknown, 0}, "busy": {command.Unknown, 0}, "shipped": {command.Succeeded, 1}, "partly": {command.Succeeded, 1},
	} {
		t.Run("ends "+end, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.order("new")
			w.cancelled = end
			row, result := w.confirm(t, byOrder())
			if result.State != want.state || len(result.WorkItems) != want.items || w.editing == command.Editing {
				t.Fatalf("ended %s with %d work items, want %s and %d", result.State, len(result.WorkItems), want.state, want.items)
			}
			if want.state != command.Unknown {
				return
			}
			if result.Answer.Confirmation.NewOrderNo != newNo || len(result.Due) != 1 || result.Due[0].Item == nil || w.status != "On Hold" {
				t.Errorf("told nobody of two live orders: %+v, %+v, %s", result.Answer.Confirmation, result.Due, w.status)
			}
			w.cancelled = ""
			settleDue(t, w.confirms(), row, &result)
			holds(t, w, "order", row, result)
		})
	}
}

func TestAnotherSlotIsTakenWhereTheHeldOneIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld()
	in := byBasket()
	in.Request.SlotID = "slot2"
	_, result := w.confirm(t, in)
	if result.State != command.Succeeded || w.booked || w.bookedFor != newNo {
		t.Errorf("ended %s %v; the old booking stands: %t", result.State, result.Answer.Refusal, w.booked)
	}
}

func TestAHoldThatHasLapsedIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.order("new")
	w.held = false
	row, result := w.confirm(t, byOrder())
	holds(t, w, "order", row, result)
	if w.counts["slots.succeed"] != 1 {
		t.Errorf("asked %d times", w.counts["slots.succeed"])
	}
}

// Between two calls there may be a crash and a long time.
func TestAHoldIsAskedForAgainAsLongAsItLapses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lapses, asked int
		state         orderops.EffectState
	}{
		"the first and the next lapse": {2, 2, orderops.EffectDone},
		"all of them":                  {9, 3, orderops.EffectFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.order("new")
			w.lapses = tc.lapses
			_, result := w.confirm(t, byOrder())
			if w.counts["slots.succeed"] != tc.asked {
				t.Errorf("asked %d times", w.counts["slots.succeed"])
			}
			for _, e := range result.Answer.Confirmation.Effects {
				if e.Action == "take_over" && (e.State != tc.state || (len(result.WorkItems) > 0) != (tc.state == orderops.EffectFailed)) {
					t.Errorf("ended %+v, and somebody is asked %+v", e, result.WorkItems)
				}
			}
		})
	}
}
