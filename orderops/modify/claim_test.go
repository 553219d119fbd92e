package modify

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/remote"
)

// lastUnit modifies an order that has the last scarf; others may do something first.
func lastUnit(t *testing.T, arrange func(w *world)) (*world, *Modifies, command.Row, command.Result) {
	t.Helper()
	w := newWorld()
	w.lastScarf()
	arrange(w)
	m, row := w.modifies(orderops.KeepUntilConfirm), rowOf(t, w, orderops.ModifyRequest{})
	result, err := m.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w, m, row, result
}

func TestTheLastUnitGoesOverToTheBasket(t *testing.T) {
	t.Parallel()
	w, m, row, result := lastUnit(t, func(*world) {})
	if result.State != command.Editing || len(result.Answer.Modification.UnavailableLines) > 0 || w.keeps["b1"]["SCARF"] != 1 || w.keeps[orderNo]["SCARF"] != 0 {
		t.Fatalf("ended %s %+v, kept are %v", result.State, result.Answer.Modification, w.keeps)
	}
	stored := w.stored(row, result)
	abandon := stored
	abandon.Action, abandon.Input = orderops.ActionAbandon, json.RawMessage(`{"operation_id":"op1"}`)
	ended, err := (&Abandons{m}).Run(context.Background(), commandtest.NewRun(), abandon, nil)
	if err != nil || ended.State != command.Succeeded || w.keeps[orderNo]["SCARF"] != 1 || w.status != "Created" || len(w.baskets) > 0 {
		t.Errorf("ended %s, %v; the order is %s, kept are %v", ended.State, err, w.status, w.keeps)
	}
}

func TestAnAbandonedBasketWithTheLastUnitGoesEvenWhereOthersStay(t *testing.T) {
	t.Parallel()
	w, m, row, result := lastUnit(t, func(*world) {})
	m.Policy.KeepAbandoned = true
	abandon := w.stored(row, result)
	abandon.Action, abandon.Input = orderops.ActionAbandon, json.RawMessage(`{"operation_id":"op1"}`)
	if _, err := (&Abandons{m}).Run(context.Background(), commandtest.NewRun(), abandon, nil); err != nil || w.keeps[orderNo]["SCARF"] != 1 || len(w.baskets) > 0 {
		t.Errorf("%v; kept are %v, of %d baskets", err, w.keeps, len(w.baskets))
	}
}

// Somebody else is quicker between the release and the basket: the order is held back until it has its unit again, and a
// person is told.
func TestTheLastUnitIsLostToSomebodyElse(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"b2c.products#2", "b2c.createBasket", "b2c.reserveBasket"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			w, m, row, result := lastUnit(t, func(w *world) {
				w.faults[at] = fault{alsoDo: func(w *world) { w.stock["SCARF"] = 0; w.keeps["somebody"] = map[string]int64{"SCARF": 1} }}
			})
			refusal := result.Answer.Refusal
			if refusal == nil || refusal.Code != orderops.OrderChanged || refusal.Extra.Reason != reasonReservation || len(result.WorkItems) != 1 {
				t.Fatalf("ended %s %v with %d work items", result.State, refusal, len(result.WorkItems))
			}
			if w.status != "On Hold" || len(w.baskets) > 0 || w.scarves() != 1 {
				t.Errorf("the order is %s, there are %d baskets, kept are %v", w.status, len(w.baskets), w.keeps)
			}
			w.keeps["somebody"], w.stock["SCARF"] = nil, 1 // who gives it back
			again := command.Result{Answer: result.Answer, Due: []command.Due{*result.WorkItems[0].Retry}}
			settleDue(t, m, row, &again)
			if w.status != "Created" || w.keeps[orderNo]["SCARF"] != 1 || w.scarves() != 1 {
				t.Errorf("tried again, the order is %s, kept are %v", w.status, w.keeps)
			}
		})
	}
}

// While the basket cannot be deleted it keeps the unit: the order asks for it, and goes on, after that and not before.
func TestTheOrderGetsItsUnitAfterTheBasketIsGone(t *testing.T) {
	t.Parallel()
	w, m, row, result := lastUnit(t, func(w *world) {
		w.faults["b2c.showBasket"] = fault{class: remote.Unavailable}
		w.faults["b2c.deleteBasket"] = fault{class: remote.Unavailable}
	})
	if w.status != "On Hold" || w.keeps["b1"]["SCARF"] != 1 || len(result.Due) != 1 {
		t.Fatalf("the order is %s, kept are %v, due is %+v", w.status, w.keeps, result.Due)
	}
	w.faults = map[string]fault{}
	settleDue(t, m, row, &result)
	if w.status != "Created" || w.keeps[orderNo]["SCARF"] != 1 || len(w.baskets) > 0 {
		t.Errorf("the order is %s, kept are %v", w.status, w.keeps)
	}
}

// What was cancelled while it was edited is not reserved again.
func TestUnitsThatAreNotOpenAnyMoreAreNotReservedAgain(t *testing.T) {
	t.Parallel()
	w, m, row, result := lastUnit(t, func(*world) {})
	w.canceled = 2
	abandon := w.stored(row, result)
	abandon.Action, abandon.Input = orderops.ActionAbandon, json.RawMessage(`{"operation_id":"op1"}`)
	if _, err := (&Abandons{m}).Run(context.Background(), commandtest.NewRun(), abandon, nil); err != nil || w.keeps[orderNo]["SCARF"] != 0 || w.stock["SCARF"] != 1 {
		t.Errorf("%v; kept are %v, %d are left", err, w.keeps, w.stock["SCARF"])
	}
}

// A preview counts what the order could give up, and takes nothing.
func TestAPreviewCountsTheOrdersOwnUnits(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.lastScarf()
	row := rowOf(t, w, orderops.ModifyRequest{})
	var in Input
	if err := json.Unmarshal(row.Input, &in); err != nil {
		t.Fatal(err)
	}
	m, err := w.modifies(orderops.KeepUntilConfirm).Preview(context.Background(), row.Site, orderNo, "default", in, start)
	if err != nil || len(m.UnavailableLines) > 0 || len(m.Warnings) != 1 || m.Warnings[0].Code != "TOTAL_NOT_KNOWN" {
		t.Errorf("told of %+v, %v", m.UnavailableLines, err)
	}
	if diff := cmp.Diff(map[string]map[string]int64{orderNo: {"SHIRT": 2, "SCARF": 1}}, w.keeps); diff != "" {
		t.Errorf("reserved (-want +got):\n%s", diff)
	}
}

// What a basket that was ordered in vain does not keep any more is kept again by the watch, until the order gets it back.
func TestTheWatchKeepsUnitsForABasketThatIsOpenAgain(t *testing.T) {
	t.Parallel()
	w, m, row, result := lastUnit(t, func(*world) {})
	stored := w.stored(row, result)
	look := func(want int) {
		t.Helper()
		before := w.counts["b2c.reserveBasket"]
		if got := m.Perform(context.Background(), stored, command.Due{Kind: kindWatch}); got.State != orderops.EffectPending || got.Again <= 0 {
			t.Errorf("looked and found %+v", got)
		}
		if got := w.counts["b2c.reserveBasket"] - before; got != want {
			t.Errorf("asked %d times to keep units, want %d; kept are %v", got, want, w.keeps)
		}
	}
	look(0) // they are kept
	w.stock["SCARF"], w.keeps["b1"] = 1, nil
	look(1)
	look(0)
	if w.keeps["b1"]["SCARF"] != 1 {
		t.Errorf("kept are %v", w.keeps)
	}
	w.stock["SCARF"], w.keeps["b1"], w.keeps["somebody"] = 0, nil, map[string]int64{"SCARF": 1}
	look(1) // somebody else has it: it is asked for at each look
	w.stock["SCARF"], w.keeps["somebody"] = 1, nil
	look(1)
	if w.keeps["b1"]["SCARF"] != 1 || w.scarves() != 1 {
		t.Errorf("kept are %v", w.keeps)
	}
}

func TestABasketThatTookNothingOverIsNotAskedToKeepAnything(t *testing.T) {
	t.Parallel()
	until, later := start.Add(time.Hour), start.Add(59*time.Minute)
	took := []orderops.Effect{{System: ociclient.System, Action: actionTakeOver}}
	for name, tc := range map[string]struct {
		effects []orderops.Effect
		basket  Arrival
		now     time.Time
		want    time.Duration
	}{
		"nothing went over":            {nil, Arrival{BasketID: "b1"}, start, 0},
		"there is no basket":           {took, Arrival{OrderNo: "2"}, start, 0},
		"the units are kept":           {took, Arrival{BasketID: "b1", KeptUntil: later}, start, 0},
		"they were kept too shortly":   {took, Arrival{BasketID: "b1", KeptUntil: later}, later, time.Minute + ReservedBeyond},
		"they are not kept":            {took, Arrival{BasketID: "b1"}, start, time.Hour + ReservedBeyond},
		"the time for editing is over": {took, Arrival{BasketID: "b1"}, until, 0},
	} {
		if got := ToKeep(&orderops.Modification{Effects: tc.effects, ExpiresAt: &until}, tc.basket, tc.now); got != tc.want {
			t.Errorf("%s: to be kept for %s, want %s", name, got, tc.want)
		}
	}
}
