package command

import (
	"fmt"
	"testing"

	"github.com/somsim/somsim/orderops"
)

// testNewestModification has an order modified again and again within one instant, under ids that tell nothing: the newest
// modification is the one that began last.
func testNewestModification(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	for n, id := range []string{"m", "z", "a", "k"} {
		c := order("1", "key-"+id)
		c.Action = orderops.ActionModify
		row, fresh, err := s.begin(t.Context(), id, c, noon)
		if err != nil || !fresh {
			t.Fatalf("begin: fresh %t, %v", fresh, err)
		}
		modified(t, s, row, fmt.Sprintf("basket %d", n))
	}
	newest(t, s, "k", "basket 3")

	// A key that runs again begins anew.
	c := order("1", "again")
	c.Action = orderops.ActionModify
	row, _, err := s.begin(t.Context(), "b", c, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.finish(t.Context(), row, Result{State: Released}, noon, noon); err != nil {
		t.Fatal(err)
	}
	d := order("1", "in between")
	d.Action = orderops.ActionModify
	other, _, err := s.begin(t.Context(), "y", d, noon)
	if err != nil {
		t.Fatal(err)
	}
	modified(t, s, other, "in between")
	if row, _, err = s.begin(t.Context(), "unused", c, noon); err != nil || row.ID != "b" {
		t.Fatalf("%s runs again: %v", row.ID, err)
	}
	modified(t, s, row, "again")
	newest(t, s, "b", "again")
}

// modified ends a modification with a basket.
func modified(t *testing.T, s *Store, row Row, basket string) {
	t.Helper()
	result := Result{State: Succeeded, Answer: Answer{Modification: &orderops.Modification{BasketID: basket}}}
	if err := s.finish(t.Context(), row, result, noon, noon); err != nil {
		t.Fatal(err)
	}
}

// newest asserts which modification is the newest of the order.
func newest(t *testing.T, s *Store, id, basket string) {
	t.Helper()
	row, _, err := s.Modification(t.Context(), order("1", "").Sandbox, "1")
	if err != nil || row.ID != id || row.Answer.Modification.BasketID != basket {
		t.Errorf("the newest modification is %s with %+v: %v, want %s with %q", row.ID, row.Answer.Modification, err, id, basket)
	}
}
