package loyalty

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Contradiction is something that a ledger must not say.
type Contradiction struct{ AccountID, Detail string }

// Contradictions returns what is wrong with the ledgers, account by account.
func (l *Loyalty) Contradictions(tx *sandbox.Tx) []Contradiction {
	var found []Contradiction
	for _, a := range l.FindAccounts(tx, nil, nil) {
		entries := l.entries.List(tx.Tx, "account", a.ID)
		for _, detail := range append(l.overdue(tx, entries), l.excessive(tx, entries)...) {
			found = append(found, Contradiction{a.ID, detail})
		}
	}
	return found
}

// overdue are points that count although their time is over.
func (l *Loyalty) overdue(tx *sandbox.Tx, entries []Entry) (details []string) {
	for _, b := range remaining(entries) {
		if b.left > 0 && !b.expiresAt.IsZero() && !b.expiresAt.After(tx.Now()) {
			details = append(details, fmt.Sprintf("%d points of event %s count beyond their time", b.left, b.entryID))
		}
	}
	return details
}

// excessive are entries that others take back beyond what they are, or without being of the other sign.
func (l *Loyalty) excessive(tx *sandbox.Tx, entries []Entry) (details []string) {
	for _, e := range entries {
		back := int64(0)
		for _, r := range l.entries.PeekList(tx.Tx, "reversed", e.ID) {
			back -= r.Points
			if r.AccountID != e.AccountID {
				details = append(details, fmt.Sprintf("event %s takes event %s of another account back", r.ID, e.ID))
			}
		}
		if back != 0 && ((back > 0) != (e.Points > 0) || max(back, -back) > max(e.Points, -e.Points)) {
			details = append(details, fmt.Sprintf("of the %d points of event %s %d are taken back", e.Points, e.ID, back))
		}
	}
	return details
}

// Worth is what points of an account's program cost in money; a part of a cent is not counted.
func (l *Loyalty) Worth(tx *sandbox.Tx, accountID string, points int64) decimal.Decimal {
	program, err := l.programOf(tx, accountID)
	if err != nil {
		return decimal.Zero
	}
	return program.PointValue.Mul(decimal.NewFromInt(points)).RoundFloor(2)
}
