package cancel

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/settle"
)

func quantity(s string) orderops.Amount { return orderops.NewAmount(decimal.RequireFromString(s)) }

func items(id string, units string) []orderops.LineQuantity {
	return []orderops.LineQuantity{{ItemID: id, Quantity: quantity(units)}}
}

// TestRefusals checks each reason not to cancel, and that nothing was changed then.
func TestRefusals(t *testing.T) {
	t.Parallel()
	amount := quantity("1.00")
	past := start.Add(-time.Minute)
	cases := []struct {
		name    string
		world   func(w *world)
		policy  func(p *Policy)
		in      Input
		want    orderops.Code
		allowed bool // "return" is offered
	}{
		{"created", nil, nil, Input{CommerceStatus: "created"}, orderops.OrderNotPlaced, false},
		{"failed", nil, nil, Input{CommerceStatus: "failed"}, orderops.OrderNotPlaced, false},
		{"replaced", nil, nil, Input{CommerceStatus: "replaced"}, orderops.OrderReplaced, false},
		{"everything fulfilled", func(w *world) { w.fulfilled, w.allocated = 3, 3 }, nil, Input{}, orderops.NotCancellable, true},
		{"a part fulfilled", func(w *world) { w.fulfilled = 1 }, nil, Input{}, orderops.PartiallyFulfilled, false},
		{"fulfilled units asked for", func(w *world) { w.fulfilled = 2 }, nil, Input{Request: orderops.CancelRequest{Items: items(lineID, "2")}}, orderops.NotCancellable, true},
		{"unknown item", nil, nil, Input{Request: orderops.CancelRequest{Items: items("nope", "1")}}, orderops.UnknownItems, false},
		{"delivery charge", nil, nil, Input{Request: orderops.CancelRequest{Items: items("10u2", "1")}}, orderops.UnknownItems, false},
		{"zero units", nil, nil, Input{Request: orderops.CancelRequest{Items: items(lineID, "0")}}, orderops.InvalidQuantity, false},
		{"minus one unit", nil, nil, Input{Request: orderops.CancelRequest{Items: items(lineID, "-1")}}, orderops.InvalidQuantity, false},
		{"half a unit", nil, nil, Input{Request: orderops.CancelRequest{Items: items(lineID, "0.5")}}, orderops.InvalidQuantity, false},
		{"more than ordered", nil, nil, Input{Request: orderops.CancelRequest{Items: items(lineID, "4")}}, orderops.CancelQuantityExceeded, false},
		{"unknown reason", nil, nil, Input{Request: orderops.CancelRequest{ReasonCode: "because"}}, orderops.InvalidReasonCode, false},
		{"after the cut-off", func(w *world) { w.cutoff = &past }, nil, Input{}, orderops.CutoffPassed, false},
		{"allocated units under the strict policy", nil, func(p *Policy) { p.Allocated = Refuse }, Input{}, orderops.NotCancellable, true},
		{"too little would be left", nil, func(p *Policy) { p.Least = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.NewFromInt(21)} }, Input{Currency: "EUR", Request: orderops.CancelRequest{Items: items(lineID, "1")}}, orderops.MinimumNotMet, false},
		{"another amount than expected", nil, nil, Input{Request: orderops.CancelRequest{ExpectedRefund: &amount}}, orderops.AmountChanged, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			if tc.world != nil {
				tc.world(w)
			}
			c := w.cancels()
			if tc.policy != nil {
				tc.policy(&c.Policy)
			}
			if tc.in.CommerceStatus == "" {
				tc.in.CommerceStatus = "open"
			}
			tc.in.Currency = "EUR"
			result := runInput(t, c, tc.in)
			refusal := result.Answer.Refusal
			if refusal == nil || refusal.Code != tc.want {
				t.Fatalf("answer %+v, want %s", result.Answer, tc.want)
			}
			if got := len(refusal.Extra.Allowed) == 1; got != tc.allowed {
				t.Errorf("return offered: %t, want %t", got, tc.allowed)
			}
			if n := w.counts["som.submit"] + w.counts["som.cancelItem"]; n != 0 {
				t.Errorf("%d calls that change something", n)
			}
		})
	}
}

func runInput(t *testing.T, c *Cancels, in Input) command.Result {
	t.Helper()
	row := rowOf(t, orderops.CancelRequest{})
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	row.Input = raw
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// A refusal says what the caller needs to go on: the reasons there are, the lines that left, the order that counts now.
func TestRefusalsSayHowToGoOn(t *testing.T) {
	t.Parallel()
	because := runInput(t, newWorld().cancels(), Input{CommerceStatus: "open", Currency: "EUR", Request: orderops.CancelRequest{ReasonCode: "because"}})
	for _, code := range append([]string{}, because.Answer.Refusal.Extra.ReasonCodes...) {
		again := runInput(t, newWorld().cancels(), Input{CommerceStatus: "open", Currency: "EUR", Request: orderops.CancelRequest{ReasonCode: code}})
		if again.Answer.Refusal != nil {
			t.Errorf("reason %s is offered and refused: %v", code, again.Answer.Refusal)
		}
	}
	if n := len(because.Answer.Refusal.Extra.ReasonCodes); n != len(DefaultPolicy().Reasons) {
		t.Errorf("%d reasons are offered, want %d", n, len(DefaultPolicy().Reasons))
	}
	w := newWorld()
	w.fulfilled = 1
	partly := runInput(t, w.cancels(), Input{CommerceStatus: "open", Currency: "EUR"})
	if diff := cmp.Diff([]string{lineID}, partly.Answer.Refusal.Extra.Items); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	replaced := runInput(t, newWorld().cancels(), Input{CommerceStatus: "replaced", CurrentOrderNo: "00002", Currency: "EUR"})
	if got := replaced.Answer.Refusal.Extra.CurrentOrderNo; got != "00002" {
		t.Errorf("the current order is %q, want 00002", got)
	}
}

// The cut-off itself is still in time: deadlines are inclusive.
func TestCutoffIsInclusive(t *testing.T) {
	t.Parallel()
	w := newWorld()
	at := start
	w.cutoff = &at
	if result := runInput(t, w.cancels(), Input{CommerceStatus: "open", Currency: "EUR"}); result.State != command.Succeeded {
		t.Errorf("ended %s, want succeeded", outcome(result))
	}
}

func TestCancelledTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.canceled, w.allocated = 3, 0
	result := runInput(t, w.cancels(), Input{CommerceStatus: "open", Currency: "EUR"})
	if result.State != command.Succeeded || !result.Answer.Cancellation.AlreadyCancelled || len(w.calls) != 1 {
		t.Errorf("answer %+v after %v, want already cancelled after one read", result.Answer.Cancellation, w.calls)
	}
}

// What is open of a partly fulfilled order goes when the caller allows it, and only that.
func TestPartialIsAllowed(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.fulfilled, w.allocated, w.fulfillments = 1, 1, nil
	result := runInput(t, w.cancels(), Input{CommerceStatus: "open", Currency: "EUR", Request: orderops.CancelRequest{AllowPartial: true}})
	if result.State != command.Succeeded || w.canceled != 2 || !w.booked || w.status != "open" {
		t.Errorf("ended %s: %d cancelled, booked %t, status %s", outcome(result), w.canceled, w.booked, w.status)
	}
}

// TestPreviewTellsWhatCancelDoes compares the previewed refund with the one of the cancel that follows.
func TestPreviewTellsWhatCancelDoes(t *testing.T) {
	t.Parallel()
	for _, request := range []orderops.CancelRequest{{}, {Items: items(lineID, "1")}, {Items: items(lineID, "2")}} {
		w := newWorld()
		c := w.cancels()
		in := Input{Request: request, CommerceStatus: "open", Currency: "EUR"}
		preview, err := c.Preview(context.Background(), "RefArch", orderNo, in, start)
		if err != nil {
			t.Fatal(err)
		}
		if n := w.counts["som.submit"] + w.counts["som.cancelItem"]; n != 0 {
			t.Errorf("the preview made %d changes", n)
		}
		in.Request.ExpectedRefund = &preview.Refund
		result := runInput(t, c, in)
		if got := result.Answer.Cancellation; got == nil || !got.Refund.Equal(preview.Refund.Decimal) {
			t.Errorf("%d items: preview says %s, cancel answers %s", len(request.Items), preview.Refund, outcome(result))
		}
	}
}

func encoded(t *testing.T, in Input) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
