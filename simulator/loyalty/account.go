package loyalty

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Main names the one program a shop has, besides its id.
const Main = "main"

// Program says how points are named, how long they last and what they buy.
type Program struct {
	ID string
	// One and Other name a point and several.
	One, Other string
	// ExpirationMonths is how many months points last, to the end of the last one; zero means for ever.
	ExpirationMonths int
	// PointValue is what a point is worth in money, in the shop's currency.
	PointValue decimal.Decimal
	Tiers      []Tier
	CreatedAt  time.Time
}

func (p Program) clone() Program {
	p.Tiers = slices.Clone(p.Tiers)
	return p
}

// Tier is a reward and its price in points.
type Tier struct {
	ID, Name string
	Points   int64
}

// expiry is when points of an instant are no longer valid: the first day after the last month, in UTC.
func (p Program) expiry(earned time.Time) time.Time {
	if p.ExpirationMonths == 0 {
		return time.Time{}
	}
	earned = earned.UTC()
	return time.Date(earned.Year(), earned.Month()+time.Month(p.ExpirationMonths)+1, 1, 0, 0, 0, 0, time.UTC)
}

// Account is a customer's membership in a program. Its balance is the sum of its entries and stored nowhere.
type Account struct {
	ID, ProgramID, CustomerID string
	// PhoneNumber is what the account is mapped by, in E.164 format; MappingID is the mapping's own id.
	PhoneNumber, MappingID string
	CreatedAt              time.Time
}

// AddProgram stores a program; ids are made up when empty.
func (l *Loyalty) AddProgram(tx *sandbox.Tx, p Program) (Program, error) {
	if p.ExpirationMonths < 0 || p.PointValue.IsNegative() {
		return Program{}, fmt.Errorf("add loyalty program %q: points last %d months and are worth %s", p.ID, p.ExpirationMonths, p.PointValue)
	}
	if p.ID == "" {
		p.ID = tx.UUID("loyalty.Program")
	}
	for i, t := range p.Tiers {
		if t.Points <= 0 {
			return Program{}, fmt.Errorf("add loyalty program %s: the reward %q costs %d points", p.ID, t.Name, t.Points)
		}
		if t.ID == "" {
			p.Tiers[i].ID = tx.UUID("loyalty.Tier")
		}
	}
	p.CreatedAt = tx.Now()
	l.programs.Put(tx.Tx, p)
	return p, nil
}

// AddAccount stores an account; ids are made up when empty. A zero CreatedAt is now.
func (l *Loyalty) AddAccount(tx *sandbox.Tx, a Account) (Account, error) {
	if _, ok := l.programs.Peek(tx.Tx, a.ProgramID); !ok {
		return Account{}, fmt.Errorf("add loyalty account of customer %s: there is no program %q", a.CustomerID, a.ProgramID)
	}
	if a.CustomerID == "" || len(l.accounts.PeekList(tx.Tx, "customer", a.CustomerID)) > 0 {
		return Account{}, fmt.Errorf("add loyalty account of customer %q: it needs a customer who has none", a.CustomerID)
	}
	if a.ID == "" {
		a.ID = tx.UUID("loyalty.Account")
	}
	if a.CreatedAt.IsZero() {
		a.CreatedAt = tx.Now()
	}
	a.MappingID, a.CreatedAt = tx.UUID("loyalty.Mapping"), a.CreatedAt.UTC()
	l.accounts.Put(tx.Tx, a)
	return a, nil
}

// Programs returns all programs.
func (l *Loyalty) Programs(tx *sandbox.Tx) []Program { return l.programs.Range(tx.Tx, "", "", "", 0) }

// Program returns the program of that id, or the first for [Main]. The error has the code [NotFound].
func (l *Loyalty) Program(tx *sandbox.Tx, id string) (Program, error) {
	if all := l.Programs(tx); id == Main && len(all) > 0 {
		return all[0], nil
	}
	p, ok := l.programs.Get(tx.Tx, id)
	if !ok {
		return Program{}, refuse(NotFound, "loyalty.program.known", "program_id", "there is no loyalty program %s", id)
	}
	return p, nil
}

// Account returns the account of that id. The error has the code [NotFound].
func (l *Loyalty) Account(tx *sandbox.Tx, id string) (Account, error) {
	a, ok := l.accounts.Get(tx.Tx, id)
	if !ok {
		return Account{}, refuse(NotFound, "loyalty.account.known", "account_id", "there is no loyalty account %s", id)
	}
	return a, nil
}

// FindAccounts returns the accounts of customers or of phone numbers, all when both are empty, the oldest first.
func (l *Loyalty) FindAccounts(tx *sandbox.Tx, customerIDs, phoneNumbers []string) []Account {
	var found []Account
	for _, id := range customerIDs {
		found = append(found, l.accounts.List(tx.Tx, "customer", id)...)
	}
	for _, number := range phoneNumbers {
		found = append(found, l.accounts.List(tx.Tx, "phone", number)...)
	}
	if len(customerIDs)+len(phoneNumbers) == 0 {
		found = l.accounts.Range(tx.Tx, "", "", "", 0)
	}
	slices.SortFunc(found, func(a, b Account) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return slices.Compact(found)
}
