package command

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func testEvents(t *testing.T, b bench) {
	t.Helper()
	s := b.open("a")
	one := Event{Sandbox: "s", UUID: "u-1", Channel: "/event/X", ReplayID: 7, Body: `{"a":"ü'?"}`, ReceivedAt: noon}
	two := Event{Sandbox: "s", UUID: "u-2", Channel: "/event/Y", ReplayID: 6, Body: `{}`, ReceivedAt: noon.Add(time.Hour)}
	other := Event{Sandbox: "other", UUID: "u-1", Channel: "/event/X", Body: `{}`, ReceivedAt: noon}
	for _, e := range []Event{one, two, other} {
		if fresh, err := s.KeepEvent(t.Context(), e); err != nil || !fresh {
			t.Fatalf("%s of %s: fresh %v, %v", e.UUID, e.Sandbox, fresh, err)
		}
	}
	again := one
	again.Body = `{"another":"body"}`
	if fresh, err := b.open("b").KeepEvent(t.Context(), again); err != nil || fresh {
		t.Errorf("the same event at another instance: fresh %v, %v", fresh, err)
	}
	listed := func(sandbox string) []Event {
		list, err := s.Events(t.Context(), sandbox)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if diff := cmp.Diff([]Event{one, two}, listed("s")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	engine := &Engine{store: s}
	if err := engine.Forget(t.Context(), "s", noon.Add(keepFor+time.Minute)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Event{two}, listed("s")); diff != "" {
		t.Errorf("after thirty days, -want +got:\n%s", diff)
	}
	if n := len(listed("other")); n != 1 {
		t.Errorf("the other sandbox has %d", n)
	}
}
