package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops"
)

func TestManyAtOnceOnSQLite(t *testing.T) {
	t.Parallel()
	// A SQLite file belongs to one instance.
	concurrency(t, sqlite, []string{"only"})
}

// concurrency is what every database has to do when many callers of the given instances come at once.
func concurrency(t *testing.T, open opener, instances []string) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, []*Store){
		"one of many equal requests begins":              raceForKey,
		"one of many requests for an order begins":       raceForOrder,
		"one of many notes an intent first":              raceForIntent,
		"one of many retries an item":                    raceForItem,
		"effects settled at once are all remembered":     raceToSettle,
		"due work is done once, an order's one by one":   raceToTick,
		"opening the tables at once works for everybody": raceToOpen,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			var stores []*Store
			for _, instance := range instances {
				stores = append(stores, b.open(instance))
			}
			test(t, stores)
		})
	}
}

// atOnce calls f many times at once, each instance's store in turn.
func atOnce(stores []*Store, times int, f func(i int, s *Store)) {
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i := range times {
		done.Go(func() {
			ready.Wait()
			f(i, stores[i%len(stores)])
		})
	}
	ready.Done()
	done.Wait()
}

const crowd = 12

// tally counts results.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *tally) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	c.counts[what]++
}

func (c *tally) want(t *testing.T, want map[string]int) {
	t.Helper()
	if len(want)+len(c.counts) > 0 && fmt.Sprint(want) != fmt.Sprint(c.counts) {
		t.Errorf("got %v, want %v", c.counts, want)
	}
}

func raceForKey(t *testing.T, stores []*Store) {
	t.Helper()
	var got tally
	var ids sync.Map
	atOnce(stores, crowd, func(i int, s *Store) {
		row, fresh, err := s.begin(t.Context(), fmt.Sprint(i), order("1", "k"), noon)
		got.add(fmt.Sprint(fresh, err))
		ids.Store(row.ID, true)
	})
	got.want(t, map[string]int{"true <nil>": 1, "false <nil>": crowd - 1})
	n := 0
	ids.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("callers were told of %d commands, want one", n)
	}
}

func raceForOrder(t *testing.T, stores []*Store) {
	t.Helper()
	var got tally
	atOnce(stores, crowd, func(i int, s *Store) {
		_, fresh, err := s.begin(t.Context(), fmt.Sprint(i), order("1", fmt.Sprint("k", i)), noon)
		got.add(fmt.Sprint(fresh, err))
	})
	got.want(t, map[string]int{"true <nil>": 1, fmt.Sprint(false, errOtherOpen): crowd - 1})
}

func raceForIntent(t *testing.T, stores []*Store) {
	t.Helper()
	var got tally
	atOnce(stores, crowd, func(_ int, s *Store) {
		first, err := s.first(t.Context(), "w", "submit")
		got.add(fmt.Sprint(first, err))
	})
	got.want(t, map[string]int{"true <nil>": 1, "false <nil>": crowd - 1})
}

func raceForItem(t *testing.T, stores []*Store) {
	t.Helper()
	_, item := givenUp(t, stores[0], "1")
	var got tally
	atOnce(stores, crowd, func(_ int, s *Store) { got.add(fmt.Sprint(s.retry(t.Context(), item.ID, "ada", noon))) })
	got.want(t, map[string]int{"<nil>": 1, ErrItemNotOpen.Error(): crowd - 1})
}

func raceToSettle(t *testing.T, stores []*Store) {
	t.Helper()
	s := stores[0]
	row := begin(t, s, order("1", "k"))
	owing(t, s, row, crowd)
	rows, err := s.db.query(t.Context(), `SELECT id, effect FROM ops_due`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var due []dueRow
	for rows.Next() {
		d := dueRow{commandID: row.ID}
		if err := rows.Scan(&d.id, &d.Effect); err != nil {
			t.Fatal(err)
		}
		due = append(due, d)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	atOnce(stores, crowd, func(i int, s *Store) {
		if err := s.settle(t.Context(), row, due[i], EffectResult{State: orderops.EffectDone}, nil, noon); err != nil {
			t.Error(err)
		}
	})
	for i, e := range effectsOf(t, s, row.ID) {
		if e.State != orderops.EffectDone {
			t.Errorf("effect %d is %s: its result was lost", i, e.State)
		}
	}
}

func raceToOpen(t *testing.T, stores []*Store) {
	t.Helper()
	atOnce(stores, crowd, func(_ int, s *Store) {
		if _, err := OpenStore(t.Context(), s.db, s.instance); err != nil {
			t.Error(err)
		}
	})
}

// counting is a handler that counts how often each effect is performed and whether one order's ever are at the same time.
type counting struct {
	performed, together tally

	mu   sync.Mutex
	busy map[string]bool
}

func (*counting) Run(context.Context, Run, Row, json.RawMessage) (Result, error) {
	return Result{}, errors.New("not asked for")
}

func (c *counting) Perform(_ context.Context, row Row, due Due) EffectResult {
	c.mu.Lock()
	if c.busy[row.OrderNo] {
		c.together.add(row.OrderNo)
	}
	c.busy[row.OrderNo] = true
	c.mu.Unlock()
	c.performed.add(fmt.Sprint(row.OrderNo, due.Effect))
	c.mu.Lock()
	c.busy[row.OrderNo] = false
	c.mu.Unlock()
	return EffectResult{State: orderops.EffectDone}
}

type fixedClock struct{}

func (fixedClock) Now(context.Context) time.Time { return noon }

func raceToTick(t *testing.T, stores []*Store) {
	t.Helper()
	const orders, effects = 8, 3
	handler := &counting{busy: map[string]bool{}}
	want := map[string]int{}
	for i := range orders {
		row := begin(t, stores[0], order(fmt.Sprint("o", i), "k"))
		owing(t, stores[0], row, effects)
		for j := range effects {
			want[fmt.Sprint(row.OrderNo, j)] = 1
		}
	}
	engines := map[*Store]*Engine{}
	for _, s := range stores {
		engines[s] = NewEngine(Options{
			Store: s, Clock: fixedClock{}, Handlers: map[orderops.Action]Handler{orderops.ActionCancel: handler}, Log: slog.New(slog.DiscardHandler),
		})
	}
	atOnce(stores, crowd, func(_ int, s *Store) {
		if _, err := engines[s].Tick(t.Context(), "s", noon); err != nil {
			t.Error(err)
		}
	})
	// A tick leaves alone what another has in hand, so there may be a rest.
	if _, err := engines[stores[0]].Tick(t.Context(), "s", noon); err != nil {
		t.Error(err)
	}
	handler.performed.want(t, want)
	handler.together.want(t, nil)
	if at, err := stores[0].earliestDue(t.Context(), "s"); at != nil || err != nil {
		t.Errorf("still due at %v, %v", at, err)
	}
}
