package command

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops"
)

// testWake has work that waits for a day looked at as soon as something happens to what it names, and to nothing else.
func testWake(t *testing.T, b bench) {
	t.Helper()
	s := b.open("a")
	row := begin(t, s, order("1", "k"))
	result := Result{
		State:  Succeeded,
		Answer: Answer{Return: &orderops.Return{Effects: []orderops.Effect{{System: "som", Action: "receive_goods", State: orderops.EffectPending}}}},
		Due:    []Due{{Kind: "wait", Payload: json.RawMessage(`{"return_order_id":"2oN5i0000000001EAA"}`), Wait: 24 * time.Hour}},
	}
	if err := s.finish(t.Context(), row, result, noon, noon); err != nil {
		t.Fatal(err)
	}
	for _, other := range []struct{ sandbox, kind, id string }{
		{"other", "wait", "2oN5i0000000001EAA"}, {"s", "release", "2oN5i0000000001EAA"}, {"s", "wait", "2oN5i0000000002EAA"}, {"s", "wait", "%"}, {"s", "wait", "2oN5i00000000_1EAA"},
	} {
		if err := s.WakeDue(t.Context(), other.sandbox, other.kind, other.id, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if _, found, err := s.claimDue(t.Context(), "s", noon.Add(2*time.Hour)); err != nil || found {
		t.Fatalf("it does not wait (%v)", err)
	}
	if err := s.WakeDue(t.Context(), "s", "wait", "2oN5i0000000001", noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	d := claim(t, s, noon.Add(time.Hour))
	if err := s.putOff(t.Context(), d, noon.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if again := claim(t, s, noon.Add(48*time.Hour)); again.attempt != 0 {
		t.Errorf("waiting counts as %d attempts", again.attempt)
	}
}
