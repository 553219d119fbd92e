package features

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/shopspring/decimal"
)

// contest is one history in a sandbox of its own.
type contest struct {
	*world
	t *testing.T
	// line is the order's only one, parcels the fulfillment orders that the warehouse knows of.
	line    string
	parcels []fulfillment
	ticks   atomic.Int64
	mu      sync.Mutex
	history []porcupine.Operation
	asked   int
}

func beginContest(t *testing.T, env environment) *contest {
	t.Helper()
	c := &contest{world: newWorld(env), t: t}
	c.orderNo = contested
	if err := c.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.control.delete(context.WithoutCancel(t.Context())) })
	if err := c.shopper.logIn(t.Context(), contestedBy); err != nil {
		t.Fatal(err)
	}
	now, err := c.now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.start, c.line, c.parcels = now, now.summary.products()[0].ID, now.summary.Fulfillments.Records
	if len(c.parcels) != 2 {
		t.Fatalf("the warehouse knows %d fulfillment orders, want 2", len(c.parcels))
	}
	return c
}

// play has four people act at the same time, each one thing after the other, as the seed says. In the first history nothing
// stands in the way of a modification. What has been shipped in the end may come back.
func (c *contest) play(seed uint64) {
	pick := rand.New(rand.NewPCG(seed, 0)) // a choice, no secret
	var all sync.WaitGroup
	people := [][]func(client int){c.changesMind(pick), c.edits(pick), c.ships(pick), c.looksOn()}
	if seed == 0 {
		people[0], people[2] = []func(int){func(client int) { c.ask(client, asked{move: moveCancel, units: 1}) }}, nil
	}
	for client, moves := range people {
		all.Go(func() {
			for _, act := range moves {
				act(client)
			}
		})
	}
	all.Wait()
	c.ask(0, asked{move: moveReturn, units: 1})
}

// changesMind cancels and returns, now this, now that.
func (c *contest) changesMind(pick *rand.Rand) []func(int) {
	var moves []func(int)
	for range 3 {
		moves = append(moves, c.wait(pick)...)
		one := []asked{
			{move: moveCancel, units: 1},
			{move: moveCancel, units: 2},
			{move: moveCancel, units: 4},
			{move: moveCancel},
			{move: moveCancel, partial: true},
			{move: moveReturn, units: 1},
			{move: moveReturn, units: 1},
			{move: moveReturn, units: 3},
		}[pick.IntN(8)]
		moves = append(moves, func(client int) { c.ask(client, one) })
	}
	return moves
}

// edits modifies the order, and confirms when that came about.
func (c *contest) edits(pick *rand.Rand) []func(int) {
	moves := c.wait(pick)
	basket := ""
	moves = append(moves, func(client int) {
		c.insist(client, asked{move: moveModify}, func() heard {
			a := c.change("modify", map[string]any{"on_existing_basket": "replace"})
			if a.modification != nil && a.code == "" {
				basket = a.modification.BasketID
			}
			return hear(a)
		})
	})
	moves = append(moves, c.wait(pick)...)
	return append(moves, func(client int) {
		if basket == "" {
			c.ask(client, asked{move: moveCancel, units: 1})
			return
		}
		if err := c.shopper.pay(c.t.Context(), basket, goodCard); err != nil {
			c.t.Error(err)
		}
		c.insist(client, asked{move: moveConfirm}, func() heard { return hear(c.change("confirm", map[string]any{"basket_id": basket})) })
	})
}

// change asks for a modification or its confirmation.
func (c *contest) change(action string, wants map[string]any) answer {
	return c.follows(c.shopper.change(c.t.Context(), changeWish{channel: app, orderNo: c.orderNo, action: action, key: c.key(), wants: wants}))
}

// ships sends the parcels that the warehouse knew of in the beginning, one of them or both.
func (c *contest) ships(pick *rand.Rand) []func(int) {
	var moves []func(int)
	for _, i := range pick.Perm(len(c.parcels))[:pick.IntN(3)] {
		for range pick.IntN(4) {
			moves = append(moves, c.wait(pick)...)
		}
		moves = append(moves, func(client int) {
			c.record(client, asked{move: moveShip}, func() heard { return c.ship(c.parcels[i]) })
		})
	}
	return moves
}

func (c *contest) looksOn() []func(int) { return slices.Repeat([]func(int){c.look}, 8) }

// wait is to look at the order some times: other things happen meanwhile.
func (c *contest) wait(pick *rand.Rand) []func(int) {
	return slices.Repeat([]func(int){c.look}, pick.IntN(5))
}

// insist asks again while somebody else is at work on the order.
func (c *contest) insist(client int, a asked, act func() heard) {
	for range 20 {
		if c.record(client, a, act).code != codeActionInProgress {
			return
		}
		c.look(client)
	}
}

// ask asks for a cancel or a return.
func (c *contest) ask(client int, a asked) {
	c.record(client, a, func() heard {
		w := wish{channel: app, orderNo: c.orderNo, key: c.key(), partial: a.partial, returned: a.move == moveReturn}
		if a.units > 0 {
			w.items = []wishedItem{{c.line, a.units}}
		}
		return hear(c.follows(c.shopper.cancel(c.t.Context(), w)))
	})
}

// ship reports a parcel as sent, to inventory too, and reads how many units were in it: nobody changes it any more.
func (c *contest) ship(f fulfillment) heard {
	ctx := c.t.Context()
	no, err := c.office.fulfil(ctx, f.ID)
	if err != nil {
		c.t.Error(err)
	}
	if no != nil || err != nil {
		return heard{code: codeWarehouse}
	}
	lines, err := find[fulfillmentLine](ctx, c.office, "SELECT OrderItemSummaryId, Quantity FROM FulfillmentOrderLineItem WHERE FulfillmentOrderId = '"+f.ID+"'")
	if err != nil || len(lines) != 1 {
		c.t.Errorf("%d lines in a parcel: %v", len(lines), err)
		return heard{}
	}
	sent := map[string]decimal.Decimal{c.start.summary.products()[0].ProductCode: lines[0].Quantity}
	if err := c.office.handOver(ctx, c.orderNo, f.Location.Reference, sent); err != nil {
		c.t.Error(err)
	}
	return heard{units: int(lines[0].Quantity.IntPart())}
}

func (c *contest) look(client int) {
	c.record(client, asked{move: moveLook}, func() heard {
		lines, err := find[summaryLine](c.t.Context(), c.office, "SELECT QuantityCanceled, QuantityFulfilled, QuantityReturned FROM OrderItemSummary WHERE Id = '"+c.line+"'")
		if err != nil || len(lines) != 1 {
			c.t.Errorf("%d lines: %v", len(lines), err)
			return heard{}
		}
		units := func(n decimal.Decimal) int { return int(n.IntPart()) }
		return heard{seen: [3]int{units(lines[0].Canceled), units(lines[0].Fulfilled), units(lines[0].Returned)}}
	})
}

// key is a name for a request that no other has.
func (c *contest) key() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	return fmt.Sprintf("move-%d", c.asked)
}

// follows waits until a request is over, and remembers what the shopper was told.
func (c *contest) follows(a answer) answer {
	for tries := 0; a.lost == nil && a.open && tries < 1000; tries++ {
		a = c.shopper.follow(c.t.Context(), a.operationID)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers = append(c.answers, a)
	return a
}

// record writes down what somebody did and what came of it, and when each was.
func (c *contest) record(client int, a asked, act func() heard) heard {
	call := c.ticks.Add(1)
	h := act()
	back := c.ticks.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.history = append(c.history, porcupine.Operation{ClientId: client, Input: a, Call: call, Output: h, Return: back})
	return h
}

// hear is what matters of an answer.
func hear(a answer) heard {
	h := heard{code: a.code}
	switch {
	case a.lost != nil:
		return heard{code: a.lost.Error()}
	case a.code != "":
	case a.cancellation != nil:
		h.already = a.cancellation.AlreadyCancelled
		h.units = unitsOf(a.cancellation.Items)
	case a.returned != nil:
		h.units = unitsOf(a.returned.Items)
	case a.modification != nil:
		h.resumed = a.modification.Resumed
	case a.confirmation != nil:
		h.whole = a.confirmation.Cancellation != nil && a.confirmation.Cancellation.Whole
	}
	return h
}

func unitsOf(items []cancelledItem) (n int) {
	for _, i := range items {
		n += int(i.Quantity.IntPart())
	}
	return n
}

// judge lets everything come to its end, looks once more, and holds the history against the model and the world against the
// truths.
func (c *contest) judge() {
	ctx := c.t.Context()
	if _, err := c.control.advance(ctx, 2*time.Hour); err != nil {
		c.t.Fatal(err)
	}
	if err := c.office.logIn(ctx); err != nil { // the token of before has expired
		c.t.Fatal(err)
	}
	if err := c.shopper.logIn(ctx, contestedBy); err != nil {
		c.t.Fatal(err)
	}
	c.look(0)
	if porcupine.CheckOperationsTimeout(sequential(contestedUnits), c.history, time.Minute) != porcupine.Ok {
		c.t.Errorf("nobody could have been told this one after the other:\n%s", written(c.history))
	}
	for _, lone := range metNobody(c.history) {
		c.t.Errorf("told that the order is busy, and nobody else was at work on it: %+v\n%s", lone, written(c.history))
	}
	finals, problems := c.promises(ctx)
	deviations, err := c.control.invariants(ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	items, err := c.operators.open(ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, problem := range append(problems, judge(deviations, items, finals)...) {
		if problem != nil {
			c.t.Errorf("%v\n%s%s", problem, written(c.history), c.answers)
		}
	}
}

// spoil plants another cancel of everything in the history, after all that was done: the check has to find it.
func (c *contest) spoil() {
	now := c.ticks.Add(2)
	planted := append(slices.Clone(c.history), porcupine.Operation{
		Input: asked{move: moveCancel, units: contestedUnits}, Output: heard{units: contestedUnits}, Call: now, Return: now + 1,
	}, porcupine.Operation{Input: asked{move: moveShip}, Output: heard{units: 1}, Call: now + 2, Return: now + 3})
	if porcupine.CheckOperationsTimeout(sequential(contestedUnits), planted, time.Minute) != porcupine.Illegal {
		c.t.Errorf("a cancel of what there is no more was let through:\n%s", written(planted))
	}
}

// metNobody finds requests that were refused because of another one, while there was no other.
func metNobody(history []porcupine.Operation) (lone []asked) {
	for i, op := range history {
		if op.Output.(heard).code != codeActionInProgress {
			continue
		}
		met := slices.ContainsFunc(history, func(other porcupine.Operation) bool {
			m := other.Input.(asked).move
			return other.Call != history[i].Call && m != moveLook && m != moveShip && other.Call < op.Return && op.Call < other.Return
		})
		if !met {
			lone = append(lone, op.Input.(asked))
		}
	}
	return lone
}

// written is a history for people to read, in the order in which things began.
func written(history []porcupine.Operation) string {
	sorted := slices.SortedFunc(slices.Values(history), func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
	var text strings.Builder
	for _, op := range sorted {
		fmt.Fprintf(&text, "%3d-%3d client %d %+v: %+v\n", op.Call, op.Return, op.ClientId, op.Input, op.Output)
	}
	return text.String()
}
