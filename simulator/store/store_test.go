package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/store"
)

type book struct {
	ID     string
	Author string
	Tags   []string
	Year   string
}

type fixture struct {
	db      *store.DB
	books   store.Table[book]
	ledgers store.Table[book]
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	schema := store.NewSchema()
	f := fixture{
		books: store.Add(schema, store.Def[book]{
			Name: "test.Book", Key: func(b *book) string { return b.ID },
			Clone: func(b book) book { b.Tags = slices.Clone(b.Tags); return b },
			Indexes: []store.Index[book]{
				{Name: "author", Values: func(b *book) []string { return []string{b.Author} }},
				{Name: "shelf", Values: func(b *book) []string { return []string{b.Author} }, Shared: true},
				{Name: "subject", Values: func(b *book) []string { return b.Tags }, Shared: true},
				{Name: "tag", Values: func(b *book) []string { return b.Tags }},
				{Name: "year", Values: func(b *book) []string { return []string{b.Year} }},
			},
		}),
		ledgers: store.Add(schema, store.Def[book]{Name: "test.Ledger", Internal: true, Key: func(b *book) string { return b.ID }}),
	}
	db, err := store.NewDB(schema)
	if err != nil {
		t.Fatal(err)
	}
	f.db = db
	return f
}

func (f fixture) put(t *testing.T, db *store.DB, books ...book) {
	t.Helper()
	tx := db.Write()
	for _, b := range books {
		f.books.Put(tx, b)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func (f fixture) keys(db *store.DB) []string {
	tx := db.Read()
	defer tx.Abort()
	keys := []string{}
	f.books.Scan(tx, func(b *book) bool {
		keys = append(keys, b.ID)
		return true
	})
	return keys
}

func TestTable(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.put(t, f.db,
		book{ID: "c", Author: "Le Guin", Year: "1974", Tags: []string{"moon", "anarchy"}},
		book{ID: "a", Author: "Le Guin", Year: "1969", Tags: []string{"ice"}},
		book{ID: "b", Author: "Le", Year: "1971"},
	)
	tx := f.db.Read()
	defer tx.Abort()
	ids := func(books []book) []string {
		out := []string{}
		for _, b := range books {
			out = append(out, b.ID)
		}
		return out
	}
	tests := []struct {
		name string
		got  []string
		want []string
	}{
		{"scan is in key order", f.keys(f.db), []string{"a", "b", "c"}},
		{"list matches whole values only", ids(f.books.List(tx, "author", "Le")), []string{"b"}},
		{"list is in key order", ids(f.books.List(tx, "author", "Le Guin")), []string{"a", "c"}},
		{"a row is found by each of its values", ids(f.books.List(tx, "tag", "anarchy")), []string{"c"}},
		{"list of nothing", ids(f.books.List(tx, "author", "nobody")), []string{}},
		{"range includes its start and not its end", ids(f.books.Range(tx, "year", "1969", "1974", 0)), []string{"a", "b"}},
		{"range without end", ids(f.books.Range(tx, "year", "1970", "", 0)), []string{"b", "c"}},
		{"range with limit", ids(f.books.Range(tx, "year", "", "", 1)), []string{"a"}},
		{"range by key", ids(f.books.Range(tx, "", "b", "", 0)), []string{"b", "c"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, tc.got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestVisitShowsSharedRowsOfARange(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.put(t, f.db, book{ID: "a"}, book{ID: "b"}, book{ID: "c"}, book{ID: "d"})
	tx := f.db.Read()
	defer tx.Abort()
	visit := func(from, to string, most int) string {
		keys := ""
		f.books.Visit(tx, from, to, func(b *book) bool {
			if shared, _ := f.books.Peek(tx, b.ID); shared != b {
				t.Errorf("row %s is a copy", b.ID)
			}
			keys += b.ID
			return len(keys) < most
		})
		return keys
	}
	for want, got := range map[string]string{"bc": visit("b", "d", 9), "cd": visit("c", "", 9), "ab": visit("", "d", 2), "": visit("e", "", 9)} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTx(t *testing.T) {
	t.Parallel()
	t.Run("what Get returned cannot alter what is stored", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		given := book{ID: "a", Tags: []string{"one"}}
		f.put(t, f.db, given)
		given.Tags[0] = "altered before reading"
		tx := f.db.Read()
		defer tx.Abort()
		got, _ := f.books.Get(tx, "a")
		got.Tags[0] = "altered after reading"
		again, _ := f.books.Get(tx, "a")
		if again.Tags[0] != "one" {
			t.Errorf("stored row became %q", again.Tags[0])
		}
	})
	t.Run("abort leaves no trace", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		tx := f.db.Write()
		f.books.Put(tx, book{ID: "a"})
		tx.Abort()
		if keys := f.keys(f.db); len(keys) != 0 {
			t.Errorf("rows after abort: %v", keys)
		}
	})
	t.Run("a write in a reading transaction is refused and sticks", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		tx := f.db.Read()
		f.books.Put(tx, book{ID: "a"})
		if err := tx.Commit(); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("commit: %v", err)
		}
	})
	t.Run("rollback to a mark undoes puts, replacements and deletes", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		f.put(t, f.db, book{ID: "kept", Year: "1"}, book{ID: "deleted", Author: "x"})
		tx := f.db.Write()
		f.books.Put(tx, book{ID: "before the mark"})
		mark := tx.Mark()
		f.books.Put(tx, book{ID: "kept", Year: "2"})
		f.books.Put(tx, book{ID: "new"})
		f.books.Delete(tx, "deleted")
		tx.RollbackTo(mark)
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"before the mark", "deleted", "kept"}, f.keys(f.db)); diff != "" {
			t.Error(diff)
		}
		read := f.db.Read()
		defer read.Abort()
		if kept, _ := f.books.Get(read, "kept"); kept.Year != "1" {
			t.Errorf("replaced row has year %q", kept.Year)
		}
		if found := f.books.List(read, "author", "x"); len(found) != 1 {
			t.Errorf("index of a restored row finds %d rows", len(found))
		}
	})
	t.Run("changes show rows before and after, without internal tables", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		f.put(t, f.db, book{ID: "a", Year: "1"})
		tx := f.db.Write()
		defer tx.Abort()
		f.books.Put(tx, book{ID: "a", Year: "2"})
		f.ledgers.Put(tx, book{ID: "hidden"})
		f.books.Delete(tx, "a")
		changes := tx.Changes()
		if len(changes) != 2 {
			t.Fatalf("got %d changes", len(changes))
		}
		if changes[0].Before.(*book).Year != "1" || changes[0].After.(*book).Year != "2" || changes[1].After != nil {
			t.Errorf("changes are %+v", changes)
		}
	})
}

func TestATransactionThatOnlyReadTakesNothingBackWhenItEnds(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	reading := f.db.Read()
	f.put(t, f.db, book{ID: "1", Author: "Le Guin", Year: "1974"})
	if err := reading.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, ok := f.books.Get(f.db.Read(), "1"); !ok {
		t.Error("what was written meanwhile is gone")
	}
}

func TestWhoVisitsMayWriteAndSeesTheRowsAsTheyWere(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	tx := f.db.Write()
	defer tx.Abort()
	var want, got []string
	for n := range 40 {
		id := fmt.Sprintf("%02d", n)
		want = append(want, id)
		f.books.Put(tx, book{ID: id, Author: "Le Guin", Year: "1974"})
	}
	f.books.Visit(tx, "", "", func(b *book) bool {
		got = append(got, b.ID)
		f.books.Put(tx, book{ID: b.ID + "-new", Author: b.Author, Year: b.Year})
		f.books.Delete(tx, fmt.Sprintf("%02d", 39-len(got)))
		return true
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("visited (-want +got):\n%s", diff)
	}
	if left := f.books.List(tx, "shelf", "Le Guin"); len(left) != 41 { // all of the new ones, and the last of the old
		t.Errorf("%d rows are left, want 41", len(left))
	}
}

func TestFork(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.put(t, f.db, book{ID: "shared"})
	fork := f.db.Fork()
	f.put(t, f.db, book{ID: "only in the origin"})
	f.put(t, fork, book{ID: "only in the fork"})
	if diff := cmp.Diff([]string{"only in the origin", "shared"}, f.keys(f.db)); diff != "" {
		t.Errorf("origin: %s", diff)
	}
	if diff := cmp.Diff([]string{"only in the fork", "shared"}, f.keys(fork)); diff != "" {
		t.Errorf("fork: %s", diff)
	}
}

func TestConcurrentWritersTakeTurns(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.put(t, f.db, book{ID: "counter"})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				tx := f.db.Write()
				row, _ := f.books.Get(tx, "counter")
				row.Tags = append(row.Tags, "x")
				f.books.Put(tx, row)
				if err := tx.Commit(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	tx := f.db.Read()
	defer tx.Abort()
	if row, _ := f.books.Get(tx, "counter"); len(row.Tags) != 400 {
		t.Errorf("400 increments left %d", len(row.Tags))
	}
}

func TestSchemaReportsEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	schema := store.NewSchema()
	def := store.Def[book]{Name: "twice", Key: func(b *book) string { return b.ID }}
	store.Add(schema, def)
	store.Add(schema, def)
	store.Add(schema, def)
	_, err := store.NewDB(schema)
	if err == nil {
		t.Fatal("no error")
	}
	want := fmt.Sprintf("%s\n%[1]s", `store: table "twice" is declared twice or too late`)
	if err.Error() != want {
		t.Errorf("got %q", err)
	}
}
