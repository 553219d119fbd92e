package command

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops/guest"
)

var guestsOrder = guest.Order{Sandbox: "s", Site: "RefArch", OrderNo: "1"}

func testGuestTries(t *testing.T, b bench) {
	t.Helper()
	s := b.open("a")
	try := func(tally guest.Tally, at time.Time) bool {
		t.Helper()
		allowed, until, err := s.Try(t.Context(), guestsOrder, tally, 2, at, time.Hour)
		if err != nil || !allowed && !until.Equal(noon.Add(time.Hour)) {
			t.Fatalf("until %s, %v", until, err)
		}
		return allowed
	}
	for i, want := range []bool{true, true, false} {
		if got := try(guest.TallyCodes, noon.Add(time.Duration(i)*time.Minute)); got != want {
			t.Errorf("try %d is allowed: %t", i+1, got)
		}
	}
	if !try(guest.TallyRequests, noon) {
		t.Error("tries of another kind are not counted apart")
	}
	if err := s.Forgive(t.Context(), guestsOrder, guest.TallyCodes); err != nil {
		t.Fatal(err)
	}
	if !try(guest.TallyCodes, noon.Add(5*time.Minute)) || !try(guest.TallyCodes, noon.Add(time.Hour)) {
		t.Error("neither a try that was taken back nor a window that is over counts")
	}
}

func testGuestAccess(t *testing.T, b bench) {
	t.Helper()
	s := b.open("a")
	if err := s.Grant(t.Context(), "hash", guestsOrder, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		hash  string
		at    time.Time
		found bool
	}{{"hash", noon, true}, {"hash", noon.Add(time.Hour), false}, {"other", noon, false}} {
		o, found, err := s.Granted(t.Context(), tc.hash, tc.at)
		if err != nil || found != tc.found || found && o != guestsOrder {
			t.Errorf("%s at %s: %+v %t %v", tc.hash, tc.at, o, found, err)
		}
	}
	if err := s.forgetGuests(t.Context(), "s", noon.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, found, err := s.Granted(t.Context(), "hash", noon); found || err != nil {
		t.Errorf("an access that has ended is kept: %v", err)
	}
}

func testSnapshots(t *testing.T, b bench) {
	t.Helper()
	s := b.open("a")
	keep := func(sandbox, no, body string, at time.Time) {
		t.Helper()
		if err := s.KeepSnapshot(t.Context(), sandbox, Sealed{OrderNo: no, Body: body, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	keep("s", "1", "old", noon.Add(-time.Hour))
	keep("s", "1", "new", noon)
	keep("s", "2", "early", noon.Add(-2*time.Hour))
	keep("other", "1", "elsewhere", noon)
	find := func() []Sealed {
		t.Helper()
		found, err := s.Snapshots(t.Context(), "s", []string{"1", "2", "3"}, noon.Add(-time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if diff := cmp.Diff([]Sealed{{"1", "new", noon}}, find()); diff != "" {
		t.Error(diff)
	}
	if err := s.forgetSnapshots(t.Context(), "s", noon.Add(time.Hour)); err != nil || len(find()) != 0 {
		t.Errorf("old snapshots are kept: %v", err)
	}
}

func testReturnWindows(t *testing.T, b bench) {
	t.Helper()
	s := b.open("a")
	keep := func(w ReturnWindow) {
		t.Helper()
		w.OrderNo, w.LineID = "1", "line"
		if err := s.KeepReturnWindows(t.Context(), "s", []ReturnWindow{w}, noon); err != nil {
			t.Fatal(err)
		}
	}
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	keep(ReturnWindow{Terms: "first"})
	keep(ReturnWindow{Terms: "second", AnchorAt: day(2), Provisional: true, By: day(16)})
	keep(ReturnWindow{Terms: "third", AnchorAt: day(1), By: day(15)})
	found, err := s.ReturnWindows(t.Context(), "s", []string{"1"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := []ReturnWindow{{OrderNo: "1", LineID: "line", Terms: "first", AnchorAt: day(2), Provisional: true, By: day(16)}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
	if none, err := s.ReturnWindows(t.Context(), "s", []string{"1"}, noon.Add(-time.Hour)); err != nil || len(none) != 0 {
		t.Errorf("what is captured later is known before: %v %v", none, err)
	}
	if err := s.forgetReturnWindows(t.Context(), "s", day(800)); err != nil {
		t.Fatal(err)
	}
	if none, err := s.ReturnWindows(t.Context(), "s", []string{"1"}, day(800)); err != nil || len(none) != 0 {
		t.Errorf("what nobody can ask for is kept: %v %v", none, err)
	}
}
