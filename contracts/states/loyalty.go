package states

import (
	"errors"
	"fmt"
	"net/http"
)

const (
	// pactLoyalty is the access token in the pacts, pactPointsKey makes an adjustment of theirs once.
	pactLoyalty   = "Bearer somsim"
	pactPointsKey = "5f1b6d0c9a2e4f7785c1d2e3a4b5c6d7"
)

// loyaltyStates is the vocabulary that consumers may use of the loyalty service.
func loyaltyStates() map[string]prepare {
	return map[string]prepare{
		"preset omnichannel":                                         nothing,
		"an order brought points":                                    latestOf("ACCUMULATE_POINTS"),
		"an order was paid with points":                              latestOf("CREATE_REWARD"),
		"an order has nothing to do with points":                     (*Stage).withoutPoints,
		"the points that an order brought were spent":                (*Stage).spentPoints,
		"a reward for an order was not used yet":                     (*Stage).rewarded,
		"an order has more events than fit a page":                   (*Stage).manyEvents,
		"a reward for an order was deleted":                          (*Stage).rewardDeleted,
		"points that an order brought were taken back under the key": (*Stage).takenBack,
	}
}

// pointsEvent is as much of an event as the states are about.
type pointsEvent struct {
	ID, Type     string
	AccountID    string `json:"loyalty_account_id"`
	CreateReward struct {
		RewardID string `json:"reward_id"`
	} `json:"create_reward"`
}

func (s *Stage) events(number string) ([]pointsEvent, error) {
	var page struct{ Events []pointsEvent }
	filter := map[string]any{"order_filter": map[string]string{"order_id": number}}
	err := s.loyalty(http.MethodPost, "/events/search", map[string]any{"query": map[string]any{"filter": filter}}, &page)
	return page.Events, err
}

func (s *Stage) loyalty(method, path string, in, out any) error {
	header := as(pactLoyalty)
	header.Set("X-Sandbox", s.sandbox())
	return s.exchange(method, s.api+"/loyalty/v2/loyalty"+path, header, in, out)
}

// latestOf names the latest event of a kind that an order has, with its account.
func latestOf(kind string) prepare {
	return func(s *Stage, number string) (Values, error) {
		events, err := s.events(number)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if e.Type == kind {
				return Values{"eventId": e.ID, "accountId": e.AccountID, "rewardId": e.CreateReward.RewardID}, nil
			}
		}
		return nil, fmt.Errorf("the order has no event %s", kind)
	}
}

func (s *Stage) withoutPoints(number string) (Values, error) {
	events, err := s.events(number)
	if err == nil && len(events) > 0 {
		err = errors.New("there are events")
	}
	return nil, err
}

// adjust changes the balance of the account behind an order.
func (s *Stage) adjust(of Values, key string, points int, reason string, more map[string]any) error {
	change := map[string]any{"points": points, "reason": reason}
	for name, value := range more {
		change[name] = value
	}
	path := fmt.Sprintf("/accounts/%s/adjust", of["accountId"])
	return s.loyalty(http.MethodPost, path, map[string]any{
		"adjust_points": change, "idempotency_key": key, "allow_negative_balance": false,
	}, nil)
}

// takenBack takes points back under the key of the pacts.
func (s *Stage) takenBack(number string) (Values, error) {
	found, err := latestOf("ACCUMULATE_POINTS")(s, number)
	if err != nil {
		return nil, err
	}
	return found, s.adjust(found, pactPointsKey, -10, "order cancelled", map[string]any{"reverses": found["eventId"]})
}

// manyEvents takes points back one by one, and reads the first page of that.
func (s *Stage) manyEvents(number string) (Values, error) {
	const page = 30
	found, err := latestOf("ACCUMULATE_POINTS")(s, number)
	if err != nil {
		return nil, err
	}
	for n := range page + 5 {
		if err := s.adjust(found, fmt.Sprint("one-by-one-", n), -1, "one by one", map[string]any{"reverses": found["eventId"]}); err != nil {
			return nil, err
		}
	}
	var answer struct{ Cursor string }
	filter := map[string]any{"order_filter": map[string]string{"order_id": number}}
	err = s.loyalty(http.MethodPost, "/events/search", map[string]any{"query": map[string]any{"filter": filter}, "limit": page}, &answer)
	if err == nil && answer.Cursor == "" {
		err = errors.New("all events fit a page")
	}
	return Values{"cursor": answer.Cursor}, err
}

// spentPoints leaves the account nothing.
func (s *Stage) spentPoints(number string) (Values, error) {
	found, err := latestOf("ACCUMULATE_POINTS")(s, number)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Account struct{ Balance int } `json:"loyalty_account"`
	}
	if err := s.loyalty(http.MethodGet, fmt.Sprintf("/accounts/%s", found["accountId"]), nil, &answer); err != nil {
		return nil, err
	}
	return found, s.adjust(found, "spent-elsewhere", -answer.Account.Balance, "spent", nil)
}

// rewarded makes a reward for an order of the first shopper.
func (s *Stage) rewarded(number string) (Values, error) {
	reward := map[string]string{"loyalty_account_id": "member-00000001", "reward_tier_id": "ten-off", "order_id": number}
	if err := s.loyalty(http.MethodPost, "/rewards", map[string]any{"reward": reward, "idempotency_key": "reward-" + number}, nil); err != nil {
		return nil, err
	}
	return latestOf("CREATE_REWARD")(s, number)
}

func (s *Stage) rewardDeleted(number string) (Values, error) {
	found, err := s.rewarded(number)
	if err != nil {
		return nil, err
	}
	return found, s.loyalty(http.MethodDelete, fmt.Sprintf("/rewards/%s", found["rewardId"]), nil, nil)
}
