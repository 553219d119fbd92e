package returns

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/settle"
)

// run runs a return of the world's order and has everything settled that settles itself.
func run(t *testing.T, r *Returns, in Input) command.Result {
	t.Helper()
	row := rowOf(t, in)
	result, err := r.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	settled(t, r, row, &result)
	return result
}

// TestRefusals checks each reason not to return, by submit and by preview, and that nothing was changed then.
func TestRefusals(t *testing.T) {
	t.Parallel()
	amount := quantity("1.00")
	ask := func(item, units string) Input {
		return Input{Request: orderops.ReturnRequest{Items: items(item, units)}}
	}
	cases := []struct {
		name  string
		world func(w *world)
		in    Input
		want  orderops.Code
	}{
		{"created", nil, Input{CommerceStatus: "created"}, orderops.OrderNotPlaced},
		{"replaced", nil, Input{CommerceStatus: "replaced"}, orderops.OrderReplaced},
		{"unknown item", nil, ask("nope", "1"), orderops.UnknownItems},
		{"delivery charge", nil, ask("10u2", "1"), orderops.UnknownItems},
		{"zero units", nil, ask(lineID, "0"), orderops.InvalidQuantity},
		{"half a unit", nil, ask(lineID, "0.5"), orderops.InvalidQuantity},
		{"more than were handed over", nil, ask(lineID, "4"), orderops.ReturnQuantityExceeded},
		{"more than are not on their way back", func(w *world) { w.initiated = 2 }, ask(lineID, "2"), orderops.ReturnQuantityExceeded},
		{"all on their way back", func(w *world) { w.initiated = 3 }, Input{}, orderops.NotReturnable},
		{"too late", func(w *world) { w.why = returnby.WindowClosed }, Input{}, orderops.ReturnWindowClosed},
		{"too late for one", func(w *world) { w.why = returnby.WindowClosed }, ask(lineID, "1"), orderops.ReturnWindowClosed},
		{"not taken back", func(w *world) { w.why = returnby.NotReturnable }, ask(lineID, "1"), orderops.NotReturnable},
		{"not taken back, and nothing else asked for", func(w *world) { w.why = returnby.NotReturnable }, Input{Request: orderops.ReturnRequest{
			Items: items(lineID, "1"), AllowPartial: true,
		}}, orderops.NotReturnable},
		{"unknown reason", nil, Input{Request: orderops.ReturnRequest{ReasonCode: "because"}}, orderops.InvalidReasonCode},
		{"another amount than expected", nil, Input{Request: orderops.ReturnRequest{ExpectedRefund: &amount}}, orderops.AmountChanged},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			if tc.world != nil {
				tc.world(w)
			}
			before := *w
			r := w.returns(orderops.ReturnSimple)
			result := run(t, r, tc.in)
			refusal := result.Answer.Refusal
			if refusal == nil || refusal.Code != tc.want || result.State != command.Refused {
				t.Fatalf("ended %s, want %s", outcome(result), tc.want)
			}
			if w.returned != before.returned || w.initiated != before.initiated || w.payment.Refunded != 0 {
				t.Error("refused, and something was changed")
			}
			in := tc.in
			in.Currency = "EUR"
			_, err := r.Preview(context.Background(), "RefArch", orderNo, in, start)
			if told, ok := orderops.AsRefusal(err); !ok || told.Code != tc.want {
				t.Errorf("the preview says %v, want %s", err, tc.want)
			}
		})
	}
}

// The answer says until when it would have been in time, and why goods are not taken back.
func TestRefusalsSayWhy(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.why = returnby.WindowClosed
	refusal := run(t, w.returns(orderops.ReturnSimple), Input{}).Answer.Refusal
	want := []orderops.NotReturned{{OrderItemSummaryID: lineID, ProductCode: "SKU1", Why: "window_closed", Reason: "hygiene", ReturnBy: &returnBy}}
	if diff := cmp.Diff(want, refusal.Extra.NotReturned); diff != "" || refusal.Extra.ReturnBy == nil || !refusal.Extra.ReturnBy.Equal(returnBy) {
		t.Errorf("told %+v (-want +got):\n%s", refusal.Extra, diff)
	}
}

// An agent sets the window aside, and nothing else.
func TestAnAgentSetsTheWindowAside(t *testing.T) {
	t.Parallel()
	for why, want := range map[returnby.Why]command.State{returnby.WindowClosed: command.Succeeded, returnby.NotReturnable: command.Refused} {
		w := newWorld()
		w.why = why
		if got := run(t, w.returns(orderops.ReturnSimple), Input{Overrides: orderops.Overrides{orderops.OverrideReturnBy}}); got.State != want {
			t.Errorf("%s: ended %s", why, outcome(got))
		}
	}
}

// TestAmbiguousSubmit loses the answer of the submit and pins what is concluded from what the order shows afterwards.
func TestAmbiguousSubmit(t *testing.T) {
	t.Parallel()
	lost := func(f fault) fault { f.class = remote.Ambiguous; return f }
	type end struct {
		State   command.State
		Submits int
	}
	cases := []struct {
		name string
		mode orderops.ReturnMode
		make fault
		more map[string]fault
		want end
	}{
		{"ours is there", orderops.ReturnSimple, lost(fault{happened: true}), nil, end{command.Succeeded, 1}},
		{"nothing is there", orderops.ReturnSimple, lost(fault{}), nil, end{command.Succeeded, 2}},
		{"somebody else took the units back", orderops.ReturnSimple, lost(fault{alsoDo: func(w *world) {
			w.initiated, w.returned = 3, 3
			w.addChange(3, "Changed Mind", "005other")
		}}), nil, end{command.NeedsAttention, 1}},
		{"the order cannot be read", orderops.ReturnSimple, lost(fault{happened: true}), map[string]fault{"som.read#2": {class: remote.Unavailable}}, end{command.Unknown, 1}},
		{"our announcement is there", orderops.ReturnRMA, lost(fault{happened: true}), nil, end{command.Succeeded, 1}},
		{"no announcement is there", orderops.ReturnRMA, lost(fault{}), nil, end{command.Succeeded, 2}},
		{"somebody else announced the units", orderops.ReturnRMA, lost(fault{alsoDo: func(w *world) {
			w.announce("2oNother", 3, "Changed Mind", "005other")
		}}), nil, end{command.NeedsAttention, 1}},
		{"the announcements cannot be read", orderops.ReturnRMA, lost(fault{happened: true}), map[string]fault{"som.readReturns#1": {class: remote.Unavailable}}, end{command.Unknown, 1}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			call := map[orderops.ReturnMode]string{orderops.ReturnSimple: "som.submit", orderops.ReturnRMA: "som.createReturnOrder"}[tc.mode]
			w.faults[call+"#1"] = tc.make
			for name, f := range tc.more {
				w.faults[name] = f
			}
			r, row := w.returns(tc.mode), rowOf(t, Input{})
			result, err := r.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, end{result.State, w.counts[call]}); diff != "" {
				t.Fatalf("ended otherwise (-want +got):\n%s", diff)
			}
			if result.State != command.Unknown {
				return
			}
			if result, err = r.Run(context.Background(), commandtest.NewRun(), row, result.Resume); err != nil || result.State != command.Succeeded {
				t.Fatalf("settled later as %s: %v", outcome(result), err)
			}
			holds(t, w, r, row, result)
		})
	}
}

// Of announced goods what has come is paid back, once, and what came later then.
func TestAnnouncedGoodsArePaidBackAsTheyCome(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r, row := w.returns(orderops.ReturnRMA), rowOf(t, Input{})
	result, err := r.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ arrive, refunded, earned int64 }{{1, 1000, 10}, {2, 3000, 30}} {
		w.arrive(want.arrive)
		settled(t, r, row, &result)
		if w.payment.Refunded != want.refunded || -w.moved("ev2") < want.earned || len(w.tracked) != i+1 {
			t.Errorf("after %d more: %d refunded, %d points taken back, %d events: %s", want.arrive, w.payment.Refunded, -w.moved("ev2"), len(w.tracked), outcome(result))
		}
	}
	if len(result.Due) != 0 || w.moved("ev2") != -35 || w.moved("ev0") != 10 {
		t.Errorf("%d pieces of work wait, moved %d and %d points", len(result.Due), w.moved("ev2"), w.moved("ev0"))
	}
}

// An announcement that was called off is waited for no longer, and nothing is paid.
func TestAnAnnouncementThatWasCalledOff(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r, row := w.returns(orderops.ReturnRMA), rowOf(t, Input{})
	result, err := r.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.announced[0].StatusCategory = "Canceled"
	settled(t, r, row, &result)
	effect := result.Answer.Return.Effects[0]
	if effect.State != orderops.EffectNotApplicable || effect.Code != "return_canceled" || w.payment.Refunded != 0 || len(result.Due) != 0 {
		t.Errorf("%+v with %d refunded and %d pieces of work", effect, w.payment.Refunded, len(result.Due))
	}
}

// A fee is taken off the refund and told; points go by what came back, not by what was paid.
func TestAFeeIsTakenOffTheRefund(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.returns(orderops.ReturnSimple)
	r.Policy.Fee = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.NewFromInt(10)}
	expected := quantity("9.00")
	result := run(t, r, Input{Request: orderops.ReturnRequest{Items: items(lineID, "1"), ExpectedRefund: &expected}})
	answer := result.Answer.Return
	if answer == nil || !answer.Refund.Equal(decimal.NewFromInt(9)) || !answer.Fee.Equal(decimal.NewFromInt(1)) || w.payment.Refunded != 900 {
		t.Fatalf("refunded %d: %s", w.payment.Refunded, outcome(result))
	}
	if w.moved("ev2") != -10 {
		t.Errorf("%d earned points taken back, want 10 of 35 for 10.00 of 35.00", -w.moved("ev2"))
	}
	r.Policy.FeeProduct = "NONE"
	if refused := run(t, r, Input{Request: orderops.ReturnRequest{Items: items(lineID, "1")}}); refused.Answer.Refusal == nil || refused.Answer.Refusal.Code != orderops.UpstreamError {
		t.Errorf("without a product for the fee it ends %s", outcome(refused))
	}
}

// The delivery charge goes back with the last units of its group, unless the site keeps it.
func TestDeliveryChargeOfAReturn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		policy   Shipping
		request  orderops.ReturnRequest
		refunded int64
	}{
		{"a part", ShippingWithGroup, orderops.ReturnRequest{Items: items(lineID, "2")}, 2000},
		{"all", ShippingWithGroup, orderops.ReturnRequest{}, 3500},
		{"all, kept", ShippingKept, orderops.ReturnRequest{}, 3000},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			r := w.returns(orderops.ReturnSimple)
			r.Policy.Shipping = settle.BySite[Shipping]{settle.AllSites: tc.policy}
			if result := run(t, r, Input{Request: tc.request}); w.payment.Refunded != tc.refunded {
				t.Errorf("%d refunded: %s", w.payment.Refunded, outcome(result))
			}
		})
	}
}

// Points of returns one by one add up to all of them.
func TestPointsOfReturnsAddUp(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for _, key := range []string{"a", "b", "c"} {
		r, row := w.returns(orderops.ReturnSimple), rowOf(t, Input{Request: orderops.ReturnRequest{Items: items(lineID, "1")}})
		row.Key = key
		result, err := r.Run(context.Background(), commandtest.NewRun(), row, nil)
		if err != nil || result.State != command.Succeeded {
			t.Fatalf("%s: %v", outcome(result), err)
		}
	}
	if w.moved("ev2") != -35 || w.moved("ev0") != 10 || w.payment.Refunded != 3500 || len(w.tracked) != 3 {
		t.Errorf("moved %d and %d points, %d refunded, %d events", w.moved("ev2"), w.moved("ev0"), w.payment.Refunded, len(w.tracked))
	}
	if left := slicesOf(w.events, "ev2"); left != 3 {
		t.Errorf("%d entries for what was earned, want one each", left)
	}
}

func slicesOf(events []loyaltyclient.Event, reverses string) (n int) {
	for _, e := range events {
		if e.Reverses == reverses {
			n++
		}
	}
	return n
}
