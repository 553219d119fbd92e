package command

import (
	"encoding/json"
	"testing"

	"github.com/somsim/somsim/orderops"
)

// testTurn has one refund of an order after the other: whose command runs, or who owes one, keeps the others waiting.
func testTurn(t *testing.T, b bench) {
	t.Helper()
	s := b.open("a")
	take := func(command, key string, mine, after bool) {
		t.Helper()
		got, had, err := s.TakeTurn(t.Context(), Turn{"s", "1", command, key})
		if err != nil || got != mine || had != after {
			t.Fatalf("turn of %s of %s: mine %t after another %t, %v", key, command, got, had, err)
		}
	}
	owes := func(row Row, key string) {
		t.Helper()
		answer := Answer{Cancellation: &orderops.Cancellation{Effects: []orderops.Effect{{System: "worldline", Action: "refund", State: orderops.EffectPending}}}}
		due := []Due{{Kind: "refund", Payload: json.RawMessage(`{"key":"` + key + `","ensure":{"before":[]}}`)}}
		if err := s.finish(t.Context(), row, Result{State: Succeeded, Answer: answer, Due: due}, noon, noon); err != nil {
			t.Fatal(err)
		}
	}
	first := begin(t, s, order("1", "one"))
	take(first.ID, "aaa", true, false)
	take(first.ID, "aaa", true, false)
	take(first.ID, "bbb", false, false) // it runs, and what comes of the first is not known
	owes(first, "aaa")
	second := begin(t, s, order("1", "two"))
	take(second.ID, "ccc", false, false)
	take(first.ID, "aaa", true, false)
	d := claim(t, s, noon)
	if err := s.drop(t.Context(), d, noon); err != nil {
		t.Fatal(err)
	}
	take(second.ID, "ccc", true, true) // nothing is owed of the first any more
	take(first.ID, "aaa", false, false)
	if got, _, err := s.TakeTurn(t.Context(), Turn{"other", "1", first.ID, "aaa"}); err != nil || !got {
		t.Errorf("the same order of another sandbox waits: %v", err)
	}
	owes(second, "ccc")
	if err := s.GiveTurn(t.Context(), Turn{"s", "1", first.ID, "aaa"}); err != nil {
		t.Fatal(err)
	}
	take(first.ID, "aaa", false, false) // it was not its to give
	if err := s.GiveTurn(t.Context(), Turn{"s", "1", second.ID, "ccc"}); err != nil {
		t.Fatal(err)
	}
	take(second.ID, "ccc", true, false)
	if err := s.GiveTurn(t.Context(), Turn{"s", "1", second.ID, "ccc"}); err != nil {
		t.Fatal(err)
	}
	take(first.ID, "aaa", true, true) // though the second is still owed
}
