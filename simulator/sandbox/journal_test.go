package sandbox_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestJournalIsBoundedByBytes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *sandbox.Config) { c.JournalBytes = 10_000 })
	w := f.create(t, "w", manual())
	for i := range 100 {
		record(t, w, fmt.Sprintf("/%d/%s", i, strings.Repeat("x", 500)))
	}
	entries, stats := w.Journal(journal.Query{})
	if stats.Bytes > 10_000 || stats.Evicted != int64(100-len(entries)) || len(entries) == 0 {
		t.Errorf("%d entries, %+v", len(entries), stats)
	}
	if last := entries[len(entries)-1]; last.Seq != 100 {
		t.Errorf("the newest entry is %d", last.Seq)
	}
	e := journal.Entry{System: "test", Path: "/huge", RequestBody: strings.Repeat("x", 20_000), Rule: "test.rule"}
	w.Open(&e)
	w.Close(&e)
	entries, stats = w.Journal(journal.Query{})
	last := entries[len(entries)-1]
	if last.Path != "/huge" || last.Rule != "test.rule" || last.RequestBody != "" || last.Omitted < 20_000 || stats.Bytes > 10_000 {
		t.Errorf("an entry larger than the bound leaves %+v, %+v", last, stats)
	}
}

func TestAllJournalsTogetherAreBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *sandbox.Config) { c.JournalBytes = 5_000 })
	var all []*sandbox.World
	for i := range 12 {
		all = append(all, f.create(t, fmt.Sprintf("w%d", i), manual()))
		for range 20 {
			record(t, all[i], strings.Repeat("x", 300))
			if j := f.worlds.Journals(); j.Bytes > j.Limit || j.Limit != 40_000 {
				t.Fatalf("all journals: %+v", j)
			}
		}
	}
	if entries, stats := all[0].Journal(journal.Query{}); len(entries) != 0 || stats.Evicted != 20 {
		t.Errorf("the oldest sandbox keeps %d entries, %+v", len(entries), stats)
	}
	if entries, _ := all[11].Journal(journal.Query{}); len(entries) == 0 {
		t.Error("the newest sandbox keeps nothing")
	}
	for i := range all {
		if err := f.worlds.Delete(fmt.Sprintf("w%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if j := f.worlds.Journals(); j.Bytes != 0 || j.Evicted == 0 {
		t.Errorf("without sandboxes: %+v", j)
	}
}

func TestRefusedSandboxesTakeNoRoom(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	origin := f.create(t, "origin", manual())
	record(t, origin, "/")
	before := f.worlds.Journals().Bytes
	if _, err := f.worlds.Create("origin", sandbox.Options{From: "origin"}); err == nil {
		t.Fatal("a name was given twice")
	}
	f.create(t, "fork", sandbox.Options{From: "origin"})
	if err := f.worlds.Delete("origin"); err != nil {
		t.Fatal(err)
	}
	if after := f.worlds.Journals().Bytes; after != before {
		t.Errorf("what the fork keeps of its origin counts %d bytes, was %d", after, before)
	}
}

func TestJournalIsInTheOrderOfOpening(t *testing.T) {
	t.Parallel()
	w := newFixture(t).create(t, "w", manual())
	slow, quick := journal.Entry{Path: "/slow"}, journal.Entry{Path: "/quick"}
	w.Open(&slow)
	w.Open(&quick)
	for _, e := range []*journal.Entry{&quick, &slow} {
		w.Close(e)
	}
	entries, _ := w.Journal(journal.Query{})
	if len(entries) != 2 || entries[0].Path != "/slow" || entries[1].Path != "/quick" {
		t.Errorf("got %+v", entries)
	}
	if first, _ := w.Journal(journal.Query{Limit: 1}); len(first) != 1 || first[0].Path != "/slow" {
		t.Errorf("the first is %+v", first)
	}
}

func TestManyWaitersSeeEveryExchangeOnce(t *testing.T) {
	t.Parallel()
	w := newFixture(t).create(t, "w", manual())
	const workers, each = 6, 40
	seen := make(chan error, workers)
	for i := range workers {
		go func() {
			operation := fmt.Sprintf("op%d", i)
			n, err := w.Await(t.Context(), journal.Query{Operation: operation}, each, i%2 == 0)
			if n > each {
				err = fmt.Errorf("%s was seen %d times", operation, n)
			}
			seen <- err
		}()
	}
	for i := range workers {
		go func() {
			for range each {
				e := journal.Entry{System: "test", Operation: fmt.Sprintf("op%d", i)}
				w.Open(&e)
				w.Struck(&e, "fault")
				e.Rule, e.Children = "test.rule", []journal.Entry{{Operation: "child"}}
				w.Close(&e)
			}
		}()
	}
	for range workers {
		if err := <-seen; err != nil {
			t.Error(err)
		}
	}
	if n, err := w.Await(t.Context(), journal.Query{Fault: "fault"}, workers*each, false); n != workers*each || err != nil {
		t.Errorf("all in all %d, %v", n, err)
	}
}

func TestAwait(t *testing.T) {
	t.Parallel()
	w := newFixture(t).create(t, "w", manual())
	open := journal.Entry{System: "test", Operation: "slow"}
	w.Open(&open)
	if n, err := w.Await(t.Context(), journal.Query{Operation: "slow"}, 1, true); n != 1 || err != nil {
		t.Errorf("an exchange under way: %d, %v", n, err)
	}
	expired, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Await(expired, journal.Query{Operation: "slow"}, 1, false); err == nil {
		t.Error("an exchange under way counted as closed")
	}
	waited := make(chan error)
	go func() {
		_, err := w.Await(t.Context(), journal.Query{Operation: "slow", Fault: "parked"}, 1, true)
		waited <- err
	}()
	w.Struck(&open, "parked")
	if err := <-waited; err != nil {
		t.Error(err)
	}
	w.Close(&open)
	if n, err := w.Await(t.Context(), journal.Query{Operation: "slow"}, 1, false); n != 1 || err != nil {
		t.Errorf("a closed exchange: %d, %v", n, err)
	}
}
