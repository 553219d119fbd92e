package loyalty

import (
	"cmp"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// EventType says what an entry is.
type EventType string

// The types of event.
const (
	AccumulatePoints EventType = "ACCUMULATE_POINTS"
	CreateReward     EventType = "CREATE_REWARD"
	RedeemReward     EventType = "REDEEM_REWARD"
	DeleteReward     EventType = "DELETE_REWARD"
	AdjustPoints     EventType = "ADJUST_POINTS"
	ExpirePoints     EventType = "EXPIRE_POINTS"
)

// Entry is one line of an account's ledger, an event to the outside. Entries are added, never changed.
type Entry struct {
	// Number counts all entries; ID is what they go by.
	Number        uint64
	ID, AccountID string
	Type          EventType
	// Points change the balance; redeeming is zero, since creating the reward took them.
	Points                    int64
	OrderID, RewardID, TierID string
	Reason, LocationID        string
	IdempotencyKey            string
	// Reverses is the id of the entry that this one takes back, wholly or in part.
	Reverses  string
	CreatedAt time.Time
	// ExpiresAt is when points that were given are no longer valid; of points that were taken, how long they would have
	// been at most. Zero means never.
	ExpiresAt time.Time
}

// State is what an account's ledger adds up to.
type State struct {
	Balance, LifetimePoints int64
	// Deadlines are the points that expire, by date.
	Deadlines []Deadline
	// ChangedAt is when the last entry was made, or the account.
	ChangedAt time.Time
}

// Deadline is when points expire.
type Deadline struct {
	Points    int64
	ExpiresAt time.Time
}

// State adds up an account's ledger.
func (l *Loyalty) State(tx *sandbox.Tx, a Account) State {
	s := State{ChangedAt: a.CreatedAt}
	entries := l.entries.List(tx.Tx, "account", a.ID)
	for _, e := range entries {
		s.Balance += e.Points
		if e.Type == AccumulatePoints {
			s.LifetimePoints += e.Points
		}
		if e.CreatedAt.After(s.ChangedAt) {
			s.ChangedAt = e.CreatedAt
		}
	}
	for _, batch := range remaining(entries) {
		if batch.left == 0 || batch.expiresAt.IsZero() {
			continue
		}
		if n := len(s.Deadlines); n > 0 && s.Deadlines[n-1].ExpiresAt.Equal(batch.expiresAt) {
			s.Deadlines[n-1].Points += batch.left
		} else {
			s.Deadlines = append(s.Deadlines, Deadline{batch.left, batch.expiresAt})
		}
	}
	return s
}

// batch is points that were given at once and expire together.
type batch struct {
	entryID   string
	left      int64
	expiresAt time.Time
}

// remaining tells what is left of every batch of points, by expiry. Points that are taken come from the batch they take
// back, then from those that expire first; what an account owes is taken from the next it gets.
func remaining(entries []Entry) []batch {
	var batches []batch
	var debt int64
	for _, e := range entries {
		switch {
		case e.Points > 0:
			paid := min(debt, e.Points)
			debt -= paid
			batches = append(batches, batch{e.ID, e.Points - paid, e.ExpiresAt})
			slices.SortStableFunc(batches, byExpiry)
		case e.Points < 0:
			rest := -e.Points
			for i := range batches {
				if batches[i].entryID == e.Reverses {
					rest = batches[i].spend(rest)
				}
			}
			for i := range batches {
				rest = batches[i].spend(rest)
			}
			debt += rest
		}
	}
	return batches
}

// spend takes points out of a batch and returns how many it lacked.
func (b *batch) spend(points int64) int64 {
	part := min(points, b.left)
	b.left -= part
	return points - part
}

// byExpiry orders batches by date; those that never expire come last.
func byExpiry(a, b batch) int {
	switch {
	case a.expiresAt.IsZero() != b.expiresAt.IsZero():
		if a.expiresAt.IsZero() {
			return 1
		}
		return -1
	default:
		return a.expiresAt.Compare(b.expiresAt)
	}
}

// lastExpiry is the latest expiry among the points that the last entry took.
func lastExpiry(entries []Entry) time.Time {
	before, after := map[string]int64{}, remaining(entries)
	for _, b := range remaining(entries[:len(entries)-1]) {
		before[b.entryID] = b.left
	}
	var latest time.Time
	for _, b := range after {
		if b.left == before[b.entryID] {
			continue
		}
		if b.expiresAt.IsZero() {
			return time.Time{}
		}
		if b.expiresAt.After(latest) {
			latest = b.expiresAt
		}
	}
	return latest
}

// post adds an entry to the ledger and sees to its expiry.
func (l *Loyalty) post(tx *sandbox.Tx, e Entry) Entry {
	e.Number, e.ID = tx.Next("loyalty.Entry"), tx.UUID("loyalty.Event")
	if e.CreatedAt.IsZero() {
		e.CreatedAt = tx.Now()
	}
	e.CreatedAt = e.CreatedAt.UTC()
	if e.Points < 0 {
		e.ExpiresAt = lastExpiry(append(l.entries.List(tx.Tx, "account", e.AccountID), e))
	}
	l.entries.Put(tx.Tx, e)
	if e.Points > 0 && !e.ExpiresAt.IsZero() {
		tx.Schedule(sandbox.Due{Kind: pointExpiry, Subject: e.ID, At: e.ExpiresAt})
	}
	return e
}

// expire takes what is left of points whose time is over.
func (l *Loyalty) expire(tx *sandbox.Tx, d sandbox.Due) error {
	given := l.entries.List(tx.Tx, "event", d.Subject)
	if len(given) == 0 {
		return nil
	}
	for _, b := range remaining(l.entries.List(tx.Tx, "account", given[0].AccountID)) {
		if b.entryID == d.Subject && b.left > 0 {
			l.post(tx, Entry{AccountID: given[0].AccountID, Type: ExpirePoints, Points: -b.left, Reverses: b.entryID, CreatedAt: d.At})
		}
	}
	return nil
}

// event returns an entry of an account. The error has the code [NotFound].
func (l *Loyalty) event(tx *sandbox.Tx, accountID, id, field string) (Entry, error) {
	found := l.entries.List(tx.Tx, "event", id)
	if len(found) == 0 || found[0].AccountID != accountID {
		return Entry{}, refuse(NotFound, "loyalty.event.known", field, "account %s has no event %s", accountID, id)
	}
	return found[0], nil
}

// open is how much of an entry was not taken back yet, without a sign. Points that expired are gone too.
func (l *Loyalty) open(tx *sandbox.Tx, e Entry) int64 {
	sum := e.Points
	for _, r := range l.entries.PeekList(tx.Tx, "reversed", e.ID) {
		sum += r.Points
	}
	return max(sum, -sum)
}

// repeated finds the entry that a request with the same idempotency key made. The error has the code
// [IdempotencyKeyReused].
func (l *Loyalty) repeated(tx *sandbox.Tx, want Entry) (Entry, bool, error) {
	found := l.entries.List(tx.Tx, "request", want.IdempotencyKey)
	if want.IdempotencyKey == "" || len(found) == 0 {
		return Entry{}, false, nil
	}
	first := found[0]
	was := first
	was.Number, was.ID, was.CreatedAt, was.ExpiresAt = 0, "", time.Time{}, time.Time{}
	want.CreatedAt, want.ExpiresAt = time.Time{}, time.Time{}
	if want.RewardID == "" {
		was.RewardID = ""
	}
	if was != want {
		return Entry{}, false, refuse(IdempotencyKeyReused, "loyalty.request.idempotent", "idempotency_key",
			"the idempotency key %s belongs to another request", want.IdempotencyKey)
	}
	return first, true, nil
}

// EventFilter selects events; empty fields match all.
type EventFilter struct {
	AccountID, OrderID string
	Types              []EventType
	// From and To bound the time: From ≤ created < To.
	From, To time.Time
}

// Events returns the events that fit, the newest first.
func (l *Loyalty) Events(tx *sandbox.Tx, f EventFilter) []Entry {
	var found []Entry
	switch {
	case f.OrderID != "":
		found = l.entries.List(tx.Tx, "order", f.OrderID)
	case f.AccountID != "":
		found = l.entries.List(tx.Tx, "account", f.AccountID)
	default:
		found = l.entries.Range(tx.Tx, "", "", "", 0)
	}
	found = slices.DeleteFunc(found, func(e Entry) bool { return !f.matches(e) })
	slices.SortFunc(found, func(a, b Entry) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.Number, a.Number))
	})
	return found
}

func (f EventFilter) matches(e Entry) bool {
	return (f.AccountID == "" || e.AccountID == f.AccountID) &&
		(f.Types == nil || slices.Contains(f.Types, e.Type)) &&
		(f.From.IsZero() || !e.CreatedAt.Before(f.From)) &&
		(f.To.IsZero() || e.CreatedAt.Before(f.To))
}
