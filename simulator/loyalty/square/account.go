package square

import (
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/loyalty"
)

type programDocument struct {
	ID               string             `json:"id"`
	Status           string             `json:"status"`
	RewardTiers      []tierDocument     `json:"reward_tiers"`
	ExpirationPolicy *expirationPolicy  `json:"expiration_policy,omitempty"`
	Terminology      terminologyOfPoint `json:"terminology"`
	CreatedAt        string             `json:"created_at"`
	UpdatedAt        string             `json:"updated_at"`
}

type tierDocument struct {
	ID        string `json:"id"`
	Points    int64  `json:"points"`
	Name      string `json:"name"`
	CreatedAt string `json:"created_at"`
}

type expirationPolicy struct {
	ExpirationDuration string `json:"expiration_duration"`
}

type terminologyOfPoint struct {
	One   string `json:"one"`
	Other string `json:"other"`
}

func newProgramDocument(p loyalty.Program) programDocument {
	doc := programDocument{
		ID: p.ID, Status: "ACTIVE", RewardTiers: []tierDocument{}, Terminology: terminologyOfPoint{p.One, p.Other},
		CreatedAt: instant(p.CreatedAt), UpdatedAt: instant(p.CreatedAt),
	}
	for _, t := range p.Tiers {
		doc.RewardTiers = append(doc.RewardTiers, tierDocument{t.ID, t.Points, t.Name, instant(p.CreatedAt)})
	}
	if p.ExpirationMonths > 0 {
		doc.ExpirationPolicy = &expirationPolicy{fmt.Sprintf("P%dM", p.ExpirationMonths)}
	}
	return doc
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

type programList struct {
	Programs []programDocument `json:"programs"`
}

func (a *API) listLoyaltyPrograms(c *binding.Call, _ struct{}) (programList, error) {
	list := programList{Programs: []programDocument{}}
	for _, p := range a.domain.Programs(c.Tx) {
		list.Programs = append(list.Programs, newProgramDocument(p))
	}
	return list, nil
}

type programInput struct {
	ProgramID string `path:"program_id"`
}

type programAnswer struct {
	Program programDocument `json:"program"`
}

func (a *API) retrieveLoyaltyProgram(c *binding.Call, in programInput) (programAnswer, error) {
	p, err := a.domain.Program(c.Tx, in.ProgramID)
	return programAnswer{newProgramDocument(p)}, err
}

type accountDocument struct {
	ID                     string             `json:"id"`
	ProgramID              string             `json:"program_id"`
	Balance                int64              `json:"balance"`
	LifetimePoints         int64              `json:"lifetime_points"`
	CustomerID             string             `json:"customer_id"`
	EnrolledAt             string             `json:"enrolled_at"`
	CreatedAt              string             `json:"created_at"`
	UpdatedAt              string             `json:"updated_at"`
	Mapping                *mappingDocument   `json:"mapping,omitempty"`
	ExpiringPointDeadlines []deadlineDocument `json:"expiring_point_deadlines,omitempty"`
}

type mappingDocument struct {
	ID          string `json:"id"`
	CreatedAt   string `json:"created_at"`
	PhoneNumber string `json:"phone_number"`
}

type deadlineDocument struct {
	Points    int64  `json:"points"`
	ExpiresAt string `json:"expires_at"`
}

func (a *API) accountDocument(c *binding.Call, account loyalty.Account) accountDocument {
	state := a.domain.State(c.Tx, account)
	doc := accountDocument{
		ID: account.ID, ProgramID: account.ProgramID, Balance: state.Balance, LifetimePoints: state.LifetimePoints,
		CustomerID: account.CustomerID, EnrolledAt: instant(account.CreatedAt), CreatedAt: instant(account.CreatedAt),
		UpdatedAt: instant(state.ChangedAt),
	}
	if account.PhoneNumber != "" {
		doc.Mapping = &mappingDocument{account.MappingID, instant(account.CreatedAt), account.PhoneNumber}
	}
	for _, d := range state.Deadlines {
		doc.ExpiringPointDeadlines = append(doc.ExpiringPointDeadlines, deadlineDocument{d.Points, instant(d.ExpiresAt)})
	}
	return doc
}

type accountInput struct {
	AccountID string `path:"account_id"`
}

type accountAnswer struct {
	LoyaltyAccount accountDocument `json:"loyalty_account"`
}

func (a *API) retrieveLoyaltyAccount(c *binding.Call, in accountInput) (accountAnswer, error) {
	account, err := a.domain.Account(c.Tx, in.AccountID)
	if err != nil {
		return accountAnswer{}, err
	}
	return accountAnswer{a.accountDocument(c, account)}, nil
}

type searchAccountsInput struct {
	Body struct {
		Query struct {
			Mappings []struct {
				PhoneNumber string `json:"phone_number"`
			} `json:"mappings"`
			CustomerIDs []string `json:"customer_ids"`
		} `json:"query"`
		paging
	}
}

type accountList struct {
	LoyaltyAccounts []accountDocument `json:"loyalty_accounts,omitempty"`
	Cursor          string            `json:"cursor,omitempty"`
}

func (a *API) searchLoyaltyAccounts(c *binding.Call, in searchAccountsInput) (accountList, error) {
	query := in.Body.Query
	if len(query.Mappings) > 0 && len(query.CustomerIDs) > 0 {
		return accountList{}, invalid("loyalty.accounts.query", "CONFLICTING_PARAMETERS", "query", "mappings cannot be combined with customer_ids")
	}
	numbers := make([]string, len(query.Mappings))
	for i, m := range query.Mappings {
		numbers[i] = m.PhoneNumber
	}
	found, cursor, err := page(in.Body.paging, a.domain.FindAccounts(c.Tx, query.CustomerIDs, numbers), func(x loyalty.Account) string { return x.ID })
	list := accountList{Cursor: cursor}
	for _, account := range found {
		list.LoyaltyAccounts = append(list.LoyaltyAccounts, a.accountDocument(c, account))
	}
	return list, err
}

// paging is what all searches take.
type paging struct {
	Limit  int    `json:"limit"`
	Cursor string `json:"cursor"`
}

const pageSize = 30

// page cuts a page out of a result. The cursor is the id of the last row of the page before.
func page[T any](p paging, all []T, id func(T) string) (rows []T, cursor string, err error) {
	if p.Cursor != "" {
		last := slices.IndexFunc(all, func(row T) bool { return id(row) == p.Cursor })
		if last < 0 {
			return nil, "", invalid("loyalty.request.valid", "INVALID_CURSOR", "cursor", "the cursor is of no answer to this query")
		}
		all = all[last+1:]
	}
	if p.Limit == 0 {
		p.Limit = pageSize
	}
	if len(all) <= p.Limit {
		return all, "", nil
	}
	return all[:p.Limit], id(all[p.Limit-1]), nil
}
