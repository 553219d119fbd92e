// Package loyalty is a loyalty service in the manner of Square's: accounts whose balance is the sum of a ledger of signed
// entries, points that are earned by orders, locked by rewards and given back, and that expire. It knows nothing of HTTP
// and JSON; package square is its face.
package loyalty

import (
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// pointExpiry is the kind of due work that lets points expire; its subject is the id of the entry that gave them.
const pointExpiry = "loyalty.point-expiry"

// Settings are what a program's owner decides.
type Settings struct {
	// MinimumValidity is how long points last at least that are given back.
	MinimumValidity time.Duration
}

// DefaultSettings give points back for at least thirty days.
func DefaultSettings() Settings { return Settings{MinimumValidity: 30 * 24 * time.Hour} }

// Loyalty owns the tables of the loyalty service. One instance serves every sandbox: all state is rows.
type Loyalty struct {
	// Settings may be altered before the first sandbox is made.
	Settings Settings
	programs store.Table[Program]
	accounts store.Table[Account]
	entries  store.Table[Entry]
	rewards  store.Table[Reward]
}

// Declare adds the tables of the loyalty service to the schema, with [DefaultSettings].
func Declare(s *store.Schema) *Loyalty {
	return &Loyalty{
		Settings: DefaultSettings(),
		programs: store.Add(s, store.Def[Program]{
			Name: "loyalty.Program", Key: func(r *Program) string { return r.ID }, Clone: Program.clone,
		}),
		accounts: store.Add(s, store.Def[Account]{
			Name: "loyalty.Account", Key: func(r *Account) string { return r.ID },
			Indexes: []store.Index[Account]{
				{Name: "customer", Values: func(r *Account) []string { return []string{r.CustomerID} }},
				{Name: "phone", Values: func(r *Account) []string { return []string{r.PhoneNumber} }},
			},
		}),
		entries: store.Add(s, store.Def[Entry]{
			Name: "loyalty.Entry", Key: func(r *Entry) string { return fmt.Sprintf("%012d", r.Number) },
			Indexes: []store.Index[Entry]{
				{Name: "event", Values: func(r *Entry) []string { return []string{r.ID} }},
				{Name: "account", Values: func(r *Entry) []string { return []string{r.AccountID} }},
				{Name: "order", Values: func(r *Entry) []string { return optional(r.OrderID) }},
				{Name: "request", Values: func(r *Entry) []string { return optional(r.IdempotencyKey) }},
				{Name: "reversed", Values: func(r *Entry) []string { return optional(r.Reverses) }},
			},
		}),
		rewards: store.Add(s, store.Def[Reward]{
			Name: "loyalty.Reward", Key: func(r *Reward) string { return r.ID },
			Indexes: []store.Index[Reward]{{Name: "account", Values: func(r *Reward) []string { return []string{r.AccountID} }}},
		}),
	}
}

// Runners returns the due work of the loyalty service: points expire.
func (l *Loyalty) Runners() map[string]sandbox.Runner {
	return map[string]sandbox.Runner{pointExpiry: l.expire}
}

// Aliases returns the ids, besides its number, by which a call shows that it is about an order: those of its entries and
// rewards.
func (l *Loyalty) Aliases(tx *sandbox.Tx, orderNo string) []string {
	var ids []string
	for _, e := range l.entries.PeekList(tx.Tx, "order", orderNo) {
		ids = append(ids, e.ID)
		ids = append(ids, optional(e.RewardID)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// optional is the index values of a field that may be empty.
func optional(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}
