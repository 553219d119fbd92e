package loyalty

import (
	"cmp"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// RewardStatus is where a reward stands.
type RewardStatus string

// The statuses of a reward: issued it locks its points, redeemed they are spent, deleted they are back.
const (
	Issued   RewardStatus = "ISSUED"
	Redeemed RewardStatus = "REDEEMED"
	Deleted  RewardStatus = "DELETED"
)

// Reward is points on their way into a discount.
type Reward struct {
	ID, AccountID, TierID string
	Status                RewardStatus
	Points                int64
	OrderID               string
	// EntryID is the event that took the points.
	EntryID              string
	CreatedAt, UpdatedAt time.Time
	// RedeemedAt is zero until it is redeemed.
	RedeemedAt time.Time
}

// NewReward asks for a reward.
type NewReward struct {
	AccountID, TierID, OrderID, IdempotencyKey string
	// At is when it was created; zero means now.
	At time.Time
}

// CreateReward locks the points of a reward tier. The same request again answers the reward as it was made. Errors have
// the codes [NotFound], [BadRequest] and [IdempotencyKeyReused].
func (l *Loyalty) CreateReward(tx *sandbox.Tx, n NewReward) (Reward, error) {
	program, err := l.programOf(tx, n.AccountID)
	if err != nil {
		return Reward{}, err
	}
	i := slices.IndexFunc(program.Tiers, func(t Tier) bool { return t.ID == n.TierID })
	if i < 0 {
		return Reward{}, refuse(NotFound, "loyalty.reward.tier", "reward.reward_tier_id", "the program has no reward tier %s", n.TierID)
	}
	e := Entry{
		AccountID: n.AccountID, Type: CreateReward, Points: -program.Tiers[i].Points, OrderID: n.OrderID, TierID: n.TierID,
		IdempotencyKey: n.IdempotencyKey, CreatedAt: n.At,
	}
	first, again, err := l.repeated(tx, e)
	if err != nil {
		return Reward{}, err
	}
	if again {
		return l.asCreated(tx, first), nil
	}
	if balance := l.State(tx, Account{ID: n.AccountID}).Balance; balance+e.Points < 0 {
		return Reward{}, refuse(BadRequest, "loyalty.reward.balance", "reward.reward_tier_id",
			"the balance of %d points does not reach for a reward of %d", balance, -e.Points)
	}
	e.RewardID = tx.UUID("loyalty.Reward")
	e = l.post(tx, e)
	r := Reward{
		ID: e.RewardID, AccountID: n.AccountID, TierID: n.TierID, Status: Issued, Points: -e.Points, OrderID: n.OrderID,
		EntryID: e.ID, CreatedAt: e.CreatedAt, UpdatedAt: e.CreatedAt,
	}
	l.rewards.Put(tx.Tx, r)
	return r, nil
}

// asCreated is a reward as it was when its entry was made.
func (l *Loyalty) asCreated(tx *sandbox.Tx, e Entry) Reward {
	r, _ := l.rewards.Get(tx.Tx, e.RewardID)
	r.Status, r.UpdatedAt, r.RedeemedAt = Issued, r.CreatedAt, time.Time{}
	return r
}

// Redemption asks to redeem a reward.
type Redemption struct {
	LocationID, IdempotencyKey string
	// At is when it was redeemed; zero means now.
	At time.Time
}

// RedeemReward spends a reward for good. Errors have the codes [NotFound], [BadRequest] and [IdempotencyKeyReused].
func (l *Loyalty) RedeemReward(tx *sandbox.Tx, rewardID string, d Redemption) (Entry, error) {
	r, err := l.Reward(tx, rewardID)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{
		AccountID: r.AccountID, Type: RedeemReward, OrderID: r.OrderID, RewardID: r.ID, LocationID: d.LocationID,
		IdempotencyKey: d.IdempotencyKey, CreatedAt: d.At,
	}
	if first, again, err := l.repeated(tx, e); again || err != nil {
		return first, err
	}
	if r.Status != Issued {
		return Entry{}, refuse(BadRequest, "loyalty.reward.issued", "reward_id", "reward %s is %s", r.ID, r.Status)
	}
	e = l.post(tx, e)
	r.Status, r.UpdatedAt, r.RedeemedAt = Redeemed, e.CreatedAt, e.CreatedAt
	l.rewards.Put(tx.Tx, r)
	return e, nil
}

// DeleteReward gives the points of an issued reward back, once: deleting again changes nothing. Errors have the codes
// [NotFound], and [BadRequest] when it is redeemed.
func (l *Loyalty) DeleteReward(tx *sandbox.Tx, rewardID string) error {
	r, err := l.Reward(tx, rewardID)
	if err != nil || r.Status == Deleted {
		return err
	}
	if r.Status != Issued {
		return refuse(BadRequest, "loyalty.reward.issued", "reward_id", "reward %s is %s, which is final", r.ID, r.Status)
	}
	taken, err := l.event(tx, r.AccountID, r.EntryID, "reward_id")
	if err != nil {
		return err
	}
	e := l.post(tx, Entry{
		AccountID: r.AccountID, Type: DeleteReward, Points: l.open(tx, taken), OrderID: r.OrderID, RewardID: r.ID,
		Reverses: taken.ID, ExpiresAt: l.restored(tx, taken),
	})
	r.Status, r.UpdatedAt = Deleted, e.CreatedAt
	l.rewards.Put(tx.Tx, r)
	return nil
}

// Reward returns the reward of that id. The error has the code [NotFound].
func (l *Loyalty) Reward(tx *sandbox.Tx, id string) (Reward, error) {
	r, ok := l.rewards.Get(tx.Tx, id)
	if !ok {
		return Reward{}, refuse(NotFound, "loyalty.reward.known", "reward_id", "there is no reward %s", id)
	}
	return r, nil
}

// Rewards returns the rewards of an account in a status, of all accounts and statuses when empty, the last changed first.
func (l *Loyalty) Rewards(tx *sandbox.Tx, accountID string, status RewardStatus) []Reward {
	var found []Reward
	if accountID == "" {
		found = l.rewards.Range(tx.Tx, "", "", "", 0)
	} else {
		found = l.rewards.List(tx.Tx, "account", accountID)
	}
	found = slices.DeleteFunc(found, func(r Reward) bool { return status != "" && r.Status != status })
	slices.SortFunc(found, func(a, b Reward) int {
		return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), cmp.Compare(a.ID, b.ID))
	})
	return found
}
