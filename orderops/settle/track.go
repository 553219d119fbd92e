package settle

import (
	"context"
	"encoding/json"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/trackingclient"
)

// trackTask is the event that tells web analytics of a cancel that has happened. Its id makes it one event however often
// it is sent.
type trackTask struct {
	EventID string          `json:"event_id"`
	OrderNo string          `json:"order_no"`
	Value   decimal.Decimal `json:"value"`
	// Currency is an ISO 4217 code.
	Currency string      `json:"currency"`
	Items    []trackItem `json:"items"`
}

type trackItem struct {
	ProductCode string          `json:"product_code"`
	Quantity    decimal.Decimal `json:"quantity"`
}

// Track tells web analytics what was taken off. It comes last and only after an action that has happened; a refused one,
// and one of unknown outcome, never get here.
func (a *Aftermath) Track() error {
	effect := orderops.Effect{System: trackingclient.System, Action: "refund_event"}
	if a.Tracking == nil {
		effect.State, effect.Code = orderops.EffectNotApplicable, codeNotConfigured
		return a.effect(effect, "", nothing{})
	}
	task := a.Change.trackTask(a.Row)
	effect.Reference = task.EventID
	var err error
	if effect.State, effect.Code, err = a.trackNow(a.Run, task); err != nil {
		return err
	}
	return a.effect(effect, kindTrack, task)
}

func (c Change) trackTask(row command.Row) trackTask {
	key := Key(row, kindTrack)
	if c.Origin != "" {
		key = Key(row, kindTrack, c.Origin)
	}
	task := trackTask{EventID: key[:32], OrderNo: row.OrderNo, Value: c.Refund.Add(c.Kept).Sub(c.GivenBack), Currency: c.Currency}
	for _, item := range c.Items {
		task.Items = append(task.Items, trackItem(item))
	}
	return task
}

func (s *Systems) trackNow(run command.Run, task trackTask) (orderops.EffectState, string, error) {
	event := trackingclient.Refund{EventID: task.EventID, TransactionID: task.OrderNo, Value: task.Value, Currency: task.Currency}
	for _, item := range task.Items {
		event.Items = append(event.Items, trackingclient.Item{ID: item.ProductCode, Quantity: item.Quantity})
	}
	out, err := command.Call(run, kindTrack, func(ctx context.Context) (nothing, error) {
		return nothing{}, s.Tracking.Refund(ctx, event)
	})
	state, code := StateAfter(out.Failure)
	return state, code, err
}

func (s *Systems) performTrack(run command.Run, payload json.RawMessage) (command.EffectResult, error) {
	var task trackTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	state, code, err := s.trackNow(run, task)
	return command.EffectResult{State: state, Code: code}, err
}
