package store_test

import (
	"runtime"
	"sync"
	"testing"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/store"
)

type line struct {
	Number int64
	Text   string
	Weight int64
}

// logs makes databases whose lines weigh what they say.
func logs(t *testing.T, each, all int64) (*store.Schema, store.Log[line]) {
	t.Helper()
	schema := store.NewSchema()
	store.Add(schema, store.Def[line]{Name: "test.Table", Key: func(l *line) string { return l.Text }})
	lines := store.AddLog(schema, store.LogDef[line]{
		Name: "test.Lines", Size: func(l *line) int64 { return l.Weight }, Number: func(l *line) int64 { return l.Number },
	})
	lines.Limit(each, all)
	return schema, lines
}

func open(t *testing.T, schema *store.Schema) *store.DB {
	t.Helper()
	db, err := store.NewDB(schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func texts(l store.Log[line], db *store.DB, from store.Position) (store.Position, []string) {
	found := []string{}
	end := l.Scan(db, from, func(e *line) bool {
		found = append(found, e.Text)
		return true
	})
	return end, found
}

func TestLogDropsItsOldestEntries(t *testing.T) {
	t.Parallel()
	schema, lines := logs(t, 30, 1000)
	db := open(t, schema)
	for i, text := range []string{"a", "b", "c", "d"} {
		lines.Append(db, &line{Number: int64(i + 1), Text: text, Weight: 10})
	}
	if _, got := texts(lines, db, 0); !cmp.Equal(got, []string{"b", "c", "d"}) {
		t.Errorf("it holds %v", got)
	}
	if diff := cmp.Diff(store.LogStats{Bytes: 30, Evicted: 1, Last: 4}, lines.Stats(db)); diff != "" {
		t.Error(diff)
	}
	lines.Append(db, &line{Number: 5, Text: "e", Weight: 25})
	if _, got := texts(lines, db, 0); !cmp.Equal(got, []string{"e"}) {
		t.Errorf("a large entry leaves %v", got)
	}
	lines.Append(db, &line{Number: 6, Text: "too large", Weight: 31})
	if diff := cmp.Diff(store.LogStats{Bytes: 25, Evicted: 5, Last: 6}, lines.Stats(db)); diff != "" {
		t.Error(diff)
	}
}

func TestLogIsReadFromWhereOneHasStopped(t *testing.T) {
	t.Parallel()
	schema, lines := logs(t, 30, 1000)
	db := open(t, schema)
	add := func(text string, weight int64) { lines.Append(db, &line{Text: text, Weight: weight}) }
	add("a", 10)
	add("b", 10)
	at, _ := texts(lines, db, 0)
	add("c", 10)
	add("too large", 31)
	add("d", 10)
	at, got := texts(lines, db, at)
	if !cmp.Equal(got, []string{"c", "d"}) {
		t.Errorf("read on: %v", got)
	}
	if _, got = texts(lines, db, at); len(got) != 0 {
		t.Errorf("there is more: %v", got)
	}
	stopped := lines.Scan(db, 0, func(*line) bool { return false })
	if _, got = texts(lines, db, stopped); !cmp.Equal(got, []string{"c", "d"}) {
		t.Errorf("after the first: %v", got)
	}
}

func TestForksShareEntriesAndCountThemOnce(t *testing.T) {
	t.Parallel()
	schema, lines := logs(t, 100, 1000)
	origin := open(t, schema)
	lines.Append(origin, &line{Text: "shared", Weight: 10})
	fork := origin.Fork()
	lines.Append(origin, &line{Text: "origin", Weight: 20})
	lines.Append(fork, &line{Text: "fork", Weight: 40})
	if _, got := texts(lines, origin, 0); !cmp.Equal(got, []string{"shared", "origin"}) {
		t.Errorf("origin: %v", got)
	}
	if _, got := texts(lines, fork, 0); !cmp.Equal(got, []string{"shared", "fork"}) {
		t.Errorf("fork: %v", got)
	}
	if bytes, _ := lines.All(); bytes != 70 {
		t.Errorf("all logs hold %d bytes", bytes)
	}
	lines.Append(origin, &line{Text: "new", Weight: 90})
	if bytes, _ := lines.All(); bytes != 140 {
		t.Errorf("all logs hold %d bytes when the origin has dropped what the fork still has", bytes)
	}
	fork.Close()
	if bytes, _ := lines.All(); bytes != 90 {
		t.Errorf("all logs hold %d bytes without the fork", bytes)
	}
	lines.Append(fork, &line{Text: "late", Weight: 10})
	if bytes, _ := lines.All(); bytes != 90 {
		t.Errorf("all logs hold %d bytes after an entry nobody can read", bytes)
	}
}

func TestAllLogsTogetherDropWhatIsOldestAnywhere(t *testing.T) {
	t.Parallel()
	schema, lines := logs(t, 60, 100)
	first, second := open(t, schema), open(t, schema)
	for _, text := range []string{"1", "2", "3"} {
		lines.Append(first, &line{Text: text, Weight: 20})
	}
	fork := first.Fork()
	t.Cleanup(fork.Close)
	for _, text := range []string{"4", "5", "6"} {
		lines.Append(second, &line{Text: text, Weight: 20})
	}
	for name, db := range map[string]*store.DB{"first": first, "its fork": fork} {
		if _, got := texts(lines, db, 0); !cmp.Equal(got, []string{"2", "3"}) {
			t.Errorf("%s holds %v", name, got)
		}
	}
	if _, got := texts(lines, second, 0); !cmp.Equal(got, []string{"4", "5", "6"}) {
		t.Errorf("the second holds %v", got)
	}
	if bytes, evicted := lines.All(); bytes != 100 || evicted != 2 {
		t.Errorf("all logs hold %d bytes and gave up %d entries, one in each of two sandboxes", bytes, evicted)
	}
}

func TestEvictedEntriesAreUnreachable(t *testing.T) {
	t.Parallel()
	schema, lines := logs(t, 1000, 1000)
	db := open(t, schema)
	fork := db.Fork()
	gone := weak.Pointer[line]{}
	func() {
		e := &line{Text: "gone", Weight: 10}
		gone = weak.Make(e)
		lines.Append(db, e)
		lines.Append(fork, e)
	}()
	for range 200 {
		lines.Append(db, &line{Weight: 10})
		lines.Append(fork, &line{Weight: 10})
	}
	runtime.GC()
	if gone.Value() != nil {
		t.Error("something holds on to an entry that was evicted everywhere")
	}
	runtime.KeepAlive(db)
}

func TestLogsKeepTheirBoundsUnderConcurrency(t *testing.T) {
	t.Parallel()
	const each, all = 500, 1200
	schema, lines := logs(t, each, all)
	dbs := []*store.DB{open(t, schema), open(t, schema), open(t, schema), open(t, schema)}
	check := func(db *store.DB) {
		if s := lines.Stats(db); s.Bytes > each || s.Bytes < 0 {
			t.Errorf("a log holds %d bytes", s.Bytes)
		}
		if bytes, _ := lines.All(); bytes > all || bytes < 0 {
			t.Errorf("all logs hold %d bytes", bytes)
		}
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			db := dbs[worker%len(dbs)]
			for i := range 400 {
				lines.Append(db, &line{Number: int64(i), Weight: int64(i%90 + 1)})
				if i%50 == 0 {
					fork := db.Fork()
					lines.Append(fork, &line{Weight: 5})
					check(fork)
					fork.Close()
				}
				check(db)
			}
		})
	}
	wg.Wait()
	var sum int64
	for _, db := range dbs {
		lines.Scan(db, 0, func(l *line) bool {
			sum += l.Weight
			return true
		})
	}
	if bytes, _ := lines.All(); bytes != sum {
		t.Errorf("all logs hold %d bytes by the books, and %d by what is in them", bytes, sum)
	}
}
