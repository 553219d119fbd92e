package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/store"
)

// byIndex lists the ids of the books that have a value in an index.
func (f fixture) byIndex(tx *store.Tx, index, value string) []string {
	ids := []string{}
	for _, b := range f.books.List(tx, index, value) {
		ids = append(ids, b.ID)
	}
	return ids
}

// TestASharedIndexFindsWhatAnOrdinaryOneFinds has hundreds of books of few authors come, change and go, with transactions that are dropped or
// taken back in part among them.
func TestASharedIndexFindsWhatAnOrdinaryOneFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := newFixture(t)
		id := rapid.IntRange(0, 400)
		author := rapid.SampledFrom([]string{"x", "xy", ""})
		tags := rapid.SliceOfN(rapid.SampledFrom([]string{"sea", "seal", "sea"}), 0, 3)
		for range rapid.IntRange(1, 4).Draw(rt, "transactions") {
			tx := f.db.Write()
			mark := tx.Mark()
			for n := range rapid.IntRange(1, 500).Draw(rt, "changes") {
				switch key := fmt.Sprintf("%03d", id.Draw(rt, "id")); {
				case n%5 == 4:
					f.books.Delete(tx, key)
				default:
					f.books.Put(tx, book{ID: key, Author: author.Draw(rt, "author"), Tags: tags.Draw(rt, "tags")})
				}
				if n == 100 {
					mark = tx.Mark()
				}
			}
			switch rapid.SampledFrom([]string{"commit", "commit", "abort", "back"}).Draw(rt, "end") {
			case "abort":
				tx.Abort()
				continue
			case "back":
				tx.RollbackTo(mark)
			}
			if err := tx.Commit(); err != nil {
				rt.Fatal(err)
			}
		}
		f.compareIndexes(rt)
	})
}

func (f fixture) compareIndexes(t *rapid.T) {
	tx := f.db.Read()
	defer tx.Abort()
	for ordinary, shared := range map[string]string{"author": "shelf", "tag": "subject"} {
		for _, value := range []string{"", "x", "xy", "sea", "seal", "se"} {
			if diff := cmp.Diff(f.byIndex(tx, ordinary, value), f.byIndex(tx, shared, value)); diff != "" {
				t.Errorf("%q by %s and %s: %s", value, ordinary, shared, diff)
			}
		}
	}
}

func TestASharedIndexKeepsManyKeysThatComeInOrder(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var want []string
	for n := range 1000 {
		id := fmt.Sprintf("%04d", n)
		want = append(want, id)
		f.put(t, f.db, book{ID: id, Author: "x"})
	}
	tx := f.db.Read()
	defer tx.Abort()
	if diff := cmp.Diff(want, f.byIndex(tx, "shelf", "x")); diff != "" {
		t.Error(diff)
	}
}
