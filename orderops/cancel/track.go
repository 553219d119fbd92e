package cancel

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

// track tells web analytics what was cancelled. It comes last and only after a cancel that has happened; a refused one,
// and one of unknown outcome, never get here.
func (j *job) track() error {
	effect := orderops.Effect{System: trackingclient.System, Action: "refund_event"}
	if j.Tracking == nil {
		effect.State, effect.Code = orderops.EffectNotApplicable, codeNotConfigured
		return j.effect(effect, "", nothing{})
	}
	task := trackTask{
		EventID: stepKey(j.row, kindTrack)[:32], OrderNo: j.row.OrderNo, Value: j.refund, Currency: j.in.Currency,
	}
	for _, item := range j.plan.Items {
		task.Items = append(task.Items, trackItem{item.ProductCode, item.Quantity})
	}
	effect.Reference = task.EventID
	var err error
	if effect.State, effect.Code, err = j.trackNow(j.run, task); err != nil {
		return err
	}
	return j.effect(effect, kindTrack, task)
}

func (c *Cancels) trackNow(run command.Run, task trackTask) (orderops.EffectState, string, error) {
	event := trackingclient.Refund{EventID: task.EventID, TransactionID: task.OrderNo, Value: task.Value, Currency: task.Currency}
	for _, item := range task.Items {
		event.Items = append(event.Items, trackingclient.Item{ID: item.ProductCode, Quantity: item.Quantity})
	}
	out, err := command.Call(run, kindTrack, func(ctx context.Context) (nothing, error) {
		return nothing{}, c.Tracking.Refund(ctx, event)
	})
	state, code := stateAfter(out.Failure)
	return state, code, err
}

func (c *Cancels) performTrack(run command.Run, payload json.RawMessage) (command.EffectResult, error) {
	var task trackTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	state, code, err := c.trackNow(run, task)
	return command.EffectResult{State: state, Code: code}, err
}
