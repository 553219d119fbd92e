// Package spare spends memory where that spares processor time. It is for the mains of programs and for benchmarks of them.
package spare

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Go collects garbage once the heap has doubled. Little lives in a simulation and every call leaves much behind, so that the
// collector works a fifth of the time.
const (
	// most and least are by how many percent of what lives the heap grows before it is collected; least is Go's own.
	most, least = 400, 100
	// room is how much garbage, in bytes, may lie about: a world of ten thousand orders has hundreds of megabytes alive, and
	// is not to take five times as much.
	room = 256 << 20
)

// Heap lets the heap of this process grow further than Go does by itself before it is collected, as long as little lives in
// it. When env finds GOGC, it is left to that. The function it returns puts Go's own growth back.
func Heap(env func(name string) (string, bool)) (stop func()) {
	if _, said := env("GOGC"); said {
		return func() {}
	}
	h := &heap{growth: most, stopped: make(chan struct{})}
	was := debug.SetGCPercent(most)
	h.await()
	return func() {
		close(h.stopped)
		debug.SetGCPercent(was)
	}
}

// heap adapts the growth after every collection.
type heap struct {
	growth  int
	stopped chan struct{}
}

// cycle is garbage from the start: that it is collected tells that all is.
type cycle struct{ of *heap }

func (h *heap) await() { runtime.SetFinalizer(&cycle{h}, func(c *cycle) { c.of.collected() }) }

func (h *heap) collected() {
	select {
	case <-h.stopped:
		return
	default:
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if growth := growthFor(live[0].Value.Uint64()); growth != h.growth { // to set it stops everything for a moment
		h.growth = growth
		debug.SetGCPercent(growth)
	}
	h.await()
}

// growthFor is the growth of a heap in which so many bytes live, in steps: each change costs a little.
func growthFor(live uint64) int {
	const step = 50
	growth := most
	if live > 0 {
		growth = int(min(room*100/live, most))
	}
	return max(growth/step*step, least)
}
