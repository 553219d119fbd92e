package b2c_test

import (
	"testing"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestAReplacedOrderNamesTheNewestOfItsChain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second, third := w.place(w.twoShirts("net")), w.place(w.twoShirts("net")), w.place(w.twoShirts("net"))
	for _, pair := range [][2]string{{first.OrderNo, second.OrderNo}, {second.OrderNo, third.OrderNo}} {
		w.do(func(tx *sandbox.Tx) error { return w.Replace(tx, pair[0], pair[1]) })
	}
	for _, no := range []string{first.OrderNo, second.OrderNo} {
		if got := w.read(no); got.Status != b2c.Replaced || got.CurrentOrderNo != third.OrderNo {
			t.Errorf("order %s is %s and names %q, want replaced and %s", no, got.Status, got.CurrentOrderNo, third.OrderNo)
		}
	}
	if got := w.read(third.OrderNo); got.Status != b2c.New || got.CurrentOrderNo != "" {
		t.Errorf("the newest is %s and names %q", got.Status, got.CurrentOrderNo)
	}
	if got := w.read(first.OrderNo); got.ResourceState == first.ResourceState {
		t.Error("the resource state did not change")
	}
}

func TestWhatCannotBeReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	by := w.place(w.twoShirts("net"))
	cancelled, exported := w.place(w.twoShirts("net")), w.place(w.twoShirts("net"))
	elsewhere := w.place(w.twoShirts("gross"))
	replaced := w.place(w.twoShirts("net"))
	w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, cancelled.OrderNo, b2c.Cancelled) })
	w.do(func(tx *sandbox.Tx) error { return w.Replace(tx, replaced.OrderNo, by.OrderNo) })
	w.do(func(tx *sandbox.Tx) error { return w.MarkExported(tx, exported.OrderNo, "1Os000000000001AAA") })
	for name, no := range map[string]string{
		"cancelled": cancelled.OrderNo, "exported": exported.OrderNo, "of another site": elsewhere.OrderNo, "itself": by.OrderNo, "replaced": replaced.OrderNo, "unknown": "nope",
	} {
		err := w.Update(func(tx *sandbox.Tx) error { return w.Replace(tx, no, by.OrderNo) })
		if err == nil {
			t.Errorf("an order that is %s was replaced", name)
		}
	}
}
