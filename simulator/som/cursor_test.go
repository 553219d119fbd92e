package som

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

// within runs work in a transaction of the org.
func (o *testOrg) within(work func(tx *sandbox.Tx)) {
	o.t.Helper()
	if err := o.world.Update(func(tx *sandbox.Tx) error { work(tx); return nil }); err != nil {
		o.t.Fatal(err)
	}
}

func (o *testOrg) open(user, id string) bool {
	o.t.Helper()
	found := false
	o.within(func(tx *sandbox.Tx) {
		c, err := o.Cursor(tx, user, id)
		var refused *Error
		if err != nil && (!errors.As(err, &refused) || refused.Code != CodeInvalidQueryLocator || !o.rules[refused.Rule]) {
			o.t.Errorf("refused with %v", err)
		}
		found = err == nil && cmp.Equal(c.IDs, []string{"b", "c"}) && c.Total == 3 && cmp.Equal(c.Place, []int{1})
	})
	return found
}

func (o *testOrg) later(d time.Duration) {
	o.t.Helper()
	if _, err := o.world.Advance(o.t.Context(), d); err != nil {
		o.t.Fatal(err)
	}
}

func (o *testOrg) keep(user, group string) (id string) {
	o.t.Helper()
	o.within(func(tx *sandbox.Tx) {
		id = o.KeepCursor(tx, Cursor{UserID: user, Group: group, IDs: []string{"b", "c"}, Total: 3, Place: []int{1}})
	})
	return id
}

func TestCursorsLiveWhileTheyAreUsedButNotForEver(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	used, idle := o.keep("u", ""), o.keep("u", "")
	if o.open("v", used) || o.open("u", "01g000000000000AAA") {
		t.Error("a cursor of somebody else, or of nobody, is found")
	}
	lived := time.Duration(0)
	for ; o.open("u", used); lived += 14 * time.Minute {
		o.later(14 * time.Minute)
	}
	if lived < 48*time.Hour || lived > 48*time.Hour+14*time.Minute {
		t.Errorf("a cursor in use lived for %v", lived)
	}
	if o.open("u", idle) {
		t.Error("an idle cursor lived as long")
	}
	short := o.keep("u", "")
	o.later(15*time.Minute - time.Second)
	if !o.open("u", short) {
		t.Error("a cursor died within 15 minutes")
	}
}

func TestAUserHasTenQueriesOpen(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	first := o.keep("u", "")
	child := o.keep("u", first)
	second := o.keep("u", "")
	other := o.keep("v", "")
	for range 8 {
		o.later(time.Minute)
		o.keep("u", "")
	}
	o.later(time.Minute)
	if !o.open("u", child) || !o.open("u", second) { // the first query is used by a page below one of its rows
		t.Fatal("ten queries do not fit")
	}
	o.later(time.Minute)
	if !o.open("u", child) {
		t.Fatal("a child's page is gone")
	}
	o.keep("u", "")
	for id, want := range map[string]bool{first: true, child: true, second: true, other: true} {
		if o.open(map[bool]string{true: "v", false: "u"}[id == other], id) != want {
			t.Errorf("cursor %s is there: %v", id, !want)
		}
	}
	third := o.keep("u", "")
	for range 9 {
		o.later(time.Minute)
		o.keep("u", "")
	}
	if o.open("u", second) || o.open("u", first) || o.open("u", child) || !o.open("u", third) {
		t.Error("the queries that were not used for longest should have given way, with all their cursors")
	}
}
