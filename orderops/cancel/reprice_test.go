package cancel

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// promoted is the world with a promotion of 2.00 a unit from some units on. Nothing is told to a warehouse yet.
func promoted(from int64) *world {
	w := newWorld()
	w.promotion = promotion{from: from, off: 2}
	w.allocated, w.fulfillments = 0, nil
	return w
}

// repriced asks for some units, or for all that are left, and expects what a preview says.
func repriced(t *testing.T, c *Cancels, units string) (orderops.Cancellation, Input) {
	t.Helper()
	in := Input{CommerceStatus: "open", Currency: "EUR", Ordered: quantity("35.00"), Reprice: true}
	if units != "all" {
		in.Request.Items = items(lineID, units)
	}
	told, err := c.Preview(context.Background(), "RefArch", orderNo, in, start)
	if err != nil {
		t.Fatal(err)
	}
	in.Request.ExpectedRefund = &told.Refund
	return told, in
}

// heldIs says that the payment holds what the order is worth, beside what was paid by gift certificate.
func heldIs(t *testing.T, w *world, owed int64) {
	t.Helper()
	page, err := w.Orders(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	worth := orderops.MinorUnits(page.Orders[0].GrandTotalAmount, "EUR")
	if held := w.payment.Open() + w.payment.Refundable(); held+owed != worth {
		t.Errorf("the order is worth %d, the payment holds %d and %d are paid otherwise", worth, held, owed)
	}
}

// TestWhatStaysIsRepriced cancels an order bit by bit, under both owners of money and for money that was taken or not: what
// comes back adds up to what was paid, and at any time the rest is what the order is worth.
func TestWhatStaysIsRepriced(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		from    int64
		cancels []string // of units, and what comes of it: refund kept given_back
	}{
		"the promotion holds, breaks, and nothing is left": {2, []string{"1: 10.00", "1: 8.00 2.00 0.00", "all: 17.00 0.00 2.00"}},
		"it breaks at once":                    {2, []string{"2: 18.00 2.00 0.00", "all: 17.00 0.00 2.00"}},
		"it breaks for two, of which one goes": {3, []string{"1: 6.00 4.00 0.00", "1: 12.00 0.00 2.00", "all: 17.00 0.00 2.00"}},
		"everything goes at once":              {3, []string{"all: 35.00"}},
		"there is no promotion":                {9, []string{"1: 10.00", "2: 25.00"}},
	} {
		for _, paid := range []worldlineclient.Payment{{Authorized: 3500, Cancellable: true}, {Authorized: 3500, Captured: 3500}} {
			for _, owner := range []settle.MoneyOwner{settle.OwnedByOrderOps, settle.OwnedBySOM} {
				t.Run(fmt.Sprintf("%s, captured %d, owner %s", name, paid.Captured, owner), func(t *testing.T) {
					t.Parallel()
					w := promoted(tc.from)
					w.payment = paid
					w.payment.ID, w.payment.Currency = payID, "EUR"
					c := w.cancels()
					if owner == settle.OwnedBySOM {
						c, _ = ownedBySOM(w)
					}
					for n, want := range tc.cancels {
						bitByBit(t, c, n, want)
						heldIs(t, w, 0)
					}
					if left := w.payment.Open() + w.payment.Refundable(); left != 0 || !w.promotion.total().IsZero() {
						t.Errorf("%d are still held, and %s of fees", left, w.promotion.total())
					}
				})
			}
		}
	}
}

// bitByBit makes one cancel of the table, to the end of what it owes.
func bitByBit(t *testing.T, c *Cancels, n int, want string) {
	t.Helper()
	units, _, _ := strings.Cut(want, ":")
	told, in := repriced(t, c, units)
	got := units + ": " + told.Refund.StringFixed(2)
	if r := told.Repriced; r != nil && r.Kept.Add(r.GivenBack.Decimal).IsPositive() {
		got += " " + r.Kept.StringFixed(2) + " " + r.GivenBack.StringFixed(2)
		if !r.Worth.Sub(r.Kept.Decimal).Add(r.GivenBack.Decimal).Equal(told.Refund.Decimal) {
			t.Errorf("%s: the amounts do not add up: %+v", want, r)
		}
	}
	if got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	row := rowOf(t, orderops.CancelRequest{})
	row.ID, row.Key, row.Input = fmt.Sprintf("op%d", n), fmt.Sprintf("k%d", n), encoded(t, in)
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	if result.State != command.Succeeded {
		t.Fatalf("%s: %s", want, outcome(result))
	}
	if diff := cmp.Diff(told.Repriced, result.Answer.Cancellation.Repriced); diff != "" {
		t.Errorf("%s: told and done differ:\n%s", want, diff)
	}
	commandtest.Settle(t, c, row, &result, nil)
}

// Points and gift certificates have their share: what comes back of all adds up, however often a part is kept.
func TestWhatIsKeptLeavesOtherPaymentsTheirShare(t *testing.T) {
	t.Parallel()
	w := promoted(3)
	w.giftCertificate, w.payment = 20, worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 1500, Captured: 1500}
	c := w.cancels()
	byHand := decimal.Zero
	for n, units := range []string{"1", "1", "all"} {
		_, in := repriced(t, c, units)
		row := rowOf(t, orderops.CancelRequest{})
		row.ID, row.Key, row.Input = fmt.Sprintf("op%d", n), fmt.Sprintf("k%d", n), encoded(t, in)
		result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range result.WorkItems {
			byHand = byHand.Add(item.Amount.Decimal)
		}
		commandtest.Settle(t, c, row, &result, nil)
		heldIs(t, w, 2000-orderops.MinorUnits(byHand, "EUR"))
		w.giftCertificate = 20 - byHand.IntPart()
	}
	if w.payment.Refunded != 1500 || !byHand.Equal(decimal.NewFromInt(20)) {
		t.Errorf("%d went back to the card and %s by hand, want 1500 and 20", w.payment.Refunded, byHand)
	}
	if w.balance != -5 {
		t.Errorf("the balance is %d points, want 20 + 10 given back - 35 taken back", w.balance)
	}
}

// Nothing is kept that the caller has not been told of.
func TestWhatIsKeptHasToBeExpected(t *testing.T) {
	t.Parallel()
	right, whole := quantity("6.00"), quantity("10.00")
	for name, tc := range map[string]struct {
		expected *orderops.Amount
		want     orderops.Code
	}{
		"nothing is expected":             {nil, orderops.AmountChanged},
		"what the units were worth":       {&whole, orderops.AmountChanged},
		"what comes back, as it was told": {&right, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := promoted(3)
			in := Input{CommerceStatus: "open", Currency: "EUR", Reprice: true, Request: orderops.CancelRequest{Items: items(lineID, "1"), ExpectedRefund: tc.expected}}
			result := runInput(t, w.cancels(), in)
			if tc.want == "" {
				if result.State != command.Succeeded || w.payment.Voided != 600 {
					t.Errorf("%s, %d voided", outcome(result), w.payment.Voided)
				}
				return
			}
			refusal := result.Answer.Refusal
			if refusal == nil || refusal.Code != tc.want || !refusal.Extra.ActualRefund.Equal(right.Decimal) || w.canceled != 0 || w.payment.Voided != 0 {
				t.Errorf("%s, %d cancelled, %d voided: %+v", outcome(result), w.canceled, w.payment.Voided, refusal)
			}
		})
	}
}

// What commerce does not sell any more keeps its price, and the caller is told so; a fee that was kept stays.
func TestWhatCannotBePricedKeepsItsPrice(t *testing.T) {
	t.Parallel()
	w := promoted(3)
	c := w.cancels()
	bitByBit(t, c, 0, "1: 6.00 4.00 0.00")
	w.promotion.unpriced = "product SKU1 cannot be bought today: OFFLINE"
	told, in := repriced(t, c, "1")
	if told.Repriced != nil || len(told.Warnings) != 1 || told.Warnings[0].Code != orderops.WarnPriceKept || !strings.Contains(told.Warnings[0].Text, "SKU1") {
		t.Errorf("told %+v and warned %+v", told.Repriced, told.Warnings)
	}
	if result := runInput(t, c, in); result.State != command.Succeeded || !told.Refund.Equal(decimal.NewFromInt(10)) || !w.promotion.total().Equal(decimal.NewFromInt(4)) {
		t.Errorf("%s, refund %s, fees %s", outcome(result), told.Refund, w.promotion.total())
	}
	bitByBit(t, c, 2, "all: 19.00 0.00 4.00")
	heldIs(t, w, 0)
}

// Units that a warehouse has are taken back first; what is kept is the same.
func TestAllocatedUnitsAreRepricedToo(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.promotion = promotion{from: 3, off: 2}
	bitByBit(t, w.cancels(), 0, "2: 18.00 2.00 0.00")
	heldIs(t, w, 0)
}

// A site that keeps prices asks nobody, and an order of which nothing stays needs no price.
func TestNoPriceIsAskedForInVain(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]Input{
		"the price is kept": {CommerceStatus: "open", Currency: "EUR", Request: orderops.CancelRequest{Items: items(lineID, "1")}},
		"nothing stays":     {CommerceStatus: "open", Currency: "EUR", Reprice: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := promoted(3)
			result := runInput(t, w.cancels(), in)
			if result.State != command.Succeeded || w.counts["b2c.price"]+w.counts["som.fee"] != 0 || result.Answer.Cancellation.Repriced != nil {
				t.Errorf("%s after %v", outcome(result), w.calls)
			}
		})
	}
}

// TestStepsOfARepricedCancel fails every step that repricing adds, and those that it changes, in every way, and pins the exact
// calls that follow.
func TestStepsOfARepricedCancel(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for _, step := range []string{"none", "b2c.price#1", "som.fee#1", "som.preview#1", "som.read#2", "som.submit#1", "worldline.void#1"} {
		for _, failure := range failures() {
			w := promoted(3)
			w.faults[step] = failure
			c, row := w.cancels(), rowOf(t, orderops.CancelRequest{})
			expected := quantity("6.00")
			row.Input = encoded(t, Input{CommerceStatus: "open", Currency: "EUR", Reprice: true, Request: orderops.CancelRequest{Items: items(lineID, "1"), ExpectedRefund: &expected}})
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&got, "%s fails %s, happened %t\n  %s\n  => %s\n", step, failure.class, failure.happened, strings.Join(w.calls, " "), outcome(result))
			w.faults = map[string]fault{}
			commandtest.Settle(t, c, row, &result, nil)
			switch result.State {
			case command.Succeeded:
				if len(result.WorkItems) == 0 && (w.payment.Voided != 600 || w.canceled != 1 || len(w.promotion.fees) != 1) {
					t.Errorf("%s %s: %d voided, %d cancelled, fees %v", step, failure.class, w.payment.Voided, w.canceled, w.promotion.fees)
				}
			default:
				if w.payment.Voided != 0 || w.canceled != 0 || len(w.promotion.fees) != 0 {
					t.Errorf("%s %s: refused, and %d voided, %d cancelled, fees %v", step, failure.class, w.payment.Voided, w.canceled, w.promotion.fees)
				}
			}
			if step == "none" {
				break
			}
		}
	}
	compare(t, "testdata/reprice.golden", got.String())
}

// TestLost works out what the units of a product that stay have lost of 10.00 off three of them.
func TestLost(t *testing.T) {
	t.Parallel()
	number := decimal.RequireFromString
	discount := func(left, after string) ProductDiscount {
		return ProductDiscount{ProductID: "SKU1", Units: number("3"), Left: number(left), Before: number("10.00"), After: number(after)}
	}
	for name, tc := range map[string]struct {
		has  string // what is there of the line before one unit is cancelled
		of   ProductDiscount
		want string
	}{
		"two stay, and have nothing left of it: cut to the cent": {"3", discount("2", "0"), "2 6.66"},
		"two stay, and have a part of it left":                   {"3", discount("2", "5.00"), "2 1.66"},
		"two stay, and have more than before: they have won":     {"3", discount("2", "8.00"), "2 -1.34"},
		"one of them was given back, and kept its price":         {"2", discount("2", "0"), "1 3.33"},
		"both of them were given back":                           {"1", discount("2", "0"), ""},
		"none stays":                                             {"1", discount("0", "0"), ""},
		"they have what they had":                                {"3", discount("2", "6.67"), "2 -0.01"},
		"another product":                                        {"3", ProductDiscount{ProductID: "SKU2", Units: number("1"), Left: number("1"), Before: number("9")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := &job{in: Input{Currency: "EUR"}, plan: plan{Items: []planItem{{LineID: lineID, Quantity: number("1")}}}}
			j.order = order{Lines: []line{
				{ID: lineID, ProductCode: "SKU1", Product: true, Quantity: number(tc.has)},
				{ID: "bonus", ProductCode: "SKU1", Product: true, Bonus: true, Main: lineID, Quantity: number("1")},
			}}
			got := ""
			for _, l := range j.lost([]ProductDiscount{tc.of}) {
				got += l.Units.String() + " " + l.Amount.String()
			}
			if got != tc.want {
				t.Errorf("lost %q, want %q", got, tc.want)
			}
		})
	}
}
