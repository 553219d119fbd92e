package som

import (
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

func TestRequestsAreForgottenAfterADay(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t) // the clock stands at noon
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	steps := []struct {
		name  string
		at    time.Time
		count int
		want  int
	}{
		{"three at noon", noon, 3, 3},
		{"two at the end of that hour", noon.Add(59 * time.Minute), 2, 5},
		{"one in the evening", noon.Add(8 * time.Hour), 1, 6},
		{"all in the last hour of the day", noon.Add(23*time.Hour + 59*time.Minute), 0, 6},
		{"those of noon's hour are gone a day later", noon.Add(24 * time.Hour), 0, 1},
		{"one more", noon.Add(24*time.Hour + time.Second), 1, 2},
		{"that of the evening is gone too", noon.Add(32 * time.Hour), 0, 1},
		{"a week later", noon.Add(7 * 24 * time.Hour), 0, 0},
		{"and it counts again", noon.Add(7 * 24 * time.Hour), 1, 1},
	}
	for _, step := range steps {
		if err := o.world.MoveTo(step.at); err != nil {
			t.Fatal(err)
		}
		for range step.count {
			o.update(func(tx *sandbox.Tx) { o.CountRequest(tx) })
		}
		if got := o.used(); got != (Usage{Used: step.want, Max: 100_000}) {
			t.Errorf("%s: %+v, want %d used", step.name, got, step.want)
		}
	}
}

func TestRequestsOverTheLimitAreRefusedAndNotCounted(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	o.update(func(tx *sandbox.Tx) { o.LimitRequests(tx, 2) })
	for n, want := range []int{1, 2, 2, 2} {
		refused := o.admitted() != nil
		if refused != (n >= 2) {
			t.Errorf("request %d: refused %v", n+1, refused)
		}
		o.update(func(tx *sandbox.Tx) {
			if got := o.CountRequest(tx); got != (Usage{Used: want, Max: 2}) {
				t.Errorf("request %d: %+v", n+1, got)
			}
		})
	}
	o.update(func(tx *sandbox.Tx) { o.LimitRequests(tx, 0) })
	if err := o.admitted(); err != nil {
		t.Errorf("with the default limit again: %v", err)
	}
}

func (o *testOrg) used() Usage {
	tx := o.world.Read()
	defer tx.Abort()
	return o.Usage(tx)
}

func (o *testOrg) admitted() error {
	tx := o.world.Read()
	defer tx.Abort()
	return o.Admit(tx)
}

func (o *testOrg) update(work func(tx *sandbox.Tx)) {
	o.t.Helper()
	if err := o.world.Update(func(tx *sandbox.Tx) error { work(tx); return nil }); err != nil {
		o.t.Fatal(err)
	}
}
