package binding_test

import "testing"

func TestAnAnswerIsCutDownOnlyAfterItWasChecked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if got := b.call("POST /toy/counters/a?keep=nothing", `{"by":2}`); got.status != 200 || got.body != "{}" {
		t.Errorf("got %s", got)
	}
	if got := b.call("GET /toy/broken?keep=nothing", ""); got.status != 500 {
		t.Errorf("an answer that breaks its document was cut until it fitted: %s", got)
	}
	if got := b.call("POST /toy/counters/a?keep=refused", `{"by":3}`); got.status != 409 {
		t.Errorf("got %s", got)
	}
	if n := b.counter("default", "a"); n != 2 {
		t.Errorf("what was refused after the handler stands: %d", n)
	}
}
