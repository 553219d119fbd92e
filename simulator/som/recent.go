package som

import (
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// keptRecent is how many rows an org remembers of each user's work, as RecentlyViewed does.
const keptRecent = 200

// recentRow is what a user had to do with lately, newest first.
type recentRow struct {
	UserID string
	IDs    []string
}

// Viewed remembers that a user read or wrote a row by its id.
func (d *SOM) Viewed(tx *sandbox.Tx, user, id string) {
	user = userOrDefault(user)
	seen, _ := d.recent.Get(tx.Tx, user)
	if len(seen.IDs) > 0 && seen.IDs[0] == id {
		return // reading the same row again and again writes nothing
	}
	ids := append(make([]string, 0, len(seen.IDs)+1), id)
	for _, other := range seen.IDs {
		if other != id && len(ids) < keptRecent {
			ids = append(ids, other)
		}
	}
	d.recent.Put(tx.Tx, recentRow{UserID: user, IDs: ids})
}

// Recent lists what a user read or wrote lately and what is still there, newest first; of one object, or of all when it
// is empty.
func (d *SOM) Recent(tx *sandbox.Tx, user, object string, limit int) []*sobject.Record {
	seen, _ := d.recent.Get(tx.Tx, userOrDefault(user))
	var rows []*sobject.Record
	for _, id := range slices.Clone(seen.IDs) {
		r, ok := d.Rows(tx).Get(id)
		if !ok || deleted(r) || object != "" && r.Object != object {
			continue
		}
		if rows = append(rows, r); len(rows) == limit {
			break
		}
	}
	return rows
}
