package command

import (
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops"
)

func testAdvance(t *testing.T, b bench) {
	t.Helper()
	s := b.open("a")
	for _, step := range []struct {
		name, sandbox, uuid, status string
		rank                        int
		after                       time.Duration
		fresh, newer                bool
	}{
		{"the first", "s", "u-1", "REQUESTED", 0, time.Hour, true, true},
		{"the same event", "s", "u-1", "REQUESTED", 0, time.Hour, false, false},
		{"an older status", "s", "u-2", "DONE", 1, 0, true, false},
		{"the same status in another event", "s", "u-3", "REQUESTED", 0, time.Hour, true, false},
		{"the outcome within a second", "s", "u-4", "REJECTED", 1, time.Hour, true, true},
		{"the request after its outcome", "s", "u-5", "REQUESTED", 0, time.Hour, true, false},
		{"another sandbox", "other", "u-1", "REQUESTED", 0, 0, true, true},
		{"a later one", "s", "u-6", "DONE", 1, 2 * time.Hour, true, true},
	} {
		e := Event{Sandbox: step.sandbox, UUID: step.uuid, Channel: "x", Body: `{}`, ReceivedAt: noon}
		fresh, newer, err := s.Advance(t.Context(), e, "refund 1", step.status, step.rank, noon.Add(step.after))
		if err != nil || fresh != step.fresh || newer != step.newer {
			t.Errorf("%s: fresh %t, newer %t, %v", step.name, fresh, newer, err)
		}
	}
	for after, want := range map[time.Duration]bool{time.Hour: true, 2 * time.Hour: false, 3 * time.Hour: false} {
		if later, err := s.Later(t.Context(), "s", "refund 1", 1, noon.Add(after)); err != nil || later != want {
			t.Errorf("a later status than that after %s is known: %t, %v", after, later, err)
		}
	}
}

// testOverturn takes back what was done, and has a person make it again.
func testOverturn(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	amount := orderops.FromMinorUnits(3500, "EUR")
	done := orderops.Effect{System: "worldline", Action: "refund", State: orderops.EffectDone, Reference: "pay_2", Amount: &amount, Currency: "EUR"}
	result := Result{State: Succeeded, Answer: Answer{Cancellation: &orderops.Cancellation{Effects: []orderops.Effect{{System: "slots", State: orderops.EffectDone}, done}}}}
	if err := s.finish(t.Context(), row, result, noon, noon); err != nil {
		t.Fatal(err)
	}
	engine := &Engine{store: s, clock: fixedClock{}, log: slog.New(slog.DiscardHandler)}
	o := Overturned{
		Sandbox: "s", System: "worldline", Reference: "pay_2", Code: "83", Reason: "refused",
		Again: func(_ Row, e orderops.Effect) (Due, error) {
			return Due{Kind: "worldline.refund", Payload: json.RawMessage(`{"instead":"` + e.Reference + `"}`)}, nil
		},
	}
	for _, other := range []Overturned{{Sandbox: "t", System: o.System, Reference: o.Reference}, {Sandbox: "s", System: "som", Reference: o.Reference}, {Sandbox: "s", System: o.System, Reference: "pay%"}} {
		if _, err := engine.Overturn(t.Context(), other); !errors.Is(err, ErrNoCommand) {
			t.Errorf("%+v: %v", other, err)
		}
	}
	got, err := engine.Overturn(t.Context(), o)
	if err != nil || got.ID != row.ID {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := engine.Overturn(t.Context(), o); !errors.Is(err, ErrNoCommand) {
		t.Errorf("taken back twice: %v", err)
	}
	if e := effectsOf(t, s, row.ID); e[0].State != orderops.EffectDone || e[1].State != orderops.EffectFailed || e[1].Code != "83" {
		t.Errorf("effects %+v", e)
	}
	item := onlyOpen(t, s)
	if !item.Retriable || item.Entity != "worldline:refund:pay_2" || item.Amount == nil || !item.Amount.Equal(amount.Decimal) || item.Currency != "EUR" {
		t.Errorf("item %+v", item)
	}
	if err := s.retry(t.Context(), item.ID, "ada", noon); err != nil {
		t.Fatal(err)
	}
	d := claim(t, s, noon)
	if d.Kind != "worldline.refund" || d.Effect != 1 || string(d.Payload) != `{"instead":"pay_2"}` {
		t.Errorf("due %+v", d)
	}
}

// testLookBack has a refund refused before order-ops knows that it was made, whether it is made at once or later on.
func testLookBack(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	s.LookBack("worldline", func(sandbox string, effect orderops.Effect, status string) (Overturned, bool) {
		return Overturned{
			Sandbox: sandbox, System: effect.System, Reference: effect.Reference, Code: "83", Reason: "refused",
			Again: func(Row, orderops.Effect) (Due, error) {
				return Due{Kind: "worldline.refund", Payload: json.RawMessage(`{}`)}, nil
			},
		}, status == "REFUSED"
	})
	for thing, status := range map[string]string{"worldline:pay_2": "REFUSED", "worldline:pay_3": "REFUND_REQUESTED", "som:pay_4": "REFUSED", "worldline:late_2": "REFUSED"} {
		if _, _, err := s.Advance(t.Context(), Event{Sandbox: "s", UUID: thing, Channel: "x", Body: `{}`, ReceivedAt: noon}, thing, status, 1, noon); err != nil {
			t.Fatal(err)
		}
	}
	amount := orderops.FromMinorUnits(3500, "EUR")
	effect := func(system, reference string, state orderops.EffectState) orderops.Effect {
		return orderops.Effect{System: system, Action: "refund", State: state, Reference: reference, Amount: &amount, Currency: "EUR"}
	}
	answer := func(effects ...orderops.Effect) Answer {
		return Answer{Cancellation: &orderops.Cancellation{Effects: effects}}
	}
	atOnce := begin(t, s, order("1", "k"))
	result := Result{State: Succeeded, Answer: answer(
		effect("worldline", "pay_2", orderops.EffectDone), effect("worldline", "pay_3", orderops.EffectDone), effect("som", "pay_4", orderops.EffectDone),
	)}
	if err := s.finish(t.Context(), atOnce, result, noon, noon); err != nil {
		t.Fatal(err)
	}
	if e := effectsOf(t, s, atOnce.ID); e[0].State != orderops.EffectFailed || e[0].Code != "83" || e[1].State != orderops.EffectDone || e[2].State != orderops.EffectDone {
		t.Errorf("effects %+v", e)
	}
	if item := onlyOpen(t, s); !item.Retriable || item.Entity != "worldline:refund:pay_2" {
		t.Errorf("item %+v", item)
	}
	later := begin(t, s, order("2", "k"))
	owed := Result{State: Succeeded, Answer: answer(effect("worldline", "late", orderops.EffectPending)), Due: []Due{{Effect: 0, Kind: "worldline.refund", Payload: json.RawMessage(`{}`)}}}
	if err := s.finish(t.Context(), later, owed, noon, noon); err != nil {
		t.Fatal(err)
	}
	if e := effectsOf(t, s, later.ID); e[0].State != orderops.EffectPending {
		t.Errorf("what is owed is %+v", e)
	}
	if err := s.settle(t.Context(), later, claim(t, s, noon), EffectResult{State: orderops.EffectDone, Reference: "late_2"}, nil, noon); err != nil {
		t.Fatal(err)
	}
	if e := effectsOf(t, s, later.ID); e[0].State != orderops.EffectFailed || e[0].Code != "83" {
		t.Errorf("effects %+v", e)
	}
}
