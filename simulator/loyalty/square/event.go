package square

import (
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/loyalty"
)

type eventDocument struct {
	ID               string         `json:"id"`
	Type             string         `json:"type"`
	CreatedAt        string         `json:"created_at"`
	LoyaltyAccountID string         `json:"loyalty_account_id"`
	LocationID       string         `json:"location_id,omitempty"`
	Source           string         `json:"source"`
	AccumulatePoints *eventMetadata `json:"accumulate_points,omitempty"`
	CreateReward     *eventMetadata `json:"create_reward,omitempty"`
	RedeemReward     *eventMetadata `json:"redeem_reward,omitempty"`
	DeleteReward     *eventMetadata `json:"delete_reward,omitempty"`
	AdjustPoints     *eventMetadata `json:"adjust_points,omitempty"`
	ExpirePoints     *eventMetadata `json:"expire_points,omitempty"`
}

// eventMetadata has the fields of all types of event; each type fills its own.
type eventMetadata struct {
	LoyaltyProgramID string `json:"loyalty_program_id"`
	Points           *int64 `json:"points,omitempty"`
	OrderID          string `json:"order_id,omitempty"`
	RewardID         string `json:"reward_id,omitempty"`
	Reason           string `json:"reason,omitempty"`
	Reverses         string `json:"reverses,omitempty"`
}

func (a *API) eventDocument(c *binding.Call, e loyalty.Entry) eventDocument {
	account, _ := a.domain.Account(c.Tx, e.AccountID)
	doc := eventDocument{
		ID: e.ID, Type: string(e.Type), CreatedAt: instant(e.CreatedAt), LoyaltyAccountID: e.AccountID,
		LocationID: e.LocationID, Source: "LOYALTY_API",
	}
	data := eventMetadata{LoyaltyProgramID: account.ProgramID, Points: &e.Points}
	switch e.Type {
	case loyalty.AccumulatePoints:
		data.OrderID = e.OrderID
		doc.AccumulatePoints = &data
	case loyalty.CreateReward:
		data.RewardID = e.RewardID
		doc.CreateReward = &data
	case loyalty.RedeemReward:
		data.RewardID, data.OrderID, data.Points = e.RewardID, e.OrderID, nil
		doc.RedeemReward = &data
	case loyalty.DeleteReward:
		data.RewardID = e.RewardID
		doc.DeleteReward = &data
	case loyalty.AdjustPoints:
		data.Reason, data.Reverses = e.Reason, e.Reverses
		doc.AdjustPoints = &data
	case loyalty.ExpirePoints:
		doc.Source, doc.ExpirePoints = "SQUARE", &data
	}
	return doc
}

type accumulateInput struct {
	AccountID string `path:"account_id"`
	Body      struct {
		AccumulatePoints struct {
			Points  int64  `json:"points"`
			OrderID string `json:"order_id"`
		} `json:"accumulate_points"`
		IdempotencyKey string `json:"idempotency_key"`
		LocationID     string `json:"location_id"`
	}
}

type eventList struct {
	Events []eventDocument `json:"events,omitempty"`
	Cursor string          `json:"cursor,omitempty"`
}

func (a *API) accumulateLoyaltyPoints(c *binding.Call, in accumulateInput) (eventList, error) {
	e, err := a.domain.Accumulate(c.Tx, in.AccountID, loyalty.Accumulation{
		Points: in.Body.AccumulatePoints.Points, OrderID: in.Body.AccumulatePoints.OrderID,
		LocationID: in.Body.LocationID, IdempotencyKey: in.Body.IdempotencyKey,
	})
	if err != nil {
		return eventList{}, err
	}
	return eventList{Events: []eventDocument{a.eventDocument(c, e)}}, nil
}

type adjustInput struct {
	AccountID string `path:"account_id"`
	Body      struct {
		AdjustPoints struct {
			Points   int64  `json:"points"`
			Reason   string `json:"reason"`
			Reverses string `json:"reverses"`
		} `json:"adjust_points"`
		AllowNegativeBalance bool   `json:"allow_negative_balance"`
		IdempotencyKey       string `json:"idempotency_key"`
	}
}

type eventAnswer struct {
	Event eventDocument `json:"event"`
}

func (a *API) adjustLoyaltyPoints(c *binding.Call, in adjustInput) (eventAnswer, error) {
	e, err := a.domain.Adjust(c.Tx, in.AccountID, loyalty.Adjustment{
		Points: in.Body.AdjustPoints.Points, Reason: in.Body.AdjustPoints.Reason, Reverses: in.Body.AdjustPoints.Reverses,
		AllowNegative: in.Body.AllowNegativeBalance, IdempotencyKey: in.Body.IdempotencyKey,
	})
	if err != nil {
		return eventAnswer{}, err
	}
	return eventAnswer{a.eventDocument(c, e)}, nil
}

type searchEventsInput struct {
	Body struct {
		Query struct {
			Filter struct {
				Account struct {
					ID string `json:"loyalty_account_id"`
				} `json:"loyalty_account_filter"`
				Type struct {
					Types []loyalty.EventType `json:"types"`
				} `json:"type_filter"`
				DateTime struct {
					CreatedAt struct {
						StartAt string `json:"start_at"`
						EndAt   string `json:"end_at"`
					} `json:"created_at"`
				} `json:"date_time_filter"`
				Order struct {
					ID string `json:"order_id"`
				} `json:"order_filter"`
			} `json:"filter"`
		} `json:"query"`
		paging
	}
}

func (in searchEventsInput) filter() (loyalty.EventFilter, error) {
	f := in.Body.Query.Filter
	from, err := parsed("query.filter.date_time_filter.created_at.start_at", f.DateTime.CreatedAt.StartAt)
	if err != nil {
		return loyalty.EventFilter{}, err
	}
	to, err := parsed("query.filter.date_time_filter.created_at.end_at", f.DateTime.CreatedAt.EndAt)
	return loyalty.EventFilter{AccountID: f.Account.ID, OrderID: f.Order.ID, Types: f.Type.Types, From: from, To: to}, err
}

// parsed reads an instant; the specification's pattern lets days pass that no month has.
func parsed(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, invalid("loyalty.request.valid", "INVALID_TIME", field, text+" is no instant")
	}
	return t, nil
}

func (a *API) searchLoyaltyEvents(c *binding.Call, in searchEventsInput) (eventList, error) {
	filter, err := in.filter()
	if err != nil {
		return eventList{}, err
	}
	found, cursor, err := page(in.Body.paging, a.domain.Events(c.Tx, filter), func(e loyalty.Entry) string { return e.ID })
	list := eventList{Cursor: cursor}
	for _, e := range found {
		list.Events = append(list.Events, a.eventDocument(c, e))
	}
	return list, err
}
