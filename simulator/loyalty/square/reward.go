package square

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/loyalty"
)

type rewardDocument struct {
	ID               string `json:"id"`
	Status           string `json:"status"`
	LoyaltyAccountID string `json:"loyalty_account_id"`
	RewardTierID     string `json:"reward_tier_id"`
	Points           int64  `json:"points"`
	OrderID          string `json:"order_id,omitempty"`
	CreatedAt        string `json:"created_at"`
	UpdatedAt        string `json:"updated_at"`
	RedeemedAt       string `json:"redeemed_at,omitempty"`
}

func newRewardDocument(r loyalty.Reward) rewardDocument {
	doc := rewardDocument{
		ID: r.ID, Status: string(r.Status), LoyaltyAccountID: r.AccountID, RewardTierID: r.TierID, Points: r.Points,
		OrderID: r.OrderID, CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt),
	}
	if !r.RedeemedAt.IsZero() {
		doc.RedeemedAt = instant(r.RedeemedAt)
	}
	return doc
}

type rewardAnswer struct {
	Reward rewardDocument `json:"reward"`
}

type createRewardInput struct {
	Body struct {
		Reward struct {
			LoyaltyAccountID string `json:"loyalty_account_id"`
			RewardTierID     string `json:"reward_tier_id"`
			OrderID          string `json:"order_id"`
		} `json:"reward"`
		IdempotencyKey string `json:"idempotency_key"`
	}
}

func (a *API) createLoyaltyReward(c *binding.Call, in createRewardInput) (rewardAnswer, error) {
	r, err := a.domain.CreateReward(c.Tx, loyalty.NewReward{
		AccountID: in.Body.Reward.LoyaltyAccountID, TierID: in.Body.Reward.RewardTierID, OrderID: in.Body.Reward.OrderID,
		IdempotencyKey: in.Body.IdempotencyKey,
	})
	return rewardAnswer{newRewardDocument(r)}, err
}

type searchRewardsInput struct {
	Body struct {
		Query struct {
			LoyaltyAccountID string               `json:"loyalty_account_id"`
			Status           loyalty.RewardStatus `json:"status"`
		} `json:"query"`
		paging
	}
}

type rewardList struct {
	Rewards []rewardDocument `json:"rewards,omitempty"`
	Cursor  string           `json:"cursor,omitempty"`
}

func (a *API) searchLoyaltyRewards(c *binding.Call, in searchRewardsInput) (rewardList, error) {
	all := a.domain.Rewards(c.Tx, in.Body.Query.LoyaltyAccountID, in.Body.Query.Status)
	found, cursor, err := page(in.Body.paging, all, func(r loyalty.Reward) string { return r.ID })
	list := rewardList{Cursor: cursor}
	for _, r := range found {
		list.Rewards = append(list.Rewards, newRewardDocument(r))
	}
	return list, err
}

type rewardInput struct {
	RewardID string `path:"reward_id"`
}

func (a *API) retrieveLoyaltyReward(c *binding.Call, in rewardInput) (rewardAnswer, error) {
	r, err := a.domain.Reward(c.Tx, in.RewardID)
	return rewardAnswer{newRewardDocument(r)}, err
}

// nothing is the answer that has no fields.
type nothing struct{}

func (a *API) deleteLoyaltyReward(c *binding.Call, in rewardInput) (nothing, error) {
	return nothing{}, a.domain.DeleteReward(c.Tx, in.RewardID)
}

type redeemInput struct {
	RewardID string `path:"reward_id"`
	Body     struct {
		IdempotencyKey string `json:"idempotency_key"`
		LocationID     string `json:"location_id"`
	}
}

func (a *API) redeemLoyaltyReward(c *binding.Call, in redeemInput) (eventAnswer, error) {
	e, err := a.domain.RedeemReward(c.Tx, in.RewardID, loyalty.Redemption{
		LocationID: in.Body.LocationID, IdempotencyKey: in.Body.IdempotencyKey,
	})
	if err != nil {
		return eventAnswer{}, err
	}
	return eventAnswer{a.eventDocument(c, e)}, nil
}
