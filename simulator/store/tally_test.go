package store_test

import (
	"sync"
	"testing"

	"github.com/somsim/somsim/simulator/store"
)

func TestTallies(t *testing.T) {
	t.Parallel()
	db := tallied(t)
	steps := []struct {
		name        string
		first, slot int64
		most, want  int
		counted     bool
	}{
		{"the first", 1, 5, 3, 1, true},
		{"one more in the slot", 1, 5, 3, 2, true},
		{"one in another", 1, 6, 3, 3, true},
		{"one too many", 1, 7, 3, 3, false},
		{"slots that no longer count", 6, 8, 3, 2, true},
		{"forgotten slots do not come back", 1, 8, 9, 3, true},
		{"a slot that lies back", 6, 6, 9, 4, true},
	}
	for _, step := range steps {
		if n, counted := db.Tally("calls", step.first, step.slot, step.most); n != step.want || counted != step.counted {
			t.Errorf("%s: %d %v, want %d %v", step.name, n, counted, step.want, step.counted)
		}
	}
	if n := db.Tallied("other", 0); n != 0 {
		t.Errorf("another kind has %d", n)
	}
	fork := db.Fork()
	fork.Tally("calls", 6, 9, 99)
	if here, there := db.Tallied("calls", 0), fork.Tallied("calls", 0); here != 4 || there != 5 {
		t.Errorf("%d, and %d in the fork", here, there)
	}
}

func TestTalliesNeverExceedTheirBound(t *testing.T) {
	t.Parallel()
	db := tallied(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				db.Tally("calls", 0, 0, 500)
			}
		})
	}
	wg.Wait()
	if n := db.Tallied("calls", 0); n != 500 {
		t.Errorf("800 tries count %d", n)
	}
}

// tallied is a database to tally beside.
func tallied(t *testing.T) *store.DB {
	t.Helper()
	schema := store.NewSchema()
	store.Add(schema, store.Def[struct{}]{Name: "test.Nothing", Key: func(*struct{}) string { return "nothing" }})
	db, err := store.NewDB(schema)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
