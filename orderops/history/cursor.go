package history

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
)

// cursor is where in a customer's orders a page begins: behind the order that was looked at last, which was placed at At,
// and behind the others of that instant that were looked at: Skip in all, of which the last are named in Seen.
type cursor struct {
	At   time.Time `json:"a"`
	Skip int       `json:"n"`
	Seen []string  `json:"s"`
	// Query is the fingerprint of what was asked for: a cursor goes on with the same.
	Query string `json:"q"`
}

// cursor reads the cursor of a query. The error is a refusal.
func (q Query) cursor() (cursor, error) {
	if q.Cursor == "" {
		return cursor{}, nil
	}
	var c cursor
	raw, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || json.Unmarshal(raw, &c) != nil || c.At.IsZero() || c.Skip < 0 || len(c.Seen) > maxSeen {
		return cursor{}, orderops.Refuse(orderops.InvalidRequest, "cursor is not one that a page gave")
	}
	if c.Query != q.fingerprint() {
		return cursor{}, orderops.Refuse(orderops.InvalidRequest, "cursor belongs to a page with other filters")
	}
	return c, nil
}

// maxSeen is how many orders a cursor names.
const maxSeen = 20

// String writes a cursor as callers get it.
func (c cursor) String() string {
	raw, _ := json.Marshal(c) // plain texts and an instant cannot fail
	return base64.RawURLEncoding.EncodeToString(raw)
}

// before says that an order was on a page before.
func (c cursor) before(d b2cclient.Document) bool {
	return !c.At.IsZero() && (d.Order.CreationDate.After(c.At) || slices.Contains(c.Seen, d.Order.OrderNo))
}

// after is the cursor behind some orders, newest first.
func (c cursor) after(looked []b2cclient.Document, query string) cursor {
	next := cursor{At: looked[len(looked)-1].Order.CreationDate.UTC(), Query: query}
	if next.At.Equal(c.At) {
		next.Skip, next.Seen = c.Skip, slices.Clone(c.Seen)
	}
	for _, d := range looked {
		if d.Order.CreationDate.Equal(next.At) {
			next.Skip++
			next.Seen = append(next.Seen, d.Order.OrderNo)
		}
	}
	next.Seen = next.Seen[max(0, len(next.Seen)-maxSeen):]
	return next
}

// fingerprint tells queries apart, but for the page they ask for.
func (q Query) fingerprint() string {
	text := fmt.Sprint(q.Statuses, q.From.UnixMilli(), q.Until.UnixMilli(), strings.Join(q.Sites, ","), strings.Join(q.Channels, ","), q.Replaced)
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
