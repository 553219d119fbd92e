package som

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/sandbox"
)

func TestAnItemSplitOverFulfillmentOrdersIsWorthInThemWhatItIsWorth(t *testing.T) {
	t.Parallel()
	org, n := newTestOrg(t), 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		world, err := org.worlds.Create(fmt.Sprintf("split-%d", n), sandbox.Options{From: "default"})
		if err != nil {
			r.Fatal(err)
		}
		forked := *org
		forked.world = world
		o := walk{rapid: r, testOrder: forked.order(randomOrder(r, &forked))}
		for range rapid.IntRange(0, 8).Draw(r, "steps") {
			rapid.SampledFrom([]func(){o.allocates, o.allocates, o.takesOut, o.moves, o.losesUnits}).Draw(r, "step")()
		}
		o.allocatesTheRest()
		o.compareLines()
		if err := org.worlds.Delete(world.Name()); err != nil {
			r.Fatal(err)
		}
	})
}

// losesUnits cancels or returns units, and changes no price by it.
func (w walk) losesUnits() {
	item := ChangeItem{OrderItemSummaryID: w.pick(objOrderItemSummary).ID, Quantity: w.number("units", 3), Reason: "Unknown"}
	submit := rapid.SampledFrom([]func(*sandbox.Tx, string, string, []ChangeItem) (ChangeResult, error){w.SubmitCancel, w.SubmitReturn}).Draw(w.rapid, "submit")
	w.tries(func(tx *sandbox.Tx) error {
		_, err := submit(tx, "", w.id, []ChangeItem{item})
		return err
	})
}

// allocatesTheRest puts the free units of every item into fulfillment orders of one or two units.
func (w walk) allocatesTheRest() {
	for {
		var free *orderItemSummary
		w.read(func(_ *sandbox.Tx, s *orderSummary) {
			for _, i := range s.items {
				if i.quantities().available().IsPositive() {
					free = i
				}
			}
		})
		if free == nil {
			return
		}
		units := decimal.Min(free.quantities().available(), w.number("units", 2))
		w.write(func(tx *sandbox.Tx) error {
			_, err := w.CreateFulfillmentOrders(tx, "", Allocation{
				OrderSummaryID: w.id, OrderDeliveryGroupSummaryID: free.group(),
				Groups: []AllocatedGroup{{w.warehouse, "warehouse", []AllocatedItem{{free.ID, units}}}},
			})
			return err
		})
	}
}

// compareLines holds items against their lines in fulfillment orders less what came back.
func (w walk) compareLines() {
	w.read(func(tx *sandbox.Tx, s *orderSummary) {
		for _, i := range s.items {
			if left, _ := w.unallocated(tx, i); i.quantities().Allocated.IsPositive() && !left.isZero() {
				w.rapid.Fatalf("of %s, %v is in no fulfillment order: %+v", i.ID, left, i.amounts())
			}
		}
	})
}

func TestTheLastOfThreeFulfillmentOrdersTakesTheOddCent(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(jackets("3"), func(n *NewOrder) { n.DeliveryGroups[0].Items[0].Taxes = tax("10.00") })
	for n, want := range []string{"3.33", "3.33", "3.34"} {
		fo, _ := o.allocate("1")
		if got := o.line(fo).Decimal("TotalLineTaxAmount").String(); got != want {
			t.Errorf("fulfillment order %d bears a tax of %s, want %s", n+1, got, want)
		}
	}
}

func TestACancelOfTheRestLeavesNoCentBetweenItemAndLine(t *testing.T) {
	t.Parallel()
	// Half of 0.01 is 0.01, and so is the other half: the item keeps nothing, so the line may not either.
	o := newTestOrg(t).workedExample(jackets("4"), func(n *NewOrder) { n.DeliveryGroups[0].Items[0].Taxes = tax("0.01") })
	fo, _ := o.allocate("2")
	if _, rule := o.cancel(o.units(0, "2")); rule != "" {
		t.Fatal(rule)
	}
	o.expect(0, map[string]string{"TotalTaxAmount": "0"})
	if got := o.line(fo).Decimal("TotalLineTaxAmount").String(); got != "0" {
		t.Errorf("the line bears a tax of %s", got)
	}
	tx := o.world.Read()
	defer tx.Abort()
	if r, _ := o.find(tx, objFulfillmentOrder, fo); r.Decimal("TotalTaxAmount").IsPositive() {
		t.Errorf("the fulfillment order bears a tax of %s", r.Decimal("TotalTaxAmount"))
	}
}

func TestADiscountInFulfilmentIsNotTakenOffTheLastLine(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	if _, rule := o.allocate("1"); rule != "" {
		t.Fatal(rule)
	}
	if _, rule := o.adjust(InFulfillmentSeparate, o.discount("-10", AdjustProductOnly)); rule != "" {
		t.Fatal(rule)
	}
	fo, _ := o.allocate("1")
	if got := o.line(fo).Decimal("TotalAdjustmentAmount").String(); got != "-5" {
		t.Errorf("the free unit's line has a discount of %s", got)
	}
}
