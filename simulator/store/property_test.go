package store_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/store"
)

// branch is a database beside a plain map of what should be in it.
type branch struct {
	db   *store.DB
	want map[string]string
	// open is the transaction under way, with what would be in the database if it committed now.
	open    *store.Tx
	pending map[string]string
	marks   []mark
}

type mark struct {
	at   store.Mark
	rows map[string]string
}

// forest is any number of forks of one database, each with its own course.
type forest struct {
	books    store.Table[book]
	branches []*branch
}

func (f *forest) some(t *rapid.T) *branch { return rapid.SampledFrom(f.branches).Draw(t, "branch") }

func (f *forest) begin(t *rapid.T) {
	if b := f.some(t); b.open == nil {
		b.open, b.pending = b.db.Write(), maps.Clone(b.want)
	}
}

func (f *forest) put(t *rapid.T) {
	if b := f.some(t); b.open != nil {
		key, author := rapid.StringMatching(`[a-e]`).Draw(t, "key"), rapid.StringMatching(`[xyz]?`).Draw(t, "author")
		f.books.Put(b.open, book{ID: key, Author: author})
		b.pending[key] = author
	}
}

func (f *forest) remove(t *rapid.T) {
	b := f.some(t)
	if b.open == nil {
		return
	}
	key := rapid.StringMatching(`[a-e]`).Draw(t, "key")
	_, there := b.pending[key]
	if got := f.books.Delete(b.open, key); got != there {
		t.Fatalf("delete of %s says %v", key, got)
	}
	delete(b.pending, key)
}

func (f *forest) mark(t *rapid.T) {
	if b := f.some(t); b.open != nil {
		b.marks = append(b.marks, mark{b.open.Mark(), maps.Clone(b.pending)})
	}
}

func (f *forest) rollback(t *rapid.T) {
	b := f.some(t)
	if b.open == nil || len(b.marks) == 0 {
		return
	}
	n := rapid.IntRange(0, len(b.marks)-1).Draw(t, "mark")
	b.open.RollbackTo(b.marks[n].at)
	b.pending, b.marks = maps.Clone(b.marks[n].rows), b.marks[:n+1]
}

func (f *forest) commit(t *rapid.T) {
	if b := f.some(t); b.open != nil {
		if err := b.open.Commit(); err != nil {
			t.Fatal(err)
		}
		b.want, b.open, b.marks = b.pending, nil, nil
	}
}

func (f *forest) abort(t *rapid.T) {
	if b := f.some(t); b.open != nil {
		b.open.Abort()
		b.open, b.marks = nil, nil
	}
}

// fork takes what is committed, and nothing of a transaction under way.
func (f *forest) fork(t *rapid.T) {
	if b := f.some(t); len(f.branches) < 6 {
		f.branches = append(f.branches, &branch{db: b.db.Fork(), want: maps.Clone(b.want)})
	}
}

func (f *forest) check(t *rapid.T) {
	for i, b := range f.branches {
		tx := b.db.Read()
		f.compare(t, fmt.Sprintf("database %d", i), tx, b.want)
		tx.Abort()
		if b.open != nil {
			f.compare(t, fmt.Sprintf("the transaction in database %d", i), b.open, b.pending)
		}
	}
}

// compare looks at rows by key and by index.
func (f *forest) compare(t *rapid.T, what string, tx *store.Tx, want map[string]string) {
	got, byAuthor := map[string]string{}, map[string][]string{}
	f.books.Scan(tx, func(b *book) bool {
		got[b.ID] = b.Author
		return true
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s: %s", what, diff)
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		byAuthor[want[key]] = append(byAuthor[want[key]], key)
	}
	for _, author := range []string{"", "x", "y", "z"} {
		for _, index := range []string{"author", "shelf"} {
			var found []string
			for _, b := range f.books.List(tx, index, author) {
				found = append(found, b.ID)
			}
			if diff := cmp.Diff(byAuthor[author], found); diff != "" {
				t.Fatalf("%s, author %q by %s: %s", what, author, index, diff)
			}
		}
	}
}

func TestForksAndTransactionsSeeNothingOfEachOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		base := newFixture(t)
		f := &forest{books: base.books, branches: []*branch{{db: base.db, want: map[string]string{}}}}
		rt.Repeat(map[string]func(*rapid.T){
			"begin": f.begin, "put": f.put, "put again": f.put, "remove": f.remove, "mark": f.mark, "rollback": f.rollback,
			"commit": f.commit, "abort": f.abort, "fork": f.fork, "": f.check,
		})
	})
}
