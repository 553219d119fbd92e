// Package loyaltyclient is the consumer side of the loyalty service: what points an order earned and burned, taking
// them back and giving them back.
package loyaltyclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors, effects and metrics.
const System = "loyalty"

// Client calls the loyalty service.
type Client struct {
	caller remote.Caller
	token  string
}

// New makes a client over a caller and an access token. The service's paths begin with /loyalty.
func New(caller remote.Caller, token string) *Client {
	caller.System, caller.Explain = System, explain
	return &Client{caller: caller, token: token}
}

// EventType says what an event did.
type EventType string

// The events that order-ops reads; others are left aside.
const (
	Accumulated EventType = "ACCUMULATE_POINTS"
	Promotion   EventType = "ACCUMULATE_PROMOTION_POINTS"
	RewardMade  EventType = "CREATE_REWARD"
	RewardUsed  EventType = "REDEEM_REWARD"
	RewardGone  EventType = "DELETE_REWARD"
	Adjusted    EventType = "ADJUST_POINTS"
)

// Event is an entry of an account's ledger.
type Event struct {
	ID        string
	Type      EventType
	AccountID string
	// Points is how the balance changed; negative when points were taken.
	Points int64
	// RewardID is the reward of the events about rewards.
	RewardID string
	// Reverses is the event that an adjustment takes back.
	Reverses string
}

type points struct {
	Points   int64  `json:"points"`
	RewardID string `json:"reward_id"`
	Reverses string `json:"reverses"`
}

// event is an event on the wire: its content stands under the name of its type.
type event struct {
	ID               string    `json:"id"`
	Type             EventType `json:"type"`
	LoyaltyAccountID string    `json:"loyalty_account_id"`
	AccumulatePoints points    `json:"accumulate_points"`
	PromotionPoints  points    `json:"accumulate_promotion_points"`
	CreateReward     points    `json:"create_reward"`
	RedeemReward     points    `json:"redeem_reward"`
	DeleteReward     points    `json:"delete_reward"`
	AdjustPoints     points    `json:"adjust_points"`
}

func (e event) read() Event {
	content := map[EventType]points{
		Accumulated: e.AccumulatePoints, Promotion: e.PromotionPoints, RewardMade: e.CreateReward,
		RewardUsed: e.RedeemReward, RewardGone: e.DeleteReward, Adjusted: e.AdjustPoints,
	}[e.Type]
	return Event{e.ID, e.Type, e.LoyaltyAccountID, content.Points, content.RewardID, content.Reverses}
}

type orderFilter struct {
	OrderID string `json:"order_id"`
}

type eventFilter struct {
	OrderFilter orderFilter `json:"order_filter"`
}

type eventQuery struct {
	Filter eventFilter `json:"filter"`
}

type eventSearch struct {
	Query  eventQuery `json:"query"`
	Limit  int        `json:"limit"`
	Cursor string     `json:"cursor,omitempty"`
}

type eventPage struct {
	Events []event `json:"events"`
	Cursor string  `json:"cursor"`
}

// pageSize is the longest page the service gives; maxPages bounds how many are read for one order.
const (
	pageSize = 30
	maxPages = 20
)

// Events finds every event of an order, the newest first, with those that reverse others of them.
func (c *Client) Events(ctx context.Context, orderNo string) ([]Event, error) {
	search := eventSearch{Query: eventQuery{eventFilter{orderFilter{orderNo}}}, Limit: pageSize}
	var events []Event
	for range maxPages {
		body, err := json.Marshal(search)
		if err != nil {
			return nil, fmt.Errorf("encode search: %w", err)
		}
		page, err := exchange[eventPage](ctx, c, remote.Call{
			Operation: "searchLoyaltyEvents", Method: http.MethodPost, Path: "/loyalty/v2/loyalty/events/search", Body: body, Repeatable: true,
		})
		if err != nil {
			return nil, asRead(err)
		}
		for _, e := range page.Events {
			events = append(events, e.read())
		}
		if search.Cursor = page.Cursor; search.Cursor == "" {
			return events, nil
		}
	}
	return nil, &remote.Error{System: System, Operation: "searchLoyaltyEvents", Class: remote.Rejected, VendorCode: "too_many_events"}
}

// asRead corrects the class of a failed read that travels as a POST: nothing changed, so nothing is ambiguous.
func asRead(err error) error {
	e, ok := remote.AsError(err)
	if !ok || e.Class != remote.Ambiguous {
		return err
	}
	corrected := *e
	corrected.Class = remote.Unavailable
	return &corrected
}

// Balance is the number of points an account has; it may be negative.
func (c *Client) Balance(ctx context.Context, accountID string) (int64, error) {
	answer, err := exchange[struct {
		Account struct {
			Balance int64 `json:"balance"`
		} `json:"loyalty_account"`
	}](ctx, c, remote.Call{
		Operation: "retrieveLoyaltyAccount", Method: http.MethodGet, Path: "/loyalty/v2/loyalty/accounts/" + url.PathEscape(accountID),
	})
	return answer.Account.Balance, err
}

// Adjustment changes a balance. The same key changes it once.
type Adjustment struct {
	Points int64 // negative to take
	Reason string
	// Reverses is the event that is taken back, wholly or in part.
	Reverses      string
	AllowNegative bool
	Key           string // at most 128 characters
}

type adjustPoints struct {
	Points   int64  `json:"points"`
	Reason   string `json:"reason,omitempty"`
	Reverses string `json:"reverses,omitempty"`
}

type adjustment struct {
	AdjustPoints         adjustPoints `json:"adjust_points"`
	AllowNegativeBalance bool         `json:"allow_negative_balance"`
	IdempotencyKey       string       `json:"idempotency_key"`
}

// Adjust changes the balance of an account and returns the id of the event.
func (c *Client) Adjust(ctx context.Context, accountID string, a Adjustment) (string, error) {
	body, err := json.Marshal(adjustment{adjustPoints{a.Points, a.Reason, a.Reverses}, a.AllowNegative, a.Key})
	if err != nil {
		return "", fmt.Errorf("encode adjustment: %w", err)
	}
	answer, err := exchange[struct {
		Event struct {
			ID string `json:"id"`
		} `json:"event"`
	}](ctx, c, remote.Call{
		Operation: "adjustLoyaltyPoints", Method: http.MethodPost, Body: body, Repeatable: true,
		Path: "/loyalty/v2/loyalty/accounts/" + url.PathEscape(accountID) + "/adjust",
	})
	return answer.Event.ID, err
}

// DeleteReward gives the points of a reward back that was not used. Deleting twice gives them back once.
func (c *Client) DeleteReward(ctx context.Context, rewardID string) error {
	_, err := exchange[struct{}](ctx, c, remote.Call{
		Operation: "deleteLoyaltyReward", Method: http.MethodDelete, Path: "/loyalty/v2/loyalty/rewards/" + url.PathEscape(rewardID), Repeatable: true,
	})
	return err
}

func exchange[T any](ctx context.Context, c *Client, call remote.Call) (T, error) {
	var out T
	call.Header = http.Header{"Authorization": {"Bearer " + remote.ScopeOf(ctx).Credential(c.token)}}
	if len(call.Body) > 0 {
		call.ContentType = "application/json"
	}
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(reply.Body, &out); err != nil {
		return out, c.caller.Unreadable(call, err)
	}
	return out, nil
}

func explain(_ int, body []byte) (string, string, remote.Class) {
	var envelope struct {
		Errors []struct {
			Code   string `json:"code"`
			Detail string `json:"detail"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &envelope) != nil || len(envelope.Errors) == 0 {
		return "", "", ""
	}
	return envelope.Errors[0].Code, envelope.Errors[0].Detail, ""
}
