package som

import (
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Cursor is what remains of a query, or of a subquery below one row, whose rows did not fit a page.
type Cursor struct {
	// ID is the first part of the locators of its pages. Group is that of the first cursor made by the same answer.
	ID, Group string
	UserID    string
	// Text is the statement, Place the subquery in it.
	Text  string
	Place []int
	// IDs are the rows after the first page, Total is the number of all rows.
	IDs   []string
	Total int
	// Deleted says that the query sees rows in the recycle bin.
	Deleted bool
	// Batch is the number of rows of a page.
	Batch int
	// MadeAt is when the query was asked, UsedAt when a page was last.
	MadeAt, UsedAt time.Time
}

// The life of a cursor. Source: recalled; see specs/som/SOURCES.md.
const (
	cursorTouch = time.Minute
	// keptCursors is how many queries a user can have open; the one that was not used for longest gives way.
	keptCursors = 10
)

const cursorPrefix = "01g"

// CodeInvalidQueryLocator is for a page of a query that there is none of, or no longer.
const CodeInvalidQueryLocator Code = "INVALID_QUERY_LOCATOR"

// KeepCursor stores the rest of a query and returns the id of the cursor. Group is the id of an earlier cursor of the same
// answer, or empty.
func (d *SOM) KeepCursor(tx *sandbox.Tx, c Cursor) string {
	if c.Group == "" {
		d.closeCursors(tx, c.UserID)
	}
	c.ID = makeID(cursorPrefix, tx.Next("som.QueryLocator"))
	if c.Group == "" {
		c.Group = c.ID
	}
	c.MadeAt, c.UsedAt = tx.Now(), tx.Now()
	d.cursors.Put(tx.Tx, c)
	return c.ID
}

// Cursor finds a living cursor of the user. That it is used keeps it alive; this is noted once a minute.
func (d *SOM) Cursor(tx *sandbox.Tx, user, id string) (Cursor, error) {
	c, ok := d.cursors.Get(tx.Tx, id)
	if !ok || c.UserID != user || c.expired(&d.decided, tx.Now()) {
		return Cursor{}, refuse("som.soql.locator", CodeInvalidQueryLocator, "invalid query locator")
	}
	if now := tx.Now(); now.Sub(c.UsedAt) >= cursorTouch {
		c.UsedAt = now
		d.cursors.Put(tx.Tx, c)
	}
	return c, nil
}

func (c *Cursor) expired(how *decisions, now time.Time) bool {
	return now.Sub(c.UsedAt) >= how.cursorIdle || now.Sub(c.MadeAt) >= how.cursorLife
}

// closeCursors makes room for one more query of the user.
func (d *SOM) closeCursors(tx *sandbox.Tx, user string) {
	var groups []Cursor
	all := d.cursors.List(tx.Tx, cursorUser, user)
	for _, c := range all {
		switch i := slices.IndexFunc(groups, func(g Cursor) bool { return g.Group == c.Group }); {
		case c.expired(&d.decided, tx.Now()):
			d.cursors.Delete(tx.Tx, c.ID)
		case i < 0:
			groups = append(groups, c)
		case groups[i].UsedAt.Before(c.UsedAt):
			groups[i].UsedAt = c.UsedAt
		}
	}
	if len(groups) < keptCursors {
		return
	}
	oldest := slices.MinFunc(groups, func(a, b Cursor) int {
		if order := a.UsedAt.Compare(b.UsedAt); order != 0 {
			return order
		}
		return strings.Compare(a.Group, b.Group)
	})
	for _, c := range all {
		if c.Group == oldest.Group {
			d.cursors.Delete(tx.Tx, c.ID)
		}
	}
}

// cursorUser is the index of cursors by user.
const cursorUser = "user"
